//! By what right an approval is given: a limb's power, a recorded urgency power, a statutory office, or the monitoring
//! officer's post. Each refusal names the missing link (rules 1.1 to 1.4).

use serde::{Deserialize, Serialize};

use super::Approval;
use super::needed::ApprovalKind;
use super::urgent::urgent_basis;
use crate::calendar::WorkingDays;
use crate::clock::Moment;
use crate::id::{PersonId, PostId};
use crate::outcome::Refusal;
use crate::power::delegation::{
    HoldingKind, OnCall, PostGrade, Power, PowerQuestion, Scheme, StatutoryAppointment, StatutoryBasis,
    StatutoryOffice, UrgencyPower, UrgencyUse, find_power, find_statutory,
};

/// By what right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum GivenBasis {
    /// A limb's power, link by link.
    Limb {
        /// The chain.
        power: Power,
    },
    /// Urgency, recorded or not; never shown as made under a limb (rule 1.3).
    Urgency {
        /// Which.
        urgency: UrgencyUse,
    },
    /// A statutory office of the responsible authority.
    Statutory {
        /// The office.
        office: StatutoryOffice,
        /// The instrument of an interim appointment.
        interim: Option<String>,
    },
    /// The monitoring officer's opinion.
    Opinion {
        /// The post.
        post: PostId,
        /// Its title.
        title: String,
    },
}

impl GivenBasis {
    /// The stored name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Limb { .. } => "limb",
            Self::Urgency { urgency: UrgencyUse::Recorded { .. } } => "urgency",
            Self::Urgency { urgency: UrgencyUse::WithoutRecordedPower { .. } } => "without_recorded_power",
            Self::Statutory { .. } => "statutory",
            Self::Opinion { .. } => "opinion",
        }
    }

    /// The basis as a sentence, by post and never by name.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Limb { power } => power.sentence(),
            Self::Urgency { urgency } => format!("{}.", urgency.words()),
            Self::Statutory { office, interim: None } => format!("{}, by appointment.", office.label()),
            Self::Statutory { office, interim: Some(instrument) } => {
                format!("{}, by interim appointment ({instrument}).", office.label())
            }
            Self::Opinion { title, .. } => format!("{title}: an earlier key decision covers this award."),
        }
    }
}

/// What is recorded about powers: the placing authority's scheme and the responsible authority's appointments.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grounds {
    /// Decisions, posts, holders and sub-delegations of the placing authority.
    pub scheme: Scheme,
    /// Statutory appointments of the responsible authority.
    pub appointments: Vec<StatutoryAppointment>,
    /// Urgency powers of the placing authority.
    pub urgency: Vec<UrgencyPower>,
    /// Who is on call for it.
    pub on_call: Vec<OnCall>,
    /// Its working days.
    pub days: WorkingDays,
}

/// By what right this person may give this approval now, or a refusal naming the missing link. `urgent` asks for the
/// urgency power instead of the limb's; where none is recorded that never refuses, because a child's start comes first.
pub fn who_may(
    approval: &Approval,
    person: PersonId,
    grounds: &Grounds,
    urgent: bool,
    moment: Moment,
) -> Result<GivenBasis, Refusal> {
    let statutory = |office| {
        let held = find_statutory(office, person, approval.responsible, &grounds.appointments, moment)?;
        let interim = match &held.basis {
            StatutoryBasis::Appointed => None,
            StatutoryBasis::Interim { instrument } => Some(instrument.clone()),
        };
        Ok(GivenBasis::Statutory { office, interim })
    };
    match approval.kind {
        ApprovalKind::NominatedOfficer => statutory(StatutoryOffice::NominatedOfficer),
        ApprovalKind::DirectorOfChildrensServices => statutory(StatutoryOffice::DirectorOfChildrensServices),
        ApprovalKind::MonitoringOfficer => monitoring_officer(person, grounds, moment),
        ApprovalKind::Power | ApprovalKind::SpotPower if urgent => urgent_basis(person, grounds, moment),
        ApprovalKind::Power | ApprovalKind::SpotPower => {
            let Some(act) = approval.kind.act() else { return Err(no_act()) };
            let question = PowerQuestion {
                act,
                about_spot: approval.kind == ApprovalKind::SpotPower,
                case: approval.case,
                person,
                asked_by: Some(approval.asked_by),
            };
            find_power(&question, &grounds.scheme, moment).map(|power| GivenBasis::Limb { power })
        }
    }
}

fn monitoring_officer(person: PersonId, grounds: &Grounds, moment: Moment) -> Result<GivenBasis, Refusal> {
    let day = moment.today();
    let holds = |post: PostId| {
        grounds.scheme.holdings.iter().any(|held| {
            held.post == post
                && held.person == person
                && held.kind != HoldingKind::Cover
                && held.from <= day
                && day < held.to
        })
    };
    let post = grounds.scheme.posts.iter().find(|post| post.grade == PostGrade::MonitoringOfficer && holds(post.id));
    post.map(|post| GivenBasis::Opinion { post: post.id, title: post.title.clone() }).ok_or_else(|| {
        Refusal::new(
            "not_the_monitoring_officer",
            "Section 5, Local Government and Housing Act 1989: the monitoring officer",
            "Only the monitoring officer can record the opinion that an earlier key decision covers this award.",
            "Democratic services record who holds the post",
        )
    })
}

fn no_act() -> Refusal {
    Refusal::new("no_act", "A power is used for an act", "This approval uses no power of a limb.", "Nobody")
}
