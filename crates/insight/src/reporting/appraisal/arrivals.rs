//! How many children come: so many over all weeks ahead, Poisson about a rate; where the rate itself is known from so many
//! past arrivals only, spread wider by what that leaves open (a gamma-Poisson count).

use super::chance::Chance;
use super::{precise, rounded};

/// Counts beyond this are not drawn.
const MOST: usize = 40_000;

/// The chances of each count, as a table to look up.
#[derive(Debug, Clone)]
pub struct Arrivals {
    /// 2³² times the chance of at most so many.
    at_most: Vec<u32>,
}

impl Arrivals {
    /// About a mean that is known.
    #[must_use]
    pub fn poisson(mean: f64) -> Self {
        let mean = mean.max(0.0);
        Self::of(-mean, |count| mean.ln() - precise(count).ln())
    }

    /// About a mean that was reckoned from so many past arrivals.
    #[must_use]
    pub fn reckoned(mean: f64, arrivals: u32) -> Self {
        if mean <= 0.0 {
            return Self::poisson(0.0);
        }
        let shape = f64::from(arrivals) + 0.5;
        let odds = mean / (shape + mean);
        let none = shape * (1.0 - odds).ln();
        Self::of(none, |count| odds.ln() + (shape + precise(count) - 1.0).ln() - precise(count).ln())
    }

    /// From the logarithm of the chance of none, and of each count's chance over that of the count before.
    fn of(none: f64, step: impl Fn(i64) -> f64) -> Self {
        let (mut chance, mut sum) = (none, 0.0_f64);
        let mut at_most = Vec::new();
        for count in 1..=MOST {
            sum += chance.exp();
            at_most.push(rounded(sum * 4_294_967_296.0));
            if sum >= 1.0 - 1e-10 || !chance.is_finite() {
                break;
            }
            chance += step(i64::try_from(count).unwrap_or(i64::MAX));
        }
        Self { at_most }
    }

    /// Draws a count.
    #[inline]
    #[must_use]
    pub fn draw(&self, chance: &mut Chance) -> usize {
        let drawn = chance.next_half();
        self.at_most.partition_point(|at_most| *at_most <= drawn).min(self.at_most.len().saturating_sub(1))
    }
}
