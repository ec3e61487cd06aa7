//! What a measure of the region does in an authority, in that authority's own transaction: approvals that rest on the homes
//! are void, offers not chosen, invitations withdrawn; each child placed there gets a review; both sides are told.

use std::sync::Arc;

use placewell_domain::homes::home::Home;
use placewell_domain::homes::standing::measure::{Affected, Measure, REVIEW_DAYS};
use placewell_domain::homes::standing::review::{PlacementReview, ReviewState};
use placewell_domain::id::{InvitationId, MeasureId, OfferId, OrganisationId};
use placewell_domain::office::access::Role;
use placewell_domain::placing::approval::{Approval, FactChange, VoidReason};
use placewell_domain::placing::invitation::{Invitation, grouped_by_provider};
use placewell_domain::placing::offer::{NotChosenReason, OfferState};
use placewell_store::Work;
use placewell_store::homes::standing::OpenAt;

use super::void::void_all;
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::homes::standing::{homes_of, own_page};
use crate::office::message::{Notice, deliver};
use crate::placing::referral::ending::not_choose;
use crate::power::decision::call_in_rule;

/// Why a home takes no new placements, as what is closed says it and both sides are told.
pub(super) struct Stop<'a> {
    /// The home, or its provider, by name.
    pub name: &'a str,
    /// Why, in a mail's words.
    pub why: String,
    /// Which fact of an approval it changes for the worse, and how that stands now.
    pub now: (&'static str, String),
    /// How it stood when an approval was asked for.
    pub was: fn(&Approval) -> String,
    /// What is said of an approval that is void by it, and of an offer that is closed.
    pub closes: (&'static str, NotChosenReason),
    /// Where the provider reads of it.
    pub path: &'static str,
}

impl<'a> Stop<'a> {
    fn by(measure: &'a Measure) -> Self {
        Self {
            name: &measure.name,
            why: measure.reason.label().to_owned(),
            now: ("Standing", measure.standing.label().to_owned()),
            was: |approval| approval.facts.standing.label().to_owned(),
            closes: ("void, because the home takes no new placements", NotChosenReason::HomeSuspended),
            path: "/provider/standing",
        }
    }
}

/// Does it; a second run finds nothing left to do.
pub(crate) async fn follow_measure(app: &Arc<App>, authority: OrganisationId, id: MeasureId) -> Answer<()> {
    let mut work = app.store.begin(authority, app.calendar.now()).await?;
    let done = follow(&mut work, id).await;
    ended(work, done).await
}

async fn follow(work: &mut Work, id: MeasureId) -> Answer<()> {
    let measure = work.measure(id).await?;
    let homes = homes_of(work, &measure).await?;
    let ids: Vec<_> = homes.iter().map(|home| home.id).collect();
    let open = work.open_at(work.org(), &ids, measure.lot.as_deref()).await?;
    let mut done = Affected::none(work.org());
    if measure.stops() {
        let all = open.affected(work.org());
        // A child named for a bed is counted where the nomination is taken back.
        done = Affected { beds: 0, placements: 0, ..all };
        let stop = Stop::by(&measure);
        for offer in &open.offers {
            close_offer(work, *offer, &stop).await?;
        }
        let late = withdraw_all(work, &open.invitations, &stop).await?;
        done.offers = done.offers.saturating_add(late);
        done.placements = open_reviews(work, &measure, &homes, &open).await?;
    } else {
        done.placements = if work.followed_here(id).await? { 0 } else { open.affected(work.org()).placements };
    }
    if !done.any() {
        return Ok(());
    }
    work.keep_followed(measure.region, measure.id, &done).await?;
    tell(work, &measure, &done).await
}

/// The approvals that rest on an offer are void, as its home takes no new placements (rule 1.7); then the offer is not chosen.
pub(super) async fn close_offer(work: &mut Work, id: OfferId, stop: &Stop<'_>) -> Answer<()> {
    let mut voided = Vec::new();
    for approval in work.approvals_on_offer(work.org(), id).await? {
        if voided.contains(&approval.recommendation) {
            continue;
        }
        voided.push(approval.recommendation);
        let change = FactChange {
            fact: stop.now.0.to_owned(),
            was: (stop.was)(&approval),
            now: stop.now.1.clone(),
            voids: true,
        };
        let reason = VoidReason::FactsChanged { changes: vec![change] };
        void_all(work, approval.recommendation, &reason, stop.closes.0).await?;
    }
    let offer = work.offer(work.org(), id).await?;
    let referral = work.referral(work.org(), offer.referral).await?;
    not_choose(work, referral.state.sent(), offer, stop.closes.1).await?;
    Ok(())
}

/// Homes that were asked are asked no longer; a draft that a home has not sent goes with it, and so does what it sent since the
/// open offers were read: how many there were of these. An invitation is read before its offers, so that whatever is offered
/// after that meets another version of it.
pub(super) async fn withdraw_all(work: &mut Work, invitations: &[InvitationId], stop: &Stop<'_>) -> Answer<u32> {
    let (mut withdrawn, mut late) = (Vec::<Invitation>::new(), 0_u32);
    for id in invitations {
        let invitation = work.invitation(work.org(), *id).await?;
        for offer in work.offers_on(work.org(), *id).await? {
            if offer.state == OfferState::Draft {
                let referral = work.referral(work.org(), offer.referral).await?;
                not_choose(work, referral.state.sent(), offer, stop.closes.1).await?;
            } else if OfferState::OPEN.contains(&offer.state.name()) {
                close_offer(work, offer.id, stop).await?;
                late = late.saturating_add(1);
            }
        }
        let change = invitation.withdraw(work.moment())?;
        withdrawn.push(work.apply(change).await?);
    }
    for (provider, own) in grouped_by_provider(&withdrawn) {
        let notice = Notice {
            to: provider.0,
            role: Role::ProviderManager,
            subject: format!("{}: asked no longer", stop.name),
            lines: vec![
                format!("{} referrals are no longer with you: {}.", own.len(), stop.why),
                "Your offers to them are closed.".to_owned(),
            ],
            path: stop.path.to_owned(),
        };
        work.enqueue(notice.job()?);
    }
    Ok(late)
}

/// A review for each placement that goes on or has not begun, by the end of some working days; how many are new.
async fn open_reviews(work: &mut Work, measure: &Measure, homes: &[Home], open: &OpenAt) -> Answer<u32> {
    let today = work.moment().today();
    let days = call_in_rule(work, work.org(), today).await?.calendar;
    let due = days.nth_working_day_after(today, REVIEW_DAYS);
    let mut new = 0_u32;
    for (agreement, home) in &open.agreements {
        if work.has_review(work.org(), measure.id, *agreement).await? {
            continue;
        }
        let reference = work.agreement_by_id(work.org(), *agreement).await?.reference;
        let name = homes.iter().find(|one| one.id == *home).map(|one| one.name.clone()).unwrap_or_default();
        let review = PlacementReview {
            id: work.new_id(),
            version: 0,
            authority: work.org(),
            measure: measure.id,
            agreement: *agreement,
            reference,
            home: *home,
            name,
            due,
            state: ReviewState::Due,
        };
        work.apply(PlacementReview::open(review)).await?;
        new = new.saturating_add(1);
    }
    Ok(new)
}

async fn tell(work: &mut Work, measure: &Measure, done: &Affected) -> Answer<()> {
    let mut notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: {}", measure.name, measure.standing.label().to_lowercase()),
        lines: vec![
            format!("Why: {}.", measure.reason.label()),
            format!("{} children placed there; {} referrals asked there.", done.placements, done.referrals),
            format!("Closed: {} offers. Void: {} approvals.", done.offers, done.approvals),
            "Each child's placement has a review to record.".to_owned(),
        ],
        path: own_page(measure.id),
    };
    if !measure.stops() {
        notice.lines.truncate(1);
        notice.lines.push(format!("{} children placed there. Nothing is closed.", done.placements));
    }
    deliver(work, &notice, &format!("standing/{}/officers", measure.id)).await?;
    if done.placements > 0 {
        let approvers = Notice { role: Role::Approver, ..notice };
        deliver(work, &approvers, &format!("standing/{}/approvers", measure.id)).await?;
    }
    Ok(())
}
