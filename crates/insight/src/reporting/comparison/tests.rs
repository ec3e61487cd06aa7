//! The comparison against reference figures and its own symmetries.

use jiff::civil::{Date, date};
use placewell_domain::authority::AreaCode;
use placewell_domain::id::OrganisationId;
use placewell_domain::placing::agreement::Staffing;
use placewell_domain::placing::child::AgeBand;
use placewell_domain::placing::referral::standard::NeededBy;
use placewell_domain::placing::referral::{LostBy, LostSearches};
use placewell_domain::reporting::comparison::TooFew;
use proptest::prelude::*;

use super::*;

const TEN: Band = Band(10);

/// `SplitMix64`, as `reference.py` has it.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn at(&mut self, limit: u64) -> usize {
        usize::try_from(self.below(limit)).unwrap()
    }
}

/// The 240 placements that `reference.py` makes too.
fn made() -> Vec<PricePoint> {
    let mut chance = Chance(5_584);
    let mut next = |limit: u64| chance.at(limit);
    (0..240)
        .map(|_| {
            let (part, route, lot, need) = (next(3), next(3), next(3), next(2));
            let (age, education, staffing, quarter) = (next(3), next(2), next(3), next(4));
            let (notice, home) = (next(3), next(25));
            let priced =
                390_000 + lot * 60_000 + need * 15_000 + education * 90_000 + staffing * 40_000 + quarter * 4_000;
            let weekly = i64::try_from(priced + part * route * 7_000 + next(120_000)).unwrap();
            PricePoint {
                authority: OrganisationId(i64::try_from(part).unwrap()),
                route: ROUTES[route],
                lot: ["a", "b", "c"][lot].to_owned(),
                need_band: ["a", "b"][need].to_owned(),
                age: AgeBand::ALL[age],
                education: education == 1,
                staffing: Staffing::ALL[staffing],
                notice: Some(NeededBy::ALL[notice]),
                area: AreaCode::parse("E06000019").unwrap(),
                home: i64::try_from(part * 100 + home).unwrap(),
                quarter: [date(2020, 10, 1), date(2021, 1, 1), date(2021, 4, 1), date(2021, 7, 1)][quarter],
                weekly: Pence(weekly + [0, 30_000, -50_000][route]),
            }
        })
        .collect()
}

fn fitted(points: &[PricePoint]) -> (Design, Fit) {
    let all: Vec<&PricePoint> = points.iter().collect();
    let parts: Vec<OrganisationId> = (0..3).map(OrganisationId).collect();
    let design = Design::of(&all, &parts, |point| point.authority);
    let fit = Fit::of(design.columns, &design.rows);
    (design, fit)
}

fn by_authority(points: &[PricePoint]) -> Vec<Part<OrganisationId>> {
    compare(points, |point| point.authority, TEN)
}

/// Part, pair, estimate, HC3 error (each placement for itself), error by leaving out one home at a time.
const REFERENCE: [(usize, Pair, f64, f64, f64); 9] = [
    (0, Pair::SpotFca, 0.051_821_219_876_806_435, 0.017_468_483_685_287_216, 0.020_808_245_635_301_64),
    (0, Pair::BlockFca, -0.078_764_356_492_563_3, 0.019_994_784_895_839_193, 0.024_990_981_828_881_504),
    (0, Pair::BlockSpot, -0.130_585_576_369_369_74, 0.019_163_477_109_350_426, 0.019_094_353_018_450_91),
    (1, Pair::SpotFca, 0.056_964_397_518_353_14, 0.017_917_047_367_255_863, 0.017_549_261_135_686_24),
    (1, Pair::BlockFca, -0.013_794_861_186_505_303, 0.021_226_010_321_902_04, 0.019_298_786_081_360_323),
    (1, Pair::BlockSpot, -0.070_759_258_704_858_44, 0.021_427_666_815_602_178, 0.021_067_865_328_268_685),
    (2, Pair::SpotFca, 0.074_622_801_720_547_36, 0.015_872_790_781_621_09, 0.012_447_534_045_677_592),
    (2, Pair::BlockFca, -0.048_170_587_410_727_994, 0.016_165_810_463_417_512, 0.018_608_370_414_520_355),
    (2, Pair::BlockSpot, -0.122_793_389_131_275_35, 0.016_628_484_648_844_817, 0.016_387_438_973_982_843),
];

