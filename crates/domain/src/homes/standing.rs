//! Whether a provider or a home may be used today: good, on watch, suspended for new placements, removed; and, apart
//! from the region's own view, restriction notices of the regulator. Grade, notice and standing stop independently.
//!
//! Dated facts, append-only: a day is answered by the facts of that day (rules 1.8 and 4.4).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{HomeId, OrganisationId};
use crate::outcome::Refusal;

coded! {
    /// How a provider or home stands in the arrangement, from best to worst.
    Standing {
        /// In good standing.
        Good => "good", "In good standing";
        /// Watched: may be used, with the concern in view.
        OnWatch => "on_watch", "On watch";
        /// Suspended for new placements; children placed stay.
        Suspended => "suspended", "Suspended for new placements";
        /// Removed from the arrangement.
        Removed => "removed", "Removed";
    }
}

coded! {
    /// Why a standing changed, or a notice was served.
    StandingReason {
        /// Admitted or reinstated after evaluation.
        Evaluated => "evaluated", "evaluated by the region";
        /// Judged Inadequate.
        Inadequate => "inadequate", "judged Inadequate";
        /// Serious concerns at a visit.
        SeriousConcerns => "serious_concerns", "serious concerns at an inspection";
        /// No registered manager.
        ManagerVacancy => "manager_vacancy", "no registered manager";
        /// Insurance has lapsed.
        InsuranceLapsed => "insurance_lapsed", "insurance has lapsed";
        /// A safeguarding enquiry is open.
        Safeguarding => "safeguarding", "a safeguarding enquiry";
        /// Repeated late or missing answers.
        Responses => "responses", "late or missing answers";
        /// The regulator restricts new admissions.
        RestrictionNotice => "restriction_notice", "Ofsted restricts new admissions";
        /// The contract was ended.
        ContractEnded => "contract_ended", "the contract has ended";
    }
}

/// Whom a fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StandingSubject {
    /// All homes of a provider.
    Provider(OrganisationId),
    /// One home.
    Home(HomeId),
}

coded! {
    /// Who says so; one does not overwrite the other.
    StandingSource {
        /// The regional team.
        Region => "region", "regional team";
        /// The regulator.
        Regulator => "regulator", "Ofsted";
    }
}

/// One fact: how the subject stands from a day until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandingFact {
    /// Whom it is about.
    pub subject: StandingSubject,
    /// Who says so. A regulator's fact other than good means: no new admissions.
    pub source: StandingSource,
    /// How it stands.
    pub standing: Standing,
    /// The first day.
    pub from: Date,
    /// The day after the last; the open end while it goes on.
    pub until: Date,
    /// Why.
    pub reason: StandingReason,
}

/// How a home stands on a day: the worst that holds of the home and of its provider, and any restriction notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StandingOn<'a> {
    /// The worst of the region's facts; good where there is none.
    pub standing: Standing,
    /// The fact that makes it so.
    pub because: Option<&'a StandingFact>,
    /// The regulator's notice in force, if any.
    pub restriction: Option<&'a StandingFact>,
}

/// How a home of this provider stands on this day.
#[must_use]
pub fn standing_on(facts: &[StandingFact], home: HomeId, provider: OrganisationId, day: Date) -> StandingOn<'_> {
    let about = |fact: &&StandingFact| match fact.subject {
        StandingSubject::Provider(id) => id == provider,
        StandingSubject::Home(id) => id == home,
    };
    let holding = || facts.iter().filter(about).filter(|fact| fact.from <= day && day < fact.until);
    let because = holding()
        .filter(|fact| fact.source == StandingSource::Region)
        .max_by_key(|fact| (fact.standing, core::cmp::Reverse(fact.from)));
    let restriction = holding()
        .filter(|fact| fact.source == StandingSource::Regulator && fact.standing != Standing::Good)
        .min_by_key(|fact| fact.from);
    StandingOn { standing: because.map_or(Standing::Good, |fact| fact.standing), because, restriction }
}

impl StandingOn<'_> {
    /// Whether a new child may be placed as far as standing and notices go; `name` is the home's name.
    pub fn may_admit(&self, name: &str) -> Result<(), Refusal> {
        if let Some(notice) = self.restriction {
            return Err(Refusal::new(
                "restriction_notice",
                "Care Standards Act 2000: Ofsted's notice restricting accommodation",
                format!("No child can be placed at {name}: Ofsted restricts new admissions."),
                "Ofsted",
            )
            .found(format!("in force since {}", notice.from)));
        }
        match (self.standing, self.because) {
            (Standing::Suspended | Standing::Removed, Some(fact)) => Err(Refusal::new(
                "standing_lost",
                "Standing in the arrangement: suspended and removed homes take no new placements",
                format!("No child can be placed at {name} through the arrangement: {}.", fact.reason.label()),
                "Commissioning lead of the regional team",
            )
            .found(format!("{} since {}", self.standing.label(), fact.from))),
            (Standing::Good | Standing::OnWatch | Standing::Suspended | Standing::Removed, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::nights::OPEN_END;
    use jiff::civil::date;

    fn fact(subject: StandingSubject, source: StandingSource, standing: Standing, from: Date) -> StandingFact {
        StandingFact { subject, source, standing, from, until: OPEN_END, reason: StandingReason::SeriousConcerns }
    }

    const HOME: StandingSubject = StandingSubject::Home(HomeId(1));
    const OWNER: StandingSubject = StandingSubject::Provider(OrganisationId(7));

    #[test]
    fn the_worst_of_home_and_provider_holds() {
        let facts = [
            fact(HOME, StandingSource::Region, Standing::OnWatch, date(2021, 1, 1)),
            fact(OWNER, StandingSource::Region, Standing::Suspended, date(2021, 9, 1)),
        ];
        let on = |day| standing_on(&facts, HomeId(1), OrganisationId(7), day).standing;
        assert_eq!(on(date(2020, 12, 31)), Standing::Good);
        assert_eq!(on(date(2021, 8, 31)), Standing::OnWatch);
        assert_eq!(on(date(2021, 9, 1)), Standing::Suspended);
        let other = standing_on(&facts, HomeId(2), OrganisationId(8), date(2021, 9, 1));
        assert_eq!((other.standing, other.because), (Standing::Good, None));
    }

    #[test]
    fn a_suspended_home_takes_no_new_placement_and_a_watched_one_may() {
        let watched = [fact(HOME, StandingSource::Region, Standing::OnWatch, date(2021, 1, 1))];
        let suspended = [fact(HOME, StandingSource::Region, Standing::Suspended, date(2021, 1, 1))];
        let day = date(2021, 9, 13);
        assert!(standing_on(&watched, HomeId(1), OrganisationId(7), day).may_admit("Elm House").is_ok());
        let refusal = standing_on(&suspended, HomeId(1), OrganisationId(7), day).may_admit("Elm House").unwrap_err();
        assert_eq!(refusal.code, "standing_lost");
        assert_eq!(refusal.value, "Suspended for new placements since 2021-01-01");
    }

    #[test]
    fn a_restriction_notice_stops_whatever_the_region_says() {
        let facts = [
            fact(HOME, StandingSource::Region, Standing::Good, date(2021, 1, 1)),
            fact(HOME, StandingSource::Regulator, Standing::Suspended, date(2021, 9, 8)),
        ];
        let on = standing_on(&facts, HomeId(1), OrganisationId(7), date(2021, 9, 13));
        assert_eq!(on.standing, Standing::Good);
        assert_eq!(on.may_admit("Elm House").unwrap_err().code, "restriction_notice");
    }
}
