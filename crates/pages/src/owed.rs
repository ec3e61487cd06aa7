//! What waits for somebody today: a table on a person's home page, and the regional lead's home.

use jiff::civil::{Date, date};
use placewell_domain::power::arrangement::Term;

use crate::components::{Button, ButtonGroup, Colour, Link, Number, Numbers, Row, Table, Tag};
use crate::html::Html;
use crate::page::Page;
use crate::power::arrangement::term_drawing;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

/// One thing that waits.
#[derive(Debug, Clone)]
pub struct OwedView {
    /// What it is about: a reference, or a home's name.
    pub about: String,
    /// What waits.
    pub what: String,
    /// By when, or since when.
    pub due: Date,
    /// Its day has passed.
    pub late: bool,
    /// The act's words and address.
    pub act: (String, String),
}

/// The table of what waits.
pub fn table(title: &str, owed: &[OwedView], empty: &str) -> Table {
    let rows = owed.iter().map(|one| {
        let day = words::date(one.due);
        let due: Html = if one.late { Tag::new(format!("Since {day}"), Colour::Red).into() } else { Html::text(&day) };
        Row::new(one.about.as_str())
            .cell(one.what.as_str())
            .cell(due)
            .cell(Link::new(one.act.0.as_str(), one.act.1.as_str()).hidden(format!("for {}: {}", one.about, one.what)))
    });
    Table::new(title).columns(["About", "What", "When", "Next"]).rows(rows).empty(empty)
}

/// The regional lead's home.
#[derive(Debug, Clone)]
pub struct LeadView {
    /// Providers in good standing.
    pub good: u64,
    /// Alerts that are not done.
    pub alerts: u64,
    /// Documents whose last day is near, and within how many days that is.
    pub expiring: (u64, i64),
    /// The arrangement's term; none before one is recorded.
    pub term: Option<Term>,
    /// Today.
    pub today: Date,
    /// What waits, the earliest first.
    pub owed: Vec<OwedView>,
}

impl LeadView {
    fn numbers(&self) -> Numbers {
        let (expiring, days) = self.expiring;
        Numbers::new([
            Number::new(words::number(self.good), "Providers in good standing").to("/region/providers"),
            Number::new(words::number(self.alerts), "Alerts open").to("/region/alerts"),
            Number::new(words::number(expiring), "Documents expiring")
                .note(format!("in {}", words::count(days.unsigned_abs(), "day", "days"))),
        ])
    }
}

/// The regional lead's home (C-01): where the region stands, and what waits.
pub fn lead_page(shell: Shell, view: &LeadView) -> Page {
    let owed = view.owed.as_slice();
    let late = u64::try_from(owed.iter().filter(|one| one.late).count()).unwrap_or_default();
    let title = match late {
        0 => "Needs you now".to_owned(),
        late => format!("Needs you now: {} past its day", words::number(late)),
    };
    let table = table(&title, owed, "Nothing needs you now: every measure, alert, return and rise is dealt with.");
    let ways = ButtonGroup::new()
        .with(Button::link("Standing of homes and providers", "/region/standing"))
        .with(Button::link("Monitoring", "/region/monitoring").secondary())
        .with(Button::link("Openings", "/region/admission").secondary());
    Page::new(shell.titled("Your work today"))
        .heading("The arrangement today")
        .with(view.numbers())
        .maybe(view.term.as_ref().map(|term| term_drawing(term, view.today)))
        .with(table)
        .with(ways)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let one = |about: &str, what: &str, due, late, act: (&str, &str)| OwedView {
        about: about.to_owned(),
        what: what.to_owned(),
        due,
        late,
        act: (act.0.to_owned(), act.1.to_owned()),
    };
    let measure = ("Confirm or drop it", "/region/standing/7");
    let rise = ("Decide", "/region/uplifts/4");
    let all = [
        one("Elm House", "A measure about standing is not confirmed", date(2021, 9, 10), true, measure),
        one("PU-SC400001-1", "A rise of a price waits for its decision", date(2021, 9, 30), false, rise),
    ];
    let term = Term { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: 36, steps: Vec::new() };
    let (term, expiring, today, owed) = (Some(term), (9, 30), date(2021, 9, 13), all.to_vec());
    let day = LeadView { good: 41, alerts: 3, expiring, term, today, owed };
    let quiet = LeadView { good: 0, alerts: 0, expiring: (0, 30), term: None, today, owed: Vec::new() };
    let shell = kit::signed_in_shell;
    vec![
        ("the regional lead's day", lead_page(shell(), &day).to_string()),
        ("the regional lead's day, quiet", lead_page(shell(), &quiet).to_string()),
    ]
}
