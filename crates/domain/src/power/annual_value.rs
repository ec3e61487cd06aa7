//! The annual value: what is committed through the arrangement in each year, against the ceiling that a limb sets
//! (rules 3.1 to 3.6). Bound, planned and run-rate are always shown; the ceiling holds what is planned.
//!
//! Only a new award is refused above the ceiling; what cannot be refused is an exception with reason and person.

mod ceiling;
mod commitment;
mod exception;
mod ledger;
mod reading;
mod region;
mod words;

pub use ceiling::{GivenCeiling, YearCeiling, asked, ceilings_on, ended_with_its_term, taken_over};
pub use commitment::{
    Bucket, Commitment, Figures, Horizon, Share, ValueKind, ValueLine, charge, commitment_by_year, figures,
    rolled_planned_end,
};
pub use exception::{ExceptionReason, SpotGround, spot_beside_ceiling, spot_soon_after_refusal};
pub use ledger::{CeilingChange, Entry, YearTotals};
pub use reading::{Aspect, Follows, Holds, Reading, Route, Treatment};
pub use region::{CountedValue, RegionYear, exceeded_on};
pub use words::{Forecast, Words};

#[cfg(test)]
mod tests;
