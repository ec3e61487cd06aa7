//! Sign-in attempts that failed, counted by account and address together on the machine's clock, in memory.
//!
//! Whoever guesses from one address is stopped there; the account's owner signs in from theirs as before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// So many wrong passwords are taken before a wait.
const ALLOWED: usize = 10;
/// The time in which they are counted, and the longest wait.
const WITHIN: SignedDuration = SignedDuration::from_mins(5);
/// So many pairs are remembered before old ones are forgotten.
const REMEMBERED: usize = 10_000;

/// When somebody failed, by account and address.
type Failures = HashMap<(String, String), Vec<Timestamp>>;

/// Failed attempts, by account and address.
#[derive(Debug, Clone, Default)]
pub struct Attempts {
    failed: Arc<Mutex<Failures>>,
}

impl Attempts {
    /// Whether this account may be tried from this address now.
    #[must_use]
    pub fn allowed(&self, account: &str, address: &str, now: Timestamp) -> bool {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(times) = failed.get_mut(&pair(account, address)) else { return true };
        times.retain(|time| recent(*time, now));
        times.len() < ALLOWED
    }

    /// Remembers that an attempt failed.
    pub fn failed(&self, account: &str, address: &str, now: Timestamp) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if failed.len() >= REMEMBERED {
            failed.retain(|_, times| times.last().is_some_and(|time| recent(*time, now)));
        }
        failed.entry(pair(account, address)).or_default().push(now);
    }

    /// Forgets the failures of an account from an address, once it has signed in.
    pub fn succeeded(&self, account: &str, address: &str) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).remove(&pair(account, address));
    }
}

fn pair(account: &str, address: &str) -> (String, String) {
    let account: String = account.trim().to_lowercase().chars().take(320).collect();
    (account, address.to_owned())
}

fn recent(time: Timestamp, now: Timestamp) -> bool {
    now.duration_since(time) < WITHIN
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_eleventh_wrong_password_waits_and_only_at_its_own_address() {
        let (attempts, now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        for _ in 0..10 {
            assert!(attempts.allowed("p.shah@authority.example", "203.0.113.9", now));
            attempts.failed("P.Shah@authority.example ", "203.0.113.9", now);
        }
        assert!(!attempts.allowed("p.shah@authority.example", "203.0.113.9", now));
        assert!(attempts.allowed("p.shah@authority.example", "198.51.100.7", now), "the owner was locked out");
        assert!(attempts.allowed("a.khan@authority.example", "203.0.113.9", now), "a colleague was locked out");
        assert!(attempts.allowed("p.shah@authority.example", "203.0.113.9", now + WITHIN));
    }

    #[test]
    fn signing_in_forgets_what_failed_before() {
        let (attempts, now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        for _ in 0..10 {
            attempts.failed("p.shah@authority.example", "203.0.113.9", now);
        }
        attempts.succeeded("p.shah@authority.example", "203.0.113.9");
        assert!(attempts.allowed("p.shah@authority.example", "203.0.113.9", now));
    }
}
