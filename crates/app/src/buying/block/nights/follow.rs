//! What follows in the authorities' ledgers when the nights of a block change (rule 6.2). The commitment moves with the
//! child: first added to one ledger, in its own transaction, then released from the others'; when a child leaves, the other
//! way round. At no moment is less committed than is owed.
//!
//! Every authority takes its part first; only when all have taken what one reads, does that one release.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::buying::block::nights::{amounts_of_lines, borne_by, share_commitment};
use placewell_domain::buying::block::nomination::{NominationState, WithdrawReason};
use placewell_domain::buying::block::void::ResaleState;
use placewell_domain::change::Event;
use placewell_domain::id::{AgreementId, BlockId, OrganisationId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::placing::agreement::{Agreement, AgreementState};
use placewell_domain::power::annual_value::{Commitment, ExceptionReason};
use placewell_store::Work;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::placing::agreement::AtBlock;
use serde::{Deserialize, Serialize};

use super::super::following::hold;
use super::Known;
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;
use crate::placing::agreement::release_block_bed;
use crate::power::annual_value::{Allowed, Exception, commit};

/// The job that brings every authority's ledger to the nights of a block as they are now.
pub const FOLLOW: &str = "block.follow_nights";

#[derive(Debug, Serialize, Deserialize)]
struct ToFollow {
    block: i64,
    /// An agreement for one of its beds that was changed, also one that is no longer there.
    agreement: Option<i64>,
}

/// The job that follows a change of a block's nights; it is left in the transaction of the change.
pub fn follow_job(block: BlockId) -> Answer<Job> {
    Ok(Job::new(FOLLOW, &serde_json::to_value(ToFollow { block: block.0, agreement: None })?).about("block", block))
}

/// Raises every ledger first, then lowers each. May run twice: the second run finds nothing to move.
pub async fn follow(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToFollow = serde_json::from_str(&job.payload)?;
    settle_all(app, job.organisation, BlockId(to.block), to.agreement.map(AgreementId)).await
}

/// The same for a block whose contract has changed. Before it is live its ledgers hold what was approved, and nothing
/// follows; while a change waits for others, no share is released.
pub(crate) async fn settle(app: &Arc<App>, of: OrganisationId, block: BlockId) -> Answer<()> {
    settle_all(app, of, block, None).await
}

async fn settle_all(app: &Arc<App>, of: OrganisationId, block: BlockId, changed: Option<AgreementId>) -> Answer<()> {
    let session = app.store.read(Some(of)).await?;
    let found = session.block(block).await?;
    if found.contract.is_none() || !(found.runs() || found.state.name() == "ended") {
        return Ok(());
    }
    let parties = Known::read(&session, block).await?.parties();
    drop(session);
    // A floating bed is held where the child sleeps before anybody's ledger follows.
    hold(app, found.lead, block).await?;
    for authority in &parties {
        raise(app, *authority, block).await?;
    }
    let mut own = parties;
    own.push(of);
    own.sort_unstable();
    own.dedup();
    for authority in own {
        lower(app, authority, block, changed.filter(|_| authority == of)).await?;
    }
    Ok(())
}

/// One authority takes what it bears now, and releases nothing yet.
async fn raise(app: &Arc<App>, authority: OrganisationId, block: BlockId) -> Answer<()> {
    let mut work = app.store.begin(authority, app.calendar.now()).await?;
    work.lock_block(block).await?;
    let known = Known::read(&work, block).await?;
    let mut amounts = held(&work, &known).await?;
    for (night, owed) in borne_by(&known.rows(known.span), authority) {
        let amount = amounts.entry(night).or_default();
        *amount = (*amount).max(owed);
    }
    bring(&mut work, &known, &amounts).await?;
    work.keep_block_stand(block, known.stand).await?;
    Ok(work.commit(Machine::now()).await?)
}

/// One authority releases what it no longer bears, where all others have taken their part of the same facts; else a later
/// job does it, which the later change has left.
async fn lower(app: &Arc<App>, authority: OrganisationId, block: BlockId, changed: Option<AgreementId>) -> Answer<()> {
    let mut work = app.store.begin(authority, app.calendar.now()).await?;
    work.lock_block(block).await?;
    let known = Known::read(&work, block).await?;
    let stands: BTreeMap<OrganisationId, i64> = work.block_stands(block).await?.into_iter().collect();
    let taken = |party: &OrganisationId| stands.get(party).is_some_and(|stand| *stand >= known.stand);
    if !known.parties().iter().all(taken) {
        return Ok(work.roll_back().await?);
    }
    if known.block.share_of(authority).is_some() && known.block.asks().is_none() {
        bring(&mut work, &known, &borne_by(&known.rows(known.span), authority)).await?;
    }
    for agreement in agreements(&known, authority).into_iter().chain(changed) {
        if let Ok(agreement) = work.agreement_by_id(authority, agreement).await {
            release_block_bed(&mut work, &agreement).await?;
        }
    }
    Ok(work.commit(Machine::now()).await?)
}

/// The agreements of an authority for beds of the block, whose own nights may have become fewer.
fn agreements(known: &Known, authority: OrganisationId) -> Vec<AgreementId> {
    let placed = known.nominations.iter().filter(|one| one.authority == authority);
    let placed = placed.filter_map(|one| match one.state {
        NominationState::Placed { agreement, .. } => Some(agreement),
        _ => None,
    });
    let bought = known.resales.iter().filter(|one| one.buyer == authority);
    let bought = bought.filter_map(|one| match one.state {
        ResaleState::Taken { agreement, .. } => Some(agreement),
        ResaleState::Offered | ResaleState::Withdrawn => None,
    });
    placed.chain(bought).collect()
}

/// What this work's authority holds of the block, by night.
async fn held(work: &Work, known: &Known) -> Answer<BTreeMap<Date, Pence>> {
    let held = work.commitment_of(work.org(), AgreementId(known.block.id.0)).await?;
    Ok(held.map_or_else(BTreeMap::new, |held| amounts_of_lines(&held.lines, (held.start, held.planned_end))))
}

/// Brings this work's ledger to these amounts. A share of empty nights cannot be refused: above the ceiling it is an
/// exception, with its reason (rule 3.2).
async fn bring(work: &mut Work, known: &Known, amounts: &BTreeMap<Date, Pence>) -> Answer<()> {
    let notice = known.block.spec.notice_days.unwrap_or(u16::MAX);
    // An extension that this authority has approved reaches further than the contract does yet.
    let last = amounts.keys().next_back().map_or(known.span.to(), |last| plus_days(*last, 1));
    let span = Nights::new(known.span.from(), last.max(known.span.to())).unwrap_or(known.span);
    let wanted = share_commitment((known.block.id, &known.block.reference), amounts, span, notice);
    let before = work.commitment_of(work.org(), wanted.agreement).await?;
    if before.as_ref().is_some_and(|before| same(before, &wanted)) {
        return Ok(());
    }
    let words = format!("Share of empty nights of {}", known.block.reference);
    let person = work.person().unwrap_or(PersonId(0));
    let exception = Exception { reason: ExceptionReason::VoidShare, words: &words, person, always: false };
    commit(work, &wanted, Allowed::All(exception)).await?;
    let held: Pence = amounts.values().copied().sum();
    let event = Event::new("block.ledger_followed", "annual_value", known.block.id.0, 1);
    work.record(event.with("reference", &known.block.reference).with("held_pence", held.0));
    Ok(())
}

fn same(before: &Commitment, wanted: &Commitment) -> bool {
    before.lines == wanted.lines && (before.start, before.planned_end) == (wanted.start, wanted.planned_end)
}

/// What an agreement for a block's bed, awarded or changed, means for the block: the nomination leads to a placement and
/// follows the agreement's nights; or nights that were offered are taken. Done in the authority's own transaction.
pub async fn at_bed(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let AtBlock { authority, agreement } = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(authority), app.calendar.now()).await?;
    let agreement = work.agreement_by_id(work.org(), AgreementId(agreement)).await?;
    let block = match work.nomination_of(work.org(), agreement.referral).await? {
        Some(nomination) => nominated(&mut work, &agreement, nomination.id).await?,
        None => bought(&mut work, &agreement).await?,
    };
    let Some(block) = block else {
        // No block is concerned: what the agreement releases is released here.
        release_block_bed(&mut work, &agreement).await?;
        return Ok(work.commit(Machine::now()).await?);
    };
    let to = ToFollow { block: block.0, agreement: Some(agreement.id.0) };
    work.enqueue(Job::new(FOLLOW, &serde_json::to_value(to)?).about("block", block));
    Ok(work.commit(Machine::now()).await?)
}