fn contrast(design: &Design, fit: &Fit, part: usize, pair: Pair) -> Contrast {
    let (base, other) = pair.routes();
    let effects = design.effects(part);
    fit.contrast(effects[place(other).unwrap()], effects[place(base).unwrap()]).unwrap()
}

#[test]
fn rule_8_1_estimates_and_hc3_errors_are_those_of_statsmodels() {
    let points = made();
    let (mut design, _) = fitted(&points);
    for (at, row) in design.rows.iter_mut().enumerate() {
        row.cluster = i64::try_from(at).unwrap();
    }
    let fit = Fit::of(design.columns, &design.rows);
    for (part, pair, estimate, hc3, _) in REFERENCE {
        let found = contrast(&design, &fit, part, pair);
        assert!((found.estimate - estimate).abs() < 1e-10, "{part} {pair:?} {found:?}");
        assert!((found.error - hc3).abs() < 1e-10, "{part} {pair:?} {found:?}");
    }
}

#[test]
fn rule_8_1_errors_by_home_are_what_leaving_out_each_home_gives() {
    let (design, fit) = fitted(&made());
    for (part, pair, estimate, _, by_home) in REFERENCE {
        let found = contrast(&design, &fit, part, pair);
        assert!((found.estimate - estimate).abs() < 1e-10, "{part} {pair:?} {found:?}");
        assert!((found.error - by_home).abs() < 1e-10, "{part} {pair:?} {found:?}");
    }
}

#[test]
fn quantiles_of_students_distribution_are_those_of_scipy() {
    let scipy = [
        (0.95, 1.0, 6.313_751_514_675_037),
        (0.95, 7.0, 1.894_578_605_090_006_2),
        (0.975, 7.0, 2.364_624_251_592_784),
        (0.95, 24.0, 1.710_882_079_909_428),
        (0.975, 24.0, 2.063_898_561_628_024_5),
        (0.975, 200.0, 1.971_896_223_633_908_8),
        (0.975, 2.5, 3.574_654_842_003_681_7),
    ];
    for (share, freedom, expected) in scipy {
        assert!((quantile(share, freedom) - expected).abs() < 1e-9, "{share} {freedom}");
        assert!((quantile(1.0 - share, freedom) + expected).abs() < 1e-9, "{share} {freedom}");
    }
}

#[test]
fn rule_8_1_a_part_shows_n_median_middle_half_difference_and_both_intervals() {
    let parts = by_authority(&made());
    let one = &parts[1];
    let counts = one.sides.map(|side| side.count.map(|count| (count.placements, count.homes)));
    assert_eq!(counts, [(28, 14), (30, 19), (21, 16)].map(Some));
    // numpy: 554,659.25, 606,635.5 and 654,519.
    assert_eq!(one.sides[0].quartiles, Some([Pence(554_659), Pence(606_636), Pence(654_519)]));
    let spot = one.pair(Pair::SpotFca).unwrap();
    let hundredths = |interval: Interval| (interval.from.0, interval.to.0);
    let difference = spot.difference.unwrap();
    // scipy and statsmodels, 13 degrees of freedom: 5.8618%, 2.6224 to 9.2035, 1.9234 to 9.9524; outwards.
    assert_eq!(difference.estimate, Hundredths(586));
    assert_eq!(hundredths(difference.ninety), (262, 921));
    assert_eq!(hundredths(difference.ninety_five), (192, 996));
    assert_eq!(spot.verdict, Verdict::BroadlySimilar);
    // 5.4112 to 10.1361, 4.9092 to 10.6631: not within ten percent, and without zero.
    assert_eq!(parts[2].pair(Pair::SpotFca).unwrap().verdict, Verdict::Higher);
    assert_eq!(parts[0].pair(Pair::BlockSpot).unwrap().verdict, Verdict::Lower);
}

type Ends = [f64; 2];

