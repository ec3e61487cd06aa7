//! Agreements and mini-blocks that run past the end of a term: each gets a visible answer instead of silence. An agreement
//! made within the term runs under its own terms to its own end; nights after the term stand apart in the ledger (rule
//! 3.3). A block's nights beyond it need a decision that says so, and a leaving authority's share somebody who takes it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::nights::{days_between, plus_days};

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

/// A running mini-block of which an authority pays a share, as far as the end of a term asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LivingBlock {
    /// Its reference.
    pub reference: String,
    /// Its first night.
    pub from: Date,
    /// The day after its last night.
    pub until: Date,
    /// The authority's share, as it is printed.
    pub share: String,
}

coded! {
    /// What becomes of an authority's share of a mini-block at the end of a term.
    BlockAfter {
        /// It ends within the term.
        EndsWithin => "ends_within", "Ends within the term";
        /// The powers hold for it.
        GoesOn => "goes_on", "Goes on";
        /// No decision carries it.
        ToDecide => "to_decide", "To be decided";
        /// The authority leaves while it pays.
        ToShareAnew => "to_share_anew", "To be shared anew";
    }
}

/// The answer for one mini-block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockSurvival {
    /// Its reference.
    pub reference: String,
    /// The authority's share, as it is printed.
    pub share: String,
    /// The day after its last night.
    pub until: Date,
    /// Its nights after the last day of the term.
    pub nights_after: i64,
    /// What becomes of the share.
    pub then: BlockAfter,
}

impl LivingBlock {
    /// What becomes of it after the last day of a term; `beyond` where it has nights then.
    #[must_use]
    pub fn after(&self, last_day: Date, beyond: BlockAfter) -> BlockSurvival {
        let first = plus_days(last_day, 1).max(self.from);
        let nights_after = days_between(first, self.until).max(0);
        BlockSurvival {
            reference: self.reference.clone(),
            share: self.share.clone(),
            until: self.until,
            nights_after,
            then: if nights_after > 0 { beyond } else { BlockAfter::EndsWithin },
        }
    }
}

impl BlockSurvival {
    /// The answer as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let until = long_date(self.until);
        let nights = if self.nights_after == 1 { "night" } else { "nights" };
        let after = format!("{} {nights} after the term", self.nights_after);
        match self.then {
            BlockAfter::EndsWithin => format!("Ends within the term, on {until}."),
            BlockAfter::GoesOn => {
                format!("Goes on to {until}, {after}: a decision in force holds its powers for those nights.")
            }
            BlockAfter::ToDecide => format!(
                "Runs to {until}, {after}, and no decision in force holds its powers for them: the decision maker decides, \
                 or it is left at a break."
            ),
            BlockAfter::ToShareAnew => format!(
                "Runs to {until}, {after}. The contract binds the share until the others take it: share it anew, or leave \
                 it at a break."
            ),
        }
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