async fn nominated(
    work: &mut Work,
    agreement: &Agreement,
    id: placewell_domain::id::NominationId,
) -> Answer<Option<BlockId>> {
    let block = work.nomination(id).await?.block;
    work.lock_block(block).await?;
    let mut nomination = work.nomination(id).await?;
    if nomination.home != agreement.terms.home {
        return Ok(None);
    }
    let (from, to) = agreement.nights();
    let cancelled = matches!(agreement.state, AgreementState::CancelledBeforeStart { .. });
    let nights = Nights::new(from, to).filter(|_| !cancelled);
    let moment = work.moment();
    if nomination.state == NominationState::Open {
        // The home's offer was chosen: it will take the child.
        let change = nomination.accept(moment)?;
        nomination = work.apply(change).await?;
    }
    let change = match (&nomination.state, nights) {
        (NominationState::Accepted { .. }, Some(nights)) => {
            let second = second_price(work, block, agreement).await?;
            nomination.place(agreement.id, nights, second)?
        }
        (NominationState::Placed { nights: was, .. }, Some(nights)) if *was != nights => nomination.follow(nights)?,
        (NominationState::Placed { .. }, None) => nomination.withdraw(WithdrawReason::AgreementCancelled, moment)?,
        _ => return Ok(Some(block)),
    };
    work.apply(change).await?;
    Ok(Some(block))
}