/// Part, pair, the 90% and the 95% interval in percent as `reference.py` prints them, and the verdict that rule 8.1 then gives.
const INTERVALS: [(usize, Pair, Ends, Ends, &str); 9] = [
    (0, Pair::SpotFca, [1.561_307, 9.215_193], [0.773_951, 10.068_502], "broadly_similar"),
    (0, Pair::BlockFca, [-11.520_182, -3.452_301], [-12.343_364, -2.545_623], "lower"),
    (0, Pair::BlockSpot, [-15.109_012, -9.277_874], [-15.706_981, -8.634_296], "lower"),
    (1, Pair::SpotFca, [2.622_377, 9.203_505], [1.923_416, 9.952_390], "broadly_similar"),
    (1, Pair::BlockFca, [-4.683_926, 2.059_114], [-5.397_601, 2.829_041], "broadly_similar"),
    (1, Pair::BlockSpot, [-10.209_615, -3.326_052], [-10.922_584, -2.552_281], "lower"),
    (2, Pair::SpotFca, [5.411_213, 10.136_109], [4.909_249, 10.663_083], "higher"),
    (2, Pair::BlockFca, [-7.775_623, -1.527_757], [-8.431_382, -0.822_559], "broadly_similar"),
    (2, Pair::BlockSpot, [-14.049_957, -8.988_365], [-14.575_155, -8.428_818], "lower"),
];

#[test]
fn rule_8_1_every_interval_and_verdict_is_that_of_scipy_and_statsmodels_on_generated_data() {
    let parts = by_authority(&made());
    // Ends are rounded outwards, to a hundredth of a percent.
    let outwards = |[from, to]: Ends| [(from * 100.0).floor(), (to * 100.0).ceil()];
    for (part, pair, ninety, ninety_five, verdict) in INTERVALS {
        let found = parts[part].pair(pair).unwrap();
        let difference = found.difference.unwrap();
        for (found, expected) in [(difference.ninety, ninety), (difference.ninety_five, ninety_five)] {
            let ends = [found.from.0, found.to.0].map(|end| f64::from(i32::try_from(end).unwrap()));
            for (end, expected) in ends.into_iter().zip(outwards(expected)) {
                assert!((end - expected).abs() < 1e-6, "{part} {pair:?}: {end} and not {expected}");
            }
        }
        assert_eq!(found.verdict.code(), verdict, "{part} {pair:?}");
    }
}

/// Of the second part only the first so many placements of each route; every placement of the others.
fn first_of(mut left: [usize; 3]) -> Vec<PricePoint> {
    let mut points = made();
    points.retain(|point| {
        let at = place(point.route).unwrap();
        let room = left[at] > 0;
        if point.authority.0 == 1 && room {
            left[at] -= 1;
        }
        point.authority.0 != 1 || room
    });
    points
}

/// Placements of the second part by route, the difference of spot and FCA in percent with the 90% and the 95% interval as
/// `reference.py` prints them, and the verdict that rule 8.1 then gives.
const FEW: [([usize; 3], f64, Ends, Ends, &str); 2] = [
    ([8, 8, 0], 9.726_900, [2.006_803, 18.031_270], [-0.024_380, 20.429_286], "cannot_tell"),
    ([8, 7, 0], 8.778_677, [1.859_827, 16.167_490], [0.030_962, 18.291_380], "too_few"),
];

#[test]
fn rule_8_1_what_cannot_be_told_and_what_is_too_few_are_those_of_scipy_and_statsmodels() {
    let outwards = |[from, to]: Ends| [(from * 100.0).floor(), (to * 100.0).ceil()];
    let ends = |interval: Interval| [interval.from.0, interval.to.0].map(|end| f64::from(i32::try_from(end).unwrap()));
    for (left, estimate, ninety, ninety_five, verdict) in FEW {
        let parts = by_authority(&first_of(left));
        let spot = parts[1].pair(Pair::SpotFca).unwrap();
        let found = spot.difference.unwrap();
        let near = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-6, "{left:?}: {found} {expected}");
        near(f64::from(i32::try_from(found.estimate.0).unwrap()), (estimate * 100.0_f64).round());
        for (interval, expected) in [(found.ninety, ninety), (found.ninety_five, ninety_five)] {
            for (end, expected) in ends(interval).into_iter().zip(outwards(expected)) {
                near(end, expected);
            }
        }
        assert_eq!(spot.verdict.code(), verdict, "{left:?}");
        assert_eq!(parts[1].pair(Pair::BlockFca).unwrap().verdict, Verdict::TooFew(TooFew::Placements));
    }
    // Seven on a side are too few though the interval lies above zero; eight with a wide spread show between what it lies.
    let parts = by_authority(&first_of([8, 8, 0]));
    let spot = parts[1].pair(Pair::SpotFca).unwrap();
    assert_eq!(spot.verdict, Verdict::CannotTell(spot.difference.unwrap().ninety_five));
    let parts = by_authority(&first_of([8, 7, 0]));
    assert_eq!(parts[1].pair(Pair::SpotFca).unwrap().verdict, Verdict::TooFew(TooFew::Placements));
}

