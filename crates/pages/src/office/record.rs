//! The record of events: an organisation's log, one record's timeline, the signed checkpoints, and whether a chain is whole.

use jiff::civil::DateTime;
use placewell_domain::outcome::Invalid;

use crate::components::{Cell, Column, Filters, Inset, Link, Row, SubNav, SummaryList, Table, Warning};
use crate::form::{Choice, Field, Typed};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// An organisation with a record.
#[derive(Debug, Clone)]
pub struct RecordRow {
    /// Its code, in the address.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// What a check found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Whose record.
    pub name: String,
    /// How many events it holds.
    pub events: u64,
    /// Each fault in words.
    pub faults: Vec<String>,
}

/// The organisations, and what the check of one of them found.
pub fn audit(shell: Shell, organisations: &[RecordRow], checked: Option<&Checked>) -> Page {
    let rows = organisations.iter().map(|one| {
        let check = Link::new("Check the record", format!("/admin/audit?organisation={}", one.code))
            .hidden(format!("of {}", one.name));
        Row::new(one.name.as_str()).cell(check)
    });
    let table = Table::new("Records that you can check").columns(["Organisation", "Check"]).rows(rows).narrow();
    let found: Option<Html> = checked.map(|checked| {
        let facts = SummaryList::new()
            .row("Organisation", checked.name.as_str())
            .row("Events", words::number(checked.events))
            .row("Faults", words::number(checked.faults.len() as u64));
        let verdict: Html = if checked.faults.is_empty() {
            Inset::new("The record is whole: every event follows from the one before, and every record is at the version of its last event.").into()
        } else {
            let faults = Html::bullets(checked.faults.iter().map(|fault| Html::from(fault.as_str())));
            Html::join([Warning::new("The record is not whole. Keep a copy of the database before anything else is done.").into(), faults])
        };
        Html::join([Html::heading("What the check found"), facts.into(), verdict])
    });
    Page::new(shell.titled("Audit"))
        .text("Every change is an event, and each event holds the hash of the one before. A check recomputes them all, so a changed, missing or inserted event is found.")
        .maybe(found)
        .with(table)
}

/// An event of the log.
#[derive(Debug, Clone)]
pub struct EventRow {
    /// Its number on the organisation's chain.
    pub number: u64,
    /// When, by the business clock.
    pub at: DateTime,
    /// Who, where a person did it.
    pub by: Option<String>,
    /// What happened, in words.
    pub what: String,
    /// The room and the number of the record that it happened to.
    pub record: (String, i64),
    /// Codes and figures.
    pub facts: Vec<(String, String)>,
    /// How many facts are not shown to the reader's role.
    pub withheld: u64,
}

/// A part of the log.
#[derive(Debug, Clone)]
pub struct ActivityView {
    /// The events, newest first.
    pub events: Vec<EventRow>,
    /// Where older events follow.
    pub older: Option<String>,
    /// Where the newest are, where these are not.
    pub newest: Option<String>,
    /// The same as a file.
    pub csv: String,
    /// Filters that are on: words, and the address without each.
    pub selected: Vec<(String, String)>,
    /// Whose events can be looked for: id and name.
    pub people: Vec<(String, String)>,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub errors: Invalid,
}

fn tabs(checkpoints: bool) -> SubNav {
    SubNav::new("Record").tab("Activity", "/record", !checkpoints).tab(
        "Checkpoints",
        "/record/checkpoints",
        checkpoints,
    )
}

fn event_row(event: &EventRow, linked: bool) -> Row {
    let (room, record) = &event.record;
    let named: Html = if linked && *record > 0 {
        Link::new(format!("{room} {record}"), format!("/record/of/{room}/{record}")).into()
    } else {
        format!("{room} {record}").into()
    };
    let kept = match event.withheld {
        0 => None,
        1 => Some(Html::from("1 fact is not shown to your role")),
        more => Some(Html::from(format!("{} facts are not shown to your role", words::number(more)))),
    };
    let none = event.facts.is_empty() && kept.is_none();
    let facts = event.facts.iter().map(|(name, value)| Html::from(format!("{name}: {value}"))).chain(kept);
    Row::new(event.what.as_str())
        .cell(Cell::number(event.number))
        .cell(words::moment(event.at))
        .cell(event.by.as_deref().unwrap_or("The service"))
        .cell(named)
        .cell(if none { Html::from("None") } else { Html::bullets(facts) })
}

