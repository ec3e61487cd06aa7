//! Writing the invitations of a search with their answers: declined, silent, offered; and, while the search goes on,
//! only what homes can have said by this morning.

use jiff::civil::{DateTime, date};
use placewell_domain::homes::price::LineKind;
use placewell_domain::id::{AgreementId, InvitationId, OfferId};
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::placing::invitation::{Asking, Channel, DeclineReason, Declined, Invitation, InvitationState};
use placewell_domain::placing::offer::{
    Met, MustHaveAnswer, NotChosenReason, Offer, OfferState, OfferTerms, OfferWords, Submission,
};
use placewell_domain::placing::referral::{Narrative, Out, Referral, Tier};
use placewell_domain::sealed::Sealed;
use placewell_store::Work;
use placewell_store::work::Record;

use super::history::{Desk, line};
use super::traces;
use crate::answer::Answer;
use crate::clock::moment_of;
use crate::demonstration::chance::Chance;
use crate::demonstration::history::{Ended, SearchPlan};
use crate::demonstration::live::{Stage, between};
use crate::demonstration::prices;

/// What the invitations of a search are written with.
pub struct Asked {
    /// The search.
    pub referral: Referral,
    /// Its words.
    pub narrative: Narrative,
    /// How it was sent.
    pub out: Out,
    /// The agreement that it led to, where it did.
    pub agreement: AgreementId,
    /// Whether it was made in this system: then each invitation says why the home was asked.
    pub full: bool,
}

/// Writes its invitations and offers; the accepted offer's id with the search.
pub async fn write(work: &Work, desk: &mut Desk<'_>, plan: &SearchPlan, asked: &Asked) -> Answer<Option<OfferId>> {
    let mut accepted = None;
    let (referral, out) = (&asked.referral, &asked.out);
    let shared = referral.profile.for_homes();
    // What a home may still read is sealed for it; what it can no longer read was never brought over.
    let readable = out.deadline > date(2021, 8, 1).at(0, 0, 0, 0);
    for (at, (home, tier)) in plan.asked.iter().copied().enumerate() {
        let made = &desk.written.homes[home];
        let id = InvitationId(work.new_id());
        desk.brought.invitations.push(id.0);
        let offers = at < plan.offers;
        let key = if offers || readable {
            Some(work.new_invitation_key(made.provider, id, referral.child).await?)
        } else {
            None
        };
        let words = match &key {
            Some(key) if readable => key.seal(&asked.narrative.shared(&referral.profile.standard))?,
            _ => Sealed::from_bytes(Vec::new()),
        };
        let day = out.sent.date();
        let asking = Asking {
            number: u32::try_from(at + 1).unwrap_or(1),
            referral: referral.id,
            reference: referral.reference.clone(),
            authority: desk.org,
            provider: made.provider,
            home: made.id,
            tier,
            deadline: out.deadline,
            prices: out.prices,
            scoring: out.scoring.clone(),
            profile: shared.clone(),
            words,
            trace: if asked.full {
                traces::known_then(desk.world, desk.written, desk.part, (home, referral), day)
            } else {
                traces::made_before(day)
            },
        };
        let (mut invitation, _) = Invitation::ask(id, asking, moment_of(out.sent)).into_parts();
        if let (true, Some(key)) = (offers, key) {
            let offer = OfferId(work.new_id());
            invitation.state = InvitationState::Offered { offer };
            invitation.write(work).await?;
            let (terms, words) = terms(desk, plan, &invitation, (home, at), out);
            let sealed = key.seal(&words)?;
            let (mut offer, _) = Offer::draft(offer, &invitation, terms, sealed, moment_of(out.sent))?.into_parts();
            offer.submission = Some(submitted(&mut desk.chance, plan, out));
            offer.state = outcome(plan, at, asked.agreement);
            offer.write(work).await?;
            desk.brought.offers.push(offer.id.0);
            if at == 0 && matches!(plan.ended, Ended::Placed(_) | Ended::Spot(_)) {
                accepted = Some(offer.id);
            }
            continue;
        }
        invitation.state = unanswered(&mut desk.chance, plan, out);
        invitation.write(work).await?;
    }
    Ok(accepted)
}

/// What a home that has not offered says: half of those of the past did not answer in time.
fn unanswered(chance: &mut Chance, plan: &SearchPlan, out: &Out) -> InvitationState {
    match plan.ended {
        Ended::Open(Stage::Waiting) => match chance.weighted(&[40, 35, 25]) {
            0 => InvitationState::Asked,
            1 => InvitationState::Opened { at: between(out.sent, out.deadline, chance) },
            _ => {
                let at = between(out.sent, out.deadline, chance);
                declined(chance, at)
            }
        },
        Ended::Open(_) | Ended::Placed(_) | Ended::Spot(_) | Ended::NotPlaced(_) | Ended::Withdrawn(_) => {
            if chance.percent(45) {
                InvitationState::NoReply { at: out.deadline }
            } else {
                declined(chance, out.deadline)
            }
        }
    }
}

