//! Publication: the contract register, yearly totals with every small number out of them, and what depends on a decision.

mod contracts;
mod dependants;
mod years;

pub use contracts::{Register, YearPage};
pub use dependants::{Dependant, Held};
pub(crate) use years::tell_years;
pub use years::{PublishYear, YearToPublish};