fn event_table(caption: &str, rows: impl IntoIterator<Item = Row>) -> Table {
    Table::new(caption)
        .columns(["What happened"])
        .column(Column::number("Event"))
        .columns(["When", "Who", "Record", "Facts"])
        .rows(rows)
}

/// The filters of the log: who, what, about which record, and when.
fn filters(view: &ActivityView) -> Filters {
    let typed = &view.typed;
    let people = view.people.iter().map(|(id, name)| Choice::new(id.as_str(), name.as_str()));
    let people = core::iter::once(Choice::new("", "Everybody")).chain(people);
    let day = |name: &str, legend: &str| Field::date(name, legend).parts(typed.date(name)).errors(&view.errors);
    let text = |name: &str, label: &str, hint: &str| {
        Field::text(name, label).hint(hint.to_owned()).value(typed.get(name)).plain().errors(&view.errors)
    };
    view.selected
        .iter()
        .fold(Filters::new("/record"), |filters, (text, href)| filters.selected(text, href))
        .clear("/record")
        .field(Field::select("person", "Who", people).value(typed.get("person")).errors(&view.errors))
        .field(text(
            "kind",
            "What happened",
            "As the log says it, such as Agreement started, or Agreement for all of it",
        ))
        .field(text(
            "record",
            "Record",
            "A reference, such as HEF-A-0042, or what the log shows, such as agreement 8421",
        ))
        .field(day("from", "From"))
        .field(day("to", "Until"))
}

/// What happened in an organisation.
pub fn activity(shell: Shell, view: &ActivityView) -> Page {
    let empty = if view.selected.is_empty() && view.older.is_none() {
        "Nothing has been recorded yet. Every change and every reading of a child's details is recorded here."
    } else {
        "Nothing here under these filters. Remove one, or look at older events."
    };
    let table =
        event_table("Events, newest first", view.events.iter().map(|event| event_row(event, true))).empty(empty);
    let older = view.older.as_deref().map(|href| Html::paragraph(Link::new("Older events", href)));
    let newest = view.newest.as_deref().map(|href| Html::paragraph(Link::new("Newest events", href)));
    Page::new(shell.titled("Record of events").with_errors(&view.errors))
        .with(tabs(false))
        .text("Every change is recorded here once, in order, and stays. No event holds a child's name or words about a child.")
        .with(filters(view))
        .with(table)
        .maybe(older)
        .maybe(newest)
        .with(Html::paragraph(Link::download("The newest thousand of these events as CSV", view.csv.as_str())))
        .with(Html::paragraph(Link::download("The whole feed from its first event, a JSON object in each line", "/record.jsonl?after=-1")))
}

/// What happened to one record.
pub fn timeline(shell: Shell, (room, record): (&str, i64), events: &[EventRow], later: Option<String>) -> Page {
    let table = event_table("Events, oldest first", events.iter().map(|event| event_row(event, false)));
    let later = later.map(|href| Html::paragraph(Link::new("Later events", href)));
    Page::new(shell.titled(format!("Record of {room} {record}")).back("/record")).with(table).maybe(later)
}

/// A signed checkpoint of an organisation's chain.
#[derive(Debug, Clone)]
pub struct CheckpointRow {
    /// Whose chain.
    pub organisation: String,
    /// The number of its last event then.
    pub number: u64,
    /// When it was signed.
    pub made: DateTime,
    /// The event's hash.
    pub hash: String,
    /// The key that signed it.
    pub signed_by: String,
}

