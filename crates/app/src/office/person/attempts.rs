//! Attempts to sign in, counted by account and address together on the machine's clock, in the database: every node
//! counts the same. Each is counted before it is looked at and taken back where it was right: many at one moment are no
//! more.
//!
//! Whoever guesses from one address waits there, longer each time, also over many accounts; an account's owner signs in
//! from theirs as before, and is told by mail of each wait that somebody else brought about.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use placewell_store::Work;
use placewell_store::outbox::TakenJob;
use serde::{Deserialize, Serialize};

use super::digest;
use super::forgotten::{leave_to_job, left_to, take_left};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::{App, ended, left};
use crate::office::message;

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
pub(crate) const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What is counted: an account from an address, or an address over all accounts.
type Key = (Option<String>, String);

/// When somebody failed, how often they had to wait, and when they last came in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    times: Vec<Timestamp>,
    waits: u32,
    until: Option<Timestamp>,
    last: Option<Timestamp>,
    known: Option<Timestamp>,
}

impl Remembered {
    fn is_over(&self, now: Timestamp) -> bool {
        let kept = if self.waits > 0 { REMEMBERED_FOR } else { WITHIN };
        self.last.is_none_or(|last| now.duration_since(last) >= kept)
    }

    fn is_known(&self, now: Timestamp) -> bool {
        self.known.is_some_and(|at| now.duration_since(at) < KNOWN_FOR)
    }

    /// How long nobody more is taken: for a wait that has begun, or while as many as are taken are being looked at.
    fn wait(&self, most: usize, now: Timestamp) -> Option<SignedDuration> {
        if let Some(until) = self.until.filter(|until| *until > now) {
            return Some(until.duration_since(now));
        }
        let counted: Vec<&Timestamp> = self.times.iter().filter(|time| now.duration_since(**time) < WITHIN).collect();
        let first = counted.iter().min().filter(|_| counted.len() >= most)?;
        Some(WITHIN - now.duration_since(**first))
    }

    /// Counts one more, before it is looked at.
    fn begin(&mut self, now: Timestamp) {
        if self.is_over(now) {
            *self = Self { known: self.known, ..Self::default() };
        }
        self.times.retain(|time| now.duration_since(*time) < WITHIN);
        self.times.push(now);
        self.last = Some(now);
    }

    /// One that was counted has failed; `grows` where each wait is longer than the one before. True where a wait
    /// begins.
    fn fail(&mut self, most: usize, grows: bool, now: Timestamp) -> bool {
        if self.times.len() < most {
            return false;
        }
        let wait = (0..self.waits.min(8)).fold(WITHIN, |wait, _| (wait * 2).min(LONGEST_WAIT));
        self.until = Some(now + wait);
        self.waits += u32::from(grows);
        self.times.clear();
        true
    }

    /// The most that are taken before the next wait, where so many are before the first.
    fn most(&self, key: &Key, first: usize) -> usize {
        if key.0.is_some() && self.waits > 0 { ALLOWED_AFTER } else { first }
    }
}

/// What is remembered of some accounts and addresses.
#[derive(Debug, Clone, Default)]
struct Attempts(BTreeMap<Key, Remembered>);

impl Attempts {
    /// How long this account cannot be tried from this address; none where it may be now.
    fn wait(&self, account: &str, address: &str, now: Timestamp) -> Option<SignedDuration> {
        // Whoever has signed in from there lately does not wait for what others do there.
        let known = self.0.get(&(name(account), address.to_owned())).is_some_and(|one| one.is_known(now));
        counted(account, address)
            .into_iter()
            .filter(|(key, _)| key.0.is_some() || !known)
            .filter_map(|(key, first)| self.0.get(&key).and_then(|one| one.wait(one.most(&key, first), now)))
            .max()
    }

    /// Counts an attempt before it is looked at; where it must wait it is not counted, and this says how long.
    fn begin(&mut self, account: &str, address: &str, now: Timestamp) -> Option<SignedDuration> {
        let wait = self.wait(account, address, now);
        if wait.is_none() {
            for (key, _) in counted(account, address) {
                self.0.entry(key).or_default().begin(now);
            }
        }
        wait
    }

    /// An attempt that was counted has failed; true where the account waits from now on.
    fn failed(&mut self, account: &str, address: &str, now: Timestamp) -> bool {
        let mut waits = false;
        for (key, first) in counted(account, address) {
            let grows = key.0.is_some();
            if let Some(one) = self.0.get_mut(&key) {
                waits |= one.fail(one.most(&key, first), grows, now) && grows;
            }
        }
        waits
    }

