//! A provider that is not known here registers itself: it asks on the page of an opening, proves its address by a link that is
//! used once, and writes its application. Whatever is known of it already, whoever asks gets the same answers.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use placewell_domain::homes::admission::opening::Opening;
use placewell_domain::homes::admission::registration::{Asked, LINK_HOURS, Registration, RegistrationState, open_for};
use placewell_domain::id::{OpeningId, OrganisationId, PersonId, RegistrationId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::outcome::Refusal;
use placewell_store::Work;
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::verify::DEPLOYMENT;
use serde::{Deserialize, Serialize};

use super::registered::names_of;
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, ended};
use crate::homes::home::import::slug;
use crate::office::message::{self, Notice};
use crate::office::person::attempts::{Pace, at_pace};
use crate::office::person::forgotten::{Comer, come_in};
use crate::office::person::{digest, random_text};

/// One network address asks so often in an hour and in a day: people of one office share an address.
const FROM_AN_ADDRESS: [Pace; 2] = [
    Pace { most: 10, within: SignedDuration::from_hours(1) },
    Pace { most: 30, within: SignedDuration::from_hours(24) },
];
/// One mailbox gets so many links, wherever they are asked for.
const TO_A_MAILBOX: Pace = Pace { most: 3, within: SignedDuration::from_hours(24) };
/// So many links leave the service for one opening, whoever asks: far above what one address can use up.
const OF_AN_OPENING: Pace = Pace { most: 1_000, within: SignedDuration::from_hours(24) };
/// The longest code that is made of a name.
const LONGEST_CODE: usize = 60;

/// How asking ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// A link is on its way, unless that mailbox had enough of them.
    Sent,
    /// Too many asked; nothing was sent.
    Wait(SignedDuration),
}

/// What a link stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    opening: i64,
    asked: Asked,
}

/// What a link shows to whoever opens it.
#[derive(Debug, Clone)]
pub struct Registering {
    /// The opening's reference.
    pub opening: String,
    /// What was typed.
    pub asked: Asked,
    /// Whether the person has a password here already.
    pub known: bool,
}

fn link_over() -> Outcome {
    Refusal::new(
        "link_expired",
        "A link by mail holds for a while, and is used once",
        "This link was used, or has run out.",
        "You, by signing in where you registered with it, else by registering again on the page of an opening",
    )
    .into()
}

impl App {
    /// An opening in which a provider registers itself now; refused while it takes no applications.
    pub async fn opening_to_register(&self, reference: &str) -> Answer<Opening> {
        let opening = self.visit().await?.opening(reference).await?;
        open_for(&opening, self.calendar.now())?;
        Ok(opening)
    }

    /// Somebody wants to register a provider: a link is mailed to their address. `from` is the network address that they
    /// ask from. The answer says nothing of who is known here.
    pub async fn ask_to_register(&self, reference: &str, asked: &Asked, from: &str) -> Answer<Asking> {
        let opening = self.opening_to_register(reference).await?;
        let asked = asked.checked()?;
        let mut work = self.store.begin(opening.region, self.calendar.now()).await?;
        match mail_link(&mut work, &opening, asked, from).await {
            Ok(Asking::Sent) => {
                work.commit(Machine::now()).await?;
                Ok(Asking::Sent)
            }
            Ok(wait) => {
                work.roll_back().await?;
                Ok(wait)
            }
            Err(outcome) => {
                work.roll_back().await?;
                Err(outcome)
            }
        }
    }

    /// What a link stands for, while the opening takes applications; reading it changes nothing.
    pub async fn registering(&self, token: &str) -> Answer<Registering> {
        let (kept, opening) = self.kept_by_link(token).await?;
        let account = self.visit().await?.account(&kept.asked.email).await?;
        let known = account.is_some_and(|account| account.password.is_some());
        Ok(Registering { opening: opening.reference, asked: kept.asked, known })
    }

    async fn kept_by_link(&self, token: &str) -> Answer<(Kept, Opening)> {
        let work = self.store.begin(DEPLOYMENT, self.calendar.now()).await?;
        let found = work.see_ceremony(&digest(token), CeremonyKind::Registration, Machine::now()).await;
        work.roll_back().await?;
        let kept: Kept = serde_json::from_slice(&found?.ok_or_else(link_over)?)?;
        let opening = self.visit().await?.opening_by_id(OpeningId(kept.opening)).await?;
        open_for(&opening, self.calendar.now())?;
        Ok((kept, opening))
    }

