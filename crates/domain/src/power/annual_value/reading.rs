//! What counts towards the annual value: the authority's recorded reading, with its adviser and date (rule 3.4).
//! The decision itself seldom says; the other reading of each aspect is one link away.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::commitment::ValueKind;
use crate::calendar::YearBasis;

coded! {
    /// By which route a placement was bought.
    Route {
        /// Through the arrangement, for one child.
        Arrangement => "arrangement", "Through the arrangement";
        /// A bed of a mini-block, which is bought through the arrangement: its occupied nights, and shares of empty ones.
        Block => "block", "Mini-block";
        /// Spot purchase outside it.
        Spot => "spot", "Spot purchase";
        /// A placement moved to the arrangement's successor.
        Successor => "successor", "Moved to the successor arrangement";
        /// Block and in-house beds of another contract: never within this ceiling.
        Other => "other", "Block or in-house";
    }
}

impl Route {
    /// Whether limb (b) buys it, and the ceiling of limb (a) holds it.
    #[must_use]
    pub const fn through_arrangement(self) -> bool {
        matches!(self, Self::Arrangement | Self::Block)
    }
}

coded! {
    /// Which figure the ceiling holds (rule 3.1).
    Holds {
        /// Planned: to the planned end.
        Planned => "planned", "Planned";
        /// Bound: to the earliest date that notice allows.
        Bound => "bound", "Bound";
        /// Run-rate: to the year's end.
        RunRate => "run_rate", "Run-rate";
    }
}

coded! {
    /// An aspect of the reading that has two answers.
    Aspect {
        /// Spot purchases in or out.
        Spot => "spot", "Spot purchases";
        /// Gross or net of health and education money.
        Net => "net", "Money from health and education";
        /// Education lines in or out.
        Education => "education", "Education lines";
        /// Value added tax in or out.
        Vat => "vat", "VAT";
        /// Block voids in or out.
        BlockVoids => "block_voids", "Block voids";
        /// Placements moved to a successor in or out.
        Successor => "successor", "Placements moved to the successor";
        /// Contract year or financial year.
        Year => "year", "Year";
    }
}

/// How a line counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Treatment {
    /// Not at all.
    Out,
    /// In full.
    Gross,
    /// The authority's share only.
    Net,
}

/// Where the successor's own ceiling takes over from that of the arrangement before (rule 3.4): what moved, or began under
/// the successor, counts towards its ceiling; what did not stands after the earlier term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Follows {
    /// The first day of the first year whose ceiling is the successor's.
    pub from: Date,
    /// The last day of the earlier arrangement's term for this authority.
    pub earlier_end: Date,
}

/// An authority's reading of what its ceiling holds.
#[allow(clippy::struct_excessive_bools, reason = "each aspect is its own yes or no, named as rule 3.4 names it")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// Spot purchases count (default: out).
    pub spot: bool,
    /// Lines count net of what health and education pay (default: gross).
    pub net: bool,
    /// Education lines count (default: in).
    pub education: bool,
    /// VAT counts (default: excluded).
    pub vat: bool,
    /// The shares of block voids count (default: in).
    pub block_voids: bool,
    /// Placements moved to a successor count (default: out).
    pub successor: bool,
    /// Which figure the ceiling holds (default: planned).
    pub holds: Holds,
    /// Contract year (default) or financial year.
    pub year: YearBasis,
    /// Who advised on the reading; none while the defaults stand unrecorded.
    pub adviser: Option<String>,
    /// When.
    pub recorded_on: Option<Date>,
    /// Where a successor's own ceiling takes over: found from the decisions in force, never recorded with the reading.
    #[serde(skip)]
    pub follows: Option<Follows>,
}

impl Default for Reading {
    fn default() -> Self {
        Self {
            spot: false,
            net: false,
            education: true,
            vat: false,
            block_voids: true,
            successor: false,
            holds: Holds::Planned,
            year: YearBasis::Contract,
            adviser: None,
            recorded_on: None,
            follows: None,
        }
    }
}

impl Reading {
    /// How a line counts on a route.
    #[must_use]
    pub const fn treats(&self, kind: ValueKind, route: Route) -> Treatment {
        let route_in = match route {
            Route::Arrangement | Route::Block => true,
            Route::Spot => self.spot,
            Route::Successor => self.successor,
            Route::Other => false,
        };
        let kind_in = match kind {
            ValueKind::Care | ValueKind::Health => true,
            ValueKind::Education => self.education,
            ValueKind::BlockVoid => self.block_voids,
        };
        match (route_in && kind_in, self.net) {
            (false, _) => Treatment::Out,
            (true, true) => Treatment::Net,
            (true, false) => Treatment::Gross,
        }
    }

    /// The other reading of one aspect, to be shown beside this one.
    #[must_use]
    pub fn flipped(&self, aspect: Aspect) -> Self {
        let mut other = self.clone();
        match aspect {
            Aspect::Spot => other.spot = !other.spot,
            Aspect::Net => other.net = !other.net,
            Aspect::Education => other.education = !other.education,
            Aspect::Vat => other.vat = !other.vat,
            Aspect::BlockVoids => other.block_voids = !other.block_voids,
            Aspect::Successor => other.successor = !other.successor,
            Aspect::Year => {
                other.year = match other.year {
                    YearBasis::Contract => YearBasis::Financial,
                    YearBasis::Financial => YearBasis::Contract,
                };
            }
        }
        other
    }

    /// How this reading answers an aspect, in the words of the page.
    #[must_use]
    pub const fn answer(&self, aspect: Aspect) -> &'static str {
        let inside = match aspect {
            Aspect::Spot => self.spot,
            Aspect::Net => return if self.net { "net" } else { "gross" },
            Aspect::Education => self.education,
            Aspect::Vat => self.vat,
            Aspect::BlockVoids => self.block_voids,
            Aspect::Successor => self.successor,
            Aspect::Year => return self.year.words(),
        };
        if inside { "in" } else { "out" }
    }
}
