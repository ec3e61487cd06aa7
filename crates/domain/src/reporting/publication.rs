//! What the public may know of what was bought: the contract register, and yearly totals from which no small number can
//! be reckoned back (rule 9.1).
//!
//! Nothing here holds a child, a home's name or a day: a published figure has no field for them.

mod contract;
mod prefix;
mod totals;

pub use contract::{ContractKind, PublicContract};
pub use prefix::{OCID_PREFIX, OcidPrefix};
pub use totals::{AT_LEAST, Bought, Figure, Measure, ProviderTotal, Reach, YearTotals, may_publish, suppressed};

#[cfg(test)]
mod tests;
