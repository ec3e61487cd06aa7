//! Futures against what can be reckoned without drawing any: Poisson counts, stays that forget their past, known mixtures.
#![allow(clippy::float_cmp)]

use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::appraisal::{Alternative, Assumption, Assumptions, Figures, Inputs, Living, Year};
use proptest::prelude::*;

use super::*;

/// Pence a week: a count of stays of one week is read off the cost.
const POUND: u32 = 100;

fn poisson_quantile(mean: f64, share: f64) -> i64 {
    let (mut chance, mut sum, mut count) = ((-mean).exp(), 0.0, 0_i64);
    loop {
        sum += chance;
        if sum >= share {
            return count;
        }
        count += 1;
        chance *= mean / precise(count);
    }
}

#[test]
fn a_count_of_arrivals_has_the_quantiles_of_its_law() {
    for mean in [3.0, 40.0, 250.0] {
        let part = Part::new(&[], &Lengths::fixed(1), &[POUND], Arrivals::poisson(mean), [(0, None)]);
        let told = forecast(SEED, FUTURES, &[part], &Ahead::new(52, &[52], 0));
        let cost = told[0][0].cost;
        for (found, share) in [(cost.low, 0.05), (cost.middle, 0.5), (cost.high, 0.95)] {
            let expected = poisson_quantile(mean, share);
            // Of 10,000 draws a quantile strays by less than three errors of its share.
            assert!((found / i64::from(POUND) - expected).abs() <= 1, "{mean} {share}: {found} {expected}");
        }
    }
}

/// The mean and the variance of what one stay from a week on costs within the horizon, where each week so many leave.
fn stay(leave: f64, weeks: usize) -> (f64, f64) {
    let mut found = (0.0, 0.0);
    for length in 1..=4_000_usize {
        let chance = (1.0 - leave).powi(i32::try_from(length).unwrap() - 1) * leave;
        let within = precise_usize(length.min(weeks));
        found = (found.0 + chance * within, found.1 + chance * within * within);
    }
    found
}

fn near(found: Range, mean: f64, variance: f64) {
    let (middle, half) = (precise(found.middle), precise(found.high - found.low) / 2.0);
    let spread = 1.644_85 * variance.sqrt();
    // The middle of 10,000 strays by 1.25% of a standard deviation; the ends by about twice that.
    assert!((middle - mean).abs() < 0.06 * variance.sqrt(), "{middle} {mean}");
    assert!((half / spread - 1.0).abs() < 0.04, "{half} {spread}");
}

#[test]
fn a_year_s_cost_has_the_mean_and_the_spread_of_stays_that_come_and_go() {
    let leave = 1.0_f64 / 30.0;
    let lengths = Lengths::of(|week| (1.0 - leave).powi(i32::from(week)));
    assert!((lengths.mean() - 30.0).abs() < 0.3, "{}", lengths.mean());
    let (coming, weeks) = (156.0, 156);
    let part = Part::new(&[], &lengths, &[POUND], Arrivals::poisson(coming), [(0, None)]);
    let told = forecast(SEED, FUTURES, &[part], &Ahead::new(weeks, &[weeks], 0));
    let by_week = (0..weeks).map(|week| stay(leave, weeks - week));
    let (mean, square) = by_week.fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    let pound = f64::from(POUND);
    near(told[0][0].cost, mean * coming / 156.0 * pound, square * coming / 156.0 * pound * pound);
}

#[test]
fn stays_that_forget_their_past_go_on_as_if_they_began_today() {
    let leave = 1.0_f64 / 40.0;
    let lengths = Lengths::of(|week| (1.0 - leave).powi(i32::from(week)));
    let living: Vec<Living> = (0..200).map(|at| Living { weekly: POUND, weeks: at % 90 }).collect();
    let part = Part::new(&living, &lengths, &[], Arrivals::poisson(0.0), [(0, None)]);
    let told = forecast(SEED, FUTURES, &[part], &Ahead::new(100, &[100], 0));
    let (mean, square) = stay(leave, 100);
    let pound = f64::from(POUND);
    near(told[0][0].cost, 200.0 * mean * pound, 200.0 * (square - mean * mean) * pound * pound);
}

