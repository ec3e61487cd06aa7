//! An agreement for a bed of a mini-block. What it adds to the ledger it adds at once; what it releases waits until the
//! block's authorities have taken their part of the empty nights (rule 6.2), which a later room does by this job.

use placewell_domain::change::Event;
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::power::annual_value::Route;
use placewell_store::Work;
use placewell_store::placing::agreement::at_block_job;

use super::running::moved;
use crate::answer::Answer;
use crate::power::annual_value::{Allowed, commit};

/// Leaves the job for an agreement at a block's bed. True where its nights became fewer: then its ledger stays as it is
/// until the job's room releases it.
pub(super) async fn leave_release(work: &mut Work, agreement: &Agreement) -> Answer<bool> {
    if agreement.terms.route != Route::Block {
        return Ok(false);
    }
    work.enqueue(at_block_job(agreement)?);
    let now = agreement.commitment(work.moment().today());
    let Some(was) = work.commitment_of(work.org(), agreement.id).await? else { return Ok(false) };
    Ok(now.planned_end < was.planned_end && now.start >= was.start)
}

/// Brings the ledger to what an agreement at a block's bed commits now: what it no longer does is released.
pub(crate) async fn release_block_bed(work: &mut Work, agreement: &Agreement) -> Answer<()> {
    if agreement.terms.route != Route::Block {
        return Ok(());
    }
    let commitment = agreement.commitment(work.moment().today());
    if work.commitment_of(work.org(), agreement.id).await?.as_ref() == Some(&commitment) {
        return Ok(());
    }
    let before = work.committed_years(work.org(), agreement.id).await?;
    commit(work, &commitment, Allowed::Nothing).await?;
    moved(work, agreement, &before).await?;
    let (_, until) = agreement.nights();
    let event = Event::new("agreement.ledger_followed", "agreement", agreement.id.0, agreement.version);
    work.record(event.with("until", until));
    Ok(())
}
