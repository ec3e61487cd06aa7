//! From an alert of a new home in the region: its provider is invited to apply. Where somebody works for it here, they are
//! told; where nobody does, its first person is mailed a link; where the register states no owner, the way to register.

use jiff::civil::Date;
use placewell_domain::homes::admission::opening::{Opening, OpeningPhase};
use placewell_domain::homes::home::alert::{Alert, Invited, InvitedBy};
use placewell_domain::homes::standing::{Standing, standing_on};
use placewell_domain::id::{AlertId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::Organisation;
use placewell_domain::office::person::Actor;
use placewell_domain::office::person::welcome::is_email;
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::{Session, StoreError, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};
use crate::homes::home::import::OWNER_NOT_STATED;
use crate::office::message::{self, Notice};
use crate::office::person::attempts::{Pace, at_pace};
use crate::office::person::inviting::{Contact, first_may_come, invite_first_later};

/// One mailbox gets so many invitations to register.
const TO_A_MAILBOX: Pace = Pace { most: 3, within: jiff::SignedDuration::from_hours(24) };
/// The longest name and job title.
const LONGEST: usize = 100;

/// What the page of an alert offers: whom inviting would reach, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MayInvite {
    /// The provider's name as the register has it.
    pub provider: String,
    /// By which road.
    pub road: InvitedBy,
    /// The opening that takes applications now, where there is one.
    pub opening: Option<String>,
}

/// The home's provider as it stands, and the road by which it is reached.
async fn reached(session: &Session, alert: &Alert) -> Answer<(Organisation, InvitedBy)> {
    let home = session.home(alert.found.home).await?;
    let provider = session.organisation_by_id(home.provider).await?;
    let road = if provider.name == OWNER_NOT_STATED {
        InvitedBy::Register
    } else if session.has_people(provider.id).await? {
        InvitedBy::Known
    } else {
        InvitedBy::FirstPerson
    };
    Ok((provider, road))
}

/// Why nobody is invited where the region has removed the provider, or this home, from the arrangement: that ends on
/// evidence, not by an invitation.
async fn removed(session: &Session, alert: &Alert, provider: &Organisation, today: Date) -> Answer<Option<Refusal>> {
    let (home, facts) = (alert.found.home, session.standing_of(alert.found.home, provider.id).await?);
    let stands = standing_on(&facts, home, provider.id, today);
    if stands.standing != Standing::Removed {
        return Ok(None);
    }
    let why = stands.because.map_or("not recorded", |fact| fact.reason.label());
    let refusal = Refusal::new(
        "provider_removed",
        "Who is removed from the arrangement is not invited to it",
        format!("{} is removed from the arrangement: {why}.", provider.name),
        "Commissioning lead of the regional team, by ending the measure on its evidence first",
    );
    Ok(Some(refusal.found(stands.standing.label())))
}

/// The opening of a region that takes applications now, the latest deadline first.
async fn open_now(
    session: &Session,
    region: OrganisationId,
    app_phase: impl Fn(&Opening) -> OpeningPhase,
) -> Answer<Option<Opening>> {
    let all = session.openings().await?;
    Ok(all.into_iter().find(|one| one.region == region && app_phase(one) == OpeningPhase::Open))
}

impl App {
    /// Whom the provider's invitation from an alert would reach, or why it is not invited; none where the alert is of no new
    /// home or is done.
    pub async fn may_invite(&self, actor: &Actor, alert: &Alert) -> Answer<Option<Result<MayInvite, Refusal>>> {
        let session = self.see(actor, Action::KeepHomes).await?;
        if alert.may_invite().is_err() {
            return Ok(None);
        }
        let now = self.calendar.now();
        let (provider, road) = reached(&session, alert).await?;
        if let Some(refusal) = removed(&session, alert, &provider, now.today()).await? {
            return Ok(Some(Err(refusal)));
        }
        let opening = open_now(&session, actor.organisation, |one| one.phase(now)).await?;
        Ok(Some(Ok(MayInvite { provider: provider.name, road, opening: opening.map(|one| one.reference) })))
    }
}

/// Invites the provider of an alert's new home. Who to write to is asked for only where nobody works for it here.
#[derive(Debug, Clone, Serialize)]
pub struct InviteProvider {
    /// The alert.
    pub alert: i64,
    /// The version that the page showed.
    pub version: i64,
    /// The name of the person to write to.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their job title.
    pub title: String,
}

