//! Sign-in attempts that failed, counted by account and address together on the machine's clock, in memory.
//!
//! Whoever guesses from one address is stopped there, also over many accounts; an account's owner signs in from theirs as
//! before. What is remembered has a bound: the longest ago is forgotten first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// So many wrong passwords are taken before a wait.
const ALLOWED: usize = 10;
/// So many from one address, over all accounts: people of one office share an address.
const ALLOWED_FROM: usize = 100;
/// The time in which they are counted, and the longest wait.
const WITHIN: SignedDuration = SignedDuration::from_mins(5);
/// So many pairs, and as many addresses, are remembered.
const REMEMBERED: usize = 10_000;

/// What is counted: an account from an address, or an address over all accounts.
type Key = (Option<String>, String);
/// When somebody failed.
type Failures = HashMap<Key, Vec<Timestamp>>;

/// Failed attempts, by account and address, and by address.
#[derive(Debug, Clone, Default)]
pub struct Attempts {
    failed: Arc<Mutex<Failures>>,
}

impl Attempts {
    /// Whether this account may be tried from this address now.
    #[must_use]
    pub fn allowed(&self, account: &str, address: &str, now: Timestamp) -> bool {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        counted(account, address).into_iter().all(|(key, most)| {
            let Some(times) = failed.get_mut(&key) else { return true };
            times.retain(|time| recent(*time, now));
            times.len() < most
        })
    }

    /// Remembers that an attempt failed.
    pub fn failed(&self, account: &str, address: &str, now: Timestamp) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, most) in counted(account, address) {
            if failed.len() >= REMEMBERED && !failed.contains_key(&key) {
                make_room(&mut failed, now);
            }
            let times = failed.entry(key).or_default();
            if times.len() >= most {
                times.remove(0);
            }
            times.push(now);
        }
    }

    /// Forgets the failures of an account from an address, once it has signed in.
    pub fn succeeded(&self, account: &str, address: &str) {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).remove(&(name(account), address.to_owned()));
    }
}

/// Forgets what is over, and where that is nothing, the eighth that failed the longest ago.
fn make_room(failed: &mut Failures, now: Timestamp) {
    failed.retain(|_, times| times.last().is_some_and(|time| recent(*time, now)));
    if failed.len() < REMEMBERED {
        return;
    }
    let mut last: Vec<Timestamp> = failed.values().filter_map(|times| times.last().copied()).collect();
    last.sort_unstable();
    if let Some(until) = last.get(REMEMBERED / 8).copied() {
        let mut over = failed.len() - REMEMBERED * 7 / 8;
        failed.retain(|_, times| {
            let goes = over > 0 && times.last().is_none_or(|time| *time <= until);
            over -= usize::from(goes);
            !goes
        });
    }
}

/// What an attempt counts towards, with the most that is taken; a form without an account only towards its address.
fn counted(account: &str, address: &str) -> Vec<(Key, usize)> {
    let mut keys = vec![((None, address.to_owned()), ALLOWED_FROM)];
    if let Some(account) = name(account) {
        keys.push(((Some(account), address.to_owned()), ALLOWED));
    }
    keys
}

fn name(account: &str) -> Option<String> {
    let account: String = account.trim().to_lowercase().chars().take(320).collect();
    (!account.is_empty()).then_some(account)
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
    fn one_address_that_tries_every_account_waits() {
        let (attempts, now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        for number in 0..ALLOWED_FROM {
            let account = format!("person{number}@authority.example");
            assert!(attempts.allowed(&account, "203.0.113.9", now));
            attempts.failed(&account, "203.0.113.9", now);
        }
        assert!(!attempts.allowed("somebody.else@authority.example", "203.0.113.9", now));
        assert!(attempts.allowed("somebody.else@authority.example", "198.51.100.7", now));
        assert!(attempts.allowed("somebody.else@authority.example", "203.0.113.9", now + WITHIN));
    }

    #[test]
    fn what_is_remembered_has_a_bound() {
        let (attempts, now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        for number in 0..2 * REMEMBERED {
            attempts.failed(&number.to_string(), &format!("address {number}"), now);
        }
        assert!(attempts.failed.lock().unwrap().len() <= REMEMBERED + 1);
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
