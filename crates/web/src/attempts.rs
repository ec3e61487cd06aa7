//! Sign-in attempts that failed, counted by account and address together on the machine's clock, in memory.
//!
//! Whoever guesses from one address waits there, longer each time, also over many accounts; an account's owner signs in
//! from theirs as before. What is remembered has a bound: the longest ago is forgotten first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// So many wrong passwords are taken before the first wait, and so many before each that follows.
const ALLOWED: usize = 10;
const ALLOWED_AFTER: usize = 3;
/// So many from one address, over all accounts: people of one office share an address.
const ALLOWED_FROM: usize = 100;
/// The time in which they are counted, and the first wait; each that follows is twice as long, up to the longest.
const WITHIN: SignedDuration = SignedDuration::from_mins(5);
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(1);
/// A wait that was served is remembered for so long.
const REMEMBERED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Whoever has signed in from an address is known there for so long.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);
/// So many pairs, and as many addresses, are remembered.
const REMEMBERED: usize = 10_000;

/// What is counted: an account from an address, or an address over all accounts.
type Key = (Option<String>, String);

/// When somebody failed, and how often they had to wait.
#[derive(Debug, Clone, Default)]
struct Failures {
    times: Vec<Timestamp>,
    waits: u32,
    until: Option<Timestamp>,
    last: Option<Timestamp>,
}

impl Failures {
    fn is_over(&self, now: Timestamp) -> bool {
        let kept = if self.waits > 0 { REMEMBERED_FOR } else { WITHIN };
        self.last.is_none_or(|last| now.duration_since(last) >= kept)
    }

    /// Counts one more; `grows` where each wait is longer than the one before.
    fn add(&mut self, most: usize, grows: bool, now: Timestamp) {
        self.times.retain(|time| now.duration_since(*time) < WITHIN);
        self.times.push(now);
        self.last = Some(now);
        let most = if grows && self.waits > 0 { ALLOWED_AFTER } else { most };
        if self.times.len() >= most {
            let wait = (0..self.waits.min(8)).fold(WITHIN, |wait, _| (wait * 2).min(LONGEST_WAIT));
            self.until = Some(now + wait);
            self.waits += u32::from(grows);
            self.times.clear();
        }
    }
}

/// Failed attempts, by account and address, and by address.
#[derive(Debug, Clone, Default)]
pub struct Attempts {
    failed: Arc<Mutex<HashMap<Key, Failures>>>,
    known: Arc<Mutex<HashMap<Key, Timestamp>>>,
}

impl Attempts {
    /// How long this account cannot be tried from this address; none where it may be now.
    #[must_use]
    pub fn wait(&self, account: &str, address: &str, now: Timestamp) -> Option<SignedDuration> {
        // Whoever has signed in from there lately does not wait for what others do there.
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known =
            known.get(&(name(account), address.to_owned())).is_some_and(|at| now.duration_since(*at) < KNOWN_FOR);
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        counted(account, address)
            .into_iter()
            .filter(|(key, _)| key.0.is_some() || !known)
            .filter_map(|(key, _)| failed.get(&key).and_then(|failures| failures.until))
            .filter(|until| *until > now)
            .map(|until| until.duration_since(now))
            .max()
    }

    /// Whether this account may be tried from this address now.
    #[must_use]
    pub fn allowed(&self, account: &str, address: &str, now: Timestamp) -> bool {
        self.wait(account, address, now).is_none()
    }

    /// Remembers that an attempt failed.
    pub fn failed(&self, account: &str, address: &str, now: Timestamp) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, most) in counted(account, address) {
            if failed.len() >= REMEMBERED && !failed.contains_key(&key) {
                make_room(&mut failed, now);
            }
            let grows = key.0.is_some();
            let failures = failed.entry(key).or_default();
            if failures.is_over(now) {
                *failures = Failures::default();
            }
            failures.add(most, grows, now);
        }
    }

    /// Forgets the failures of an account from an address, once it has signed in, and knows it there from then on.
    pub fn succeeded(&self, account: &str, address: &str, now: Timestamp) {
        let key = (name(account), address.to_owned());
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= REMEMBERED {
            known.retain(|_, at| now.duration_since(*at) < KNOWN_FOR / 4);
        }
        if known.len() < REMEMBERED {
            known.insert(key, now);
        }
    }
}

/// A wait in words.
#[must_use]
pub fn in_words(wait: SignedDuration) -> String {
    match (wait.as_secs() + 59) / 60 {
        ..=1 => "1 minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

/// Forgets what is over, and where that is nothing, the eighth that failed the longest ago.
fn make_room(failed: &mut HashMap<Key, Failures>, now: Timestamp) {
    failed.retain(|_, failures| !failures.is_over(now));
    if failed.len() < REMEMBERED {
        return;
    }
    let mut last: Vec<Timestamp> = failed.values().filter_map(|failures| failures.last).collect();
    last.sort_unstable();
    if let Some(until) = last.get(REMEMBERED / 8).copied() {
        let mut over = failed.len() - REMEMBERED * 7 / 8;
        failed.retain(|_, failures| {
            let goes = over > 0 && failures.last.is_none_or(|time| time <= until);
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
    fn a_colleague_who_signed_in_from_a_shared_address_does_not_wait_for_what_others_try_there() {
        let (attempts, now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        attempts.succeeded("a.khan@authority.example", "203.0.113.9", now);
        for number in 0..ALLOWED_FROM {
            attempts.failed(&format!("person{number}@authority.example"), "203.0.113.9", now);
        }
        assert!(!attempts.allowed("p.shah@authority.example", "203.0.113.9", now));
        assert!(attempts.allowed("a.khan@authority.example", "203.0.113.9", now), "a colleague was locked out");
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
    fn each_wait_is_twice_as_long_as_the_one_before_and_none_longer_than_an_hour() {
        let (attempts, mut now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        let mut waits = Vec::new();
        for round in 0..6 {
            for _ in 0..if round == 0 { ALLOWED } else { ALLOWED_AFTER } {
                assert!(attempts.allowed("p.shah@authority.example", "203.0.113.9", now));
                attempts.failed("p.shah@authority.example", "203.0.113.9", now);
            }
            let wait = attempts.wait("p.shah@authority.example", "203.0.113.9", now).unwrap();
            waits.push(in_words(wait));
            now += wait;
        }
        assert_eq!(waits, ["5 minutes", "10 minutes", "20 minutes", "40 minutes", "60 minutes", "60 minutes"]);
        assert!(attempts.allowed("p.shah@authority.example", "198.51.100.7", now), "the owner was locked out");
        now += REMEMBERED_FOR;
        for _ in 0..ALLOWED {
            assert!(attempts.allowed("p.shah@authority.example", "203.0.113.9", now), "a day forgets");
            attempts.failed("p.shah@authority.example", "203.0.113.9", now);
        }
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
        attempts.succeeded("p.shah@authority.example", "203.0.113.9", now);
        assert!(attempts.allowed("p.shah@authority.example", "203.0.113.9", now));
    }
}
