//! The mail that invites somebody, and the job that invites the first person of another organisation: who they are waits
//! sealed meanwhile, so that no job holds a name or an address.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::welcome::{DAYS, Welcome, WelcomeState};
use placewell_domain::outcome::Refusal;
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, Work};
use serde::{Deserialize, Serialize};

use super::{digest, random_text};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, ended};
use crate::office::message;

/// Somebody to be invited: who they are.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Contact {
    /// Their name.
    pub name: String,
    /// Where the link is mailed.
    pub email: String,
    /// The job title.
    pub title: String,
}

/// In which role, and until when.
pub(crate) struct Invitee {
    pub contact: Contact,
    pub role: Role,
    pub until: Date,
}

/// Mails the link, and keeps what it stands for; `inviter` is who invites and for whom.
pub(crate) async fn send_welcome(work: &mut Work, invitee: Invitee, (by, inviter): (PersonId, &str)) -> Answer<()> {
    let Invitee { contact, role, until } = invitee;
    let token = random_text::<32>();
    let welcome = Welcome {
        id: work.new_id(),
        version: 0,
        organisation: work.org(),
        email: contact.email,
        name: contact.name,
        role,
        title: contact.title,
        until,
        digest: hex::encode(digest(&token)),
        expires: Machine::now() + SignedDuration::from_hours(24 * DAYS),
        by: Some(by),
        state: WelcomeState::Sent,
    };
    let subject = format!("{inviter} invites you to sign in");
    let body = format!(
        "You are invited to work in this service as {}.\nOpen the link to choose a password. It holds for {DAYS} \
         days and can be used once.\n\n/emails/{token}/welcome",
        role.label().to_lowercase()
    );
    message::mail(work, &welcome.email, (&subject, &body), &format!("welcome/{}", welcome.id)).await?;
    work.apply(welcome.send()).await?;
    Ok(())
}

/// The job that invites the first person of an organisation that has nobody.
pub const INVITE_FIRST: &str = "person.invite_first";

/// The job's payload: ids and the name under which the contact waits sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ToInvite {
    organisation: i64,
    contact: String,
    role: Role,
    by: i64,
    inviter: i64,
}

/// Leaves the first person of another organisation to be invited: who they are waits sealed, and the job takes it, once.
pub(crate) async fn invite_first_later(
    work: &mut Work,
    (organisation, role): (OrganisationId, Role),
    contact: &Contact,
    by: PersonId,
) -> Answer<()> {
    let name = random_text::<32>();
    let expires = Machine::now() + SignedDuration::from_hours(24 * DAYS);
    let state = serde_json::to_vec(contact)?;
    work.begin_ceremony(&digest(&name), CeremonyKind::FirstPerson, &state, expires).await?;
    let contact = hex::encode(digest(&name));
    let to = ToInvite { organisation: organisation.0, contact, role, by: by.0, inviter: work.org().0 };
    work.enqueue(Job::new(INVITE_FIRST, &serde_json::to_value(to)?).about("organisation", organisation));
    Ok(())
}

/// Whether the link of an organisation's first person still opens: nobody works there, and somebody is invited. Read as that
/// organisation, whose invitations nobody else sees.
async fn first_waits(session: &Session, organisation: OrganisationId) -> Answer<bool> {
    let invited = session.welcomes(organisation).await?;
    Ok(invited.iter().any(|one| one.expires > Machine::now()) && !session.has_people(organisation).await?)
}

/// Refuses what would pass over the first person of an organisation who is invited and has not come yet.
pub(crate) async fn first_may_come(app: &App, organisation: OrganisationId) -> Answer<()> {
    let session = app.store.read(Some(organisation)).await?;
    if !first_waits(&session, organisation).await? {
        return Ok(());
    }
    Err(Refusal::new(
        "first_person_invited",
        "Nobody passes over the first person of a provider while their invitation holds",
        format!("The first person of this provider is invited and has not come yet. The link holds for {DAYS} days."),
        "Whoever is invited, by their link; the regional team, once it has run out",
    )
    .into())
}

/// Invites them, where the organisation still has nobody and nobody else is invited; a second run finds nobody waiting.
pub(crate) async fn invite_first(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToInvite = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.organisation), app.calendar.now()).await?;
    let done = invite_waiting(&mut work, &to).await;
    ended(work, done).await
}

async fn invite_waiting(work: &mut Work, to: &ToInvite) -> Answer<()> {
    let name = hex::decode(&to.contact).map_err(|error| Outcome::Fault(error.to_string()))?;
    let Some(kept) = work.take_ceremony(&name, CeremonyKind::FirstPerson, Machine::now()).await? else { return Ok(()) };
    if work.has_people(work.org()).await? || first_waits(work, work.org()).await? {
        return Ok(());
    }
    let inviter = work.organisation_by_id(OrganisationId(to.inviter)).await?.name;
    let invitee = Invitee { contact: serde_json::from_slice(&kept)?, role: to.role, until: OPEN_END };
    send_welcome(work, invitee, (PersonId(to.by), &inviter)).await
}
