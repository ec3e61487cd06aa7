//! Agreements that run past the end of a term: each gets a visible answer instead of silence. An agreement made within the
//! term runs under its own terms to its own end; nights after the term stand apart in the ledger (rule 3.3).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::nights::{days_between, plus_days};
use crate::power::decision::long_date;

/// A live agreement, as far as the end of a term asks: no child, no home.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Living {
    /// Its reference.
    pub reference: String,
    /// When it was awarded.
    pub awarded_on: Date,
    /// Its first night.
    pub start: Date,
    /// The day after its last planned night.
    pub planned_end: Date,
    /// Whether it was moved to a successor, and from when.
    pub moved_on: Option<Date>,
}

coded! {
    /// What becomes of an agreement at the end of a term.
    AfterEnd {
        /// It ends within the term.
        EndsWithin => "ends_within", "Ends within the term";
        /// It goes on under its own terms.
        GoesOn => "goes_on", "Survives the end date";
        /// It was moved to the successor.
        Moved => "moved", "Moved to the successor";
    }
}

/// The answer for one agreement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survival {
    /// The agreement's reference.
    pub reference: String,
    /// The day after its last planned night.
    pub planned_end: Date,
    /// Planned nights after the last day of the term.
    pub nights_after: i64,
    /// What becomes of it.
    pub then: AfterEnd,
}

impl Living {
    /// What becomes of it after the last day of a term.
    #[must_use]
    pub fn after(&self, last_day: Date) -> Survival {
        let first = plus_days(last_day, 1).max(self.start);
        let nights_after = days_between(first, self.planned_end).max(0);
        let then = if self.moved_on.is_some() {
            AfterEnd::Moved
        } else if nights_after > 0 {
            AfterEnd::GoesOn
        } else {
            AfterEnd::EndsWithin
        };
        Survival { reference: self.reference.clone(), planned_end: self.planned_end, nights_after, then }
    }
}

impl Survival {
    /// The answer as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self.then {
            AfterEnd::EndsWithin => format!("Ends within the term, on {}.", long_date(self.planned_end)),
            AfterEnd::Moved => "Moved to the successor, under its terms.".to_owned(),
            AfterEnd::GoesOn => {
                let nights = if self.nights_after == 1 { "night" } else { "nights" };
                format!(
                    "Survives the end date: it was made within the term and runs under its own terms to {}, {} {nights} \
                     after the term.",
                    long_date(self.planned_end),
                    self.nights_after
                )
            }
        }
    }
}
