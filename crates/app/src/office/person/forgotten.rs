//! Links by mail: an invitation accepted, and a forgotten password replaced. Each holds for a while and is used once.

use std::sync::Arc;

use jiff::SignedDuration;
use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_domain::office::person::session::{Minutes, PASSWORD_LINK};
use placewell_domain::office::person::welcome::Welcome;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::verify::DEPLOYMENT;
use serde::{Deserialize, Serialize};

use super::password::{NewPassword, hashed, keep_password, mark_of, verify};
use super::{digest, random_text};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, ended};
use crate::office::access::granting::{Given, tell_of_role};
use crate::office::message;
use crate::setting::system_value;

/// What a mailed link stands for.
#[derive(Serialize, Deserialize)]
struct Link {
    person: i64,
    /// The mark of the password in whose place another is chosen: once that was, by whatever way, the link is over.
    before: String,
}

/// Mails somebody a link by which they choose a new password. Whoever ends such links meanwhile ends this one too, or
/// came before it.
pub(super) async fn mail_link(work: &mut Work, person: PersonId, email: &str, holds: SignedDuration) -> Answer<()> {
    work.lock_person(person).await?;
    let (token, now) = (random_text::<32>(), Machine::now());
    let before = mark_of(work.password_of(person).await?.as_deref());
    let state = serde_json::to_vec(&Link { person: person.0, before })?;
    work.begin_ceremony(&digest(&token), CeremonyKind::PasswordNew, &state, now + holds).await?;
    let body = format!(
        "Open the link to choose a new password. It can be used once, and ends your sessions.\nIf you did not ask for it, \
         do nothing: your password stays as it is.\n\n/emails/{token}/password"
    );
    let about = format!("password/{}", hex::encode(digest(&token)));
    message::mail(work, email, ("Choose a new password", &body), &about).await
}

/// Ends the links that were mailed to somebody: those of a person without a password are over by no other one.
pub(super) async fn end_links(work: &Work, person: PersonId) -> Answer<()> {
    work.lock_person(person).await?;
    let theirs = move |state: &[u8]| serde_json::from_slice(state).is_ok_and(|link: Link| link.person == person.0);
    work.end_ceremonies(CeremonyKind::PasswordNew, theirs).await?;
    Ok(())
}

/// The job that mails a link to whoever asked for a new password.
pub(crate) const MAIL_LINK: &str = "person.mail_link";
/// For how long an address waits sealed for that job.
const ASKED_HOURS: i64 = 24;

/// The job's payload: the name under which the address waits sealed, so that no job holds it.
#[derive(Serialize, Deserialize)]
struct ToMail {
    waits: String,
}

/// Whose address was typed. It reads as no link, and its name opens no page.
#[derive(Serialize, Deserialize)]
struct Forgetful {
    email: String,
}

/// Leaves an address to a job, which finds out whether it is known: the writes are the same either way.
pub(super) async fn leave_to_job(work: &mut Work, kind: &str, email: &str) -> Answer<()> {
    let name = digest(&random_text::<32>());
    let until = Machine::now() + SignedDuration::from_hours(ASKED_HOURS);
    let state = serde_json::to_vec(&Forgetful { email: email.trim().to_lowercase() })?;
    work.begin_ceremony(&name, CeremonyKind::PasswordNew, &state, until).await?;
    work.enqueue(Job::new(kind, &serde_json::to_value(ToMail { waits: hex::encode(name) })?));
    Ok(())
}

/// The address that was left to a job, with the name under which it waits; none where the job was done before.
pub(super) async fn left_to(app: &Arc<App>, job: &TakenJob) -> Answer<Option<(Vec<u8>, String)>> {
    let ToMail { waits } = serde_json::from_str(&job.payload)?;
    let name = hex::decode(waits).map_err(|error| Outcome::Fault(error.to_string()))?;
    let work = app.deployment(None).await?;
    let found = work.see_ceremony(&name, CeremonyKind::PasswordNew, Machine::now()).await;
    work.roll_back().await?;
    let Some(state) = found? else {
        let (id, attempt) = (job.id, job.attempt);
        tracing::warn!(
            job = id,
            attempt,
            "what was asked for was done already, or its address waited for longer than a day"
        );
        return Ok(None);
    };
    let Forgetful { email } = serde_json::from_slice(&state)?;
    Ok(Some((name, email)))
}

