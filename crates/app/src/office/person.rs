//! Signing in and out: a password checked by argon2, a random token kept by its digest, and tokens for the API.

use std::sync::Arc;

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use jiff::Timestamp;
use jiff::civil::DateTime;
use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::keys::random;
use placewell_store::office::person::NewSignIn;
pub use placewell_store::office::person::{Membership, SignInEntry, SignInKind};
use placewell_store::verify::DEPLOYMENT;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;

/// How long a browser's session lasts.
const SESSION_HOURS: i64 = 10;

/// A password's argon2 text.
pub fn hash_password(password: &str) -> Answer<String> {
    let hash =
        Argon2::default().hash_password(password.as_bytes()).map_err(|error| Outcome::Fault(error.to_string()))?;
    Ok(hash.to_string())
}

fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl App {
    /// The roles of the person with this address and password. The same words for either being wrong.
    pub async fn check_password(self: &Arc<Self>, email: &str, password: &str) -> Answer<Vec<Membership>> {
        let session = self.visit().await?;
        let account = session.account(email).await?;
        let stored = account.as_ref().and_then(|account| account.password.clone());
        let good = verify(stored, password.to_owned()).await?;
        match account {
            Some(account) if good => Ok(session.memberships(account.id, self.calendar.now().today()).await?),
            _ => Err(Invalid::one("email", "Check your email address and password, and enter them again").into()),
        }
    }

    /// Starts a browser's session; the token goes into the cookie and is not kept.
    pub async fn start_session(&self, actor: &Actor) -> Answer<String> {
        let expires = Machine::now() + jiff::SignedDuration::from_hours(SESSION_HOURS);
        self.add_sign_in(actor, SignInKind::Session, "", expires).await
    }

    /// Makes an API token for a person; shown once.
    pub async fn create_token(&self, actor: &Actor, name: &str, days: u16) -> Answer<String> {
        let expires = Machine::now() + jiff::SignedDuration::from_hours(24 * i64::from(days));
        self.add_sign_in(actor, SignInKind::Token, name, expires).await
    }

    async fn add_sign_in(&self, actor: &Actor, kind: SignInKind, name: &str, expires_at: Timestamp) -> Answer<String> {
        let token = hex::encode(random::<32>());
        let mut work = match kind {
            SignInKind::Session => self.store.begin(actor.organisation, self.calendar.now()).await?,
            SignInKind::Token => self.store.begin(DEPLOYMENT, self.calendar.now()).await?,
        };
        if kind == SignInKind::Token {
            work.by(actor.person);
            work.record(
                Event::new("token.made", "person", actor.person.0, 0)
                    .with("organisation", actor.organisation)
                    .with("role", actor.role.code())
                    .with("expires", expires_at),
            );
        }
        let new = NewSignIn { token_hash: &digest(&token), actor, kind, name, at: Machine::now(), expires_at };
        work.add_sign_in(&new).await?;
        work.commit(Machine::now()).await?;
        Ok(token)
    }

    /// Whose browser's session this is now; no API token is one.
    pub async fn signed_in(&self, session: &str) -> Answer<Option<Actor>> {
        Ok(self.signed_in_among(session).await?.map(|(actor, _)| actor))
    }

    /// Whose browser's session this is now, and whether they hold another role that they could change to.
    pub async fn signed_in_among(&self, session: &str) -> Answer<Option<(Actor, bool)>> {
        self.holder(SignInKind::Session, session).await
    }

    /// As whom this API token acts now; no browser's session is one.
    pub async fn token_holder(&self, token: &str) -> Answer<Option<Actor>> {
        Ok(self.holder(SignInKind::Token, token).await?.map(|(actor, _)| actor))
    }

    async fn holder(&self, kind: SignInKind, token: &str) -> Answer<Option<(Actor, bool)>> {
        let session = self.visit().await?;
        Ok(session.signed_in(kind, &digest(token), Machine::now(), self.calendar.now().today()).await?)
    }

    /// The roles that a person holds today, in every organisation that they work for.
    pub async fn roles_of(&self, person: PersonId) -> Answer<Vec<Membership>> {
        Ok(self.visit().await?.memberships(person, self.calendar.now().today()).await?)
    }

    /// Leaves one role for another of the same person: the session ends and a new one begins, its token given.
    /// `organisation` and `role` are codes as the list of roles has them.
    pub async fn switch(&self, actor: &Actor, token: &str, organisation: &str, role: &str) -> Answer<String> {
        let roles = self.roles_of(actor.person).await?;
        let chosen = roles
            .into_iter()
            .map(|membership| membership.actor)
            .find(|one| one.code == organisation && one.role.code() == role)
            .ok_or_else(|| Invalid::one("role", "Select the organisation and role to work as"))?;
        let fresh = self.start_session(&chosen).await?;
        self.sign_out(actor, token).await?;
        Ok(fresh)
    }

    /// A person's own sessions and tokens that are still good, latest first.
    pub async fn own_sign_ins(&self, actor: &Actor, token: &str) -> Answer<Vec<SignInEntry>> {
        Ok(self.visit().await?.sign_ins(actor.person, &digest(token), Machine::now()).await?)
    }

    /// Ends every session and token of a person, also the one that asks.
    pub async fn sign_out_everywhere(&self, actor: &Actor) -> Answer<()> {
        let work = self.store.begin(actor.organisation, self.calendar.now()).await?;
        work.end_sign_ins(actor.person).await?;
        Ok(work.commit(Machine::now()).await?)
    }

    /// Ends a session or token.
    pub async fn sign_out(&self, actor: &Actor, token: &str) -> Answer<()> {
        let work = self.store.begin(actor.organisation, self.calendar.now()).await?;
        work.end_sign_in(&digest(token)).await?;
        Ok(work.commit(Machine::now()).await?)
    }

    /// The first role of the person with this address, for the command line.
    pub async fn actor_by_email(&self, email: &str) -> Answer<Actor> {
        let session = self.visit().await?;
        let account = session.account(email).await?.ok_or(Outcome::NotFound)?;
        let roles = session.memberships(account.id, self.calendar.now().today()).await?;
        roles.into_iter().next().map(|membership| membership.actor).ok_or(Outcome::NotFound)
    }
}

