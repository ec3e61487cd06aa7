//! Publication: the contract register, yearly totals and shares with every small number out of them, the list of providers,
//! and what depends on a decision.

mod contracts;
mod dependants;
mod providers;
mod years;

pub use contracts::{Register, YearPage};
pub use dependants::{Dependant, Held};
pub use providers::{ProviderList, ProviderRow};
pub(crate) use years::tell_years;
pub use years::{PublishYear, YearToPublish};
