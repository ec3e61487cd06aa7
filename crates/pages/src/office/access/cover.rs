//! Cover for colleagues who are away: who covers whom, from when to when, arranged by whom; and the form.

use jiff::civil::{Date, date};
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::outcome::Invalid;

use crate::components::{Button, Inset, Row, Table};
use crate::form::{Choice, Field, Form, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::{samples as kit, words};

/// What stands in place of the forms that decide, for whoever has the role by a cover alone.
pub(crate) const LENT: &str = "You cover this role. Somebody who has it without a cover decides.";

/// One cover.
#[derive(Debug, Clone)]
pub struct CoverLine {
    /// The row's id.
    pub id: i64,
    /// Its version.
    pub version: i64,
    /// Who is away.
    pub absent: String,
    /// Who covers.
    pub covering: String,
    /// The role.
    pub role: &'static str,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub last: Date,
    /// Why.
    pub reason: &'static str,
    /// Who arranged it.
    pub by: String,
    /// "Now", "Later", "Ended".
    pub status: &'static str,
    /// Whether the reader may end it.
    pub may_end: bool,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct CoverView {
    /// Covers, those that end last first.
    pub covers: Vec<CoverLine>,
    /// Who can be away: person and role as one code, and the words.
    pub absent: Vec<(String, String)>,
    /// Who can cover: id and name.
    pub covering: Vec<(i64, String)>,
    /// What was typed.
    pub typed: Typed,
}

/// The page.
pub fn cover_page(shell: Shell, view: &CoverView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Cover").back("/preferences").with_errors(errors);
    let rows = view.covers.iter().map(|line| {
        let end = line.may_end.then(|| {
            Html::from(
                Form::post(format!("/cover/{}/end", line.id), csrf.as_str(), format!("{key}-{}", line.id))
                    .version(line.version)
                    .button(Button::submit(format!("End cover for {}", line.absent)).secondary()),
            )
        });
        Row::new(line.absent.as_str())
            .cell(line.covering.as_str())
            .cell(line.role)
            .cell(format!("{} to {}", words::date(line.from), words::date(line.last)))
            .cell(format!("{}, arranged by {}", line.reason, line.by))
            .cell(line.status)
            .cell(end.unwrap_or_default())
    });
    let table = Table::new("Who covers whom")
        .columns(["Away", "Covered by", "Role", "Days", "Why", "Status", "End"])
        .rows(rows)
        .empty("No cover is arranged.");
    let typed = &view.typed;
    let absent = core::iter::once(Choice::new("", "Choose who is away"))
        .chain(view.absent.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str())));
    let covering = core::iter::once(Choice::new("", "Choose who covers"))
        .chain(view.covering.iter().map(|(id, name)| Choice::new(id.to_string(), name.as_str())));
    let reasons = CoverReason::ALL.iter().map(|reason| Choice::new(reason.code(), reason.label()));
    let form = Form::post("/cover", csrf.as_str(), key)
        .field(
            Field::select("absent", "Who is away, and in which role?", absent)
                .value(typed.get("absent"))
                .errors(errors),
        )
        .field(Field::select("covering", "Who covers?", covering).value(typed.get("covering")).errors(errors))
        .field(Field::date("from", "First day").parts(typed.date("from")).errors(errors))
        .field(Field::date("last", "Last day").parts(typed.date("last")).errors(errors))
        .field(Field::radios("reason", "Why?", reasons).value(typed.get("reason")).errors(errors))
        .submit("Arrange cover");
    Page::new(shell)
        .with(Inset::new(
            "Cover moves tasks and never power: whoever covers a director decides nothing by it. It ends by itself.",
        ))
        .with(table)
        .heading("Arrange cover")
        .with(form)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let shell = kit::signed_in_shell;
    let line = CoverLine {
        id: 3,
        version: 1,
        absent: "Priya Shah".into(),
        covering: "Owen Dinmore".into(),
        role: "Placement officer",
        from: date(2021, 9, 13),
        last: date(2021, 9, 24),
        reason: CoverReason::Leave.label(),
        by: "Priya Shah".into(),
        status: "Now",
        may_end: true,
    };
    let some = CoverView {
        covers: vec![line],
        absent: vec![("7:placement_officer".into(), "Priya Shah, Placement officer".into())],
        covering: vec![(8, "Owen Dinmore".into())],
        typed: Typed::default(),
    };
    let none = CoverView { covers: Vec::new(), ..some.clone() };
    let wrong = Invalid::one("covering", "Choose who covers");
    vec![
        ("cover", cover_page(shell(), &some, &Invalid::default(), "key").to_string()),
        ("no cover", cover_page(shell(), &none, &wrong, "key").to_string()),
    ]
}
