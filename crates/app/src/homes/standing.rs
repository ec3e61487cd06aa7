//! The regional team admits providers, and says how a provider or a home stands: good, on watch, suspended for new
//! placements, removed; and records the regulator's notices. Children placed stay.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::homes::home::{Home, HomeState};
use placewell_domain::homes::standing::measure::{Proposal, Source};
use placewell_domain::homes::standing::{
    Standing, StandingFact, StandingReason, StandingSource, StandingSubject, admitted_provider,
};
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::home::kept_home;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

mod known;
mod measure;
pub mod register;
mod review;
pub mod rules;
mod visit;

pub use known::Scorecard;
pub(crate) use known::{lot_open, may_take};
pub use measure::{ConfirmMeasure, DropMeasure, FOLLOW, MeasurePage, ProposeMeasure, Reinstate};
pub(crate) use measure::{ToFollow, homes_of, propose};
pub use placewell_store::homes::standing::Followed;
pub use review::{OwnStanding, RecordReview};
pub use visit::RecordInspection;

/// One provider with what the regional team has said of it.
#[derive(Debug, Clone)]
pub struct ProviderPage {
    /// The provider.
    pub provider: Organisation,
    /// Its homes that the regional team keeps, by number; those that have left the register too.
    pub homes: Vec<Home>,
    /// Every fact about the provider that is believed now, the earliest first.
    pub facts: Vec<StandingFact>,
}

impl ProviderPage {
    /// The fact by which it is in the arrangement on a day, where it is.
    #[must_use]
    pub fn admitted(&self, day: Date) -> Option<&StandingFact> {
        admitted_provider(&self.facts, self.provider.id, &self.provider.name, day).ok()
    }

    /// The region's fact that holds on a day, where there is one.
    #[must_use]
    pub fn holding(&self, day: Date) -> Option<&StandingFact> {
        let region = self.facts.iter().filter(|fact| fact.source == StandingSource::Region);
        region.into_iter().find(|fact| fact.from <= day && day < fact.until)
    }

    /// Its homes on the register.
    #[must_use]
    pub fn open_homes(&self) -> usize {
        self.homes.iter().filter(|home| !matches!(home.state, HomeState::Closed { .. })).count()
    }
}

impl App {
    /// Every provider, by name, with its homes and how it stands: for the regional team.
    pub async fn region_providers(&self, actor: &Actor) -> Answer<Vec<ProviderPage>> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let mut homes: BTreeMap<OrganisationId, Vec<Home>> = BTreeMap::new();
        for home in session.homes().await?.into_iter().filter(|home| home.region == actor.organisation) {
            homes.entry(home.provider).or_default().push(home);
        }
        let mut facts: BTreeMap<OrganisationId, Vec<StandingFact>> = BTreeMap::new();
        for fact in session.standing_facts().await? {
            if let StandingSubject::Provider(id) = fact.subject {
                facts.entry(id).or_default().push(fact);
            }
        }
        let mut all = session.organisations().await?;
        all.retain(|one| one.kind == OrganisationKind::Provider);
        all.sort_by_cached_key(|one| (one.name.to_lowercase(), one.id));
        let mut page = |provider: Organisation| ProviderPage {
            homes: homes.remove(&provider.id).unwrap_or_default(),
            facts: facts.remove(&provider.id).unwrap_or_default(),
            provider,
        };
        Ok(all.into_iter().map(&mut page).collect())
    }

    /// One provider, for the regional team.
    pub async fn region_provider(&self, actor: &Actor, code: &str) -> Answer<ProviderPage> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let provider = provider(&session, code).await?;
        let mut homes = session.homes_of(provider.id).await?;
        homes.retain(|home| home.region == actor.organisation);
        let mut facts = session.standing_facts().await?;
        facts.retain(|fact| fact.subject == StandingSubject::Provider(provider.id));
        Ok(ProviderPage { provider, homes, facts })
    }
}

async fn provider(session: &Session, code: &str) -> Answer<Organisation> {
    let found = session.organisation_by_code(code).await?;
    if found.kind == OrganisationKind::Provider { Ok(found) } else { Err(Outcome::NotFound) }
}

/// Admits a provider to the arrangement after its evaluation. Its homes are admitted lot by lot, each for itself.
#[derive(Debug, Clone, Serialize)]
pub struct AdmitProvider {
    /// The provider's code.
    pub provider: String,
    /// The first day.
    pub from: Date,
}

impl Command for AdmitProvider {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.admit_provider";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let provider = provider(work, &self.provider).await?;
        let mut facts = work.standing_facts().await?;
        facts.retain(|fact| fact.subject == StandingSubject::Provider(provider.id));
        let held = facts.iter().find(|fact| {
            fact.source == StandingSource::Region && fact.standing != Standing::Removed && fact.until > self.from
        });
        if let Some(held) = held {
            return Err(Refusal::new(
                "provider_admitted",
                "A provider is admitted once; its standing changes from then on",
                format!("{} is in the arrangement already.", provider.name),
                "Commissioning lead of the regional team, by changing its standing",
            )
            .found(format!("{} from {}", held.standing.label(), held.from))
            .into());
        }
        work.record_standing(&StandingFact::admitted(provider.id, self.from)).await?;
        Ok(Receipt::at(format!("/region/providers/{}", provider.code)))
    }
}

/// Whom a standing is about, as a person names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// All homes of a provider, by its code.
    Provider(String),
    /// One home, by its number.
    Home(String),
}

/// Says how a provider or a home stands from a day on, and why. A day that was said before is corrected; what was believed
/// until then stays readable.
#[derive(Debug, Clone, Serialize)]
pub struct SetStanding {
    /// Whom it is about.
    pub about: About,
    /// Who says so.
    pub source: StandingSource,
    /// How it stands.
    pub standing: Standing,
    /// Why.
    pub reason: StandingReason,
    /// The first day.
    pub from: Date,
    /// The first day on which it no longer holds, where that is known.
    pub until: Option<Date>,
}

impl Command for SetStanding {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.set";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let stops = matches!(self.standing, Standing::Suspended | Standing::Removed);
        if self.source == StandingSource::Region && stops && self.from <= work.moment().today() && self.until.is_none()
        {
            return self.through_a_measure(actor, work).await;
        }
        let (subject, page) = match &self.about {
            About::Provider(code) => {
                let provider = provider(work, code).await?;
                (StandingSubject::Provider(provider.id), format!("/region/providers/{}", provider.code))
            }
            About::Home(urn) => {
                let home = kept_home(work, urn).await?;
                (StandingSubject::Home(home.id), format!("/region/homes/{}", home.urn))
            }
        };
        let fact = StandingFact {
            subject,
            source: self.source,
            standing: self.standing,
            from: self.from,
            until: self.until.unwrap_or(OPEN_END),
            reason: self.reason,
        };
        work.record_standing(&fact.checked()?).await?;
        Ok(Receipt::at(page))
    }
}

impl SetStanding {
    /// What stops new placements now is proposed first: what follows is listed before a person confirms it.
    async fn through_a_measure(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (subject, provider, name) = measure::about(work, &self.about).await?;
        let source = Source { by: Some(actor.person), link: None, dated: self.from };
        let (standing, reason, region) = (self.standing, self.reason, work.org());
        let fact = StandingFact { subject, source: self.source, standing, from: self.from, until: OPEN_END, reason };
        fact.checked()?;
        let proposal = Proposal { region, subject, lot: None, provider, name, standing, reason, source };
        let proposed = propose(work, proposal).await?;
        Ok(Receipt::at(measure::page(proposed.id)))
    }
}