#[test]
fn what_no_placement_of_the_other_side_is_like_is_not_estimated() {
    let mut points = made();
    for point in points.iter_mut().filter(|point| point.authority.0 == 2 && point.route == BuyingRoute::Spot) {
        "only here".clone_into(&mut point.lot);
    }
    let spot = by_authority(&points)[2].pair(Pair::SpotFca).copied().unwrap();
    assert_eq!(spot.difference, None);
    assert_eq!(spot.verdict.why().as_deref(), Some("No placement of one side is like any of the other's"));
}

#[test]
fn a_price_that_differs_by_lot_only_is_no_difference_between_routes() {
    let mut points = made();
    for point in &mut points {
        let spot = point.route == BuyingRoute::Spot;
        // Spot purchase buys the dear lot, the FCA the cheap one, but for a few of each.
        let dear = spot != (point.home % 7 == 0);
        point.lot = if dear { "b" } else { "a" }.to_owned();
        point.weekly = Pence(if dear { 700_000 } else { 400_000 });
    }
    let parts = by_authority(&points);
    let one = &parts[0];
    let median = |side: usize| one.sides[side].quartiles.unwrap()[1];
    assert_eq!((median(0), median(1)), (Pence(400_000), Pence(700_000)));
    let spot = one.pair(Pair::SpotFca).unwrap();
    assert_eq!((spot.difference.unwrap().estimate, spot.verdict), (Hundredths(0), Verdict::BroadlySimilar));
}

/// Whether the median of an authority, or of the region, can be told on a lot or on all.
fn told(points: &[PricePoint], own: Option<i64>, lot: Option<&str>, part: Option<i64>, route: BuyingRoute) -> bool {
    let own = own.map(OrganisationId);
    let mut telling = Telling::new(points, own, [lot, None, None], |point: &PricePoint| point.authority);
    telling.told([lot.is_some(), false, false], part.map(OrganisationId), route)
}

#[test]
fn rule_9_1_prices_of_fewer_than_five_are_told_to_nobody_but_their_own_authority() {
    // Three placements of the second authority through the FCA, many of every other.
    let points = first_of([3, 30, 30]);
    let of = |part, route| points.iter().filter(move |one| one.authority.0 == part && one.route == route).count();
    let fca = |own, part| told(&points, own, None, part, BuyingRoute::Arrangement);
    assert!(!fca(None, Some(1)));
    // The smaller of the others is left out beside them: the region less the largest would be the three.
    let smaller = if of(0, BuyingRoute::Arrangement) < of(2, BuyingRoute::Arrangement) { 0 } else { 2 };
    assert!(!fca(None, Some(smaller)) && fca(None, Some(2 - smaller)) && fca(None, None));
    assert!((0..3).all(|part| told(&points, None, None, Some(part), BuyingRoute::Spot)));
    // Its own people read them, and they hide nobody else's; to a third they stay hidden.
    assert!((0..3).all(|part| fca(Some(1), Some(part))));
    assert!(!fca(Some(2), Some(1)));

    let mut one_home = made();
    for point in one_home.iter_mut().filter(|point| point.authority.0 == 1) {
        point.home %= 4;
    }
    assert!(!told(&one_home, None, None, Some(1), BuyingRoute::Arrangement), "children in four homes are too few");
    assert!(told(&made()[..4], None, None, None, BuyingRoute::Spot), "of what is not there nothing is hidden");
    assert!(!told(&made()[..14], None, None, None, BuyingRoute::Spot), "three of a whole region are told of nobody");
}

