//! Offers side by side and requests for approval, as they are sent to their own authority.

use jiff::civil::Date;
use placewell_app::placing::approval::{ApprovalLine, ApprovalView, Compared, Decider};
use placewell_app::power::annual_value::Effect;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::code;

/// The offers of a referral side by side.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Comparison {
    /// Whether prices are open.
    pub(super) prices_open: bool,
    /// When they open, on the clock in London.
    pub(super) opens: Option<String>,
    /// The offers.
    pub(super) offers: Vec<ComparedLine>,
}

/// One offer of the comparison.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ComparedOffer)]
pub(super) struct ComparedLine {
    /// Its number.
    number: u32,
    /// Its version, for `If-Match`.
    version: i64,
    /// The home.
    home: String,
    /// The provider.
    provider: String,
    /// Must-haves that are met.
    met: u32,
    /// Must-haves in all.
    of: u32,
    /// What is not met.
    gaps: Vec<String>,
    /// The first night.
    start: Date,
    /// Miles by straight line.
    miles: Option<String>,
    /// In the area, adjoining, or at a distance.
    distance: String,
    /// The core price of a week, once prices are open.
    core_weekly_pence: Option<i64>,
    /// All lines of a week, once prices are open.
    total_weekly_pence: Option<i64>,
    /// The tendered core price of a week.
    tendered_weekly_pence: Option<i64>,
    /// The approvals that it would need.
    approvals: Vec<code::ApprovalKind>,
    /// It came late.
    late: bool,
    /// It is no longer valid.
    expired: bool,
}

impl From<&Compared> for ComparedLine {
    fn from(one: &Compared) -> Self {
        Self {
            number: one.offer.number,
            version: one.offer.version,
            home: one.home.name.clone(),
            provider: one.provider.clone(),
            met: one.met.0,
            of: one.met.1,
            gaps: one.gaps.clone(),
            start: one.offer.terms.start,
            miles: one.miles.clone(),
            distance: one.class.to_owned(),
            core_weekly_pence: one.core.map(|price| price.0),
            total_weekly_pence: one.total.map(|price| price.0),
            tendered_weekly_pence: one.tendered.map(|price| price.0),
            approvals: one.needed.iter().map(|needed| needed.kind.into()).collect(),
            late: one.late,
            expired: one.expired,
        }
    }
}

/// A request for approval in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ApprovalRow {
    /// Its reference.
    #[schema(example = "HEF-D-0088")]
    reference: String,
    /// What it approves.
    kind: code::ApprovalKind,
    /// The stored state.
    state: String,
    /// The referral, for its own authority.
    referral: Option<String>,
    /// The home.
    home: String,
    /// The first night.
    start: Date,
    /// Whether you may decide it.
    may_decide: bool,
}

impl From<ApprovalLine> for ApprovalRow {
    fn from(line: ApprovalLine) -> Self {
        Self {
            reference: line.approval.reference.to_string(),
            kind: line.approval.kind.into(),
            state: line.approval.state.name().to_owned(),
            referral: line.about.map(|(reference, _)| reference),
            home: line.home,
            start: line.approval.facts.start,
            may_decide: line.mine.is_ok(),
        }
    }
}

/// A request for approval.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Approval)]
pub(super) struct ApprovalShown {
    /// Its reference.
    reference: String,
    /// Its version, also in the `ETag`.
    version: i64,
    /// What it approves.
    kind: code::ApprovalKind,
    /// The stored state.
    state: String,
    /// Each rule that asks for it, and why.
    because: Vec<Because>,
    /// The home.
    home: String,
    /// The first night.
    start: Date,
    /// The planned end.
    planned_end: Date,
    /// The hash of the facts as they are now: whoever approves sends it back.
    facts_hash: String,
    /// What changed since it was asked for.
    changed: Vec<String>,
    /// The annual value before and after.
    annual_value: Vec<EffectLine>,
    /// Who asked.
    asked_by: String,
    /// Whether you may decide it.
    may_decide: bool,
    /// By what right, or why not.
    because_of: String,
    /// Who can change that you may not.
    who_can_change: Option<String>,
    /// The agreement, once it is prepared.
    agreement: Option<String>,
}

/// A rule that asks for an approval.
#[derive(Debug, Serialize, ToSchema)]
struct Because {
    /// The rule.
    rule: String,
    /// Why it applies.
    why: String,
}

/// What an award would do to one year of the annual value.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffectOnYear)]
struct EffectLine {
    /// The year's first day.
    year_start: Date,
    /// What is added.
    delta_pence: i64,
    /// What is committed after it, where it can be.
    committed_after_pence: Option<i64>,
    /// Why it cannot be.
    refusal: Option<String>,
}

impl From<Effect> for EffectLine {
    fn from(effect: Effect) -> Self {
        let (committed_after_pence, refusal) = match effect.after {
            Ok(totals) => (Some(totals.committed.0), None),
            Err(no) => (None, Some(no.sentence)),
        };
        Self { year_start: effect.year_start, delta_pence: effect.delta.0, committed_after_pence, refusal }
    }
}

impl From<ApprovalView> for ApprovalShown {
    fn from(found: ApprovalView) -> Self {
        let approval = &found.approval;
        let (may_decide, because_of, who_can_change) = match &found.mine {
            Ok(basis) => (true, basis.sentence(), None),
            Err(no) => (false, no.sentence.clone(), Some(no.who_can_change.clone())),
        };
        let because = approval.triggers.iter().map(|one| Because { rule: one.rule.clone(), why: one.why.clone() });
        let changed = found.changes.iter().map(|one| format!("{}: was {}, is {}", one.fact, one.was, one.now));
        Self {
            reference: approval.reference.to_string(),
            version: approval.version,
            kind: approval.kind.into(),
            state: approval.state.name().to_owned(),
            because: because.collect(),
            home: found.case.home.name.clone(),
            start: found.case.facts.start,
            planned_end: found.case.facts.planned_end,
            facts_hash: found.hash.clone(),
            changed: changed.collect(),
            annual_value: found.effects.into_iter().map(EffectLine::from).collect(),
            asked_by: found.asked_by,
            may_decide,
            because_of,
            who_can_change,
            agreement: found.agreement,
        }
    }
}

/// Somebody who can decide.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Decider)]
pub(super) struct DeciderLine {
    /// The person's id.
    person: String,
    /// The name.
    name: String,
    /// By what right.
    basis: String,
}

impl From<Decider> for DeciderLine {
    fn from(one: Decider) -> Self {
        Self { person: one.person.to_string(), name: one.name, basis: one.basis }
    }
}
