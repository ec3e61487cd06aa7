//! The beds that a live contract ties. Fixed ones are those of the bid. Each floating one is held at one of the named homes:
//! where a child of the contract sleeps, else at a bed that nobody else has on its nights; a later night may move it.

use std::collections::BTreeSet;

use placewell_domain::buying::block::nomination::Nomination;
use placewell_domain::buying::block::{Block, BlockBed, BlockBeds};
use placewell_domain::id::{AgreementId, BlockId, HomeId};
use placewell_domain::nights::Nights;
use placewell_domain::outcome::Refusal;
use placewell_store::{Session, Work};

use crate::answer::Answer;

/// Ties the beds of a contract, under the homes' lock.
pub(super) async fn tie(work: &Work, block: &Block) -> Answer<()> {
    let Some(terms) = block.latest_terms() else { return Ok(()) };
    work.lock_homes(&terms.beds.homes()).await?;
    let beds = match &terms.beds {
        BlockBeds::Fixed { beds } => beds.clone(),
        BlockBeds::Floating { count, homes } => floating(work, block, (*count, homes)).await?,
    };
    Ok(work.tie_beds(block, &beds).await?)
}

/// Whether a contract runs whose beds float.
pub(super) fn floats(block: &Block) -> bool {
    block.runs() && matches!(block.latest_terms().map(|terms| &terms.beds), Some(BlockBeds::Floating { .. }))
}

/// Holds floating beds where the contract's children sleep now. Nothing changes for fixed ones.
pub(super) async fn hold_floating(work: &Work, block: &Block) -> Answer<()> {
    if floats(block) { tie(work, block).await } else { Ok(()) }
}

/// So many beds of these homes. Those that hold a child of the contract go first, then those that were held before, then
/// any that is free: the fuller a home, the later.
async fn floating(work: &Work, block: &Block, (count, homes): (u8, &[HomeId])) -> Answer<Vec<BlockBed>> {
    let Some(nights) = block.nights() else { return Ok(Vec::new()) };
    let Some(ahead) = Nights::new(nights.from().max(work.moment().today()), nights.to()) else { return Ok(Vec::new()) };
    let own = children_of(work, block.id).await?;
    let tied = work.tied_beds((ahead.from(), ahead.to())).await?;
    let mut found: Vec<((u8, usize), BlockBed)> = Vec::new();
    for home in homes {
        let uses = work.bed_uses(*home, ahead.from()).await?;
        let uses: Vec<_> = uses.iter().filter(|used| used.nights.overlap(ahead).is_some()).collect();
        for bed in work.beds(*home).await? {
            let here = || uses.iter().filter(|used| used.bed == bed.id);
            let theirs = here().any(|used| used.agreement.is_some_and(|id| own.contains(&id)));
            let other = here().any(|used| used.agreement.is_none_or(|id| !own.contains(&id)));
            let by = tied.iter().filter(|one| one.bed == bed.id).map(|one| one.block);
            let (mut held, mut elsewhere) = (false, false);
            for of in by {
                if of == block.id { held = true } else { elsewhere = true }
            }
            if elsewhere || (other && !theirs) {
                continue;
            }
            let rank = if theirs { 0 } else { 2 - u8::from(held) };
            found.push(((rank, uses.len()), BlockBed { home: *home, bed: bed.id }));
        }
    }
    found.sort_unstable();
    let free = found.len();
    let beds: Vec<BlockBed> = found.into_iter().take(usize::from(count)).map(|(_, bed)| bed).collect();
    if beds.len() < usize::from(count) {
        return Err(Refusal::new(
            "floating_beds_short",
            "A floating bed is held at one of the named homes on every night of the contract",
            "The named homes have too few beds that nobody else has on the contract's nights.",
            "The provider, by freeing beds; or the commissioning lead, by an award with other homes",
        )
        .found(format!("{free} free of {count}"))
        .into());
    }
    Ok(beds)
}

/// The agreements of children who have, or will have, a bed of the contract.
async fn children_of(session: &Session, block: BlockId) -> Answer<BTreeSet<AgreementId>> {
    let nominations = session.nominations_of(block).await?;
    let resales = session.resales_of(block).await?;
    let placed = nominations.iter().filter_map(Nomination::stay).map(|stay| stay.agreement);
    let bought = resales.iter().filter_map(|one| match one.state {
        placewell_domain::buying::block::void::ResaleState::Taken { agreement, .. } => Some(agreement),
        placewell_domain::buying::block::void::ResaleState::Offered
        | placewell_domain::buying::block::void::ResaleState::Withdrawn => None,
    });
    Ok(placed.chain(bought).collect())
}
