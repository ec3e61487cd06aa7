//! Passwords: hashed by argon2, refused where they are short or among those that are tried first, without asking anybody
//! outside: a list of common passwords and patterns, and an operator's own list of digests, searched on disk.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::password::long_enough;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::digest;
use super::signing::tell_of_change;
use crate::answer::{Answer, Outcome};
use crate::command::{App, ended, proven};

/// How every password is hashed: each at the same cost.
fn hasher() -> Argon2<'static> {
    #[cfg(test)]
    tests::HASHED.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    Argon2::default()
}

/// A password's argon2 text.
pub fn hash_password(password: &str) -> Answer<String> {
    let hash = hasher().hash_password(password.as_bytes()).map_err(|error| Outcome::Fault(error.to_string()))?;
    Ok(hash.to_string())
}

/// So many passwords are hashed at once: each takes 19 MB and a core for a while.
static CHECKS: Semaphore = Semaphore::const_new(4);

/// Runs what takes a core for a while off the async threads, a few at once.
async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
    let _turn = CHECKS.acquire().await.map_err(|error| Outcome::Fault(error.to_string()))?;
    tokio::task::spawn_blocking(work).await.map_err(|error| Outcome::Fault(error.to_string()))
}

/// The same for somebody who waits for it at a page.
pub(super) async fn hashed(password: &str) -> Answer<String> {
    let password = password.to_owned();
    off_thread(move || hash_password(&password)).await?
}

/// Whether this is the password; works as long where there is no account, so that timing tells nothing.
pub(super) async fn verify(stored: Option<String>, password: String) -> Answer<bool> {
    off_thread(move || {
        let Some(stored) = stored else {
            let _same_time = hasher().hash_password(password.as_bytes());
            return false;
        };
        PasswordHash::new(&stored).is_ok_and(|hash| hasher().verify_password(password.as_bytes(), &hash).is_ok())
    })
    .await
}

/// An operator's own list of passwords that are known: lines of SHA-1 or SHA-256 digests in hexadecimal digits, sorted,
/// each perhaps followed by a colon and a count, as the large published ones are. Searched where it lies, by halves.
#[derive(Debug, Clone)]
pub struct PasswordList {
    path: PathBuf,
    digits: usize,
}

/// Why a list cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// It does not open or read.
    #[error("the list of passwords cannot be read: {0}")]
    Unread(#[from] std::io::Error),
    /// Its first line is no digest.
    #[error("the list of passwords does not begin with a SHA-1 or SHA-256 digest in hexadecimal digits")]
    NoDigest,
}

impl PasswordList {
    /// Opens a list, and looks at its first line.
    pub fn open(path: &Path) -> Result<Self, ListError> {
        let mut line = String::new();
        BufReader::new(File::open(path)?).read_line(&mut line)?;
        let digits = key(&line).len();
        let hexadecimal = key(&line).bytes().all(|byte| byte.is_ascii_hexdigit());
        if !hexadecimal || !matches!(digits, 40 | 64) {
            return Err(ListError::NoDigest);
        }
        Ok(Self { path: path.to_owned(), digits })
    }

    /// Whether it holds a password.
    pub fn contains(&self, password: &str) -> Result<bool, ListError> {
        let wanted = if self.digits == 40 {
            hex::encode_upper(<sha1::Sha1 as sha1::Digest>::digest(password.as_bytes()))
        } else {
            hex::encode_upper(Sha256::digest(password.as_bytes()))
        };
        let mut file = BufReader::new(File::open(&self.path)?);
        let (mut low, mut high) = (0, file.seek(SeekFrom::End(0))?);
        // The line that holds the byte after `low` is the first that may be it; none that begins at `high` or later is.
        while low < high {
            let middle = low + (high - low) / 2;
            let (start, line) = line_at(&mut file, middle)?;
            match key(&line).to_ascii_uppercase() {
                found if found == wanted => return Ok(true),
                found if found < wanted && !found.is_empty() => low = start + line.len() as u64,
                _ => high = start.min(middle),
            }
        }
        Ok(false)
    }
}

