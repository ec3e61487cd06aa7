//! New ids: whole numbers that grow with time, so that keyset paging is in order of making.
//!
//! 41 bits of milliseconds of the machine's clock, 22 bits that start at random and count up; two nodes meet only within
//! one millisecond and one number in four million, and then the primary key refuses the second, which is tried again.

use std::sync::atomic::{AtomicI64, Ordering};

const EPOCH_MILLISECOND: i64 = 1_500_000_000_000;
static LAST: AtomicI64 = AtomicI64::new(0);

/// A new id, never given before by this process.
pub fn next() -> i64 {
    let milliseconds = (clock() - EPOCH_MILLISECOND).max(1);
    let start = (milliseconds << 22) | i64::from(seed() & 0x3f_ffff);
    let mut last = LAST.load(Ordering::Relaxed);
    loop {
        let next = if start > last { start } else { last + 1 };
        match LAST.compare_exchange_weak(last, next, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => return next,
            Err(seen) => last = seen,
        }
    }
}

/// The machine's clock: the business calendar may stand still, and a restart would give the same ids again.
#[allow(clippy::disallowed_methods)]
fn clock() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The one place that asks chance for ids.
#[allow(clippy::disallowed_methods)]
fn seed() -> u32 {
    rand::random()
}

#[cfg(test)]
mod tests {
    #[test]
    fn ids_grow_also_within_a_millisecond() {
        let ids: Vec<i64> = (0..1_000).map(|_| super::next()).collect();
        assert!(ids.is_sorted_by(|one, next| one < next));
    }
}
