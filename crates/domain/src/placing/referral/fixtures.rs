//! A complete referral for the tests of this wing: invented needs of an invented child.

use jiff::Timestamp;
use jiff::civil::{Date, date};

use super::deadline::Deadline;
use super::legal::{AmountBand, LegalBasis, SearchApproval, SearchApprover};
use super::narrative::Narrative;
use super::plan::{Ask, Plan, Tier};
use super::profile::{Education, Health, Papers, Profile};
use super::scoring::Scoring;
use super::sending::{Prices, Ready};
use super::standard::{
    Communication, CulturalNeeds, LivingCompanions, NeededBy, Pets, Presence, Risk, RiskLevel, Standard, Suitability,
};
use super::{DeadlineChoice, Out, Referral, ReferralState, Start};
use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::homes::home::Sex;
use crate::id::{ChildId, HomeId, OrganisationId, PersonId, Reference, ReferenceKind, ReferralId};
use crate::place::Outcode;
use crate::sealed::Sealed;

/// A moment at this time on the wall, taken as summer time.
pub(crate) fn moment(day: Date, hour: i8, minute: i8) -> Moment {
    let local = day.at(hour, minute, 0, 0);
    let seconds =
        crate::nights::days_between(date(1970, 1, 1), day) * 86_400 + i64::from(hour) * 3_600 + i64::from(minute) * 60;
    Moment { at: Timestamp::from_second(seconds - 3_600).unwrap_or_default(), local }
}

/// The demonstration's moment.
pub(crate) fn now() -> Moment {
    moment(date(2021, 9, 13), 10, 20)
}

pub(crate) fn complete_profile() -> Profile {
    let mut standard = Standard {
        needed_by: Some(NeededBy::MoreThanFiveDays),
        sibling_count: Some(0),
        preferred_location_local: Some(true),
        communication_needs: Some(Presence::No),
        communication: vec![Communication::None],
        cultural_needs: Some(CulturalNeeds::NotRequired),
        living_companions: Some(LivingCompanions::WithOtherChildren),
        pets: Some(Pets::YesCan),
        deprivation_of_liberty: Some(false),
        foster_care: Some(Suitability::SuitableButNotPreferred),
        residential_care: Some(Suitability::Preferred),
        supported_accommodation: Some(Suitability::Unsuitable),
        ..Standard::default()
    };
    for risk in Risk::ALL {
        let level = if *risk == Risk::Missing { RiskLevel::RiskPresent } else { RiskLevel::NoKnownRisk };
        standard = standard.with_risk(*risk, level, date(2021, 9, 10));
    }
    Profile {
        age: Some(13),
        sex: Some(Sex::Female),
        legal_basis: Some(LegalBasis::FullCareOrder),
        complex_needs: Some(false),
        lot: Some("planned".to_owned()),
        need_band: Some("standard".to_owned()),
        start: Some(date(2021, 9, 27)),
        planned_end: Some(date(2022, 9, 26)),
        from: Outcode::parse("HR4").ok(),
        within_miles: Some(40),
        education: Some(Education::KeepSchool),
        health: Some(Health::Universal),
        papers: Some(Papers::None),
        search_approval: Some(SearchApproval {
            by: SearchApprover::Panel,
            who: "Chair of the panel".to_owned(),
            on: date(2021, 9, 9),
            reference: "Panel 36/4".to_owned(),
            band: Some(AmountBand::UpTo4500),
        }),
        standard,
        ..Profile::default()
    }
}

pub(crate) fn complete_narrative() -> Narrative {
    Narrative {
        what_helps: "Football, and somebody who listens after school.".to_owned(),
        risks: vec![(Risk::Missing, "Went to friends twice this year and came back by herself.".to_owned())],
        risk_chronology: "Twice in spring.".to_owned(),
        ..Narrative::default()
    }
}

pub(crate) fn complete_plan() -> Plan {
    Plan {
        homes: vec![Ask { home: HomeId(1), tier: Tier::Fca }, Ask { home: HomeId(2), tier: Tier::Fca }],
        deadline: Some(DeadlineChoice::ThreeWorkingDays),
        ..Plan::default()
    }
}

pub(crate) fn draft() -> Referral {
    let start = Start {
        reference: Reference { authority: "HEF".to_owned(), kind: ReferenceKind::Referral, number: 42 },
        authority: OrganisationId(1),
        child: ChildId(1),
        officer: PersonId(1),
        group: None,
        copied_from: None,
        profile: complete_profile(),
        narrative: Sealed::from_bytes(vec![1]),
    };
    let mut referral = Referral::start(ReferralId(1), start, now()).into_parts().0;
    referral.plan = complete_plan();
    referral
}

pub(crate) fn deadline() -> Deadline {
    Deadline { at: date(2021, 9, 16).at(17, 0, 0, 0), working_days: 3, outside_office_hours: false }
}

/// How offers are scored where nobody says anything else.
static SCORING: std::sync::LazyLock<Scoring> = std::sync::LazyLock::new(Scoring::starting);

pub(crate) fn ready<'a>(narrative: &'a Narrative, working_days: &'a WorkingDays) -> Ready<'a> {
    Ready {
        narrative,
        deadline: deadline(),
        unconfirmed: 0,
        too_identifying: false,
        working_days,
        powers: &[],
        age: 13,
        scoring: &SCORING,
    }
}

/// A sealed search sent at the demonstration's moment, open until Thursday 5pm.
pub(crate) fn out() -> Referral {
    let sent = Out {
        sent: now().local,
        deadline: deadline().at,
        prices: Prices::Sealed,
        closed_early: None,
        emergency: None,
        scoring: Some(Scoring::starting()),
    };
    Referral { state: ReferralState::Out(sent), version: 2, ..draft() }
}
