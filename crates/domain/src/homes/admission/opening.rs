//! An opening of the arrangement: providers apply until its deadline, to the second. One yearly window, and any other by
//! the lead authority with its reason. What is published is fixed.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::criteria::{Criteria, WHO};
use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{ArrangementId, OpeningId, OrganisationId};
use crate::outcome::{Invalid, Refusal};
use crate::power::arrangement::{Arrangement, OpeningWindow};

/// Why the arrangement opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OpeningKind {
    /// In a window of the arrangement.
    Yearly,
    /// At any time by the lead authority, which says why.
    ByLead {
        /// The reason, such as too few places for a kind of child.
        reason: String,
    },
}

/// Where an opening stands; whether it is open now is asked of the clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum OpeningState {
    /// Being written.
    Draft,
    /// Published, with its criteria fixed.
    Published {
        /// When.
        at: DateTime,
    },
    /// Called off.
    Cancelled {
        /// When.
        at: DateTime,
        /// Why.
        reason: String,
    },
}

impl OpeningState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["draft", "published", "cancelled"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Published { .. } => "published",
            Self::Cancelled { .. } => "cancelled",
        }
    }

    /// The words on a page; whether what is published is open now, [`OpeningPhase`] says.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Draft => OpeningPhase::Draft.label(),
            Self::Published { .. } => "Published",
            Self::Cancelled { .. } => OpeningPhase::Cancelled.label(),
        }
    }
}

/// What a person types of an opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningPlan {
    /// What it is called.
    pub title: String,
    /// Why the arrangement opens.
    pub kind: OpeningKind,
    /// From when applications are taken.
    pub opens: DateTime,
    /// The deadline: what comes in at this second is in time, a second later is late.
    pub closes: DateTime,
    /// Until when questions are taken.
    pub questions_until: DateTime,
    /// Everything by which an application is judged.
    pub criteria: Criteria,
}

/// An opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Its id.
    pub id: OpeningId,
    /// Raised by one with every move.
    pub version: i64,
    /// The regional team.
    pub region: OrganisationId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// Its reference, such as `AR-004`.
    pub reference: String,
    /// What was planned.
    pub plan: OpeningPlan,
    /// Where it stands.
    pub state: OpeningState,
}

/// Every move of an opening.
pub const OPENING_MOVES: &[Move] = &[
    Move { from: "new", act: "plan", to: "draft", by: "commissioning lead" },
    Move { from: "draft", act: "revise", to: "draft", by: "commissioning lead" },
    Move { from: "draft", act: "publish", to: "published", by: "commissioning lead" },
    Move { from: "draft", act: "cancel", to: "cancelled", by: "commissioning lead" },
    Move { from: "published", act: "cancel", to: "cancelled", by: "commissioning lead" },
];

/// How an opening stands at a moment, in words for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpeningPhase {
    /// Not published.
    Draft,
    /// Published, not open yet.
    Coming,
    /// Applications are taken.
    Open,
    /// The deadline has passed.
    Closed,
    /// Called off.
    Cancelled,
}

impl OpeningPhase {
    /// The words.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Coming => "Coming",
            Self::Open => "Open",
            Self::Closed => "Closed",
            Self::Cancelled => "Cancelled",
        }
    }
}

fn check(plan: &OpeningPlan) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    if plan.title.trim().is_empty() {
        invalid.add("title", "Enter what the opening is called");
    }
    if plan.closes <= plan.opens {
        invalid.add("closes", "Enter a deadline after the opening");
    }
    if plan.questions_until > plan.closes || plan.questions_until < plan.opens {
        invalid
            .add("questions_until", "Questions are taken while the opening is open: enter a day before the deadline");
    }
    match &plan.kind {
        OpeningKind::ByLead { reason } if reason.trim().chars().count() < 10 => {
            invalid.add("reason", "Enter why the arrangement opens outside its yearly window");
        }
        OpeningKind::Yearly | OpeningKind::ByLead { .. } => {}
    }
    match plan.criteria.check() {
        Ok(()) => {}
        Err(more) => invalid.errors.extend(more.errors),
    }
    invalid.or(())
}

impl Opening {
    /// Plans an opening.
    pub fn plan(
        id: OpeningId,
        region: OrganisationId,
        arrangement: &Arrangement,
        reference: String,
        plan: OpeningPlan,
    ) -> Result<Change<Self>, Invalid> {
        check(&plan)?;
        let next =
            Self { id, version: 1, region, arrangement: arrangement.id, reference, plan, state: OpeningState::Draft };
        let event = next.event("admission_opening.planned");
        Ok(Change::to(next, event))
    }

    /// Writes it anew, while it is not published.
    pub fn revise(self, plan: OpeningPlan) -> Result<Change<Self>, OpeningRefused> {
        self.still_draft()?;
        check(&plan)?;
        let next = Self { version: self.version + 1, plan, ..self };
        let event = next.event("admission_opening.revised");
        Ok(Change::to(next, event))
    }

