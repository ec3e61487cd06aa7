//! Registrations as the regional team looks at them: who else has the number or the name, then confirmed with homes of its
//! own, joined with a provider that is known here, or not taken.

use std::collections::BTreeSet;
use std::sync::Arc;

use placewell_domain::change::Event;
use placewell_domain::homes::admission::registration::{RefusalWhy, Registration, RegistrationState};
use placewell_domain::homes::home::{Home, HomeState, RegisterEntry};
use placewell_domain::id::{HomeId, OrganisationId, PersonId, RegistrationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, StoreError, Work};
use serde::{Deserialize, Serialize};

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt, ended};
use crate::homes::admission::changed_hands;
use crate::homes::home::import::plain;
use crate::homes::home::kept_home;
use crate::office::access::cover::end_lent_with;
use crate::office::message::{self, Notice};
use crate::office::person::inviting::{Contact, first_may_come, invite_first_later};

/// The job that closes what was registered and not taken.
pub const CLOSE: &str = "registration.close";
/// Homes at most that are handed over at once.
const MOST_HOMES: usize = 50;

/// A provider that has the number or the name of one that registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAs {
    /// Its code in addresses.
    pub code: String,
    /// Its name.
    pub name: String,
    /// It was the first with the company number; else it has the same name.
    pub by_number: bool,
    /// Whether anybody works for it here.
    pub has_people: bool,
}

/// The providers that have the number or the name of a registration.
pub(super) async fn names_of(session: &Session, made: &Registration) -> Answer<Vec<KnownAs>> {
    let holder = session.holder_of_company_number(&made.asked.company_number).await?;
    let name = plain(&made.asked.legal_name);
    let other = |one: &Organisation| one.kind == OrganisationKind::Provider && one.id != made.provider;
    let mut known = Vec::new();
    for one in session.organisations().await?.into_iter().filter(other) {
        let by_number = holder == Some(one.id);
        if by_number || plain(&one.name) == name {
            let has_people = session.has_people(one.id).await?;
            known.push(KnownAs { code: one.code, name: one.name, by_number, has_people });
        }
    }
    Ok(known)
}

/// A registration with what is known of its provider.
#[derive(Debug, Clone)]
pub struct RegistrationPage {
    /// The registration.
    pub registration: Registration,
    /// The code of the organisation that was made for it.
    pub code: String,
    /// Who else has its number or its name.
    pub known: Vec<KnownAs>,
    /// Its homes on the register: number and name.
    pub homes: Vec<(String, String)>,
}

impl App {
    /// The registrations of the actor's region, those to be looked at first; each with whether its number or name is
    /// another's too.
    pub async fn registrations(&self, actor: &Actor) -> Answer<Vec<(Registration, bool)>> {
        let session = self.see(actor, Action::RunAdmission).await?;
        let all = session.registrations(actor.organisation).await?;
        let organisations = session.organisations().await?;
        let mut found = Vec::with_capacity(all.len());
        for one in all {
            let holder = session.holder_of_company_number(&one.asked.company_number).await?;
            let name = plain(&one.asked.legal_name);
            let namesake = |other: &Organisation| {
                other.kind == OrganisationKind::Provider && other.id != one.provider && plain(&other.name) == name
            };
            let known = holder.is_some_and(|holder| holder != one.provider) || organisations.iter().any(namesake);
            found.push((one, known));
        }
        Ok(found)
    }

    /// One registration of the actor's region.
    pub async fn registration_page(&self, actor: &Actor, id: i64) -> Answer<RegistrationPage> {
        let session = self.see(actor, Action::RunAdmission).await?;
        let registration = session.registration(RegistrationId(id)).await?;
        if registration.region != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let known = names_of(&session, &registration).await?;
        let code = session.organisation_by_id(registration.provider).await?.code;
        let homes = session.homes_of(registration.provider).await?;
        let homes = homes.into_iter().map(|home| (home.urn.to_string(), home.name)).collect();
        Ok(RegistrationPage { registration, code, known, homes })
    }
}

/// A registration of this work's regional team, at the version that the page was made from.
async fn kept(work: &Work, id: i64, version: i64) -> Answer<Registration> {
    let found = work.registration(RegistrationId(id)).await?;
    if found.region != work.org() {
        return Err(Outcome::NotFound);
    }
    if found.version == version { Ok(found) } else { Err(Outcome::Conflict) }
}

fn page_of(id: i64) -> Receipt {
    Receipt::at(format!("/region/registrations/{id}"))
}

/// Says that the provider is who it says it is, and hands over its homes on the register that nobody here keeps.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmRegistration {
    /// The registration.
    pub registration: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Its homes, by Ofsted's numbers.
    pub homes: Vec<String>,
}

