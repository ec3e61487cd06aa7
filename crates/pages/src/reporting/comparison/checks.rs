//! Checks and minutes by route (N-07): what it takes to arrange a placement through the FCA and by spot purchase, in the
//! reader's authority and in each of the region.

use jiff::civil::Date;
use placewell_domain::reporting::publication::FEWER;

use super::{CHECKS, count, tabs};
use crate::components::{Cell, Column, Link, Row, Table};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// One route.
#[derive(Debug, Clone)]
pub struct RouteLine {
    /// The authority's name; empty where there is one only.
    pub authority: String,
    /// The route in words.
    pub route: &'static str,
    /// What it took; none where fewer than five placements stand behind it.
    pub figures: Option<RouteFigures>,
}

/// What a route took, in the middle placement.
#[derive(Debug, Clone, Copy)]
pub struct RouteFigures {
    /// Placements.
    pub placements: u32,
    /// Checks done for the middle placement.
    pub checks: u32,
    /// Minutes of its checks.
    pub check_minutes: u32,
    /// Office minutes of its contracting.
    pub contracting: Option<u32>,
    /// Minutes that officers said.
    pub said: Option<u32>,
}

/// All that the page shows.
#[derive(Debug, Clone)]
pub struct ChecksView {
    /// Whether the reader's organisation places children.
    pub places: bool,
    /// The first and the last day.
    pub days: (Date, Date),
    /// The routes of the reader's authority.
    pub own: Vec<RouteLine>,
    /// Each authority's.
    pub region: Vec<RouteLine>,
}

/// The page.
pub fn checks_page(shell: Shell, view: &ChecksView) -> Page {
    let shell = shell.titled("Checks and minutes by route").back("/reports");
    let page = Page::new(shell).with(tabs(CHECKS)).text(format!(
        "Placements that began from {}, the middle one of each route. Checks that the regional evaluation satisfies are not \
         done again for an FCA home. What fewer than 5 placements of others took is left out.",
        words::date_range(view.days.0, view.days.1)
    ));
    let page = if view.places { page.with(own(view)) } else { page };
    let lines = count(view.own.len() + view.region.len());
    page.with(region(view)).with(Html::bullets([Link::download(
        format!("Download {} (CSV)", words::count(lines, "route", "routes")),
        format!("{CHECKS}.csv"),
    )]))
}

fn columns(table: Table) -> Table {
    table
        .column(Column::text("Route"))
        .column(Column::number("Placements"))
        .column(Column::number("Checks for each"))
        .column(Column::text("Checking"))
        .column(Column::text("Office time from offer to second signature"))
        .column(Column::text("Said by officers"))
}

fn cells(row: Row, line: &RouteLine) -> Row {
    let Some(one) = &line.figures else { return (0..4).fold(row.cell(FEWER), |row, _| row.cell("Left out")) };
    let known = |minutes: Option<u32>| minutes.map_or_else(|| "Not known".to_owned(), |m| words::minutes(u64::from(m)));
    row.cell(Cell::number(u64::from(one.placements)))
        .cell(Cell::number(u64::from(one.checks)))
        .cell(words::minutes(u64::from(one.check_minutes)))
        .cell(known(one.contracting))
        .cell(known(one.said))
}

fn own(view: &ChecksView) -> Table {
    columns(Table::new("Your authority"))
        .rows(view.own.iter().map(|one| cells(Row::new(one.route), one)))
        .empty("No placement of your authority began in this time.")
}

fn region(view: &ChecksView) -> Table {
    let table = Table::new("Each placing authority, as it was counted last").column(Column::text("Placing authority"));
    columns(table)
        .rows(view.region.iter().map(|one| cells(Row::new(one.authority.as_str()).cell(one.route), one)))
        .empty("Nothing has been counted yet. Each authority's record is counted every day.")
}