    /// Publishes it: a yearly one within a window of the arrangement, with sound criteria, before it opens and within the
    /// term.
    pub fn publish(self, arrangement: &Arrangement, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.still_draft()?;
        self.plan.criteria.sound()?;
        for template in &self.plan.criteria.templates {
            super::lot_of(arrangement, &template.lot)?;
        }
        let (opens, closes) = (self.plan.opens.date(), self.plan.closes.date());
        if closes > arrangement.term.longest_end() {
            return Err(Refusal::new(
                "opening_outside_term",
                "The arrangement opens before the end of its longest term",
                "The opening goes on beyond the longest term of the arrangement.",
                WHO,
            )
            .found(format!("{} to {}", long_date(opens), long_date(closes))));
        }
        let within = |window: &&OpeningWindow| window.from <= opens && closes <= window.to;
        if self.plan.kind == OpeningKind::Yearly && !arrangement.windows.iter().any(|window| within(&window)) {
            return Err(Refusal::new(
                "opening_outside_window",
                "A yearly opening lies within a window of the arrangement; at any other time the lead authority says why",
                "No opening window of the arrangement covers these days.",
                "Commissioning lead of the regional team, by adding a window, or by opening with a reason",
            )
            .found(format!("{} to {}", long_date(opens), long_date(closes))));
        }
        if self.plan.closes <= moment.local {
            return Err(Refusal::new(
                "opening_over",
                "Criteria are published before anybody applies",
                "The deadline of this opening has passed already.",
                WHO,
            )
            .found(format!("deadline {}", self.plan.closes.strftime("%-d %B %Y, %H:%M"))));
        }
        let next = Self { version: self.version + 1, state: OpeningState::Published { at: moment.local }, ..self };
        let event = next.event("admission_opening.published").with("closes", next.plan.closes);
        Ok(Change::to(next, event))
    }

    /// Calls it off, with the reason that everybody reads. `applications` were sent.
    pub fn cancel(self, reason: &str, moment: Moment) -> Result<Change<Self>, Refusal> {
        let over = matches!(self.state, OpeningState::Published { .. }) && self.closed(moment);
        if over || matches!(self.state, OpeningState::Cancelled { .. }) {
            return Err(wrong_state(&self, "be called off"));
        }
        let state = OpeningState::Cancelled { at: moment.local, reason: reason.to_owned() };
        let next = Self { version: self.version + 1, state, ..self };
        let event = next.event("admission_opening.cancelled");
        Ok(Change::to(next, event))
    }

    /// How it stands at a moment.
    #[must_use]
    pub fn phase(&self, moment: Moment) -> OpeningPhase {
        match &self.state {
            OpeningState::Draft => OpeningPhase::Draft,
            OpeningState::Cancelled { .. } => OpeningPhase::Cancelled,
            OpeningState::Published { .. } if moment.local < self.plan.opens => OpeningPhase::Coming,
            OpeningState::Published { .. } if self.closed(moment) => OpeningPhase::Closed,
            OpeningState::Published { .. } => OpeningPhase::Open,
        }
    }

    /// Whether the deadline has passed: its own second is still in time.
    #[must_use]
    pub fn closed(&self, moment: Moment) -> bool {
        self.late(moment.local)
    }

    /// Whether what came in at this moment is late, to the second.
    #[must_use]
    pub fn late(&self, at: DateTime) -> bool {
        at.with().subsec_nanosecond(0).build().unwrap_or(at) > self.plan.closes
    }

    /// Whether something can be sent in now, in time or late.
    pub fn takes(&self, moment: Moment) -> Result<(), Refusal> {
        match self.phase(moment) {
            OpeningPhase::Open | OpeningPhase::Closed => Ok(()),
            OpeningPhase::Draft | OpeningPhase::Coming => Err(Refusal::new(
                "opening_not_open",
                "Applications are taken from the opening on",
                format!("{} opens on {}.", self.reference, long_date(self.plan.opens.date())),
                WHO,
            )),
            OpeningPhase::Cancelled => Err(Refusal::new(
                "opening_cancelled",
                "An opening that was called off takes no applications",
                format!("{} was called off.", self.reference),
                "Nobody: apply at the next opening",
            )),
        }
    }

    /// Whether a question can be asked now.
    pub fn takes_questions(&self, moment: Moment) -> Result<(), Refusal> {
        self.takes(moment)?;
        if moment.local <= self.plan.questions_until {
            return Ok(());
        }
        Err(Refusal::new(
            "questions_closed",
            "Questions are taken until the day that was published, so that every answer reaches everybody in time",
            "The time for questions has passed.",
            WHO,
        )
        .found(format!("until {}", self.plan.questions_until.strftime("%-d %B %Y, %H:%M"))))
    }

    /// Whether a question can be answered now: until the deadline, its own second included, of an opening that goes on.
    pub fn takes_answers(&self, moment: Moment) -> Result<(), Refusal> {
        self.takes(moment)?;
        if !self.closed(moment) {
            return Ok(());
        }
        Err(Refusal::new(
            "answers_closed",
            "Questions are answered until the deadline, so that every answer reaches everybody in time",
            format!("The deadline of {} has passed, so an answer would help nobody who applied.", self.reference),
            "Nobody: say it in the criteria of the next opening",
        )
        .found(format!("until {}", self.plan.closes.strftime("%-d %B %Y, %H:%M"))))
    }

    /// From which day its evaluations hold at the earliest.
    #[must_use]
    pub fn last_day(&self) -> Date {
        self.plan.closes.date()
    }

    fn still_draft(&self) -> Result<(), Refusal> {
        if self.state == OpeningState::Draft { Ok(()) } else { Err(wrong_state(self, "be changed or published")) }
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "admission_opening", self.id.0, self.version).with("reference", &self.reference)
    }
}

fn wrong_state(opening: &Opening, act: &str) -> Refusal {
    Refusal::new(
        "opening_state",
        "What was published stays as it was published; after the deadline it stays in the record",
        format!("{} cannot {act} as it stands.", opening.reference),
        "Nobody: plan another opening",
    )
    .found(opening.state.label())
}

/// Why an opening is not kept: the form, or a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpeningRefused {
    /// The form.
    Invalid(Invalid),
    /// The rule.
    Refused(Box<Refusal>),
}

impl From<Invalid> for OpeningRefused {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<Refusal> for OpeningRefused {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

#[cfg(test)]
mod tests;
