//! Nights: half-open ranges of civil dates. A night belongs to its evening; the end date is not charged (rule 4.1).

use core::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;

/// The open end of a range in both databases: one comparison, one index, never null (invariants of the store).
pub const OPEN_END: Date = Date::constant(9999, 12, 31);

coded! {
    /// Which of a stay's first and last day its contract charges (rule 4.1). The last day is the one on which the child
    /// leaves; where it is charged, it costs what the night of its evening would.
    ChargedDays {
        FirstNotLast "first_not_last" "The first day is charged, the last is not";
        Both "both" "The first and the last day are charged";
        LastNotFirst "last_not_first" "The last day is charged, the first is not";
        Neither "neither" "Neither the first nor the last day is charged";
    }
}

impl ChargedDays {
    /// The first day that a stay from `start` is charged for.
    #[must_use]
    pub fn from(self, start: Date) -> Date {
        match self {
            Self::FirstNotLast | Self::Both => start,
            Self::LastNotFirst | Self::Neither => plus_days(start, 1),
        }
    }

    /// The day after the last that a stay from `start` to `end` is charged for; of a stay that never began, its end.
    #[must_use]
    pub fn until(self, start: Date, end: Date) -> Date {
        match self {
            Self::Both | Self::LastNotFirst if start < end && end < OPEN_END => plus_days(end, 1),
            Self::FirstNotLast | Self::Neither | Self::Both | Self::LastNotFirst => end,
        }
    }

    /// What is charged of a stay from `start` to `end`, as nights; none where nothing is.
    #[must_use]
    pub fn charged(self, start: Date, end: Date) -> Option<Nights> {
        Nights::new(self.from(start), self.until(start, end))
    }

    /// How many days more it charges than the nights of a stay; below zero where fewer.
    #[must_use]
    pub const fn beyond_nights(self) -> i8 {
        match self {
            Self::FirstNotLast | Self::LastNotFirst => 0,
            Self::Both => 1,
            Self::Neither => -1,
        }
    }
}

/// Where a contract says nothing: a night belongs to its evening, and the end date is not charged (rule 4.1).
impl Default for ChargedDays {
    fn default() -> Self {
        Self::FirstNotLast
    }
}

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

impl Nights {
    /// The nights in words, such as "nights of 19 January 2019 to 2 March 2019": the first and the last one.
    #[must_use]
    pub fn words(self) -> String {
        let (first, last) = (long_date(self.from), plus_days(self.to, -1));
        match self.count() {
            1 => format!("the night of {first}"),
            _ if self.to == OPEN_END => format!("from {first} on"),
            _ => format!("nights of {first} to {}", long_date(last)),
        }
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
    fn nights_are_said_by_the_first_and_the_last_one() {
        let said = |to| Nights::new(date(2021, 9, 30), to).map(Nights::words);
        assert_eq!(said(date(2021, 10, 1)).as_deref(), Some("the night of 30 September 2021"));
        assert_eq!(said(date(2021, 10, 3)).as_deref(), Some("nights of 30 September 2021 to 2 October 2021"));
        assert_eq!(said(OPEN_END).as_deref(), Some("from 30 September 2021 on"));
    }

    #[test]
    fn rule_4_1_the_contract_says_which_of_the_first_and_last_day_are_charged() {
        let (start, end) = (date(2021, 9, 13), date(2021, 9, 20));
        let days = |term: ChargedDays| term.charged(start, end).map(|nights| (nights.from(), nights.to()));
        assert_eq!(days(ChargedDays::default()), Some((start, end)), "the end date is not charged");
        assert_eq!(days(ChargedDays::Both), Some((start, date(2021, 9, 21))));
        assert_eq!(days(ChargedDays::LastNotFirst), Some((date(2021, 9, 14), date(2021, 9, 21))));
        assert_eq!(days(ChargedDays::Neither), Some((date(2021, 9, 14), end)));
        for term in ChargedDays::ALL {
            let count = term.charged(start, end).map_or(0, Nights::count);
            assert_eq!(count, 7 + i64::from(term.beyond_nights()), "{}", term.code());
            assert_eq!(term.charged(start, start), None, "a stay that never began costs nothing");
            assert_eq!(ChargedDays::from_code(term.code()), Some(*term));
        }
        assert_eq!(ChargedDays::Both.until(start, OPEN_END), OPEN_END);
    }

    #[test]
    fn leap_days_are_nights() {
        assert_eq!(days_between(date(2020, 2, 28), date(2020, 3, 1)), 2);
        assert_eq!(plus_days(date(2020, 2, 28), 1), date(2020, 2, 29));
    }
}
