//! Rules 3.1 to 3.6 in sentences, and the ledger's invariants as properties.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::*;
use crate::calendar::{ContractYear, YearBasis};
use crate::money::{Pence, weekly_charge};
use crate::nights::{ChargedDays, Nights, days_between, plus_days};

const TERM_END: Date = date(2021, 12, 14);

fn year(starts_in: i16) -> Bucket {
    Bucket::Year(ContractYear::starting_in(starts_in, YearBasis::Contract))
}

fn line(kind: ValueKind, weekly: i64, from: Date) -> ValueLine {
    ValueLine { kind, weekly: Pence::pounds(weekly), origin: from, from, ends: None, authority: Share::ALL }
}

fn committed(lines: &[ValueLine], from: Date, until: Date, reading: &Reading) -> Vec<(Bucket, Pence)> {
    commitment_by_year(lines, (from, until), Route::Arrangement, reading, TERM_END)
}

#[test]
fn rule_3_1_the_ceiling_holds_planned_and_the_three_figures_stand_together() {
    let start = date(2021, 9, 20);
    let horizon = Horizon { start, planned_end: date(2021, 11, 15), bound_until: date(2021, 10, 18), goes_on: true };
    let lines = [line(ValueKind::Care, 4_150, start)];
    let found = figures(&lines, &horizon, Route::Arrangement, &Reading::default(), (year(2020), TERM_END));
    assert_eq!(found.bound, Pence::pounds(4 * 4_150));
    assert_eq!(found.planned, Pence::pounds(8 * 4_150));
    assert_eq!(found.run_rate, weekly_charge(Pence::pounds(4_150), 86));
    assert_eq!(Reading::default().holds, Holds::Planned);
    let ended = Horizon { goes_on: false, ..horizon };
    let found = figures(&lines, &ended, Route::Arrangement, &Reading::default(), (year(2020), TERM_END));
    assert_eq!(found.run_rate, found.planned);
}

#[test]
fn rule_3_1_an_overdue_planned_end_rolls_28_days_and_warns() {
    let today = date(2021, 9, 13);
    assert_eq!(rolled_planned_end(date(2021, 9, 14), today), (date(2021, 9, 14), false));
    assert_eq!(rolled_planned_end(date(2021, 9, 13), today), (date(2021, 9, 13), false), "the child leaves today");
    assert_eq!(rolled_planned_end(date(2021, 9, 12), today), (date(2021, 10, 10), true));
    assert_eq!(rolled_planned_end(date(2021, 8, 16), today), (date(2021, 9, 13), true));
    assert_eq!(rolled_planned_end(date(2021, 8, 1), today), (date(2021, 9, 26), true));
}

#[test]
fn rule_3_1_an_earlier_end_releases_money_and_live_placements_stand_in_the_next_year_from_its_first_day() {
    let start = date(2019, 12, 1);
    let lines = [line(ValueKind::Care, 700, start)];
    let whole = committed(&lines, start, date(2020, 12, 29), &Reading::default());
    assert_eq!(
        whole,
        [
            (year(2018), Pence::pounds(14 * 100)),
            (year(2019), Pence::pounds(366 * 100)),
            (year(2020), Pence::pounds(14 * 100)),
        ]
    );
    let earlier = committed(&lines, start, date(2020, 12, 15), &Reading::default());
    assert_eq!(earlier, [(year(2018), Pence::pounds(1_400)), (year(2019), Pence::pounds(36_600))]);
}

#[test]
fn rule_3_1_extra_lines_count_to_their_own_end_dates() {
    let start = date(2021, 9, 20);
    let extra = ValueLine { ends: Some(date(2021, 10, 4)), ..line(ValueKind::Care, 1_000, start) };
    assert_eq!(
        committed(&[extra], start, date(2021, 12, 1), &Reading::default()),
        [(year(2020), Pence::pounds(2_000))]
    );
}

