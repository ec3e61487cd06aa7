//! What the public may know of what was bought: the contract register, and yearly totals from which no small number can
//! be reckoned back (rule 9.1).
//!
//! Nothing here holds a child, a home's name or a day: a published figure has no field for them. Words that people write
//! are looked through before everybody reads them: see `guard`.

mod contract;
mod group;
mod guard;
mod prefix;
mod register;
mod share;
mod totals;

pub use contract::{ContractKind, PublicContract};
pub use group::{Group, split};
pub use guard::{Naming, NamingKind, Registered, namings, unconfirmed_namings};
pub use prefix::{OCID_PREFIX, OcidPrefix};
pub use register::{HomesOf, published_homes};
pub use share::{Begun, Share, ShareOf, Started, YearShare, year_share};
pub use totals::{AT_LEAST, Bought, FEWER, Figure, Measure, ProviderTotal, YearTotals, may_publish, suppressed};

#[cfg(test)]
mod tests;
