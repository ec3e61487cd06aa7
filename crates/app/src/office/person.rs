//! People: a password checked by argon2, and on a demonstration its invented people and its calendar. Below it stand
//! sessions, second steps, passkeys, single sign-on, and how people are invited.

use jiff::civil::DateTime;
use placewell_domain::change::Event;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::keys::random;
pub use placewell_store::office::person::{Membership, SignInEntry, SignInKind, SignedIn};
use placewell_store::verify::DEPLOYMENT;
use sha2::{Digest, Sha256};

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;

pub mod admitting;
pub mod attempts;
pub mod connecting;
pub mod forgotten;
pub(crate) mod inviting;
pub(crate) mod known_providers;
pub mod last_day;
mod outward;
pub mod passkey;
pub mod password;
pub mod people;
pub mod provider;
pub mod screen;
pub mod second_step;
pub mod session;
pub mod signing;

pub use password::hash_password;

pub(crate) fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

impl App {
    /// The roles that a person holds today, in every organisation that they work for.
    pub async fn roles_of(&self, person: PersonId) -> Answer<Vec<Membership>> {
        self.roles_for(person, None).await
    }

    /// The same, of one organisation alone where its identity provider vouches for the person.
    pub async fn roles_for(&self, person: PersonId, provider: Option<OrganisationId>) -> Answer<Vec<Membership>> {
        let mut roles = self.visit().await?.memberships(person, self.calendar.now().today()).await?;
        roles.retain(|membership| provider.is_none_or(|only| membership.actor.organisation == only));
        // Two covers may lend the same role on one day: there is one to work in.
        roles.dedup_by_key(|membership| (membership.actor.organisation, membership.actor.role));
        Ok(roles)
    }

    /// The organisations whose people come in by their identity provider and by nothing else.
    async fn closed_to_passwords(&self) -> Answer<Vec<OrganisationId>> {
        let all = self.visit().await?.organisations_with_provider().await?;
        Ok(all.into_iter().filter(|(_, _, _, only_way)| *only_way).map(|(id, ..)| id).collect())
    }

    /// The roles that the holder of a session can change to: not those of an organisation whose people come in by its
    /// identity provider alone, unless it is that one that vouches for them.
    pub async fn roles_to_choose(&self, person: PersonId, provider: Option<OrganisationId>) -> Answer<Vec<Membership>> {
        let (mut roles, closed) = (self.roles_for(person, provider).await?, self.closed_to_passwords().await?);
        roles.retain(|one| provider.is_some() || !closed.contains(&one.actor.organisation));
        Ok(roles)
    }

    /// The first role of the person with this address, for the command line.
    pub async fn actor_by_email(&self, email: &str) -> Answer<Actor> {
        let session = self.visit().await?;
        let account = session.account(email).await?.ok_or(Outcome::NotFound)?;
        let roles = session.memberships(account.id, self.calendar.now().today()).await?;
        roles.into_iter().next().map(|membership| membership.actor).ok_or(Outcome::NotFound)
    }
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
