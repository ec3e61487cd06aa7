//! What an emergency let follow its start (rule 1.5): each consultation with the day by which it is done, and the record
//! that it was done. A late one is chased until it is done; it undoes no placement.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::gates::{Consultation, Follows};
use super::recommendation::Recommendation;
use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{OrganisationId, PersonId, Reference, ReferralId};
use crate::outcome::{Invalid, Refusal};

/// Where a follow-up stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FollowState {
    /// Still to do.
    Due,
    /// Done.
    Done {
        /// On which day.
        on: Date,
        /// Who recorded it.
        by: PersonId,
        /// When.
        at: DateTime,
    },
    /// The recommendation led to no placement, so nothing follows.
    Dropped {
        /// When.
        at: DateTime,
    },
}

impl FollowState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["due", "done", "dropped"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Done { .. } => "done",
            Self::Dropped { .. } => "dropped",
        }
    }

    /// The words on a page.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Due => "Still to do".to_owned(),
            Self::Done { on, .. } => format!("Done on {}", long_date(*on)),
            Self::Dropped { .. } => "No longer follows".to_owned(),
        }
    }
}

/// One consultation that follows an emergency's start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// The record's id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The recommendation whose gates it completes.
    pub recommendation: i64,
    /// The referral.
    pub referral: ReferralId,
    /// The first request of that recommendation, on whose page it stands.
    pub approval: Reference,
    /// What.
    pub what: Consultation,
    /// By the end of this day.
    pub by: Date,
    /// Where it stands.
    pub state: FollowState,
}

/// Every move of a follow-up.
pub const FOLLOW_UP_MOVES: &[Move] = &[
    Move { from: "new", act: "owe", to: "due", by: "placement officer" },
    Move { from: "due", act: "done", to: "done", by: "placement officer" },
    Move { from: "due", act: "drop", to: "dropped", by: "the system, when the recommendation ends" },
];

impl FollowUp {
    /// Owes one consultation of an emergency's recommendation.
    pub fn owe(id: i64, of: &Recommendation, approval: Reference, follows: &Follows) -> Change<Self> {
        let event = Event::new("follow_up.owed", "follow_up", id, 1)
            .with("reference", &approval)
            .with("what", follows.what.code())
            .with("by", follows.by);
        let owed = Self {
            id,
            version: 1,
            authority: of.authority,
            recommendation: of.id,
            referral: of.referral,
            approval,
            what: follows.what,
            by: follows.by,
            state: FollowState::Due,
        };
        Change::to(owed, event)
    }

    /// Whether it is still to do.
    #[must_use]
    pub const fn due(&self) -> bool {
        matches!(self.state, FollowState::Due)
    }

    /// Whether it was done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self.state, FollowState::Done { .. })
    }

    /// Whether its day has passed and it is still to do.
    #[must_use]
    pub fn overdue(&self, today: Date) -> bool {
        self.due() && self.by < today
    }

    /// Records that it was done, also late.
    pub fn done(self, on: Date, by: PersonId, moment: Moment) -> Result<Change<Self>, FollowRefusal> {
        self.must_be_due("be recorded as done")?;
        if on > moment.today() {
            return Err(Invalid::one("done_on", "Enter a day that is today or earlier").into());
        }
        let event = self.event("follow_up.done").with("on", on).with("late", on > self.by);
        Ok(self.to(FollowState::Done { on, by, at: moment.local }, event))
    }

    /// Nothing follows a recommendation that ended without a placement.
    pub fn drop(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_due("be dropped")?;
        let event = self.event("follow_up.dropped");
        Ok(self.to(FollowState::Dropped { at: moment.local }, event))
    }

    fn to(self, state: FollowState, event: Event) -> Change<Self> {
        Change::to(Self { version: self.version + 1, state, ..self }, event)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "follow_up", self.id, self.version + 1)
            .with("reference", &self.approval)
            .with("what", self.what.code())
    }

    fn must_be_due(&self, act: &str) -> Result<(), Refusal> {
        if self.due() {
            return Ok(());
        }
        Err(Refusal::new(
            "follow_up_state",
            "What an emergency lets follow is due, done or dropped",
            format!("{}: it cannot {act} again.", self.what.label()),
            "Nobody: open the request as it is now",
        )
        .found(self.state.words()))
    }
}

/// Why a follow-up cannot be recorded as done: a field, or its state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FollowRefusal {
    /// A field is wrong.
    Invalid(Invalid),
    /// A rule refuses it.
    Refused(Box<Refusal>),
}

impl From<Invalid> for FollowRefusal {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl From<Refusal> for FollowRefusal {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
