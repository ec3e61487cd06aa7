//! Bringing in an authority's own record: the file, what it would bring in, and every cell that cannot be used.

use placewell_domain::outcome::Invalid;

use crate::components::{Button, Cell, Details, Inset, Row, Table};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::samples;
use crate::shell::Shell;
use crate::words;

/// A cell that cannot be used.
#[derive(Debug, Clone)]
pub struct CellLine {
    /// Row of the spreadsheet.
    pub row: u64,
    /// The column.
    pub field: String,
    /// Why.
    pub reason: String,
}

/// What a file brings in, or would.
#[derive(Debug, Clone, Default)]
pub struct CheckedView {
    /// Rows that read.
    pub rows: u64,
    /// New agreements.
    pub new: u64,
    /// Rows that were there already.
    pub unchanged: u64,
    /// New agreements by origin.
    pub origins: Vec<(String, u64)>,
    /// Cells that cannot be used.
    pub errors: Vec<CellLine>,
    /// What can be brought in and wants a look.
    pub warnings: Vec<CellLine>,
}

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub struct HistoryView {
    /// What the file of the last check would bring in.
    pub checked: Option<CheckedView>,
    /// What was brought in: new agreements, and rows that were there already.
    pub done: Option<(u64, u64)>,
    /// The columns.
    pub columns: Vec<String>,
    /// The origins: code and label.
    pub origins: Vec<(String, String)>,
}

/// The page.
pub fn page(shell: Shell, view: &HistoryView, errors: &Invalid, key: &str) -> Page {
    let csrf = shell.csrf.clone();
    let shell = shell.titled("Bring in earlier placements").back("/agreements").with_errors(errors);
    let mut page = Page::new(shell).text(
        "Bring in placements that began before this system, from one CSV file. The whole file goes in, or nothing of it. \
         The same file twice changes nothing.",
    );
    if let Some((new, unchanged)) = view.done {
        let new = words::count(new, "agreement was", "agreements were");
        page = page
            .with(Inset::new(format!("{new} brought in. {} there already.", words::count(unchanged, "was", "were"))));
    }
    if let Some(checked) = &view.checked {
        page = result(page, checked);
    }
    let form = Form::post("/imports/history", csrf, key)
        .field(
            Field::file("file", "The file")
                .hint("CSV, its columns named in the first row.")
                .accept(".csv")
                .errors(errors),
        )
        .button(Button::submit("Check this file").sends("act", "check").secondary())
        .button(Button::submit("Bring in this file").sends("act", "bring_in"));
    let columns = Html::bullets(view.columns.iter().map(String::as_str));
    let rows = view.origins.iter().map(|(code, label)| Row::new(code.as_str()).cell(label.as_str()));
    let origins = Table::new("Origins").columns(["In the file", "What it means"]).rows(rows);
    page.with(form).with(Details::new("The columns", columns)).with(origins)
}

fn cells(said: &[CellLine]) -> Vec<Row> {
    let row = |one: &CellLine| Row::new(format!("Row {}", one.row)).cell(one.field.as_str()).cell(one.reason.as_str());
    said.iter().map(row).collect()
}

fn result(page: Page, checked: &CheckedView) -> Page {
    let rows = words::count(checked.rows, "row reads", "rows read");
    if checked.errors.is_empty() {
        let new = words::count(checked.new, "agreement is", "agreements are");
        let page = page.heading("What this file would bring in").text(format!(
            "{rows}. {new} new; {} there already. Choose the file again to bring it in.",
            checked.unchanged
        ));
        let lines = checked.origins.iter().map(|(origin, count)| Row::new(origin.as_str()).cell(Cell::number(*count)));
        let looks = (!checked.warnings.is_empty()).then(|| {
            let rows = cells(&checked.warnings);
            Table::new("Rows to look at before you bring them in").columns(["Row", "Column", "Why to look"]).rows(rows)
        });
        return page
            .maybe(looks)
            .with(Table::new("New agreements by origin").columns(["Origin", "Agreements"]).rows(lines));
    }
    let lines = cells(&checked.errors);
    let count = words::count(u64::try_from(checked.errors.len()).unwrap_or(u64::MAX), "cell", "cells");
    page.heading("Nothing was brought in")
        .text(format!("{rows}; {count} cannot be used. Correct each one and choose the file again."))
        .with(Table::new("Cells that cannot be used").columns(["Row", "Column", "What to do"]).rows(lines))
}

pub(super) fn samples() -> Vec<(&'static str, String)> {
    let error = CellLine {
        row: 7,
        field: "origin".to_owned(),
        reason: "It began before the adoption took effect on 2019-01-19: send before_adoption.".to_owned(),
    };
    let wrong = CheckedView { rows: 12, errors: vec![error], ..CheckedView::default() };
    let well = CheckedView {
        rows: 12,
        new: 9,
        unchanged: 3,
        origins: vec![("Spot purchase, before this system".to_owned(), 9)],
        errors: Vec::new(),
        warnings: vec![CellLine {
            row: 4,
            field: "start".to_owned(),
            reason: "The home took no new placement that day: not registered since 1 July 2021.".to_owned(),
        }],
    };
    let view = |checked, done| HistoryView {
        checked,
        done,
        columns: vec!["source_reference".to_owned(), "origin".to_owned()],
        origins: vec![("spot".to_owned(), "Spot purchase, before this system".to_owned())],
    };
    let show = |view: &HistoryView, errors: &Invalid| page(samples::signed_in_shell(), view, errors, "key").to_string();
    let none = Invalid::default();
    vec![
        ("bring in history", show(&view(None, Some((9, 3))), &none)),
        ("history checked", show(&view(Some(well), None), &none)),
        ("history with errors", show(&view(Some(wrong), None), &Invalid::one("file", "Correct 1 cell of the file"))),
    ]
}
