//! The regional Flexible Contracting Arrangement: its term, the option to extend it in steps, its lots, its versions
//! of terms, its opening windows and its participants. Each authority's adoption is its own (rules 2.4 and 2.5).

mod accepted;
mod beyond;
mod blocks;
mod extending;
mod keeping;
mod leaving;
mod lots;
mod own;
mod participation;
mod succeeding;
mod term;

pub use accepted::{AcceptedBy, TermsAcceptance, check_signer};
pub use beyond::{AfterEnd, Living, Survival};
pub use blocks::may_outlive;
pub use extending::{Proposal, Step};
pub use leaving::{Leaves, Leaving};
pub use lots::ClosedLot;
pub use own::{OwnDecision, OwnUse};
pub use participation::{Participation, may_start, participation};
pub use succeeding::Successor;
pub use term::{ExtensionStep, Term, TermBar};

use own::known_terms;
use term::after;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event};
use crate::id::{ArrangementId, OrganisationId};
use crate::outcome::Refusal;
use crate::power::decision::long_date;

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

/// A version of the terms that providers accept.
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

    /// Issues a new version of the terms.
    pub fn issue_terms(self, terms: TermsVersion) -> Result<Change<Self>, Refusal> {
        let stale = self.terms.last().is_some_and(|last| last.from >= terms.from || last.version == terms.version);
        if stale || terms.version.trim().is_empty() {
            return Err(Refusal::new(
                "terms_not_newer",
                "Versions of the terms follow each other",
                "A new version of the terms needs a number of its own and a later first day than the one before.",
                WHO,
            )
            .found(
                self.terms
                    .last()
                    .map_or_else(String::new, |last| format!("{} from {}", last.version, long_date(last.from))),
            ));
        }
        let mut next = Self { version: self.version + 1, ..self };
        let event = next.event("arrangement.terms_issued").with("terms", &terms.version).with("from", terms.from);
        next.terms.push(terms);
        Ok(Change::to(next, event))
    }

    /// The version of the terms in force on a day.
    #[must_use]
    pub fn terms_on(&self, day: Date) -> Option<&TermsVersion> {
        self.terms.iter().rev().find(|terms| terms.from <= day)
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
