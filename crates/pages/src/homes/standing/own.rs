//! What a measure means for an authority and for a provider; a home's scorecard with its past; the form of a review.

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::standing::hours::Countdown;
use placewell_domain::homes::standing::review::{ReviewOutcome, SeenBy};
use placewell_domain::outcome::Invalid;

use super::state_tag;
use crate::components::{Cell, Colour, Inset, Link, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// A measure as an authority or a provider is told of it.
#[derive(Debug, Clone)]
pub struct MeasureTold {
    /// Whom it is about.
    pub name: String,
    /// How it stands.
    pub standing: String,
    /// Why.
    pub reason: String,
    /// Its state: stored name and words.
    pub state: (String, String),
    /// What follows or followed, or what can end it, in words.
    pub says: String,
}

/// One placement to be reviewed.
#[derive(Debug, Clone)]
pub struct ReviewRow {
    /// Its id.
    pub id: i64,
    /// The agreement's reference.
    pub reference: String,
    /// The home's name.
    pub home: String,
    /// By when.
    pub due: Date,
    /// Whether that has passed unrecorded.
    pub late: bool,
    /// What was found, where it was recorded.
    pub found: Option<String>,
}

/// A proposed measure, as an authority is told of it.
#[derive(Debug, Clone)]
pub struct WaitingRow {
    /// Whom it is about.
    pub name: String,
    /// How it would stand.
    pub standing: String,
    /// Why.
    pub reason: String,
    /// Whether new referrals wait meanwhile.
    pub holds: bool,
    /// What stands open with the authority, in words.
    pub open: String,
    /// By when it is confirmed or dropped.
    pub confirm_by: DateTime,
    /// How the working time until then stands.
    pub left: Countdown,
}

/// An authority's side.
#[derive(Debug, Clone)]
pub struct OwnView {
    /// The measure that a mail led to.
    pub asked: Option<MeasureTold>,
    /// Proposed measures, which wait for the regional team.
    pub waiting: Vec<WaitingRow>,
    /// Measures that touched it.
    pub measures: Vec<MeasureTold>,
    /// Its reviews.
    pub reviews: Vec<ReviewRow>,
    /// Whether the reader records reviews.
    pub records: bool,
}

fn told(rows: &[MeasureTold], says: &str, empty: &str) -> Table {
    let rows = rows.iter().map(|one| {
        Row::new(one.name.as_str())
            .cell(one.standing.as_str())
            .cell(words::capital(&one.reason))
            .cell(Cell::new(state_tag(&one.state.0, &one.state.1, false)))
            .cell(one.says.as_str())
    });
    Table::new("Measures").columns(["Provider or home", "Standing", "Why", "State", says]).rows(rows).empty(empty)
}

/// How long is left to confirm or drop a measure, or since how long it is late.
pub(super) fn time_left(left: Countdown) -> Html {
    match left {
        Countdown::Left(minutes) => format!("{} of working time left", words::minutes(minutes)).into(),
        Countdown::Late(0) => Tag::new("Overdue", Colour::Red).into(),
        Countdown::Late(minutes) => {
            let since = format!("since {} of working time", words::minutes(minutes));
            Html::lines([Html::from(Tag::new("Overdue", Colour::Red)), Html::from(since)])
        }
    }
}

/// By when it is confirmed or dropped, with how long that is.
pub(super) fn confirm_by(by: DateTime, left: Countdown) -> Html {
    Html::lines([Html::from(words::moment(by)), time_left(left)])
}

/// What a proposed measure does until then.
pub(super) const fn meanwhile(holds: bool) -> &'static str {
    if holds { "New referrals wait" } else { "Nothing waits" }
}

/// The proposed measures, each with the working time that is left to confirm or drop it.
fn waiting(rows: &[WaitingRow]) -> Table {
    let rows = rows.iter().map(|one| {
        Row::new(one.name.as_str())
            .cell(one.standing.as_str())
            .cell(words::capital(&one.reason))
            .cell(Cell::new(confirm_by(one.confirm_by, one.left)))
            .cell(meanwhile(one.holds))
            .cell(one.open.as_str())
    });
    Table::new("Proposed: the regional team confirms or drops them within 4 working hours")
        .columns(["Provider or home", "Would stand", "Why", "To be confirmed by", "Until then", "Open with you"])
        .rows(rows)
        .empty("No measure waits to be confirmed.")
}

