//! The ledger of a mini-block by bed-night (rule 6.2): guaranteed, nominated, used, empty with its coded cause, re-sold,
//! credited; who pays each night, and every night's pence shared with nothing left over.
//!
//! Nights are told from facts: stays, nominations, causes, re-sales. What is frozen is kept; see `adjustment`.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{BlockShare, BlockTerms, DatedTerms, EarlierShares};
use crate::id::{AgreementId, OrganisationId};
use crate::money::Pence;
use crate::nights::Nights;

mod adjustment;
mod commitment;
mod ledger;
mod totals;

pub use adjustment::{Adjustment, adjustments, corrected};
pub use commitment::{amounts_of_lines, borne_by, lines_of_amounts, share_commitment};
pub use ledger::{ledger, month_of, months_of};
pub use totals::{AuthorityTotal, Totals, totals};

coded! {
    /// Why a bed of a block stood empty. The cause decides who pays (rule 6.2).
    VoidCause {
        /// The authorities nominated nobody.
        NoNomination => "no_nomination", "No child nominated";
        /// A nomination was not suitable, as its authority conceded.
        Unsuitable => "unsuitable_nomination", "Nomination was not suitable";
        /// The provider refused within the permitted number.
        RefusedWithin => "refused_within_limit", "Nomination refused, within the limit";
        /// The provider refused beyond it.
        RefusedBeyond => "refused_beyond_limit", "Nomination refused, beyond the limit";
        /// The home cannot staff the bed, or it is closed for repair.
        Unstaffed => "unstaffed", "Bed not staffed or closed";
        /// The home is suspended.
        Suspended => "suspended", "Home suspended";
        /// The home is not yet registered.
        NotRegistered => "not_registered", "Home not yet registered";
        /// A child who lives there needs the bed kept empty.
        ResidentNeeds => "resident_needs", "Blocked by a resident's needs";
    }
}

/// Who bears an empty night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearer {
    /// The authorities, by their shares.
    Shares,
    /// One authority, at whose request the bed is kept empty.
    Authority(OrganisationId),
    /// The provider: the night is credited.
    Provider,
}

impl VoidCause {
    /// Who bears the night. `request` is the placing authority at whose request a bed is kept empty for a resident.
    #[must_use]
    pub const fn borne_by(self, request: Option<OrganisationId>) -> Bearer {
        match (self, request) {
            (Self::NoNomination | Self::Unsuitable | Self::RefusedWithin, _) => Bearer::Shares,
            (Self::RefusedBeyond | Self::Unstaffed | Self::Suspended | Self::NotRegistered, _)
            | (Self::ResidentNeeds, None) => Bearer::Provider,
            (Self::ResidentNeeds, Some(authority)) => Bearer::Authority(authority),
        }
    }

    /// What is credited of a guaranteed night, in percent. The contract may say less for a suspended home or an
    /// unstaffed bed; all else that the provider bears is credited whole.
    #[must_use]
    pub fn credit_percent(self, terms: &BlockTerms) -> u8 {
        match self {
            Self::Suspended => terms.spec.credit_suspended,
            Self::Unstaffed => terms.spec.credit_unstaffed,
            Self::NoNomination
            | Self::Unsuitable
            | Self::RefusedWithin
            | Self::RefusedBeyond
            | Self::NotRegistered
            | Self::ResidentNeeds => 100,
        }
    }
}

/// What one bed of the block was on one night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SlotNight {
    /// A child of the contract slept there.
    Used {
        /// The agreement, as an opaque number.
        agreement: AgreementId,
        /// The child's responsible authority, who pays.
        authority: OrganisationId,
        /// At the price of a second child in the same home.
        second: bool,
    },
    /// Empty, with a child nominated who is awaited.
    Nominated {
        /// Whose child.
        authority: OrganisationId,
    },
    /// Empty.
    Void {
        /// Why.
        cause: VoidCause,
        /// At whose request it is kept empty for a resident.
        request: Option<OrganisationId>,
    },
    /// Re-sold: the buyer pays.
    Resold {
        /// Who buys.
        buyer: OrganisationId,
    },
}

impl SlotNight {
    /// The word in a list.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Used { .. } => "Used",
            Self::Nominated { .. } => "Nominated",
            Self::Void { cause, .. } => cause.label(),
            Self::Resold { .. } => "Re-sold",
        }
    }

    /// The code of the state, with a void's cause.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Used { .. } => "used",
            Self::Nominated { .. } => "nominated",
            Self::Void { cause, .. } => cause.code(),
            Self::Resold { .. } => "resold",
        }
    }

    /// Whether a child slept there, whoever paid.
    #[must_use]
    pub const fn slept_in(&self) -> bool {
        matches!(self, Self::Used { .. } | Self::Resold { .. })
    }
}

