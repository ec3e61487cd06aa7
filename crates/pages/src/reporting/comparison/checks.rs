//! Checks and minutes by route (N-07): what it takes to arrange a placement through the FCA and by spot purchase.

use jiff::civil::Date;

use super::{CHECKS, count, tabs};
use crate::components::{Cell, Column, Inset, Link, Row, Table};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// One route.
#[derive(Debug, Clone)]
pub struct RouteLine {
    /// The route in words.
    pub route: &'static str,
    /// Placements.
    pub placements: usize,
    /// Checks done for them here, all together.
    pub checks: u32,
    /// Minutes of checks in the middle placement.
    pub check_minutes: Option<u32>,
    /// Minutes of contracting in the middle placement, and of how many they are known.
    pub contracting: (Option<u32>, usize),
    /// Minutes that officers said, in the middle placement.
    pub said_minutes: Option<u32>,
}

/// All that the page shows.
#[derive(Debug, Clone)]
pub struct ChecksView {
    /// Whether the reader's organisation places children.
    pub places: bool,
    /// The first and the last day.
    pub days: (Date, Date),
    /// The routes.
    pub routes: Vec<RouteLine>,
}

/// The page.
pub fn checks_page(shell: Shell, view: &ChecksView) -> Page {
    let shell = shell.titled("Checks and minutes by route").back("/reports");
    let page = Page::new(shell).with(tabs(CHECKS));
    if !view.places {
        return page.with(Inset::new(
            "Checks belong to each authority's own placements, and only that authority reads them. Your organisation places \
             no children.",
        ));
    }
    page.text(format!(
        "Placements of your authority that began from {}. Checks that the regional evaluation satisfies are not done again \
         for an FCA home.",
        words::date_range(view.days.0, view.days.1)
    ))
    .with(table(view))
    .with(Html::bullets([Link::download("Download 2 routes (CSV)", format!("{CHECKS}.csv"))]))
}

fn table(view: &ChecksView) -> Table {
    let shown = |minutes: Option<u32>| minutes.map_or_else(|| "Not known".to_owned(), |m| words::minutes(u64::from(m)));
    let rows = view.routes.iter().map(|one| {
        let (contracting, known) = one.contracting;
        let contracting = contracting.map_or_else(
            || "Not known".to_owned(),
            |minutes| format!("{} (of {})", words::minutes(u64::from(minutes)), words::number(count(known))),
        );
        Row::new(one.route)
            .cell(Cell::number(count(one.placements)))
            .cell(Cell::number(u64::from(one.checks)))
            .cell(shown(one.check_minutes))
            .cell(contracting)
            .cell(shown(one.said_minutes))
    });
    Table::new("What each route took, in the middle placement")
        .column(Column::text("Route"))
        .column(Column::number("Placements"))
        .column(Column::number("Checks done, in all"))
        .column(Column::text("Checking, by the system's times"))
        .column(Column::text("Office time from offer to second signature"))
        .column(Column::text("Said by officers"))
        .rows(rows)
}
