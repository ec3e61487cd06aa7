//! Prices: charges that sum, shares, two times against a replaying model, and the tendered price as a cap.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::nights::{OPEN_END, plus_days};

const START: Date = date(2021, 9, 13);

fn line(weekly: i64, from: Date, to: Date) -> PriceLine {
    PriceLine {
        kind: LineKind::Core,
        label: "Core price".to_owned(),
        weekly: Pence(weekly),
        from,
        to,
        origin: from,
        shares: FunderShares::AUTHORITY,
        support: None,
        reason: String::new(),
    }
}

fn support(weekly: i64, to: Date, review_on: Date) -> PriceLine {
    let support = SupportHours { quarter_hours: 80, rate: Pence(1_850), staff: 1, review_on };
    PriceLine { kind: LineKind::AdditionalSupport, support: Some(support), ..line(weekly, START, to) }
}

#[test]
fn rule_4_2_additional_support_needs_hours_an_end_and_a_review() {
    let end = date(2021, 12, 13);
    let code = |line: PriceLine| line.check_support().unwrap_err().code;
    assert!(support(37_000, end, date(2021, 11, 1)).check_support().is_ok());
    assert_eq!(code(support(37_000, OPEN_END, date(2021, 11, 1))), "support_without_end");
    assert_eq!(code(support(37_000, end, end)), "support_without_review");
    assert_eq!(code(support(37_001, end, date(2021, 11, 1))), "support_hours_differ");
    assert_eq!(code(PriceLine { support: None, ..support(37_000, end, end) }), "support_without_hours");
    assert!(line(395_000, START, OPEN_END).check_support().is_ok());
}

#[test]
fn rule_4_3_core_is_at_most_the_tendered_price_of_the_date() {
    let tendered = Some(Pence::pounds(3_950));
    assert!(check_core(Pence::pounds(3_950), tendered, START).is_ok());
    let refusal = check_core(Pence(395_001), tendered, START).unwrap_err();
    assert_eq!(refusal.code, "above_tendered_price");
    assert_eq!(refusal.value, "£3,950.01 a week offered, £3,950 tendered for 13 September 2021");
    assert_eq!(check_core(Pence::pounds(1), None, START).unwrap_err().code, "no_tendered_price");
}

#[test]
fn a_line_charges_only_its_own_nights() {
    let week = line(395_000, START, date(2021, 9, 20));
    assert_eq!(week.charge(Nights::open(date(2018, 12, 15))), Pence(395_000));
    assert_eq!(week.charge(Nights::open(date(2021, 9, 20))), Pence::ZERO);
}

#[test]
fn funder_shares_sum_to_the_line_in_a_fixed_order() {
    let thirds = FunderShares { authority: 1, education: 1, health: 1, agreed: false };
    assert_eq!(thirds.split(Pence(100)), [Pence(34), Pence(33), Pence(33)]);
    assert_eq!(FunderShares::AUTHORITY.split(Pence(395_001)), [Pence(395_001), Pence::ZERO, Pence::ZERO]);
}

#[test]
fn the_parts_of_a_core_price_follow_it_stretch_by_stretch_and_sum_to_it() {
    let open = |from, pounds: i64| Rectangle {
        from,
        to: OPEN_END,
        origin: from,
        known_from: 1,
        known_to: KNOWN_OPEN,
        value: Pence::pounds(pounds),
    };
    let (later, nights) = (plus_days(START, 100), Nights::open(START));
    let until = |price: Rectangle<Pence>| Rectangle { to: later, ..price };
    let accommodation = vec![open(START, 1_000)];
    let care = vec![until(open(START, 2_600)), open(later, 3_000)];
    let health = vec![until(open(START, 400))];
    let parts = [accommodation, care, health];
    let (first, second) = (Nights::new(START, later).unwrap(), Nights::open(later));
    let priced = |nights, pounds| (nights, Some(Pence::pounds(pounds)));
    let split = split_parts(&parts, (nights, Some(Pence::pounds(4_060))));
    let of = [
        vec![priced(first, 1_015), priced(second, 1_015)],
        vec![priced(first, 2_639), priced(second, 3_045)],
        vec![priced(first, 406)],
    ];
    assert_eq!(split, of, "a part that does not stand gets nothing");
    let gone = split_parts(&parts, (second, None));
    assert_eq!(gone, [vec![(second, None)], vec![(second, None)], vec![]]);
    assert!(split_parts(&[vec![], vec![]], priced(nights, 4_060)).iter().all(Vec::is_empty));
}

