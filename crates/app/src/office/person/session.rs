//! Sessions and tokens: begun, asked for by every request, proven anew, listed, and ended from the next request on.
//!
//! Each beginning and end is an event on the deployment's chain: a person may work for several organisations.

use jiff::{SignedDuration, Timestamp};
use placewell_domain::change::Event;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::{
    By, LONGEST_TOKEN, Method, Minutes, PROOF_HOLDS, SESSION_IDLE, SESSION_LONGEST, TokenScope, VOUCHED_TOKEN_DAYS,
};
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_domain::setting::Key;
use placewell_store::Work;
use placewell_store::idempotency::Earlier;
use placewell_store::keys::random;
use placewell_store::office::person::{NewSignIn, SignInEntry, SignInKind, SignedIn};
use placewell_store::verify::DEPLOYMENT;

use super::digest;
use super::signing::{Proven, opens};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, proven};
use crate::setting::system_value;

/// That something was asked for is noted once in so many seconds, so that reading writes little.
const NOTED_EVERY: i64 = 60;

/// How long sessions and proofs hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    idle: Minutes,
    longest: Minutes,
    proof: Minutes,
}

/// How a session begins.
#[derive(Debug, Clone)]
pub struct Beginning {
    /// How its holder proved who they are.
    pub method: Method,
    /// The organisation whose identity provider vouches for them.
    pub provider: Option<OrganisationId>,
    /// What they proved that may be taken from them meanwhile; none where nothing may.
    pub proven: Option<Proven>,
}

fn too_long(longest: u16) -> String {
    format!("Enter for how many days it holds, from 1 to {longest}")
}

fn after(now: Timestamp, minutes: Minutes) -> Timestamp {
    now.saturating_add(SignedDuration::from_secs(minutes.seconds())).unwrap_or(Timestamp::MAX)
}

/// A token is kept by its digest: what was made cannot be shown to whoever sends the form again.
fn shown_once() -> Outcome {
    Refusal::new(
        "token_shown_once",
        "A form makes one token, which is shown once",
        "This form was sent before, and its token was made then.",
        "You, by ending that token on your preferences page where you have not seen it, and making another",
    )
    .into()
}

fn no_role() -> Outcome {
    Invalid::one("role", "Select the organisation and role to work as").into()
}

/// Puts a session in place of another of the same person, while its role is theirs and open to it.
async fn put_in_place(work: &Work, token: &str, new: &NewSignIn<'_>) -> Answer<()> {
    if !opens(work, new.actor, new.provider).await? {
        return Err(no_role());
    }
    if work.replace_sign_in(&digest(token), new).await? { Ok(()) } else { Err(Outcome::NotFound) }
}

/// Claims the key of the form that asks for a token, and keeps its session from ending meanwhile.
async fn asks_once(work: &Work, actor: &Actor, (session, key): (&str, &str), said: &str) -> Answer<()> {
    match work.claim_key(actor.person, key, ("token.make", said), Machine::now()).await? {
        None => {}
        Some(Earlier::OtherRequest) => return Err(Outcome::KeyReused),
        Some(Earlier::Done(_) | Earlier::Refused(_)) => return Err(shown_once()),
    }
    if work.hold_sign_in(actor.person, &digest(session)).await? { Ok(()) } else { Err(Outcome::NotFound) }
}

impl App {
    async fn limits(&self) -> Answer<Limits> {
        let session = self.visit().await?;
        let today = self.calendar.now().today();
        let Some(arrangement) = session.current_arrangement().await? else {
            let default = |key: &Key<Minutes>| (key.default)();
            return Ok(Limits {
                idle: default(&SESSION_IDLE),
                longest: default(&SESSION_LONGEST),
                proof: (PROOF_HOLDS.default)().0,
            });
        };
        drop(session);
        let session = self.store.read(Some(arrangement.region)).await?;
        Ok(Limits {
            idle: session.value_of(arrangement.region, &SESSION_IDLE, today).await?,
            longest: session.value_of(arrangement.region, &SESSION_LONGEST, today).await?,
            proof: session.value_of(arrangement.region, &PROOF_HOLDS, today).await?.0,
        })
    }

