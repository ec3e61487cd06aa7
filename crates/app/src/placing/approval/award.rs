//! The award, in the transaction of the last approval and in one order: offer, referral and agreement, then the bed,
//! then the organisation's lock, the price lines and the ledger. All of it, or none.
//!
//! Where the last approval came from another organisation (rule 1.4), a job makes the award in the placing body's own
//! transaction, because no transaction writes two authorities' money.

use std::sync::Arc;

use placewell_domain::buying::spot::SpotReason;
use placewell_domain::change::Event;
use placewell_domain::homes::home::Home;
use placewell_domain::id::{AgreementId, BedUseId, OrganisationId, Reference, ReferenceKind};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;
use placewell_domain::office::access::Role;
use placewell_domain::placing::agreement::{
    Added, Agreement, AgreementState, AgreementTerms, Condition, KeptParticulars, Particulars, PricePoint, RestsOn,
    STANDARD_NOTICE, Signatures, conditions_of,
};
use placewell_domain::placing::approval::{
    Approval, ApprovalState, FactChange, GivenBasis, Recommendation, VoidReason,
};
use placewell_domain::placing::occupancy::{BedUse, Sleeper, UseState};
use placewell_domain::placing::offer::{NotChosenReason, Offer, price_position};
use placewell_domain::placing::referral::{LegalBasis, LostBy, LostSearches};
use placewell_domain::power::annual_value::Route;
use placewell_domain::power::arrangement::Cited;
use placewell_store::Work;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::placing::agreement::{at_block_job, paper_job};
use serde::{Deserialize, Serialize};

use super::bed::bed_for;
use super::case::{Case, hash};
use super::deciding::facts_now;
use super::urgent::{commit_award, open_decision};
use super::void::{set_aside, void, void_all};
use super::{approver_notice, keep_if_at_ceiling, officer_notice};
use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::office::message::Notice;
use crate::placing::disclosure;
use crate::placing::referral::ending::close_search;
use crate::placing::referral::working_days;
use crate::power::arrangement::{may_award, takes_part_with, terms_between};

/// The job that settles a recommendation in the placing body's own transaction.
pub const SETTLE: &str = "approval.settle";

#[derive(Debug, Serialize, Deserialize)]
struct ToSettle {
    authority: i64,
    recommendation: i64,
}

/// What follows from a decision: all others void where one was refused, the award where all are given. `case` is what this
/// work has read of it already, where it has.
pub(super) async fn settle(work: &mut Work, approval: &Approval, case: Option<Box<Case>>) -> Answer<()> {
    if approval.authority != work.org() {
        let to = ToSettle { authority: approval.authority.0, recommendation: approval.recommendation };
        work.enqueue(Job::new(SETTLE, &serde_json::to_value(to)?).about("recommendation", approval.recommendation));
        return Ok(());
    }
    settle_here(work, approval.recommendation, case).await
}

async fn settle_here(work: &mut Work, recommendation: i64, case: Option<Box<Case>>) -> Answer<()> {
    let approvals = work.approvals_of(work.org(), recommendation).await?;
    let refused = approvals.iter().any(|approval| matches!(approval.state, ApprovalState::Refused { .. }));
    if refused {
        void_all(work, recommendation, &VoidReason::OtherRefused, "").await?;
        return match approvals.first() {
            Some(first) => set_aside(work, first).await,
            None => Ok(()),
        };
    }
    if approvals.is_empty() || approvals.iter().any(|approval| approval.state.given().is_none()) {
        return Ok(());
    }
    let recommendation = work.recommendation(work.org(), recommendation).await?;
    award(work, &recommendation, &approvals, case).await.map(|_| ())
}

/// Makes the award: the agreement is prepared, its nights are held, its value is committed.
async fn award(
    work: &mut Work,
    of: &Recommendation,
    approvals: &[Approval],
    case: Option<Box<Case>>,
) -> Answer<Agreement> {
    let today = work.moment().today();
    let Some(first) = approvals.first() else { return Err(Outcome::NotFound) };
    // Nothing that a case rests on was written since this work read it; what others write meets the rows' versions.
    let case = match case.filter(|case| case.is_of(first)) {
        Some(case) => case,
        None => Box::new(facts_now(work, first, today).await?),
    };
    case.gates()?;
    within_the_term(work, &case, approvals, today).await?;
    tell_of_kept(work, approvals, &first.facts.changes(&case.facts))?;
    let id = AgreementId(work.new_id());
    rows(work, &case, of, id).await?;
    let agreement = prepare(work, &case, of, approvals, id).await?;
    if let Some(price) = PricePoint::of(&agreement, &case.referral.profile, &case.home) {
        work.keep_price_points(&[(agreement.referral.0, price)]).await?;
    }
    if let Some(spot) = &case.facts.spot {
        // The region counts why it was not the arrangement, by the reason's code.
        let reason = SpotReason::ALL.iter().find(|reason| reason.label() == spot.reason);
        let code = reason.map_or("not_recorded", |reason| reason.code());
        work.lose_search(agreement.referral.0, &LostSearches::one(&case.referral, LostBy::Spot, code)).await?;
    }
    hold_bed(work, &case.home, &agreement).await?;
    work.add_price_lines(&agreement).await?;
    commit_award(work, &agreement, of).await?;
    if agreement.terms.route == Route::Block {
        work.enqueue(at_block_job(&agreement)?);
    }
    work.enqueue(paper_job(&agreement)?);
    let notice = Notice {
        to: agreement.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: an agreement to sign", agreement.reference),
        lines: vec![format!("Your offer on {} was chosen.", case.referral.reference)],
        path: format!("/agreements/{}", agreement.reference),
    };
    work.enqueue(notice.job()?);
    work.enqueue(officer_notice(first, "approved, and the agreement is prepared").job()?);
    Ok(agreement)
}