#[test]
fn a_rate_known_from_few_arrivals_spreads_wider_than_one_that_is_known() {
    let draws = |arrivals: &Arrivals| {
        let counts: Vec<f64> =
            (0..20_000).map(|run| precise_usize(arrivals.draw(&mut Chance::of(SEED, run, 0)))).collect();
        let mean = counts.iter().sum::<f64>() / 20_000.0;
        (mean, counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / 20_000.0)
    };
    let (mean, variance) = draws(&Arrivals::reckoned(120.0, 40));
    let expected = 120.0 + 120.0 * 120.0 / 40.5;
    assert!((mean - 120.0).abs() < 1.0 && (variance / expected - 1.0).abs() < 0.05, "{mean} {variance} {expected}");
    let (mean, variance) = draws(&Arrivals::poisson(120.0));
    assert!((mean - 120.0).abs() < 0.5 && (variance / 120.0 - 1.0).abs() < 0.05, "{mean} {variance}");
    assert_eq!(Arrivals::poisson(0.0).draw(&mut Chance::of(1, 1, 1)), 0);
    assert_eq!(Arrivals::reckoned(0.0, 0).draw(&mut Chance::of(1, 1, 1)), 0);
}

#[test]
fn a_region_s_years_are_the_sums_of_its_parts_and_are_held_to_the_sum_of_the_ceilings() {
    let part = |price, ceiling| {
        let living = [Living { weekly: price, weeks: 3 }];
        Part::new(
            &living,
            &Lengths::fixed(200),
            &[],
            Arrivals::poisson(0.0),
            [(500, Some(ceiling)), (0, Some(ceiling))],
        )
    };
    let told = forecast(SEED, 100, &[part(1_000, 10_500), part(3_000, 20_000)], &Ahead::new(30, &[10, 30], 0));
    let middle: Vec<Vec<i64>> = told.iter().map(|part| part.iter().map(|year| year.cost.middle).collect()).collect();
    assert_eq!(middle, [[10_500, 20_000], [30_500, 60_000], [41_000, 80_000]]);
    let above: Vec<Vec<u32>> = told.iter().map(|part| part.iter().map(|year| year.above).collect()).collect();
    assert_eq!(above, [[0, 100], [100, 100], [100, 100]]);
}

#[test]
fn stays_that_go_on_count_for_as_long_as_they_have() {
    // Ten stays: six ended after 2, 4, 4, 6, 8 and 9 weeks, two more after 20; two go on after 5 weeks.
    let ended = [2, 4, 4, 6, 8, 9, 20, 20].map(|weeks| Stay { weeks, ended: true });
    let on = [Stay { weeks: 5, ended: false }; 2];
    let lengths = Lengths::observed(&[&ended[..], &on[..]].concat()).unwrap();
    let longer = |weeks: u16| precise_usize(lengths.table().iter().filter(|length| **length > weeks).count()) / 1_024.0;
    // By hand: 9/10, then 7/9 of it, then (the two gone from view) 4/5, 3/4, 2/3.
    for (weeks, share) in [(1, 1.0), (2, 0.9), (5, 0.7), (6, 0.56), (8, 0.42), (19, 0.28), (20, 0.0)] {
        assert!((longer(weeks) - share).abs() < 0.002, "{weeks}: {} {share}", longer(weeks));
    }
    assert_eq!(Lengths::observed(&ended[..7]), None);
    assert_eq!(Lengths::kept(lengths.table()), Some(lengths.clone()));
    assert_eq!(Lengths::kept(&[1, 2, 3]), None);
    assert!((Lengths::stated().mean() / 52.0 * 12.0 - 8.3).abs() < 0.3, "{}", Lengths::stated().mean());
}

fn inputs() -> Inputs {
    let living: Vec<Living> =
        (0..40).map(|at| Living { weekly: 380_000 + 2_000 * u32::from(at), weeks: 4 * at }).collect();
    Inputs {
        through_arrangement: living[..20].to_vec(),
        living,
        prices: (0..60).map(|at| 330_000 + 5_000 * at).collect(),
        lengths: Lengths::stated().table().to_vec(),
        ended: 0,
        begun: 78,
        grounds: Vec::new(),
        years: vec![
            Year {
                start: jiff::civil::date(2020, 12, 15),
                until_week: 13,
                spent: 300_000_000,
                ceiling: Some(550_000_000),
                set: true,
            },
            Year {
                start: jiff::civil::date(2021, 12, 15),
                until_week: 65,
                spent: 0,
                ceiling: Some(550_000_000),
                set: true,
            },
        ],
    }
}

fn assuming(typed: &[(&str, &str)]) -> Assumptions {
    let mut start = Assumptions::default();
    start.found(Assumption::Placements, 780, "78 placements in 52 weeks");
    start.with_typed(typed.iter().copied()).unwrap()
}

fn figures(typed: &[(&str, &str)]) -> Figures {
    appraise(SEED, 400, &inputs(), &assuming(typed))
}

fn cost(figures: &Figures, one: Alternative) -> i64 {
    figures.of(one).unwrap().cost.middle
}