impl Command for ConfirmRegistration {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "provider_registration.confirm";

    async fn before(&self, app: &App, actor: &Actor) -> Answer<()> {
        let session = app.see(actor, Self::ACTION).await?;
        let mut keepers = BTreeSet::new();
        for urn in self.homes.iter().take(MOST_HOMES) {
            // A number of no home here is refused with its field later.
            match kept_home(&session, urn).await {
                Ok(home) => {
                    keepers.insert(home.provider);
                }
                Err(Outcome::NotFound) => {}
                Err(outcome) => return Err(outcome),
            }
        }
        drop(session);
        for keeper in keepers {
            first_may_come(app, keeper).await?;
        }
        Ok(())
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let registration = kept(work, self.registration, self.version).await?;
        if self.homes.len() > MOST_HOMES {
            return Err(Invalid::one("homes", format!("Enter at most {MOST_HOMES} homes at once")).into());
        }
        let (provider, reference) = (registration.provider, registration.opening_reference.clone());
        wait_for_standing(work, provider, &self.homes).await?;
        let mut handed = Vec::new();
        for urn in &self.homes {
            handed.extend(hand_over(work, urn, provider).await?);
        }
        changed_hands(work, &handed).await?;
        work.apply(registration.confirm(actor.person, work.moment())?).await?;
        let notice = Notice {
            to: provider.0,
            role: Role::ProviderManager,
            subject: format!("{reference}: your registration is confirmed"),
            lines: vec!["You can name your homes and send your application.".to_owned()],
            path: format!("/provider/admission/{reference}"),
        };
        work.enqueue(notice.job()?);
        // Last, as it takes the organisation's lock.
        let today = work.moment().today();
        for (home, _) in handed {
            work.record_owner(home, provider, today).await?;
        }
        Ok(page_of(self.registration))
    }
}

/// Waits for a change of how the homes stand that is under way, and those that the provider has, before anything of them is
/// written: a measure about the provider meets both.
async fn wait_for_standing(work: &Work, provider: OrganisationId, homes: &[String]) -> Answer<()> {
    let mut known: Vec<HomeId> = work.homes_of(provider).await?.iter().map(|home| home.id).collect();
    for urn in homes {
        match kept_home(work, urn).await {
            Ok(home) => known.push(home.id),
            // A number of no home here is refused with its field later.
            Err(Outcome::NotFound) => {}
            Err(outcome) => return Err(outcome),
        }
    }
    Ok(work.lock_standing(&known, true).await?)
}

/// Gives a home of the region to the provider that registered, where nobody works for the one that the register had; answers
/// with that one, or with none where it has it already.
async fn hand_over(work: &mut Work, urn: &str, provider: OrganisationId) -> Answer<Option<(HomeId, OrganisationId)>> {
    let wrong = |why: &str| Outcome::from(Invalid::one("homes", format!("{urn} {why}")));
    let home = match kept_home(work, urn).await {
        Err(Outcome::NotFound) => return Err(wrong("is no home of the region: enter its number on Ofsted's register")),
        found => found?,
    };
    if home.provider == provider {
        return Ok(None);
    }
    if matches!(home.state, HomeState::Closed { .. }) {
        return Err(wrong("has left the register"));
    }
    if work.has_people(home.provider).await? {
        return Err(Refusal::new(
            "home_of_another",
            "A home is handed to a provider that registered only where nobody here keeps it",
            format!("{} is kept by the people of another provider.", home.name),
            "Commissioning lead of the regional team, by joining the registration with that provider",
        )
        .found(urn)
        .into());
    }
    let (was, entry) = (home.provider, entry_of(&home, provider));
    let moment = work.moment();
    let Some(change) = home.follow_register(entry, moment) else { return Ok(None) };
    let home = work.apply(change).await?;
    work.hand_over_beds(&home).await?;
    Ok(Some((home.id, was)))
}

/// What the register says of a home, under another provider.
fn entry_of(home: &Home, provider: OrganisationId) -> RegisterEntry {
    RegisterEntry {
        provider,
        area: home.area,
        sector: home.sector,
        places: home.places,
        short_breaks_only: home.short_breaks_only,
        suspended: matches!(home.state, HomeState::Suspended { .. }),
        registered_on: None,
    }
}

/// Says that it is a provider that is known here: what was registered is closed. Where nobody works for that provider, whoever
/// registered is invited as its first person.
#[derive(Debug, Clone, Serialize)]
pub struct JoinRegistration {
    /// The registration.
    pub registration: i64,
    /// The version that the page showed.
    pub version: i64,
    /// The code of the provider that it is.
    pub provider: String,
}

