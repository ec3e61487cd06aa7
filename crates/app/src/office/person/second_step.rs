//! The second step: codes of a device by time, each taken once, and recovery codes for the day on which it is lost.

use std::sync::Arc;

use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::password::{RECOVERY_CODES, code_digits, recovery_code, shown_code};
use placewell_domain::office::person::session::Method;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use placewell_store::keys::random;
use totp_rs::{Builder, Totp};

use super::digest;
use super::password::{too_weak_alone, verify};
use super::signing::tell_of_change;
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, ended, proven};

/// What a person needs to set a device up: shown until the first code is right.
#[derive(Clone)]
pub struct SetUp {
    /// The address that a device reads from the picture.
    pub address: String,
    /// The secret, for typing in.
    pub secret: String,
}

/// A code is wrong, in the same words whatever was wrong with it.
fn wrong(field: &str) -> Outcome {
    Invalid::one(field, "Check the code, and enter the one that your device shows now; each code is taken once").into()
}

fn device(secret: &[u8], email: &str) -> Answer<Totp> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_issuer(Some("Placewell"))
        .with_account_name(email)
        .build()
        .map_err(|error| Outcome::Fault(format!("a second step cannot be made: {error}")))
}

fn now_in_seconds() -> u64 {
    Machine::now().as_second().unsigned_abs()
}

impl App {
    /// Whether a person has a second step set up.
    pub async fn has_second_step(&self, person: PersonId) -> Answer<bool> {
        Ok(self.visit().await?.second_step(person).await?.is_some_and(|step| step.confirmed))
    }

    /// How many recovery codes a person has left.
    pub async fn recovery_codes_left(&self, person: PersonId) -> Answer<u32> {
        Ok(self.visit().await?.recovery_codes_left(person).await?)
    }

    /// Begins setting a second step up: a new secret, sealed at rest, that counts for nothing until its first code is right.
    pub async fn begin_second_step(&self, actor: &Actor) -> Answer<()> {
        actor.by.own_account()?;
        proven(actor)?;
        if self.has_second_step(actor.person).await? {
            return Err(Refusal::new(
                "second_step_set_up",
                "One second step at a time",
                "Your second step is set up already.",
                "You, by ending it first",
            )
            .into());
        }
        let work = self.deployment(Some(actor.person)).await?;
        work.begin_second_step(actor.person, &random::<20>(), Machine::now()).await?;
        Ok(work.commit(Machine::now()).await?)
    }

    /// What was begun, for the device; not found where nothing was, or where it is confirmed.
    pub async fn second_step_begun(&self, actor: &Actor) -> Answer<SetUp> {
        actor.by.own_account()?;
        let session = self.visit().await?;
        let email = session.person_email(actor.person).await?;
        let step = session.second_step(actor.person).await?.filter(|step| !step.confirmed).ok_or(Outcome::NotFound)?;
        let device = device(&step.secret, &email)?;
        let address = device.to_url().map_err(|error| Outcome::Fault(error.to_string()))?;
        Ok(SetUp { address, secret: device.secret().to_base32() })
    }

    /// Takes the first code: from now on the second step is asked for. Gives the recovery codes, shown once.
    pub async fn confirm_second_step(&self, actor: &Actor, typed: &str) -> Answer<Vec<String>> {
        actor.by.own_account()?;
        proven(actor)?;
        let session = self.visit().await?;
        let step = session.second_step(actor.person).await?.filter(|step| !step.confirmed).ok_or(Outcome::NotFound)?;
        drop(session);
        let taken = code_digits(typed).and_then(|code| device(&step.secret, "a").ok()?.check(&code, now_in_seconds()));
        let taken = taken.and_then(|step| i64::try_from(step).ok()).ok_or_else(|| wrong("code"))?;
        let codes = fresh_codes();
        let mut work = self.deployment(Some(actor.person)).await?;
        if !work.take_step(actor.person, taken).await? {
            work.roll_back().await?;
            return Err(wrong("code"));
        }
        work.confirm_second_step(actor.person, Machine::now()).await?;
        work.set_recovery_codes(actor.person, &digests(actor.person, &codes)).await?;
        work.record(Event::new("person.set_second_step", "person", actor.person.0, 0));
        tell_of_change(&mut work, actor.person, "A second step was set up: codes of a device are asked for.").await?;
        work.commit(Machine::now()).await?;
        Ok(codes.iter().map(|code| shown_code(code)).collect())
    }

