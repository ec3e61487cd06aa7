//! What is asked and shown of Ofsted's register beside what every file has.

use jiff::civil::{Date, date};
use placewell_domain::outcome::Invalid;

use crate::components::{Column, Inset, Link, Row, SummaryList, Table};
use crate::form::{Field, Form};
use crate::html::Html;
use crate::page::Page;
use crate::words;

/// How rows of a register are corrected: its list of errors alone would close all other homes.
pub(super) const CORRECT: &str = "The download has each of these rows, and two more columns: the result, and what is wrong. \
    Correct the rows in Ofsted's own file and send the whole of it. A home on a row that cannot be used is neither changed \
    nor closed, as long as its number can be read there.";

/// One home changed in one way.
#[derive(Debug, Clone)]
pub struct ChangeLine {
    /// The home's number.
    pub urn: String,
    /// In which way, in words.
    pub kind: String,
    /// What is held.
    pub before: String,
    /// What the file says.
    pub after: String,
}

/// What a register file changes.
#[derive(Debug, Clone)]
pub struct RegisterView {
    /// The Government Office Region.
    pub region: String,
    /// The day that the file speaks of, and how many days ago that was when it was brought.
    pub as_at: (Date, i64),
    /// How many homes are changed in each way: words and number.
    pub counts: Vec<(String, usize)>,
    /// The changes; the first of them where there are very many.
    pub changes: Vec<ChangeLine>,
    /// Alerts and measures that follow.
    pub followed: (usize, usize),
}

/// The region and the day.
pub(super) fn fields(form: Form, (region, day): &(String, [String; 3]), errors: &Invalid) -> Form {
    let [d, m, y] = day;
    form.field(
        Field::text("region", "Government Office Region, for Ofsted's register only")
            .hint("Homes of other regions in the file are not read.")
            .value(region.as_str())
            .errors(errors),
    )
    .field(
        Field::date("as_at", "The day that the register speaks of (optional)")
            .hint("Left out: the day in the file's title, or the latest day in it.")
            .parts([d, m, y])
            .errors(errors),
    )
}

/// What followed once it went in.
pub(super) fn followed(page: Page, view: &RegisterView) -> Page {
    let (alerts, measures) = view.followed;
    let link = |count: usize, one: &str, many: &str, href: &str| {
        Html::from(Link::new(words::count(u64::try_from(count).unwrap_or_default(), one, many), href))
    };
    page.with(Inset::new(Html::join([
        Html::text("What followed: "),
        link(alerts, "alert", "alerts", "/region/alerts"),
        Html::text(" and "),
        link(measures, "proposed measure", "proposed measures", "/region/standing"),
        Html::text("."),
    ])))
}

/// What it changes.
pub(super) fn changes(page: Page, view: &RegisterView) -> Page {
    let (day, age) = view.as_at;
    let age = words::count(u64::try_from(age).unwrap_or_default(), "day old", "days old");
    let list = SummaryList::new()
        .row("Region", view.region.as_str())
        .row("The register of", format!("{}, {age} when it was brought", words::date(day)));
    let list = view
        .counts
        .iter()
        .fold(list, |list, (kind, count)| list.row(kind.as_str(), words::number(u64::try_from(*count).unwrap_or(0))));
    let (alerts, measures) = view.followed;
    let number = |count: usize| words::number(u64::try_from(count).unwrap_or(0));
    let list = list.row("Alerts that follow", number(alerts)).row("Measures that a rule proposes", number(measures));
    let total: usize = view.counts.iter().map(|(_, count)| count).sum();
    let caption = if view.changes.len() < total {
        format!("The first {} of {total} changes", view.changes.len())
    } else {
        words::count(u64::try_from(total).unwrap_or(0), "change", "changes")
    };
    let rows = view.changes.iter().map(|change| {
        Row::new(change.urn.as_str())
            .cell(change.kind.as_str())
            .cell(change.before.as_str())
            .cell(change.after.as_str())
    });
    let table = Table::new(caption)
        .columns(["Home", "What changes"])
        .column(Column::text("Held"))
        .column(Column::text("In the file"))
        .rows(rows)
        .empty(
            "No home is new, closed, or has other places, another judgement or another owner. Brought in, the register is \
             held as at the day of this file.",
        );
    page.heading("What the register changes").with(list).with(table)
}

pub(super) fn sample() -> RegisterView {
    let line = |urn: &str, kind: &str, before: &str, after: &str| ChangeLine {
        urn: urn.to_owned(),
        kind: kind.to_owned(),
        before: before.to_owned(),
        after: after.to_owned(),
    };
    RegisterView {
        region: "west midlands".to_owned(),
        as_at: (date(2021, 9, 10), 3),
        counts: vec![("New on the register".to_owned(), 1), ("Overall judgement".to_owned(), 4)],
        changes: vec![
            line("SC400009", "New on the register", "", ""),
            line("SC400001", "Overall judgement", "Good", "Inadequate"),
        ],
        followed: (5, 1),
    }
}
