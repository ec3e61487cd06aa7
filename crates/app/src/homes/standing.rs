//! The regional team admits providers, and says how a provider or a home stands: good, on watch, suspended for new
//! placements, removed; and records the regulator's notices. Children placed stay.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::homes::admission::ground::{AdmissionException, AdmissionGround, ground_on};
use placewell_domain::homes::home::link::{Elsewhere, ReadAt};
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
use placewell_domain::outcome::{Invalid, Refusal};
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::homes::admission::in_good_standing;
use crate::homes::admission::kept_out::{lifted_by_evidence, provider_may_come};
use crate::office::access::cover::decided::by_own_role;

mod calendar;
mod condition;
mod ending;
mod insured;
mod known;
mod listed;
mod measure;
pub mod register;
mod review;
pub mod rules;
mod stopped;
mod timed;
mod visit;

pub use condition::RecordCondition;
pub use ending::{Reinstate, STANDS_AGAIN};
pub(crate) use insured::{Ending, ending_by, insurance_ends};
pub use known::Scorecard;
pub(crate) use known::{grade_admits, lot_open, may_take};
pub use measure::{ConfirmMeasure, DropMeasure, FOLLOW, MeasurePage, ProposeMeasure, TELL, tell};
pub(crate) use measure::{ToFollow, count_proposed, homes_of, own_page, propose};
pub use placewell_store::homes::standing::Followed;
pub use review::{OwnStanding, RecordReview, Waiting};
pub use stopped::Stopped;
pub use timed::Timed;
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
    /// Where what was entered by hand of it can be read; on its own page only.
    pub read_at: Vec<(StandingSource, Date, ReadAt)>,
    /// On what its admissions rest.
    pub grounds: Vec<AdmissionGround>,
}

impl ProviderPage {
    /// The ground by which it is in the arrangement on a day, where it is.
    #[must_use]
    pub fn admitted(&self, day: Date) -> Option<&AdmissionGround> {
        admitted_provider((&self.grounds, &self.facts), self.provider.id, &self.provider.name, day).ok()
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
        let mut grounds: BTreeMap<OrganisationId, Vec<AdmissionGround>> = BTreeMap::new();
        for ground in session.admission_grounds(None).await? {
            grounds.entry(ground.provider).or_default().push(ground);
        }
        let mut all = session.organisations().await?;
        all.retain(|one| one.kind == OrganisationKind::Provider);
        all.sort_by_cached_key(|one| (one.name.to_lowercase(), one.id));
        let mut page = |provider: Organisation| ProviderPage {
            homes: homes.remove(&provider.id).unwrap_or_default(),
            facts: facts.remove(&provider.id).unwrap_or_default(),
            read_at: Vec::new(),
            grounds: grounds.remove(&provider.id).unwrap_or_default(),
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
        let read_at = session.standing_read_at(StandingSubject::Provider(provider.id)).await?;
        let grounds = session.admission_grounds(Some(provider.id)).await?;
        Ok(ProviderPage { provider, homes, facts, read_at, grounds })
    }
}

async fn provider(session: &Session, code: &str) -> Answer<Organisation> {
    let found = session.organisation_by_code(code).await?;
    if found.kind == OrganisationKind::Provider { Ok(found) } else { Err(Outcome::NotFound) }
}

/// Admits a provider to the arrangement: on its evaluation record, or by the exceptional road. Its homes are admitted lot by
/// lot, each for itself. Behind the record stands an outcome that was decided; the exceptional road is a decision itself.
#[derive(Debug, Clone, Serialize)]
pub struct AdmitProvider {
    /// The provider's code.
    pub provider: String,
    /// The first day.
    pub from: Date,
    /// Why it is admitted without an evaluation record here, and where the earlier one is; none where one is held.
    pub exception: Option<(AdmissionException, String)>,
}

impl Command for AdmitProvider {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.admit_provider";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let provider = provider(work, &self.provider).await?;
        provider_may_come(work, (provider.id, &provider.name), self.from).await?;
        let mut facts = work.standing_facts().await?;
        facts.retain(|fact| fact.subject == StandingSubject::Provider(provider.id));
        let held = facts.iter().find(|fact| fact.source == StandingSource::Region && fact.until > self.from);
        // A measure about it before it was admitted neither admits it nor keeps it out; it goes on.
        let grounds = work.admission_grounds(Some(provider.id)).await?;
        if let Some(held) = held.filter(|_| !grounds.is_empty()) {
            return Err(Refusal::new(
                "provider_admitted",
                "A provider is admitted once; its standing changes from then on",
                format!("{} is in the arrangement already.", provider.name),
                "Commissioning lead of the regional team, by changing its standing",
            )
            .found(format!("{} from {}", held.standing.label(), long_date(held.from)))
            .into());
        }
        let ground = if let Some((reason, record)) = &self.exception {
            by_own_role(work, actor).await?;
            AdmissionGround::exceptional((provider.id, self.from), (*reason, record.as_str()))?
        } else {
            let mut held = work.evaluations_about(provider.id).await?;
            held.retain(|one| one.region == work.org());
            AdmissionGround::evaluated((provider.id, &provider.name, self.from), &held)?
        };
        work.keep_admission_ground(&ground).await?;
        in_good_standing(work, provider.id, self.from).await?;
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
    /// Where a judgement or notice can be read.
    pub link: Option<String>,
    /// Why it is read there, where that is no site of Ofsted's, of government or of a court.
    pub elsewhere: Option<Elsewhere>,
}

impl Command for SetStanding {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.set";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (subject, provider, name) = measure::about(work, &self.about).await?;
        let fact = StandingFact {
            subject,
            source: self.source,
            standing: self.standing,
            from: self.from,
            until: self.until.unwrap_or(OPEN_END),
            reason: self.reason,
        };
        let (fact, read_at) = fact.checked((self.link.as_deref(), self.elsewhere))?;
        let today = work.moment().today();
        let source = Source::entered(actor.person, (self.link.clone(), self.elsewhere), self.from.min(today));
        let goes_on = fact.until > today;
        if goes_on && self.source == StandingSource::Region {
            if self.standing != Standing::Good {
                return self.through_a_measure(work, (subject, provider, name), source).await;
            }
            nothing_lifted(work, &fact, &name).await?;
        }
        if self.source == StandingSource::Region && self.standing == Standing::Good {
            admitted_first(work, &fact, &name).await?;
        }
        // Before the organisation's lock, as whoever confirms a measure or admits a home takes the two.
        let homes = match subject {
            StandingSubject::Home(home) => vec![home],
            StandingSubject::Provider(id) => work.homes_of(id).await?.into_iter().map(|home| home.id).collect(),
        };
        work.lock_standing(&homes, true).await?;
        work.record_notice(&fact, read_at.as_ref()).await?;
        // Ofsted's notice gives cause for the region's own suspension, as a rule finds it in a file; lifting it ends none.
        if goes_on && self.source == StandingSource::Regulator && self.standing != Standing::Good {
            let why = (Standing::Suspended, StandingReason::RestrictionNotice);
            rules::by_notice(work, (subject, provider, &name), why, source).await?;
        }
        Ok(Receipt::at(match &self.about {
            About::Provider(code) => format!("/region/providers/{code}"),
            About::Home(urn) => format!("/region/homes/{urn}"),
        }))
    }
}

