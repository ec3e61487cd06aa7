//! The moment a command runs at, passed in from above: nothing on this floor reads a clock.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// One moment of the business clock: the instant, and what the clock on the wall in London shows then.
/// Law, deadlines and business dates are answered by `local`; order in the record by `at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    /// The instant, in microseconds precision.
    pub at: Timestamp,
    /// The same instant as civil time in London.
    pub local: DateTime,
}

impl Moment {
    /// Today in London.
    #[must_use]
    pub fn today(self) -> Date {
        self.local.date()
    }
}
