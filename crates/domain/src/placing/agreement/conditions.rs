//! The conditions under which approvals were given: they stand in the agreement, sealed under the key that both sides
//! share, each with whether and when it was met.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Agreement;
use super::added::Added;
use crate::change::Change;
use crate::clock::Moment;
use crate::id::{PersonId, Reference};
use crate::outcome::Refusal;
use crate::sealed::Sealed;

/// One condition of an approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// The approval that was given under it.
    pub approval: Reference,
    /// In words, sealed.
    pub words: Sealed<String>,
    /// That it was met; none while it is open.
    pub met: Option<Met>,
}

/// That a condition was met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// On which day.
    pub on: Date,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
}

/// The conditions that an approver wrote, one a line.
#[must_use]
pub fn conditions_of(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

impl Agreement {
    /// Records that a condition was met: the first has number 1.
    pub fn meet_condition(
        self,
        number: usize,
        (on, by): (Date, PersonId),
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        let mut conditions = self.added.conditions.clone();
        let found = number.checked_sub(1).and_then(|at| conditions.get_mut(at)).filter(|one| one.met.is_none());
        let Some(condition) = found else {
            return Err(Refusal::new(
                "no_open_condition",
                "A condition of an approval is open until it is recorded as met",
                "No open condition of this agreement has that number.",
                "Nobody: open the agreement as it is now",
            )
            .found(number.to_string()));
        };
        condition.met = Some(Met { on, by, at: moment.local });
        let approval = condition.approval.clone();
        let event =
            self.event("agreement.condition_met").with("approval", &approval).with("number", number).with("on", on);
        let added = Added { conditions, ..self.added.clone() };
        Ok(Change::to(Self { version: self.version + 1, added, ..self }, event))
    }
}
