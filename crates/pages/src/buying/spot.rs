//! Spot purchases: start one (S-13), what cannot be bought, a referral's purchases with both totals, and the list.

pub mod exemption;
pub mod list;
pub mod record;
pub mod start;
pub mod unregistered;

use placewell_domain::money::Pence;

use crate::components::{Number, Numbers};
use crate::words;

/// Both totals of a contract year, beside each other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// Planned through the arrangement.
    pub committed: Pence,
    /// The ceiling.
    pub ceiling: Pence,
    /// Planned by spot purchase, beside it.
    pub spot: Pence,
}

impl Totals {
    fn numbers(self) -> Numbers {
        Numbers::new([
            Number::new(words::money(self.committed), "Planned through the arrangement")
                .note(format!("of a ceiling of {}", words::money(self.ceiling))),
            Number::new(words::money(self.spot), "Planned by spot purchase")
                .note("beside the ceiling, never inside it"),
        ])
    }
}

pub(crate) fn samples() -> Vec<(&'static str, String)> {
    [start::samples(), record::samples(), exemption::samples(), list::samples(), unregistered::samples()].concat()
}