#[test]
fn rule_3_3_nights_after_the_term_stand_in_after_the_term() {
    let start = date(2021, 12, 8);
    let found = committed(&[line(ValueKind::Care, 700, start)], start, date(2021, 12, 22), &Reading::default());
    assert_eq!(found, [(year(2020), Pence::pounds(700)), (Bucket::AfterTerm, Pence::pounds(700))]);
    assert_eq!(Bucket::of(date(2021, 12, 14), YearBasis::Contract, TERM_END), year(2020));
    assert_eq!(Bucket::of(date(2021, 12, 15), YearBasis::Contract, TERM_END), Bucket::AfterTerm);
    assert_eq!(year(2020).words(), "contract year 15 December 2020 to 14 December 2021");
}

#[test]
fn rule_3_3_the_financial_year_is_a_setting() {
    let start = date(2021, 3, 25);
    let reading = Reading { year: YearBasis::Financial, ..Reading::default() };
    let found = committed(&[line(ValueKind::Care, 700, start)], start, date(2021, 4, 8), &reading);
    let financial = |starts_in| Bucket::Year(ContractYear::starting_in(starts_in, YearBasis::Financial));
    assert_eq!(found, [(financial(2020), Pence::pounds(700)), (financial(2021), Pence::pounds(700))]);
}

#[test]
fn rule_3_4_what_counts_is_a_reading_with_these_defaults() {
    let reading = Reading::default();
    let answers: Vec<_> = Aspect::ALL.iter().map(|aspect| reading.answer(*aspect)).collect();
    assert_eq!(answers, ["out", "gross", "in", "out", "in", "out", "contract year"]);
    for aspect in Aspect::ALL {
        let other = reading.flipped(*aspect);
        assert_ne!(other.answer(*aspect), reading.answer(*aspect), "{}", aspect.label());
        assert_eq!(other.flipped(*aspect), reading);
    }
}

#[test]
fn rule_3_4_both_readings_of_education_health_money_and_spot_give_their_own_figure() {
    let start = date(2021, 9, 20);
    let half = Share { part: 1, whole: 2 };
    let lines = [
        ValueLine { authority: half, ..line(ValueKind::Care, 4_000, start) },
        ValueLine { authority: half, ..line(ValueKind::Education, 1_000, start) },
    ];
    let week = |reading: &Reading, route| {
        let found = commitment_by_year(&lines, (start, date(2021, 9, 27)), route, reading, TERM_END);
        found.into_iter().map(|(_, pence)| pence).sum::<Pence>()
    };
    let default = Reading::default();
    assert_eq!(week(&default, Route::Arrangement), Pence::pounds(5_000));
    assert_eq!(week(&default.flipped(Aspect::Net), Route::Arrangement), Pence::pounds(2_500));
    assert_eq!(week(&default.flipped(Aspect::Education), Route::Arrangement), Pence::pounds(4_000));
    assert_eq!(week(&default, Route::Spot), Pence::ZERO);
    assert_eq!(week(&default.flipped(Aspect::Spot), Route::Spot), Pence::pounds(5_000));
    assert_eq!(week(&default, Route::Other), Pence::ZERO);
    assert_eq!(week(&default.flipped(Aspect::Successor), Route::Successor), Pence::pounds(5_000));
    assert_eq!(default.treats(ValueKind::BlockVoid, Route::Arrangement), Treatment::Gross);
}

#[test]
fn rule_3_2_only_a_new_award_is_refused_above_the_ceiling() {
    let totals = YearTotals { ceiling: Pence(100), committed: Pence(90), over: Pence(0) };
    let entry = |delta, excepted| Entry { delta: Pence(delta), excepted };
    assert_eq!(totals.after(entry(11, false)).unwrap_err().code, "ceiling_reached");
    assert_eq!(totals.after(entry(10, false)).unwrap().headroom(), Pence(0));
    let over = totals.after(entry(30, true)).unwrap();
    assert_eq!(over.over, Pence(20));
    let paid_back = over.after(entry(-15, false)).unwrap();
    assert_eq!(paid_back.over, Pence(5), "what ends pays the excess back first");
    assert!(paid_back.after(entry(1, false)).is_err(), "an ordinary award never uses room that an emergency made");
}

