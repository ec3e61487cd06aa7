//! The comparison's tables as files: the same figures as on its pages, and the same left out; differences in hundredths of a
//! percent.

use placewell_domain::placing::agreement::BuyingRoute;
use placewell_domain::reporting::comparison::Hundredths;
use placewell_domain::reporting::publication::FEWER;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_insight::reporting::comparison::{Began, Side};

use super::{ChecksPage, PartRow, PricePage, SharePage, ToldBurden};

/// What stands in place of a number that cannot be told, where no more is known of it.
const LEFT_OUT: &str = "Left out";

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
    let untold = || side.and_then(|side| side.untold).map_or(Cell::Empty, Cell::from);
    let quartile = |at: usize| side.and_then(|side| side.quartiles).map_or_else(untold, |of| Cell::Money(of[at]));
    let of = side.and_then(|side| side.count);
    let counted = |number: Option<usize>| number.map_or_else(untold, count);
    let (placements, homes) = (of.map(|of| of.placements), of.map(|of| of.homes));
    vec![counted(placements), counted(homes), quartile(0), quartile(1), quartile(2)]
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
        let mut row = share_row(whose, Cell::Day(quarter.quarter), &quarter.began);
        let lost = |by_quarter: &[Option<u32>]| by_quarter.get(at).copied().flatten();
        row.extend(page.reasons.iter().map(|reason| number(lost(&reason.by_quarter), LEFT_OUT)));
        sheet.rows.push(row);
    }
    for authority in page.authorities.iter().filter(|_| page.of.is_none()) {
        let mut row = share_row(&authority.name, Cell::Empty, &authority.all);
        row.extend(page.reasons.iter().map(|_| Cell::Empty));
        sheet.rows.push(row);
    }
    sheet
}

/// A number, or what stands in its place.
fn number(told: Option<u32>, untold: &str) -> Cell {
    told.map_or_else(|| Cell::from(untold), |number| Cell::Count(i64::from(number)))
}

fn share_row(whose: &str, quarter: Cell, of: &Began) -> Vec<Cell> {
    let untold = of.untold.unwrap_or(LEFT_OUT);
    let mut row = vec![whose.into(), quarter];
    row.extend(of.placements.iter().map(|placements| number(*placements, untold)));
    row.push(number(of.all, untold));
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

fn checks_row(whose: &str, one: &ToldBurden) -> Vec<Cell> {
    let mut row: Vec<Cell> = vec![whose.into(), one.route.label().into(), one.counted_on.into()];
    let Some(told) = &one.figures else {
        row.extend(std::iter::repeat_n(Cell::from(FEWER), 5));
        return row;
    };
    let minutes = |minutes: Option<u32>| minutes.map_or(Cell::Empty, |minutes| Cell::Count(i64::from(minutes)));
    row.extend([
        Cell::Count(i64::from(told.placements)),
        Cell::Count(i64::from(told.checks)),
        Cell::Count(i64::from(told.check_minutes)),
        minutes(told.contracting),
        minutes(told.said),
    ]);
    row
}