    /// Gives a person new recovery codes in place of all before; shown once.
    pub async fn new_recovery_codes(&self, actor: &Actor) -> Answer<Vec<String>> {
        actor.by.own_account()?;
        proven(actor)?;
        if !self.has_second_step(actor.person).await? {
            return Err(Outcome::NotFound);
        }
        let codes = fresh_codes();
        let mut work = self.deployment(Some(actor.person)).await?;
        work.set_recovery_codes(actor.person, &digests(actor.person, &codes)).await?;
        work.record(Event::new("person.made_recovery_codes", "person", actor.person.0, 0));
        tell_of_change(&mut work, actor.person, "New recovery codes were made; those from before count no longer.")
            .await?;
        work.commit(Machine::now()).await?;
        Ok(codes.iter().map(|code| shown_code(code)).collect())
    }

    /// Takes the second step away, by the password; refused where that is too short or too easily guessed to stand alone.
    pub async fn end_second_step(self: &Arc<Self>, actor: &Actor, password: &str) -> Answer<()> {
        actor.by.own_account()?;
        proven(actor)?;
        let session = self.visit().await?;
        let email = session.person_email(actor.person).await?;
        let account = session.account(&email).await?.ok_or(Outcome::NotFound)?;
        drop(session);
        if account.password.is_some() {
            if !verify(account.password.clone(), password.to_owned()).await? {
                self.sign_in_failed(Some(actor.person), "ending the second step").await?;
                return Err(Invalid::one("password", "Check your password, and enter it again").into());
            }
            // The password is right: that it is too weak is no wrong one, which would be counted.
            match self.check_new_password("password", password, false, (&actor.name, &email)).await {
                Err(Outcome::Invalid(_)) => return Err(too_weak_alone().into()),
                checked => checked?,
            }
        }
        let mut work = self.deployment(Some(actor.person)).await?;
        let done = leave_alone(&mut work, actor.person, account.password.as_ref()).await;
        ended(work, done).await
    }

    /// Takes a code of the second step, or a recovery code, once; says which it was. Wrong ones are recorded.
    pub(super) async fn take_code(&self, person: PersonId, field: &str, typed: &str) -> Answer<Method> {
        let session = self.visit().await?;
        let step = session.second_step(person).await?.filter(|step| step.confirmed);
        drop(session);
        let Some(step) = step else { return Err(wrong(field)) };
        let work = self.deployment(Some(person)).await?;
        let taken = if let Some(code) = code_digits(typed) {
            let matched = device(&step.secret, "a")?.check(&code, now_in_seconds());
            match matched.and_then(|step| i64::try_from(step).ok()) {
                Some(step) => work.take_step(person, step).await?.then_some(Method::Code),
                None => None,
            }
        } else if let Some(code) = recovery_code(typed) {
            let used = work.use_recovery_code(person, &code_digest(person, &code), Machine::now()).await?;
            used.then_some(Method::RecoveryCode)
        } else {
            None
        };
        let Some(method) = taken else {
            work.roll_back().await?;
            self.sign_in_failed(Some(person), "the second step").await?;
            return Err(wrong(field));
        };
        work.commit(Machine::now()).await?;
        Ok(method)
    }
}

/// Takes the second step away from beside a password that may stand alone; a conflict where it is another meanwhile.
async fn leave_alone(work: &mut Work, person: PersonId, looked_at: Option<&String>) -> Answer<()> {
    work.lock_person(person).await?;
    if work.password_of(person).await?.as_ref() != looked_at {
        return Err(Outcome::Conflict);
    }
    work.end_second_step(person).await?;
    work.record(Event::new("person.ended_second_step", "person", person.0, 0).with("by", "the person"));
    tell_of_change(work, person, "The second step was taken away: the password alone is asked for.").await
}

/// Recovery codes of 80 bits each: nobody finds one by trying, and the store keeps its digest under a key.
fn fresh_codes() -> Vec<String> {
    const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstuvwxy";
    let code = || {
        random::<16>()
            .iter()
            .map(|byte| char::from(LETTERS.get(usize::from(byte % 32)).copied().unwrap_or(b'0')))
            .collect()
    };
    (0..RECOVERY_CODES).map(|_| code()).collect()
}

fn code_digest(person: PersonId, code: &str) -> Vec<u8> {
    digest(&format!("recovery:{}:{code}", person.0))
}

fn digests(person: PersonId, codes: &[String]) -> Vec<Vec<u8>> {
    codes.iter().map(|code| code_digest(person, code)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recovery_codes_are_many_letters_that_nobody_misreads() {
        let codes = fresh_codes();
        assert_eq!(codes.len(), RECOVERY_CODES);
        for code in &codes {
            assert_eq!(recovery_code(&shown_code(code)).as_deref(), Some(code.as_str()), "{code}");
        }
        let mut different = codes.clone();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), codes.len());
    }
}
