//! The way in by password and second step, and proving again who one is on the way to an act that asks for it.

use std::sync::Arc;

use jiff::SignedDuration;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::session::Method;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use placewell_store::keys::random;
use placewell_store::office::person::Account;
use placewell_store::office::person::ceremony::CeremonyKind;
use serde::{Deserialize, Serialize};

use super::attempts::Pace;
use super::passkey::not_taken;
use super::password::{mark_of, verify};
use super::session::Beginning;
use super::{Membership, digest, provider};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, ended};
use crate::office::message;

/// The second step is waited for so many minutes.
const WAITS: i64 = 10;

/// So many codes are looked at on one way in, which is then over.
const CODES: Pace = Pace { most: 5, within: SignedDuration::from_mins(WAITS) };

/// How far somebody has come on the way in.
#[derive(Debug)]
pub enum Step {
    /// They are who they say: as whom they begin, and how.
    In(Box<Actor>, Beginning),
    /// The password was right, and the second step is asked for; the token stands for what was proven.
    Second(String),
}

/// Who stands before the second step.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HalfWay {
    person: i64,
    /// The address that they gave, under which wrong codes are counted.
    pub email: String,
    /// The mark of the password that they proved: a half from before this was kept has none, and is proven anew.
    #[serde(default)]
    proven: String,
}

/// What is somebody's own to sign in by as it stood when they were asked for it, by marks: their password, and the second step
/// that is asked for beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    mark: String,
    step: Option<String>,
}

impl Own {
    /// What an account is opened by; of none, what opens none.
    fn of(account: Option<&Account>) -> Self {
        let step = account.and_then(|account| account.step.as_ref()).filter(|step| step.confirmed);
        Self {
            mark: mark_of(account.and_then(|account| account.password.as_deref())),
            step: step.map(|step| hex::encode(digest(&format!("second step:{}", hex::encode(&step.secret))))),
        }
    }

    /// The same of somebody as they are now.
    pub(super) async fn now(work: &Work, person: PersonId) -> Answer<Self> {
        Ok(Self::of(Some(&work.account_of(person).await?)))
    }
}

/// What somebody proved on the way in, which may be taken from them before their session begins.
#[derive(Debug, Clone)]
pub enum Proven {
    /// Their password, and a code of their second step where they have one.
    Password(Own),
    /// A passkey of theirs, by its credential.
    Passkey(Vec<u8>),
    /// That their organisation's provider vouches for them, by the turn of its way in.
    Vouched(Option<String>),
}

impl Proven {
    /// Holds it, and the role that its person begins in, until this work ends; refused where either is theirs no longer, or
    /// does not open the role. Whoever takes it away ends the sessions that stand: one that began after that would not end.
    pub(super) async fn held(&self, work: &Work, actor: &Actor, provider: Option<OrganisationId>) -> Answer<()> {
        let open = opens(work, actor, provider).await?;
        let stands = match self {
            Self::Password(own) => {
                let now = Own::now(work, actor.person).await?;
                if now.mark == own.mark && now.step != own.step {
                    return Err(another_step());
                }
                now == *own
            }
            Self::Passkey(credential) => {
                work.passkey(credential).await?.is_some_and(|kept| kept.person == actor.person)
            }
            Self::Vouched(turn) => work.way_in_turn(actor.organisation).await? == *turn,
        };
        if open && stands { Ok(()) } else { Err(self.over()) }
    }

    fn over(&self) -> Outcome {
        match self {
            Self::Password(_) => wrong(),
            Self::Passkey(_) => not_taken(),
            Self::Vouched(_) => provider::not_taken(),
        }
    }
}

/// Whether somebody has this role: that and its organisation's way in are held until this work ends. Refused where the
/// organisation's provider alone opens it, and does not vouch for them.
pub(super) async fn opens(work: &Work, actor: &Actor, provider: Option<OrganisationId>) -> Answer<bool> {
    work.hold_way_in(actor.organisation, false).await?;
    let ways = work.organisations_with_provider().await?;
    if provider.is_none() && ways.iter().any(|(id, _, _, only_way)| *only_way && *id == actor.organisation) {
        return Err(provider_only(actor));
    }
    work.lock_person(actor.person).await?;
    let held = work.memberships(actor.person, work.moment().today()).await?;
    Ok(held.iter().any(|one| (one.actor.organisation, one.actor.role) == (actor.organisation, actor.role)))
}

