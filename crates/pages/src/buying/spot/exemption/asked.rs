//! What an officer asked of the director of children's services: each request with why, and the director's answer or the two
//! ways to give it, or the officer's to take it back; and what waits, for the director's own list.

use jiff::civil::{Date, DateTime};
use placewell_domain::buying::spot::exemption::ExemptionReason;
use placewell_domain::buying::spot::exemption::request::{ExemptionDecline, RequestStands};

use super::ExemptionsView;
use crate::components::{Button, Colour, Details, Link, Row, SummaryCard, SummaryList, Table, Tag};
use crate::form::{Choice, Field, Form};
use crate::page::Page;
use crate::words;

/// One request.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// Its id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// The key of the form that declines it or takes it back.
    pub key: String,
    /// The home: Ofsted number and name.
    pub home: (String, String),
    /// The day of the judgement.
    pub judged_on: Date,
    /// Why; none for who does not read it.
    pub reason: Option<ExemptionReason>,
    /// What keeps the child safe; the same.
    pub words: Option<String>,
    /// By which day the child is to come.
    pub until: Date,
    /// Who asked, and when.
    pub by: (String, DateTime),
    /// Where it stands.
    pub stands: RequestStands,
    /// The director, and when they answered.
    pub answered: Option<(String, DateTime)>,
    /// Why it was declined, and what the director said of it.
    pub declined: (Option<ExemptionDecline>, Option<String>),
    /// Who took it back, and when.
    pub taken_back: Option<(String, DateTime)>,
}

const fn colour(stands: RequestStands) -> Colour {
    match stands {
        RequestStands::Waits => Colour::Yellow,
        RequestStands::Granted => Colour::Green,
        RequestStands::Declined => Colour::Red,
        RequestStands::FellAway | RequestStands::TakenBack => Colour::Grey,
    }
}

/// The page with what was asked, where anything was.
pub(super) fn shown(mut page: Page, view: &ExemptionsView, csrf: &str) -> Page {
    if view.requests.is_empty() {
        return page;
    }
    page = page.heading("Asked of the director");
    for request in &view.requests {
        page = page.with(card(request));
        if view.may_exempt && request.stands == RequestStands::Waits {
            let home = &request.home.1;
            let grant = format!("/referrals/{}/exemptions?grant={}", view.reference, request.id);
            page = page
                .with(Button::link(format!("Grant what is asked for {home}"), grant).secondary())
                .with(declining(request, view, csrf));
        } else if view.may_ask && request.stands == RequestStands::Waits {
            page = page.with(taking_back(request, view, csrf));
        }
    }
    page
}

fn card(request: &RequestRow) -> SummaryCard {
    let list = SummaryList::new()
        .row("Where it stands", Tag::new(request.stands.label(), colour(request.stands)))
        .row("Judged Inadequate", words::date(request.judged_on))
        .row("Asked by", format!("{}, {}", request.by.0, words::moment(request.by.1)))
        .row("Why", request.reason.map_or("Not shown", ExemptionReason::label))
        .row("What keeps the child safe there", request.words.as_deref().unwrap_or("Not shown"))
        .row("The child comes by", words::date(request.until))
        .maybe("Answered by", request.answered.as_ref().map(|(by, at)| format!("{by}, {}", words::moment(*at))))
        .maybe("Why it was declined", request.declined.0.map(ExemptionDecline::label))
        .maybe("In the director's words", request.declined.1.as_deref())
        .maybe("Taken back by", request.taken_back.as_ref().map(|(by, at)| format!("{by}, {}", words::moment(*at))));
    let list = if request.stands == RequestStands::FellAway {
        let why = "The search is over, the home was judged anew, or the child’s details were erased";
        list.row("Why it fell away", why)
    } else {
        list
    };
    SummaryCard::new(format!("{}, {}", request.home.1, request.home.0), list)
}