/// A line's digest.
fn key(line: &str) -> &str {
    line.split(':').next().unwrap_or_default().trim()
}

/// The line in which a byte stands, and where it begins.
fn line_at(file: &mut BufReader<File>, byte: u64) -> Result<(u64, String), ListError> {
    // No line is longer than this: a digest, a colon, a count.
    let mut start = byte.saturating_sub(128);
    file.seek(SeekFrom::Start(start))?;
    let mut line = String::new();
    if start > 0 {
        start += file.read_line(&mut line)? as u64;
    }
    loop {
        line.clear();
        let length = file.read_line(&mut line)? as u64;
        if length == 0 || start + length > byte {
            return Ok((start, line));
        }
        start += length;
    }
}

/// So many guesses a password alone must withstand, and one beside a second step.
const GUESSES_ALONE: u64 = 10_000_000_000;
const GUESSES_WITH_SECOND_STEP: u64 = 1_000_000;

/// A password that somebody wants to have: long enough, and not among those that are tried first.
async fn acceptable(
    field: &str,
    password: &str,
    second_step: bool,
    (list, known): (Option<&PasswordList>, Vec<String>),
) -> Answer<()> {
    long_enough(field, password, second_step)?;
    let (text, list) = (password.to_owned(), list.cloned());
    let guessable = off_thread(move || {
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let least = if second_step { GUESSES_WITH_SECOND_STEP } else { GUESSES_ALONE };
        let easy = zxcvbn::zxcvbn(&text, &known).guesses() < least;
        Ok::<_, ListError>(easy || list.map_or(Ok(false), |list| list.contains(&text))?)
    })
    .await?
    .map_err(|error| Outcome::Fault(error.to_string()))?;
    if guessable {
        let words = "Enter another password: this one is among those that are tried first. Three or four words that \
                     have nothing to do with you or with each other are hard to guess";
        return Err(Invalid::one(field, words).into());
    }
    Ok(())
}

/// What is known of a person, and so is tried first in their password.
fn known_of(name: &str, email: &str) -> Vec<String> {
    let parts = name.split_whitespace().chain(email.split(['@', '.', '-', '_'])).chain(["placewell", "placements"]);
    parts.map(str::to_owned).filter(|part| part.chars().count() > 2).collect()
}

impl App {
    /// Sets up the operator's own list of known passwords; once, at the start.
    pub fn refuse_passwords_of(&self, list: PasswordList) {
        let _set_before = self.password_list.set(list);
    }

    /// Whether a password may be had by somebody of this name and address.
    pub(super) async fn check_new_password(
        &self,
        field: &str,
        password: &str,
        second_step: bool,
        (name, email): (&str, &str),
    ) -> Answer<()> {
        acceptable(field, password, second_step, (self.password_list.get(), known_of(name, email))).await
    }

    /// Gives a person another password: whoever has one enters it, and nobody else is asked for a recent proof less.
    /// Every other session of theirs ends.
    pub async fn change_password(
        self: &Arc<Self>,
        actor: &Actor,
        token: &str,
        (current, new): (&str, &str),
    ) -> Answer<()> {
        actor.by.own_account()?;
        let session = self.visit().await?;
        let email = session.person_email(actor.person).await?;
        let account = session.account(&email).await?.ok_or(Outcome::NotFound)?;
        let second_step = session.second_step(actor.person).await?.is_some_and(|step| step.confirmed);
        drop(session);
        let before = account.password.clone();
        match account.password {
            Some(stored) => {
                if !verify(Some(stored), current.to_owned()).await? {
                    self.sign_in_failed(Some(actor.person), "changing the password").await?;
                    return Err(Invalid::one("current", "Check your password as it is now, and enter it again").into());
                }
            }
            None => proven(actor)?,
        }
        self.check_new_password("new", new, second_step, (&actor.name, &email)).await?;
        let new = NewPassword { hash: hashed(new).await?, beside: second_step, before };
        let mut work = self.deployment(Some(actor.person)).await?;
        let done = keep_password(&mut work, actor.person, &new, Some(token)).await;
        ended(work, done).await
    }
}