    /// Takes an attempt back that was counted at an instant.
    fn taken_back(&mut self, account: &str, address: &str, begun: Timestamp) {
        for (key, _) in counted(account, address) {
            if let Some(one) = self.0.get_mut(&key) {
                take_one(&mut one.times, begun);
            }
        }
    }

    /// Forgets the failures of an account from an address, once it has signed in, and knows it there from then on.
    fn succeeded(&mut self, account: &str, address: &str, begun: Timestamp) {
        self.taken_back(account, address, begun);
        let known = Remembered { known: Some(begun), ..Remembered::default() };
        self.0.insert((name(account), address.to_owned()), known);
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

/// Under what it is kept: neither the account nor the address can be read from it.
fn kept_as((account, address): &Key) -> String {
    hex::encode(digest(&format!("attempt:{}:{address}", account.as_deref().unwrap_or_default())))
}

/// How much of something is done in a time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    /// So often at most.
    pub most: usize,
    /// Within so long.
    pub within: SignedDuration,
}

/// When something was done lately.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Done {
    times: Vec<Timestamp>,
}

/// Counts one more of what has this name, within the work that does it: kept and taken back together. Where it was done too
/// often it is not counted, and the answer says how long to wait.
pub(crate) async fn at_pace(work: &Work, name: &str, pace: Pace, now: Timestamp) -> Answer<Option<SignedDuration>> {
    let key = hex::encode(digest(&format!("pace:{name}")));
    let mut done: Done = serde_json::from_str(&work.hold_attempts(&key, now).await?)?;
    done.times.retain(|time| now.duration_since(*time) < pace.within);
    if done.times.len() >= pace.most {
        let first = done.times.first().copied().unwrap_or(now);
        return Ok(Some(pace.within - now.duration_since(first)));
    }
    done.times.push(now);
    work.keep_attempts(&key, &serde_json::to_string(&done)?, now).await?;
    Ok(None)
}

impl App {
    /// The same in work of its own, before what is counted is done.
    pub(super) async fn at_own_pace(&self, name: &str, pace: Pace, now: Timestamp) -> Answer<Option<SignedDuration>> {
        let work = self.deployment(None).await?;
        let wait = at_pace(&work, name, pace, now).await?;
        match wait {
            Some(_) => work.roll_back().await?,
            None => work.commit(now).await?,
        }
        Ok(wait)
    }

    /// Takes back what was counted at an instant, where it was none of what the pace is for.
    pub(super) async fn not_at_pace(&self, name: &str, at: Timestamp) -> Answer<()> {
        let (key, work) = (hex::encode(digest(&format!("pace:{name}"))), self.deployment(None).await?);
        let mut done: Done = serde_json::from_str(&work.hold_attempts(&key, at).await?)?;
        take_one(&mut done.times, at);
        work.keep_attempts(&key, &serde_json::to_string(&done)?, at).await?;
        Ok(work.commit(Machine::now()).await?)
    }
}

/// Takes out one of what was counted at an instant.
fn take_one(times: &mut Vec<Timestamp>, at: Timestamp) {
    if let Some(place) = times.iter().position(|time| *time == at) {
        times.remove(place);
    }
}

/// The job that tells whose account waits, where it is somebody's.
pub(crate) const TELL_WAIT: &str = "person.tell_wait";

/// Tells them; a second run finds nothing left.
pub(crate) async fn tell_wait(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let Some((name, email)) = left_to(app, job).await? else { return Ok(()) };
    let mut work = app.deployment(None).await?;
    let done = told(&mut work, &name, &email).await;
    ended(work, done).await
}

async fn told(work: &mut Work, name: &[u8], email: &str) -> Answer<()> {
    if !take_left(work, name).await? {
        return Ok(());
    }
    let Some(found) = work.account(email).await? else { return Ok(()) };
    let to = work.person_email(found.id).await?;
    let body = "Somebody tried to sign in as you and failed several times from one place. That place waits now. You can \
                sign in from yours as before.\nIf it was you, do nothing. If not, and your password is used elsewhere, \
                change it.\n\n/preferences";
    let dedupe = format!("attempts/{}", hex::encode(name));
    message::mail(work, &to, ("Somebody failed to sign in as you", body), &dedupe).await
}

impl App {
    /// How long this account cannot be tried from this address; none where it may be now.
    pub async fn attempt_waits(&self, account: &str, address: &str, now: Timestamp) -> Answer<Option<SignedDuration>> {
        let session = self.visit().await?;
        let mut attempts = Attempts::default();
        for (key, _) in counted(account, address) {
            if let Some(body) = session.attempts(&kept_as(&key)).await? {
                attempts.0.insert(key, serde_json::from_str(&body)?);
            }
        }
        Ok(attempts.wait(account, address, now))
    }

