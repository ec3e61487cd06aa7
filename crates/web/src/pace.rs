//! How much one caller may ask in a minute: enough for anybody at work and for a program that keeps a copy up to date, and
//! too little to carry a register away or to keep everybody else waiting.
//!
//! Counted in memory by session or token and by address; what is counted ends with its minute, and its number has a bound.
//! A session is looked up only later, so that names cost nothing to invent: who invents them fills the room for their own.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use crate::address::network_of;

/// So many requests of one session or token in a minute.
const BY_CALLER: u32 = 1_200;
/// So many from one address: a whole authority may share one.
const BY_ADDRESS: u32 = 12_000;
/// So many callers, and so many addresses, are counted each; whoever comes after them is counted with their network.
const REMEMBERED: usize = 200_000;
/// So many counts are kept of networks: a whole one, by chance with another, asks as much as one address.
const NETWORKS: u64 = 65_536;

/// What was asked by each of one kind, and by the networks of those who came when there was no room.
#[derive(Debug, Default)]
struct Counts {
    each: HashMap<u64, u32>,
    networks: HashMap<u64, u32>,
}

/// The counts of the running minute.
#[derive(Debug, Default)]
struct Minute {
    number: i64,
    addresses: Counts,
    callers: Counts,
}

/// The limits, with what was asked in this minute.
#[derive(Debug, Clone)]
pub struct Pace {
    caller: u32,
    address: u32,
    /// Nobody outside knows what falls together.
    keys: RandomState,
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
        Self { caller, address, keys: RandomState::new(), minute: Arc::default() }
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
            *minute = Minute { number, ..Minute::default() };
        }
        let network = || (self.keys.hash_one(network_of(address)) % NETWORKS, self.address);
        let by_address = minute.addresses.within((self.keys.hash_one(address), self.address), network);
        by_address
            && caller.is_none_or(|caller| minute.callers.within((self.keys.hash_one(caller), self.caller), network))
    }
}

impl Counts {
    /// One more of this, or of its network where there is no room for it: whether it is within its limit.
    fn within(&mut self, (key, limit): (u64, u32), network: impl FnOnce() -> (u64, u32)) -> bool {
        let has_room = self.each.len() < REMEMBERED || self.each.contains_key(&key);
        let (count, limit) = if has_room {
            (self.each.entry(key).or_default(), limit)
        } else {
            let (network, limit) = network();
            (self.networks.entry(network).or_default(), limit)
        };
        *count = count.saturating_add(1);
        *count <= limit
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::net::Ipv4Addr;

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
        let (pace, now) = (Pace::of(3, 5), Timestamp::UNIX_EPOCH);
        let filled = u32::try_from(REMEMBERED).unwrap() + 1_000;
        for number in 0..filled {
            let _first = pace.allows(None, &Ipv4Addr::from(number << 8).to_string(), now);
        }
        {
            let minute = pace.minute.lock().unwrap();
            assert_eq!(minute.addresses.each.len(), REMEMBERED, "counted beyond the bound");
            assert!(minute.addresses.networks.keys().all(|network| *network < NETWORKS));
        }
        assert!(pace.allows(None, "0.0.1.0", now), "who is counted already is not turned away");
        let of_one = (1..=20).filter(|last| pace.allows(None, &format!("198.51.100.{last}"), now)).count();
        assert!((1..=5).contains(&of_one), "{of_one} of one network that has no place of its own");
        let of_many = (0..50).filter(|part| pace.allows(None, &format!("203.{part}.113.7"), now)).count();
        assert!(of_many >= 45, "{of_many} of 50 other networks"); // few share a count by chance
    }

    #[test]
    fn whoever_invents_callers_without_end_leaves_nobody_else_without_a_place() {
        let (pace, now) = (Pace::default(), Timestamp::UNIX_EPOCH);
        let invents = |number: usize| {
            let from = format!("2001:db8:1:{:x}::/64", number / 10_000);
            pace.allows(Some(&format!("invented {number}")), &from, now)
        };
        assert!((0..REMEMBERED).all(invents), "the room is filled");
        let more = (REMEMBERED..REMEMBERED + 40_000).filter(|number| invents(*number)).count();
        assert!(more <= 12_000, "{more} more of one customer's networks");
        let at_work = ["203.0.113.9", "198.51.100.7", "192.0.2.9"];
        let let_in = at_work.iter().filter(|from| pace.allows(Some("somebody at work"), from, now)).count();
        assert!(let_in >= 2, "{let_in} of 3 who were not counted yet"); // one may share a count by chance
    }
}