/// An award under a limb lies within the term that the authority's powers hold for, and before it leaves (rule 2.4); one
/// under an urgency power, or without one recorded, is the child's start and goes on (rule 1.3).
async fn within_the_term(work: &Work, case: &Case, approvals: &[Approval], today: jiff::civil::Date) -> Answer<()> {
    let by_limb = |approval: &Approval| {
        approval.state.given().is_none_or(|given| !matches!(given.basis, GivenBasis::Urgency { .. }))
    };
    if !case.facts.route.through_arrangement() || !approvals.iter().all(by_limb) {
        return Ok(());
    }
    may_award(work, work.org(), (today, case.facts.start)).await
}

/// A change that keeps an approval is told to whoever gave it (rule 1.7); no mail says a price.
fn tell_of_kept(work: &mut Work, approvals: &[Approval], changes: &[FactChange]) -> Answer<()> {
    if changes.is_empty() {
        return Ok(());
    }
    for approval in approvals {
        let mut notice = approver_notice(approval, "kept, although facts changed");
        notice.lines.extend(changes.iter().map(|change| {
            let FactChange { fact, was, now, .. } = change;
            if [was, now].iter().any(|said| said.contains('£')) {
                format!("{fact}: changed, as the page says")
            } else {
                format!("{fact}: {was} to {now}")
            }
        }));
        work.enqueue(notice.job()?);
        let event = Event::new("approval.kept", "approval", approval.id.0, approval.version);
        let event = changes
            .iter()
            .fold(event, |event, change| event.with(&change.fact, format!("{} to {}", change.was, change.now)));
        work.record(event);
    }
    Ok(())
}

/// Offers and referral: the chosen one accepted, every other closed with its own reason.
async fn rows(work: &mut Work, case: &Case, of: &Recommendation, id: AgreementId) -> Answer<()> {
    let change = case.offer.clone().accept(id)?;
    let accepted = work.apply(change).await?;
    disclosure::chosen(work, &case.referral, &accepted).await?;
    let open = work.open_offers_of(work.org(), case.referral.id).await?;
    let prices: Vec<Pence> = open.iter().map(Offer::total).chain([case.offer.total()]).collect();
    for other in open {
        let position = Some(price_position(other.total(), &prices));
        let said = of.others.iter().find(|said| said.offer == other.id);
        let change = other.not_choose(said.map_or(NotChosenReason::BetterMatch, |said| said.reason), position)?;
        work.apply(change).await?;
    }
    let change = case.referral.clone().agree(id)?;
    let referral = work.apply(change).await?;
    let close = |invitation: placewell_domain::placing::invitation::Invitation, moment| invitation.close(moment);
    close_search(work, &referral, Some(&case.offer), NotChosenReason::BetterMatch, close).await
}

async fn prepare(
    work: &mut Work,
    case: &Case,
    of: &Recommendation,
    approvals: &[Approval],
    id: AgreementId,
) -> Answer<Agreement> {
    let cited = match work.current_arrangement().await? {
        Some(kept) if case.facts.route.through_arrangement() => {
            let with = (case.home.id, case.offer.provider);
            let joined = takes_part_with(work, kept.arrangement.id, with).await?;
            let sides = (work.org(), case.offer.provider);
            terms_between(work, &kept.arrangement, sides, (joined, case.facts.start)).await?
        }
        _ => Cited::default(),
    };
    // Read before the home's lock and the number: whoever awards next waits for both until this is committed.
    let added = Added {
        particulars: Some(particulars(work, case).await?),
        conditions: conditions(work, case, approvals).await?,
        ..Added::default()
    };
    let bed = bed_for(work, case).await?;
    let number = work.next_number("agreement").await?;
    let authority = case.referral.reference.authority.clone();
    let terms = AgreementTerms {
        route: case.facts.route,
        lot: case.invitation.profile.lot.clone(),
        home: case.home.id,
        bed,
        solo: case.facts.solo,
        start: case.facts.start,
        lines: case.facts.lines.clone(),
        notice: STANDARD_NOTICE.to_vec(),
        charged: case.facts.charged,
        terms_version: cited.terms,
        specification_version: cited.specification,
        distance: case.facts.distance,
    };
    let agreement = Agreement {
        id,
        version: 0,
        reference: Reference { authority, kind: ReferenceKind::Agreement, number },
        authority: work.org(),
        responsible: of.responsible,
        provider: case.offer.provider,
        child: of.child,
        referral: of.referral,
        offer: of.offer,
        case: of.case,
        terms,
        planned_end: case.facts.planned_end,
        reviews: Vec::new(),
        rests_on: approvals.iter().filter_map(rests_on).collect(),
        facts: hash(&case.facts),
        signatures: Signatures::default(),
        added,
        state: AgreementState::Prepared,
    };
    let agreement = open_decision(work, agreement).await?;
    Ok(work.apply(Agreement::prepare(agreement)).await?)
}