#[test]
fn bands_are_500_pounds_wide() {
    assert_eq!(band_words(price_band(Pence(395_049))), "£3,500 to £3,999 a week");
    assert_eq!(price_band(Pence::pounds(4_000)), Pence::pounds(4_000));
}

/// Applies a correction as the store does.
fn apply(rows: &mut Vec<Rectangle<i64>>, nights: Nights, value: i64, seq: i64) {
    let correction = correct(rows, nights, None, Some(value), seq);
    for at in correction.close {
        rows[at].known_to = seq;
    }
    rows.extend(correction.insert);
}

fn total(rows: &[Rectangle<i64>], nights: Nights, seq: i64) -> Pence {
    let piece = |row: &&Rectangle<i64>| {
        let own = Nights::new(row.from, row.to).unwrap().overlap(nights).unwrap();
        charge_between(Pence(row.value), row.origin, own)
    };
    as_known(rows, nights, seq).iter().map(piece).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rule_4_1_any_split_of_a_line_sums_to_the_whole(weekly in 1i64..3_000_000, cuts in prop::collection::vec(0i64..400, 0..8)) {
        let whole = Nights::new(START, plus_days(START, 400)).unwrap();
        let line = line(weekly, START, OPEN_END);
        let mut ends = cuts;
        ends.extend([0, 400]);
        ends.sort_unstable();
        ends.dedup();
        let sum: Pence = ends
            .windows(2)
            .map(|pair| line.charge(Nights::new(plus_days(START, pair[0]), plus_days(START, pair[1])).unwrap()))
            .sum();
        prop_assert_eq!(sum, line.charge(whole));
    }

    #[test]
    fn rule_4_4_as_known_at_s_on_day_d_equals_a_replay_of_what_was_said_by_then(
        said in prop::collection::vec((0i64..120, 1i64..60, 100_000i64..900_000), 1..25),
    ) {
        let mut rows = Vec::new();
        let mut model = vec![[None::<i64>; 180]];
        let mut invoices = Vec::new();
        let all = Nights::new(START, plus_days(START, 180)).unwrap();
        for (index, (from, length, weekly)) in said.iter().enumerate() {
            let seq = i64::try_from(index).unwrap() + 1;
            let nights = Nights::new(plus_days(START, *from), plus_days(START, from + length)).unwrap();
            apply(&mut rows, nights, *weekly, seq);
            let mut next = *model.last().unwrap();
            for night in *from..from + length {
                next[usize::try_from(night).unwrap()] = Some(*weekly);
            }
            model.push(next);
            invoices.push((seq, total(&rows, all, seq)));
        }
        for (seq, known) in model.iter().enumerate() {
            let seq = i64::try_from(seq).unwrap();
            for (night, value) in known.iter().enumerate() {
                let day = plus_days(START, i64::try_from(night).unwrap());
                let found = as_known(&rows, Nights::new(day, plus_days(day, 1)).unwrap(), seq);
                prop_assert!(found.len() <= 1);
                prop_assert_eq!(found.first().map(|row| row.value), *value);
            }
        }
        for (seq, amount) in invoices {
            prop_assert_eq!(total(&rows, all, seq), amount, "the invoice taken at {} changed", seq);
        }
    }

    #[test]
    fn cutting_a_price_with_the_same_price_changes_no_total(weekly in 100_000i64..900_000, at in 1i64..90, length in 1i64..60) {
        let mut rows = Vec::new();
        let all = Nights::new(START, plus_days(START, 200)).unwrap();
        apply(&mut rows, all, weekly, 1);
        let before = total(&rows, all, 1);
        let middle = Nights::new(plus_days(START, at), plus_days(START, at + length)).unwrap();
        let correction = correct(&rows, middle, Some(START), Some(weekly), 2);
        for at in correction.close {
            rows[at].known_to = 2;
        }
        rows.extend(correction.insert);
        prop_assert_eq!(total(&rows, all, 2), before);
    }
}
