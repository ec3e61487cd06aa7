//! The arrangement that follows: recorded beside the one that runs, opened on or after its first day. Live agreements are
//! moved to it one by one, each with the consent of both sides (room `agreement`).

use jiff::civil::Date;

use super::{Ahead, Arrangement, Lot, Term, TermsVersion, WHO};
use crate::calendar::long_date;
use crate::change::Change;
use crate::id::ArrangementId;
use crate::outcome::Refusal;
use crate::power::decision::Decision;

/// What is recorded of a successor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// Its id.
    pub id: ArrangementId,
    /// Its slug in addresses.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Its term and option.
    pub term: Term,
    /// Its lots.
    pub lots: Vec<Lot>,
    /// The first version of its terms.
    pub terms: TermsVersion,
}

impl Arrangement {
    /// Records the arrangement that follows this one, with the same lead and participants; each adopts it by its own
    /// decision. Nothing is awarded through it before it is opened.
    pub fn followed_by(&self, next: Successor) -> Result<Change<Self>, Refusal> {
        let (start, end) = (next.term.start, next.term.end);
        if start <= self.term.start || end < start {
            return Err(refuse(
                "successor_term",
                "A successor begins after the arrangement that it follows, and ends after it begins",
                "The successor's term does not follow this arrangement's.",
            )
            .found(format!("{} to {}", long_date(start), long_date(end))));
        }
        if next.slug == self.slug || next.lots.is_empty() || next.terms.from > start {
            return Err(refuse(
                "successor_incomplete",
                "A successor has a name of its own, at least one lot, and terms that apply from its first day",
                "The successor's name, lots or terms are not complete.",
            )
            .found(next.slug));
        }
        let record = Self {
            id: next.id,
            version: 1,
            slug: next.slug,
            title: next.title,
            lead: self.lead.clone(),
            term: next.term,
            lots: next.lots,
            terms: vec![next.terms],
            specification: vec![],
            windows: Vec::new(),
            participants: self.participants.clone(),
            ahead: Ahead { follows: Some(self.slug.clone()), prepared: true, ..Ahead::default() },
        };
        let event = record
            .event("arrangement.recorded")
            .with("follows", &self.slug)
            .with("start", record.term.start)
            .with("end", record.term.end);
        Ok(Change::to(record, event))
    }

    /// Opens a successor: from now on awards go through it. On or after its first day, once.
    pub fn open(self, today: Date) -> Result<Change<Self>, Refusal> {
        if !self.ahead.prepared {
            return Err(refuse("opened_already", "An arrangement is opened once", "This arrangement is open."));
        }
        if today < self.term.start {
            return Err(refuse(
                "successor_not_begun",
                "A successor is opened on or after its first day",
                "The successor's term has not begun.",
            )
            .found(long_date(self.term.start)));
        }
        let mut next = Self { version: self.version + 1, ..self };
        next.ahead.prepared = false;
        let event = next.event("arrangement.opened").with("on", today);
        Ok(Change::to(next, event))
    }

    /// An authority's decisions that can speak of this arrangement: of a successor, those whose term begins with it or
    /// later; of one that follows none, those whose term began with it, or ends within its option. So neither adoption is
    /// taken for one of the other.
    #[must_use]
    pub fn speak_of_it(&self, decisions: &[Decision]) -> Vec<Decision> {
        let (follows, start, longest) = (self.ahead.follows.is_some(), self.term.start, self.term.longest_end());
        let speaks = |decision: &&Decision| {
            decision.page.term.is_none_or(|term| {
                if follows { term.start >= start } else { term.start <= start || term.end <= longest }
            })
        };
        decisions.iter().filter(speaks).cloned().collect()
    }
}

fn refuse(code: &str, rule: &str, sentence: &str) -> Refusal {
    Refusal::new(code, rule, sentence, WHO)
}