#[test]
fn the_same_seed_gives_the_same_figures_and_another_one_others() {
    let found = appraise(7, 300, &inputs(), &assuming(&[]));
    assert_eq!(found, appraise(7, 300, &inputs(), &assuming(&[])));
    assert_ne!(found, appraise(8, 300, &inputs(), &assuming(&[])));
    assert_eq!(found.options.len(), Alternative::ALL.len());
    assert_eq!(found.years.len(), 2);
}

#[test]
fn with_every_price_the_same_and_nothing_set_up_every_way_of_buying_costs_the_same() {
    let even = [
        ("spot_spread", "0"),
        ("size_spread", "0"),
        ("own_set_up", "0"),
        ("own_yearly", "0"),
        ("sub_set_up", "0"),
        ("sub_yearly", "0"),
    ];
    let found = figures(&even);
    for one in [Alternative::DoNothing, Alternative::OwnFramework, Alternative::SubRegional] {
        assert_eq!(found.of(one).unwrap().above, Range::default(), "{one:?}");
    }
    let still = found.of(Alternative::Arrangement).unwrap();
    assert_eq!((still.still, still.cheaper), (found.children, 0));
}

#[test]
fn ten_thousand_futures_agree_with_one_hundred_thousand_within_their_error() {
    let (some, many) =
        (appraise(1, FUTURES, &inputs(), &assuming(&[])), appraise(2, 10 * FUTURES, &inputs(), &assuming(&[])));
    for (some, many) in some.options.iter().zip(&many.options) {
        let spread = precise(many.cost.high - many.cost.low) / 3.29;
        for (a, b) in
            [(some.cost.low, many.cost.low), (some.cost.middle, many.cost.middle), (some.cost.high, many.cost.high)]
        {
            assert!(precise((a - b).abs()) < 0.08 * spread, "{:?}: {a} {b} {spread}", some.alternative);
        }
    }
}

#[test]
fn no_search_and_nobody_there_costs_only_what_is_set_up_and_kept_up() {
    let found = appraise(1, 50, &Inputs::default(), &Assumptions::default().with_typed([("rise", "0")]).unwrap());
    assert_eq!(cost(&found, Alternative::Arrangement), 0);
    assert_eq!(cost(&found, Alternative::OwnFramework), 9_000_000 + 3 * 6_000_000);
    // Four empty beds from week 13 on, at 85% of the price.
    assert_eq!(cost(&found, Alternative::Block), 1_500_000 + 4 * 289_000 * (156 - 13));
    assert!(found.years.is_empty());
}

fn one_percent(of: i64) -> String {
    format!("{}.{}", of / 10, of % 10)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_dearer_spot_price_makes_doing_nothing_dearer_and_never_the_arrangement_cheaper(price in 0_i64..600, more in 1_i64..300) {
        let before = figures(&[("spot_price", &one_percent(price))]);
        let after = figures(&[("spot_price", &one_percent(price + more))]);
        prop_assert!(cost(&after, Alternative::DoNothing) > cost(&before, Alternative::DoNothing));
        prop_assert!(cost(&after, Alternative::Arrangement) >= cost(&before, Alternative::Arrangement));
    }

    #[test]
    fn more_beds_leave_fewer_children_who_still_need_the_arrangement(beds in 0_i64..20, more in 1_i64..10) {
        let still = |beds: i64| figures(&[("house_beds", &beds.to_string())]).of(Alternative::InHouse).unwrap().still;
        let (before, after) = (still(beds), still(beds + more));
        prop_assert!(after.middle <= before.middle && after.low <= before.low && after.high <= before.high);
    }

    #[test]
    fn a_longer_look_ahead_more_searches_and_higher_prices_never_cost_less(searches in 0_i64..1_500, rise in -50_i64..200) {
        let found = |years: &str, searches: i64, rise: i64| {
            cost(&figures(&[("years", years), ("placements", &one_percent(searches)), ("rise", &one_percent(rise).replace("0.-", "-0."))]), Alternative::Arrangement)
        };
        let rise = rise.max(0);
        prop_assert!(found("2", searches, rise) >= found("1", searches, rise));
        prop_assert!(found("3", searches, rise + 50) >= found("3", searches, rise));
        prop_assert!(found("3", searches + 200, rise) >= found("3", searches, rise));
    }
}

