//! The regional Flexible Contracting Arrangement: its term, the option to extend it in steps, its lots, its versions
//! of terms, its opening windows and its participants. Each authority's adoption is its own (rules 2.4 and 2.5).

mod accepted;
mod beyond;
mod blocks;
mod extending;
mod instrument;
mod keeping;
mod leaving;
mod lots;
mod own;
mod participation;
mod succeeding;
mod term;

pub use accepted::{AcceptedBy, TermsAcceptance, check_signer};
pub use beyond::{AfterEnd, BlockAfter, BlockSurvival, Living, LivingBlock, Survival};
pub use blocks::may_outlive;
pub use extending::{Proposal, Step};
pub use instrument::{Cited, Instrument};
pub use leaving::{Leaves, Leaving};
pub use lots::ClosedLot;
pub use own::{OwnDecision, OwnUse};
pub use participation::{Participation, may_start, participation};
pub use succeeding::Successor;
pub use term::{ExtensionStep, Term, TermBar, warnings};

use term::after;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event};
use crate::id::{ArrangementId, OrganisationId};

/// A lot: a service type. Lots are data; each arrangement has its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Its code, such as `planned`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
}

/// A version of the terms, or of the specification, that both sides accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsVersion {
    /// Its number, such as `1.2`.
    pub version: String,
    /// From when it applies.
    pub from: Date,
    /// What changed.
    pub summary: String,
}

/// When providers and homes may join: yearly, and any time by the lead authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningWindow {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// A participating authority or trust.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// Its organisation.
    pub organisation: OrganisationId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A regional arrangement. Term, lots and terms are the region's; adoption, ceiling and delegates each authority's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    /// Its id.
    pub id: ArrangementId,
    /// Raised by one with every change.
    pub version: i64,
    /// Its slug in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The lead authority, as printed.
    pub lead: String,
    /// Its term, option and extension steps.
    pub term: Term,
    /// Its lots.
    pub lots: Vec<Lot>,
    /// Its versions of terms, oldest first.
    pub terms: Vec<TermsVersion>,
    /// The versions of its specification, what is bought and how well, oldest first.
    #[serde(default)]
    pub specification: Vec<TermsVersion>,
    /// Its opening windows.
    pub windows: Vec<OpeningWindow>,
    /// Its participants, in the order in which they are printed.
    pub participants: Vec<Participant>,
    /// What lies ahead of it.
    #[serde(default)]
    pub ahead: Ahead,
}

/// What lies ahead of an arrangement: an extension that is proposed, lots that close; of a successor, what it follows and
/// whether it is open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Ahead {
    /// The step that the region has proposed to the authorities.
    pub proposal: Option<Proposal>,
    /// The slug of the arrangement that it follows.
    pub follows: Option<String>,
    /// Recorded and not opened: nothing is awarded through it.
    pub prepared: bool,
    /// Lots that are closed, or will be.
    pub closed: Vec<ClosedLot>,
}

const WHO: &str = "The commissioning lead, after a decision of the region";

impl Arrangement {
    /// Records a new arrangement.
    pub fn record(arrangement: Self) -> Change<Self> {
        let next = Self { version: 1, ..arrangement };
        let event = next.event("arrangement.recorded").with("start", next.term.start).with("end", next.term.end);
        Change::to(next, event)
    }

    /// The lot with this code.
    #[must_use]
    pub fn lot(&self, code: &str) -> Option<&Lot> {
        self.lots.iter().find(|lot| lot.code == code)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "arrangement", self.id.0, self.version).with("slug", &self.slug)
    }
}

#[cfg(test)]
mod tests;
