//! What changed since a month was frozen: a later correction stands in the next month, night by night, with what it gives
//! back or asks for (rule 6.2).

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::NightRow;
use crate::id::OrganisationId;
use crate::money::Pence;

/// A correction of a frozen night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// The night as it was frozen, or as it was corrected before.
    pub was: NightRow,
    /// The night as it is now.
    pub now: NightRow,
}

impl Adjustment {
    /// What the provider is due more, or less.
    #[must_use]
    pub fn due(&self) -> Pence {
        self.now.due - self.was.due
    }

    /// What each organisation pays more, or less; those whose part stays are left out.
    #[must_use]
    pub fn parts(&self) -> Vec<(OrganisationId, Pence)> {
        let mut sums: BTreeMap<OrganisationId, Pence> = BTreeMap::new();
        for (whose, pence) in &self.now.parts {
            *sums.entry(*whose).or_default() += *pence;
        }
        for (whose, pence) in &self.was.parts {
            *sums.entry(*whose).or_default() -= *pence;
        }
        sums.into_iter().filter(|(_, pence)| *pence != Pence::ZERO).collect()
    }
}

/// Frozen nights, each as it was corrected last. `frozen` is in the order in which it was recorded.
#[must_use]
pub fn corrected(frozen: &[NightRow]) -> BTreeMap<(Date, u8), NightRow> {
    frozen.iter().map(|row| ((row.night, row.slot), row.clone())).collect()
}

/// The nights that read otherwise now than they were frozen, in order. A frozen night that the contract no longer has is
/// no adjustment: ending a contract before nights that were settled is refused.
#[must_use]
pub fn adjustments(frozen: &[NightRow], now: &[NightRow]) -> Vec<Adjustment> {
    let known = corrected(frozen);
    let changed = now.iter().filter_map(|now| {
        let was = known.get(&(now.night, now.slot)).filter(|was| *was != now)?;
        Some(Adjustment { was: was.clone(), now: now.clone() })
    });
    changed.collect()
}
