//! Weekly prices of 2021 and of the years before (rule 10.3), in whole pounds.

use jiff::civil::Date;

use super::chance::Chance;

/// The middle price of 2021 for a kind of care.
pub fn median(kind: &str) -> i64 {
    percentiles(kind).1 + if kind == "with_education" { 1_000 } else { 0 }
}

fn percentiles(kind: &str) -> (i64, i64, i64) {
    match kind {
        "therapeutic" => (3_700, 4_500, 6_000),
        "disabilities" => (3_400, 4_400, 6_500),
        "crisis" | "solo" => (5_200, 7_000, 12_000),
        "block" => (2_900, 3_400, 4_300),
        _ => (3_100, 3_950, 5_300),
    }
}

/// A price of 2021 for a kind of care, by its stated percentiles, to ten pounds.
pub fn draw(kind: &str, chance: &mut Chance) -> i64 {
    let education = if kind == "with_education" { chance.between(700, 1_300) } else { 0 };
    (chance.spread(percentiles(kind)) + education) / 10 * 10
}

/// A price of 2021 as a home tenders it: for crises homes tender nearer to one another than what is asked on the night.
pub fn tender(kind: &str, chance: &mut Chance) -> i64 {
    let drawn = draw(kind, chance);
    if kind == "crisis" { (3 * drawn + 2 * median(kind)) / 50 * 10 } else { drawn }
}

/// A price of 2021 as it was when a placement began: 5% a year less.
pub fn as_of(price: i64, day: Date) -> i64 {
    let thousandths = match day.year() {
        2021.. => 1_000,
        2020 => 952,
        2019 => 907,
        2018 => 864,
        _ => 823,
    };
    price * thousandths / 10_000 * 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_10_3_median_prices_are_the_stated_ones() {
        let mut chance = Chance::of("test prices");
        for (kind, median) in [("planned", 3_950), ("therapeutic", 4_500), ("disabilities", 4_400), ("crisis", 7_000)] {
            let mut drawn: Vec<i64> = (0..4_001).map(|_| draw(kind, &mut chance)).collect();
            drawn.sort_unstable();
            assert!((drawn[2_000] - median).abs() < 120, "{kind}: {}", drawn[2_000]);
        }
    }
}