    /// Registers the provider that a link stands for: its organisation, and the person as the one who keeps it. Answers with
    /// the page on which they apply.
    pub async fn register_provider(self: &Arc<Self>, token: &str, password: &str) -> Answer<String> {
        let (kept, opening) = self.kept_by_link(token).await?;
        let who = (kept.asked.name.as_str(), kept.asked.email.as_str());
        let comer = self.comer(who, password, "registering a provider").await?;
        let provider = OrganisationId(placewell_store::ids::next());
        let mut work = self.store.begin(provider, self.calendar.now()).await?;
        let done = register(&mut work, token, (&kept.asked, &opening), &comer).await;
        ended(work, done).await?;
        Ok(format!("/provider/admission/{}", opening.reference))
    }
}

/// Counts who asks and mails the link; a mailbox that had enough gets nothing, and its asker is told nothing of that.
async fn mail_link(work: &mut Work, opening: &Opening, asked: Asked, from: &str) -> Answer<Asking> {
    let now = Machine::now();
    let [hourly, daily] = FROM_AN_ADDRESS;
    let paces = [(format!("register hourly from {from}"), hourly), (format!("register daily from {from}"), daily)];
    for (name, pace) in paces {
        if let Some(wait) = at_pace(work, &name, pace, now).await? {
            return Ok(Asking::Wait(wait));
        }
    }
    if at_pace(work, &format!("register mailbox {}", asked.email), TO_A_MAILBOX, now).await?.is_some() {
        return Ok(Asking::Sent);
    }
    // Only links that leave are counted here: a mailbox that had enough uses up nobody else's.
    if let Some(wait) = at_pace(work, &format!("register for {}", opening.id), OF_AN_OPENING, now).await? {
        return Ok(Asking::Wait(wait));
    }
    let token = random_text::<32>();
    let expires: Timestamp = now + SignedDuration::from_hours(LINK_HOURS);
    let email = asked.email.clone();
    let state = serde_json::to_vec(&Kept { opening: opening.id.0, asked })?;
    work.begin_ceremony(&digest(&token), CeremonyKind::Registration, &state, expires).await?;
    let body = format!(
        "Open the link to register your organisation and to apply in {}. It holds for {LINK_HOURS} hours and can be used \
         once.\nIf you did not ask for it, do nothing: nothing is registered.\n\n/emails/{token}/register",
        opening.reference
    );
    let subject = format!("{}: register your organisation", opening.reference);
    let dedupe = format!("registration/{}", hex::encode(digest(&token)));
    message::mail(work, &email, (&subject, &body), &dedupe).await?;
    Ok(Asking::Sent)
}

async fn register(work: &mut Work, token: &str, about: (&Asked, &Opening), comer: &Comer) -> Answer<()> {
    let (asked, opening) = about;
    work.take_ceremony(&digest(token), CeremonyKind::Registration, Machine::now()).await?.ok_or_else(link_over)?;
    make_provider(work, asked).await?;
    let person: PersonId = come_in(work, comer).await?;
    let today = work.moment().today();
    work.give_membership(person, Role::ProviderManager, &asked.title, (today, OPEN_END)).await?;
    let moment = work.moment();
    let new = Registration {
        id: RegistrationId(work.new_id()),
        version: 0,
        provider: work.org(),
        region: opening.region,
        opening: opening.id,
        opening_reference: opening.reference.clone(),
        asked: asked.clone(),
        person,
        at: moment.local,
        state: RegistrationState::Registered,
    };
    let made = work.apply(new.register(opening, moment)?).await?;
    tell_lead(work, &made).await
}

/// The organisation, under a code of its own: two of one name at once do not meet.
async fn make_provider(work: &Work, asked: &Asked) -> Answer<()> {
    let name: String = slug(&asked.legal_name).chars().take(LONGEST_CODE).collect();
    let name = if name.is_empty() { "provider".to_owned() } else { name };
    work.add_organisation(&Organisation {
        id: work.org(),
        code: format!("{name}-{}", random_text::<3>()),
        name: asked.legal_name.clone(),
        kind: OrganisationKind::Provider,
        area: None,
        placing_body: None,
    })
    .await?;
    Ok(())
}

/// The regional team is told at once, also that the number or the name is another's.
async fn tell_lead(work: &mut Work, made: &Registration) -> Answer<()> {
    let known = names_of(work, made).await?;
    let (subject, line) = if known.is_empty() {
        ("a provider registered itself", "Its company number and its name are new here.")
    } else {
        ("a provider registered itself and may be known", "Its company number or its name is another provider's too.")
    };
    let notice = Notice {
        to: made.region.0,
        role: Role::CommissioningLead,
        subject: format!("{}: {subject}", made.opening_reference),
        lines: vec![line.to_owned(), "Confirm who it is, so that it can name its homes.".to_owned()],
        path: format!("/region/registrations/{}", made.id),
    };
    work.enqueue(notice.job()?);
    Ok(())
}
