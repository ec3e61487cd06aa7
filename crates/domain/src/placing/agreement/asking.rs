//! What the provider asks for: it reports an end, or asks for another planned end or price. An officer accepts it by doing
//! the act under its power, or declines it for a coded reason; the provider's word alone changes nothing.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Added, Agreement, EndReason};
use crate::change::Change;
use crate::clock::Moment;
use crate::id::PersonId;
use crate::money::Pence;
use crate::outcome::Refusal;

coded! {
    /// What a provider can ask for.
    AskKind {
        Start "start" "Ask for another start";
        End "end" "Report that the child has left";
        PlannedEnd "planned_end" "Ask for another planned end";
        Price "price" "Ask for another price";
    }
}

coded! {
    /// Why an officer declines what a provider asks for.
    DeclineReason {
        NotAgreed "not_agreed" "The authority does not agree";
        NotSo "not_so" "It did not happen so";
        Withdrawn "withdrawn" "The provider no longer asks for it";
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Wanted {
    /// Another first night, before the child has started. Up to 3 days later the approval holds (rule 1.7).
    Start {
        /// On which day.
        on: Date,
    },
    /// The child has left.
    End {
        /// On which day.
        on: Date,
        /// Planned or not.
        planned: bool,
        /// Why.
        reason: EndReason,
    },
    /// Another planned end.
    PlannedEnd {
        /// The day after the last planned night.
        to: Date,
    },
    /// Another price of a line.
    Price {
        /// The line, from 0.
        line: usize,
        /// From which night.
        from: Date,
        /// A week.
        weekly: Pence,
    },
}

impl Wanted {
    /// Its code in words.
    #[must_use]
    pub const fn kind(self) -> AskKind {
        match self {
            Self::Start { .. } => AskKind::Start,
            Self::End { .. } => AskKind::End,
            Self::PlannedEnd { .. } => AskKind::PlannedEnd,
            Self::Price { .. } => AskKind::Price,
        }
    }
}

/// How an officer answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum AskAnswer {
    /// The act was done.
    Accepted {
        /// When.
        at: DateTime,
    },
    /// It was declined.
    Declined {
        /// Why.
        reason: DeclineReason,
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

/// Something that the provider asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Its number, from 1.
    pub number: u32,
    /// What.
    pub wanted: Wanted,
    /// Who asked, of the provider.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// How it was answered.
    pub answer: Option<AskAnswer>,
}

impl Agreement {
    /// What the provider asked for and nobody answered.
    pub fn asked_open(&self) -> impl Iterator<Item = &Asked> {
        self.added.asked.iter().filter(|asked| asked.answer.is_none())
    }

    /// The provider asks. One question of a kind is open at a time.
    pub fn ask(self, wanted: Wanted, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let now = match wanted {
            Wanted::Start { .. } => self.state.before_start(),
            Wanted::End { .. } => self.state.lives_there(),
            Wanted::PlannedEnd { .. } | Wanted::Price { .. } => !self.state.over(),
        };
        if !now {
            return Err(self.cannot("be asked about so"));
        }
        if self.asked_open().any(|open| open.wanted.kind() == wanted.kind()) {
            return Err(refuse(
                "asked_before",
                "You asked for this before, and it waits for an answer.",
                wanted.kind(),
            ));
        }
        let (from, until) = self.nights();
        let fits = match wanted {
            Wanted::Start { on } => on != self.terms.start && on >= moment.today() && on < self.planned_end,
            Wanted::End { on, .. } => from < on && on <= moment.today(),
            Wanted::PlannedEnd { to } => to > from && to != self.planned_end,
            Wanted::Price { line, from, weekly } => {
                let paid = self.terms.lines.get(line);
                weekly > Pence::ZERO && paid.is_some_and(|paid| paid.from <= from && from < paid.to.min(until))
            }
        };
        if !fits {
            return Err(refuse("cannot_be_asked", "The day or the price does not fit this stay.", wanted.kind()));
        }
        let number = u32::try_from(self.added.asked.len()).unwrap_or(u32::MAX).saturating_add(1);
        let event = self.event("agreement.asked").with("asked", wanted.kind().code()).with("number", number);
        let mut added = self.added.clone();
        added.asked.push(Asked { number, wanted, by, at: moment.local, answer: None });
        Ok(Change::to(Self { version: self.version + 1, added, ..self }, event))
    }

    /// An officer declines it.
    pub fn decline_asked(
        self,
        number: u32,
        reason: DeclineReason,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        let mut added = self.added.clone();
        let open = added.asked.iter_mut().find(|asked| asked.number == number && asked.answer.is_none());
        let Some(open) = open else { return Err(self.cannot("have this declined: nothing of that number waits")) };
        open.answer = Some(AskAnswer::Declined { reason, by, at: moment.local });
        let event = self.event("agreement.asked_declined").with("number", number).with("reason", reason.code());
        Ok(Change::to(Self { version: self.version + 1, added, ..self }, event))
    }

    /// What was added, with everything of a kind that waited now accepted, because the act was done.
    pub(super) fn accepted(&self, kind: AskKind, moment: Moment) -> Added {
        let mut added = self.added.clone();
        for asked in added.asked.iter_mut().filter(|asked| asked.answer.is_none() && asked.wanted.kind() == kind) {
            asked.answer = Some(AskAnswer::Accepted { at: moment.local });
        }
        added
    }
}

fn refuse(code: &str, sentence: &str, kind: AskKind) -> Refusal {
    Refusal::new(
        code,
        "A provider reports an end or asks for a change; an officer of the authority accepts it",
        sentence,
        "The provider, by another day or price",
    )
    .found(kind.label())
}
