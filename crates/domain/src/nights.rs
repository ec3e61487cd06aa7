//! Nights: half-open ranges of civil dates. A night belongs to its evening; the end date is not charged (rule 4.1).

use core::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The open end of a range in both databases: one comparison, one index, never null (invariants of the store).
pub const OPEN_END: Date = Date::constant(9999, 12, 31);

/// The nights from the evening of `from` up to, and without, the evening of `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Nights {
    from: Date,
    to: Date,
}

impl Nights {
    /// The nights `[from, to)`; none where `to` is not after `from`.
    #[must_use]
    pub fn new(from: Date, to: Date) -> Option<Self> {
        (from < to).then_some(Self { from, to })
    }

    /// The nights from `from` with no end known.
    #[must_use]
    pub fn open(from: Date) -> Self {
        Self { from, to: OPEN_END }
    }

    /// The first night.
    #[must_use]
    pub fn from(self) -> Date {
        self.from
    }

    /// The date after the last night; not charged.
    #[must_use]
    pub fn to(self) -> Date {
        self.to
    }

    /// How many nights.
    #[must_use]
    pub fn count(self) -> i64 {
        days_between(self.from, self.to)
    }

    /// Whether the evening of `night` is among them.
    #[must_use]
    pub fn contains(self, night: Date) -> bool {
        self.from <= night && night < self.to
    }

    /// The nights that both have.
    #[must_use]
    pub fn overlap(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to))
    }
}

impl fmt::Display for Nights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

/// Days from `from` to `to`, negative where `to` is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// The date `days` after `date` (before it where negative), held at the calendar's ends.
#[must_use]
pub fn plus_days(date: Date, days: i64) -> Date {
    date.saturating_add(jiff::Span::new().days(days.clamp(-1_000_000, 1_000_000)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_night_belongs_to_its_evening_and_the_end_date_is_not_charged() {
        let stay = Nights::new(date(2021, 9, 13), date(2021, 9, 20)).map(Nights::count);
        assert_eq!(stay, Some(7));
        assert_eq!(Nights::new(date(2021, 9, 13), date(2021, 9, 13)), None);
    }

    #[test]
    fn leap_days_are_nights() {
        assert_eq!(days_between(date(2020, 2, 28), date(2020, 3, 1)), 2);
        assert_eq!(plus_days(date(2020, 2, 28), 1), date(2020, 2, 29));
    }
}
