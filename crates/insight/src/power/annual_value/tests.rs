//! The forecast of rule 3.5, on records whose future is known.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::civil::{Date, date};
use placewell_domain::calendar::{ContractYear, YearBasis};
use placewell_domain::id::AgreementId;
use placewell_domain::power::annual_value::{Route, Share};
use proptest::prelude::*;

use super::*;

const TODAY: Date = date(2021, 9, 13);
const TERM_END: Date = date(2021, 12, 14);

fn award(id: i64, start: Date, weekly: i64, days: i64) -> Commitment {
    Commitment {
        agreement: AgreementId(id),
        reference: format!("HEF-A-{id:04}"),
        route: Route::Arrangement,
        lines: vec![ValueLine {
            kind: ValueKind::Care,
            weekly: Pence::pounds(weekly),
            origin: start,
            from: start,
            ends: None,
            authority: Share::ALL,
        }],
        start,
        planned_end: plus_days(start, days),
        notice_days: 28,
        goes_on: true,
        moved_on: None,
        charged: placewell_domain::nights::ChargedDays::default(),
    }
}

/// One award on the Monday of each of the last weeks.
fn weekly(weeks: i64, days: i64) -> Vec<Commitment> {
    (1..=weeks).map(|week| award(week, plus_days(TODAY, -7 * week), 4_200, days)).collect()
}

fn ask(commitments: &[Commitment], year: i16, since: Date) -> Expected {
    let reading = Reading::default();
    let year = ContractYear::starting_in(year, YearBasis::Contract);
    let planned = Pence::pounds(1_000_000);
    let rises = Pence::ZERO;
    expected(&Asked { commitments, reading: &reading, year, term_end: TERM_END, since, today: TODAY, planned, rises })
}

fn reckoned(found: Expected) -> Forecast {
    match found {
        Expected::Reckoned { forecast, .. } => forecast,
        Expected::TooFew { .. } | Expected::Closed => panic!("{found:?}"),
    }
}

const SINCE: Date = date(2019, 1, 19);

#[test]
fn rule_3_5_one_award_a_week_for_a_week_each_is_expected_to_go_on() {
    // 93 days to the term's end: 13 Mondays with a whole week, and 13 December with two nights.
    let forecast = reckoned(ask(&weekly(52, 7), 2020, SINCE));
    assert_eq!(forecast.expected_new, Pence::pounds(56_000), "13 weeks of £4,200 and two nights, to the thousand");
    assert_eq!((forecast.low, forecast.high), (forecast.outturn, forecast.outturn), "every week was the same");
    assert_eq!(forecast.outturn, Pence::pounds(1_056_000));
}

#[test]
fn rule_3_5_a_granted_rise_moves_the_outturn_and_its_range_and_no_new_award() {
    let (reading, known) = (Reading::default(), weekly(52, 7));
    let year = ContractYear::starting_in(2020, YearBasis::Contract);
    let of = |rises| {
        let planned = Pence::pounds(1_000_000);
        let asked = Asked {
            commitments: &known,
            reading: &reading,
            year,
            term_end: TERM_END,
            since: SINCE,
            today: TODAY,
            planned,
            rises,
        };
        expected(&asked).forecast().unwrap()
    };
    let (without, with) = (of(Pence::ZERO), of(Pence::pounds(12_345)));
    assert_eq!(with.expected_new, without.expected_new);
    let moved = |one: Pence| one + Pence::pounds(12_345);
    assert_eq!((with.outturn, with.low, with.high), (moved(without.outturn), moved(without.low), moved(without.high)));
}

#[test]
fn rule_3_5_a_stay_is_counted_to_the_years_end_only() {
    let long = reckoned(ask(&weekly(52, 400), 2020, SINCE));
    // 14 starts, the first with 93 nights left, each later one with a week less.
    let nights: i64 = (0..14).map(|week| 93 - 7 * week).sum();
    assert_eq!(long.expected_new, thousands(Pence::pounds(600 * nights)));
}

#[test]
fn rule_3_5_starts_agreed_already_take_the_place_of_drawn_ones() {
    let mut known = weekly(52, 7);
    known.extend((0..14).map(|week| award(100 + week, plus_days(TODAY, 7 * week), 9_000, 7)));
    assert_eq!(reckoned(ask(&known, 2020, SINCE)).expected_new, Pence::ZERO);
}

#[test]
fn rule_3_5_the_range_holds_what_an_uneven_past_makes_likely() {
    let uneven: Vec<Commitment> = (1..=52)
        .filter(|week| week % 4 == 0)
        .flat_map(|week| (0..4).map(move |more| (week, more)))
        .map(|(week, more)| award(week * 10 + more, plus_days(TODAY, -7 * week), 4_200, 7))
        .collect();
    let forecast = reckoned(ask(&uneven, 2020, SINCE));
    assert!(forecast.low < forecast.outturn && forecast.outturn < forecast.high, "{forecast:?}");
    let same_rate = Pence::pounds(56_000);
    assert!((forecast.expected_new - same_rate).0.abs() < Pence::pounds(6_000).0, "{forecast:?}");
    assert_eq!(forecast, reckoned(ask(&uneven, 2020, SINCE)), "the same record gives the same figures");
}

#[test]
fn rule_3_5_too_few_awards_say_so() {
    assert_eq!(ask(&weekly(7, 7), 2020, SINCE), Expected::TooFew { awards: 7, weeks: 52 });
    assert_eq!(ask(&weekly(20, 7), 2020, plus_days(TODAY, -40)), Expected::TooFew { awards: 5, weeks: 5 });
}

#[test]
fn rule_3_5_nothing_new_is_expected_in_a_year_that_is_over_or_after_the_term() {
    assert_eq!(ask(&weekly(52, 7), 2019, SINCE), Expected::Closed);
    let after = reckoned(ask(&weekly(52, 7), 2021, SINCE));
    assert_eq!(after.expected_new, Pence::ZERO, "the term ends before that year begins");
}

#[test]
fn rule_3_4_what_does_not_count_is_not_expected_either() {
    let spot: Vec<Commitment> =
        weekly(52, 7).into_iter().map(|award| Commitment { route: Route::Spot, ..award }).collect();
    assert_eq!(ask(&spot, 2020, SINCE), Expected::TooFew { awards: 0, weeks: 52 });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_range_is_in_order_and_never_below_what_is_planned(
        starts in prop::collection::vec((1_i64..364, 500_i64..20_000, 1_i64..900), 8..60)
    ) {
        let known: Vec<Commitment> = (1_i64..)
            .zip(&starts)
            .map(|(id, (age, weekly, days))| award(id, plus_days(TODAY, -age), *weekly, *days))
            .collect();
        let forecast = reckoned(ask(&known, 2020, SINCE));
        prop_assert!(Pence::pounds(1_000_000) <= forecast.low && forecast.low <= forecast.high);
        prop_assert_eq!(forecast.outturn, Pence::pounds(1_000_000) + forecast.expected_new);
    }
}