fn bought(count: usize, price: impl Fn(usize, &mut Chance) -> (usize, Route, f64)) -> Vec<Bought> {
    let mut chance = Chance::of(9, 9, 9);
    let lots = [("planned", 395_000.0), ("therapeutic", 450_000.0), ("disabilities", 440_000.0)];
    let one = |at: usize| {
        let (buyer, route, factor) = price(at, &mut chance);
        let (lot, base) = lots[at % 3];
        let days_ago = i64::try_from(at * 7 % 900).unwrap();
        let noise: f64 = (0..12).map(|_| f64::from(chance.next_half()) / 4_294_967_296.0).sum::<f64>() - 6.0;
        let weekly = base * factor * (0.2 * noise - 0.05 * precise(days_ago) / 365.25).exp();
        let home = i64::try_from(at % 25).unwrap();
        Bought { buyer, lot: lot.to_owned(), route, home, weekly: rounded_wide(weekly), days_ago }
    };
    (0..count).map(one).collect()
}

#[test]
fn a_spot_price_that_is_an_eighth_dearer_is_found_with_its_error() {
    let found = bought(900, |at, _| {
        let spot = at % 2 == 0;
        (0, if spot { Route::Spot } else { Route::Arrangement }, if spot { 1.125 } else { 1.0 })
    });
    let told = spot_difference(&found).unwrap();
    assert!((told.thousandths - 125).abs() <= 2 * (told.error + 1) && (10..=17).contains(&told.error), "{told:?}");
    assert_eq!(told.rests_on, 450);
    let (rise, _) = yearly_rise(&found).unwrap();
    assert!((rise - 51).abs() < 40, "{rise}");
    assert_eq!(spot_difference(&found[..15]), None);
}

#[test]
fn what_size_buys_is_found_from_buyers_of_many_sizes() {
    let sizes = [20, 40, 80, 160, 320, 640];
    let found = bought(1_800, |at, _| (at % 6, Route::Spot, f64::from(sizes[at % 6]).powf(-0.05)));
    let told = size_effect(&found, &sizes, (20, 640)).unwrap();
    let expected = 1_000.0 * (32.0_f64.powf(0.05) - 1.0);
    assert!((precise(told.thousandths) - expected).abs() <= 3.0 * precise(told.error), "{told:?} {expected}");
    assert_eq!(size_effect(&found[..24], &sizes, (20, 640)), None);
    let lots = paid(&found, &sizes, 2, 400);
    assert_eq!(lots.len(), 3);
    let planned = lots.iter().find(|lot| lot.lot == "planned").unwrap();
    // Buyers 1 and 3 are half and twice as large; 4 and 5 are larger; in each lot stand two of the six.
    assert!(planned.own.0 + planned.like.0 + planned.larger.0 <= planned.region.0);
    assert!(planned.region.1.is_some());
}

/// Placements of one buyer on one lot, each at a home of its own but for the homes that are said.
fn of_buyer(buyer: usize, count: i64, homes: i64) -> Vec<Bought> {
    let one = |at: i64| Bought {
        buyer,
        lot: "planned".to_owned(),
        route: Route::Spot,
        home: at % homes,
        weekly: 400_000 + at,
        days_ago: 10,
    };
    (1..=count).map(one).collect()
}

#[test]
fn the_middle_of_fewer_than_eight_or_in_fewer_than_five_homes_is_not_told() {
    assert_eq!(middle(of_buyer(0, 7, 7).iter()), None);
    assert_eq!(middle(of_buyer(0, 8, 4).iter()), None);
    assert_eq!(middle(of_buyer(0, 8, 5).iter()), Some((400_004, 8)));
}

#[test]
fn rule_9_1_what_the_region_paid_tells_nothing_of_few_buyers_whom_it_leaves_out() {
    // The own authority has 40 placements, one is of its size, one is larger, and one has a single placement.
    let sizes = [40, 40, 100, 1];
    let bought =
        |smaller| [of_buyer(0, 40, 9), of_buyer(1, 40, 9), of_buyer(2, 100, 9), of_buyer(3, smaller, 9)].concat();
    let told = |smaller: i64| {
        let lots = paid(&bought(smaller), &sizes, 0, 400);
        let lot = lots.first().unwrap();
        [lot.own.1, lot.like.1, lot.larger.1, lot.region.1].map(|price| price.is_some())
    };
    assert_eq!(told(0), [true; 4]);
    assert_eq!(told(1), [true, false, true, true], "the smallest group is left out beside it");
    let few = [of_buyer(0, 40, 9), of_buyer(3, 1, 9)].concat();
    let lots = paid(&few, &sizes, 0, 400);
    assert!(lots[0].own.1.is_some() && lots[0].region.1.is_none(), "{lots:?}");
    let one_home = [of_buyer(0, 40, 9), of_buyer(1, 40, 4)].concat();
    assert_eq!(paid(&one_home, &sizes, 0, 400)[0].like, (40, None));
}
