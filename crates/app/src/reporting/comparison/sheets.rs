//! The comparison's tables as files: the same figures as on its pages, differences in hundredths of a percent.

use placewell_domain::placing::agreement::BuyingRoute;
use placewell_domain::reporting::comparison::{CountedBurden, Hundredths};
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_insight::reporting::comparison::{QuarterShare, Side};

use super::{ChecksPage, PartRow, PricePage, SharePage};

fn count(of: usize) -> Cell {
    Cell::Count(i64::try_from(of).unwrap_or(i64::MAX))
}

/// Each comparison of each part, the whole region first.
#[must_use]
pub fn price_sheet(page: &PricePage) -> Sheet {
    let heads = [
        "Code",
        "Part of the region",
        "Compared",
        "Placements compared with",
        "Homes compared with",
        "Lower quarter (£ a week)",
        "Median (£ a week)",
        "Upper quarter (£ a week)",
        "Placements",
        "Homes",
        "Lower quarter of these (£ a week)",
        "Median of these (£ a week)",
        "Upper quarter of these (£ a week)",
        "Difference (hundredths of a percent)",
        "90% from",
        "90% to",
        "95% from",
        "95% to",
        "Verdict",
        "The decision expected",
        "Decision",
        "Outturn",
    ];
    let mut sheet = Sheet::new("Prices by route", heads);
    for part in std::iter::once(&page.region).chain(&page.parts) {
        sheet.rows.extend(part.pairs.iter().map(|compared| price_row(part, compared)));
    }
    sheet
}

fn price_row(part: &PartRow, compared: &placewell_insight::reporting::comparison::Compared) -> Vec<Cell> {
    let (base, other) = compared.pair.routes();
    let side = |route: BuyingRoute| part.sides.iter().find(|side| side.route == route);
    let mut row: Vec<Cell> = vec![part.code.as_str().into(), part.name.as_str().into(), compared.pair.label().into()];
    row.extend([base, other].into_iter().flat_map(|route| side_cells(side(route))));
    let share = |share: Option<Hundredths>| share.map_or(Cell::Empty, |share| Cell::Count(share.0));
    let difference = compared.difference;
    row.extend([
        share(difference.map(|one| one.estimate)),
        share(difference.map(|one| one.ninety.from)),
        share(difference.map(|one| one.ninety.to)),
        share(difference.map(|one| one.ninety_five.from)),
        share(difference.map(|one| one.ninety_five.to)),
        compared.verdict.words().into(),
    ]);
    let says = compared.pair == placewell_domain::reporting::comparison::Pair::SpotFca;
    row.extend(if says {
        [part.expected.label().into(), part.decision.clone().unwrap_or_default().into(), part.outturn.words().into()]
    } else {
        [Cell::Empty, Cell::Empty, Cell::Empty]
    });
    row
}

fn side_cells(side: Option<&Side>) -> Vec<Cell> {
    let untold = || side.and_then(Side::untold).map_or(Cell::Empty, Cell::from);
    let quartile = |at: usize| side.and_then(|side| side.quartiles).map_or_else(untold, |of| Cell::Money(of[at]));
    let of = side.map(|side| side.count).unwrap_or_default();
    vec![count(of.placements), count(of.homes), quartile(0), quartile(1), quartile(2)]
}

/// Each quarter with its placements by route, its share and its lost searches by reason; then each authority.
#[must_use]
pub fn share_sheet(page: &SharePage) -> Sheet {
    let mut heads = vec!["Whose".to_owned(), "Quarter from".to_owned()];
    heads.extend(BuyingRoute::ALL.iter().map(|route| route.label().to_owned()));
    heads.extend(["Placements".to_owned(), "Through the arrangement (tenths of a percent)".to_owned()]);
    heads.extend(page.reasons.iter().map(|reason| format!("Lost: {}", reason.words)));
    let mut sheet = Sheet::new("Share", heads);
    let whose = page.of.as_ref().map_or("The whole region", |(_, name)| name.as_str());
    for (at, quarter) in page.quarters.iter().enumerate() {
        let mut row = share_row(whose, Cell::Day(quarter.quarter), quarter);
        let lost = |by_quarter: &[u32]| by_quarter.get(at).copied().unwrap_or_default();
        row.extend(page.reasons.iter().map(|reason| Cell::Count(i64::from(lost(&reason.by_quarter)))));
        sheet.rows.push(row);
    }
    for authority in page.authorities.iter().filter(|_| page.of.is_none()) {
        let mut row = share_row(&authority.name, Cell::Empty, &authority.all);
        row.extend(page.reasons.iter().map(|_| Cell::Empty));
        sheet.rows.push(row);
    }
    sheet
}

fn share_row(whose: &str, quarter: Cell, of: &QuarterShare) -> Vec<Cell> {
    let mut row = vec![whose.into(), quarter];
    row.extend(of.placements.iter().map(|placements| Cell::Count(i64::from(*placements))));
    row.push(Cell::Count(i64::from(of.all())));
    row.push(of.thousandths().map_or(Cell::Empty, |share| Cell::Count(i64::from(share))));
    row
}

/// Each route with what it took: of the reader's authority first, then of each authority.
#[must_use]
pub fn checks_sheet(page: &ChecksPage) -> Sheet {
    let heads = [
        "Placing authority",
        "Route",
        "Until",
        "Placements that began in the year before",
        "Checks for the middle placement",
        "Check minutes by the system's times",
        "Contracting minutes by the system's times",
        "Minutes said by officers",
    ];
    let mut sheet = Sheet::new("Checks", heads);
    sheet.rows.extend(page.own.iter().map(|one| checks_row("Your authority", one)));
    sheet.rows.extend(page.region.iter().map(|(_, name, one)| checks_row(name, one)));
    sheet
}

fn checks_row(whose: &str, one: &CountedBurden) -> Vec<Cell> {
    let minutes = |minutes: Option<u32>| minutes.map_or(Cell::Empty, |minutes| Cell::Count(i64::from(minutes)));
    vec![
        whose.into(),
        one.route.label().into(),
        one.counted_on.into(),
        Cell::Count(i64::from(one.placements)),
        Cell::Count(i64::from(one.checks)),
        Cell::Count(i64::from(one.check_minutes)),
        minutes(one.contracting),
        minutes(one.said),
    ]
}
