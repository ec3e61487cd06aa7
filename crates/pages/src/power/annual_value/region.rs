//! The ceilings of all authorities for the regional team: what each has committed, what is bound, planned and run-rate, and
//! when its live placements alone would exceed it. Figures of whole authorities; no agreement and no child is in them.

use jiff::civil::{Date, DateTime};
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{CountedValue, YearTotals};

use crate::components::{BarRow, Bars, Cell, Colour, Column, Inset, Link, Row, SubNav, Table, Tag};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

const PATH: &str = "/region/annual-value";

/// One authority.
#[derive(Debug, Clone)]
pub struct RegionRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The ceiling and what is committed below it.
    pub totals: Option<YearTotals>,
    /// What it counted of its own year, and when.
    pub counted: Option<(DateTime, CountedValue)>,
}

/// All of them.
#[derive(Debug, Clone)]
pub struct RegionView {
    /// Today.
    pub today: Date,
    /// The rows, those nearest to their ceiling first.
    pub rows: Vec<RegionRow>,
    /// The sum of the ceilings, and of what is committed.
    pub sums: (Pence, Pence),
}

/// The page.
pub fn region_values_page(shell: Shell, view: &RegionView) -> Page {
    let shell = shell.titled("Ceilings of the region").caption("Annual value");
    let page = Page::new(shell);
    if view.rows.iter().all(|row| row.totals.is_none()) {
        return page.with(Inset::new("No authority has told the region of a year with an annual value yet."));
    }
    let (ceiling, committed) = view.sums;
    let nav = SubNav::new("Reports").tab("Ceilings", PATH, true).tab("All reports", "/reports", false);
    page.with(nav)
        .text(format!(
            "{} of {} is committed in all. An authority’s ceiling is its own: none makes up for another.",
            words::money(committed),
            words::money(ceiling)
        ))
        .with(bars(view))
        .with(used(view))
        .with(figures(view))
        .with(outturns(view))
        .with(Html::paragraph(
            "Committed moves with each award. The other figures are each authority’s own count of the day, by its own \
             reading of what counts; the regional team reads no authority’s record.",
        ))
        .with(Html::paragraph(
            "Exceeded means: if every child who lives in a home today stayed to the year’s end at today’s prices, and \
             nobody else came. The outturn adds the awards that are to be expected.",
        ))
        .with(Html::paragraph(Link::download("Download the ceilings (CSV)", format!("{PATH}.csv"))))
}

fn bars(view: &RegionView) -> Bars {
    let closest = view.rows.first().filter(|row| row.totals.is_some());
    let finding = closest.map_or_else(
        || "No ceiling is set".to_owned(),
        |row| format!("{} is nearest to its ceiling: {} of it is committed", row.name, share(row)),
    );
    let bars = Bars::new(
        "region-ceilings",
        finding,
        "What each authority has committed, and what it can still award below its ceiling.",
        "Authority",
    )
    .series(["Committed", "Can still be awarded"]);
    view.rows
        .iter()
        .fold(bars, |bars, row| match &row.totals {
            Some(totals) => {
                let rest = Pence(totals.headroom().0.max(0));
                bars.bar(BarRow::new(row.name.as_str(), [totals.committed.0, rest.0]))
            }
            None => bars,
        })
        .shown_as(|pence| words::money(Pence(pence)))
}

/// How much of the ceiling is committed, in percent cut to one place, so that 99.96% is not told as all of it.
fn share(row: &RegionRow) -> String {
    let tenths = row.totals.and_then(|one| (one.committed.0.saturating_mul(1_000)).checked_div(one.ceiling.0));
    tenths.map_or_else(|| "none".to_owned(), |tenths| format!("{}.{}%", tenths / 10, tenths % 10))
}

fn used(view: &RegionView) -> Table {
    Table::new("Used of each ceiling")
        .column(Column::text("Authority"))
        .column(Column::number("Ceiling"))
        .column(Column::number("Committed"))
        .column(Column::number("Used"))
        .column(Column::number("Can still be awarded"))
        .column(Column::text("Run-rate exceeds it"))
        .rows(view.rows.iter().map(|row| {
            let Some(totals) = &row.totals else {
                return Row::new(row.name.as_str())
                    .cell("")
                    .cell("")
                    .cell("")
                    .cell("")
                    .cell("No ceiling for this year");
            };
            let over = Pence((totals.committed - totals.ceiling).0.max(0));
            let rest = if over > Pence::ZERO {
                Cell::new(Tag::new(format!("{} above", words::money(over)), Colour::Red))
            } else {
                Cell::money(totals.headroom())
            };
            Row::new(row.name.as_str())
                .cell(totals.ceiling)
                .cell(totals.committed)
                .cell(share(row))
                .cell(rest)
                .cell(exceeded(row))
        }))
}

fn exceeded(row: &RegionRow) -> Cell {
    let Some((_, counted)) = &row.counted else { return Cell::new("Not counted yet") };
    match counted.exceeded_on {
        Some(day) => Cell::new(Tag::new(format!("On {}", words::date(day)), Colour::Red)),
        None => Cell::new("Not in this year"),
    }
}

fn figures(view: &RegionView) -> Table {
    let counted = |row: &RegionRow, of: fn(&CountedValue) -> Pence| {
        row.counted.as_ref().map_or_else(|| Cell::new(""), |(_, value)| Cell::money(of(value)))
    };
    Table::new("Spent, bound, planned and run-rate")
        .column(Column::text("Authority"))
        .column(Column::number("Spent"))
        .column(Column::number("Bound"))
        .column(Column::number("Planned"))
        .column(Column::number("Run-rate"))
        .column(Column::number("Spot, beside it"))
        .rows(view.rows.iter().map(|row| {
            Row::new(row.name.as_str())
                .cell(counted(row, |value| value.spent))
                .cell(counted(row, |value| value.figures.bound))
                .cell(counted(row, |value| value.figures.planned))
                .cell(counted(row, |value| value.figures.run_rate))
                .cell(counted(row, |value| value.spot))
        }))
}

fn outturns(view: &RegionView) -> Table {
    Table::new("Outturn expected, and when each authority counted")
        .columns(["Authority", "Outturn (80 of 100 futures)", "Counted"])
        .rows(view.rows.iter().map(|row| {
            let outturn = row.counted.as_ref().and_then(|(_, value)| value.outturn).map_or_else(
                || "Too few awards to say".to_owned(),
                |(middle, low, high)| {
                    format!("{} ({} to {})", words::money(middle), words::money(low), words::money(high))
                },
            );
            let at = row.counted.as_ref().map_or_else(|| "Not yet".to_owned(), |(at, _)| words::moment(*at));
            Row::new(row.name.as_str()).cell(outturn).cell(at)
        }))
}