/// Whether the agreement's core price is that of a second child in the home, as it was offered.
async fn second_price(work: &Work, block: BlockId, agreement: &Agreement) -> Answer<bool> {
    let block = work.block(block).await?;
    let Some(terms) = block.terms_on(agreement.nights().0).or(block.latest_terms()) else { return Ok(false) };
    let core = agreement.terms.lines.iter().find(|line| line.kind == placewell_domain::homes::price::LineKind::Core);
    let weekly = core.map(|line| line.weekly);
    Ok(terms
        .prices
        .second_child
        .is_some_and(|night| night != terms.prices.occupied && weekly == Some(Pence(night.0.saturating_mul(7)))))
}

/// Nights that were offered to this authority at the agreement's bed, taken by it; those that it took before follow it.
async fn bought(work: &mut Work, agreement: &Agreement) -> Answer<Option<BlockId>> {
    let (from, to) = agreement.nights();
    let Some(nights) = Nights::new(from, to) else { return Ok(None) };
    let found = match work.resale_of(work.org(), agreement.id).await? {
        Some(taken) => Some(taken),
        None => offered(work, agreement, nights).await?,
    };
    let Some(resale) = found else { return Ok(None) };
    work.lock_block(resale.block).await?;
    let resale = work.resale(resale.id).await?;
    let (block, before) = (resale.block, resale.state.clone());
    let change = resale.take(agreement.id, nights)?;
    if change.next().state != before {
        work.apply(change).await?;
    }
    Ok(Some(block))
}

async fn offered(
    work: &Work,
    agreement: &Agreement,
    nights: Nights,
) -> Answer<Option<placewell_domain::buying::block::void::Resale>> {
    for block in work.running_blocks(nights.from()).await? {
        let Some(terms) = block.terms_on(nights.from()).filter(|terms| terms.beds.at(agreement.terms.home)) else {
            continue;
        };
        for resale in work.resales_of(block.id).await? {
            let bed = terms.beds.fixed().get(usize::from(resale.slot.saturating_sub(1)));
            let here = bed.is_none_or(|bed| Some(bed.bed) == agreement.terms.bed && bed.home == agreement.terms.home);
            let ours = resale.buyer == work.org() && resale.state == ResaleState::Offered;
            if ours && here && resale.nights.overlap(nights).is_some() {
                return Ok(Some(resale));
            }
        }
    }
    Ok(None)
}
