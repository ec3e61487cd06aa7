//! Links by mail: an invitation accepted, and a forgotten password replaced. Each holds for a while and is used once.

use std::sync::Arc;

use jiff::SignedDuration;
use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_domain::office::person::welcome::Welcome;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::Work;
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::verify::DEPLOYMENT;

use super::password::verify;
use super::{digest, hash_password, random_text};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::office::message;

/// How long the link for a forgotten password holds.
const LINK_HOLDS: SignedDuration = SignedDuration::from_hours(1);

/// Mails somebody a link by which they choose a new password.
pub(super) async fn mail_link(work: &mut Work, person: PersonId, email: &str, holds: SignedDuration) -> Answer<()> {
    let (token, now) = (random_text::<32>(), Machine::now());
    let state = person.0.to_be_bytes();
    work.begin_ceremony(&digest(&token), CeremonyKind::PasswordNew, &state, now + holds).await?;
    let body = format!(
        "Open the link to choose a new password. It can be used once, and ends your sessions.\nIf you did not ask for it, \
         do nothing: your password stays as it is.\n\n/emails/{token}/password"
    );
    let about = format!("password/{}", hex::encode(digest(&token)));
    message::mail(work, email, ("Choose a new password", &body), &about).await
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
    /// Somebody has forgotten their password: where the address is known, a link is mailed to it. The answer says nothing
    /// of that.
    pub async fn ask_for_password(&self, email: &str) -> Answer<()> {
        let session = self.visit().await?;
        let account = session.account(email).await?;
        let held = match &account {
            Some(account) => session.memberships(account.id, self.calendar.now().today()).await?,
            None => Vec::new(),
        };
        drop(session);
        // The mail stands with an organisation that the person works for; with none, nothing is mailed.
        let organisation = held.first().map_or(DEPLOYMENT, |one| one.actor.organisation);
        let mut work = self.store.begin(organisation, self.calendar.now()).await?;
        let known = account.filter(|_| !held.is_empty());
        let person = known.as_ref().map_or(0, |account| account.id.0);
        if let Some(account) = known {
            mail_link(&mut work, account.id, &email.trim().to_lowercase(), LINK_HOLDS).await?;
        }
        work.record(Event::new("person.asked_for_password", "person", person, 0));
        Ok(work.commit(Machine::now()).await?)
    }

    /// Whether a link for a new password is good still.
    pub async fn password_link_holds(&self, token: &str) -> Answer<()> {
        let work = self.deployment(None).await?;
        let found = work.see_ceremony(&digest(token), CeremonyKind::PasswordNew, Machine::now()).await;
        work.roll_back().await?;
        found?.map(|_| ()).ok_or_else(link_over)
    }

    /// A new password by the link: every session ends, and the second step is asked for as before.
    pub async fn choose_password(&self, token: &str, new: &str) -> Answer<()> {
        let work = self.deployment(None).await?;
        let found = work.see_ceremony(&digest(token), CeremonyKind::PasswordNew, Machine::now()).await;
        work.roll_back().await?;
        let person = found?.and_then(|state| Some(PersonId(i64::from_be_bytes(state.try_into().ok()?))));
        let person = person.ok_or_else(link_over)?;
        let session = self.visit().await?;
        let (name, email) = (session.person_name(person).await?, session.person_email(person).await?);
        let second = session.second_step(person).await?.is_some_and(|step| step.confirmed);
        drop(session);
        self.check_new_password("new", new, second, (&name, &email)).await?;
        let work = self.deployment(Some(person)).await?;
        let taken = work.take_ceremony(&digest(token), CeremonyKind::PasswordNew, Machine::now()).await;
        work.commit(Machine::now()).await?;
        taken?.ok_or_else(link_over)?;
        self.set_password(person, new, None).await
    }

    /// The invitation that a link stands for, and whether its person has a password here already; refused where it is over.
    pub async fn welcome(&self, token: &str) -> Answer<(Welcome, String, bool)> {
        let session = self.visit().await?;
        let welcome = session.welcome_by_digest(&hex::encode(digest(token))).await?;
        welcome.open(Machine::now())?;
        let organisation = session.organisation_by_id(welcome.organisation).await?;
        let account = session.account(&welcome.email).await?;
        Ok((welcome, organisation.name, account.is_some_and(|account| account.password.is_some())))
    }

    /// Accepts an invitation: whoever is new here chooses a password, whoever is known enters theirs.
    pub async fn accept_welcome(self: &Arc<Self>, token: &str, password: &str) -> Answer<()> {
        let (welcome, _, known) = self.welcome(token).await?;
        let account = self.visit().await?.account(&welcome.email).await?;
        if known {
            let stored = account.as_ref().and_then(|account| account.password.clone());
            if !verify(stored, password.to_owned()).await? {
                let person = account.as_ref().map(|account| account.id);
                self.sign_in_failed(person, "accepting an invitation").await?;
                return Err(Invalid::one("new", "Check your password, and enter it again").into());
            }
        } else {
            self.check_new_password("new", password, false, (&welcome.name, &welcome.email)).await?;
        }
        let hash = if known { None } else { Some(hash_password(password)?) };
        let mut work = self.store.begin(welcome.organisation, self.calendar.now()).await?;
        let person = if let Some(account) = account {
            if let Some(hash) = &hash {
                work.give_password(account.id, Some(hash)).await?;
            }
            account.id
        } else {
            let person = PersonId(work.new_id());
            work.add_person(person, &welcome.email, &welcome.name, hash.as_deref()).await?;
            person
        };
        work.by(person);
        let today = work.moment().today();
        work.give_membership(person, welcome.role, &welcome.title, (today, welcome.until)).await?;
        work.apply(welcome.accept(person, Machine::now())?).await?;
        Ok(work.commit(Machine::now()).await?)
    }
}
