//! What follows in an authority when a home comes off a lot: of what is asked of it from that day on, approvals are void, offers
//! not chosen, invitations withdrawn, and both sides are told. What is agreed goes on, and so does a mini-block.

use std::sync::Arc;

use placewell_domain::calendar::long_date;
use placewell_domain::homes::admission::admitted_on;
use placewell_domain::id::{HomeId, InvitationId, OfferId, OrganisationId};
use placewell_domain::office::access::Role;
use placewell_domain::placing::offer::{NotChosenReason, Offer};
use placewell_domain::placing::referral::Tier;
use placewell_store::Work;
use placewell_store::outbox::TakenJob;

use super::standing::{Stop, close_offer, withdraw_all};
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::homes::admission::leaving::Left;
use crate::office::message::{Notice, deliver};
use crate::power::arrangement::lot_named;

/// Does it; a second run finds nothing left to do, and so does one for a home that is on the lot again.
pub async fn follow_leaving(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let left: Left = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(left.authority), app.calendar.now()).await?;
    let done = follow(&mut work, &left, job.id).await;
    ended(work, done).await
}

async fn follow(work: &mut Work, left: &Left, job: i64) -> Answer<()> {
    let home = work.home(HomeId(left.home)).await?;
    let (offers, invitations) = touched(work, left).await?;
    if offers.is_empty() && invitations.is_empty() {
        return Ok(());
    }
    let (from, named) = (long_date(left.until), lot_named(work, &left.lot).await?);
    let stop = Stop {
        name: &home.name,
        why: format!("{}, off the lot from {from}", left.why.label()),
        now: ("Lot", format!("off it from {from}")),
        was: |_| "on the lot".to_owned(),
        closes: ("void, because the home is off the lot", NotChosenReason::HomeOffLot),
        path: "/provider/referrals",
    };
    for offer in &offers {
        close_offer(work, *offer, &stop).await?;
    }
    let late = withdraw_all(work, &invitations, &stop).await?;
    let closed = offers.len() + usize::try_from(late).unwrap_or_default();
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: off lot {named} from {from}", home.name),
        lines: vec![
            format!("Why: {}.", left.why.label()),
            format!("Closed: {closed} offers. Withdrawn: {} invitations.", invitations.len()),
            "Your children who live there stay.".to_owned(),
        ],
        path: format!("/homes/{}", home.urn),
    };
    deliver(work, &notice, &format!("admission/left/{job}")).await
}

/// The open offers and invitations of this authority through the arrangement with a start on which the home is not on the lot;
/// an invitation with an offer that begins while it is there stands.
async fn touched(work: &Work, left: &Left) -> Answer<(Vec<OfferId>, Vec<InvitationId>)> {
    let home = HomeId(left.home);
    let held = work.admissions_of(home).await?;
    let off = |start| admitted_on(&held, home, &left.lot, start).is_none();
    let open = work.open_at(work.org(), &[home], Some(&left.lot)).await?;
    let (mut offers, mut invitations) = (Vec::new(), Vec::new());
    for id in open.offers {
        let offer = work.offer(work.org(), id).await?;
        let invitation = work.invitation(work.org(), offer.invitation).await?;
        if invitation.tier == Tier::Fca && invitation.profile.lot == left.lot && off(offer.terms.start) {
            offers.push(id);
        }
    }
    for id in open.invitations {
        let invitation = work.invitation(work.org(), id).await?;
        if invitation.tier != Tier::Fca || !invitation.profile.start.is_some_and(off) {
            continue;
        }
        let sent = |offer: &Offer| offer.state.choosable() && !off(offer.terms.start);
        if !work.offers_on(work.org(), id).await?.iter().any(sent) {
            invitations.push(id);
        }
    }
    Ok((offers, invitations))
}