/// Takes it, so that a second run of the job finds nothing; whether it waited still.
pub(super) async fn take_left(work: &Work, name: &[u8]) -> Answer<bool> {
    Ok(work.take_ceremony(name, CeremonyKind::PasswordNew, Machine::now()).await?.is_some())
}

/// Mails the link, where the address is somebody's who works for an organisation; a second run finds nobody waiting.
pub(crate) async fn mail_asked(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let Some((name, email)) = left_to(app, job).await? else { return Ok(()) };
    let holds = SignedDuration::from_secs(app.password_link_minutes().await?.seconds());
    let session = app.visit().await?;
    let account = session.account(&email).await?;
    let held = match &account {
        Some(account) => session.memberships(account.id, app.calendar.now().today()).await?,
        None => Vec::new(),
    };
    drop(session);
    // The mail stands with an organisation that the person works for; with none, nothing is mailed.
    let organisation = held.first().map_or(DEPLOYMENT, |one| one.actor.organisation);
    let known = account.filter(|_| !held.is_empty()).map(|account| account.id);
    let mut work = app.store.begin(organisation, app.calendar.now()).await?;
    let done = answer_asked(&mut work, &name, (known, &email), holds).await;
    ended(work, done).await
}

async fn answer_asked(
    work: &mut Work,
    name: &[u8],
    (known, email): (Option<PersonId>, &str),
    holds: SignedDuration,
) -> Answer<()> {
    if !take_left(work, name).await? {
        return Ok(());
    }
    if let Some(person) = known {
        mail_link(work, person, email, holds).await?;
    }
    work.record(Event::new("person.asked_for_password", "person", known.map_or(0, |person| person.0), 0));
    Ok(())
}

fn link_over() -> Outcome {
    Refusal::new(
        "link_expired",
        "A link by mail holds for a while, and is used once",
        "This link was used, or has run out.",
        "You, by asking for a new one on the sign-in page",
    )
    .into()
}

impl App {
    /// How long a link for a forgotten password holds that is mailed today.
    pub async fn password_link_minutes(&self) -> Answer<Minutes> {
        let session = self.visit().await?;
        system_value(&session, &PASSWORD_LINK, self.calendar.now().today()).await
    }

    /// Somebody has forgotten their password. Whether the address is known is found out by the job that follows: whoever asks
    /// waits for the same writes either way, and the answer says nothing of it.
    pub async fn ask_for_password(&self, email: &str) -> Answer<()> {
        let mut work = self.deployment(None).await?;
        leave_to_job(&mut work, MAIL_LINK, email).await?;
        Ok(work.commit(Machine::now()).await?)
    }

    /// Whether a link for a new password is good still.
    pub async fn password_link_holds(&self, token: &str) -> Answer<()> {
        self.mailed_link(token).await.map(|_| ())
    }

    /// For whom a link is good still, and in place of which password.
    async fn mailed_link(&self, token: &str) -> Answer<(PersonId, Option<String>)> {
        let work = self.deployment(None).await?;
        let found = work.see_ceremony(&digest(token), CeremonyKind::PasswordNew, Machine::now()).await;
        work.roll_back().await?;
        let link: Option<Link> = found?.and_then(|state| serde_json::from_slice(&state).ok());
        let link = link.ok_or_else(link_over)?;
        let before = self.visit().await?.password_of(PersonId(link.person)).await?;
        if mark_of(before.as_deref()) != link.before {
            return Err(link_over());
        }
        Ok((PersonId(link.person), before))
    }

    /// A new password by the link: every session ends, and the second step is asked for as before.
    pub async fn choose_password(&self, token: &str, new: &str) -> Answer<()> {
        let (person, before) = self.mailed_link(token).await?;
        let session = self.visit().await?;
        let (name, email) = (session.person_name(person).await?, session.person_email(person).await?);
        let beside = session.second_step(person).await?.is_some_and(|step| step.confirmed);
        drop(session);
        self.check_new_password("new", new, beside, (&name, &email)).await?;
        let new = NewPassword { hash: hashed(new).await?, beside, before };
        let mut work = self.deployment(Some(person)).await?;
        let done = chosen(&mut work, token, (person, &new)).await;
        ended(work, done).await
    }

    /// The invitation that a link stands for, and whether its person has a password here already; refused where it is over.
    pub async fn welcome(&self, token: &str) -> Answer<(Welcome, String, bool)> {
        let digest = hex::encode(digest(token));
        let organisation = self.visit().await?.welcome_link(&digest).await?;
        let session = self.store.read(Some(organisation)).await?;
        let welcome = session.welcome_by_digest(organisation, &digest).await?;
        welcome.open(Machine::now())?;
        let organisation = session.organisation_by_id(welcome.organisation).await?;
        let account = session.account(&welcome.email).await?;
        Ok((welcome, organisation.name, account.is_some_and(|account| account.password.is_some())))
    }

