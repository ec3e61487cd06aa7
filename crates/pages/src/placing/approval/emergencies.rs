//! The Director's share of emergencies in a month, by authority, officer, provider and cause.

use jiff::civil::Date;

use crate::components::{Column, Link, Row, Table};
use crate::html::Html;
use crate::page::Page;
use crate::samples as kit;
use crate::shell::Shell;
use crate::words;

const PATH: &str = "/approvals/emergencies";

/// One line: what it counts, emergencies, of how many, per cent.
#[derive(Debug, Clone, Default)]
pub struct ShareView {
    /// What it counts.
    pub by: String,
    /// How many were emergencies.
    pub emergencies: usize,
    /// Of how many.
    pub starts: usize,
    /// The share in per cent.
    pub per_cent: usize,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct EmergenciesView {
    /// The month's first day.
    pub month: Date,
    /// The first day of the month before, and of the one after where it has begun.
    pub beside: (Date, Option<Date>),
    /// All starts.
    pub all: ShareView,
    /// By the authority responsible.
    pub authorities: Vec<ShareView>,
    /// By officer.
    pub officers: Vec<ShareView>,
    /// By provider.
    pub providers: Vec<ShareView>,
    /// By cause.
    pub causes: Vec<ShareView>,
}

fn named(month: Date) -> String {
    format!("{} {}", words::month(month), month.year())
}

fn of(month: Date) -> String {
    format!("{PATH}?month={:04}-{:02}", month.year(), month.month())
}

fn table(caption: &str, first: &str, count: &str, lines: &[ShareView]) -> Table {
    let number = |count: usize| words::number(u64::try_from(count).unwrap_or(u64::MAX));
    Table::new(caption)
        .column(Column::text(first))
        .column(Column::number("Emergencies"))
        .column(Column::number(count))
        .column(Column::number("Share"))
        .rows(lines.iter().map(|line| {
            Row::new(line.by.as_str())
                .cell(number(line.emergencies))
                .cell(number(line.starts))
                .cell(format!("{}%", line.per_cent))
        }))
        .empty("No child started in this month.")
}

/// The page.
pub fn emergencies(shell: Shell, view: &EmergenciesView) -> Page {
    let (before, after) = view.beside;
    let all = &view.all;
    let said = format!(
        "{} of {} in {} {} ({}%). An emergency is a start by the end of the next working day, with its \
         cause. Consultations may follow it; registration, ages and distance are checked all the same.",
        words::number(u64::try_from(all.emergencies).unwrap_or(u64::MAX)),
        words::count(u64::try_from(all.starts).unwrap_or(u64::MAX), "start", "starts"),
        named(view.month),
        if all.emergencies == 1 { "was an emergency" } else { "were emergencies" },
        all.per_cent
    );
    let links = [
        Some(Link::new(format!("{}, the month before", named(before)), of(before))),
        after.map(|after| Link::new(format!("{}, the month after", named(after)), of(after))),
        Some(Link::download("Download these tables (CSV)", of(view.month).replacen(PATH, &format!("{PATH}.csv"), 1))),
    ];
    Page::new(shell.titled("Emergencies").caption(named(view.month)).back("/approvals"))
        .with(Html::paragraph(said))
        .with(Html::bullets(links.into_iter().flatten()))
        .with(table("By authority", "Authority responsible", "Starts", &view.authorities))
        .with(table("By officer", "Officer", "Starts", &view.officers))
        .with(table("By provider", "Provider", "Starts", &view.providers))
        .with(table("By cause", "Cause", "All emergencies", &view.causes))
}

/// Samples.
pub(super) fn samples() -> Vec<(&'static str, String)> {
    let share =
        |by: &str, emergencies, starts, per_cent| ShareView { by: by.to_owned(), emergencies, starts, per_cent };
    let month = jiff::civil::date(2021, 9, 1);
    let view = EmergenciesView {
        month,
        beside: (jiff::civil::date(2021, 8, 1), None),
        all: share("All starts", 2, 7, 29),
        authorities: vec![share("Herefordshire Council", 2, 7, 29)],
        officers: vec![share("Priya Shah", 2, 5, 40), share("Tom Reed", 0, 2, 0)],
        providers: vec![share("Larkrise Care", 2, 7, 29)],
        causes: vec![share("The present placement ended", 2, 2, 100)],
    };
    let none = EmergenciesView {
        beside: (jiff::civil::date(2021, 8, 1), Some(jiff::civil::date(2021, 10, 1))),
        all: share("All starts", 0, 0, 0),
        authorities: vec![],
        officers: vec![],
        providers: vec![],
        causes: vec![],
        ..view.clone()
    };
    vec![
        ("emergencies of a month", emergencies(kit::signed_in_shell(), &view).to_string()),
        ("emergencies of a month without starts", emergencies(kit::signed_in_shell(), &none).to_string()),
    ]
}