/// What stands in something half-way for the password of its person, or for their having none: once that is another,
/// what waits is finished no more.
pub(super) fn mark_of(password: Option<&str>) -> String {
    hex::encode(digest(&format!("password:{}", password.unwrap_or_default())))
}

/// A password to keep, and what it was checked by: hashing takes a while, in which that may become another.
pub(super) struct NewPassword {
    /// Its argon2 text.
    pub hash: String,
    /// Whether there was a second step for it to stand beside.
    pub beside: bool,
    /// The password in whose place it stands; none where there was none.
    pub before: Option<String>,
}

/// Keeps a new password, and ends every session but one; a conflict where what it was checked by is another meanwhile.
pub(super) async fn keep_password(
    work: &mut Work,
    person: PersonId,
    new: &NewPassword,
    but: Option<&str>,
) -> Answer<()> {
    work.lock_person(person).await?;
    let second = work.second_step(person).await?.is_some_and(|step| step.confirmed);
    if work.password_of(person).await? != new.before || (new.beside && !second) {
        return Err(Outcome::Conflict);
    }
    work.give_password(person, Some(&new.hash)).await?;
    let ended = work.end_sign_ins(person, but.map(digest).as_deref()).await?;
    work.record(Event::new("person.changed_password", "person", person.0, 0).with("ended", ended));
    tell_of_change(work, person, "Your password was changed, and your other sessions ended.").await
}

