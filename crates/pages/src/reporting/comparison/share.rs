//! The share of placements through the arrangement by quarter (N-03), with the reasons that lost it.

use jiff::civil::Date;

use super::{SHARE, tabs};
use crate::components::{BarRow, Bars, Cell, Column, Filters, Link, Row, Table};
use crate::form::{Choice, Field};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// What the share is read beside (N-03), with its source; no record of this system holds it.
const BENCHMARK: &str = "To compare: the framework before this arrangement brought 45% of residential placements from \
    January 2015 to March 2017, then 29%. Source: Herefordshire Council, decision 4842.";

/// What is left out of the page, and for whom.
const FEW: &str = "Numbers of fewer than 5 are left out, and with them those that would tell them by subtraction. Who reads \
    their own authority's placements anyway sees all of these.";

/// Placements that began.
#[derive(Debug, Clone, Copy)]
pub struct SharedLine {
    /// Through the arrangement.
    pub through: u32,
    /// All of them.
    pub all: u32,
    /// The share in thousandths.
    pub share: Option<u32>,
}

/// The same, or what stands in its place where it is not told.
type Told = Result<SharedLine, &'static str>;

/// One quarter.
#[derive(Debug, Clone)]
pub struct QuarterLine {
    /// Its first day.
    pub from: Date,
    /// FCA, spot purchase, block, own home; none where they are not told one by one.
    pub apart: Option<[u32; 4]>,
    /// The placements.
    pub told: Told,
}

/// One reason.
#[derive(Debug, Clone)]
pub struct ReasonLine {
    /// How the search was lost, in words.
    pub by: &'static str,
    /// The reason in words.
    pub words: String,
    /// How often, and how often in the last four quarters; or what stands in place of both.
    pub count: Result<(u32, u32), &'static str>,
}

/// One authority.
#[derive(Debug, Clone)]
pub struct AuthorityLine {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Placements since the first quarter.
    pub all: Told,
    /// Those of the last four quarters.
    pub year: Told,
}

/// All that the page shows.
#[derive(Debug, Clone)]
pub struct ShareView {
    /// Whose: code and name; none for the region.
    pub of: Option<(String, String)>,
    /// The quarters.
    pub quarters: Vec<QuarterLine>,
    /// The reasons.
    pub reasons: Vec<ReasonLine>,
    /// The authorities.
    pub authorities: Vec<AuthorityLine>,
}

/// A share in words: "45%", "4%"; nothing where none began.
fn percent(thousandths: Option<u32>) -> String {
    thousandths.map_or_else(|| "None began".to_owned(), |share| format!("{}%", (share + 5) / 10))
}

/// A quarter in words: "January to March 2019".
fn quarter(from: Date) -> String {
    let last = from.saturating_add(jiff::Span::new().months(2));
    format!("{} to {} {}", words::month(from), words::month(last), from.year())
}

fn query(view: &ShareView) -> String {
    view.of.as_ref().map_or_else(String::new, |(code, _)| format!("?authority={code}"))
}

/// The page.
pub fn share_page(shell: Shell, view: &ShareView) -> Page {
    let whose = view.of.as_ref().map_or("The whole region", |(_, name)| name.as_str());
    let shell = shell.titled("Share through the arrangement").caption(whose).back("/reports");
    let page = Page::new(shell).with(tabs(SHARE)).with(filter(view)).text(BENCHMARK).text(FEW);
    let page = if view.quarters.is_empty() {
        page.text("No placement and no lost search is recorded yet.")
    } else {
        page.with(bars(view)).with(shares(view))
    };
    page.with(reasons(view)).with(authorities(view)).with(Html::bullets([Link::download(
        format!("Download {} (CSV)", words::count(super::count(view.quarters.len()), "quarter", "quarters")),
        format!("{SHARE}.csv{}", query(view)),
    )]))
}

fn filter(view: &ShareView) -> Filters {
    let mut choices = vec![Choice::new("", "The whole region")];
    choices.extend(view.authorities.iter().map(|one| Choice::new(one.code.as_str(), one.name.as_str())));
    let chosen = view.of.as_ref().map_or("", |(code, _)| code.as_str());
    Filters::new(SHARE).field(Field::select("authority", "Placing authority", choices).value(chosen)).clear(SHARE).bar()
}