/// Who pays a night: exactly one (rule 6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payer {
    /// One authority.
    Authority(OrganisationId),
    /// The authorities by their shares.
    Shares,
    /// Nobody but the provider: not guaranteed, below the guarantee, or credited.
    Provider,
}

/// One bed on one night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightRow {
    /// The evening.
    pub night: Date,
    /// Which bed of the contract, from 1.
    pub slot: u8,
    /// What it was.
    #[serde(flatten)]
    pub what: SlotNight,
    /// Whether the authorities guarantee it and it stood empty.
    pub guaranteed: bool,
    /// What the provider is due for it.
    pub due: Pence,
    /// What is credited of the price of a guaranteed empty night.
    pub credited: Pence,
    /// What the buyer of a re-sold night pays; the authorities' part of what is above the empty price comes off `parts`.
    pub sold_for: Pence,
    /// Who pays what; an income is negative. They sum to what is due.
    pub parts: Vec<(OrganisationId, Pence)>,
}

impl NightRow {
    /// Who pays it.
    #[must_use]
    pub fn payer(&self) -> Payer {
        match &self.what {
            SlotNight::Used { authority, .. } => Payer::Authority(*authority),
            SlotNight::Resold { buyer } => Payer::Authority(*buyer),
            SlotNight::Void { cause, request } if self.due > Pence::ZERO => match cause.borne_by(*request) {
                Bearer::Authority(authority) => Payer::Authority(authority),
                Bearer::Shares | Bearer::Provider => Payer::Shares,
            },
            SlotNight::Nominated { .. } if self.due > Pence::ZERO => Payer::Shares,
            SlotNight::Void { .. } | SlotNight::Nominated { .. } => Payer::Provider,
        }
    }

    /// What one organisation pays of it.
    #[must_use]
    pub fn part_of(&self, organisation: OrganisationId) -> Pence {
        self.parts.iter().filter(|(whose, _)| *whose == organisation).map(|(_, pence)| *pence).sum()
    }
}

/// A child of the contract in a bed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StayFact {
    /// Which bed of the contract.
    pub slot: u8,
    /// The nights.
    pub nights: Nights,
    /// The agreement.
    pub agreement: AgreementId,
    /// The responsible authority.
    pub authority: OrganisationId,
    /// At the price of a second child.
    pub second: bool,
}

/// How a nomination stands, as the ledger sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NominationOutcome {
    /// It waits for an answer, or for the child to come.
    Awaited,
    /// The bed fell empty by a cause on a day: refused, or conceded as not suitable.
    Fell(VoidCause),
    /// Withdrawn; nothing follows from it.
    Gone,
}

/// A nomination to a bed: from the day it was made until it was answered against, taken back, or the child came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NominationFact {
    /// Which bed of the contract.
    pub slot: u8,
    /// The first evening.
    pub from: Date,
    /// The first evening on which it stood no more; open where it still stands.
    pub until: Option<Date>,
    /// Whose child.
    pub authority: OrganisationId,
    /// How it ended.
    pub outcome: NominationOutcome,
}

/// Why beds stand empty on some nights, recorded or known from the home's own record. A later one goes before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CauseFact {
    /// Which bed of the contract; all of them where none is named.
    pub slot: Option<u8>,
    /// The nights.
    pub nights: Nights,
    /// Why.
    pub cause: VoidCause,
    /// At whose request.
    pub request: Option<OrganisationId>,
}

/// Nights re-sold to an authority that is no party, or wants more than its share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResaleFact {
    /// Which bed of the contract.
    pub slot: u8,
    /// The nights.
    pub nights: Nights,
    /// Who buys.
    pub buyer: OrganisationId,
    /// What a night costs the buyer; at least the price of an empty night.
    pub night: Pence,
}

/// Everything from which the nights of a contract are told.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The terms, oldest first; each holds from its night.
    pub terms: &'a [DatedTerms],
    /// The shares as they were agreed last, in their fixed order.
    pub shares: &'a [BlockShare],
    /// Those that held before, oldest first.
    pub earlier: &'a [EarlierShares],
    /// The contract's nights, to its end as it stands.
    pub span: Nights,
    /// Stays of the contract's children.
    pub stays: Vec<StayFact>,
    /// Nominations, oldest first.
    pub nominations: Vec<NominationFact>,
    /// Causes, the weakest first.
    pub causes: Vec<CauseFact>,
    /// Re-sales that were taken.
    pub resales: Vec<ResaleFact>,
}

#[cfg(test)]
mod tests;
