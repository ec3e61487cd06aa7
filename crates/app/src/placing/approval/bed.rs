//! The bed of an award, chosen under the home's lock: for a child of a mini-block its own bed, for every other child one that
//! no mini-block holds, so that a held bed is not sold twice.

use placewell_domain::calendar::long_date;
use placewell_domain::id::{BedId, BlockId};
use placewell_domain::nights::Nights;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::occupancy::{BedUse, bed_refusal, places_left};
use placewell_domain::power::annual_value::Route;
use placewell_store::Work;
use placewell_store::buying::block::TiedBed;

use super::case::Case;
use crate::answer::Answer;

/// A bed of the home that nobody has on any of the nights. A home that shows no beds takes as many of the authority's
/// children as it has places. Two awards at once do not choose the same: the home's lock is held to the end.
pub(super) async fn bed_for(work: &Work, case: &Case) -> Answer<Option<BedId>> {
    let (home, from, to) = (&case.home, case.facts.start, case.facts.planned_end);
    work.lock_homes(&[home.id]).await?;
    let uses = work.bed_uses(home.id, from).await?;
    let beds = work.beds(home.id).await?;
    if beds.is_empty() {
        let placed = work.agreements_at(work.org(), home.id, (from, to)).await?;
        places_left(placed, u64::from(home.places))?;
        return Ok(None);
    }
    let (own, named) = block_of(work, case).await?;
    let tied = work.tied_beds_at(home.id, (from, to)).await?;
    let at = At { uses: &uses, tied: &tied, own, nights: Nights::new(from, to) };
    if let Some(bed) = named.or(case.offer.terms.bed) {
        at.may_have(bed)?;
        return Ok(Some(bed));
    }
    // A bed that its own mini-block holds goes first.
    let mut free: Vec<BedId> = beds.iter().map(|bed| bed.id).filter(|bed| at.may_have(*bed).is_ok()).collect();
    free.sort_by_key(|bed| !at.held_by(*bed, own));
    match (free.first(), beds.first()) {
        (Some(bed), _) => Ok(Some(*bed)),
        (None, Some(any)) => {
            let held = beds.iter().find(|bed| !at.taken(bed.id)).unwrap_or(any);
            at.may_have(held.id)?;
            Ok(None)
        }
        (None, None) => Ok(None),
    }
}

/// What stands about a home's beds on the nights of an award.
struct At<'a> {
    uses: &'a [BedUse],
    tied: &'a [TiedBed],
    /// The mini-block that the child comes to.
    own: Option<BlockId>,
    nights: Option<Nights>,
}

impl At<'_> {
    fn taken(&self, bed: BedId) -> bool {
        self.uses.iter().any(|used| used.bed == bed && self.nights.is_none_or(|own| used.nights.overlap(own).is_some()))
    }

    fn held_by(&self, bed: BedId, block: Option<BlockId>) -> bool {
        block.is_some() && self.tied.iter().any(|one| one.bed == bed && Some(one.block) == block)
    }

    fn may_have(&self, bed: BedId) -> Result<(), Refusal> {
        if self.taken(bed) {
            return Err(bed_refusal("bed_taken"));
        }
        let other = self.tied.iter().find(|one| one.bed == bed && Some(one.block) != self.own);
        let Some(other) = other else { return Ok(()) };
        Err(Refusal::new(
            "bed_of_a_block",
            "A bed that a mini-block holds is for its own children on the contract's nights",
            "The home's free beds are held by a mini-block on some of these nights, and the child comes by another way.",
            "An authority of the mini-block, by nominating the child; or the commissioning lead, by offering its nights",
        )
        .found(format!("held from {} to {}", long_date(other.from), long_date(other.to))))
    }
}

/// The mini-block that a child comes to, with its bed where the contract's beds are fixed: by the nomination, else by nights
/// that were offered to the authority.
async fn block_of(work: &Work, case: &Case) -> Answer<(Option<BlockId>, Option<BedId>)> {
    if case.facts.route != Route::Block {
        return Ok((None, None));
    }
    let nominated = work.nomination_of(work.org(), case.referral.id).await?;
    if let Some(nomination) = nominated.filter(|one| one.home == case.home.id) {
        return Ok((Some(nomination.block), nomination.bed));
    }
    for block in work.running_blocks(case.facts.start).await? {
        let Some(terms) = block.terms_on(case.facts.start).filter(|terms| terms.beds.at(case.home.id)) else {
            continue;
        };
        let offered = work.resales_of(block.id).await?.into_iter().find(|one| {
            one.buyer == work.org() && one.state.name() == "offered" && one.nights.contains(case.facts.start)
        });
        if let Some(offered) = offered {
            let bed = terms.beds.fixed().get(usize::from(offered.slot.saturating_sub(1)));
            return Ok((Some(block.id), bed.filter(|bed| bed.home == case.home.id).map(|bed| bed.bed)));
        }
        // Where empty beds are offered in an order, only a nomination in turn leads to one.
        if block.spec.void_order.is_none() && block.pays_on(work.org(), case.facts.start) {
            return Ok((Some(block.id), None));
        }
    }
    Ok((None, None))
}
