//! Futures drawn from an authority's own record: what a region may spend against its ceilings, and what each alternative
//! to the arrangement would come to.
//!
//! Seeded and counted, so that the same record and the same assumptions give the same figures on every machine; whole
//! pence and table look-ups in the inner loops, with no allocation. Chances and lengths of stay are prepared beforehand.

mod arrivals;
mod chance;
mod forecast;
mod lengths;
mod options;
mod paid;

pub use arrivals::Arrivals;
pub use chance::Chance;
pub use forecast::{Ahead, Part, Told, forecast};
pub use lengths::{Lengths, STEPS, Stay};
pub use options::appraise;
pub use paid::{Bought, Difference, middle, paid, size_effect, spot_difference, yearly_rise};

use placewell_domain::reporting::appraisal::Range;

/// How many futures are drawn.
pub const FUTURES: u32 = 10_000;
/// By which number they are drawn, unless another is given.
pub const SEED: u64 = 5_584;
/// How many weeks are looked ahead at most: three years.
pub const WEEKS: usize = 156;
/// Fewer of a kind than these say too little.
pub const FEWEST: usize = 8;

/// What is paid in a week `w` for one pound of today: 2¹⁶ times it, by the yearly rise in thousandths.
pub(crate) fn rises(thousandths: i64) -> [u32; WEEKS] {
    let yearly = 1.0 + precise(thousandths) / 1_000.0;
    core::array::from_fn(|week| rounded(65_536.0 * yearly.powf(precise_usize(week) / 52.0)))
}

/// The middle and the ends of the range that holds 90 of 100 values. Moves the values.
pub(crate) fn range(values: &mut [i64]) -> Range {
    Range { low: quantile(values, 50), middle: quantile(values, 500), high: quantile(values, 950) }
}

/// The value that so many thousandths do not exceed. Moves the values.
pub(crate) fn quantile(values: &mut [i64], thousandths: usize) -> i64 {
    if values.is_empty() {
        return 0;
    }
    let at = ((values.len() - 1) * thousandths + 500) / 1_000;
    *values.select_nth_unstable(at).1
}

#[allow(clippy::cast_precision_loss, reason = "counts and prices lie far below 2⁵²")]
pub(crate) fn precise(whole: i64) -> f64 {
    whole as f64
}

#[allow(clippy::cast_precision_loss, reason = "counts lie far below 2⁵²")]
pub(crate) fn precise_usize(whole: usize) -> f64 {
    whole as f64
}

/// To a whole number, within what the type holds.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a float stops at the type's bounds"
)]
pub(crate) fn rounded(value: f64) -> u32 {
    value.round() as u32
}

/// To a whole number, within what the type holds.
#[allow(clippy::cast_possible_truncation, reason = "a cast of a float stops at the type's bounds")]
pub(crate) fn rounded_wide(value: f64) -> i64 {
    value.round() as i64
}

#[cfg(test)]
mod tests;
