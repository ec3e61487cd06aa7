//! From offers to a decision: comparing, recommending, asking for approval, deciding, and the award in the transaction
//! of the last approval.

mod award;
mod bed;
mod case;
mod compare;
mod deciding;
mod emergencies;
mod following;
mod leaving;
mod pack;
mod recommend;
mod scored;
mod standing;
mod urgent;
mod verbal;
mod view;
mod void;
mod watch;

pub use award::{SETTLE, settle_later};
pub use case::{Case, Exempted};
pub(crate) use case::{charged_on, exempted_from};
pub use compare::{CompareView, Compared};
pub use deciding::{AnswerQuestion, Approve, AskApprover, PassOn, Refuse};
pub use emergencies::{Emergencies, ShareLine, emergency_sheet};
pub(crate) use following::chase_due;
pub use following::{FollowLine, RecordFollowUp};
pub use leaving::follow_leaving;
pub use placewell_store::placing::approval::{ApprovalTab, OFFER_GONE};
pub use recommend::{Reasons, Recommend, RecommendView};
pub use scored::ScoredOffers;
pub(crate) use standing::follow_measure;
pub use urgent::{ALERT, ConfirmLine, ConfirmNight, alert};
pub use verbal::{ConfirmVerbal, RecordVerbal};
pub use view::{ApprovalLine, ApprovalView, Decider, ReadExchange, Standing};
pub use void::{TakeBack, offer_gone};
pub(crate) use watch::watch;

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::approval::{Approval, ApprovalKind, Grounds, KeyDecisionLine};
use placewell_domain::placing::referral::Referral;
use placewell_domain::setting::{Key, Scope};
use placewell_store::{Session, Work};

use crate::answer::{Answer, Outcome};
use crate::command::Receipt;
use crate::office::message::Notice;
use crate::placing::child::sealing::must_be_opened;
use crate::power::decision::call_in_rule;

/// The line above which a placement is a key decision of its own (rule 6.1).
pub const KEY_LINE: Key<Option<KeyDecisionLine>> = Key {
    name: "key_decision.placements",
    title: "Key-decision line for placements",
    effect: "Awards asked for from that day on whose whole-term value reaches the line need a key decision of their \
             own, or the monitoring officer's opinion that an earlier one covers them.",
    source: "No line, as in most constitutions: a single placement implements the decision that adopted the arrangement",
    scope: Scope::Authority,
    keeper: Action::RecordDecision,
    form: None,
    default: || None,
};

/// An approval at the version that the page was made from.
async fn current(work: &Work, reference: &str, version: i64) -> Answer<Approval> {
    let approval = work.approval(work.org(), reference).await?;
    if approval.version == version { Ok(approval) } else { Err(Outcome::Conflict) }
}

/// The same, to be given or refused: whoever decides on the same recommendation at that moment comes before or after.
async fn to_decide(work: &Work, reference: &str, version: i64) -> Answer<Approval> {
    let approval = current(work, reference, version).await?;
    work.lock_recommendation(approval.recommendation).await?;
    Ok(approval)
}

/// With the last approval the chosen home is told who the child is: a sealed record was opened by whoever gives one, or
/// writes one down.
async fn opened_to_award(work: &Work, actor: &Actor, approval: &Approval) -> Answer<()> {
    let child = work.referral(work.org(), approval.referral).await?.child;
    must_be_opened(work, actor, child).await
}

fn page_of(approval: &Approval) -> Receipt {
    Receipt::at(format!("/approvals/{}", approval.reference))
}

/// Keeps that an award for a child was refused at the ceiling: a spot purchase for the same child soon after says so
/// (rule 3.6).
async fn keep_if_at_ceiling(work: &mut Work, refusal: &Refusal, referral: &Referral) -> Answer<()> {
    if refusal.code == "ceiling_reached" {
        work.keep_ceiling_refusal(referral.id, referral.child).await?;
        let event = Event::new("approval.refused_at_ceiling", "referral", referral.id.0, referral.version);
        work.record(event.with("reference", &referral.reference));
    }
    Ok(())
}

/// What is recorded about powers, for deciding whether a person may give an approval.
async fn grounds_of(session: &Session, approval: &Approval, today: Date) -> Answer<Grounds> {
    let org = approval.authority;
    Ok(Grounds {
        scheme: session.scheme(org).await?,
        appointments: session.statutory_appointments(approval.responsible).await?,
        urgency: session.urgency_powers(org).await?,
        on_call: session.on_call(org).await?,
        days: call_in_rule(session, org, today).await?.calendar,
    })
}

/// A mail to the people who can decide an approval.
fn approver_notice(approval: &Approval, act: &str) -> Notice {
    let to: OrganisationId = match approval.kind {
        ApprovalKind::NominatedOfficer | ApprovalKind::DirectorOfChildrensServices => approval.responsible,
        ApprovalKind::MonitoringOfficer | ApprovalKind::Power | ApprovalKind::SpotPower => approval.authority,
    };
    Notice {
        to: to.0,
        role: Role::Approver,
        subject: format!("{}: {act}", approval.reference),
        lines: vec![format!("{}. Start: {}.", approval.kind.label(), long_date(approval.facts.start))],
        path: format!("/approvals/{}", approval.reference),
    }
}

/// A mail to the placing authority's officers about an approval.
fn officer_notice(approval: &Approval, act: &str) -> Notice {
    Notice {
        to: approval.authority.0,
        role: Role::PlacementOfficer,
        subject: format!("{}: {act}", approval.reference),
        lines: vec![format!("{}: {act}.", approval.kind.label())],
        path: format!("/approvals/{}", approval.reference),
    }
}