    /// Accepts an invitation: whoever is new here chooses a password, whoever is known enters theirs.
    pub async fn accept_welcome(self: &Arc<Self>, token: &str, password: &str) -> Answer<()> {
        let (welcome, ..) = self.welcome(token).await?;
        let comer = self.comer((&welcome.name, &welcome.email), password, "accepting an invitation").await?;
        let mut work = self.store.begin(welcome.organisation, self.calendar.now()).await?;
        let done = accepted(&mut work, &comer, welcome).await;
        ended(work, done).await
    }

    /// Whoever comes by a link that was mailed to their address: somebody who has a password here enters it, everybody else
    /// chooses one. `act` says in the log what they came for.
    pub(crate) async fn comer(&self, (name, email): (&str, &str), password: &str, act: &str) -> Answer<Comer> {
        let account = self.visit().await?.account(email).await?;
        let known = account.as_ref().map(|account| account.id);
        let before = account.and_then(|account| account.password);
        let hash = if let Some(stored) = &before {
            if !verify(Some(stored.clone()), password.to_owned()).await? {
                self.sign_in_failed(known, act).await?;
                return Err(Invalid::one("new", "Check your password, and enter it again").into());
            }
            None
        } else {
            self.check_new_password("new", password, false, (name, email)).await?;
            Some(hashed(password).await?)
        };
        Ok(Comer { known, before, hash, name: name.to_owned(), email: email.to_owned() })
    }
}

/// Uses the link up, and keeps the password: both or neither.
async fn chosen(work: &mut Work, token: &str, (person, new): (PersonId, &NewPassword)) -> Answer<()> {
    // Before the link, as whoever ends all of theirs takes both.
    work.lock_person(person).await?;
    let taken = work.take_ceremony(&digest(token), CeremonyKind::PasswordNew, Machine::now()).await?;
    taken.ok_or_else(link_over)?;
    keep_password(work, person, new, None).await
}

async fn accepted(work: &mut Work, comer: &Comer, welcome: Welcome) -> Answer<()> {
    let person = come_in(work, comer).await?;
    joined(work, welcome, person).await
}

/// Somebody who proved an address and, where they had one, their password.
pub(crate) struct Comer {
    known: Option<PersonId>,
    /// The password that they had when they proved it; none where they chose one.
    before: Option<String>,
    hash: Option<String>,
    name: String,
    email: String,
}

fn chosen_already() -> Outcome {
    Invalid::one("new", "Enter the password that you have chosen already").into()
}

/// Makes the person where they are new, and gives them the password that they chose. Somebody of this address who was made
/// meanwhile, or who chose another password meanwhile, enters the password that was chosen then.
pub(crate) async fn come_in(work: &mut Work, comer: &Comer) -> Answer<PersonId> {
    // Two links to one address, used at once: the second waits here for the first.
    work.hold_attempts(&hex::encode(digest(&format!("comer:{}", comer.email))), Machine::now()).await?;
    let person = match (comer.known, work.account(&comer.email).await?) {
        (Some(person), _) => {
            // Whoever chooses a password by a link that moment came before, or waits.
            work.lock_person(person).await?;
            let stands = work.password_of(person).await?;
            if stands != comer.before {
                return Err(stands.map_or(Outcome::Conflict, |_| chosen_already()));
            }
            if let Some(hash) = &comer.hash {
                work.give_password(person, Some(hash)).await?;
            }
            person
        }
        (None, Some(_)) => return Err(chosen_already()),
        (None, None) => {
            let person = PersonId(work.new_id());
            work.add_person(person, &comer.email, &comer.name, comer.hash.as_deref()).await?;
            person
        }
    };
    work.by(person);
    Ok(person)
}

/// Somebody has accepted an invitation: they have its role from today, and those who answer for the children are told.
pub(super) async fn joined(work: &mut Work, welcome: Welcome, person: PersonId) -> Answer<()> {
    let (today, role, by) = (work.moment().today(), welcome.role, welcome.by);
    work.give_membership(person, role, &welcome.title, (today, welcome.until)).await?;
    work.apply(welcome.accept(person, Machine::now())?).await?;
    tell_of_role(work, person, role, Given::Invited(by)).await
}
