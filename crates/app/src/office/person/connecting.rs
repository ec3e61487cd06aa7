//! An account that stood here before its organisation's sign-in named it: its person proves once, by what is their own here,
//! that it is theirs. Until then the provider's word opens nothing of it, whoever set the provider up.
//!
//! Whoever has no password here chooses one by the link for a forgotten one, which goes to their own mailbox.

use jiff::SignedDuration;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::Method;
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::office::person::provider::IdentityProvider;
use serde::{Deserialize, Serialize};

use super::admitting::{Owner, Vouched};
use super::provider::{mark_of, not_taken};
use super::session::Beginning;
use super::{digest, random_text};
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;

/// The proof is waited for so many minutes.
const WAITS: i64 = 10;

/// What a provider said of somebody, while they prove that the account is theirs: sealed, and taken once.
#[derive(Serialize, Deserialize)]
struct Connection {
    organisation: i64,
    provider: String,
    person: i64,
    vouched: Vouched,
    return_to: String,
}

/// What stands before somebody whose account their organisation's sign-in has not opened yet.
pub struct ToConnect {
    /// What stands for the provider's word meanwhile.
    pub token: String,
    /// Whose sign-in it is.
    pub organisation: String,
    /// The account's address, under which wrong passwords are counted.
    pub email: String,
    /// Whether a code of the second step is asked for too.
    pub code: bool,
}

impl App {
    /// Keeps a provider's word for somebody until they have proven that this person's account is theirs.
    pub(super) async fn ask_to_connect(
        &self,
        provider: &IdentityProvider,
        vouched: Vouched,
        (person, return_to): (PersonId, String),
    ) -> Answer<ToConnect> {
        let (token, now) = (random_text::<32>(), Machine::now());
        let connection = Connection {
            organisation: provider.organisation.0,
            provider: mark_of(provider),
            person: person.0,
            vouched,
            return_to,
        };
        let (state, expires) = (serde_json::to_vec(&connection)?, now + SignedDuration::from_mins(WAITS));
        let work = self.deployment(None).await?;
        work.begin_ceremony(&digest(&token), CeremonyKind::Provider, &state, expires).await?;
        work.commit(now).await?;
        self.to_connect(&token).await?.ok_or_else(not_taken)
    }

    /// What waits under this token; none where it ran out or was used.
    pub async fn to_connect(&self, token: &str) -> Answer<Option<ToConnect>> {
        let Some(connection) = self.connection(token).await? else { return Ok(None) };
        let (organisation, person) = (OrganisationId(connection.organisation), PersonId(connection.person));
        let session = self.visit().await?;
        Ok(Some(ToConnect {
            token: token.to_owned(),
            organisation: session.organisation_by_id(organisation).await?.name,
            email: session.person_email(person).await?,
            code: session.second_step(person).await?.is_some_and(|step| step.confirmed),
        }))
    }

    async fn connection(&self, token: &str) -> Answer<Option<Connection>> {
        let work = self.deployment(None).await?;
        let found = work.see_ceremony(&digest(token), CeremonyKind::Provider, Machine::now()).await;
        work.roll_back().await?;
        // What waits at a provider is kept in the same place, and is none.
        Ok(found?.and_then(|state| serde_json::from_slice(&state).ok()))
    }

    /// Somebody has proven by password and, where a second step is set up, a code that the account is theirs: the provider
    /// opens it from now on. As whom they begin, how, and where they go on. A conflict where what they proved is another
    /// meanwhile: what waits goes on waiting.
    pub async fn connect_account(&self, token: &str, typed: (&str, &str)) -> Answer<(Actor, Beginning, String)> {
        let connection = self.connection(token).await?.ok_or_else(not_taken)?;
        let (organisation, person) = (OrganisationId(connection.organisation), PersonId(connection.person));
        let (_, own) = self.own_proof(person, typed, (["password", "code"], "connecting the account")).await?;
        let provider = self.provider_of(organisation).await?;
        if mark_of(&provider) != connection.provider {
            return Err(not_taken());
        }
        let owner = Owner { person, own: &own, token };
        let (actor, proven) = self.admit_proven(&provider, &connection.vouched, &owner).await?;
        let beginning = Beginning { method: Method::Provider, provider: Some(organisation), proven: Some(proven) };
        Ok((actor, beginning, connection.return_to))
    }
}