/// What the quarters show: the first share, the lowest, the last.
fn finding(view: &ShareView) -> String {
    let share = |one: &QuarterLine| one.told.ok().and_then(|told| told.share);
    let known: Vec<(Date, u32)> = view.quarters.iter().filter_map(|one| Some((one.from, share(one)?))).collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else { return "No share can be told".to_owned() };
    let Some(lowest) = known.iter().min_by_key(|(_, share)| *share) else { return String::new() };
    if lowest.0 > first.0 && lowest.0 < last.0 {
        let (low, now) = (percent(Some(lowest.1)), percent(Some(last.1)));
        format!("The share fell from {} to {low}, and stands at {now}", percent(Some(first.1)))
    } else {
        format!("The share went from {} to {}", percent(Some(first.1)), percent(Some(last.1)))
    }
}

fn bars(view: &ShareView) -> Bars {
    let text = "Placements that began in each quarter that can be told by route. The last quarter goes on.";
    let bars = Bars::new("route-share", finding(view), text, "Quarter")
        .series(["FCA", "Spot purchase", "Block", "Own home"])
        .shown_as(|count| words::number(count.unsigned_abs()));
    let apart = view.quarters.iter().filter_map(|one| Some((one.from, one.apart?)));
    apart.fold(bars, |bars, (from, placements)| bars.bar(BarRow::new(quarter(from), placements.map(i64::from))))
}

fn shares(view: &ShareView) -> Table {
    let rows = view.quarters.iter().map(|one| {
        let row = Row::new(quarter(one.from));
        match one.told {
            Ok(told) => row
                .cell(Cell::number(u64::from(told.through)))
                .cell(Cell::number(u64::from(told.all)))
                .cell(percent(told.share)),
            Err(untold) => row.cell(untold).cell(untold).cell("Not told"),
        }
    });
    Table::new("Share through the arrangement by quarter")
        .column(Column::text("Quarter"))
        .column(Column::number("Through the FCA"))
        .column(Column::number("All placements"))
        .column(Column::number("Share"))
        .rows(rows)
}

fn reasons(view: &ShareView) -> Table {
    let rows = view.reasons.iter().map(|one| {
        let row = Row::new(one.words.as_str()).cell(one.by);
        match one.count {
            Ok((all, year)) => row.cell(Cell::number(u64::from(all))).cell(Cell::number(u64::from(year))),
            Err(untold) => row.cell(untold).cell(untold),
        }
    });
    Table::new("Why the arrangement lost searches")
        .column(Column::text("Reason"))
        .column(Column::text("How"))
        .column(Column::number("All quarters"))
        .column(Column::number("Last four quarters"))
        .rows(rows)
        .empty("No search was lost to the arrangement.")
}

fn authorities(view: &ShareView) -> Table {
    let cells = |row: Row, told: Told| match told {
        Ok(told) => row.cell(Cell::number(u64::from(told.all))).cell(percent(told.share)),
        Err(untold) => row.cell(untold).cell("Not told"),
    };
    let rows = view.authorities.iter().map(|one| {
        let row = Row::new(Link::new(one.name.as_str(), format!("{SHARE}?authority={}", one.code)));
        cells(cells(row, one.all), one.year)
    });
    Table::new("By placing authority")
        .column(Column::text("Placing authority"))
        .column(Column::number("Placements"))
        .column(Column::number("Share"))
        .column(Column::number("Last four quarters"))
        .column(Column::number("Share of these"))
        .rows(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn rule_9_1_a_quarter_that_is_not_told_stands_in_its_table_and_in_no_chart() {
        let few = QuarterLine { from: jiff::civil::date(2021, 7, 1), apart: None, told: Err("Fewer than 5") };
        let view = ShareView { of: None, quarters: vec![few], reasons: vec![], authorities: vec![] };
        let page = share_page(samples::signed_in_shell(), &view).to_string();
        assert!(page.contains("Fewer than 5") && page.contains("No share can be told"), "{page}");
        assert!(page.contains("July to September 2021") && !page.contains("July to September 2021:"), "{page}");
    }

    #[test]
    fn n_03_the_share_is_read_beside_the_framework_before_it_and_the_source_is_named() {
        let told = Ok(SharedLine { through: 8, all: 20, share: Some(400) });
        let quarter = QuarterLine { from: jiff::civil::date(2021, 7, 1), apart: Some([8, 12, 0, 0]), told };
        for quarters in [vec![quarter], vec![]] {
            let view = ShareView { of: None, quarters, reasons: vec![], authorities: vec![] };
            let page = share_page(samples::signed_in_shell(), &view).to_string();
            for part in ["45% of residential placements", "then 29%", "Herefordshire Council, decision 4842"] {
                assert!(page.contains(part), "{part} in {page}");
            }
        }
    }
}
