//! Verdicts in their order (rule 8.1).

use super::*;

const ENOUGH: (Count, Count) = (Count { placements: 8, homes: 4 }, Count { placements: 30, homes: 12 });

fn between(ninety: (i64, i64), wide: (i64, i64)) -> Difference {
    let interval = |(from, to)| Interval { from: Hundredths(from), to: Hundredths(to) };
    let estimate = Hundredths(i64::midpoint(ninety.0, ninety.1));
    Difference { estimate, ninety: interval(ninety), ninety_five: interval(wide) }
}

fn said(difference: Difference) -> Verdict {
    verdict(ENOUGH, Some(difference), Band(10))
}

#[test]
fn rule_8_1_fewer_than_eight_on_either_side_is_too_few_to_say_whatever_the_difference() {
    let clear = Some(between((4_000, 6_000), (3_800, 6_200)));
    let seven = Count { placements: 7, homes: 7 };
    for sides in [(seven, ENOUGH.1), (ENOUGH.0, seven)] {
        assert_eq!(verdict(sides, clear, Band(10)), Verdict::TooFew(TooFew::Placements));
    }
    assert_eq!(verdict(ENOUGH, clear, Band(10)), Verdict::Higher);
    assert_eq!(Verdict::TooFew(TooFew::Placements).words(), "too few to say");
}

#[test]
fn rule_8_1_eight_placements_in_one_home_are_one_price_and_too_few_to_say() {
    let one = Count { placements: 8, homes: 1 };
    assert_eq!(verdict((one, ENOUGH.1), Some(between((0, 1), (0, 1))), Band(10)), Verdict::TooFew(TooFew::Homes));
    assert_eq!(verdict(ENOUGH, None, Band(10)), Verdict::TooFew(TooFew::NothingAlike));
}

#[test]
fn rule_8_1_a_90_percent_interval_within_the_band_is_broadly_similar_though_it_leaves_out_zero() {
    assert_eq!(said(between((-1_000, 1_000), (-1_200, 1_200))), Verdict::BroadlySimilar);
    assert_eq!(said(between((200, 900), (100, 990))), Verdict::BroadlySimilar);
    assert_eq!(verdict(ENOUGH, Some(between((200, 900), (100, 990))), Band(5)), Verdict::Higher);
    assert_eq!(said(between((-1_001, 900), (-1_200, 1_100))).words(), "cannot tell: between −12% and +11%");
}

#[test]
fn rule_8_1_a_95_percent_interval_without_zero_is_lower_or_higher() {
    assert_eq!(said(between((300, 1_500), (1, 1_800))), Verdict::Higher);
    assert_eq!(said(between((-1_500, -300), (-1_800, -1))), Verdict::Lower);
    assert_eq!(said(between((300, 1_500), (0, 1_800))).code(), "cannot_tell");
    assert_eq!(said(between((-1_500, -300), (-1_800, 0))).code(), "cannot_tell");
}

#[test]
fn rule_8_1_what_cannot_be_told_says_between_what_and_never_narrower_than_it_is() {
    let told = said(between((-380, 1_210), (-510, 1_390)));
    assert_eq!(told.words(), "cannot tell: between −6% and +14%");
    assert_eq!(said(between((-1_200, -80), (-1_300, 0))).words(), "cannot tell: between −13% and 0%");
    assert_eq!(Interval { from: Hundredths(-500), to: Hundredths(500) }.words(), "−5% and +5%");
}

#[test]
fn rule_8_1_the_expectation_stands_beside_the_outturn() {
    let cannot = said(between((-380, 1_210), (-510, 1_390)));
    let similar = Expectation::BroadlySimilar;
    assert_eq!(similar.outturn(Verdict::BroadlySimilar), Outturn::AsExpected);
    assert_eq!(similar.outturn(Verdict::Higher), Outturn::NotAsExpected);
    assert_eq!(similar.outturn(cannot), Outturn::CannotSay);
    assert_eq!(Expectation::SpotDearer.outturn(Verdict::Higher), Outturn::AsExpected);
    assert_eq!(Expectation::SpotCheaper.outturn(Verdict::Higher), Outturn::NotAsExpected);
    assert_eq!(Expectation::NotSaid.outturn(Verdict::Higher), Outturn::NothingExpected);
}

#[test]
fn settings_read_back_as_they_were_written() {
    assert_eq!(Band::read(" 10 % "), Some(Band(10)));
    for wrong in ["", "0", "31", "ten", "-5", "4.5"] {
        assert_eq!(Band::read(wrong), None, "{wrong}");
    }
    for expected in Expectation::ALL {
        assert_eq!(Expectation::read(&expected.write()), Some(*expected));
    }
    assert_eq!(Expectation::read("Broadly similar"), Some(Expectation::BroadlySimilar));
    assert_eq!(Expectation::read("cheap"), None);
}

#[test]
fn shares_read_with_one_decimal_and_never_minus_nothing() {
    let shown = [1_249, -1_250, 4, -4, 5, 0].map(|share| Hundredths(share).to_string());
    assert_eq!(shown, ["+12.5%", "−12.5%", "0.0%", "0.0%", "+0.1%", "0.0%"]);
}