/// The measure that a mail led to: its state today, whatever has become of it since.
fn asked(of: &MeasureTold) -> Html {
    let facts = SummaryList::new()
        .row("State", state_tag(&of.state.0, &of.state.1, false))
        .row("Standing", of.standing.as_str())
        .row("Why", words::capital(&of.reason))
        .row("Now", of.says.as_str());
    Html::join([Html::heading(&of.name), facts.into()])
}

/// The authority's page.
pub fn own_standing(shell: Shell, view: &OwnView) -> Page {
    let rows = view.reviews.iter().map(|one| {
        let link = Link::new(one.reference.as_str(), format!("/standing/reviews/{}", one.id));
        let state = match (&one.found, one.late) {
            (Some(_), _) => Tag::new("Recorded", Colour::Green),
            (None, true) => Tag::new("Overdue", Colour::Red),
            (None, false) => Tag::new("To record", Colour::Yellow),
        };
        let reference = if view.records { Cell::new(Html::from(link)) } else { Cell::from(one.reference.as_str()) };
        Row::new(reference)
            .cell(one.home.as_str())
            .cell(words::date(one.due))
            .cell(Cell::new(state))
            .cell(one.found.clone().unwrap_or_else(|| "Not yet".to_owned()))
    });
    let reviews = Table::new("Reviews of placements")
        .columns(["Agreement", "Home", "By", "State", "Found"])
        .rows(rows)
        .empty("No placement of yours is to be reviewed because of its home's standing.");
    Page::new(shell.titled("Homes that lost their standing").back("/homes"))
        .text("When a home is suspended or removed, every child placed there is reviewed by the authority that placed them.")
        .with(Html::bullets([Html::from(Link::new("Alerts from Ofsted's register", "/alerts"))]))
        .maybe(view.asked.as_ref().map(asked))
        .with(waiting(&view.waiting))
        .with(reviews)
        .with(told(&view.measures, "Done here", "No measure of the region has touched your referrals or children."))
}

/// What a provider reads of its own.
#[derive(Debug, Clone)]
pub struct ProviderView {
    /// Measures about it and its homes.
    pub measures: Vec<MeasureTold>,
}

/// The provider's page.
pub fn provider_standing(shell: Shell, view: &ProviderView) -> Page {
    let empty = "Your homes are in good standing: no measure was ever proposed.";
    Page::new(shell.titled("Your standing").back("/provider/homes"))
        .text("The regional team says how your homes stand in the arrangement. Children placed with you stay.")
        .with(told(&view.measures, "What can end it", empty))
}