/// What referral and offer say already about the child's care, under the key that both sides share.
async fn particulars(work: &Work, case: &Case) -> Answer<KeptParticulars> {
    let profile = &case.referral.profile;
    let offer = &case.offer.terms;
    let words = Particulars::at_award(profile.education, profile.health, offer.keeps_school, &offer.lines);
    let duties = profile.legal_basis.map(LegalBasis::duties);
    let days = working_days(work, work.org(), work.moment().today()).await?;
    Ok(KeptParticulars {
        words: work.invitation_key(work.org(), case.invitation.id).await?.seal(&words)?,
        complete: false,
        reviewed: duties.is_none_or(|duties| duties.first_review_within_working_days.is_some()),
        closures: days.closures().collect(),
        at: work.moment().local,
    })
}

/// The conditions of the approvals, which the child's key sealed, under the key that both sides of the agreement share.
async fn conditions(work: &Work, case: &Case, approvals: &[Approval]) -> Answer<Vec<Condition>> {
    let mut all = Vec::new();
    for approval in approvals {
        let Some(sealed) = approval.state.given().and_then(|given| given.conditions.as_ref()) else { continue };
        let text = work.child_key(work.org(), case.referral.child).await?.open(sealed)?;
        let shared = work.invitation_key(work.org(), case.invitation.id).await?;
        for words in conditions_of(&text) {
            all.push(Condition { approval: approval.reference.clone(), words: shared.seal(&words)?, met: None });
        }
    }
    Ok(all)
}

fn rests_on(approval: &Approval) -> Option<RestsOn> {
    let given = approval.state.given()?;
    Some(RestsOn {
        reference: approval.reference.clone(),
        what: approval.kind.label().to_owned(),
        rule: approval.triggers.first().map_or_else(String::new, |trigger| trigger.rule.clone()),
        by: given.by,
        at: given.at,
        basis: given.basis.clone(),
        verbal: given.verbal.is_some(),
    })
}

/// Holds the bed for the planned nights, under the home's lock that its choice took; the database has the last word. A home
/// that shows no beds holds none.
async fn hold_bed(work: &mut Work, home: &Home, agreement: &Agreement) -> Answer<()> {
    let (from, to) = agreement.nights();
    let (Some(bed), Some(nights)) = (agreement.terms.bed, Nights::new(from, to)) else { return Ok(()) };
    let sleeper = Sleeper { agreement: agreement.id, nights, solo: agreement.terms.solo };
    let change = BedUse::hold(BedUseId(work.new_id()), home, bed, sleeper)?;
    let held = work.apply(change).await?;
    debug_assert_eq!(held.state, UseState::Held);
    Ok(())
}

/// Settles a recommendation whose last decision came from another organisation. What a rule refuses now is told to the
/// officer; the approvals stand.
pub async fn settle_later(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToSettle = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.authority), app.calendar.now()).await?;
    // Whoever decides here at this moment comes first: what is given by then is seen.
    work.lock_recommendation(to.recommendation).await?;
    let approvals = work.approvals_of(work.org(), to.recommendation).await?;
    let Some(first) = approvals.first().cloned() else {
        return Ok(work.roll_back().await?);
    };
    if work.agreement_of(work.org(), first.referral).await?.is_some() {
        return Ok(work.roll_back().await?);
    }
    work.savepoint().await?;
    let given = approvals.iter().all(|approval| approval.state.given().is_some());
    let today = work.moment().today();
    let done = if given {
        let now = facts_now(&work, &first, today).await?;
        let changes = first.facts.changes(&now.facts);
        if changes.iter().any(|change| change.voids) {
            void(&mut work, &first, changes).await.map(|_| ())
        } else {
            settle_here(&mut work, to.recommendation, Some(Box::new(now))).await
        }
    } else {
        settle_here(&mut work, to.recommendation, None).await
    };
    match done {
        Ok(()) => Ok(work.commit(Machine::now()).await?),
        Err(Outcome::Refused(refusal)) => {
            work.undo().await?;
            let referral = work.referral(work.org(), first.referral).await?;
            keep_if_at_ceiling(&mut work, &refusal, &referral).await?;
            work.enqueue(officer_notice(&first, &format!("approved, but cannot be awarded: {}", refusal.rule)).job()?);
            Ok(work.commit(Machine::now()).await?)
        }
        Err(outcome) => {
            work.roll_back().await?;
            Err(outcome)
        }
    }
}
