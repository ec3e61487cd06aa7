//! An alert: what a file of Ofsted's changed about a home, until somebody has looked at it. The same change found again is
//! the same alert.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{AlertId, HomeId, OrganisationId, PersonId};
use crate::nights::plus_days;
use crate::outcome::{Invalid, Refusal};

/// A file older than this many days is said to be old.
pub const OLD_AFTER: i64 = 35;
/// The most characters of a note.
pub const LONGEST_NOTE: usize = 500;
/// The furthest day by which something is promised.
const FURTHEST: i64 = 366;

coded! {
    /// What changed.
    AlertKind {
        Judgement "judgement" "Judgement changed";
        Cancelled "cancelled" "Registration cancelled";
        Registration "registration" "Registration suspended or active again";
        Places "places" "Places changed";
        Owner "owner" "Organisation changed";
        NewHome "new_home" "New home in the region, to be invited";
        Concerns "concerns" "Visit with serious concerns";
    }
}

/// Where an alert stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// Nobody has looked at it.
    Waiting,
    /// Somebody has, and said what is done by when.
    Acknowledged {
        /// Who.
        by: PersonId,
        /// When.
        at: DateTime,
        /// What is done; about the home, never about a child.
        note: String,
        /// By when.
        due: Date,
    },
}

impl AlertState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["waiting", "acknowledged"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Acknowledged { .. } => "acknowledged",
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The home.
    pub home: HomeId,
    /// Ofsted's number of it.
    pub urn: String,
    /// What it is called.
    pub name: String,
    /// What changed.
    pub kind: AlertKind,
    /// What was held.
    pub before: Option<String>,
    /// What the source says.
    pub after: Option<String>,
    /// Where it stands: the file's name, or an address.
    pub source: String,
    /// The day that the source speaks of.
    pub as_at: Date,
}

/// An alert of the regional team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// Raised by one with every move.
    pub version: i64,
    /// The regional team.
    pub region: OrganisationId,
    /// What was found, as it was found last.
    pub found: Finding,
    /// When it was raised first.
    pub raised: DateTime,
    /// How often it was found.
    pub times: u32,
    /// Where it stands.
    pub state: AlertState,
}

/// Every move of an alert.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "raise", to: "waiting", by: "Ofsted's register" },
    Move { from: "waiting", act: "fold", to: "waiting", by: "Ofsted's register" },
    Move { from: "acknowledged", act: "fold", to: "acknowledged", by: "Ofsted's register" },
    Move { from: "waiting", act: "acknowledge", to: "acknowledged", by: "commissioning lead" },
];

impl Alert {
    /// Raises an alert.
    pub fn raise(id: AlertId, region: OrganisationId, found: Finding, moment: Moment) -> Change<Self> {
        let next = Self { id, version: 1, region, found, raised: moment.local, times: 1, state: AlertState::Waiting };
        let event = next.event("alert.raised", 1);
        Change::to(next, event)
    }

    /// The same change, found again in a later source.
    pub fn fold(self, found: Finding) -> Change<Self> {
        let next = Self { version: self.version + 1, times: self.times.saturating_add(1), found, ..self };
        let event = next.event("alert.found_again", next.version).with("times", next.times);
        Change::to(next, event)
    }

    /// Whether another finding is the same change.
    #[must_use]
    pub fn same(&self, other: &Finding) -> bool {
        (self.found.home, self.found.kind, &self.found.after) == (other.home, other.kind, &other.after)
    }

    /// Somebody has looked: what is done, and by when.
    pub fn acknowledge(
        self,
        by: PersonId,
        (note, due): (&str, Date),
        moment: Moment,
    ) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        if self.state != AlertState::Waiting {
            return Err(Refusal::new(
                "alert_acknowledged",
                "An alert is acknowledged once",
                format!("The alert about {} is acknowledged already.", self.found.name),
                "Nobody: what was noted stands",
            )
            .found(self.state.name()));
        }
        let note = note.trim();
        let mut invalid = Invalid::default();
        if note.is_empty() || note.chars().count() > LONGEST_NOTE {
            invalid.add("note", format!("Say what is done, in {LONGEST_NOTE} characters or fewer; name no child"));
        }
        if due < moment.today() || due > plus_days(moment.today(), FURTHEST) {
            invalid.add("due", "Enter a day from today on, within a year");
        }
        let event = self.event("alert.acknowledged", self.version + 1).with("due", due);
        let state = AlertState::Acknowledged { by, at: moment.local, note: note.to_owned(), due };
        Ok(invalid.or(Change::to(Self { version: self.version + 1, state, ..self }, event)))
    }

    /// How many days old the source was on a day, and whether that is old.
    #[must_use]
    pub fn age(&self, today: Date) -> (i64, bool) {
        let days = i64::from(today.since(self.found.as_at).map(|span| span.get_days()).unwrap_or_default());
        (days, days > OLD_AFTER)
    }

    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "regulator_alert", self.id.0, version)
            .with("home", &self.found.urn)
            .with("what", self.found.kind.code())
            .with("as_at", self.found.as_at)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn moment() -> Moment {
        Moment { at: jiff::Timestamp::UNIX_EPOCH, local: date(2021, 9, 13).at(10, 20, 0, 0) }
    }

    fn found(after: &str, as_at: Date) -> Finding {
        Finding {
            home: HomeId(5),
            urn: "SC400001".into(),
            name: "Elm House".into(),
            kind: AlertKind::Judgement,
            before: Some("Good".into()),
            after: Some(after.into()),
            source: "Register of 31 August 2021".into(),
            as_at,
        }
    }

    #[test]
    fn the_same_change_found_again_folds_and_another_one_does_not() {
        let one = Alert::raise(AlertId(1), OrganisationId(1), found("Inadequate", date(2021, 8, 31)), moment());
        let one = one.into_parts().0;
        assert!(one.same(&found("Inadequate", date(2021, 9, 10))));
        assert!(!one.same(&found("Good", date(2021, 9, 10))));
        let again = one.fold(found("Inadequate", date(2021, 9, 10))).into_parts().0;
        assert_eq!((again.times, again.version, again.found.as_at), (2, 2, date(2021, 9, 10)));
    }

    #[test]
    fn an_alert_is_acknowledged_once_with_a_note_and_a_day() {
        let raised = || {
            let found = found("Inadequate", date(2021, 8, 31));
            Alert::raise(AlertId(1), OrganisationId(1), found, moment()).into_parts().0
        };
        let errors = raised().acknowledge(PersonId(2), (" ", date(2021, 9, 12)), moment()).unwrap().unwrap_err();
        assert_eq!(errors.errors.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["note", "due"]);
        let done = raised().acknowledge(PersonId(2), ("Visit booked", date(2021, 9, 20)), moment()).unwrap().unwrap();
        let done = done.into_parts().0;
        assert_eq!(done.state.name(), "acknowledged");
        let again = done.acknowledge(PersonId(2), ("Again", date(2021, 9, 20)), moment()).unwrap_err();
        assert_eq!(again.code, "alert_acknowledged");
    }

    #[test]
    fn the_age_of_the_data_is_told_in_days() {
        let of = |day| Alert::raise(AlertId(1), OrganisationId(1), found("Good", day), moment()).into_parts().0;
        assert_eq!(of(date(2021, 9, 10)).age(date(2021, 9, 13)), (3, false));
        assert_eq!(of(date(2021, 3, 31)).age(date(2021, 9, 13)), (166, true));
    }
}