    /// Counts an attempt before it is looked at, so that of however many at one moment no more are than may be one
    /// after the other. Where it must wait nothing is counted, and the answer says how long.
    pub async fn attempt_begins(&self, account: &str, address: &str, now: Timestamp) -> Answer<Option<SignedDuration>> {
        // Whoever waits hears of it without a turn at writing.
        if let Some(wait) = self.attempt_waits(account, address, now).await? {
            return Ok(Some(wait));
        }
        let (work, mut attempts) = self.hold_attempts((account, address), now).await?;
        let wait = attempts.begin(account, address, now);
        if wait.is_some() {
            work.roll_back().await?;
        } else {
            attempts.keep(&work, now).await?;
            work.commit(now).await?;
        }
        Ok(wait)
    }

    /// An attempt that was counted at an instant has failed. Where that makes the account wait, its person is told by
    /// the job that follows: whoever tries waits for the same writes whether the account is known or not.
    pub async fn attempt_failed(&self, account: &str, address: &str, begun: Timestamp) -> Answer<()> {
        let (mut work, mut attempts) = self.hold_attempts((account, address), begun).await?;
        let waits = attempts.failed(account, address, begun);
        attempts.keep(&work, begun).await?;
        if waits && let Some(account) = name(account) {
            leave_to_job(&mut work, TELL_WAIT, &account).await?;
        }
        Ok(work.commit(begun).await?)
    }

    /// An attempt that was counted at an instant was left before its end, as by a caller who hangs up: it has failed,
    /// so that nobody makes an account wait unseen.
    pub fn attempt_left(self: Arc<Self>, account: String, address: String, begun: Timestamp) {
        left(async move { self.attempt_failed(&account, &address, begun).await });
    }

    /// An attempt that was counted at an instant was right: the account's failures from the address are forgotten.
    pub async fn attempt_succeeded(&self, account: &str, address: &str, begun: Timestamp) -> Answer<()> {
        let (work, mut attempts) = self.hold_attempts((account, address), begun).await?;
        attempts.succeeded(account, address, begun);
        attempts.keep(&work, begun).await?;
        Ok(work.commit(begun).await?)
    }

    /// An attempt that was counted at an instant guessed at nothing: it counts no longer, and those before it do.
    pub async fn attempt_taken_back(&self, account: &str, address: &str, begun: Timestamp) -> Answer<()> {
        let (work, mut attempts) = self.hold_attempts((account, address), begun).await?;
        attempts.taken_back(account, address, begun);
        attempts.keep(&work, begun).await?;
        Ok(work.commit(begun).await?)
    }

    /// What is remembered of an account and an address, held until the work ends.
    async fn hold_attempts(&self, (account, address): (&str, &str), now: Timestamp) -> Answer<(Work, Attempts)> {
        let work = self.deployment(None).await?;
        let mut attempts = Attempts::default();
        for (key, _) in counted(account, address) {
            let body = work.hold_attempts(&kept_as(&key), now).await?;
            attempts.0.insert(key, serde_json::from_str(&body)?);
        }
        Ok((work, attempts))
    }
}

