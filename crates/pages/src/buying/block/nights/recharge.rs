//! A recharge statement on the page: the same lines as its PDF and its CSV.

use jiff::civil::Date;
use placewell_domain::money::Pence;

use crate::components::{Cell, Column, Link, Row, SummaryList, Table};
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// A line.
#[derive(Debug, Clone)]
pub struct RechargeRowView {
    /// What it is.
    pub what: String,
    /// How many nights.
    pub nights: i64,
    /// The authority's part of one.
    pub night: Option<Pence>,
    /// What they come to.
    pub pence: Pence,
}

/// A statement.
#[derive(Debug, Clone)]
pub struct RechargeView {
    /// The contract.
    pub reference: String,
    /// What it is called.
    pub title: String,
    /// The authority's name.
    pub authority: String,
    /// Its code.
    pub code: String,
    /// Its share.
    pub share: String,
    /// The provider.
    pub provider: String,
    /// The month's first day.
    pub month: Date,
    /// When it was settled.
    pub settled: Option<Date>,
    /// The lines.
    pub lines: Vec<RechargeRowView>,
    /// Corrections of earlier months.
    pub adjustments: Vec<RechargeRowView>,
    /// What is to pay.
    pub total: Pence,
}

fn table(caption: &str, lines: &[RechargeRowView], empty: &str) -> Table {
    let rows = lines.iter().map(|line| {
        Row::new(line.what.as_str())
            .cell(line.nights.to_string())
            .cell(line.night.map_or_else(String::new, words::money))
            .cell(Cell::money(line.pence))
    });
    Table::new(caption)
        .column(Column::text("What"))
        .column(Column::number("Nights"))
        .column(Column::number("A night"))
        .column(Column::number("Amount"))
        .rows(rows)
        .empty(empty)
}

/// The page of a statement.
pub fn recharge_page(shell: Shell, view: &RechargeView) -> Page {
    let month = view.month.strftime("%Y-%m").to_string();
    let path = format!("/mini-blocks/{}/recharge/{}", view.reference, view.code);
    let settled = view.settled.map_or_else(|| "Not yet: the figures may change".to_owned(), words::date);
    let facts = SummaryList::new()
        .row("Authority", view.authority.as_str())
        .row("Provider", view.provider.as_str())
        .row("Share", view.share.as_str())
        .row("Settled on", settled)
        .row("To pay", words::money(view.total));
    let shell = shell
        .titled(format!("Recharge {}, {} {}", view.reference, words::month(view.month), view.month.year()))
        .caption(view.title.as_str())
        .record(view.reference.as_str())
        .back(format!("/mini-blocks/{}/nights?month={month}", view.reference));
    Page::new(shell)
        .with(facts)
        .with(table("Nights of this month", &view.lines, "Nothing is charged for this month."))
        .with(table("Corrections of earlier months", &view.adjustments, "None."))
        .text(Link::download("Download this statement as PDF", format!("{path}/statement.pdf?month={month}")))
        .text(Link::download("Download this statement as CSV", format!("{path}/statement.csv?month={month}")))
}
