//! How much one caller may ask in a minute: enough for anybody at work and for a program that keeps a copy up to date, and
//! too little to carry a register away or to keep everybody else waiting.
//!
//! Counted in memory by session or token and by address; what is counted ends with its minute, and its number has a bound.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

/// So many requests of one session or token in a minute.
const BY_CALLER: u32 = 1_200;
/// So many from one address: a whole authority may share one.
const BY_ADDRESS: u32 = 12_000;
/// So many callers are counted; whoever comes after them waits for the next minute.
const REMEMBERED: usize = 200_000;

/// The counts of the running minute.
#[derive(Debug, Default)]
struct Minute {
    number: i64,
    counts: HashMap<u64, u32>,
}

/// The limits, with what was asked in this minute.
#[derive(Debug, Clone)]
pub struct Pace {
    caller: u32,
    address: u32,
    minute: Arc<Mutex<Minute>>,
}

impl Default for Pace {
    fn default() -> Self {
        Self::of(BY_CALLER, BY_ADDRESS)
    }
}

impl Pace {
    /// So many requests of a caller and of an address.
    #[must_use]
    pub fn of(caller: u32, address: u32) -> Self {
        Self { caller, address, minute: Arc::default() }
    }

    /// No limit: of a demonstration, all of which is invented, and of tests.
    #[must_use]
    pub fn free() -> Self {
        Self::of(u32::MAX, u32::MAX)
    }

    /// Counts a request and says whether it is still within the minute's limits.
    #[must_use]
    pub fn allows(&self, caller: Option<&str>, address: &str, now: Timestamp) -> bool {
        if self.caller == u32::MAX {
            return true;
        }
        let number = now.as_second().div_euclid(60);
        let mut minute = self.minute.lock().unwrap_or_else(PoisonError::into_inner);
        if minute.number != number {
            *minute = Minute { number, counts: HashMap::new() };
        }
        let by_address = minute.count(&("address", address)) <= self.address;
        by_address && caller.is_none_or(|caller| minute.count(&("caller", caller)) <= self.caller)
    }
}

impl Minute {
    /// One more of this; more than any limit where there is no room to count it.
    fn count(&mut self, key: &(&str, &str)) -> u32 {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let key = hasher.finish();
        if self.counts.len() >= REMEMBERED && !self.counts.contains_key(&key) {
            return u32::MAX;
        }
        let count = self.counts.entry(key).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_that_asks_too_much_waits_for_the_next_minute_and_nobody_else_does() {
        let (pace, now) = (Pace::of(3, 100), Timestamp::UNIX_EPOCH);
        for _ in 0..3 {
            assert!(pace.allows(Some("one"), "203.0.113.9", now));
        }
        assert!(!pace.allows(Some("one"), "203.0.113.9", now));
        assert!(pace.allows(Some("another"), "203.0.113.9", now), "a colleague waits too");
        assert!(pace.allows(Some("one"), "203.0.113.9", now + jiff::SignedDuration::from_mins(1)));
    }

    #[test]
    fn an_address_is_counted_over_all_names_that_it_gives_itself() {
        let (pace, now) = (Pace::of(3, 10), Timestamp::UNIX_EPOCH);
        let allowed = (0..50).filter(|number| pace.allows(Some(&number.to_string()), "203.0.113.9", now)).count();
        assert_eq!(allowed, 10);
        assert!(pace.allows(Some("0"), "198.51.100.7", now), "another address waits too");
    }

    #[test]
    fn what_is_counted_has_a_bound() {
        let (pace, now) = (Pace::default(), Timestamp::UNIX_EPOCH);
        for number in 0..REMEMBERED + 10 {
            let _first = pace.allows(None, &number.to_string(), now);
        }
        assert!(!pace.allows(None, "one more", now), "counted beyond the bound");
        assert!(pace.allows(None, "1", now), "who is counted already is not turned away");
    }
}