impl SetStanding {
    /// What is worse than good is proposed first: what follows is listed before a person confirms it. It begins when it is
    /// confirmed and ends on evidence, so that no other day can be given.
    async fn through_a_measure(
        &self,
        work: &mut Work,
        (subject, provider, name): (StandingSubject, OrganisationId, String),
        source: Source,
    ) -> Answer<Receipt> {
        let mut invalid = Invalid::default();
        if self.from > work.moment().today() {
            invalid
                .add("from", "Enter today: it is proposed now, holds new referrals, and begins when it is confirmed");
        }
        if self.until.is_some() {
            invalid.add("until", "Leave this empty: a measure ends on evidence, not by a day");
        }
        invalid.or(())?;
        let (standing, reason, region) = (self.standing, self.reason, work.org());
        let proposal = Proposal { region, subject, lot: None, provider, name, standing, reason, source };
        let proposed = propose(work, proposal).await?;
        Ok(Receipt::at(measure::page(proposed.id)))
    }
}

/// Refused where a provider would be in good standing that was not admitted by then: a standing admits nobody.
async fn admitted_first(work: &Work, fact: &StandingFact, name: &str) -> Answer<()> {
    let StandingSubject::Provider(provider) = fact.subject else { return Ok(()) };
    let grounds = work.admission_grounds(Some(provider)).await?;
    if ground_on(&grounds, provider, fact.from).is_some() {
        return Ok(());
    }
    Err(Refusal::new(
        "provider_not_admitted",
        "A provider is in good standing once it is admitted: by its evaluation record, or with the reason",
        format!("{name} is not admitted to the arrangement by {}.", long_date(fact.from)),
        "You, by admitting the provider",
    )
    .found(long_date(fact.from))
    .into())
}

/// Refused where something worse than good is held on one of the days: that ends by its measure, on evidence.
async fn nothing_lifted(work: &Work, fact: &StandingFact, name: &str) -> Answer<()> {
    let today = work.moment().today();
    let held = work.standing_facts().await?.into_iter().find(|held| {
        held.subject == fact.subject
            && held.source == StandingSource::Region
            && held.standing != Standing::Good
            && held.until > fact.from.max(today)
            && held.from < fact.until
    });
    let Some(held) = held else { return Ok(()) };
    let (stands, why) = (held.standing.label(), held.reason.label());
    let sentence = format!("{name} cannot be set to good by hand: {stands}, because of {why}.");
    Err(lifted_by_evidence(&held, sentence).into())
}
