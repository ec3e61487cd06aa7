//! Where an appraisal starts, counted from one authority's own record: what leaves that record for the regional team, which
//! reads no agreement, no search and no ledger of an authority. No child, home, reference or day of a stay is in it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Living, ReadUpTo, Year};
use crate::power::annual_value::Route;

/// The middle minutes that a route took, measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// The route.
    pub route: Route,
    /// By how many placements.
    pub placements: u32,
    /// The minutes.
    pub minutes: u32,
}

/// What an authority's own record says as a start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnStart {
    /// Up to where the record was read.
    pub data: ReadUpTo,
    /// The children who live in homes today, by any route that is bought.
    pub living: Vec<Living>,
    /// Of these, through the arrangement.
    pub through_arrangement: Vec<Living>,
    /// Lengths of stay in weeks at 1,024 equal steps of chance, ascending.
    pub lengths: Vec<u16>,
    /// The ended stays that these rest on.
    pub ended: u32,
    /// The agreements that began in the last 52 weeks.
    pub begun: u32,
    /// The searches of the last 52 weeks that ended: with a home, and without.
    pub searches: (u32, u32),
    /// What routes took.
    pub measured: Vec<Measured>,
    /// The contract years ahead.
    pub years: Vec<Year>,
    /// On what all of it rests, a sentence each.
    pub grounds: Vec<String>,
}

impl OwnStart {
    /// The day on which it was counted.
    #[must_use]
    pub const fn day(&self) -> Date {
        self.data.day
    }
}
