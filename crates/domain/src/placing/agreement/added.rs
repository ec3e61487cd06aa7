//! What was added to an agreement since its award: what it says about the child's care, every variation with its power,
//! how a start without recorded power was put right, and the ground in procurement law.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Agreement;
use super::asking::Asked;
use super::conditions::Condition;
use super::moving::MoveOffer;
use super::origin::Imported;
use super::particulars::KeptParticulars;
use super::procurement::Procurement;
use super::repricing::Repriced;
use super::stepping::SupportReview;
use super::variation::Variation;
use crate::change::Change;
use crate::clock::Moment;
use crate::id::PersonId;
use crate::outcome::Refusal;
use crate::placing::approval::GivenBasis;
use crate::power::delegation::{Ratification, Said, UrgencyUse};

/// What was added since the award.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Added {
    /// Outcomes, staffing, inclusions, education and health.
    pub particulars: Option<KeptParticulars>,
    /// Extra support and changes of price, oldest first.
    pub variations: Vec<Variation>,
    /// The decision that was opened for a start made without recorded power, by its reference.
    pub opened: Option<String>,
    /// How that was put right.
    pub put_right: Option<PutRight>,
    /// The legal ground and the award notice.
    pub procurement: Option<Procurement>,
    /// Decisions by word of mouth, oldest first.
    pub said: Vec<Said>,
    /// Step-down reviews, oldest first.
    pub support_reviews: Vec<SupportReview>,
    /// What the provider asked for, oldest first.
    pub asked: Vec<Asked>,
    /// The last day of which mails were sent.
    pub reminded: Option<Date>,
    /// The conditions under which its approvals were given.
    pub conditions: Vec<Condition>,
    /// Offers to move it to a successor arrangement, oldest first.
    pub moves: Vec<MoveOffer>,
    /// Granted rises as they were answered, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repriced: Vec<Repriced>,
    /// That it was brought in from before this system, with its origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub imported: Option<Imported>,
}

/// How a start made without recorded power was put right (rule 1.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutRight {
    /// Ratified, the ceiling raised, or ended.
    pub how: Ratification,
    /// The decision that did so, by its reference; none where the placement ended.
    pub decision: Option<String>,
    /// On which day.
    pub on: Date,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
}

impl Agreement {
    /// Whether it was made without recorded power; it stays so, also when it is put right later.
    #[must_use]
    pub fn without_recorded_power(&self) -> bool {
        self.rests_on.iter().any(|rests| {
            matches!(&rests.basis, GivenBasis::Urgency { urgency: UrgencyUse::WithoutRecordedPower { .. } })
        })
    }

    /// Whether a start made without recorded power still waits to be put right.
    #[must_use]
    pub fn to_put_right(&self) -> bool {
        self.without_recorded_power() && self.added.put_right.is_none()
    }

    /// Records how a start made without recorded power was put right: by a decision, or because the placement ended.
    pub fn put_right(
        self,
        (how, decision): (Ratification, Option<String>),
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        let ends = how == Ratification::End;
        if !self.to_put_right() {
            return Err(cannot("This agreement was made under a power, or was put right before.", how));
        }
        if ends && !self.state.over() {
            return Err(cannot("The placement has not ended. Record its end first.", how));
        }
        if !ends && decision.is_none() {
            return Err(cannot("Name the decision in force that ratifies it or raises the ceiling.", how));
        }
        let event = self
            .event("agreement.put_right")
            .with("how", how.code())
            .with("decision", decision.as_deref().unwrap_or_default());
        let put_right = PutRight { how, decision, on: moment.today(), by, at: moment.local };
        let added = Added { put_right: Some(put_right), ..self.added.clone() };
        Ok(Change::to(Self { version: self.version + 1, added, ..self }, event))
    }
}

fn cannot(sentence: &str, how: Ratification) -> Refusal {
    Refusal::new(
        "not_put_right",
        "A start made without recorded power: ratify, raise the ceiling, or end",
        sentence,
        "The decision maker, by a decision",
    )
    .found(how.label())
}
