//! What a provider tells for its agreements: its company number, and who manages each of its homes.

use std::collections::BTreeSet;

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::named::{CompanyNumber, Manager, ToldBy, company_number, manager_on};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::own_home;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::office::message::Notice;

/// What an agreement says of its parties beside their names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Named {
    /// The provider's company number; none where it told none.
    pub company: Option<String>,
    /// The home's registered manager; none where nobody is in post, or nothing was told.
    pub manager: Option<String>,
}

/// What is known of a home's manager and its provider's company number on a day.
pub async fn named_on(session: &Session, (provider, home): (OrganisationId, HomeId), day: Date) -> Answer<Named> {
    let managers = session.managers_of(home).await?;
    Ok(Named {
        company: session.company_number(provider).await?,
        manager: manager_on(&managers, day).and_then(|held| held.name.clone()),
    })
}

impl App {
    /// Every company number that the reader's provider told.
    pub async fn own_company_numbers(&self, actor: &Actor) -> Answer<Vec<CompanyNumber>> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        Ok(session.company_numbers(actor.organisation).await?)
    }

    /// A home of the reader's provider, with what was told of its managers.
    pub async fn own_managers(&self, actor: &Actor, urn: &str) -> Answer<(Home, Vec<Manager>)> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        let home = own_home(&session, actor, urn).await?;
        let told = session.managers_of(home.id).await?;
        Ok((home, told))
    }
}

/// Records the company or charity number of the actor's provider.
#[derive(Debug, Clone, Serialize)]
pub struct RecordCompanyNumber {
    /// As typed.
    pub number: String,
    /// How many numbers were told when the page was made; another one told meanwhile is a conflict.
    pub recorded: usize,
}

impl Command for RecordCompanyNumber {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "home.record_company_number";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let number = company_number(&self.number)?;
        if work.company_numbers(work.org()).await?.len() != self.recorded {
            return Err(Outcome::Conflict);
        }
        tell_company(work, &number, ToldBy::Provider).await?;
        Ok(Receipt::at("/provider/company"))
    }
}

/// Records a company number with its event, where it is another than the one told last; true where it is. Refused while the
/// regional team has not confirmed who registered: that is what it looks at. A number that another organisation has is
/// recorded too, and the regional team is told.
pub(crate) async fn tell_company(work: &mut Work, number: &str, told: ToldBy) -> Answer<bool> {
    if work.registration_unconfirmed(work.org()).await? {
        return Err(Refusal::new(
            "registration_unconfirmed",
            "Who registered a provider changes its number once the regional team has confirmed who it is",
            "The regional team has not confirmed your registration yet.",
            "The regional team, on the registration's page",
        )
        .into());
    }
    let new = work.record_company_number(number, told).await?;
    if new {
        tell_of_number(work, None).await?;
        let event = Event::new("provider.company_number_told", "organisation", work.org().0, 1);
        work.record(event.with("number", number).with("told_by", told.code()));
    }
    Ok(new)
}

/// Tells the regional team where the company number that this provider told last is another than before, and another
/// organisation's.
pub(crate) async fn tell_of_number(work: &mut Work, before: Option<&str>) -> Answer<()> {
    let told = work.company_number(work.org()).await?;
    let Some(number) = told.as_deref().filter(|number| before != Some(*number)) else { return Ok(()) };
    match work.holder_of_company_number(number).await? {
        Some(holder) if holder != work.org() => tell_leads(work).await,
        Some(_) | None => Ok(()),
    }
}

/// The regional teams of a provider's homes, or every one where it has none, are told that its number is another's too.
async fn tell_leads(work: &mut Work) -> Answer<()> {
    let mut teams: BTreeSet<OrganisationId> = work.homes_of(work.org()).await?.iter().map(|home| home.region).collect();
    if teams.is_empty() {
        let all = work.organisations().await?.into_iter();
        teams.extend(all.filter(|one| one.kind == OrganisationKind::RegionalTeam).map(|one| one.id));
    }
    let code = work.organisation_by_id(work.org()).await?.code;
    for team in teams {
        let notice = Notice {
            to: team.0,
            role: Role::CommissioningLead,
            subject: format!("{code}: its company number is another's too"),
            lines: vec!["The provider told a company number that another organisation here told first.".to_owned()],
            path: format!("/region/providers/{code}"),
        };
        work.enqueue(notice.job()?);
    }
    Ok(())
}

/// Records who manages a home of the actor's provider, or that nobody is in post.
#[derive(Debug, Clone, Serialize)]
pub struct RecordManager {
    /// The home's number.
    pub urn: String,
    /// The manager's name; empty while nobody is in post.
    pub name: String,
    /// From which day.
    pub from: Date,
    /// How many managers were told when the page was made; another one told meanwhile is a conflict.
    pub recorded: usize,
}

impl Command for RecordManager {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "home.record_manager";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = own_home(work, actor, &self.urn).await?;
        if work.managers_of(home.id).await?.len() != self.recorded {
            return Err(Outcome::Conflict);
        }
        let manager = Manager::told(&self.name, self.from, work.moment().today(), ToldBy::Provider)?;
        tell_manager(work, &home, &manager).await?;
        Ok(Receipt::at(format!("/provider/homes/{}/manager", home.urn)))
    }
}

/// Records a manager with its event, where it says something new; true where it does. The event holds no name.
pub(crate) async fn tell_manager(work: &mut Work, home: &Home, manager: &Manager) -> Answer<bool> {
    home.may_name_manager()?;
    let told = work.managers_of(home.id).await?;
    if manager_on(&told, manager.from).is_some_and(|held| held.same_as(manager)) {
        return Ok(false);
    }
    work.record_manager(home.id, manager).await?;
    let version = i64::try_from(told.len()).unwrap_or(i64::MAX).saturating_add(1);
    let event = Event::new("home.manager_told", "registered_manager", home.id.0, version);
    work.record(event.with("from", manager.from).with("in_post", manager.name.is_some()));
    Ok(true)
}
