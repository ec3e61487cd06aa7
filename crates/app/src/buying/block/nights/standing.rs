//! What a measure of the region does to nominations for beds of mini-blocks: they are taken back, in the transaction of the
//! authority that made them; the empty nights are then the provider's to bear, as those of a suspended home (rule 6.2).

use std::sync::Arc;

use placewell_domain::buying::block::nomination::WithdrawReason;
use placewell_domain::homes::standing::measure::Affected;
use placewell_domain::id::{MeasureId, OrganisationId};
use placewell_domain::office::access::Role;
use placewell_store::Work;
use placewell_store::outbox::TakenJob;

use super::follow_job;
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::homes::standing::{ToFollow, homes_of};
use crate::placing::approval::follow_measure;

/// Does all that follows a measure in one authority: nominations first, then approvals, offers and invitations.
pub async fn follow_standing(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToFollow = serde_json::from_str(&job.payload)?;
    let (authority, measure) = (OrganisationId(to.authority), MeasureId(to.measure));
    let mut work = app.store.begin(authority, app.calendar.now()).await?;
    let done = take_back(&mut work, measure).await;
    ended(work, done).await?;
    follow_measure(app, authority, measure).await
}

async fn take_back(work: &mut Work, id: MeasureId) -> Answer<()> {
    let measure = work.measure(id).await?;
    if !measure.stops() {
        return Ok(());
    }
    let homes = homes_of(work, &measure).await?;
    let ids: Vec<_> = homes.iter().map(|home| home.id).collect();
    // Whoever nominates for one of these homes holds its block's lock: after it, either side sees what the other did.
    let mut blocks = Vec::new();
    for block in work.running_blocks(work.moment().today()).await? {
        let touched =
            block.latest_terms().is_some_and(|terms| terms.beds.homes().iter().any(|home| ids.contains(home)));
        if touched {
            blocks.push(block.id);
        }
    }
    blocks.sort_unstable();
    for block in blocks {
        work.lock_block(block).await?;
    }
    let open = work.open_at(work.org(), &ids, measure.lot.as_deref()).await?;
    let mut beds = 0_u32;
    for nomination in open.nominations {
        let nomination = work.nomination(nomination).await?;
        let block = work.block(nomination.block).await?;
        let change = nomination.withdraw(WithdrawReason::HomeSuspended, work.moment())?;
        let nomination = work.apply(change).await?;
        let what = "a nomination is taken back: the home takes no new placements";
        work.enqueue(
            super::nominate::told(&block, &nomination, nomination.provider, Role::ProviderManager, what).job()?,
        );
        work.enqueue(
            super::nominate::told(&block, &nomination, nomination.authority, Role::PlacementOfficer, what).job()?,
        );
        work.enqueue(follow_job(block.id)?);
        beds = beds.saturating_add(1);
    }
    if beds > 0 {
        let done = Affected { beds, ..Affected::none(work.org()) };
        work.keep_followed(measure.region, measure.id, &done).await?;
    }
    Ok(())
}