/// The role is one of an organisation that passwords and passkeys do not open.
fn provider_only(closed: &Actor) -> Outcome {
    Refusal::new(
        "provider_only",
        "An organisation can have its people sign in by its own provider alone",
        format!("The people of {} sign in by its own sign-in.", closed.organisation_name),
        "You, by the link for your organisation on the sign-in page",
    )
    .into()
}

/// The same words for a wrong password, an unknown address, and an account without a password.
fn wrong() -> Outcome {
    Invalid::one("email", "Check your email address and password, and enter them again").into()
}

/// Whoever signs in anew is asked for the second step as it is.
fn another_step() -> Outcome {
    Invalid::one("email", "Enter your email address and password again: your second step was changed meanwhile").into()
}

fn codes_over() -> Outcome {
    Invalid::one("email", "Enter your email address and password again: five codes were wrong").into()
}

/// Tells a person by mail that how they sign in has changed: whoever did not do it themselves learns of it.
pub(super) async fn tell_of_change(work: &mut Work, person: PersonId, what: &str) -> Answer<()> {
    let to = work.person_email(person).await?;
    let body = format!(
        "{what}\nIf you did this, do nothing. If not, sign out everywhere on your preferences page, choose another password, \
         and tell your administrator at once.\n\n/preferences"
    );
    let dedupe = format!("sign-in-changed/{}", work.new_id());
    message::mail(work, &to, ("How you sign in has changed", &body), &dedupe).await
}

/// Takes the way in of somebody who has come through both steps.
async fn way_taken(work: &Work, token: &str, half: &HalfWay) -> Answer<()> {
    let person = PersonId(half.person);
    work.lock_person(person).await?;
    let same = mark_of(work.password_of(person).await?.as_deref()) == half.proven;
    let taken = work.take_ceremony(&digest(token), CeremonyKind::SecondStep, Machine::now()).await?;
    if same && taken.is_some() { Ok(()) } else { Err(wrong()) }
}

impl App {
    /// The roles of the person with this address and password. The same words for either being wrong.
    pub async fn check_password(self: &Arc<Self>, email: &str, password: &str) -> Answer<Vec<Membership>> {
        let session = self.visit().await?;
        let account = session.account(email).await?;
        drop(session);
        let stored = account.as_ref().and_then(|account| account.password.clone());
        let good = verify(stored, password.to_owned()).await?;
        match account {
            Some(account) if good => self.roles_of(account.id).await,
            account => {
                self.sign_in_failed(account.map(|account| account.id), "the password").await?;
                Err(wrong())
            }
        }
    }

    /// The first step: the password. What follows is the second step where one is set up.
    pub async fn sign_in_by_password(self: &Arc<Self>, email: &str, password: &str) -> Answer<Step> {
        // Read first: what becomes another meanwhile is not taken for what was proven.
        let own = Own::of(self.visit().await?.account(email).await?.as_ref());
        let roles = self.check_password(email, password).await?;
        let person = roles.first().map(|membership| membership.actor.person).ok_or_else(wrong)?;
        let actor = self.first_by_password(roles).await?;
        if !self.has_second_step(person).await? {
            let proven = Some(Proven::Password(own));
            return Ok(Step::In(Box::new(actor), Beginning { method: Method::Password, provider: None, proven }));
        }
        let (token, now) = (hex::encode(random::<32>()), Machine::now());
        let half = HalfWay { person: person.0, email: email.trim().to_lowercase(), proven: own.mark };
        let state = serde_json::to_vec(&half)?;
        let work = self.deployment(Some(person)).await?;
        work.begin_ceremony(&digest(&token), CeremonyKind::SecondStep, &state, now + SignedDuration::from_mins(WAITS))
            .await?;
        work.commit(now).await?;
        Ok(Step::Second(token))
    }

