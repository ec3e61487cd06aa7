//! The alternatives to the arrangement that the decision rejected, tested again on the authority's own record.
//!
//! An appraisal is computed from what is live, what was bought and what is assumed. One that is saved keeps all of it
//! with the event up to which the record was read, so that its report can be made again to the pound.

mod assumption;
mod figures;
mod own;

pub use assumption::{Assumed, Assumption, Assumptions, Group, Origin, Unit};
pub use figures::{Figures, OptionFigures, Paid, Range, YearAhead, thousands};
pub use own::{Measured, OwnStart};

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event};
use crate::id::{AppraisalId, OrganisationId, PersonId};
use crate::outcome::Invalid;

coded! {
    /// One way to buy residential care, in the order of the decision's own list after the arrangement itself.
    Alternative {
        /// The regional arrangement, with spot purchases beside it.
        Arrangement => "arrangement", "The regional arrangement (FCA)";
        /// Alternative 1.
        DoNothing => "do_nothing", "Do nothing: every placement by spot";
        /// Alternative 2.
        OwnFramework => "own_framework", "A framework of the authority’s own";
        /// Alternative 3.
        SubRegional => "sub_regional", "A sub-regional framework";
        /// Alternative 4.
        Block => "block", "A block contract, with the FCA for all others";
        /// Alternative 4 too.
        InHouse => "in_house", "Homes in house, with the FCA for all others";
    }
}

/// A child who lives in a home today, as far as the future asks: neither who nor where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Living {
    /// Pence a week.
    pub weekly: u32,
    /// Weeks that have passed.
    pub weeks: u16,
}

/// What an appraisal was computed from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inputs {
    /// The children who live in homes today, by any route.
    pub living: Vec<Living>,
    /// Of these, through the arrangement.
    pub through_arrangement: Vec<Living>,
    /// Pence a week of what was bought through the arrangement, at today's prices.
    pub prices: Vec<u32>,
    /// Lengths of stay in weeks at 1,024 equal steps of chance, ascending.
    pub lengths: Vec<u16>,
    /// The ended stays that these rest on; 0 where they are the stated ones.
    pub ended: u32,
    /// The placements that the rate rests on.
    pub begun: u32,
    /// On what all of it rests, a sentence each.
    pub grounds: Vec<String>,
    /// The contract years ahead: the week in which each ends, its first day and its ceiling where one is set.
    pub years: Vec<Year>,
}

/// A contract year that lies ahead, or the rest of the present one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// Its first day.
    pub start: Date,
    /// How many weeks from today it goes on.
    pub until_week: u16,
    /// What its nights before today cost already, in pence.
    pub spent: i64,
    /// Its ceiling in pence; for a year that no decision has reached yet, that of the present year.
    pub ceiling: Option<i64>,
    /// Whether a decision set that ceiling for this year.
    pub set: bool,
}

/// Up to where the record was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadUpTo {
    /// The last event of the authority's record then.
    pub event: i64,
    /// The day.
    pub day: Date,
}

/// An appraisal with all that it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appraised {
    /// Whose placements.
    pub authority: OrganisationId,
    /// Its code.
    pub code: String,
    /// Its name as printed.
    pub name: String,
    /// Up to where the record was read.
    pub data: ReadUpTo,
    /// By which number the futures were drawn.
    pub seed: u64,
    /// How many futures.
    pub futures: u32,
    /// What is assumed.
    pub assumptions: Assumptions,
    /// What it was computed from.
    pub inputs: Inputs,
    /// What buyers of each size pay, lot by lot.
    pub paid: Vec<Paid>,
    /// What came out.
    pub figures: Figures,
}

/// A saved appraisal: written once, never changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appraisal {
    /// Its id.
    pub id: AppraisalId,
    /// Who keeps it: the authority itself, or the regional team.
    pub keeper: OrganisationId,
    /// What people call it, such as `HEF-OA-001`.
    pub reference: String,
    /// What it is called in the report.
    pub title: String,
    /// When it was saved, in London.
    pub saved_at: DateTime,
    /// Who saved it.
    pub by: PersonId,
    /// What was appraised.
    pub appraised: Appraised,
}

/// The longest title.
const LONGEST: usize = 120;

impl Appraisal {
    /// Saves an appraisal. Its event names the reference, the day and the event of the data, and no figure of a child.
    pub fn save(self) -> Result<Change<Self>, Invalid> {
        let title = self.title.trim().to_owned();
        if title.is_empty() {
            return Err(Invalid::one("title", "Enter what this appraisal is for, like Cabinet, 23 September 2021"));
        }
        if title.chars().count() > LONGEST {
            return Err(Invalid::one("title", format!("Shorten this to {LONGEST} characters")));
        }
        let event = Event::new("appraisal.saved", "appraisal", self.id.0, 1)
            .with("reference", &self.reference)
            .with("authority", self.appraised.authority)
            .with("event", self.appraised.data.event)
            .with("day", self.appraised.data.day);
        Ok(Change::to(Self { title, ..self }, event))
    }
}

#[cfg(test)]
mod tests;