    /// Work on the deployment's chain, by a person where one is known.
    pub(super) async fn deployment(&self, person: Option<PersonId>) -> Answer<Work> {
        let mut work = self.store.begin(DEPLOYMENT, self.calendar.now()).await?;
        if let Some(person) = person {
            work.by(person);
        }
        Ok(work)
    }

    /// Starts a browser's session; the token goes into the cookie and is not kept.
    pub async fn start_session(&self, actor: &Actor) -> Answer<String> {
        self.start_session_by(actor, &Beginning { method: Method::Password, provider: None, proven: None }).await
    }

    /// Starts a browser's session for somebody who has just proven who they are, while what they proved is theirs.
    pub async fn start_session_by(&self, actor: &Actor, beginning: &Beginning) -> Answer<String> {
        let (token, now, limits) = (hex::encode(random::<32>()), Machine::now(), self.limits().await?);
        let mut work = self.deployment(Some(actor.person)).await?;
        if let Some(proven) = &beginning.proven
            && let Err(outcome) = proven.held(&work, actor, beginning.provider).await
        {
            work.roll_back().await?;
            return Err(outcome);
        }
        let new = NewSignIn {
            token_hash: &digest(&token),
            actor,
            kind: SignInKind::Session,
            name: "",
            at: now,
            expires_at: after(now, limits.longest),
            idle_seconds: Some(limits.idle.seconds()),
            proven_until: Some(after(now, limits.proof)),
            method: Some(beginning.method),
            scope: None,
            provider: beginning.provider,
        };
        work.add_sign_in(&new).await?;
        work.record(
            Event::new("person.signed_in", "person", actor.person.0, 0)
                .with("method", beginning.method.code())
                .with("organisation", actor.organisation)
                .with("role", actor.role.code()),
        );
        work.commit(now).await?;
        Ok(token)
    }

    /// Records that a sign-in failed: at what, and for whom where the account exists. Never what was typed.
    pub(super) async fn sign_in_failed(&self, person: Option<PersonId>, at: &str) -> Answer<()> {
        let mut work = self.deployment(None).await?;
        work.record(
            Event::new("person.sign_in_failed", "person", person.map_or(0, |person| person.0), 0).with("at", at),
        );
        Ok(work.commit(Machine::now()).await?)
    }

    /// For how many days a token may hold at most that somebody makes today.
    pub async fn longest_token(&self, actor: &Actor) -> Answer<u16> {
        let session = self.visit().await?;
        let longest = system_value(&session, &LONGEST_TOKEN, self.calendar.now().today()).await?.0;
        Ok(actor.by.provider().map_or(longest, |_| longest.min(VOUCHED_TOKEN_DAYS)))
    }

    /// Makes an API token that reaches no further than its scope and holds no longer than any may, nor than its role; shown
    /// once.
    pub async fn create_token(&self, actor: &Actor, name: &str, days: u16, scope: &TokenScope) -> Answer<String> {
        self.make_token(actor, None, (name, days, scope)).await
    }

    /// The same for whoever asks by a session, which must not have ended when the token begins, and by a form, once.
    async fn make_token(
        &self,
        actor: &Actor,
        asking: Option<(&str, &str)>,
        (name, days, scope): (&str, u16, &TokenScope),
    ) -> Answer<String> {
        let longest = self.longest_token(actor).await?;
        if !(1..=longest).contains(&days) {
            return Err(Invalid::one("days", too_long(longest)).into());
        }
        self.own_home_only(actor, scope).await?;
        let (token, now) = (hex::encode(random::<32>()), Machine::now());
        let asked = now + SignedDuration::from_hours(24 * i64::from(days));
        let expires_at = self.within_role(actor, asked).await?;
        let mut work = self.deployment(Some(actor.person)).await?;
        if let Some((session, key)) = asking {
            let said = format!("{}/{}/{name}/{days}/{}", actor.organisation, actor.role.code(), scope.write());
            if let Err(outcome) = asks_once(&work, actor, (session, key), &said).await {
                work.roll_back().await?;
                return Err(outcome);
            }
            work.keep_result(actor.person, key, Ok("/preferences"))?;
        }
        let new = NewSignIn {
            token_hash: &digest(&token),
            actor,
            kind: SignInKind::Token,
            name,
            at: now,
            expires_at,
            idle_seconds: None,
            proven_until: None,
            method: None,
            scope: Some(scope),
            provider: actor.by.provider(),
        };
        work.add_sign_in(&new).await?;
        work.record(
            Event::new("token.made", "person", actor.person.0, 0)
                .with("organisation", actor.organisation)
                .with("role", actor.role.code())
                .with("scope", scope.write())
                .with("expires", expires_at),
        );
        work.commit(now).await?;
        Ok(token)
    }