#[test]
fn rule_3_2_a_lowered_ceiling_below_what_is_committed_needs_the_decisions_acceptance() {
    let totals = YearTotals { ceiling: Pence(100), committed: Pence(90), over: Pence(0) };
    let change = |ceiling, accepts_over| CeilingChange { ceiling: Pence(ceiling), accepts_over };
    assert_eq!(totals.under(change(80, false)).unwrap_err().code, "ceiling_below_committed");
    assert_eq!(totals.under(change(80, true)).unwrap().over, Pence(10));
    assert_eq!(totals.under(change(80, true)).unwrap().under(change(200, false)).unwrap().over, Pence(0));
}

#[test]
fn rule_3_5_the_words() {
    let words = Words {
        ceiling: Pence::pounds(5_500_000),
        spent: Pence::pounds(3_611_200),
        planned: Pence::pounds(5_087_400),
        excepted: Pence::ZERO,
        forecast: Some(Forecast {
            expected_new: Pence::pounds(210_000),
            outturn: Pence::pounds(5_297_400),
            low: Pence::pounds(5_150_000),
            high: Pence::pounds(5_460_000),
        }),
    };
    assert_eq!(
        words.sentence(),
        "Ceiling £5.5m · spent £3,611,200 · planned £5,087,400 · can still be awarded £412,600 · expected new £210,000 \
         · outturn £5,297,400 (80%: £5,150,000 to £5,460,000)"
    );
    let whole = Words { ceiling: Pence::pounds(26_000_000), forecast: None, ..words };
    assert!(whole.sentence().starts_with("Ceiling £26m · "));
}

#[test]
fn rule_3_6_spot_is_no_way_round_the_ceiling() {
    assert_eq!(spot_beside_ceiling(true, Some(SpotGround::Left)).unwrap_err().code, "ceiling_is_no_reason");
    assert_eq!(spot_beside_ceiling(false, None).unwrap_err().code, "home_is_on_the_lot");
    for ground in SpotGround::ALL {
        assert!(spot_beside_ceiling(false, Some(*ground)).is_ok());
    }
    assert!(spot_soon_after_refusal(date(2021, 9, 1), date(2021, 9, 29)));
    assert!(!spot_soon_after_refusal(date(2021, 9, 1), date(2021, 9, 30)));
    assert!(!spot_soon_after_refusal(date(2021, 9, 2), date(2021, 9, 1)));
}

fn agreed(start: Date, planned_end: Date) -> Commitment {
    Commitment {
        agreement: crate::id::AgreementId(137),
        reference: "HEF-A-0137".into(),
        route: Route::Arrangement,
        lines: vec![line(ValueKind::Care, 700, start)],
        start,
        planned_end,
        notice_days: 28,
        goes_on: true,
        moved_on: None,
        charged: ChargedDays::default(),
    }
}

#[test]
fn rule_3_1_which_figure_the_ceiling_holds_is_a_setting_and_planned_by_default() {
    let (start, today) = (date(2021, 8, 2), date(2021, 9, 13));
    let agreement = agreed(start, date(2021, 11, 22));
    let held = |holds| {
        let reading = Reading { holds, ..Reading::default() };
        agreement.held(&reading, TERM_END, today).into_iter().map(|(_, pence)| pence).sum::<Pence>()
    };
    assert_eq!(held(Holds::Planned), Pence::pounds(112 * 100));
    assert_eq!(held(Holds::Bound), Pence::pounds((42 + 28) * 100));
    assert_eq!(held(Holds::RunRate), Pence::pounds(135 * 100));
    assert_eq!(agreement.spent(&Reading::default(), (year(2020), TERM_END), today), Pence::pounds(42 * 100));
}

#[test]
fn rule_3_1_a_placement_past_its_planned_end_is_still_counted_while_it_goes_on() {
    let today = date(2021, 9, 13);
    let overdue = agreed(date(2021, 8, 2), date(2021, 9, 6));
    assert_eq!(overdue.horizon(today).planned_end, date(2021, 10, 4));
    let ended = Commitment { goes_on: false, ..overdue };
    assert_eq!(ended.horizon(today).planned_end, date(2021, 9, 6));
}

