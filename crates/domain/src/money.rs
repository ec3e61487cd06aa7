//! Money in whole pence, and the one rule by which a weekly price becomes a charge for nights.
//!
//! Rule 4.1: the charge of nights `[a, b)` of a line anchored at its first night is `R(w, b) − R(w, a)`,
//! so that any split of the nights sums to the whole, to the penny.

use core::fmt;
use core::iter::Sum;
use core::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// An amount in pence; may be negative (a credit, a release).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Pence(pub i64);

impl Pence {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// Whole pounds as pence.
    #[must_use]
    pub const fn pounds(pounds: i64) -> Self {
        Self(pounds * 100)
    }

    /// The share `part` of `whole` parts of this amount, rounded half to even on the exact fraction.
    /// A `whole` of zero gives zero.
    #[must_use]
    pub fn share(self, part: i64, whole: i64) -> Self {
        Self(rounded_half_even(i128::from(self.0) * i128::from(part), i128::from(whole)))
    }

    /// Reads an amount that somebody typed, such as `4150`, `£4,150` or `4150.50`; none where it is none, is below zero
    /// or has more than nine digits of pounds.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|letter| !matches!(letter, '£' | ',' | ' ')).collect();
        let (pounds, pence) = plain.split_once('.').unwrap_or((&plain, ""));
        let digits = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
        if pounds.is_empty() || pounds.len() > 9 || pence.len() > 2 || !digits(pounds) || !digits(pence) {
            return None;
        }
        let pence: i64 = format!("{pence:0<2}").parse().ok()?;
        Some(Self(pounds.parse::<i64>().ok()? * 100 + pence))
    }

    /// The amount to the nearest £1,000, half to even, as amounts are published (rule 9.1).
    #[must_use]
    pub fn to_thousands(self) -> Self {
        Self(rounded_half_even(i128::from(self.0), 100_000) * 100_000)
    }

    /// A year's cost of a weekly price: 365 nights.
    #[must_use]
    pub fn per_year(self) -> Self {
        Self(weekly_charge(self, 365).0)
    }
}

impl fmt::Display for Pence {
    /// Writes `£4,150` for whole pounds and `£4,150.50` otherwise, with a leading minus sign for credits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "−" } else { "" };
        let (pounds, pence) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        let digits = pounds.to_string();
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        if pence == 0 { write!(f, "{sign}£{grouped}") } else { write!(f, "{sign}£{grouped}.{pence:02}") }
    }
}

impl Add for Pence {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Pence {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Pence {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Pence {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Pence {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Pence {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

/// `R(w, k)`: what `nights` nights cost at `weekly` pence a week, rounded to the nearest penny.
/// A seventh never ties, so half to even never decides here.
#[must_use]
pub fn weekly_charge(weekly: Pence, nights: i64) -> Pence {
    Pence(rounded_half_even(i128::from(weekly.0) * i128::from(nights), 7))
}

/// Splits `amount` by `weights` in their fixed order, by largest remainder, so that the shares sum to the amount.
/// Weights that sum to nothing give the whole to the first share.
#[must_use]
pub fn split_by_weights(amount: Pence, weights: &[i64]) -> Vec<Pence> {
    let total: i64 = weights.iter().sum();
    if total <= 0 {
        return weights.iter().enumerate().map(|(at, _)| if at == 0 { amount } else { Pence::ZERO }).collect();
    }
    let exact = |weight: &i64| i128::from(amount.0) * i128::from(*weight);
    let mut shares: Vec<i64> =
        weights.iter().map(|weight| narrow(exact(weight).div_euclid(i128::from(total)))).collect();
    let mut left = amount.0 - shares.iter().sum::<i64>();
    let mut order: Vec<usize> = (0..weights.len()).collect();
    order.sort_by_key(|&at| {
        let remainder = weights.get(at).map_or(0, |weight| exact(weight).rem_euclid(i128::from(total)));
        (core::cmp::Reverse(remainder), at)
    });
    for at in order {
        if left <= 0 {
            break;
        }
        if let Some(share) = shares.get_mut(at) {
            *share += 1;
            left -= 1;
        }
    }
    shares.into_iter().map(Pence).collect()
}

/// `numerator / denominator` to the nearest whole number, ties to the even one; zero over zero is zero.
pub(crate) fn rounded_half_even(numerator: i128, denominator: i128) -> i64 {
    if denominator == 0 {
        return 0;
    }
    let (quotient, remainder) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    let twice = remainder * 2;
    let up = twice > denominator.abs() || (twice == denominator.abs() && quotient % 2 != 0);
    narrow(quotient + i128::from(up))
}

/// Amounts beyond what 64 bits hold stop at the bound; no sum of this product comes near it.
fn narrow(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn whole_weeks_cost_exactly_the_weekly_price() {
        assert_eq!(weekly_charge(Pence::pounds(4_150), 52 * 7), Pence::pounds(4_150 * 52));
    }

    #[test]
    fn money_prints_as_pounds_with_pence_only_where_there_are_any() {
        assert_eq!(Pence(415_000).to_string(), "£4,150");
        assert_eq!(Pence(415_050).to_string(), "£4,150.50");
        assert_eq!(Pence(-123_456_789).to_string(), "−£1,234,567.89");
        assert_eq!(Pence(99).to_string(), "£0.99");
    }

    #[test]
    fn an_amount_stops_at_its_bound_and_one_with_too_many_digits_is_none() {
        let (most, least) = (Pence(i64::MAX), Pence(i64::MIN));
        assert_eq!((weekly_charge(most, i64::MAX), weekly_charge(least, i64::MAX)), (most, least));
        assert_eq!((most.share(i64::MAX, 1), most.share(1, 1), most.per_year()), (most, most, most));
        assert_eq!(split_by_weights(most, &[i64::MAX / 2, i64::MAX / 2]).into_iter().sum::<Pence>(), most);
        assert_eq!(Pence::read("999999999.99"), Some(Pence(99_999_999_999)));
        for text in ["1000000000", "9223372036854775808", "99999999999999999999999", "-1", "1.234", "1e9"] {
            assert_eq!(Pence::read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn rule_4_1_any_split_of_nights_sums_to_the_whole(weekly in 0i64..5_000_000, mut cuts in prop::collection::vec(0i64..4_000, 2..8)) {
            cuts.sort_unstable();
            let (first, last) = (cuts[0], cuts[cuts.len() - 1]);
            let charge = |a: i64, b: i64| weekly_charge(Pence(weekly), b) - weekly_charge(Pence(weekly), a);
            let pieces: Pence = cuts.windows(2).map(|pair| charge(pair[0], pair[1])).sum();
            prop_assert_eq!(pieces, charge(first, last));
        }

        #[test]
        fn rule_4_1_rounding_each_piece_by_itself_would_not_sum(weekly in 100_000i64..100_007) {
            let apart = Pence(weekly_charge(Pence(weekly), 1).0 * 7);
            prop_assert_eq!(apart == Pence(weekly), weekly % 7 == 0);
        }

        #[test]
        fn rule_4_1_shares_by_largest_remainder_leave_nothing_over(amount in 0i64..10_000_000, weights in prop::collection::vec(0i64..1_000, 1..6)) {
            let shares = split_by_weights(Pence(amount), &weights);
            prop_assert_eq!(shares.iter().copied().sum::<Pence>(), Pence(amount));
            prop_assert!(shares.iter().all(|share| share.0 >= 0));
        }
    }
}
