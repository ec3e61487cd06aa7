//! Each verdict is earned by the prices that the demonstration plans, and none is written down.

use jiff::civil::{Date, date};
use placewell_domain::placing::agreement::BuyingRoute;
use placewell_domain::reporting::comparison::{Band, Expectation, Outturn, Pair, Verdict};
use placewell_insight::reporting::comparison::{Part, QuarterShare, compare, quarter_shares};

use super::*;
use crate::demonstration::authorities::place;
use crate::demonstration::stays::TERM_START;
use crate::demonstration::{Scale, TODAY};

/// What was bought since the arrangement began, as the page has it.
fn whole() -> Vec<PricePoint> {
    let all = points(&World::plan(Scale::WHOLE));
    let since = |point: &PricePoint| point.quarter >= quarter_of(TERM_START) && point.route != BuyingRoute::InHouse;
    all.into_iter().map(|(_, point)| point).filter(since).collect()
}

fn by_authority(points: &[PricePoint]) -> Vec<Part<OrganisationId>> {
    compare(points, |point| point.authority, Band(10))
}

fn of<'a>(parts: &'a [Part<OrganisationId>], code: &str) -> &'a Part<OrganisationId> {
    let id = OrganisationId(i64::try_from(place(code)).unwrap());
    parts.iter().find(|part| part.of == id).unwrap()
}

fn spot_against_fca(parts: &[Part<OrganisationId>], code: &str) -> Verdict {
    of(parts, code).pair(Pair::SpotFca).unwrap().verdict
}

#[test]
fn seed_prices_broadly_similar_in_herefordshire_dearer_in_three_parts_of_the_region_and_honest_elsewhere() {
    let parts = by_authority(&whole());
    let verdict = |code: &str| spot_against_fca(&parts, code);
    assert_eq!(verdict("HEF"), Verdict::BroadlySimilar, "{:?}", of(&parts, "HEF").pairs);
    assert_eq!(Expectation::BroadlySimilar.outturn(verdict("HEF")), Outturn::AsExpected);
    for dearer in ["BIR", "COV", "WOR"] {
        assert_eq!(verdict(dearer), Verdict::Higher, "{dearer}");
        assert_eq!(Expectation::BroadlySimilar.outturn(verdict(dearer)), Outturn::NotAsExpected);
    }
    assert_eq!(verdict("SOL").code(), "cannot_tell");
    assert_eq!(verdict("TEL").code(), "too_few");
    assert_eq!(of(&parts, "TEL").sides[0].count.unwrap().placements, 0, "it may award from tomorrow");
    // Everywhere a block's bed costs less, and where spot purchase is dearer, it is so at the median of all prices too.
    assert!(parts.iter().all(|part| part.pair(Pair::BlockSpot).unwrap().verdict == Verdict::Lower));
    let median = |code: &str, side: usize| of(&parts, code).sides[side].quartiles.unwrap()[1];
    assert!(["BIR", "COV", "WOR"].into_iter().all(|code| median(code, 1) > median(code, 0)));
}

#[test]
fn rule_8_1_by_where_the_home_is_another_part_of_the_region_can_be_dear_and_one_home_is_too_few() {
    let points = whole();
    let parts = compare(&points, |point| point.area, Band(10));
    let verdict = |code: &str| {
        let part = parts.iter().find(|part| part.of == PARTS[place(code)].area()).unwrap();
        part.pair(Pair::SpotFca).unwrap().verdict.code()
    };
    assert_eq!(verdict("BIR"), "higher");
    assert_eq!(verdict("SOL"), "too_few");
    assert_eq!(verdict("STA"), "broadly_similar");
    assert_eq!(verdict("HEF"), "cannot_tell");
}

#[test]
fn a_verdict_is_earned_by_prices_with_others_it_is_another() {
    let mut points = whole();
    for point in points.iter_mut().filter(|point| point.route == BuyingRoute::Spot) {
        let hereford = OrganisationId(i64::try_from(place("HEF")).unwrap());
        point.weekly = Pence(point.weekly.0 * if point.authority == hereford { 130 } else { 100 } / 100);
    }
    assert_eq!(spot_against_fca(&by_authority(&points), "HEF"), Verdict::Higher);
}

#[test]
fn seed_share_through_the_arrangement_fell_and_has_risen_since() {
    let all: Vec<PricePoint> = points(&World::plan(Scale::WHOLE)).into_iter().map(|(_, point)| point).collect();
    let shares: Vec<QuarterShare> = quarter_shares(&all, &[]);
    let share = |year: i16, month: i8| {
        let found = shares.iter().find(|one| one.quarter == date(year, month, 1)).unwrap();
        found.thousandths().unwrap()
    };
    assert!(share(2019, 1) > 380, "{}", share(2019, 1));
    let lowest = share(2020, 4).min(share(2020, 7));
    assert!(lowest < 300 && share(2020, 1) < share(2019, 1), "{lowest}");
    assert!(share(2020, 10) > lowest && share(2021, 7) > 380, "{}", share(2021, 7));
    let last: Option<Date> = shares.last().map(|one| one.quarter);
    assert_eq!(last, Some(quarter_of(TODAY)));
}

#[test]
fn rule_10_3_prices_of_spot_purchase_and_block_stay_near_the_stated_ones() {
    let world = World::plan(Scale::WHOLE);
    let mut block: Vec<i64> = Vec::new();
    let mut dear = 0;
    for stay in world.stays.stays.iter().filter(|stay| stay.live()) {
        if stay.contract == Contract::Block {
            block.push(stay.price);
        }
        dear += usize::from(stay.price > 10_000);
    }
    block.sort_unstable();
    let median = block[block.len() / 2];
    assert!((3_000..=3_600).contains(&median), "{median}");
    assert!((25..=60).contains(&dear), "{dear}");
}
