//! Chance that is the same in every run: a measure must find the same data each time.

/// A stream of numbers from one seed (`SplitMix64`).
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from `from` on and below `to`, which must be greater.
    pub fn between(&mut self, from: i32, to: i32) -> i32 {
        let width = i64::from(to) - i64::from(from);
        let step = i64::try_from(self.next() % u64::try_from(width).unwrap_or(1)).unwrap_or(0);
        i32::try_from(i64::from(from) + step).unwrap_or(from)
    }

    /// Whether an event of so many per cent happens.
    pub fn percent(&mut self, share: u64) -> bool {
        self.next() % 100 < share
    }

    /// One of these.
    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        let count = of.len().max(1) as u64;
        &of[usize::try_from(self.next() % count).unwrap_or(0)]
    }

    /// So many bits, each set in one case of four.
    pub fn sparse_bits(&mut self, bits: u32) -> u32 {
        let mask = (1u64 << bits) - 1;
        u32::try_from(self.next() & self.next() & mask).unwrap_or(0)
    }
}