#[test]
fn rule_9_1_what_cannot_be_told_says_neither_how_many_nor_in_how_many_homes() {
    let points = first_of([3, 30, 30]);
    let mut telling = Telling::new(&points, None, [None; 3], |point: &PricePoint| point.authority);
    for mut part in by_authority(&points) {
        telling.keep(Some(part.of), &mut part.sides);
        for side in part.sides {
            assert_eq!(side.count.is_none(), side.untold.is_some(), "{side:?}");
            assert_eq!(side.quartiles.is_none(), side.count.is_none_or(|count| count.placements == 0), "{side:?}");
        }
        let few = part.sides[0].untold;
        assert!(part.of.0 != 1 || few == Some("Fewer than 5"), "{few:?}");
    }
}

#[test]
fn rule_9_1_nothing_of_fewer_than_five_is_left_when_told_prices_are_taken_from_told_prices() {
    let points = first_of([9, 14, 21]);
    let lots = ["a", "b", "c"];
    let enough = |left: &[&PricePoint]| {
        let homes: BTreeSet<i64> = left.iter().map(|point| point.home).collect();
        left.is_empty() || (left.len() >= 5 && homes.len() >= 5)
    };
    let mut hidden = 0;
    for (own, route) in [None, Some(2)].into_iter().flat_map(|own| ROUTES.map(|route| (own, route))) {
        let others = points.iter().filter(|point| Some(point.authority.0) != own && point.route == route);
        let others: Vec<&PricePoint> = others.collect();
        for part in [None, Some(0), Some(1), Some(2)].into_iter().filter(|part| part.is_none() || *part != own) {
            let within = |point: &&PricePoint| part.is_none_or(|part| point.authority.0 == part);
            let all = told(&points, own, None, part, route);
            let by_lot = lots.map(|lot| told(&points, own, Some(lot), part, route));
            hidden += by_lot.iter().filter(|told| !**told).count();
            let untold = |point: &&PricePoint| !lots.iter().zip(by_lot).any(|(lot, told)| told && point.lot == *lot);
            let left: Vec<&PricePoint> = others.iter().copied().filter(within).filter(untold).collect();
            assert!(!all || enough(&left), "{own:?} {part:?} {route:?}: {} left", left.len());
            let none = lots
                .iter()
                .zip(by_lot)
                .all(|(lot, told)| !told || others.iter().copied().filter(within).all(|point| point.lot != *lot));
            assert!(all || none, "a part is told only of what is told");
        }
        for lot in [None, Some("a"), Some("b"), Some("c")] {
            let parts = [0, 1, 2].map(|part| told(&points, own, lot, Some(part), route));
            let here = |point: &&PricePoint| lot.is_none_or(|lot| point.lot == lot);
            let untold = |point: &&PricePoint| (0..3).zip(parts).any(|(part, told)| !told && point.authority.0 == part);
            let left: Vec<&PricePoint> = others.iter().copied().filter(here).filter(untold).collect();
            assert!(!told(&points, own, lot, None, route) || enough(&left), "{own:?} {lot:?} {route:?}");
        }
    }
    assert!(hidden > 0, "something is hidden");
}