/// So many passwords are checked at once: each check takes 19 MB and a core for a while.
static CHECKS: Semaphore = Semaphore::const_new(4);

/// Checks off the async threads; works as long where there is no account, so that timing tells nothing.
async fn verify(stored: Option<String>, password: String) -> Answer<bool> {
    let _turn = CHECKS.acquire().await.map_err(|error| Outcome::Fault(error.to_string()))?;
    let checked = tokio::task::spawn_blocking(move || {
        let Some(stored) = stored else {
            let _same_time = Argon2::default().hash_password(password.as_bytes());
            return false;
        };
        PasswordHash::new(&stored)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    checked.await.map_err(|error| Outcome::Fault(error.to_string()))
}

/// `N` random bytes as hexadecimal digits, for request references, nonces and form keys.
#[must_use]
pub fn random_text<const N: usize>() -> String {
    hex::encode(random::<N>())
}

/// The demonstration's calendar goes no further.
const LAST_YEAR: i16 = 2030;

/// Somebody invented whom a visitor of the demonstration can sign in as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemonstrationPerson {
    /// The address that stands for them.
    pub email: String,
    /// Their invented name.
    pub name: String,
    /// Their job title.
    pub title: String,
    /// Whom they work for.
    pub organisation: String,
}

impl App {
    /// The people of the demonstration's list, in the order in which it was made; none elsewhere.
    pub async fn demonstration_people(&self) -> Answer<Vec<DemonstrationPerson>> {
        let session = self.visit().await?;
        let Some(emails) = session.mark("demonstration_people").await? else { return Ok(Vec::new()) };
        let mut people = Vec::new();
        for email in emails.split(' ') {
            let Some(account) = session.account(email).await? else { continue };
            let roles = session.memberships(account.id, self.calendar.now().today()).await?;
            if let Some(first) = roles.into_iter().next() {
                people.push(DemonstrationPerson {
                    email: email.to_owned(),
                    name: account.name,
                    title: first.title,
                    organisation: first.actor.organisation_name,
                });
            }
        }
        Ok(people)
    }

    /// Moves the demonstration's calendar onwards and keeps the new time in the database's mark, so that a restart
    /// stands there too. `NotFound` where the database is no demonstration.
    pub async fn move_demonstration(&self, to: DateTime) -> Answer<()> {
        let now = self.calendar.now();
        if self.visit().await?.mark("demonstration").await?.is_none() {
            return Err(Outcome::NotFound);
        }
        if to <= now.local {
            return Err(
                Invalid::one("day", "Enter a day and time after the demonstration's own: it only moves on").into()
            );
        }
        if to.date().year() > LAST_YEAR {
            return Err(Invalid::one("day", "Enter a year up to 2030: the demonstration ends there").into());
        }
        let mut work = self.store.begin(DEPLOYMENT, now).await?;
        work.set_mark("demonstration", &to.to_string()).await?;
        work.record(Event::new("calendar.moved", "calendar", 0, 0).with("to", to));
        work.commit(Machine::now()).await?;
        self.calendar.move_to(to);
        Ok(())
    }
}
