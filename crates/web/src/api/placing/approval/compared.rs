//! Offers side by side. While prices are sealed an offer has a type of its own, which has no place for a price nor for
//! anything that depends on one.

use jiff::civil::Date;
use placewell_app::placing::approval::{CompareView, Compared};
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::offer::points::{Points, total};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::code;

/// The offers of a referral side by side, each on the same criteria. Nothing is ranked by price.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "prices", rename_all = "snake_case")]
pub(super) enum Comparison {
    /// Prices are sealed: all open together at the deadline.
    Sealed {
        /// When they open, on the clock in London.
        #[schema(example = "2021-09-16T17:00:00")]
        opens: Option<String>,
        /// The offers.
        offers: Vec<SealedOffer>,
    },
    /// Prices are open.
    Open {
        /// One sentence of facts about the offer that meets the most must-haves.
        sentence: String,
        /// Whether you may recommend one.
        may_recommend: bool,
        /// The offers.
        offers: Vec<OpenOffer>,
    },
}

/// An offer whose price is sealed.
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own, shown as it is
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct SealedOffer {
    /// Its number.
    number: u32,
    /// Its version, for `If-Match`.
    version: i64,
    /// The home.
    home: String,
    /// The home's Ofsted number.
    urn: String,
    /// The provider.
    provider: String,
    /// Must-haves that are met.
    met: u32,
    /// Must-haves in all.
    of: u32,
    /// Must-haves not met, or partly, with the answer.
    gaps: Vec<String>,
    /// The worst effect expected on a child who lives there; null where nobody does.
    worst_effect: Option<code::ResidentEffect>,
    /// Whether the child keeps the present school.
    keeps_school: Option<bool>,
    /// The child would live there alone.
    solo: bool,
    /// The first night.
    start: Date,
    /// Miles by straight line from where the search measures, with how closely each end is known.
    miles: Option<String>,
    /// In the area, adjoining, or at a distance.
    distance: String,
    /// Which of the first and last day it would charge.
    charged_days: code::ChargedDays,
    /// Ofsted's grade.
    grade: code::Grade,
    /// How the home stands with the region.
    standing: code::Standing,
    /// Why nobody can be placed there, where that is so.
    stopped: Option<Stopped>,
    /// Conditions in the offer's words.
    conditions: String,
    /// It came after the deadline.
    late: bool,
    /// Its validity has run out.
    expired: bool,
    /// Somebody has moved in or out at the home since its impact assessment.
    residents_changed: bool,
    /// Its points by the scoring that was fixed by sending; empty where that was not kept.
    points: Vec<PointsLine>,
}

/// What an offer has for one criterion.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfferPoints)]
pub(super) struct PointsLine {
    /// The criterion.
    by: code::ScoreBy,
    /// Its weight in percent: the most points there are.
    percent: u8,
    /// Hundredths of a point; null for a price that is sealed.
    hundredths: Option<i64>,
}

impl From<&Points> for PointsLine {
    fn from(one: &Points) -> Self {
        Self { by: one.by.into(), percent: one.weight, hundredths: one.hundredths }
    }
}

/// A rule that stops a placement.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Stopped {
    /// The refusal's code.
    code: String,
    /// The rule.
    rule: String,
    /// What it says, in a sentence.
    sentence: String,
    /// Who can change it.
    who_can_change: String,
}

impl From<&Refusal> for Stopped {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code.clone(),
            rule: refusal.rule.clone(),
            sentence: refusal.sentence.clone(),
            who_can_change: refusal.who_can_change.clone(),
        }
    }
}

/// An offer with its price.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OpenOffer {
    #[serde(flatten)]
    offer: SealedOffer,
    /// The core price of a week.
    #[schema(example = 415_000)]
    core_weekly_pence: i64,
    /// All lines of a week.
    #[schema(example = 415_000)]
    total_weekly_pence: i64,
    /// All its points, in hundredths; null where no scoring was kept.
    total_points_hundredths: Option<i64>,
    /// Up to the planned end.
    whole_pence: i64,
    /// Parts of a week that education or health pays.
    joint_weekly_pence: i64,
    /// The core price of a week that the home tendered for the lot.
    tendered_weekly_pence: Option<i64>,
    /// Lines beside the core price.
    extras: Vec<Extra>,
    /// The approvals that it would need.
    approvals: Vec<Needed>,
    /// The price of a week before its last change.
    was_weekly_pence: Option<i64>,
}

/// A line beside the core price.
#[derive(Debug, Serialize, ToSchema)]
struct Extra {
    /// What it is for.
    label: String,
    /// The price of a week.
    weekly_pence: i64,
}

/// An approval that an award would need.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApprovalNeeded)]
pub(super) struct Needed {
    /// What is approved.
    kind: code::ApprovalKind,
    /// Why.
    because: Vec<super::shown::Because>,
}

impl From<&placewell_domain::placing::approval::ApprovalNeeded> for Needed {
    fn from(needed: &placewell_domain::placing::approval::ApprovalNeeded) -> Self {
        Self { kind: needed.kind.into(), because: needed.triggers.iter().map(Into::into).collect() }
    }
}

impl From<&Compared> for SealedOffer {
    fn from(one: &Compared) -> Self {
        let terms = &one.offer.terms;
        Self {
            number: one.offer.number,
            version: one.offer.version,
            home: one.home.name.clone(),
            urn: one.home.urn.to_string(),
            provider: one.provider.clone(),
            met: one.met.0,
            of: one.met.1,
            gaps: one.gaps.clone(),
            worst_effect: one.residents.map(Into::into),
            keeps_school: terms.keeps_school,
            solo: terms.solo,
            start: terms.start,
            miles: one.miles.clone(),
            distance: one.class.to_owned(),
            charged_days: one.charged.into(),
            grade: one.grade.0.into(),
            standing: one.standing.into(),
            stopped: one.stopped.as_ref().map(Into::into),
            conditions: one.conditions.clone().unwrap_or_default(),
            late: one.late,
            expired: one.expired,
            residents_changed: one.residents_changed,
            points: one.points.iter().map(PointsLine::from).collect(),
        }
    }
}

impl OpenOffer {
    /// Nothing while a price is sealed.
    fn of(one: &Compared) -> Option<Self> {
        let extras = one.extras.iter().map(|(label, weekly)| Extra { label: label.clone(), weekly_pence: weekly.0 });
        Some(Self {
            core_weekly_pence: one.core?.0,
            total_weekly_pence: one.total?.0,
            total_points_hundredths: (!one.points.is_empty()).then(|| total(&one.points)).flatten(),
            whole_pence: one.whole?.0,
            joint_weekly_pence: one.joint?.0,
            tendered_weekly_pence: one.tendered.map(|price| price.0),
            extras: extras.collect(),
            approvals: one.needed.iter().map(Into::into).collect(),
            was_weekly_pence: one.changed.map(|(_, was)| was.0),
            offer: one.into(),
        })
    }
}

impl From<&CompareView> for Comparison {
    fn from(found: &CompareView) -> Self {
        if found.visible {
            let offers = found.columns.iter().filter_map(OpenOffer::of).collect();
            return Self::Open { sentence: found.sentence.clone(), may_recommend: found.may_recommend, offers };
        }
        let offers = found.columns.iter().map(SealedOffer::from).collect();
        Self::Sealed { opens: found.opens.map(|at| at.to_string()), offers }
    }
}
