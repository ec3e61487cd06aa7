//! A review of one child's placement because its home lost its standing: opened for every child there, recorded in codes
//! and dates only by the authority that placed the child.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{AgreementId, HomeId, MeasureId, OrganisationId, PersonId, Reference};
use crate::outcome::{Invalid, Refusal};

coded! {
    /// What a review found.
    ReviewOutcome {
        Stays "stays" "The child stays: the home is safe and right for them";
        StaysWithActions "stays_with_actions" "The child stays, with actions agreed with the home";
        MovePlanned "move_planned" "A move is planned";
        MovedAtOnce "moved_at_once" "The child was moved at once";
    }
}

coded! {
    /// How the child was seen for it.
    SeenBy {
        Visit "visit" "Visited in the home";
        Elsewhere "elsewhere" "Seen elsewhere, alone";
        NotSeen "not_seen" "Not seen yet";
    }
}

/// Whether a review was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    /// To be recorded.
    Due,
    /// Recorded.
    Recorded {
        /// By whom.
        by: PersonId,
        /// When it was recorded.
        at: DateTime,
        /// The day of the review.
        on: Date,
        /// What was found.
        outcome: ReviewOutcome,
        /// How the child was seen.
        seen: SeenBy,
        /// When it is looked at again, where the child stays.
        again: Option<Date>,
    },
}

impl ReviewState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["due", "recorded"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Due => "due",
            Self::Recorded { .. } => "recorded",
        }
    }
}

/// One child's placement to be reviewed; the child by the agreement only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementReview {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The placing authority.
    pub authority: OrganisationId,
    /// The measure that calls for it.
    pub measure: MeasureId,
    /// The agreement.
    pub agreement: AgreementId,
    /// What people call the agreement.
    pub reference: Reference,
    /// The home.
    pub home: HomeId,
    /// What the home is called.
    pub name: String,
    /// By when.
    pub due: Date,
    /// Whether it was recorded.
    pub state: ReviewState,
}

/// What an officer records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// The day of the review.
    pub on: Date,
    /// What was found.
    pub outcome: ReviewOutcome,
    /// How the child was seen.
    pub seen: SeenBy,
    /// When it is looked at again.
    pub again: Option<Date>,
}

/// Every move of a review.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "open", to: "due", by: "the system, when the measure is confirmed" },
    Move { from: "due", act: "record", to: "recorded", by: "placement officer" },
];

impl PlacementReview {
    /// Opens a review; it comes as due at version 1.
    pub fn open(review: Self) -> Change<Self> {
        let next = Self { version: 1, state: ReviewState::Due, ..review };
        let event = next.event("placement_review.opened", 1).with("due", next.due);
        Change::to(next, event)
    }

    /// Records what was found: a child who stays has been seen, and has a day on which it is looked at again.
    pub fn record(self, of: Reviewed, by: PersonId, moment: Moment) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        if let ReviewState::Recorded { on, outcome, .. } = &self.state {
            return Err(Refusal::new(
                "review_recorded",
                "A review is recorded once; what follows is the next review's",
                format!("The review of {} is recorded already.", self.reference),
                "Nobody: it stands as it was recorded",
            )
            .found(format!("{}, {}", outcome.label(), long_date(*on))));
        }
        let stays = matches!(of.outcome, ReviewOutcome::Stays | ReviewOutcome::StaysWithActions);
        let mut invalid = Invalid::default();
        if of.on > moment.today() {
            invalid.add("on", "Enter a day that is not ahead");
        }
        if stays && of.seen == SeenBy::NotSeen {
            invalid.add("seen", "A child who stays has been seen for it: select how");
        }
        if stays && of.again.is_none_or(|again| again <= of.on) {
            invalid.add("again", "Enter the day after the review on which it is looked at again");
        }
        let event = self
            .event("placement_review.recorded", self.version + 1)
            .with("outcome", of.outcome.code())
            .with("seen", of.seen.code())
            .with("on", of.on);
        let Reviewed { on, outcome, seen, again } = of;
        let state = ReviewState::Recorded { by, at: moment.local, on, outcome, seen, again };
        Ok(invalid.or(Change::to(Self { version: self.version + 1, state, ..self }, event)))
    }

    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "placement_review", self.id, version)
            .with("measure", self.measure)
            .with("agreement", &self.reference)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn due() -> PlacementReview {
        let review = PlacementReview {
            id: 1,
            version: 0,
            authority: OrganisationId(2),
            measure: MeasureId(3),
            agreement: AgreementId(4),
            reference: "HEF-A-0007".parse().unwrap(),
            home: HomeId(5),
            name: "Elm House".into(),
            due: date(2021, 9, 20),
            state: ReviewState::Due,
        };
        PlacementReview::open(review).into_parts().0
    }

    #[test]
    fn a_child_who_stays_has_been_seen_and_is_looked_at_again() {
        let local = date(2021, 9, 14).at(9, 0, 0, 0);
        let moment = Moment { at: jiff::Timestamp::UNIX_EPOCH, local };
        let record = |review: PlacementReview, outcome, seen, again| {
            review.record(Reviewed { on: date(2021, 9, 14), outcome, seen, again }, PersonId(1), moment)
        };
        let errors = record(due(), ReviewOutcome::Stays, SeenBy::NotSeen, None).unwrap().unwrap_err().errors;
        assert_eq!(errors.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["seen", "again"]);
        assert!(record(due(), ReviewOutcome::MovedAtOnce, SeenBy::NotSeen, None).unwrap().is_ok());
        let done = record(due(), ReviewOutcome::Stays, SeenBy::Visit, Some(date(2021, 9, 28))).unwrap().unwrap();
        let done = done.into_parts().0;
        assert_eq!((done.state.name(), done.version), ("recorded", 2));
        let again = record(done, ReviewOutcome::Stays, SeenBy::Visit, Some(date(2021, 9, 29))).unwrap_err();
        let found = "The child stays: the home is safe and right for them, 14 September 2021";
        assert_eq!((again.code.as_str(), again.value.as_str()), ("review_recorded", found));
    }
}
