//! Who pays how much of a mini-block: shares in a fixed order that sum to the whole, so that every night's pence can be
//! split with nothing left over (rules 4.1 and 6.2).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::OrganisationId;
use crate::money::{Pence, split_by_weights};
use crate::outcome::Invalid;

/// The weight of all shares together: hundredths of a percent.
pub const WHOLE: u32 = 10_000;

/// One authority's share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockShare {
    /// The paying authority.
    pub authority: OrganisationId,
    /// Its part, in hundredths of a percent; all sum to [`WHOLE`].
    pub weight: u32,
}

impl BlockShare {
    /// The share in percent, as it is printed: `33.33%`.
    #[must_use]
    pub fn words(&self) -> String {
        let (whole, hundredths) = (self.weight / 100, self.weight % 100);
        if hundredths == 0 { format!("{whole}%") } else { format!("{whole}.{hundredths:02}%") }
    }
}

/// Shares that held until a night, before the authorities shared anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierShares {
    /// The first night on which they held no more.
    pub until: Date,
    /// Who paid how much.
    pub shares: Vec<BlockShare>,
}

/// What is wrong with shares as they were typed: none, one of nothing, one authority twice, or a sum that is not the
/// whole.
pub fn check_shares(shares: &[BlockShare]) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    if shares.is_empty() {
        invalid.add("shares", "Enter the share of at least one authority");
    }
    if shares.iter().any(|share| share.weight == 0) {
        invalid.add("shares", "A share must be above zero; leave out an authority that pays nothing");
    }
    let mut authorities: Vec<OrganisationId> = shares.iter().map(|share| share.authority).collect();
    authorities.sort_unstable();
    authorities.dedup();
    if authorities.len() != shares.len() {
        invalid.add("shares", "Enter each authority once");
    }
    let sum: u64 = shares.iter().map(|share| u64::from(share.weight)).sum();
    if !shares.is_empty() && sum != u64::from(WHOLE) {
        let printed = format!("{}.{:02}%", sum / 100, sum % 100);
        invalid.add("shares", format!("Shares must sum to 100%; these sum to {printed}"));
    }
    invalid.or(())
}

/// An amount split among the shares by largest remainder in their fixed order: the parts sum to the amount.
#[must_use]
pub fn split(amount: Pence, shares: &[BlockShare]) -> Vec<(OrganisationId, Pence)> {
    let weights: Vec<i64> = shares.iter().map(|share| i64::from(share.weight)).collect();
    shares.iter().map(|share| share.authority).zip(split_by_weights(amount, &weights)).collect()
}