    /// The first role that a password opens: not one of an organisation whose people come by its provider alone.
    pub(super) async fn first_by_password(&self, roles: Vec<Membership>) -> Answer<Actor> {
        let only = self.closed_to_passwords().await?;
        let closed = roles.iter().find(|one| only.contains(&one.actor.organisation)).cloned();
        let open = roles.into_iter().find(|one| !only.contains(&one.actor.organisation));
        match (open, closed) {
            (Some(open), _) => Ok(open.actor),
            (None, Some(closed)) => Err(provider_only(&closed.actor)),
            (None, None) => Err(wrong()),
        }
    }

    /// Who stands before the second step with this token; none where it ran out or was used.
    pub async fn half_way(&self, token: &str) -> Answer<Option<HalfWay>> {
        let work = self.deployment(None).await?;
        let found = work.see_ceremony(&digest(token), CeremonyKind::SecondStep, Machine::now()).await;
        work.roll_back().await?;
        Ok(found?.map(|state| serde_json::from_slice(&state)).transpose()?)
    }

    /// The second step: a code of the device, or a recovery code. Right, it is the way in, once, while the password is
    /// the one that was proven. After five wrong ones the way is over, whoever tries them from wherever.
    pub async fn sign_in_by_code(&self, token: &str, half: &HalfWay, typed: &str) -> Answer<(Actor, Beginning)> {
        let person = PersonId(half.person);
        // Before a code is used up, and once more when nobody can change it any longer.
        let own = Own::of(Some(&self.visit().await?.account_of(person).await?));
        if own.mark != half.proven {
            return Err(wrong());
        }
        if self.at_own_pace(&format!("half {token}"), CODES, Machine::now()).await?.is_some() {
            return Err(codes_over());
        }
        let method = self.take_code(person, "code", typed).await?;
        let work = self.deployment(Some(person)).await?;
        let done = way_taken(&work, token, half).await;
        ended(work, done).await?;
        let actor = self.first_by_password(self.roles_of(person).await?).await?;
        let proven = Some(Proven::Password(own));
        Ok((actor, Beginning { method, provider: None, proven }))
    }

    /// Whether whoever holds this session proves by password, and then by a code too; none where they have no password.
    pub async fn proves_by_password(&self, actor: &Actor) -> Answer<Option<bool>> {
        let session = self.visit().await?;
        let email = session.person_email(actor.person).await?;
        let account = session.account(&email).await?;
        let second = session.second_step(actor.person).await?.is_some_and(|step| step.confirmed);
        Ok(account.and_then(|account| account.password).map(|_| second))
    }

    /// Proves again who one is, by the password and, where a second step is set up, a code.
    pub async fn prove_by_password(
        self: &Arc<Self>,
        actor: &Actor,
        token: &str,
        (password, code): (&str, &str),
    ) -> Answer<()> {
        let fields = ["confirm_password", "confirm_code"];
        let (method, _) = self.own_proof(actor.person, (password, code), (fields, "proving again")).await?;
        self.note_proof(actor, token, method).await
    }

    /// Takes what is somebody's own, which comes back too: their password and, where a second step is set up, a code. `fields`
    /// name where each was entered, `act` says in the record what for.
    pub(super) async fn own_proof(
        &self,
        person: PersonId,
        (password, code): (&str, &str),
        ([first, second], act): ([&str; 2], &str),
    ) -> Answer<(Method, Own)> {
        let account = self.visit().await?.account_of(person).await?;
        let own = Own::of(Some(&account));
        if !verify(account.password, password.to_owned()).await? {
            self.sign_in_failed(Some(person), act).await?;
            return Err(Invalid::one(first, "Check your password, and enter it again").into());
        }
        let method = match own.step {
            Some(_) => self.take_code(person, second, code).await?,
            None => Method::Password,
        };
        Ok((method, own))
    }

    /// The same as proving again, for one of the demonstration's invented people, who have no password; not found elsewhere.
    pub async fn prove_invented(&self, actor: &Actor, token: &str) -> Answer<()> {
        if self.visit().await?.mark("demonstration").await?.is_none() {
            return Err(Outcome::NotFound);
        }
        match self.session_of(token).await? {
            Some(found) if found.method == Some(Method::Demonstration) => {
                self.note_proof(actor, token, Method::Demonstration).await
            }
            _ => Err(Outcome::NotFound),
        }
    }
}
