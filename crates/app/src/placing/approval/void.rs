//! Approvals that no longer count: facts changed, the offer is gone, or the officer takes the recommendation back. What an
//! emergency let follow goes with them, and the offer can be recommended again.

use std::sync::Arc;

use placewell_domain::id::{OfferId, OrganisationId};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::approval::{Approval, FactChange, VoidReason};
use placewell_domain::placing::offer::OfferState;
use placewell_domain::placing::referral::Referral;
use placewell_store::Work;
use placewell_store::outbox::TakenJob;
use placewell_store::placing::approval::GoneOffer;
use serde::Serialize;

use super::{approver_notice, current, officer_notice, page_of};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};

/// Voids every approval of a recommendation that stands, and drops what was to follow it. Both sides hear of it in these
/// words, where there are any.
pub(super) async fn void_all(work: &mut Work, recommendation: i64, reason: &VoidReason, told: &str) -> Answer<()> {
    let moment = work.moment();
    for other in work.approvals_of(work.org(), recommendation).await? {
        if !other.stands() {
            continue;
        }
        let voided = work.apply(other.void(reason.clone(), moment)?).await?;
        if !told.is_empty() {
            work.enqueue(officer_notice(&voided, told).job()?);
            work.enqueue(approver_notice(&voided, told).job()?);
        }
    }
    drop_follow_ups(work, recommendation).await
}

/// Nothing follows a recommendation that ended without a placement.
async fn drop_follow_ups(work: &mut Work, recommendation: i64) -> Answer<()> {
    for follow in work.follow_ups_of(work.org(), recommendation).await? {
        if follow.due() {
            let change = follow.drop(work.moment())?;
            work.apply(change).await?;
        }
    }
    Ok(())
}

/// Facts changed: every approval of the recommendation is void, and the offer can be recommended again.
pub(super) async fn void(work: &mut Work, approval: &Approval, changes: Vec<FactChange>) -> Answer<Receipt> {
    let reason = VoidReason::FactsChanged { changes };
    void_all(work, approval.recommendation, &reason, "void, because facts changed").await?;
    set_aside(work, approval).await?;
    Ok(page_of(approval))
}

/// The recommended offer can be recommended again.
pub(super) async fn set_aside(work: &mut Work, approval: &Approval) -> Answer<()> {
    let offer = work.offer(work.org(), approval.offer).await?;
    if offer.state == OfferState::Recommended {
        let change = offer.set_aside()?;
        work.apply(change).await?;
    }
    Ok(())
}

/// Why the approvals of an offer in this state are void, in the record's words and in a mail's; none where they stand.
const fn gone(state: &OfferState) -> Option<(VoidReason, &'static str)> {
    match state {
        OfferState::Withdrawn { .. } => Some((VoidReason::OfferWithdrawn, "void, because the offer was withdrawn")),
        OfferState::Expired { .. } => Some((VoidReason::OfferExpired, "void, because the offer is no longer valid")),
        _ => None,
    }
}

/// Voids what rests on a referral's offers that are gone, so that nothing stands in the way of the next recommendation.
pub(super) async fn void_gone(work: &mut Work, referral: &Referral) -> Answer<()> {
    for approval in work.standing_approvals(work.org(), referral.id).await? {
        void_offer(work, approval.offer, approval.recommendation).await?;
    }
    Ok(())
}

async fn void_offer(work: &mut Work, offer: OfferId, recommendation: i64) -> Answer<()> {
    let offer = work.offer(work.org(), offer).await?;
    match gone(&offer.state) {
        Some((reason, told)) => void_all(work, recommendation, &reason, told).await,
        None => Ok(()),
    }
}

/// Voids what rests on an offer that its provider took back or whose validity ran out: in the authority's own
/// transaction, because a provider sees no approval.
pub async fn offer_gone(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let gone: GoneOffer = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(gone.authority), app.calendar.now()).await?;
    match gone_in(&mut work, OfferId(gone.offer)).await {
        Ok(()) => Ok(work.commit(Machine::now()).await?),
        Err(outcome) => {
            work.roll_back().await?;
            Err(outcome)
        }
    }
}

async fn gone_in(work: &mut Work, offer: OfferId) -> Answer<()> {
    for approval in work.approvals_on_offer(work.org(), offer).await? {
        void_offer(work, offer, approval.recommendation).await?;
    }
    Ok(())
}

/// Refused where the offer is no longer before the approver.
pub(super) fn still_recommended(case: &super::case::Case) -> Result<(), Refusal> {
    if case.offer.state == OfferState::Recommended {
        return Ok(());
    }
    Err(Refusal::new(
        "offer_gone",
        "An approval rests on an offer that is recommended",
        format!("The offer of {} is no longer before you, so nothing can be approved.", case.home.name),
        "The placement officer, by recommending again",
    )
    .found(case.offer.state.label()))
}

/// The officer takes the recommendation back: every approval of it is void, and the offer stands on the shortlist again.
#[derive(Debug, Clone, Serialize)]
pub struct TakeBack {
    /// One of its approvals.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for TakeBack {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "approval.take_back";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = current(work, &self.reference, self.version).await?;
        if approval.authority != work.org() {
            return Err(Outcome::NotFound);
        }
        if let Some(agreement) = work.agreement_of(work.org(), approval.referral).await? {
            return Err(Refusal::new(
                "already_awarded",
                "A recommendation is taken back before the award, never after it",
                "The placement is awarded, so its recommendation cannot be taken back.",
                "You, by cancelling the agreement before the start",
            )
            .found(agreement.reference.to_string())
            .into());
        }
        approval.must_stand("be taken back")?;
        let reason = VoidReason::TakenBack { by: actor.person };
        void_all(work, approval.recommendation, &reason, "the recommendation was taken back").await?;
        set_aside(work, &approval).await?;
        Ok(page_of(&approval))
    }
}