proptest! {
    #[test]
    fn rule_4_1_the_years_of_a_stay_sum_to_its_whole_charge(weekly in 1i64..2_000_000, from in 0i64..1_000, nights in 1i64..1_500) {
        let start = plus_days(date(2018, 12, 15), from);
        let until = plus_days(start, nights);
        let line = ValueLine { weekly: Pence(weekly), ..line(ValueKind::Care, 0, start) };
        let sum: Pence = committed(&[line], start, until, &Reading::default()).into_iter().map(|(_, pence)| pence).sum();
        prop_assert_eq!(sum, charge(Pence(weekly), Share::ALL, start, Nights::new(start, until).unwrap()));
        prop_assert_eq!(sum, weekly_charge(Pence(weekly), nights));
    }

    #[test]
    fn rule_3_2_over_is_always_what_stands_above_the_ceiling(entries in prop::collection::vec((-500i64..500, any::<bool>()), 1..60)) {
        let mut totals = YearTotals { ceiling: Pence(1_000), ..YearTotals::default() };
        for (delta, excepted) in entries {
            let delta = delta.max(-totals.committed.0);
            if let Ok(after) = totals.after(Entry { delta: Pence(delta), excepted }) {
                totals = after;
            }
            prop_assert_eq!(totals.over, Pence((totals.committed - totals.ceiling).0.max(0)));
            prop_assert!(totals.committed.0 >= 0);
        }
    }
}

#[test]
fn rule_3_4_nights_after_a_move_to_the_successor_count_only_where_the_reading_says_so() {
    let stays = agreed(date(2021, 9, 1), date(2021, 11, 22));
    let moved_on = date(2021, 10, 1);
    let moved = Commitment { moved_on: Some(moved_on), ..stays.clone() };
    let term_end = date(2021, 12, 14);
    let sum = |one: &Commitment, reading: &Reading| -> Pence {
        one.held(reading, term_end, date(2021, 9, 13)).into_iter().map(|(_, pence)| pence).sum()
    };
    let default = Reading::default();
    let before = Commitment { planned_end: moved_on, ..stays.clone() };
    assert_eq!(sum(&moved, &default), sum(&before, &default), "nights before the move stay counted");
    assert!(sum(&moved, &default) < sum(&stays, &default));
    let counts = default.flipped(Aspect::Successor);
    assert_eq!(sum(&moved, &counts), sum(&stays, &counts), "the other reading counts all of them, to the penny");
}

#[test]
fn rule_3_4_what_moved_counts_towards_the_successors_own_ceiling_and_what_did_not_stands_after_the_term() {
    let today = date(2021, 9, 13);
    let follows = Follows { from: date(2021, 12, 15), earlier_end: TERM_END };
    let reading = Reading { follows: Some(follows), ..Reading::default() };
    let end = date(2025, 12, 14);
    let (before, after) = (Pence::pounds(700 / 7 * 104), Pence::pounds(700 / 7 * 17));
    let stays = agreed(date(2021, 9, 2), date(2022, 1, 1));
    assert_eq!(stays.held(&reading, end, today), [(year(2020), before), (Bucket::AfterTerm, after)]);
    let moved = Commitment { moved_on: Some(date(2021, 12, 15)), ..stays.clone() };
    assert_eq!(moved.held(&reading, end, today), [(year(2020), before), (year(2021), after)]);
    let other = reading.flipped(Aspect::Successor);
    assert_eq!(moved.held(&other, end, today), moved.held(&reading, end, today), "it is that ceiling's own");
    let anew = agreed(date(2021, 12, 20), date(2022, 1, 3));
    assert_eq!(anew.held(&reading, end, today), [(year(2021), Pence::pounds(1_400))], "begun under the successor");
    // Until the successor has a ceiling of its own, what moved is out by the default reading.
    assert_eq!(moved.held(&Reading::default(), end, today), [(year(2020), before)]);
}

