//! Sums over nights: what each organisation pays, and how many nights were what.

use std::collections::BTreeMap;

use super::{NightRow, SlotNight};
use crate::id::OrganisationId;
use crate::money::Pence;

/// What one organisation pays over some nights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AuthorityTotal {
    /// Nights of its own children.
    pub used_nights: i64,
    /// What they cost.
    pub used: Pence,
    /// Its part of empty nights.
    pub empty: Pence,
    /// Nights that it bought of others' empty ones, at their price.
    pub bought: Pence,
    /// Its part of the income of re-sold nights; what it is given.
    pub income: Pence,
}

impl AuthorityTotal {
    /// What it owes.
    #[must_use]
    pub fn owes(&self) -> Pence {
        self.used + self.empty + self.bought - self.income
    }
}

/// What some nights were.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// All bed-nights.
    pub nights: i64,
    /// Used by the contract's children.
    pub used: i64,
    /// Empty, a child awaited.
    pub nominated: i64,
    /// Re-sold.
    pub resold: i64,
    /// Empty, by the cause's code.
    pub void: BTreeMap<&'static str, i64>,
    /// Empty nights that are paid for.
    pub paid_empty: i64,
    /// Credited nights.
    pub credited_nights: i64,
    /// What is due to the provider.
    pub due: Pence,
    /// What was credited.
    pub credited: Pence,
    /// What each organisation pays.
    pub by_authority: BTreeMap<OrganisationId, AuthorityTotal>,
}

impl Totals {
    /// How many of a hundred bed-nights a child slept in, rounded down.
    #[must_use]
    pub fn occupancy_percent(&self) -> i64 {
        ((self.used + self.resold) * 100).checked_div(self.nights).unwrap_or(0)
    }

    /// Empty nights of all causes.
    #[must_use]
    pub fn empty(&self) -> i64 {
        self.void.values().sum()
    }
}

/// Sums some nights.
#[must_use]
pub fn totals<'a>(rows: impl IntoIterator<Item = &'a NightRow>) -> Totals {
    let mut sums = Totals::default();
    for row in rows {
        sums.nights += 1;
        sums.due += row.due;
        sums.credited += row.credited;
        sums.credited_nights += i64::from(row.credited > Pence::ZERO);
        match &row.what {
            SlotNight::Used { .. } => sums.used += 1,
            SlotNight::Nominated { .. } => sums.nominated += 1,
            SlotNight::Resold { .. } => sums.resold += 1,
            SlotNight::Void { cause, .. } => *sums.void.entry(cause.code()).or_default() += 1,
        }
        if !row.what.slept_in() && row.due > Pence::ZERO {
            sums.paid_empty += 1;
        }
        for (whose, pence) in &row.parts {
            let own = sums.by_authority.entry(*whose).or_default();
            match row.what {
                SlotNight::Used { .. } => {
                    own.used_nights += 1;
                    own.used += *pence;
                }
                SlotNight::Nominated { .. } | SlotNight::Void { .. } => own.empty += *pence,
                SlotNight::Resold { .. } if *pence < Pence::ZERO => own.income += -*pence,
                SlotNight::Resold { .. } => own.bought += *pence,
            }
        }
    }
    sums
}