#[test]
fn own_homes_and_free_places_stand_in_no_comparison_of_prices() {
    let mut points = made();
    let before = by_authority(&points);
    let mut more = points.clone();
    for (at, point) in more.iter_mut().enumerate() {
        point.authority = OrganisationId(9);
        if at % 2 == 0 { point.route = BuyingRoute::InHouse } else { point.weekly = Pence::ZERO }
    }
    points.append(&mut more);
    assert_eq!(by_authority(&points), before);
    assert!(by_authority(&[]).is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_order_of_the_records_and_the_numbers_of_homes_change_nothing(seed in any::<u64>()) {
        let points = made();
        let mut shuffled = points.clone();
        let mut chance = Chance(seed);
        for at in (1..shuffled.len()).rev() {
            let other = chance.at(u64::try_from(at + 1).unwrap());
            shuffled.swap(at, other);
        }
        let salt = i64::from(u32::try_from(seed >> 32).unwrap());
        for point in &mut shuffled {
            point.home = (point.home ^ salt) + 1_000_003 * (salt % 7);
        }
        let (before, after) = (by_authority(&points), by_authority(&shuffled));
        for (was, is) in before.iter().zip(&after) {
            prop_assert_eq!(was.sides, is.sides);
            for (was, is) in was.pairs.iter().zip(&is.pairs) {
                prop_assert_eq!(was.verdict.code(), is.verdict.code());
                let (was, is) = (was.difference.unwrap(), is.difference.unwrap());
                // The sums are made in another order: a hundredth may tip over.
                prop_assert!((was.ninety.from.0 - is.ninety.from.0).abs() <= 1);
                prop_assert!((was.estimate.0 - is.estimate.0).abs() <= 1);
            }
        }
    }

    #[test]
    fn a_share_is_a_share_whatever_the_level_of_prices(times in 2_i64..20) {
        let points = made();
        let mut dearer = points.clone();
        for point in &mut dearer {
            point.weekly = Pence(point.weekly.0 * times);
        }
        for (was, is) in by_authority(&points).iter().zip(&by_authority(&dearer)) {
            for (was, is) in was.pairs.iter().zip(&is.pairs) {
                prop_assert_eq!(was.verdict.code(), is.verdict.code());
                prop_assert!((was.difference.unwrap().estimate.0 - is.difference.unwrap().estimate.0).abs() <= 1);
            }
        }
    }

    #[test]
    fn one_percent_on_every_spot_price_is_one_percent_more(percent in 1_i64..40) {
        let points = made();
        let mut dearer = points.clone();
        for point in dearer.iter_mut().filter(|point| point.route == BuyingRoute::Spot) {
            point.weekly = Pence(point.weekly.0 * (100 + percent));
        }
        for point in dearer.iter_mut().filter(|point| point.route != BuyingRoute::Spot) {
            point.weekly = Pence(point.weekly.0 * 100);
        }
        for (was, is) in by_authority(&points).iter().zip(&by_authority(&dearer)) {
            let (was, is) = (was.pair(Pair::SpotFca).unwrap(), is.pair(Pair::SpotFca).unwrap());
            let expected = (10_000 + was.difference.unwrap().estimate.0) * (100 + percent) / 100 - 10_000;
            prop_assert!((is.difference.unwrap().estimate.0 - expected).abs() <= 2);
        }
    }
}

#[test]
fn the_share_through_the_arrangement_is_of_all_placements_that_began_in_the_quarter() {
    let mut points = made();
    points.retain(|point| point.quarter != date(2021, 1, 1));
    points[0].route = BuyingRoute::InHouse;
    let lost = |reason: &str, count| LostSearches {
        authority: OrganisationId(1),
        quarter: date(2021, 4, 1),
        lot: "a".to_owned(),
        by: LostBy::NotPlaced,
        reason: reason.to_owned(),
        count,
    };
    let shares = quarter_shares(&points, &[lost("none_suitable", 2), lost("no_offers", 3), lost("none_suitable", 2)]);
    let quarters: Vec<Date> = shares.iter().map(|share| share.quarter).collect();
    assert_eq!(quarters, [date(2020, 10, 1), date(2021, 1, 1), date(2021, 4, 1), date(2021, 7, 1)]);
    assert_eq!((shares[1].all(), shares[1].thousandths()), (0, None));
    let all: u32 = shares.iter().map(QuarterShare::all).sum();
    assert_eq!(usize::try_from(all).unwrap(), points.len());
    let spring = &shares[2];
    let counted = |wanted: &dyn Fn(&&PricePoint) -> bool| {
        u32::try_from(points.iter().filter(|point| point.quarter == spring.quarter).filter(wanted).count()).unwrap()
    };
    let (through, of) = (counted(&|point| point.route == BuyingRoute::Arrangement), counted(&|_| true));
    assert_eq!(spring.thousandths(), Some((through * 1_000 + of / 2) / of));
    assert_eq!(
        spring.lost,
        [((LostBy::NotPlaced, "none_suitable".to_owned()), 4), ((LostBy::NotPlaced, "no_offers".to_owned()), 3)]
    );
}