#[test]
fn rule_3_1_the_run_rate_exceeds_a_ceiling_on_the_first_night_that_costs_more() {
    let today = date(2021, 9, 13);
    let held = ContractYear::starting_in(2020, YearBasis::Contract);
    let one = agreed(date(2021, 9, 13), date(2021, 10, 4));
    let found = |ceiling| {
        exceeded_on(std::slice::from_ref(&one), (&Reading::default(), TERM_END), (held, Pence::pounds(ceiling)), today)
    };
    // £100 a night from 13 September: the tenth night, that of 22 September, is the first above £900.
    assert_eq!(found(900), Some(date(2021, 9, 22)));
    assert_eq!(found(9_299), Some(date(2021, 12, 14)), "the year's last night");
    assert_eq!(found(9_300), None, "93 nights to the year's end");
    let ends = Commitment { goes_on: false, ..one.clone() };
    assert_eq!(exceeded_on(&[ends], (&Reading::default(), TERM_END), (held, Pence::pounds(2_100)), today), None);
}

#[test]
fn rule_4_1_the_ledger_charges_the_first_and_last_day_as_the_contract_says() {
    let (start, end, today) = (date(2021, 9, 20), date(2021, 10, 4), date(2021, 9, 27));
    let held = |charged, goes_on| {
        let one = Commitment { goes_on, charged, ..agreed(start, end) };
        let planned: Pence = one.held(&Reading::default(), TERM_END, today).into_iter().map(|(_, pence)| pence).sum();
        let (spent, last) = (
            one.spent(&Reading::default(), (year(2020), TERM_END), end),
            one.spent(&Reading::default(), (year(2020), TERM_END), plus_days(end, 1)),
        );
        (planned, spent, last)
    };
    let days = |count: i64| Pence::pounds(count * 100);
    assert_eq!(held(ChargedDays::FirstNotLast, false), (days(14), days(14), days(14)));
    assert_eq!(held(ChargedDays::Both, false), (days(15), days(14), days(15)), "the last day is spent when it is over");
    assert_eq!(held(ChargedDays::LastNotFirst, false), (days(14), days(13), days(14)));
    assert_eq!(held(ChargedDays::Neither, false), (days(13), days(13), days(13)));
    let never = Commitment { charged: ChargedDays::Both, goes_on: false, ..agreed(start, start) };
    assert_eq!(never.held(&Reading::default(), TERM_END, today), [], "a stay that never began commits nothing");
}

#[test]
fn rule_4_1_a_last_day_charged_in_the_next_year_stands_in_that_years_ledger() {
    let (start, end) = (date(2020, 12, 1), date(2020, 12, 15));
    let one = Commitment { charged: ChargedDays::Both, goes_on: false, ..agreed(start, end) };
    let held = one.held(&Reading::default(), TERM_END, start);
    assert_eq!(held, [(year(2019), Pence::pounds(1_400)), (year(2020), Pence::pounds(100))]);
}

proptest! {
    #[test]
    fn rule_4_1_any_split_of_the_days_that_a_contract_charges_sums_to_the_whole(
        weekly in 100_000i64..1_300_000, length in 1i64..900, cut in 0i64..902, day in 0i64..902, term in 0usize..4,
    ) {
        let start = date(2019, 11, 4);
        let (end, charged) = (plus_days(start, length), ChargedDays::ALL[term]);
        let lines = vec![ValueLine { weekly: Pence(weekly), ..line(ValueKind::Care, 0, start) }];
        let one = Commitment { charged, lines, goes_on: false, ..agreed(start, end) };
        let sum = |from, until| {
            one.by_year((from, until), &Reading::default(), TERM_END).into_iter().map(|(_, pence)| pence).sum::<Pence>()
        };
        let until = charged.until(start, end);
        let whole = sum(start, until);
        let (first, second) = (plus_days(start, cut.min(day)), plus_days(start, cut.max(day)));
        let parts = [start, first.min(until), second.min(until), until];
        prop_assert_eq!(parts.windows(2).map(|pair| sum(pair[0], pair[1])).sum::<Pence>(), whole);
        let skipped = i64::from(charged.from(start) != start);
        let last = days_between(start, until);
        prop_assert_eq!(whole, weekly_charge(Pence(weekly), last.max(skipped)) - weekly_charge(Pence(weekly), skipped));
    }
}
