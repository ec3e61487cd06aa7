//! The term of the arrangement and its option to extend, in steps whose sum is at most the option.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};

use crate::nights::{days_between, plus_days};

/// One use of the option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtensionStep {
    /// Its length.
    pub months: u16,
    /// When the region decided it.
    pub decided_on: Date,
}

/// The initial term, the option and its use so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The first day.
    pub start: Date,
    /// The last day of the initial term.
    pub end: Date,
    /// Months by which it may be extended.
    pub option_months: u16,
    /// Steps used.
    pub steps: Vec<ExtensionStep>,
}

/// The term as a bar: where today stands in it, and what is left of the option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermBar {
    /// Today's number in the term as it stands, from 1; 0 before it, the whole length after it.
    pub day: i64,
    /// The number of days of the term as it stands.
    pub of: i64,
    /// Days left until the last day.
    pub days_left: i64,
    /// The last day of the term as it stands.
    pub end: Date,
    /// Months of the option used.
    pub months_used: u16,
    /// Months of the option left.
    pub months_left: u16,
    /// The last day if the whole option is used.
    pub longest_end: Date,
    /// The warning that is due: 12, 9, 6 or 3 months before the end.
    pub warning: Option<u8>,
}

impl Term {
    /// Months of the option used.
    #[must_use]
    pub fn months_used(&self) -> u16 {
        self.steps.iter().map(|step| step.months).sum()
    }

    /// Months of the option left.
    #[must_use]
    pub fn months_left(&self) -> u16 {
        self.option_months.saturating_sub(self.months_used())
    }

    /// The last day of the term as it stands.
    #[must_use]
    pub fn current_end(&self) -> Date {
        after(self.end, self.months_used())
    }

    /// The last day if the whole option is used.
    #[must_use]
    pub fn longest_end(&self) -> Date {
        after(self.end, self.option_months)
    }

    /// Where a day stands.
    #[must_use]
    pub fn bar(&self, day: Date) -> TermBar {
        let end = self.current_end();
        let of = days_between(self.start, end) + 1;
        let warned = |(_, from): &(u8, Date)| *from <= day && day <= end;
        let warning = warnings(end).into_iter().rev().find(warned).map(|(months, _)| months);
        TermBar {
            day: (days_between(self.start, day) + 1).clamp(0, of),
            of,
            days_left: days_between(day, end).max(0),
            end,
            months_used: self.months_used(),
            months_left: self.months_left(),
            longest_end: self.longest_end(),
            warning,
        }
    }
}

/// The warnings before a last day, the earliest first: fewer than so many months are left, and from which day on.
#[must_use]
pub fn warnings(end: Date) -> [(u8, Date); 4] {
    [12, 9, 6, 3].map(|months| (months, end.saturating_sub(Span::new().months(i64::from(months)))))
}

/// The day `months` months after the last day of a term: the day before the same date as its following day's.
pub(super) fn after(end: Date, months: u16) -> Date {
    plus_days(plus_days(end, 1).saturating_add(i64::from(months).months()), -1)
}
