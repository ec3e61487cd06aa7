//! The numbers at the head of the lead's home, one reading for each, and the term that they stand in.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::homes::standing::{Standing, StandingFact, StandingSource, StandingSubject};
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::Term;

use crate::answer::Answer;
use crate::command::App;

/// Within how many days a document is said to expire soon.
pub const EXPIRING_DAYS: i64 = 30;

/// What the lead's home counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadNumbers {
    /// Providers that are admitted, in good standing and without a notice of the regulator.
    pub good: usize,
    /// Alerts that wait, or of which what was noted is not done.
    pub alerts: u64,
    /// Providers' documents whose last day is within the coming days.
    pub expiring: u64,
    /// The arrangement's term; none before one is recorded.
    pub term: Option<Term>,
}

/// How many providers stand well on a day.
fn in_good_standing(facts: &[StandingFact], day: Date) -> usize {
    let mut worst: BTreeMap<OrganisationId, (Option<Standing>, bool)> = BTreeMap::new();
    for fact in facts.iter().filter(|fact| fact.from <= day && day < fact.until) {
        let StandingSubject::Provider(id) = fact.subject else { continue };
        let (standing, restricted) = worst.entry(id).or_default();
        match fact.source {
            StandingSource::Region => *standing = (*standing).max(Some(fact.standing)),
            StandingSource::Regulator => *restricted |= fact.standing != Standing::Good,
        }
    }
    worst.values().filter(|one| **one == (Some(Standing::Good), false)).count()
}

impl App {
    /// The numbers at the head of the lead's home.
    pub async fn lead_numbers(&self, actor: &Actor) -> Answer<LeadNumbers> {
        let session = self.see(actor, Action::RunMonitoring).await?;
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let kept = session.current_arrangement().await?.filter(|kept| kept.region == org);
        Ok(LeadNumbers {
            good: in_good_standing(&session.standing_facts().await?, today),
            alerts: session.alerts_open(org).await?,
            expiring: session.papers_lapsing_count((today, plus_days(today, EXPIRING_DAYS))).await?,
            term: kept.map(|kept| kept.arrangement.term),
        })
    }
}