/// Refuses what needs a password that may stand alone, for somebody whose password may only stand beside a second step.
pub(super) fn too_weak_alone() -> Refusal {
    Refusal::new(
        "password_too_weak",
        "A password alone has 15 characters or more, and is not among those that are tried first",
        "Your password is weaker than a password alone may be, so the second step stays.",
        "You, by choosing a stronger password first; three or four words make a good one",
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Write as _;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Condvar, Mutex};

    /// How many passwords this process has hashed; no other test of this floor hashes any.
    pub(super) static HASHED: AtomicUsize = AtomicUsize::new(0);

    /// The body of a function of a source, up to the next.
    fn body(source: &'static str, name: &str) -> &'static str {
        let from = source.split(name).nth(1).unwrap();
        from.split("\n    }\n").next().unwrap()
    }

    #[tokio::test]
    async fn signing_in_hashes_one_password_whether_there_is_an_account_or_not_and_whether_it_is_right_or_wrong() {
        let stored = hash_password("walnut ferry dusk granite").unwrap();
        for (account, typed, good) in [
            (Some(&stored), "walnut ferry dusk granite", true),
            (Some(&stored), "wrong", false),
            (None, "wrong", false),
            (None, "", false),
        ] {
            let before = HASHED.load(Ordering::SeqCst);
            assert_eq!(verify(account.cloned(), typed.to_owned()).await.unwrap(), good);
            assert_eq!(HASHED.load(Ordering::SeqCst) - before, 1, "{account:?} {typed:?}");
        }
        // Whoever has failed too often hears nothing of the account either: this is the only hash, and nothing of the account
        // is asked before it.
        let way_in = body(include_str!("signing.rs"), "pub async fn check_password(");
        let (before, after) = way_in.split_once("verify(").unwrap();
        for branch in ["return", "Err(", "if ", "match ", "ok_or"] {
            assert!(!before.contains(branch), "{branch} before the password is hashed: {before}");
        }
        assert!(!after.contains("verify(") && !after.contains("hash"), "hashed again: {after}");
    }

    #[tokio::test]
    async fn of_what_takes_a_core_four_run_at_once_the_others_wait_and_everything_else_goes_on() {
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let gate = Arc::new((Mutex::new(false), Condvar::new()));
        let mut all = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (running, most, gate) = (Arc::clone(&running), Arc::clone(&most), Arc::clone(&gate));
            all.spawn(off_thread(move || {
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                let (open, opened) = &*gate;
                drop(opened.wait_while(open.lock().unwrap(), |open| !*open).unwrap());
                running.fetch_sub(1, Ordering::SeqCst);
            }));
        }
        // One thread serves this test: that it comes by here is what goes on.
        while running.load(Ordering::SeqCst) < 4 {
            tokio::task::yield_now().await;
        }
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(running.load(Ordering::SeqCst), 4, "more than four began");
        *gate.0.lock().unwrap() = true;
        gate.1.notify_all();
        assert!(all.join_all().await.into_iter().all(|done| done.is_ok()));
        assert_eq!(most.load(Ordering::SeqCst), 4);
    }

    /// A list in a file of its own, gone at the end of the test.
    struct Listed(PathBuf);

    impl Listed {
        fn new(name: &str, lines: &[String], ending: &str) -> Self {
            let path = std::env::temp_dir().join(format!("placewell-list-{name}-{}", std::process::id()));
            let mut file = File::create(&path).unwrap();
            for line in lines {
                write!(file, "{line}{ending}").unwrap();
            }
            Self(path)
        }
    }

    impl Drop for Listed {
        fn drop(&mut self) {
            let _gone = std::fs::remove_file(&self.0);
        }
    }

    fn sha1(text: &str) -> String {
        hex::encode_upper(<sha1::Sha1 as sha1::Digest>::digest(text.as_bytes()))
    }

    #[test]
    fn an_operators_list_finds_each_of_its_passwords_and_no_other() {
        for (count, ending) in [(1, "\n"), (2, "\r\n"), (3, "\n"), (1000, "\r\n"), (1001, "\n")] {
            let mut lines: Vec<String> =
                (0..count).map(|number| format!("{}:{}", sha1(&format!("known {number}")), number * 7)).collect();
            lines.sort();
            let file = Listed::new(&format!("sha1-{count}"), &lines, ending);
            let list = PasswordList::open(&file.0).unwrap();
            for number in 0..count {
                assert!(list.contains(&format!("known {number}")).unwrap(), "{number} of {count}");
            }
            for number in 0..200 {
                assert!(!list.contains(&format!("unknown {number}")).unwrap(), "{number} of {count}");
            }
        }
    }

    #[test]
    fn an_operators_list_may_hold_the_longer_digest_in_small_letters() {
        let mut lines: Vec<String> =
            (0..50).map(|number| hex::encode(Sha256::digest(format!("known {number}")))).collect();
        lines.sort();
        let file = Listed::new("sha256", &lines, "\n");
        let list = PasswordList::open(&file.0).unwrap();
        assert!((0..50).all(|number| list.contains(&format!("known {number}")).unwrap()));
        assert!(!list.contains("unknown").unwrap());
        let wrong = Listed::new("wrong", &["password".to_owned()], "\n");
        assert!(matches!(PasswordList::open(&wrong.0), Err(ListError::NoDigest)));
    }

    #[tokio::test]
    async fn a_password_that_is_tried_first_is_refused_and_words_without_sense_are_taken() {
        let known = || known_of("Priya Shah", "priya.shah@authority.example");
        for wrong in [
            "passwordpassword",
            "qwertyuiopasdfghjkl",
            "aaaaaaaaaaaaaaaaaaaa",
            "priyashahpriyashah",
            "123456789012345678",
        ] {
            let answer = acceptable("new", wrong, false, (None, known())).await;
            assert!(matches!(answer, Err(Outcome::Invalid(_))), "{wrong}: {answer:?}");
        }
        acceptable("new", "walnut ferry dusk granite", false, (None, known())).await.unwrap();
        assert!(acceptable("new", "password", true, (None, known())).await.is_err());
        acceptable("new", "kX7-vq2w", true, (None, known())).await.unwrap();
        assert!(acceptable("new", "kX7-vq2w", false, (None, known())).await.is_err(), "too short alone");
        let file = Listed::new("operator", &[sha1("walnut ferry dusk granite")], "\n");
        let list = PasswordList::open(&file.0).unwrap();
        assert!(acceptable("new", "walnut ferry dusk granite", false, (Some(&list), known())).await.is_err());
    }
}