fn taking_back(request: &RequestRow, view: &ExemptionsView, csrf: &str) -> Form {
    let action = format!("/referrals/{}/exemptions/take-back", view.reference);
    Form::post(action, csrf, request.key.as_str())
        .version(request.version)
        .field(Field::hidden("request", request.id.to_string()))
        .button(Button::submit(format!("Take back what is asked for {}", request.home.1)).secondary())
}

fn declining(request: &RequestRow, view: &ExemptionsView, csrf: &str) -> Details {
    let (why, more) = (format!("declined_{}", request.id), format!("declined_words_{}", request.id));
    let reasons = ExemptionDecline::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let wrong = view.errors.errors.iter().any(|error| error.field == why || error.field == more);
    let form =
        Form::post(format!("/referrals/{}/exemptions/decline", view.reference), csrf.to_owned(), request.key.as_str())
            .version(request.version)
            .field(Field::hidden("request", request.id.to_string()))
            .field(
                Field::radios(why.as_str(), "Why do you decline it?", reasons)
                    .value(view.typed.get(&why))
                    .errors(&view.errors)
                    .small(),
            )
            .field(
                Field::textarea(more.as_str(), "In your words (optional)")
                    .limit(4_000)
                    .value(view.typed.get(&more))
                    .errors(&view.errors),
            )
            .button(Button::submit("Decline it").warning());
    let details = Details::new(format!("Decline what is asked for {}", request.home.1), form);
    if wrong { details.open() } else { details }
}

/// What waits for the director, for their list: the reference, the home, who asked and when.
pub fn to_answer(lines: &[(String, String, String, DateTime)]) -> Option<Table> {
    if lines.is_empty() {
        return None;
    }
    let rows = lines.iter().map(|(reference, home, by, at)| {
        Row::new(Link::new(reference.as_str(), format!("/referrals/{reference}/exemptions")))
            .cell(home.as_str())
            .cell(by.as_str())
            .cell(words::moment(*at))
    });
    Some(
        Table::new("Exemptions asked for")
            .columns(["Referral", "Home judged Inadequate", "Asked by", "When"])
            .rows(rows),
    )
}

/// One that waits, one that was declined, one that fell away and one that was taken back.
pub(super) fn sample_rows() -> Vec<RequestRow> {
    let day = jiff::civil::date;
    let waits = RequestRow {
        id: 1,
        version: 1,
        key: "k1".to_owned(),
        home: ("SC392491".to_owned(), "Ash Lodge".to_owned()),
        judged_on: day(2021, 7, 6),
        reason: Some(ExemptionReason::Sibling),
        words: Some("A second person is awake at night, and her sister asks for her.".to_owned()),
        until: day(2021, 10, 11),
        by: ("Priya Shah".to_owned(), day(2021, 9, 13).at(9, 30, 0, 0)),
        stands: RequestStands::Waits,
        answered: None,
        declined: (None, None),
        taken_back: None,
    };
    let declined = RequestRow {
        id: 2,
        stands: RequestStands::Declined,
        answered: Some(("David Oakden".to_owned(), day(2021, 9, 13).at(11, 5, 0, 0))),
        declined: (Some(ExemptionDecline::OtherHome), Some("Ask Elm House first.".to_owned())),
        ..waits.clone()
    };
    let fell_away = RequestRow { id: 3, stands: RequestStands::FellAway, reason: None, words: None, ..waits.clone() };
    let taken_back = Some(("Priya Shah".to_owned(), day(2021, 9, 13).at(10, 5, 0, 0)));
    let taken_back = RequestRow { id: 4, stands: RequestStands::TakenBack, taken_back, ..waits.clone() };
    vec![waits, declined, fell_away, taken_back]
}

/// The same once the child's record was erased: what was said is gone, and nothing waits.
pub(super) fn erased_rows() -> Vec<RequestRow> {
    let mut rows = sample_rows();
    rows.retain(|one| one.stands != RequestStands::Waits);
    for row in &mut rows {
        row.words = None;
        row.declined.1 = None;
    }
    rows
}