impl Attempts {
    /// Remembers them anew.
    async fn keep(&self, work: &Work, now: Timestamp) -> Answer<()> {
        for (key, one) in &self.0 {
            work.keep_attempts(&kept_as(key), &serde_json::to_string(one)?, now).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn allowed(attempts: &Attempts, account: &str, address: &str, now: Timestamp) -> bool {
        attempts.wait(account, address, now).is_none()
    }

    /// One more attempt that fails; true where the account waits from now on.
    fn fails(attempts: &mut Attempts, account: &str, address: &str, now: Timestamp) -> bool {
        assert_eq!(attempts.begin(account, address, now), None, "{account}");
        attempts.failed(account, address, now)
    }

    #[test]
    fn the_eleventh_wrong_password_waits_and_only_at_its_own_address() {
        let (mut attempts, now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        for _ in 0..10 {
            assert!(allowed(&attempts, "p.shah@authority.example", "203.0.113.9", now));
            fails(&mut attempts, "P.Shah@authority.example ", "203.0.113.9", now);
        }
        assert!(!allowed(&attempts, "p.shah@authority.example", "203.0.113.9", now));
        assert!(allowed(&attempts, "p.shah@authority.example", "198.51.100.7", now), "the owner was locked out");
        assert!(allowed(&attempts, "a.khan@authority.example", "203.0.113.9", now), "a colleague was locked out");
        assert!(allowed(&attempts, "p.shah@authority.example", "203.0.113.9", now + WITHIN));
    }

    #[test]
    fn a_colleague_who_signed_in_from_a_shared_address_does_not_wait_for_what_others_try_there() {
        let (mut attempts, now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        attempts.succeeded("a.khan@authority.example", "203.0.113.9", now);
        for number in 0..ALLOWED_FROM {
            fails(&mut attempts, &format!("person{number}@authority.example"), "203.0.113.9", now);
        }
        assert!(!allowed(&attempts, "p.shah@authority.example", "203.0.113.9", now));
        assert!(allowed(&attempts, "a.khan@authority.example", "203.0.113.9", now), "a colleague was locked out");
    }

    #[test]
    fn one_address_that_tries_every_account_waits() {
        let (mut attempts, now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        for number in 0..ALLOWED_FROM {
            let account = format!("person{number}@authority.example");
            assert!(allowed(&attempts, &account, "203.0.113.9", now));
            fails(&mut attempts, &account, "203.0.113.9", now);
        }
        assert!(!allowed(&attempts, "somebody.else@authority.example", "203.0.113.9", now));
        assert!(allowed(&attempts, "somebody.else@authority.example", "198.51.100.7", now));
        assert!(allowed(&attempts, "somebody.else@authority.example", "203.0.113.9", now + WITHIN));
    }

    #[test]
    fn each_wait_is_twice_as_long_as_the_one_before_and_none_longer_than_an_hour() {
        let (mut attempts, mut now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        let mut waits = Vec::new();
        for round in 0..6 {
            let most = if round == 0 { ALLOWED } else { ALLOWED_AFTER };
            for one in 1..=most {
                assert!(allowed(&attempts, "p.shah@authority.example", "203.0.113.9", now));
                let told = fails(&mut attempts, "p.shah@authority.example", "203.0.113.9", now);
                assert_eq!(told, one == most, "told once");
            }
            let wait = attempts.wait("p.shah@authority.example", "203.0.113.9", now).unwrap();
            waits.push(in_words(wait));
            now += wait;
        }
        assert_eq!(waits, ["5 minutes", "10 minutes", "20 minutes", "40 minutes", "60 minutes", "60 minutes"]);
        assert!(allowed(&attempts, "p.shah@authority.example", "198.51.100.7", now), "the owner was locked out");
        now += REMEMBERED_FOR;
        for _ in 0..ALLOWED {
            assert!(allowed(&attempts, "p.shah@authority.example", "203.0.113.9", now), "a day forgets");
            fails(&mut attempts, "p.shah@authority.example", "203.0.113.9", now);
        }
    }

    #[test]
    fn signing_in_forgets_what_failed_before() {
        let (mut attempts, now) = (Attempts::default(), Timestamp::UNIX_EPOCH);
        for _ in 0..10 {
            fails(&mut attempts, "p.shah@authority.example", "203.0.113.9", now);
        }
        attempts.succeeded("p.shah@authority.example", "203.0.113.9", now);
        assert!(allowed(&attempts, "p.shah@authority.example", "203.0.113.9", now));
    }

    #[test]
    fn as_many_as_are_taken_are_looked_at_at_once_and_what_was_right_or_guessed_at_nothing_is_taken_back() {
        let (who, office, now) = ("p.shah@authority.example", "203.0.113.9", Timestamp::UNIX_EPOCH);
        let (mut attempts, second) = (Attempts::default(), SignedDuration::from_secs(1));
        let at = |number: i32| now + second * number;
        for number in 0..10 {
            assert_eq!(attempts.begin(who, office, at(number)), None, "{number}");
        }
        assert_eq!(attempts.begin(who, office, at(10)), Some(WITHIN - second * 10), "one more than may be");
        assert_eq!(attempts.begin(who, "198.51.100.7", at(10)), None, "the owner was locked out");
        attempts.taken_back(who, office, at(3));
        assert_eq!(attempts.begin(who, office, at(10)), None, "what was taken back counts");
        let told: Vec<bool> = (0..10).map(|number| attempts.failed(who, office, at(number))).collect();
        assert_eq!(told.iter().filter(|told| **told).count(), 1, "told of one wait as of several");
        assert!(told[0] && attempts.wait(who, office, at(11)).is_some());

        let (mut attempts, colleague) = (Attempts::default(), "a.khan@authority.example");
        for number in 0..9 {
            fails(&mut attempts, who, office, at(number));
        }
        assert_eq!(attempts.begin(who, office, at(9)), None);
        attempts.succeeded(who, office, at(9));
        for number in 10..19 {
            assert!(!fails(&mut attempts, who, office, at(number)), "the tenth was right: {number}");
        }
        for number in 0..ALLOWED_FROM {
            let account = format!("{number}.{colleague}");
            assert_eq!(attempts.begin(&account, office, at(20)), None, "those who come in count");
            attempts.succeeded(&account, office, at(20));
        }
    }
}
