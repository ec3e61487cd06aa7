//! Prices by route (N-02): the finding, the differences drawn with their intervals, and the same in tables.

use jiff::civil::Date;
use placewell_domain::money::Pence;
use placewell_domain::reporting::comparison::{Difference, Pair, Verdict};

use super::{CHECKS, PRICES, SHARE, count, tabs};
use crate::components::{
    Cell, Column, Details, Filters, IntervalRow, Intervals, Link, Number, Numbers, Row, SubNav, Table,
};
use crate::form::{Choice, Field};
use crate::html::Html;
use crate::page::Page;
use crate::shell::Shell;
use crate::words;

/// The prices of one route.
#[derive(Debug, Clone, Copy)]
pub struct SideView {
    /// The route in words.
    pub route: &'static str,
    /// Placements, in how many homes; none where that is not told.
    pub count: Option<(usize, usize)>,
    /// Lower quarter, median, upper quarter; none where there are none or they are not told.
    pub quartiles: Option<[Pence; 3]>,
    /// What stands in place of both where they are not told.
    pub untold: Option<&'static str>,
}

/// Two routes compared.
#[derive(Debug, Clone, Copy)]
pub struct PairView {
    /// Which.
    pub pair: Pair,
    /// The difference.
    pub difference: Option<Difference>,
    /// The verdict.
    pub verdict: Verdict,
}

