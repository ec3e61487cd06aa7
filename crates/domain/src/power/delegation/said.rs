//! An operational decision given by word of mouth: an officer records who said it and when; it counts, and whoever said it
//! confirms it in writing by noon of the next working day. Until then it is listed and counted (rules 1.2, 1.5).

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Act;
use crate::calendar::{WorkingDays, long_moment};
use crate::clock::Moment;
use crate::id::PersonId;
use crate::outcome::Refusal;

/// A decision by word of mouth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What was decided.
    pub act: Act,
    /// The version of the record that the decision made.
    pub version: i64,
    /// Who said it: the holder of the power.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// Who wrote it down, and thereby asked for it.
    pub recorded_by: PersonId,
    /// By when it is confirmed in writing.
    pub confirm_by: DateTime,
    /// When it was.
    pub confirmed_at: Option<DateTime>,
}

impl Said {
    /// Records what somebody else said, at a time that has passed.
    pub fn record(
        (act, version): (Act, i64),
        (by, at): (PersonId, DateTime),
        recorded_by: PersonId,
        days: &WorkingDays,
        moment: Moment,
    ) -> Result<Self, Refusal> {
        if by == recorded_by {
            return Err(Refusal::new(
                "requester_cannot_approve",
                "The person who asks cannot approve",
                "You record this decision, so somebody else must have made it.",
                "Another holder of a post that the limb names",
            ));
        }
        if at > moment.local {
            return Err(Refusal::new(
                "said_in_future",
                "A decision by word of mouth: who said it, and when",
                "Enter when it was said: that time has not come yet.",
                "You, by entering the time",
            )
            .found(long_moment(at)));
        }
        let confirm_by = days.noon_of_next_working_day(at.date());
        Ok(Self { act, version, by, at, recorded_by, confirm_by, confirmed_at: None })
    }

    /// Whether it waits to be confirmed.
    #[must_use]
    pub const fn waits(&self) -> bool {
        self.confirmed_at.is_none()
    }

    /// Whether the time to confirm it has passed.
    #[must_use]
    pub fn overdue(&self, moment: Moment) -> bool {
        self.waits() && moment.local > self.confirm_by
    }

    /// Whoever said it confirms it in writing, also late.
    pub fn confirm(self, by: PersonId, moment: Moment) -> Result<Self, Refusal> {
        if self.by != by || !self.waits() {
            return Err(Refusal::new(
                "nothing_to_confirm",
                "A decision by word of mouth is confirmed in writing by whoever made it",
                "You made no decision here that waits to be confirmed.",
                "The person who is recorded as having decided",
            ));
        }
        Ok(Self { confirmed_at: Some(moment.local), ..self })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::placing::referral::fixtures::moment;

    const DIRECTOR: PersonId = PersonId(2);
    const OFFICER: PersonId = PersonId(1);

    fn record(by: PersonId, hour: i8) -> Result<Said, Refusal> {
        let said = (by, date(2021, 9, 10).at(hour, 0, 0, 0));
        let now = moment(date(2021, 9, 10), 10, 20);
        Said::record((Act::GiveNotice, 2), said, OFFICER, &WorkingDays::default(), now)
    }

    #[test]
    fn rule_1_1_nobody_records_a_decision_of_their_own() {
        assert_eq!(record(OFFICER, 9).unwrap_err().code, "requester_cannot_approve");
        assert_eq!(record(DIRECTOR, 11).unwrap_err().code, "said_in_future");
    }

    #[test]
    fn rule_1_5_what_was_said_on_a_friday_is_confirmed_by_monday_noon_by_whoever_said_it() {
        let said = record(DIRECTOR, 9).unwrap();
        assert_eq!(said.confirm_by, date(2021, 9, 13).at(12, 0, 0, 0));
        assert!(!said.overdue(moment(date(2021, 9, 13), 12, 0)));
        let late = moment(date(2021, 9, 13), 12, 1);
        assert!(said.overdue(late));
        assert_eq!(said.clone().confirm(OFFICER, late).unwrap_err().code, "nothing_to_confirm");
        let confirmed = said.confirm(DIRECTOR, late).unwrap();
        assert!(!confirmed.waits() && !confirmed.overdue(late));
        assert_eq!(confirmed.confirm(DIRECTOR, late).unwrap_err().code, "nothing_to_confirm");
    }
}
