//! The record of events, for administrators: whether each organisation's chain is whole.

use crate::components::{Inset, Link, Row, SummaryList, Table, Warning};
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

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    let rows = [RecordRow { code: "HEF".into(), name: "Herefordshire Council".into() }];
    let whole = Checked { name: "Herefordshire Council".into(), events: 4_812, faults: Vec::new() };
    let broken = Checked { faults: vec!["event 12 was altered".into()], ..whole.clone() };
    let shell = samples::signed_in_shell;
    vec![
        ("records", audit(shell(), &rows, None).to_string()),
        ("whole", audit(shell(), &rows, Some(&whole)).to_string()),
        ("broken", audit(shell(), &rows, Some(&broken)).to_string()),
    ]
}