impl InviteProvider {
    fn contact(&self) -> Result<Contact, Invalid> {
        let mut invalid = Invalid::default();
        let mut line = |field: &str, text: &str, ask: &str| {
            let text = text.trim();
            if text.is_empty() || text.chars().count() > LONGEST || text.contains(char::is_control) {
                invalid.add(field, format!("{ask}, in {LONGEST} characters or fewer"));
            }
            text.to_owned()
        };
        let name = line("name", &self.name, "Enter the name of the person to write to");
        let title = line("title", &self.title, "Enter their job title");
        let email = self.email.trim().to_lowercase();
        if !is_email(&email) {
            invalid.add("email", "Enter their email address, like j.bromyard@provider.example");
        }
        invalid.or(Contact { name, email, title })
    }
}

impl Command for InviteProvider {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "alert.invite_provider";

    async fn before(&self, app: &App, actor: &Actor) -> Answer<()> {
        let session = app.see(actor, Self::ACTION).await?;
        let alert = match session.alert(AlertId(self.alert)).await {
            Ok(alert) if alert.region == actor.organisation => alert,
            Ok(_) | Err(StoreError::NotFound) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let (provider, road) = reached(&session, &alert).await?;
        drop(session);
        if road == InvitedBy::FirstPerson { first_may_come(app, provider.id).await } else { Ok(()) }
    }

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let alert = work.alert(AlertId(self.alert)).await?;
        if alert.region != work.org() {
            return Err(Outcome::NotFound);
        }
        if alert.version != self.version {
            return Err(Outcome::Conflict);
        }
        alert.may_invite()?;
        let moment = work.moment();
        let (provider, road) = reached(work, &alert).await?;
        if let Some(refusal) = removed(work, &alert, &provider, moment.today()).await? {
            return Err(refusal.into());
        }
        let opening = open_now(work, work.org(), |one| one.phase(moment)).await?.map(|one| one.reference);
        match road {
            InvitedBy::Known => tell(work, provider.id, opening.as_deref())?,
            InvitedBy::FirstPerson => {
                let role = Role::ProviderManager;
                invite_first_later(work, (provider.id, role), &self.contact()?, actor.person).await?;
            }
            InvitedBy::Register => {
                let opening = opening.as_deref().ok_or_else(no_opening)?;
                mail_way(work, &self.contact()?, (self.alert, opening)).await?;
            }
        }
        let invited = Invited { provider: provider.id, provider_name: provider.name, opening, road };
        work.apply(alert.invite(actor.person, invited, moment)?).await?;
        Ok(Receipt::at(format!("/region/alerts/{}", self.alert)))
    }
}

fn no_opening() -> Refusal {
    Refusal::new(
        "no_opening_to_register",
        "A provider that is not known here registers while an opening takes applications",
        "No opening takes applications now, and the register states no owner of this home.",
        "Commissioning lead of the regional team, by publishing an opening",
    )
}

/// The people of a provider that is known here are told where it applies.
fn tell(work: &mut Work, provider: OrganisationId, opening: Option<&str>) -> Answer<()> {
    let (line, path) = match opening {
        Some(opening) => (format!("{opening} takes applications now."), format!("/provider/admission/{opening}")),
        None => ("You are told when the arrangement opens next.".to_owned(), "/provider/admission".to_owned()),
    };
    let notice = Notice {
        to: provider.0,
        role: Role::ProviderManager,
        subject: "The regional team invites you to apply with a new home".to_owned(),
        lines: vec!["A home of yours is new on Ofsted's register of the region.".to_owned(), line],
        path,
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// Somebody whose provider the register does not state is mailed the way to register it.
async fn mail_way(work: &mut Work, contact: &Contact, (alert, opening): (i64, &str)) -> Answer<()> {
    let pace = at_pace(work, &format!("invite mailbox {}", contact.email), TO_A_MAILBOX, Machine::now()).await?;
    if pace.is_some() {
        let words = "Enter another address: this one was mailed several invitations today";
        return Err(Invalid::one("email", words).into());
    }
    let body = format!(
        "A home of yours is new on Ofsted's register of the region, and {opening} takes applications now.\nRegister your \
         organisation on its page, then apply.\n\n/admission/{opening}/register"
    );
    let subject = "The regional team invites you to apply with a new home";
    message::mail(work, &contact.email, (subject, &body), &format!("alert/{alert}/invited")).await
}