    /// A token for one home is a provider's, for a home of its own.
    async fn own_home_only(&self, actor: &Actor, scope: &TokenScope) -> Answer<()> {
        let Some(urn) = scope.home() else { return Ok(()) };
        let session = self.store.read(Some(actor.organisation)).await?;
        if session.homes_of(actor.organisation).await?.iter().any(|home| home.urn.as_str() == urn) {
            return Ok(());
        }
        Err(Invalid::one("home", "Choose a home of yours, or leave it at all homes").into())
    }

    /// Makes a token for whoever asks by a session and the key of a form, in the role in which they work: for that a
    /// proof must be recent.
    pub async fn create_own_token(
        &self,
        actor: &Actor,
        asking: (&str, &str),
        (name, days, scope): (&str, &str, &str),
    ) -> Answer<String> {
        let mut invalid = Invalid::default();
        if name.trim().is_empty() || name.chars().count() > 60 {
            invalid.add("name", "Enter what the token is for, in 60 characters or fewer");
        }
        let longest = self.longest_token(actor).await?;
        let days = days.trim().parse::<u16>().ok().filter(|days| (1..=longest).contains(days));
        if days.is_none() {
            invalid.add("days", too_long(longest));
        }
        let scope = TokenScope::read(scope);
        if scope.is_none() {
            invalid.add("scope", TokenScope::ASK);
        }
        invalid.or(())?;
        proven(actor)?;
        let (Some(days), Some(scope)) = (days, scope) else { return Err(Outcome::NotFound) };
        self.make_token(actor, Some(asking), (name.trim(), days, &scope)).await
    }

    /// Whose browser's session this is now; no API token is one.
    pub async fn signed_in(&self, session: &str) -> Answer<Option<Actor>> {
        Ok(self.session_of(session).await?.map(|found| found.actor))
    }

    /// Whose browser's session this is now, and what it says; that something was asked for is noted.
    pub async fn session_of(&self, token: &str) -> Answer<Option<SignedIn>> {
        let found = self.holder(SignInKind::Session, token).await?;
        let now = Machine::now();
        if let Some(found) = &found
            && now.duration_since(found.seen_at).as_secs() >= NOTED_EVERY
        {
            // A request is not refused because this could not be noted: it is noted by the next.
            if let Err(outcome) = self.note_seen(token, now).await {
                tracing::warn!(?outcome, "a session's use could not be noted");
            }
        }
        Ok(found)
    }

    async fn note_seen(&self, token: &str, now: Timestamp) -> Answer<()> {
        let work = self.deployment(None).await?;
        work.note_seen(&digest(token), now).await?;
        Ok(work.commit(now).await?)
    }

    /// As whom this API token acts now; no browser's session is one.
    pub async fn token_holder(&self, token: &str) -> Answer<Option<Actor>> {
        Ok(self.holder(SignInKind::Token, token).await?.map(|found| found.actor))
    }

    async fn holder(&self, kind: SignInKind, token: &str) -> Answer<Option<SignedIn>> {
        let session = self.visit().await?;
        Ok(session.signed_in(kind, &digest(token), Machine::now(), self.calendar.now().today()).await?)
    }

    /// The holder of a session has proven again who they are.
    pub(super) async fn note_proof(&self, actor: &Actor, token: &str, method: Method) -> Answer<()> {
        let (now, limits) = (Machine::now(), self.limits().await?);
        let mut work = self.deployment(Some(actor.person)).await?;
        work.note_proof(&digest(token), after(now, limits.proof)).await?;
        work.record(Event::new("person.proven", "person", actor.person.0, 0).with("method", method.code()));
        Ok(work.commit(now).await?)
    }