impl Command for JoinRegistration {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "provider_registration.join";

    async fn before(&self, app: &App, actor: &Actor) -> Answer<()> {
        let session = app.see(actor, Self::ACTION).await?;
        let known = session.organisation_by_code(self.provider.trim()).await;
        drop(session);
        // A code of nobody is refused with its field later.
        match known {
            Ok(known) => first_may_come(app, known.id).await,
            Err(StoreError::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let registration = kept(work, self.registration, self.version).await?;
        let found = match work.organisation_by_code(self.provider.trim()).await {
            Ok(found) if found.kind == OrganisationKind::Provider => found,
            Ok(_) | Err(StoreError::NotFound) => {
                return Err(Invalid::one("provider", "Enter the code of a provider of the list of providers").into());
            }
            Err(error) => return Err(error.into()),
        };
        let moment = work.moment();
        let joined = work.apply(registration.join(actor.person, (found.id, &found.name), moment)?).await?;
        if !work.has_people(found.id).await? {
            let asked = joined.asked;
            let contact = Contact { name: asked.name, email: asked.email, title: asked.title };
            invite_first_later(work, (found.id, Role::ProviderManager), &contact, actor.person).await?;
        }
        close_later(work, joined.id)?;
        Ok(page_of(self.registration))
    }
}

/// Says that the registration is not taken, and why.
#[derive(Debug, Clone, Serialize)]
pub struct RefuseRegistration {
    /// The registration.
    pub registration: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why; whoever registered is mailed it.
    pub why: RefusalWhy,
}

impl Command for RefuseRegistration {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "provider_registration.refuse";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let registration = kept(work, self.registration, self.version).await?;
        let refused = work.apply(registration.refuse(actor.person, self.why, work.moment())?).await?;
        close_later(work, refused.id)?;
        Ok(page_of(self.registration))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct ToClose {
    registration: i64,
}

fn close_later(work: &mut Work, id: RegistrationId) -> Answer<()> {
    let to = serde_json::to_value(ToClose { registration: id.0 })?;
    work.enqueue(Job::new(CLOSE, &to).about("provider_registration", id));
    Ok(())
}

/// Ends every role in the organisation that was made, in its own transaction, and tells whoever registered it.
pub(crate) async fn close(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToClose = serde_json::from_str(&job.payload)?;
    let session = app.store.read(Some(job.organisation)).await?;
    let registration = session.registration(RegistrationId(to.registration)).await?;
    drop(session);
    let mut work = app.store.begin(registration.provider, app.calendar.now()).await?;
    let done = end_all(&mut work, &registration).await;
    ended(work, done).await
}

/// Ends what everybody has in the organisation that was made, whenever it begins: also a role that a cover lends from a later
/// day on.
async fn end_people(work: &mut Work, by: PersonId) -> Answer<()> {
    let (org, today) = (work.org(), work.moment().today());
    let people: Vec<PersonId> = work.colleagues(org, today, None).await?.iter().map(|one| one.person).collect();
    // Whoever arranges cover between them came before, or waits.
    work.hold_roles(&people).await?;
    for one in work.colleagues(org, today, None).await? {
        let ended = work.end_sign_ins_here(one.person, None).await?;
        // A role that begins later is then held on no day.
        work.end_membership(one.person, one.role, today.max(one.from)).await?;
        end_lent_with(work, one.person, one.role, by).await?;
        let event = Event::new("person.role_ended", "person", one.person.0, 0);
        work.record(event.with("role", one.role.code()).with("sign_ins", ended));
    }
    for invited in work.welcomes(org).await? {
        work.apply(invited.withdraw()?).await?;
    }
    Ok(())
}

async fn end_all(work: &mut Work, registration: &Registration) -> Answer<()> {
    let (by, line) = match &registration.state {
        RegistrationState::Registered | RegistrationState::Confirmed { .. } => return Ok(()),
        RegistrationState::Refused { by, why, .. } => {
            (*by, format!("The regional team has not taken it: {}.", why.label()))
        }
        RegistrationState::Joined { by, provider, .. } => {
            let next = if work.has_people(*provider).await? {
                "Ask a colleague who keeps its people to invite you."
            } else {
                "A link to sign in for it comes in a mail of its own."
            };
            (*by, format!("Your organisation is known here already. {next}"))
        }
    };
    end_people(work, by).await?;
    let body = format!("{line}\nWhat you had begun under the registration is closed.\n\n/contact");
    let subject = format!("{}: your registration", registration.opening_reference);
    let dedupe = format!("registration/{}/closed", registration.id);
    message::mail(work, &registration.asked.email, (&subject, &body), &dedupe).await
}