/// Decline reasons as the field reports them.
fn declined(chance: &mut Chance, at: DateTime) -> InvitationState {
    let reasons = [
        DeclineReason::ResidentMix,
        DeclineReason::NoStaffedBed,
        DeclineReason::OutsidePurpose,
        DeclineReason::Risk,
        DeclineReason::DistanceOrArea,
        DeclineReason::Price,
        DeclineReason::InformationMissing,
    ];
    let reason = reasons[chance.weighted(&[35, 25, 15, 10, 5, 3, 7])];
    InvitationState::Declined(Declined { reason, at, channel: Channel::Portal, entered: None, evidence: None })
}

/// What the home offers: within its tendered price where it is on the lot.
fn terms(
    desk: &mut Desk<'_>,
    plan: &SearchPlan,
    invitation: &Invitation,
    (home, at): (usize, usize),
    out: &Out,
) -> (OfferTerms, OfferWords) {
    let start = plan.wish.start;
    let planned = &desk.world.homes.homes[home];
    let tendered = planned.lots.iter().find(|(lot, _)| *lot == plan.wish.lot).map(|(_, price)| *price);
    let now = match (tendered, invitation.tier) {
        (Some(price), Tier::Fca | Tier::MiniBlock) => price * desk.chance.between(96, 100) / 1_000 * 10,
        (_, Tier::InHouse) => prices::draw("block", &mut desk.chance),
        _ => prices::draw(plan.wish.lot, &mut desk.chance),
    };
    let weekly = match plan.ended {
        Ended::Placed(placement) if at == 0 => {
            desk.world.stays.stays[desk.world.history.placements[placement].stay].price
        }
        Ended::Spot(stay) if at == 0 => desk.world.stays.stays[stay].price,
        _ => prices::as_of(now, start),
    };
    let musts = invitation.profile.must_haves;
    let words = OfferWords {
        must_haves: musts.iter().map(|need| (need, "Our team does this now.".to_owned())).collect(),
        impact: "The children who live here know of the move.".to_owned(),
        conditions: String::new(),
    };
    let terms = OfferTerms {
        bed: free_bed(desk, home, plan),
        start,
        lines: vec![line(LineKind::Core, "Core price", Pence::pounds(weekly), start)],
        must_haves: musts.iter().map(|need| MustHaveAnswer { need, met: Met::Yes }).collect(),
        solo: false,
        keeps_school: Some(desk.chance.percent(50)),
        residents: Vec::new(),
        valid_until: plus_days(out.deadline.date(), 14).at(17, 0, 0, 0),
    };
    (terms, words)
}

/// A bed that nobody has on the first night; none where the last one went since the home was asked.
fn free_bed(desk: &Desk<'_>, home: usize, plan: &SearchPlan) -> Option<placewell_domain::id::BedId> {
    let start = plan.wish.start;
    let stays = || desk.world.by_home[home].iter().map(|at| &desk.world.stays.stays[*at]);
    let chosen = match plan.ended {
        Ended::Placed(at) => {
            let stay = &desk.world.stays.stays[desk.world.history.placements[at].stay];
            (stay.home == home).then_some(stay.bed)
        }
        Ended::Spot(at) => {
            let stay = &desk.world.stays.stays[at];
            (stay.home == home).then_some(stay.bed)
        }
        Ended::NotPlaced(_) | Ended::Withdrawn(_) | Ended::Open(_) => None,
    };
    let taken =
        |bed: u8| stays().any(|stay| stay.bed == bed && stay.from <= start && stay.to.is_none_or(|to| to > start));
    let shut = |bed: u8| {
        let closed = desk.world.stays.closed.iter();
        closed.filter(|one| one.home == home && one.bed == bed).any(|one| one.to.is_none_or(|to| to > start))
    };
    let bed = chosen.or_else(|| (0..desk.world.homes.homes[home].places).find(|bed| !taken(*bed) && !shut(*bed)));
    desk.written.beds[home].get(usize::from(bed?)).copied()
}

fn submitted(chance: &mut Chance, plan: &SearchPlan, out: &Out) -> Submission {
    let at = match plan.ended {
        Ended::Open(_) => between(out.sent, out.deadline, chance),
        Ended::Placed(_) | Ended::Spot(_) | Ended::NotPlaced(_) | Ended::Withdrawn(_) => {
            out.deadline.saturating_sub(jiff::Span::new().minutes(chance.between(20, 900)))
        }
    };
    Submission { at, page_opened: None, channel: Channel::Portal, entered: None, evidence: None, late_reason: None }
}

fn outcome(plan: &SearchPlan, at: usize, agreement: AgreementId) -> OfferState {
    let reason = match plan.ended {
        Ended::Placed(_) | Ended::Spot(_) if at == 0 => return OfferState::Accepted { agreement },
        Ended::Open(_) => return OfferState::Sent,
        Ended::Withdrawn(_) => NotChosenReason::ReferralWithdrawn,
        Ended::Placed(_) | Ended::Spot(_) => NotChosenReason::BetterMatch,
        Ended::NotPlaced(_) => NotChosenReason::SearchEnded,
    };
    OfferState::NotChosen { reason, position: None }
}
