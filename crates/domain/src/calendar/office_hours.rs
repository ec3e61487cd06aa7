//! When the offices of an organisation are open, for what a person has to do within some working hours.

use jiff::SignedDuration;
use jiff::civil::{Time, time};
use serde::{Deserialize, Serialize};

/// From when until when the offices are open on each working day; nine to five where nobody has said otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHours {
    opens: Time,
    closes: Time,
}

impl Default for OfficeHours {
    fn default() -> Self {
        Self { opens: time(9, 0, 0, 0), closes: time(17, 0, 0, 0) }
    }
}

impl OfficeHours {
    /// Hours of one day; none where the offices would be open for less than one.
    #[must_use]
    pub fn new(opens: Time, closes: Time) -> Option<Self> {
        (closes.duration_since(opens) >= SignedDuration::from_hours(1)).then_some(Self { opens, closes })
    }

    /// When the offices open.
    #[must_use]
    pub const fn opens(self) -> Time {
        self.opens
    }

    /// When they close.
    #[must_use]
    pub const fn closes(self) -> Time {
        self.closes
    }

    /// Whether they are the usual ones, which are not written down beside each working calendar that is kept.
    #[must_use]
    pub fn usual(&self) -> bool {
        *self == Self::default()
    }
}
