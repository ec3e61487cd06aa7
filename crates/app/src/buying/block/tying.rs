//! The beds that a live contract ties. Fixed ones are those of the bid. Each floating one is held at one of the named homes:
//! where a child of the contract sleeps, else at a bed that nobody else has on its nights; a later night may move it. A bed
//! that another contract ties is refused with the bid and with each decision; the constraint has the last word.

use std::collections::{BTreeMap, BTreeSet};

use placewell_domain::buying::block::nomination::Nomination;
use placewell_domain::buying::block::{Block, BlockBed, BlockBeds};
use placewell_domain::calendar::long_date;
use placewell_domain::id::{AgreementId, BedId, BlockId, HomeId};
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::outcome::Refusal;
use placewell_store::buying::block::{BlockClaim, TiedBed};
use placewell_store::{Session, StoreError, Work};

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

/// Refuses beds that another contract ties on some of these nights: a fixed one that is not free, or floating ones where the
/// named homes have too few left. Nothing is committed for beds that cannot be had.
pub(super) async fn beds_may_be_tied(
    session: &Session,
    (block, beds): (BlockId, &BlockBeds),
    nights: Nights,
    who: &str,
) -> Answer<()> {
    let tied = session.tied_beds((nights.from(), nights.to())).await?;
    let mut claims = session.block_claims((nights.from(), nights.to())).await?;
    claims.retain(|one| one.block != block);
    let taken = |home: HomeId, bed| tied.iter().find(|one| one.block != block && (one.home, one.bed) == (home, bed));
    let claimed = |bed| claims.iter().any(|one| one.bed == Some(bed));
    match beds {
        BlockBeds::Fixed { beds } => {
            let Some((bed, other)) = beds.iter().find_map(|bed| Some(bed).zip(taken(bed.home, bed.bed))) else {
                return not_claimed(session, (&claims, &tied), beds, who).await;
            };
            let label = session.beds(bed.home).await?.into_iter().find(|known| known.id == bed.bed);
            let label = label.map_or_else(|| "A bed".to_owned(), |known| known.label);
            let holder = session.block(other.block).await?.reference;
            let sentence = format!("{label} belongs to {holder} on some of those nights.");
            let last = plus_days(other.to, -1);
            Err(Refusal::new("block_bed_taken", "A bed belongs to one mini-block on any night", sentence, who)
                .found(format!("{holder}: {} to {}", long_date(other.from), long_date(last)))
                .into())
        }
        BlockBeds::Floating { count, homes } => {
            let mut free = 0_usize;
            for home in homes {
                let all = session.beds(*home).await?;
                free += all.iter().filter(|bed| taken(*home, bed.id).is_none() && !claimed(bed.id)).count();
            }
            let free = free.saturating_sub(floating_at(&claims, homes));
            if free < usize::from(*count) { Err(floating_short(free, *count).into()) } else { Ok(()) }
        }
    }
}

/// How many beds awards that are approved and not live yet float over some of these homes.
fn floating_at(claims: &[BlockClaim], homes: &[HomeId]) -> usize {
    let mut by_block: BTreeMap<BlockId, usize> = BTreeMap::new();
    for claim in claims.iter().filter(|one| one.bed.is_none() && homes.contains(&one.home)) {
        by_block.insert(claim.block, usize::from(claim.beds));
    }
    by_block.into_values().sum()
}

/// Refuses fixed beds that an approved award, which is not live yet, has: each of them, or too many of its floating homes'.
async fn not_claimed(
    session: &Session,
    (claims, tied): (&[BlockClaim], &[TiedBed]),
    beds: &[BlockBed],
    who: &str,
) -> Answer<()> {
    let refuse = |found: String| {
        Err(Refusal::new(
            "block_bed_claimed",
            "A bed belongs to one mini-block on any night, from the first approval of its award on",
            "An authority has approved another mini-block's award with a bed of this one on some of those nights.",
            who,
        )
        .found(found)
        .into())
    };
    if let Some(other) = claims.iter().find(|one| beds.iter().any(|bed| one.bed == Some(bed.bed))) {
        return refuse(name_of(session, other.block).await?);
    }
    let floating: BTreeSet<BlockId> = claims.iter().filter(|one| one.bed.is_none()).map(|one| one.block).collect();
    for other in floating {
        let homes: Vec<HomeId> = claims.iter().filter(|one| one.block == other).map(|one| one.home).collect();
        let mut free = 0_usize;
        for home in &homes {
            let had = |bed: BedId| {
                tied.iter().any(|one| one.block != other && one.bed == bed)
                    || claims.iter().any(|one| one.bed == Some(bed))
                    || beds.iter().any(|one| one.bed == bed)
            };
            free += session.beds(*home).await?.iter().filter(|bed| !had(bed.id)).count();
        }
        let ours = beds.iter().any(|bed| homes.contains(&bed.home));
        if ours && free < floating_at(claims, &homes) {
            return refuse(name_of(session, other).await?);
        }
    }
    Ok(())
}

/// The reference of a mini-block that claims beds. A provider reads the record only once its contract runs, and knows it by
/// its own bid before; empty where it made none.
async fn name_of(session: &Session, block: BlockId) -> Answer<String> {
    match session.block(block).await {
        Ok(found) => Ok(found.reference),
        Err(StoreError::NotFound) => {
            let bids = session.block_bids(block).await?;
            Ok(bids.into_iter().next().map(|bid| bid.reference).unwrap_or_default())
        }
        Err(error) => Err(error.into()),
    }
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
    // A bed of an award that is approved and not live yet is left to it, unless a child of this contract sleeps there.
    let mut claims = work.block_claims((ahead.from(), ahead.to())).await?;
    claims.retain(|one| one.block != block.id);
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
            let claimed = claims.iter().any(|one| one.bed == Some(bed.id));
            if elsewhere || ((other || claimed) && !theirs) {
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
        return Err(floating_short(free, count).into());
    }
    Ok(beds)
}

fn floating_short(free: usize, count: u8) -> Refusal {
    Refusal::new(
        "floating_beds_short",
        "A floating bed is held at one of the named homes on every night of the contract",
        "The named homes have too few beds that nobody else has on the contract's nights.",
        "The provider, by freeing beds; or the commissioning lead, by an award with other homes",
    )
    .found(format!("{free} free of {count}"))
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