/// How far each chain went, signed, for others to keep.
pub fn checkpoints(shell: Shell, rows: &[CheckpointRow]) -> Page {
    let rows = rows.iter().map(|one| {
        Row::new(one.organisation.as_str())
            .cell(Cell::number(one.number))
            .cell(words::moment(one.made))
            .cell(one.hash.get(..16).unwrap_or_default())
            .cell(one.signed_by.get(..16).unwrap_or_default())
    });
    let table = Table::new("The newest checkpoint of each organisation")
        .columns(["Organisation"])
        .column(Column::number("Last event"))
        .columns(["Signed", "Hash begins", "Key begins"])
        .rows(rows)
        .empty("No checkpoint has been signed yet. One is signed for each organisation every day on which something happened.");
    Page::new(shell.titled("Checkpoints"))
        .with(tabs(true))
        .text("A checkpoint says how far an organisation's record went, and is signed by this service.")
        .text("Keep the file somewhere else. Whoever holds it can prove later whether the record was cut or written anew: placewell verify --checkpoint FILE.")
        .with(Html::paragraph(Link::download("The checkpoints as a file to keep (JSON)", "/record/checkpoints.json")))
        .with(table)
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let rows = [RecordRow { code: "HEF".into(), name: "Herefordshire Council".into() }];
    let whole = Checked { name: "Herefordshire Council".into(), events: 4_812, faults: Vec::new() };
    let broken = Checked { faults: vec!["event 12 was altered".into()], ..whole.clone() };
    let now = jiff::civil::date(2021, 9, 13).at(10, 20, 0, 0);
    let event = EventRow {
        number: 4_811,
        at: now,
        by: Some("Priya Shah".into()),
        what: "Agreement started".into(),
        record: ("agreement".into(), 8_421),
        facts: vec![("reference".into(), "HEF-A-0042".into())],
        withheld: 0,
    };
    let begun =
        EventRow { number: 0, by: None, facts: Vec::new(), withheld: 2, record: ("region".into(), 0), ..event.clone() };
    let mut typed = Typed::default();
    typed.set("kind", "Agreement started");
    typed.day("from", Some(jiff::civil::date(2021, 9, 1)));
    let log = ActivityView {
        events: vec![event, begun],
        older: Some("/record?kind=Agreement+started&before=4761".into()),
        newest: Some("/record?kind=Agreement+started".into()),
        csv: "/record.csv?kind=Agreement+started".into(),
        selected: vec![("What: Agreement started".into(), "/record".into())],
        people: vec![("31".into(), "Priya Shah".into())],
        typed,
        errors: Invalid::default(),
    };
    let none = ActivityView {
        events: Vec::new(),
        older: None,
        newest: None,
        selected: Vec::new(),
        typed: Typed::default(),
        ..log.clone()
    };
    let wrong =
        ActivityView { errors: Invalid::one("to", "The last day must be the first day or later"), ..none.clone() };
    let checkpoint = CheckpointRow {
        organisation: "HEF".into(),
        number: 4_811,
        made: now,
        hash: "9f2c".repeat(16),
        signed_by: "04be".repeat(16),
    };
    let shell = samples::signed_in_shell;
    vec![
        ("records", audit(shell(), &rows, None).to_string()),
        ("whole", audit(shell(), &rows, Some(&whole)).to_string()),
        ("broken", audit(shell(), &rows, Some(&broken)).to_string()),
        ("activity", activity(shell(), &log).to_string()),
        ("no activity", activity(shell(), &none).to_string()),
        ("activity looked for wrongly", activity(shell(), &wrong).to_string()),
        (
            "timeline",
            timeline(shell(), ("agreement", 8_421), &log.events, Some("/record/of/agreement/8421?after=200".into()))
                .to_string(),
        ),
        ("checkpoints", checkpoints(shell(), &[checkpoint]).to_string()),
        ("no checkpoints", checkpoints(shell(), &[]).to_string()),
    ]
}
