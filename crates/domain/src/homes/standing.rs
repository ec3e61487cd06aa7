//! Whether a provider or a home may be used today: good, on watch, suspended for new placements, removed; and, apart
//! from the region's own view, restriction notices of the regulator. Grade, notice and standing stop independently.
//!
//! Dated facts, append-only: a day is answered by the facts of that day (rules 1.8 and 4.4).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::homes::admission::ground::{AdmissionGround, ground_on};
use crate::homes::home::link::{Elsewhere, ReadAt};
use crate::id::{HomeId, OrganisationId};
use crate::nights::OPEN_END;
use crate::outcome::{Invalid, Refusal};

pub mod hours;
pub mod lapse;
pub mod measure;
pub mod removed;
pub mod review;
pub mod scorecard;

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
        /// The home is no longer on the register.
        RegistrationCancelled => "registration_cancelled", "registration cancelled or suspended";
        /// A condition of the admission was not met by its day.
        ConditionNotMet => "condition_not_met", "a condition of the admission was not met";
    }
}

impl StandingReason {
    /// Whether it is a judgement, a notice or a registration of the regulator's, which is published somewhere.
    #[must_use]
    pub const fn is_regulators(self) -> bool {
        matches!(self, Self::Inadequate | Self::SeriousConcerns | Self::RestrictionNotice | Self::RegistrationCancelled)
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

impl StandingFact {
    /// The region admits a provider after evaluation, or takes it back.
    #[must_use]
    pub const fn admitted(provider: OrganisationId, from: Date) -> Self {
        Self {
            subject: StandingSubject::Provider(provider),
            source: StandingSource::Region,
            standing: Standing::Good,
            from,
            until: OPEN_END,
            reason: StandingReason::Evaluated,
        }
    }

    /// A fact as somebody records it: its reason fits the standing and who says so, it holds on some days, and what is the
    /// regulator's can be read where they say.
    pub fn checked(
        self,
        (link, elsewhere): (Option<&str>, Option<Elsewhere>),
    ) -> Result<(Self, Option<ReadAt>), Invalid> {
        let mut invalid = Invalid::default();
        let published = self.source == StandingSource::Regulator
            || (self.standing != Standing::Good && self.reason.is_regulators());
        let read_at = match published.then(|| ReadAt::entered(link, elsewhere)) {
            Some(Ok(read_at)) => Some(read_at),
            Some(Err(wrong)) => {
                invalid.errors.extend(wrong.errors);
                None
            }
            None => None,
        };
        if self.until <= self.from {
            invalid.add("until", "Enter a day after the first day");
        }
        let notice = self.reason == StandingReason::RestrictionNotice;
        match (self.source, self.standing) {
            (StandingSource::Regulator, Standing::Good | Standing::Suspended) if notice => {}
            (StandingSource::Regulator, _) => invalid.add(
                "reason",
                "Ofsted's restriction of new admissions is in force (suspended) or lifted (good): select that reason",
            ),
            (StandingSource::Region, Standing::Good) if self.reason != StandingReason::Evaluated => {
                invalid.add("reason", "Select \"evaluated by the region\": that is how a standing becomes good");
            }
            (StandingSource::Region, standing)
                if notice || (standing != Standing::Good && self.reason == StandingReason::Evaluated) =>
            {
                invalid.add("reason", "Select why the region has a concern");
            }
            (StandingSource::Region, _) => {}
        }
        invalid.or((self, read_at))
    }
}

/// The ground by which a provider is in the arrangement on a day: a home follows only a provider that has been admitted on
/// one and not removed. A measure about a provider admits nobody.
pub fn admitted_provider<'a>(
    (grounds, facts): (&'a [AdmissionGround], &[StandingFact]),
    provider: OrganisationId,
    name: &str,
    day: Date,
) -> Result<&'a AdmissionGround, Refusal> {
    let found = facts.iter().find(|fact| {
        fact.subject == StandingSubject::Provider(provider)
            && fact.source == StandingSource::Region
            && fact.from <= day
            && day < fact.until
    });
    let refuse = |sentence: String, value: String| {
        Refusal::new(
            "provider_not_admitted",
            "A provider is admitted before its homes",
            sentence,
            "Commissioning lead of the regional team, who admits providers",
        )
        .found(value)
    };
    match (ground_on(grounds, provider, day), found) {
        (_, Some(fact)) if fact.standing == Standing::Removed => {
            let value = format!("removed from {}", long_date(fact.from));
            Err(refuse(format!("{name} has been removed from the arrangement: {}.", fact.reason.label()), value))
        }
        (Some(ground), Some(_)) => Ok(ground),
        (None, _) | (_, None) => {
            let sentence = format!("{name} is not admitted to the arrangement on {}.", long_date(day));
            Err(refuse(sentence, name.to_owned()))
        }
    }
}

/// The first day on which a provider is without insurance by what the region recorded of it, in force or to come; none where
/// nothing is recorded that still holds.
#[must_use]
pub fn uninsured_from(facts: &[StandingFact], provider: OrganisationId, today: Date) -> Option<Date> {
    let recorded = facts.iter().filter(|fact| {
        fact.subject == StandingSubject::Provider(provider)
            && fact.source == StandingSource::Region
            && fact.reason == StandingReason::InsuranceLapsed
            && fact.standing != Standing::Good
            && today < fact.until
    });
    recorded.map(|fact| fact.from).min()
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
    /// The same as it counts for a purchase outside the arrangement, which needs no standing in it: Ofsted's notice stops
    /// that all the same (rule 3.6).
    #[must_use]
    pub fn outside(self) -> Self {
        Self { standing: Standing::Good, because: None, ..self }
    }

    /// Whether a new child may be placed as far as standing and notices go; `name` is the home's name.
    pub fn may_admit(&self, name: &str) -> Result<(), Refusal> {
        if let Some(notice) = self.restriction {
            return Err(Refusal::new(
                "restriction_notice",
                "Care Standards Act 2000: Ofsted's notice restricting accommodation",
                format!("No child can be placed at {name}: Ofsted restricts new admissions."),
                "Ofsted",
            )
            .found(format!("in force since {}", long_date(notice.from))));
        }
        match (self.standing, self.because) {
            (Standing::Suspended | Standing::Removed, Some(fact)) => Err(Refusal::new(
                "standing_lost",
                "Standing in the arrangement: suspended and removed homes take no new placements",
                format!("No child can be placed at {name} through the arrangement: {}.", fact.reason.label()),
                "Commissioning lead of the regional team",
            )
            .found(format!("{} since {}", self.standing.label(), long_date(fact.from)))),
            (Standing::Good | Standing::OnWatch | Standing::Suspended | Standing::Removed, _) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn fact(subject: StandingSubject, source: StandingSource, standing: Standing, from: Date) -> StandingFact {
        StandingFact { subject, source, standing, from, until: OPEN_END, reason: StandingReason::SeriousConcerns }
    }

    const HOME: StandingSubject = StandingSubject::Home(HomeId(1));
    const OWNER: StandingSubject = StandingSubject::Provider(OrganisationId(7));

    #[test]
    fn a_provider_is_admitted_before_its_homes_and_not_after_its_removal() {
        let day = date(2021, 9, 13);
        let facts = [StandingFact::admitted(OrganisationId(7), date(2021, 1, 1))];
        let grounds = [AdmissionGround::before_record(OrganisationId(7), date(2021, 1, 1), "file 1")];
        let by = |grounds: &[AdmissionGround], facts: &[StandingFact], day| {
            let found = admitted_provider((grounds, facts), OrganisationId(7), "Elm Care", day);
            found.map(|ground| ground.from).map_err(|no| no.code)
        };
        let asked = |facts: &[StandingFact], day| by(&grounds, facts, day);
        assert_eq!(asked(&facts, day), Ok(date(2021, 1, 1)));
        assert_eq!(asked(&facts, date(2020, 12, 31)), Err("provider_not_admitted".to_owned()));
        assert_eq!(asked(&[], day), Err("provider_not_admitted".to_owned()));
        let removed = [fact(OWNER, StandingSource::Region, Standing::Removed, date(2021, 9, 1))];
        assert_eq!(asked(&removed, day), Err("provider_not_admitted".to_owned()));
        let gone = admitted_provider((&grounds[..], &removed[..]), OrganisationId(7), "Elm Care", day).unwrap_err();
        assert_eq!(gone.value, "removed from 1 September 2021");
        let watched = [fact(OWNER, StandingSource::Region, Standing::OnWatch, date(2021, 9, 1))];
        assert!(asked(&watched, day).is_ok());
        let none = "provider_not_admitted".to_owned();
        assert_eq!(by(&[], &watched, day), Err(none.clone()), "a measure about it admits nobody");
        assert_eq!(by(&[], &facts, day), Err(none), "nor does a standing that rests on nothing");
    }

    #[test]
    fn a_reason_fits_the_standing_and_who_says_so() {
        let with = |source, standing, reason| {
            let one = StandingFact { reason, ..fact(HOME, source, standing, date(2021, 1, 1)) };
            one.checked((Some("https://www.gov.uk/notice"), None)).is_ok()
        };
        let (region, ofsted) = (StandingSource::Region, StandingSource::Regulator);
        assert!(with(region, Standing::Good, StandingReason::Evaluated));
        assert!(!with(region, Standing::Good, StandingReason::Inadequate));
        assert!(with(region, Standing::Suspended, StandingReason::Inadequate));
        assert!(!with(region, Standing::Suspended, StandingReason::Evaluated));
        assert!(!with(region, Standing::Suspended, StandingReason::RestrictionNotice));
        assert!(with(ofsted, Standing::Suspended, StandingReason::RestrictionNotice));
        assert!(with(ofsted, Standing::Good, StandingReason::RestrictionNotice));
        assert!(!with(ofsted, Standing::OnWatch, StandingReason::RestrictionNotice));
        let backwards =
            StandingFact { until: date(2021, 1, 1), ..StandingFact::admitted(OrganisationId(7), date(2021, 1, 1)) };
        assert_eq!(backwards.checked((None, None)).unwrap_err().errors[0].field, "until");
    }

    #[test]
    fn a_notice_of_the_regulators_says_where_it_can_be_read_and_the_regions_own_view_need_not() {
        let with = |source, standing, reason, link| {
            let one = StandingFact { reason, ..fact(HOME, source, standing, date(2021, 1, 1)) };
            let checked = one.checked((link, None));
            checked.map(|(_, read_at)| read_at.is_some()).map_err(|no| no.errors[0].field.clone())
        };
        let (region, ofsted) = (StandingSource::Region, StandingSource::Regulator);
        let notice = StandingReason::RestrictionNotice;
        let site = Some("https://reports.ofsted.gov.uk/provider/4/SC400001");
        for standing in [Standing::Suspended, Standing::Good] {
            assert_eq!(with(ofsted, standing, notice, None), Err("link".to_owned()));
            assert_eq!(with(ofsted, standing, notice, Some("https://elm.example/")), Err("elsewhere".to_owned()));
            assert_eq!(with(ofsted, standing, notice, site), Ok(true));
        }
        assert_eq!(with(region, Standing::Suspended, StandingReason::Inadequate, None), Err("link".to_owned()));
        assert_eq!(with(region, Standing::Suspended, StandingReason::Safeguarding, None), Ok(false));
        assert_eq!(with(region, Standing::Good, StandingReason::Evaluated, None), Ok(false));
    }

    #[test]
    fn insurance_recorded_by_the_region_ends_where_it_says_until_that_is_lifted() {
        let lapse = |from, until, standing| {
            let reason = StandingReason::InsuranceLapsed;
            StandingFact { until, reason, ..fact(OWNER, StandingSource::Region, standing, from) }
        };
        let today = date(2021, 9, 13);
        let from = |facts: &[StandingFact]| uninsured_from(facts, OrganisationId(7), today);
        let ahead = lapse(date(2021, 10, 1), OPEN_END, Standing::Suspended);
        let now = lapse(date(2021, 9, 1), OPEN_END, Standing::OnWatch);
        assert_eq!(from(&[ahead.clone(), now]), Some(date(2021, 9, 1)));
        assert_eq!(from(std::slice::from_ref(&ahead)), Some(date(2021, 10, 1)));
        assert_eq!(from(&[lapse(date(2021, 8, 1), date(2021, 9, 13), Standing::Suspended)]), None, "it was lifted");
        assert_eq!(from(&[lapse(date(2021, 8, 1), OPEN_END, Standing::Good)]), None);
        assert_eq!(uninsured_from(&[ahead], OrganisationId(8), today), None, "another provider's");
    }

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
        assert_eq!(refusal.value, "Suspended for new placements since 1 January 2021");
        let outside = standing_on(&suspended, HomeId(1), OrganisationId(7), day).outside();
        assert!(outside.may_admit("Elm House").is_ok(), "rule 3.6: what is bought outside needs no standing in it");
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
        assert_eq!(on.outside().may_admit("Elm House").unwrap_err().code, "restriction_notice");
    }
}
