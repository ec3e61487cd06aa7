//! Alerts of what Ofsted's register changed, with whom they touch, and the form to acknowledge one.

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::home::alert::InvitedBy;
use placewell_domain::outcome::{Invalid, Refusal};

use crate::components::{Banner, Cell, Colour, Inset, Link, Pagination, Row, SummaryList, Table, Tag, Warning};
use crate::form::{Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// One alert.
#[derive(Debug, Clone)]
pub struct AlertRow {
    /// Its id.
    pub id: i64,
    /// The home's number and name.
    pub home: (String, String),
    /// What changed, in words.
    pub kind: String,
    /// From what to what.
    pub change: String,
    /// Where it stands, and of which day that is.
    pub source: (String, Date),
    /// How many days old the data is, and whether that is old.
    pub age: (i64, bool),
    /// When it was raised.
    pub raised: DateTime,
    /// How often it was found.
    pub times: u32,
    /// Whom it touches, in words, authority by authority.
    pub touches: Vec<String>,
    /// Mini-blocks with beds there.
    pub blocks: Vec<String>,
    /// What was noted and by when, where it was acknowledged.
    pub noted: Option<(String, Date)>,
    /// What came of it, where it is done.
    pub done: Option<String>,
    /// What was noted should be done by now.
    pub late: bool,
}

/// A list of alerts.
#[derive(Debug, Clone)]
pub struct AlertsView {
    /// Those of this page.
    pub rows: Vec<AlertRow>,
    /// How many in all.
    pub total: u64,
    /// How many wait.
    pub waiting: u64,
    /// Which page, from 1, of how many.
    pub page: (u64, u64),
    /// The day of the latest file, how many days ago that is, and whether that is old; for the regional team.
    pub loaded: Option<(Date, (i64, bool))>,
    /// Whether the reader is the regional team.
    pub region: bool,
}

fn age_words(age: (i64, bool)) -> String {
    let days = words::count(u64::try_from(age.0).unwrap_or_default(), "day old", "days old");
    if age.1 { format!("{days}: old") } else { days }
}

fn touched(row: &AlertRow) -> Html {
    let mut lines: Vec<Html> = row.touches.iter().map(|one| Html::text(one)).collect();
    if !row.blocks.is_empty() {
        lines.push(Html::text(&format!("Mini-blocks {}", words::list(&row.blocks))));
    }
    if lines.is_empty() { Html::text("Nobody's child, search or bed") } else { Html::lines(lines) }
}

/// The page of alerts.
pub fn alerts(mut shell: Shell, view: &AlertsView) -> Page {
    let rows = view.rows.iter().map(|one| {
        let name = format!("{}, {}", one.home.1, one.home.0);
        let address = if view.region { format!("/region/alerts/{}", one.id) } else { format!("/homes/{}", one.home.0) };
        let state = match &one.noted {
            Some(_) if one.done.is_some() => Tag::new("Done", Colour::Green),
            Some((_, due)) if one.late => Tag::new(format!("Past due: {}", words::date(*due)), Colour::Red),
            Some((_, due)) => Tag::new(format!("Noted, due {}", words::date(*due)), Colour::Green),
            None => Tag::new("Waiting", Colour::Yellow),
        };
        let times = if one.times > 1 { format!(" Found {} times.", one.times) } else { String::new() };
        Row::new(Cell::new(Html::from(Link::new(name, address))))
            .cell(format!("{}. {}", one.kind, one.change))
            .cell(format!("{}, {}.{times}", one.source.0, age_words(one.age)))
            .cell(Cell::new(touched(one)))
            .cell(Cell::new(state))
    });
    let empty = if view.region {
        "No alert. The next file of Ofsted's register is compared with what is held."
    } else {
        "No alert touches a child, a search or a bed of yours."
    };
    let title = format!("{}, {} waiting", words::count(view.total, "alert", "alerts"), words::number(view.waiting));
    let table =
        Table::new(title).columns(["Home", "What changed", "Source", "Touches", "State"]).rows(rows).empty(empty);
    let mut loaded = None;
    match view.loaded {
        Some((day, (days, true))) => shell.banner = Some(register_banner(day, days)),
        Some((day, (days, false))) => {
            let (when, ago) = (words::date(day), days_ago(days));
            loaded = Some(Inset::new(format!("Ofsted's data stands as at {when}, {ago}.")));
        }
        None => {}
    }
    let (back, base) = if view.region { ("/region/providers", "/region/alerts") } else { ("/standing", "/alerts") };
    let (page, pages) = view.page;
    Page::new(shell.titled("Alerts").back(back).page_of(page, pages))
        .maybe(loaded)
        .maybe((!view.region).then(|| Html::paragraph(Html::text("Counts are your own authority's only."))))
        .with(table)
        .maybe(view.region.then(|| {
            Html::bullets([
                Html::from(Link::new("All alerts as CSV", "/region/alerts.csv")),
                Html::from(Link::new("All alerts as a workbook", "/region/alerts.xlsx")),
                Html::from(Link::new("Bring in Ofsted's register from a file", "/imports?kind=register")),
            ])
        }))
        .with(Pagination::new(page, pages, move |page| format!("{base}?page={page}")))
}

fn days_ago(days: i64) -> String {
    format!("{} ago", words::count(days.unsigned_abs(), "day", "days"))
}

/// What stands on top where no file of the register came for long: silence is then no good news.
pub fn register_banner(day: Date, days: i64) -> Banner {
    let more = format!("It stands as at {}. What changed since then raised no alert here. ", words::date(day));
    let file = Link::new("Bring in Ofsted's register from a file", "/imports?kind=register");
    Banner::important(format!("Ofsted data last loaded {}", days_ago(days)))
        .body(Html::paragraph(Html::join([Html::from(more), file.into()])))
}

/// The form of one alert.
#[derive(Debug, Clone)]
pub struct AlertView {
    /// The alert.
    pub row: AlertRow,
    /// The version.
    pub version: i64,
    /// The form's key.
    pub key: String,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
    /// Whom an invitation would reach, or why nobody is invited, where the alert tells of a new home and nothing came of it
    /// yet.
    pub invite: Option<Result<InviteView, Refusal>>,
}

/// How the provider of a new home is invited.
#[derive(Debug, Clone)]
pub struct InviteView {
    /// The provider as the register has it.
    pub provider: String,
    /// How it is reached.
    pub road: InvitedBy,
    /// The opening that takes applications now.
    pub opening: Option<String>,
    /// The form's key.
    pub key: String,
}

/// The page of one alert.
pub fn alert(shell: Shell, view: &AlertView) -> Page {
    let row = &view.row;
    let home = Link::new(format!("{}, {}", row.home.1, row.home.0), format!("/homes/{}", row.home.0));
    let facts = SummaryList::new()
        .row("Home", home)
        .row("What changed", format!("{}. {}", row.kind, row.change))
        .row("Source", row.source.0.as_str())
        .row("Age of the data", age_words(row.age))
        .row("Raised", words::moment(row.raised))
        .row("Found", words::count(u64::from(row.times), "time", "times"))
        .row("Touches", touched(row));
    let csrf = shell.csrf.clone();
    let shell = shell.titled(row.kind.as_str()).caption("Alert").back("/region/alerts").with_errors(&view.errors);
    let page = Page::new(shell)
        .maybe(row.age.1.then(|| Warning::new("The data is old. Look at Ofsted's site before you rely on it.")))
        .with(facts);
    if let Some((note, due)) = &row.noted {
        let page = page.with(Inset::new(format!("{note} Due {}.", words::date(*due))));
        return match &row.done {
            Some(result) => page.with(Inset::new(format!("Done: {result}"))),
            None => page.with(finishing(view, &csrf)).maybe(inviting(view, &csrf)),
        };
    }
    let invite = inviting(view, &csrf);
    let form = Form::post(format!("/region/alerts/{}", row.id), csrf, view.key.as_str())
        .version(view.version)
        .field(
            Field::textarea("note", "What is done about it?")
                .hint("About the home. Name no child")
                .value(view.typed.get("note"))
                .errors(&view.errors),
        )
        .field(
            Field::date("due", "By when?")
                .hint("For example, 20 9 2021")
                .parts(view.typed.date("due"))
                .errors(&view.errors),
        )
        .submit("Acknowledge")
        .cancel("/region/alerts");
    page.with(form).maybe(invite)
}

/// The form that invites the provider of a new home: it asks whom to write to only where nobody works for it here. Where
/// the provider is not invited, it says why instead.
fn inviting(view: &AlertView, csrf: &str) -> Option<Html> {
    let invite = match view.invite.as_ref()? {
        Ok(invite) => invite,
        Err(refusal) => return Some(not_invited(refusal)),
    };
    let provider = invite.provider.as_str();
    let how = match invite.road {
        InvitedBy::Known => format!("People of {provider} sign in here: they are mailed where to apply."),
        InvitedBy::FirstPerson => {
            format!("Nobody of {provider} signs in here. The person whom you name is mailed a link to sign in for it.")
        }
        InvitedBy::Register => {
            "The register states no owner. The person whom you name is mailed the way to register it.".to_owned()
        }
    };
    let opening = match (&invite.opening, invite.road) {
        (Some(opening), _) => format!("{opening} takes applications now."),
        (None, InvitedBy::Register) => "No opening takes applications now: publish one first.".to_owned(),
        (None, InvitedBy::Known | InvitedBy::FirstPerson) => "No opening takes applications now.".to_owned(),
    };
    let mut form =
        Form::post(format!("/region/alerts/{}/invite", view.row.id), csrf, invite.key.as_str()).version(view.version);
    if invite.road != InvitedBy::Known {
        let text = |name: &str, label: &str| Field::text(name, label).value(view.typed.get(name)).errors(&view.errors);
        form = form
            .field(text("name", "Name of the person to write to"))
            .field(text("title", "Their job title"))
            .field(Field::email("email", "Their email address").value(view.typed.get("email")).errors(&view.errors));
    }
    Some(Html::join([
        Html::heading("Invite its provider to apply"),
        Html::paragraph(Html::text(&how)),
        Html::paragraph(Html::text(&opening)),
        form.submit("Invite the provider").into(),
    ]))
}

fn not_invited(refusal: &Refusal) -> Html {
    Html::join([
        Html::heading("Its provider is not invited"),
        Html::paragraph(Html::text(&refusal.sentence)),
        Html::paragraph(Html::text(&format!("Who can change it: {}.", refusal.who_can_change))),
    ])
}

/// The form that says what came of what was noted.
fn finishing(view: &AlertView, csrf: &str) -> Form {
    Form::post(format!("/region/alerts/{}/done", view.row.id), csrf, view.key.as_str())
        .version(view.version)
        .field(
            Field::textarea("result", "What came of it?")
                .hint("About the home. Name no child")
                .value(view.typed.get("result"))
                .errors(&view.errors),
        )
        .submit("It is done")
        .cancel("/region/alerts")
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let day = jiff::civil::date;
    let row = AlertRow {
        id: 3,
        home: ("SC400001".to_owned(), "Elm House".to_owned()),
        kind: "Judgement changed".to_owned(),
        change: "Good, now Inadequate".to_owned(),
        source: ("Ofsted's register of 31 August 2021".to_owned(), day(2021, 8, 31)),
        age: (13, false),
        raised: day(2021, 9, 13).at(9, 0, 0, 0),
        times: 2,
        touches: vec!["Herefordshire Council: 1 child, 2 searches, 0 beds".to_owned()],
        blocks: vec!["MB-0001".to_owned()],
        noted: None,
        done: None,
        late: false,
    };
    let noted = AlertRow { noted: Some(("Visit booked.".to_owned(), day(2021, 9, 20))), ..row.clone() };
    let past = AlertRow { late: true, ..noted.clone() };
    let over = AlertRow { done: Some("Visited: children are safe.".to_owned()), ..noted.clone() };
    let old = AlertRow { age: (166, true), touches: vec![], blocks: vec![], ..row.clone() };
    let view = AlertsView {
        rows: vec![row.clone(), noted.clone(), past, over.clone(), old.clone()],
        total: 62,
        waiting: 3,
        page: (1, 3),
        loaded: Some((day(2021, 8, 31), (13, false))),
        region: true,
    };
    let stale = AlertsView { loaded: Some((day(2021, 7, 31), (44, true))), ..view.clone() };
    let own = AlertsView { rows: vec![], total: 0, waiting: 0, page: (1, 1), loaded: None, region: false };
    let (typed, errors) = (Typed::default(), Invalid::default());
    let form = AlertView { row: old, version: 1, key: "k1".to_owned(), typed, errors, invite: None };
    let invite = |road, opening: Option<&str>| {
        let (provider, key, opening) = ("Elm Care".to_owned(), "k2".to_owned(), opening.map(str::to_owned));
        AlertView { invite: Some(Ok(InviteView { provider, road, opening, key })), ..form.clone() }
    };
    let known = invite(InvitedBy::Known, Some("AR-004"));
    let mut first = invite(InvitedBy::FirstPerson, None);
    first.errors.add("email", "Enter their email address, like j.bromyard@provider.example");
    let way = invite(InvitedBy::Register, None);
    let refusal = Refusal::new(
        "provider_removed",
        "Who is removed from the arrangement is not invited to it",
        "Elm Care is removed from the arrangement: an enquiry.",
        "Commissioning lead of the regional team, by ending the measure on its evidence first",
    );
    let removed = AlertView { invite: Some(Err(refusal)), ..form.clone() };
    let mut wrong = form.clone();
    wrong.errors.add("note", "Say what is done, in 500 characters or fewer; name no child");
    let done = AlertView { row: noted, ..form.clone() };
    let over = AlertView { row: over, ..form.clone() };
    let shell = kit::signed_in_shell;
    vec![
        ("alerts", alerts(shell(), &view).to_string()),
        ("alerts, the register old", alerts(shell(), &stale).to_string()),
        ("an authority's alerts, none", alerts(shell(), &own).to_string()),
        ("an alert", alert(shell(), &form).to_string()),
        ("an alert, with an error", alert(shell(), &wrong).to_string()),
        ("an alert that was acknowledged", alert(shell(), &done).to_string()),
        ("an alert that is done", alert(shell(), &over).to_string()),
        ("a new home's alert, its provider known", alert(shell(), &known).to_string()),
        ("a new home's alert, its provider unknown", alert(shell(), &first).to_string()),
        ("a new home's alert, no owner stated", alert(shell(), &way).to_string()),
        ("a new home's alert, its provider removed", alert(shell(), &removed).to_string()),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_provider_that_is_removed_is_not_offered_an_invitation_and_the_page_says_why() {
        let of = |name: &str| samples().into_iter().find(|(one, _)| *one == name).unwrap().1;
        let known = of("a new home's alert, its provider known");
        let removed = of("a new home's alert, its provider removed");
        assert!(known.contains("/region/alerts/3/invite"), "{known}");
        assert!(!removed.contains("/region/alerts/3/invite"), "{removed}");
        assert!(removed.contains("Elm Care is removed from the arrangement"), "{removed}");
    }
}