    /// Leaves one role for another of the same person: the session ends and a new one begins in its place, with its
    /// end, its proof and its provider. Of several who do so with one session at once, one does. `organisation` and
    /// `role` are codes as the list of roles has them.
    pub async fn switch(&self, actor: &Actor, token: &str, organisation: &str, role: &str) -> Answer<String> {
        let held = self.session_of(token).await?.ok_or(Outcome::NotFound)?;
        let chosen = self
            .roles_to_choose(actor.person, held.provider)
            .await?
            .into_iter()
            .map(|membership| membership.actor)
            .find(|one| one.code == organisation && one.role.code() == role)
            .ok_or_else(no_role)?;
        let (fresh, now, limits) = (hex::encode(random::<32>()), Machine::now(), self.limits().await?);
        let By::Session { proven_until, .. } = held.actor.by else { return Err(Outcome::NotFound) };
        let mut work = self.deployment(Some(actor.person)).await?;
        let new = NewSignIn {
            token_hash: &digest(&fresh),
            actor: &chosen,
            kind: SignInKind::Session,
            name: "",
            at: now,
            expires_at: held.expires_at,
            idle_seconds: Some(limits.idle.seconds()),
            proven_until: Some(proven_until),
            method: held.method,
            scope: None,
            provider: held.provider,
        };
        if let Err(outcome) = put_in_place(&work, token, &new).await {
            work.roll_back().await?;
            return Err(outcome);
        }
        work.record(
            Event::new("person.changed_role", "person", actor.person.0, 0)
                .with("organisation", chosen.organisation)
                .with("role", chosen.role.code()),
        );
        work.commit(now).await?;
        Ok(fresh)
    }

    /// A person's own sessions and tokens that are still good, latest first: those of one organisation alone where its
    /// identity provider vouches for them.
    pub async fn own_sign_ins(&self, actor: &Actor, token: &str) -> Answer<Vec<SignInEntry>> {
        let mut all = self.visit().await?.sign_ins(actor.person, &digest(token), Machine::now()).await?;
        if let Some(only) = actor.by.provider() {
            all.retain(|one| one.org == only);
        }
        Ok(all)
    }

    /// Ends one of a person's own sessions or tokens, named as the list names it.
    pub async fn end_own_sign_in(&self, actor: &Actor, handle: &str) -> Answer<()> {
        if !self.own_sign_ins(actor, "").await?.iter().any(|one| one.handle == handle) {
            return Err(Outcome::NotFound);
        }
        let mut work = self.deployment(Some(actor.person)).await?;
        if !work.end_sign_in_named(actor.person, handle).await? {
            work.roll_back().await?;
            return Err(Outcome::NotFound);
        }
        work.record(Event::new("person.sign_in_ended", "person", actor.person.0, 0).with("by", "the person"));
        Ok(work.commit(Machine::now()).await?)
    }

    /// Ends every session and token of a person, also the one that asks: those of one organisation alone where its identity
    /// provider vouches for them.
    pub async fn sign_out_everywhere(&self, actor: &Actor) -> Answer<()> {
        let mut work = self.deployment(Some(actor.person)).await?;
        let ended = match actor.by.provider() {
            Some(only) => work.end_sign_ins_of(actor.person, only).await?,
            None => work.end_sign_ins(actor.person, None).await?,
        };
        work.record(
            Event::new("person.signed_out_everywhere", "person", actor.person.0, 0)
                .with("ended", ended)
                .with("by", "the person"),
        );
        Ok(work.commit(Machine::now()).await?)
    }

    /// Ends a session or token.
    pub async fn sign_out(&self, actor: &Actor, token: &str) -> Answer<()> {
        let mut work = self.deployment(Some(actor.person)).await?;
        work.end_sign_in(&digest(token)).await?;
        work.record(Event::new("person.signed_out", "person", actor.person.0, 0));
        Ok(work.commit(Machine::now()).await?)
    }
}
