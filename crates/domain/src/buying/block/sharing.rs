//! Who pays on which night, and who decides: shares are agreed anew when an authority leaves or another joins, from a night
//! to come, by a variation that each of them approves.

use jiff::civil::Date;

use super::change::{BlockChange, CONTRACT, WHO};
use super::{Block, BlockShare, EarlierShares, check_shares};
use crate::calendar::long_date;
use crate::id::OrganisationId;
use crate::money::Pence;
use crate::outcome::Refusal;

impl Block {
    /// The share of an authority: as it was agreed last, else the last that it had.
    #[must_use]
    pub fn share_of(&self, authority: OrganisationId) -> Option<&BlockShare> {
        let all = self.earlier.iter().map(|one| &one.shares).chain([&self.shares]);
        all.rev().flatten().find(|share| share.authority == authority)
    }

    /// Who pays how much on a night.
    #[must_use]
    pub fn shares_on(&self, night: Date) -> &[BlockShare] {
        shares_on(&self.earlier, &self.shares, night)
    }

    /// Whether an authority pays a share on a night.
    #[must_use]
    pub fn pays_on(&self, authority: OrganisationId, night: Date) -> bool {
        self.shares_on(night).iter().any(|share| share.authority == authority)
    }

    /// Every authority that pays or has paid a share, each once: first those that pay as it was agreed last.
    #[must_use]
    pub fn parties(&self) -> Vec<OrganisationId> {
        let mut parties: Vec<OrganisationId> = self.shares.iter().map(|share| share.authority).collect();
        for share in self.earlier.iter().flat_map(|one| &one.shares) {
            if !parties.contains(&share.authority) {
                parties.push(share.authority);
            }
        }
        parties
    }

    /// Who decides on what is asked: those that pay; where shares are to be agreed anew, those that would pay then too.
    #[must_use]
    pub fn deciders(&self) -> Vec<OrganisationId> {
        let mut deciders: Vec<OrganisationId> = self.shares.iter().map(|share| share.authority).collect();
        for share in self.proposed_shares() {
            if !deciders.contains(&share.authority) {
                deciders.push(share.authority);
            }
        }
        deciders
    }

    /// The shares that are proposed; none where nothing of the kind waits.
    #[must_use]
    pub fn proposed_shares(&self) -> &[BlockShare] {
        match self.pending.as_ref().map(|pending| &pending.change) {
            Some(BlockChange::Reshare { shares, .. }) => shares,
            Some(
                BlockChange::Extend { .. }
                | BlockChange::Reduce { .. }
                | BlockChange::Break { .. }
                | BlockChange::Notice { .. },
            )
            | None => &[],
        }
    }

    /// Whether an authority's approval of what is asked commits more than it has committed already.
    #[must_use]
    pub fn raises(&self, authority: OrganisationId) -> bool {
        let weight = |shares: &[BlockShare]| {
            shares.iter().find(|share| share.authority == authority).map_or(0, |share| share.weight)
        };
        match self.pending.as_ref().map(|pending| &pending.change) {
            None | Some(BlockChange::Extend { .. }) => true,
            Some(BlockChange::Reshare { shares, .. }) => weight(shares) > weight(&self.shares),
            Some(BlockChange::Reduce { .. } | BlockChange::Break { .. } | BlockChange::Notice { .. }) => false,
        }
    }

    /// What an authority's share is worth over the whole term with the change that is proposed, were every bed occupied
    /// every night at its dearest price (rule 6.1).
    #[must_use]
    pub fn asked_value_of(&self, authority: OrganisationId) -> Pence {
        let changed = self.pending.as_ref().and_then(|pending| pending.change.applied(self.clone()));
        changed.as_ref().unwrap_or(self).whole_value_of(authority).unwrap_or_default()
    }

    /// Nights cut where other shares begin to hold.
    pub(super) fn shared(&self, from: Date, until: Date) -> Vec<(Date, Date, &[BlockShare])> {
        let earlier = self.earlier.iter().map(|one| (one.until, one.shares.as_slice()));
        let (mut start, mut parts) = (from, Vec::new());
        for (ends, shares) in earlier.chain([(until, self.shares.as_slice())]) {
            let ends = ends.min(until);
            if start < ends {
                parts.push((start, ends, shares));
                start = ends;
            }
        }
        parts
    }
}

/// Who pays how much on a night.
pub(super) fn shares_on<'a>(earlier: &'a [EarlierShares], last: &'a [BlockShare], night: Date) -> &'a [BlockShare] {
    earlier.iter().find(|one| night < one.until).map_or(last, |one| one.shares.as_slice())
}

/// Whether shares may be agreed anew from a night: to come, of the contract, later than the last time; whole, and others
/// than they are.
pub(super) fn may_reshare(block: &Block, (from, shares): (Date, &[BlockShare]), today: Date) -> Result<(), Refusal> {
    if let Err(invalid) = check_shares(shares) {
        let sentence = invalid.errors.first().map_or_else(String::new, |error| format!("{}.", error.message));
        return Err(Refusal::new("shares_not_whole", CONTRACT, sentence, WHO));
    }
    let last = block.earlier.last().map(|one| one.until);
    let within = block.nights().is_some_and(|nights| nights.contains(from));
    if from <= today || !within || last.is_some_and(|last| from <= last) {
        return Err(Refusal::new(
            "reshare_not_ahead",
            CONTRACT,
            "Other shares hold from a night of the contract that is still to come, later than the last time.",
            "The commissioning lead, by choosing a later night",
        )
        .found(long_date(from)));
    }
    if shares == block.shares.as_slice() {
        return Err(Refusal::new("shares_as_they_are", CONTRACT, "These are the shares as they are.", WHO));
    }
    Ok(())
}
