//! Requests for approval, as they are sent to their own authority.

use jiff::civil::Date;
use placewell_app::placing::approval::{ApprovalLine, ApprovalView, Decider, Exempted};
use placewell_app::power::annual_value::Effect;
use placewell_domain::placing::approval::{FollowState, FollowUp, Trigger};
use placewell_domain::placing::offer::points::{OfferPoints, total};
use serde::Serialize;
use utoipa::ToSchema;

use super::compared::{PointsLine, Stopped};
use crate::api::code;

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
    /// The price of a week, all lines together.
    weekly_pence: i64,
    /// Up to the planned end.
    whole_pence: i64,
    /// Which of the first and last day it would charge.
    charged_days: code::ChargedDays,
    /// The recommendation: for and against each offer, the one recommended first; that one alone for the authority responsible
    /// for a child whom another body places.
    reasons: Vec<ReasonLine>,
    /// The points of the same offers as they were when it was asked for; empty where no scoring was kept.
    points: Vec<ScoredLine>,
    /// The child's wishes, in words.
    wishes: String,
    /// The social worker's view.
    social_worker: String,
    /// Circumstances.
    circumstances: String,
    /// Every approval of the recommendation.
    approvals: Vec<OtherLine>,
    /// Questions to the officer, with their answers.
    questions: Vec<QuestionLine>,
    /// The conditions, or the words of a refusal.
    decision_words: Option<String>,
    /// Your verbal approval waits to be confirmed.
    to_confirm: bool,
    /// The hash of the facts as they are now: whoever approves sends it back.
    facts_hash: String,
    /// What changed since it was asked for.
    changed: Vec<String>,
    /// The checks that are still open.
    open_checks: Vec<code::OpenCheck>,
    /// What stops an award of it now, where something does.
    stopped: Option<Stopped>,
    /// What an emergency let follow.
    follow_ups: Vec<FollowUpLine>,
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
    /// The recorded exemption of the child from the home's grade of Inadequate, where the award rests on one.
    grade_exemption: Option<String>,
    /// The agreement, once it is prepared, for the body that makes it.
    agreement: Option<String>,
}

/// A consultation that an emergency let follow.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FollowUp)]
struct FollowUpLine {
    /// What.
    what: code::Consultation,
    /// By the end of this day.
    by: Date,
    /// The day on which it was done, once it was.
    done_on: Option<Date>,
    /// Due, done or dropped.
    state: String,
}

impl From<&FollowUp> for FollowUpLine {
    fn from(one: &FollowUp) -> Self {
        let done_on = match &one.state {
            FollowState::Done { on, .. } => Some(*on),
            FollowState::Due | FollowState::Dropped { .. } => None,
        };
        Self { what: one.what.into(), by: one.by, done_on, state: one.state.name().to_owned() }
    }
}

/// For and against one offer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReasonsShown)]
struct ReasonLine {
    /// The home.
    home: String,
    /// For it.
    for_it: String,
    /// Against it.
    against: String,
}

/// The points of one offer, by the scoring that was fixed by sending.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ScoredOffer)]
pub(super) struct ScoredLine {
    /// The home.
    home: String,
    /// Criterion by criterion.
    points: Vec<PointsLine>,
    /// All of them, in hundredths.
    total_points_hundredths: Option<i64>,
}

impl From<(&OfferPoints, &str)> for ScoredLine {
    fn from((one, home): (&OfferPoints, &str)) -> Self {
        let points = one.points.iter().map(PointsLine::from).collect();
        Self { home: home.to_owned(), points, total_points_hundredths: total(&one.points) }
    }
}

/// Another approval of the same recommendation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OtherApproval)]
struct OtherLine {
    /// Its reference.
    reference: String,
    /// What it approves.
    kind: code::ApprovalKind,
    /// The stored state.
    state: String,
    /// Who decided it.
    decided_by: Option<String>,
}

/// A question to the officer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuestionOfApprover)]
struct QuestionLine {
    /// Who asked.
    by: String,
    /// The question.
    question: String,
    /// The answer, once there is one.
    answer: Option<String>,
}

/// A rule that asks for an approval.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Because {
    /// The rule.
    rule: String,
    /// Why it applies.
    why: String,
}

impl From<&Trigger> for Because {
    fn from(one: &Trigger) -> Self {
        Self { rule: one.rule.clone(), why: one.why.clone() }
    }
}

/// What an award would do to one year of the annual value.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EffectOnYear)]
pub(super) struct EffectLine {
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

impl ApprovalShown {
    /// As its own authority reads it, or another body that decides.
    pub(super) fn of(found: ApprovalView) -> Self {
        let points = found.offers_scored().into_iter().map(ScoredLine::from).collect();
        let approval = &found.approval;
        let (may_decide, because_of, who_can_change) = match &found.mine {
            Ok(basis) => (true, basis.sentence(), None),
            Err(no) => (false, no.sentence.clone(), Some(no.who_can_change.clone())),
        };
        let changed = found.changes.iter().map(|one| format!("{}: was {}, is {}", one.fact, one.was, one.now));
        Self {
            reference: approval.reference.to_string(),
            version: approval.version,
            kind: approval.kind.into(),
            state: approval.state.name().to_owned(),
            because: approval.triggers.iter().map(Into::into).collect(),
            home: found.case.home.name.clone(),
            start: found.case.facts.start,
            planned_end: found.case.facts.planned_end,
            weekly_pence: found.case.offer.total().0,
            whole_pence: found.case.facts.whole_cost().0,
            charged_days: found.case.facts.charged.into(),
            reasons: found
                .homes
                .iter()
                .zip(found.words.reasons)
                .map(|(home, said)| ReasonLine { home: home.clone(), for_it: said.for_it, against: said.against })
                .collect(),
            points,
            wishes: found.words.wishes,
            social_worker: found.words.social_worker,
            circumstances: found.words.circumstances,
            approvals: found
                .all
                .into_iter()
                .map(|other| OtherLine {
                    reference: other.approval.reference.to_string(),
                    kind: other.approval.kind.into(),
                    state: other.approval.state.name().to_owned(),
                    decided_by: Some(other.decided_by).filter(|name| !name.is_empty()),
                })
                .collect(),
            questions: found
                .questions
                .into_iter()
                .map(|one| QuestionLine {
                    by: one.by,
                    question: one.question,
                    answer: one.answer.map(|(_, _, answer)| answer),
                })
                .collect(),
            decision_words: found.decision_words,
            to_confirm: found.to_confirm,
            facts_hash: found.hash.clone(),
            changed: changed.collect(),
            open_checks: found.case.facts.checks.iter().map(|check| (*check).into()).collect(),
            stopped: found.stopped.as_ref().map(Into::into),
            follow_ups: found.follow_ups.iter().map(Into::into).collect(),
            annual_value: found.effects.into_iter().map(EffectLine::from).collect(),
            asked_by: found.asked_by,
            may_decide,
            because_of,
            who_can_change,
            grade_exemption: found.case.exempted.as_ref().map(Exempted::sentence),
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