/// The form of one review.
#[derive(Debug, Clone)]
pub struct ReviewView {
    /// The review.
    pub row: ReviewRow,
    /// The version.
    pub version: i64,
    /// The form's key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

/// The page of one review.
pub fn review(shell: Shell, view: &ReviewView) -> Page {
    let row = &view.row;
    let agreement = Link::new(row.reference.as_str(), format!("/agreements/{}", row.reference));
    let facts = SummaryList::new()
        .row("Agreement", agreement)
        .row("Home", row.home.as_str())
        .row("To be recorded by", words::date(row.due));
    let csrf = shell.csrf.clone();
    let shell = shell
        .titled("Review of a placement")
        .caption(row.reference.as_str())
        .back("/standing")
        .with_errors(&view.errors);
    let page = Page::new(shell).with(facts);
    if let Some(found) = &row.found {
        return page.with(Inset::new(format!("Recorded: {found}.")));
    }
    let outcomes = ReviewOutcome::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let seen = SeenBy::ALL.iter().map(|one| Choice::new(one.code(), one.label()));
    let date = |name: &str, label: &str, hint: &str| {
        Field::date(name, label).hint(hint).parts(view.typed.date(name)).errors(&view.errors)
    };
    let form = Form::post(format!("/standing/reviews/{}", row.id), csrf, view.key.as_str())
        .version(view.version)
        .field(date("on", "Day of the review", "For example, 14 9 2021"))
        .field(
            Field::radios("seen", "How was the child seen?", seen).value(view.typed.get("seen")).errors(&view.errors),
        )
        .field(
            Field::radios("outcome", "What was found?", outcomes).value(view.typed.get("outcome")).errors(&view.errors),
        )
        .field(date("again", "When is it looked at again, where the child stays?", "For example, 28 9 2021"))
        .submit("Record the review")
        .cancel("/standing");
    page.with(form)
}

/// One line of a scorecard.
#[derive(Debug, Clone)]
pub struct ScoreRow {
    /// What it is about.
    pub about: String,
    /// What was found.
    pub found: String,
    /// What it does: stored code and words.
    pub effect: (String, String),
    /// The standing that the rule proposes for it, in words.
    pub proposes: Option<String>,
}

/// The answer for a past day.
#[derive(Debug, Clone)]
pub struct EligibilityView {
    /// The answer in one sentence.
    pub answer: String,
    /// Whether it was eligible.
    pub eligible: bool,
    /// What stood against it.
    pub against: Vec<String>,
    /// How it stood, and on which lots.
    pub standing: String,
    /// The lots.
    pub lots: Vec<String>,
}

/// A home's scorecard.
#[derive(Debug, Clone)]
pub struct ScoreView {
    /// The home's number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// Line by line.
    pub rows: Vec<ScoreRow>,
    /// The three flags: what stops, and since when where it does.
    pub flags: [(String, Option<Date>); 3],
    /// Measures about it.
    pub measures: Vec<MeasureTold>,
    /// What was asked of the past.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
    /// The answer, where something was asked.
    pub answer: Option<EligibilityView>,
}

fn past(view: &ScoreView) -> Form {
    Form::get(format!("/homes/{}/standing", view.urn))
        .field(
            Field::date("on", "Was the home eligible on this day?")
                .hint("For example, 20 8 2021")
                .parts(view.typed.date("on"))
                .errors(&view.errors),
        )
        .field(
            Field::date("known", "As it was known on which day?")
                .hint("The day of the award, for example. Leave it empty to ask as it is known now")
                .parts(view.typed.date("known"))
                .errors(&view.errors),
        )
        .field(
            Field::time("known_time", "And at what time?")
                .hint("For example, 10:20. The end of the day where empty")
                .value(view.typed.get("known_time"))
                .errors(&view.errors),
        )
        .submit("Answer")
}

/// The page of a home's scorecard.
pub fn scorecard(shell: Shell, view: &ScoreView) -> Page {
    let rows = view.rows.iter().map(|one| {
        let colour = match one.effect.0.as_str() {
            "prevents" => Colour::Red,
            "warns" => Colour::Orange,
            _ => Colour::Green,
        };
        Row::new(one.about.as_str())
            .cell(one.found.as_str())
            .cell(Cell::new(Tag::new(one.effect.1.as_str(), colour)))
            .cell(one.proposes.as_deref().unwrap_or("Nothing"))
    });
    let lines =
        Table::new("Scorecard today").columns(["About", "Found", "Effect", "What the rule proposes"]).rows(rows);
    let flags = view.flags.iter().map(|(what, since)| {
        let tag =
            if since.is_some() { Tag::new("Stops", Colour::Red) } else { Tag::new("Does not stop", Colour::Green) };
        let when = since.map_or("No".to_owned(), |day| format!("Since {}", words::date(day)));
        Row::new(what.as_str()).cell(Cell::new(tag)).cell(when)
    });
    let flags = Table::new("Three flags, each stopping by itself").columns(["Flag", "Now", "Since"]).rows(flags);
    let shell = shell
        .titled("Standing")
        .caption(format!("{}, {}", view.name, view.urn))
        .back(format!("/homes/{}", view.urn))
        .with_errors(&view.errors);
    let mut page = Page::new(shell);
    if let Some(answer) = &view.answer {
        page = if answer.eligible {
            page.with(Inset::new(answer.answer.as_str()))
        } else {
            page.with(Warning::new(answer.answer.as_str()))
        };
        let lots = if answer.lots.is_empty() { "None".to_owned() } else { words::list(&answer.lots) };
        page = page
            .with(SummaryList::new().row("Standing that day", answer.standing.as_str()).row("Lots that day", lots))
            .maybe(
                (!answer.against.is_empty())
                    .then(|| Html::bullets(answer.against.iter().map(|one| Html::text(&words::dated(one))))),
            );
    }
    page.with(flags)
        .with(lines)
        .text("What prevents is refused by searches, approvals and awards alike. What warns stops nothing by itself.")
        .with(told(&view.measures, "Says", "No measure was ever proposed."))
        .heading("Ask about a past day")
        .with(past(view))
}

/// One that holds new referrals, and one that does not and whose time has passed.
fn sample_waiting() -> Vec<WaitingRow> {
    let waits = WaitingRow {
        name: "Beech House".to_owned(),
        standing: "Suspended for new placements".to_owned(),
        reason: "insurance has lapsed".to_owned(),
        holds: true,
        open: "2 open referrals, 1 live placement".to_owned(),
        confirm_by: jiff::civil::date(2021, 9, 13).at(14, 20, 0, 0),
        left: Countdown::Left(200),
    };
    let watch = WaitingRow {
        name: "Ash House".to_owned(),
        standing: "On watch".to_owned(),
        reason: "no registered manager".to_owned(),
        holds: false,
        open: "Nothing".to_owned(),
        left: Countdown::Late(75),
        ..waits.clone()
    };
    vec![waits, watch]
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let day = jiff::civil::date;
    let one = MeasureTold {
        name: "Elm House".to_owned(),
        standing: "Suspended for new placements".to_owned(),
        reason: "judged Inadequate".to_owned(),
        state: ("confirmed".to_owned(), "In force".to_owned()),
        says: "1 open referral, 2 live placements".to_owned(),
    };
    let due = ReviewRow {
        id: 4,
        reference: "HEF-A-0007".to_owned(),
        home: "Elm House".to_owned(),
        due: day(2021, 9, 20),
        late: false,
        found: None,
    };
    let done = ReviewRow { id: 5, found: Some("The child stays".to_owned()), ..due.clone() };
    let own = |asked, measures, reviews| OwnView { asked, waiting: sample_waiting(), measures, reviews, records: true };
    let all = own(None, vec![one.clone()], vec![due.clone(), done.clone()]);
    let led = own(Some(one.clone()), vec![one.clone()], vec![]);
    let none = OwnView { waiting: vec![], ..own(None, vec![], vec![]) };
    let provider = ProviderView { measures: vec![one.clone()] };
    let form =
        ReviewView { row: due, version: 1, key: "k1".to_owned(), typed: Typed::default(), errors: Invalid::default() };
    let mut wrong = form.clone();
    wrong.errors.add("seen", "A child who stays has been seen for it: select how");
    let recorded = ReviewView { row: done, ..form.clone() };
    let row = ScoreRow {
        about: "Judgement".to_owned(),
        found: "Inadequate, inspected 2021-08-02.".to_owned(),
        effect: ("prevents".to_owned(), "Prevents new placements".to_owned()),
        proposes: Some("Suspended for new placements".to_owned()),
    };
    let score = ScoreView {
        urn: "SC400001".to_owned(),
        name: "Elm House".to_owned(),
        rows: vec![row],
        flags: [
            ("Judged Inadequate".to_owned(), Some(day(2021, 8, 2))),
            ("Ofsted's notice".to_owned(), None),
            ("The region's suspension".to_owned(), None),
        ],
        measures: vec![one],
        typed: Typed::default(),
        errors: Invalid::default(),
        answer: None,
    };
    let mut asked = score.clone();
    asked.answer = Some(EligibilityView {
        answer: "Elm House was not eligible on 20 August 2021, as it is known now.".to_owned(),
        eligible: false,
        against: vec!["Judgement: Inadequate, inspected 2021-08-02.".to_owned()],
        standing: "In good standing".to_owned(),
        lots: vec!["Planned".to_owned()],
    });
    let shell = kit::signed_in_shell;
    vec![
        ("an authority's homes that lost their standing", own_standing(shell(), &all).to_string()),
        ("the measure that a mail led an authority to", own_standing(shell(), &led).to_string()),
        ("no home lost its standing", own_standing(shell(), &none).to_string()),
        ("a provider's standing", provider_standing(shell(), &provider).to_string()),
        ("a review of a placement", review(shell(), &form).to_string()),
        ("a review of a placement, with an error", review(shell(), &wrong).to_string()),
        ("a review that was recorded", review(shell(), &recorded).to_string()),
        ("a home's scorecard", scorecard(shell(), &score).to_string()),
        ("a home's scorecard on a past day", scorecard(shell(), &asked).to_string()),
    ]
}
