//! Chance with a fixed seed: the same region every time. Each part of the region draws from a stream of its own, so
//! that a change in one part leaves the others as they were. Integers only.

use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};

/// The seed of the whole demonstration: the day on which the decision of Herefordshire was published.
const SEED: u64 = 20_190_114;

/// A stream of draws.
pub struct Chance(StdRng);

impl Chance {
    /// The stream of a part of the region.
    pub fn of(part: &str) -> Self {
        let mixed = part
            .bytes()
            .fold(SEED, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3).rotate_left(17));
        Self(StdRng::seed_from_u64(mixed))
    }

    /// A whole number from `from` to `to`, both among them.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        if to <= from { from } else { self.0.random_range(from..=to) }
    }

    /// A place in a list of this length.
    pub fn below(&mut self, length: usize) -> usize {
        if length < 2 { 0 } else { self.0.random_range(0..length) }
    }

    /// True in so many cases of a hundred.
    pub fn percent(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of a list that is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// The place of one of these weights; the first where all are nothing.
    pub fn weighted(&mut self, weights: &[i64]) -> usize {
        let total: i64 = weights.iter().map(|weight| (*weight).max(0)).sum();
        let mut drawn = self.between(1, total.max(1));
        for (at, weight) in weights.iter().enumerate() {
            drawn -= (*weight).max(0);
            if drawn <= 0 {
                return at;
            }
        }
        0
    }

    /// Puts a list in another order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        list.shuffle(&mut self.0);
    }

    /// A draw with this median and these tenth and ninetieth percentiles: straight lines between them, and tails of
    /// a fifth below and two fifths above.
    pub fn spread(&mut self, (p10, median, p90): (i64, i64, i64)) -> i64 {
        let share = self.between(0, 999);
        let line = |from: i64, to: i64, at: i64, of: i64| from + (to - from) * at / of;
        match share {
            0..100 => line(p10 * 8 / 10, p10, share, 100),
            100..500 => line(p10, median, share - 100, 400),
            500..900 => line(median, p90, share - 500, 400),
            _ => line(p90, p90 * 14 / 10, share - 900, 100),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_part_draws_the_same_and_another_part_differently() {
        let draw = |part: &str| -> Vec<i64> {
            let mut chance = Chance::of(part);
            (0..20).map(|_| chance.between(0, 1_000_000)).collect()
        };
        assert_eq!(draw("homes"), draw("homes"));
        assert_ne!(draw("homes"), draw("beds"));
    }

    #[test]
    fn a_spread_has_the_stated_percentiles() {
        let mut chance = Chance::of("test");
        let mut drawn: Vec<i64> = (0..10_000).map(|_| chance.spread((3_100, 3_950, 5_300))).collect();
        drawn.sort_unstable();
        assert!((3_050..3_150).contains(&drawn[1_000]), "{}", drawn[1_000]);
        assert!((3_900..4_000).contains(&drawn[5_000]), "{}", drawn[5_000]);
        assert!((5_200..5_400).contains(&drawn[9_000]), "{}", drawn[9_000]);
    }
}