/// One part of the region.
#[derive(Debug, Clone)]
pub struct PartView {
    /// Its name.
    pub name: String,
    /// FCA, spot purchase, block.
    pub sides: Vec<SideView>,
    /// The comparisons.
    pub pairs: Vec<PairView>,
    /// What its decision expected, with the decision's reference; none where nothing was said.
    pub expected: Option<(&'static str, Option<String>)>,
    /// Whether it came true.
    pub outturn: &'static str,
}

/// Spot purchase against the FCA for one band of need in one part of the region.
#[derive(Debug, Clone, Copy)]
pub struct NeedCellView {
    /// Placements through the FCA, and spot purchases: how many, or what stands in place of that.
    pub placements: [Result<usize, &'static str>; 2],
    /// The comparison.
    pub pair: PairView,
}

/// One band of need across the region.
#[derive(Debug, Clone)]
pub struct NeedView {
    /// The band.
    pub need_band: String,
    /// The whole region, then its parts in their order.
    pub cells: Vec<NeedCellView>,
}

/// All that the page shows.
#[derive(Debug, Clone)]
pub struct PricesView {
    /// Whether the region is divided by where the home is.
    pub by_area: bool,
    /// The band in hundredths of a percent.
    pub band: i64,
    /// How many placements were compared; none where it is not told.
    pub placements: Option<usize>,
    /// The share through the arrangement over the last four quarters, in thousandths.
    pub share: Option<u32>,
    /// Checks that the regional evaluation satisfies for every FCA home, of how many.
    pub checks: (usize, usize),
    /// The first and the last quarter.
    pub quarters: Option<(Date, Date)>,
    /// The whole region.
    pub region: PartView,
    /// Its parts.
    pub parts: Vec<PartView>,
    /// The same by band of need; empty where one band is chosen.
    pub by_need: Vec<NeedView>,
    /// The lots: code and name.
    pub lots: Vec<(String, String)>,
    /// The bands of need.
    pub need_bands: Vec<String>,
    /// The age bands: code and words.
    pub ages: Vec<(&'static str, &'static str)>,
    /// What was chosen of the three.
    pub chosen: [String; 3],
}

impl PricesView {
    fn query(&self, by_area: bool) -> String {
        let names = ["lot", "need", "age"];
        let chosen = names.iter().zip(&self.chosen).filter(|(_, value)| !value.is_empty());
        let chosen: String = chosen.flat_map(|(name, value)| ["&", name, "=", value]).collect();
        format!("?by={}{chosen}", if by_area { "area" } else { "authority" })
    }
}

/// The page.
pub fn prices_page(shell: Shell, view: &PricesView) -> Page {
    let shell = shell.titled("Is it worth it? Prices by route").back("/reports");
    let page = Page::new(shell).with(tabs(PRICES));
    let divided = SubNav::new("Parts of the region")
        .tab("By placing authority", format!("{PRICES}{}", view.query(false)), !view.by_area)
        .tab("By where the home is", format!("{PRICES}{}", view.query(true)), view.by_area);
    let page = page.with(Html::paragraph(intro(view))).with(divided).with(filters(view));
    let page = page.with(numbers(view)).with(drawing(view)).with(differences(view)).maybe(by_need(view));
    let page = if view.by_area { page } else { page.with(expectations(view)) };
    page.with(prices(view))
        .with(blocks(view))
        .with(Html::bullets([Link::download(
            format!(
                "Download {} (CSV)",
                words::count(count(view.parts.len()) + 1, "part of the region", "parts of the region")
            ),
            format!("{PRICES}.csv{}", view.query(view.by_area)),
        )]))
        .with(Details::new("How prices are compared", how()))
}

fn intro(view: &PricesView) -> String {
    let Some((first, last)) = view.quarters else {
        return "No placement with a price is recorded yet. One appears here with its agreement.".to_owned();
    };
    let end = last.saturating_add(jiff::Span::new().months(3)).saturating_sub(jiff::Span::new().days(1));
    format!(
        "{} that began from {} are compared at the same lot, need band, age, education, staffing, quarter and notice. \
         Where too few are known, or they differ too widely, it says so.",
        view.placements.map_or_else(
            || "Placements".to_owned(),
            |placements| words::count(count(placements), "placement", "placements")
        ),
        words::date_range(first, end)
    )
}

/// What else the arrangement is worth: how much goes through it, and what it spares.
fn numbers(view: &PricesView) -> Numbers {
    let share = view.share.map_or_else(|| "Not told".to_owned(), |share| format!("{}%", (share + 5) / 10));
    let (once, all) = view.checks;
    Numbers::new([
        Number::new(share, "Through the FCA").note("of placements in the last four quarters").to(SHARE),
        Number::new(format!("{once} of {all}"), "Checks done once")
            .note("for every FCA home, by regional evaluation")
            .to(CHECKS),
    ])
}

fn filters(view: &PricesView) -> Filters {
    let any = |word: &str| vec![Choice::new("", word)];
    let mut lots = any("All lots");
    lots.extend(view.lots.iter().map(|(code, name)| Choice::new(code.as_str(), name.as_str())));
    let mut needs = any("All bands of need");
    needs.extend(view.need_bands.iter().map(|band| Choice::new(band.as_str(), words::capital(&words::code(band)))));
    let mut ages = any("All ages");
    ages.extend(view.ages.iter().map(|(code, label)| Choice::new(*code, *label)));
    let [lot, need, age] = &view.chosen;
    Filters::new(PRICES)
        .keep("by", if view.by_area { "area" } else { "authority" })
        .field(Field::select("lot", "Lot", lots).value(lot.as_str()))
        .field(Field::select("need", "Band of need", needs).value(need.as_str()))
        .field(Field::select("age", "Age", ages).value(age.as_str()))
        .clear(format!("{PRICES}?by={}", if view.by_area { "area" } else { "authority" }))
        .bar()
}

fn pair_of(part: &PartView, pair: Pair) -> Option<&PairView> {
    part.pairs.iter().find(|one| one.pair == pair)
}

/// What the parts say of spot purchase against the FCA, in one sentence.
fn finding(view: &PricesView) -> String {
    let with = |code: &str| -> Vec<&str> {
        let said = |part: &&PartView| pair_of(part, Pair::SpotFca).is_some_and(|pair| pair.verdict.code() == code);
        view.parts.iter().filter(said).map(|part| part.name.as_str()).collect()
    };
    let (higher, similar, lower) = (with("higher"), with("broadly_similar"), with("lower"));
    let mut said = Vec::new();
    if !higher.is_empty() {
        said.push(format!("higher in {}", words::list(&higher)));
    }
    if !similar.is_empty() {
        said.push(format!("broadly similar in {}", words::list(&similar)));
    }
    if !lower.is_empty() {
        said.push(format!("lower in {}", words::list(&lower)));
    }
    if said.is_empty() {
        return "No part of the region can be told yet".to_owned();
    }
    format!("Spot prices are {}", said.join("; "))
}

fn drawing(view: &PricesView) -> Intervals {
    let text = "Spot purchase against the FCA, like for like: to the right spot purchase costs more, to the left less.";
    let row = |part: &PartView| {
        let pair = pair_of(part, Pair::SpotFca);
        let label = format!("{}: {}", part.name, pair.map_or_else(String::new, |pair| pair.verdict.words()));
        let drawn = pair.filter(|pair| !matches!(pair.verdict, Verdict::TooFew(_))).and_then(|pair| pair.difference);
        IntervalRow::new(label, drawn.map(|one| (one.ninety.from.0, one.estimate.0, one.ninety.to.0)))
    };
    Intervals::new("spot-fca", finding(view), text, view.band)
        .rows(std::iter::once(&view.region).chain(&view.parts).map(row))
}

fn difference_cells(row: Row, pair: Option<&PairView>) -> Row {
    let difference = pair.filter(|pair| !matches!(pair.verdict, Verdict::TooFew(_))).and_then(|pair| pair.difference);
    let row = row
        .cell(difference.map_or_else(String::new, |one| one.estimate.to_string()))
        .cell(difference.map_or_else(String::new, |one| one.ninety.words()))
        .cell(difference.map_or_else(String::new, |one| one.ninety_five.words()));
    let verdict = pair.map_or_else(String::new, |pair| {
        let words = words::capital(&pair.verdict.words());
        pair.verdict.why().map_or(words.clone(), |why| format!("{words}. {why}"))
    });
    row.cell(verdict)
}

fn difference_table(caption: &str, view: &PricesView, pair: Pair) -> Table {
    let rows = std::iter::once(&view.region)
        .chain(&view.parts)
        .map(|part| difference_cells(Row::new(part.name.as_str()), pair_of(part, pair)));
    Table::new(caption)
        .column(Column::text("Part of the region"))
        .column(Column::number("Difference"))
        .column(Column::number("90% between"))
        .column(Column::number("95% between"))
        .column(Column::text("Verdict"))
        .rows(rows)
}

fn differences(view: &PricesView) -> Table {
    difference_table("Spot purchase against the FCA, like for like", view, Pair::SpotFca)
}

/// Spot purchase against the FCA, part of the region by band of need: one verdict may hide two.
fn by_need(view: &PricesView) -> Option<Table> {
    if view.by_need.len() < 2 {
        return None;
    }
    let bands = view.by_need.iter().map(|one| words::capital(&words::code(&one.need_band)));
    let rows = std::iter::once(&view.region).chain(&view.parts).enumerate().map(|(at, part)| {
        view.by_need.iter().fold(Row::new(part.name.as_str()), |row, need| {
            row.cell(Cell::new(need.cells.get(at).map_or_else(Html::default, need_cell)))
        })
    });
    let table = Table::new("Spot purchase against the FCA by band of need, like for like")
        .column(Column::text("Part of the region"));
    Some(bands.map(Column::text).fold(table, Table::column).rows(rows))
}

/// "Higher", "+8.1%", "31 FCA, 12 spot"; "31 FCA, spot: fewer than 5".
fn need_cell(cell: &NeedCellView) -> Html {
    let drawn = (!matches!(cell.pair.verdict, Verdict::TooFew(_))).then_some(cell.pair.difference).flatten();
    let many = |name: &str, told: Result<usize, &'static str>| match told {
        Ok(number) => format!("{} {name}", words::number(count(number))),
        Err(untold) => format!("{name}: {}", untold.to_lowercase()),
    };
    let [fca, spot] = cell.placements;
    let lines = [
        Some(words::capital(&cell.pair.verdict.words())),
        drawn.map(|one| one.estimate.to_string()),
        Some(format!("{}, {}", many("FCA", fca), many("spot", spot))),
    ];
    Html::lines(lines.into_iter().flatten())
}

fn blocks(view: &PricesView) -> Html {
    let table = |caption: &str, pair: Pair| difference_table(caption, view, pair);
    Html::from(Details::new(
        "Block against the FCA and against spot purchase",
        Html::join([
            Html::from(table("Block against the FCA, like for like", Pair::BlockFca)),
            Html::from(table("Block against spot purchase, like for like", Pair::BlockSpot)),
        ]),
    ))
}

fn expectations(view: &PricesView) -> Table {
    let said = view.parts.iter().filter_map(|part| {
        let (expected, decision) = part.expected.as_ref()?;
        let decision = decision.as_ref().map_or_else(
            || Html::from("No decision"),
            |reference| Link::new(reference.as_str(), format!("/decisions/{reference}")).into(),
        );
        let verdict =
            pair_of(part, Pair::SpotFca).map_or_else(String::new, |pair| words::capital(&pair.verdict.words()));
        Some(Row::new(part.name.as_str()).cell(Cell::new(decision)).cell(*expected).cell(verdict).cell(part.outturn))
    });
    Table::new("What decisions expected of spot prices, beside the outturn")
        .columns(["Placing authority", "Decision", "Expected", "Outturn", "Came true"])
        .rows(said)
        .empty("No authority has recorded what its decision expected. Democratic services records it in the settings.")
}

fn prices(view: &PricesView) -> Table {
    let routes = view.region.sides.iter().map(|side| Column::text(side.route));
    let table = Table::new("Prices a week as they were agreed, not like for like: median, middle half, how many")
        .column(Column::text("Part of the region"));
    let table = routes.fold(table, Table::column);
    table.rows(std::iter::once(&view.region).chain(&view.parts).map(|part| {
        part.sides.iter().fold(Row::new(part.name.as_str()), |row, side| row.cell(Cell::new(agreed(side))))
    }))
}

/// "£4,380", "£3,750 to £5,280", "949 placements in 235 homes"; "Fewer than 5".
fn agreed(side: &SideView) -> Html {
    let (Some([low, median, high]), Some((placements, homes))) = (side.quartiles, side.count) else {
        return side.untold.unwrap_or("None").into();
    };
    let pounds = |pence: Pence| words::money(Pence((pence.0 + 50) / 100 * 100));
    Html::lines([
        pounds(median),
        format!("{} to {}", pounds(low), pounds(high)),
        format!(
            "{} in {}",
            words::count(count(placements), "placement", "placements"),
            words::count(count(homes), "home", "homes")
        ),
    ])
}

fn how() -> Html {
    Html::bullets([
        "One least-squares fit of the logarithm of the weekly price over the whole region says what each lot, need band, \
         age, education, staffing, quarter and notice costs. Each part has its own difference for spot purchase and block.",
        "Intervals hold where prices spread differently, and where several children live in one home at its one price: each \
         home is left out in turn. They use Student's distribution with the smaller side's homes less one.",
        "Fewer than 8 placements on a side: too few to say. The 90% interval within the band: broadly similar. The 95% \
         interval without zero: lower or higher. Else: cannot tell, and between what.",
        "The price is the whole weekly price on the first night, as agreed at the award. Own homes are not bought and stand \
         in no comparison.",
        "Numbers and prices of fewer than 5 placements or homes are left out, and with them those that would tell them by \
         subtraction. Who reads the prices of their own authority's children anyway sees all of these.",
    ])
}
