//! Chance that can be counted: the numbers of a future depend on the seed, the future and the part alone, so that futures
//! can be drawn in any order, on any number of threads, and come out the same.

/// A stream of numbers.
#[derive(Debug, Clone, Copy)]
pub struct Chance {
    counter: u64,
}

const STEP: u64 = 0xa076_1d64_78bd_642f;
const FOLD: u64 = 0xe703_7ed1_a0b4_28db;

/// A bijection that leaves no trace of the order of its arguments (`SplitMix64`).
const fn mixed(value: u64) -> u64 {
    let mut mixed = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

impl Chance {
    /// The stream of a future of a part.
    #[must_use]
    pub const fn of(seed: u64, future: u32, part: u32) -> Self {
        Self { counter: mixed(mixed(seed) ^ mixed(((part as u64) << 32) | future as u64)) }
    }

    /// The next number (one multiplication to 128 bits, folded).
    #[inline]
    #[allow(clippy::cast_possible_truncation, reason = "the halves are folded on purpose")]
    pub const fn next(&mut self) -> u64 {
        self.counter = self.counter.wrapping_add(STEP);
        let product = (self.counter as u128) * ((self.counter ^ FOLD) as u128);
        (product ^ (product >> 64)) as u64
    }

    /// The next number's upper half.
    #[inline]
    pub const fn next_half(&mut self) -> u32 {
        (self.next() >> 32) as u32
    }
}

/// A number below `limit` from 32 random bits, without a division.
#[inline]
pub(super) const fn below(bits: u32, limit: u32) -> u32 {
    ((bits as u64 * limit as u64) >> 32) as u32
}
