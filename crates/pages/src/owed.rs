//! What waits for somebody today: a table on a person's home page, and the regional lead's home.

use jiff::civil::{Date, date};

use crate::components::{Button, ButtonGroup, Colour, Link, Row, Table, Tag};
use crate::html::Html;
use crate::page::Page;
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

/// The regional lead's home (C-01): what waits, the earliest first.
pub fn lead_page(shell: Shell, owed: &[OwedView]) -> Page {
    let late = u64::try_from(owed.iter().filter(|one| one.late).count()).unwrap_or_default();
    let title = match late {
        0 => "Needs you now".to_owned(),
        late => format!("Needs you now: {} past its day", words::number(late)),
    };
    let table = table(&title, owed, "Nothing needs you now: every measure, alert, return and rise is dealt with.");
    Page::new(shell.titled("Your work today")).with(table).with(
        ButtonGroup::new()
            .with(Button::link("Standing of homes and providers", "/region/standing"))
            .with(Button::link("Monitoring", "/region/monitoring").secondary())
            .with(Button::link("Openings", "/region/admission").secondary()),
    )
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
    let shell = kit::signed_in_shell;
    vec![
        ("the regional lead's day", lead_page(shell(), &all).to_string()),
        ("the regional lead's day, quiet", lead_page(shell(), &[]).to_string()),
    ]
}
