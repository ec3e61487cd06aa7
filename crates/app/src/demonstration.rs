//! The demonstration: an invented region of true size on Monday 13 September 2021, 10:20.
//!
//! First everything is planned as plain data by a generator with a fixed seed; then it is written room by room.

use jiff::civil::{Date, date};

use crate::clock::Calendar;

mod admission;
pub mod authorities;
pub mod blocks;
pub mod cast;
pub mod chance;
pub mod comparison;
pub mod decisions;
mod fill;
pub mod fits;
pub mod happenings;
pub mod history;
pub mod homes;
pub mod imports;
pub mod live;
pub mod names;
pub mod needs;
pub mod people;
pub mod prices;
pub mod stays;
mod story;
pub mod tour;

pub use fill::{World, fill, fill_at};

/// The demonstration's day.
pub const TODAY: Date = date(2021, 9, 13);

/// How large the region is: the whole, or a small one for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// How many homes; everything else follows in proportion.
    pub homes: usize,
}

impl Scale {
    /// The region as it is shown.
    pub const WHOLE: Self = Self { homes: 450 };
    /// A tenth or so, for tests.
    pub const SMALL: Self = Self { homes: 45 };

    /// A number of the whole region at this scale.
    #[must_use]
    pub fn live(self, whole: i64) -> i64 {
        whole * i64::try_from(self.homes).unwrap_or(450) / 450
    }
}

/// The demonstration's calendar: it stands at 10:20 until it is moved.
#[must_use]
pub fn calendar() -> Calendar {
    Calendar::standing(TODAY.at(10, 20, 0, 0))
}
