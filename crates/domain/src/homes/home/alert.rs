//! An alert: what a file of Ofsted's changed about a home, until somebody has looked at it. The same change found again is
//! the same alert, until something came of it.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{AlertId, HomeId, OrganisationId, PersonId};
use crate::nights::{days_between, plus_days};
use crate::outcome::{Invalid, Refusal};

/// A file older than this many days is said to be old.
pub const OLD_AFTER: i64 = 35;
/// The most characters of a note.
pub const LONGEST_NOTE: usize = 500;
/// The furthest day by which something is promised.
const FURTHEST: i64 = 366;

/// How many days old a file is that stands as at a day, and whether that is old.
#[must_use]
pub fn age_of(as_at: Date, today: Date) -> (i64, bool) {
    let days = days_between(as_at, today);
    (days, days > OLD_AFTER)
}

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
        Report "report" "New full report";
        Visited "visited" "Monitoring or assurance visit";
        Regulation44 "regulation_44" "Regulation 44 reports missing";
        UnplannedEnds "unplanned_ends" "Repeated unplanned ends";
        StaleBeds "stale_beds" "Beds not confirmed";
        AbovePrice "above_price" "Dearer as spot than its tendered price";
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
    /// What was noted is done.
    Done {
        /// Who says so.
        by: PersonId,
        /// When.
        at: DateTime,
        /// What was noted.
        note: String,
        /// By when it was to be done.
        due: Date,
        /// What came of it; about the home, never about a child.
        result: String,
    },
}

impl AlertState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["waiting", "acknowledged", "done"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Done { .. } => "done",
        }
    }

    /// The words on a tag, with the day by which it is to be done.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Waiting => "Waiting".to_owned(),
            Self::Acknowledged { due, .. } => format!("Noted, due {}", long_date(*due)),
            Self::Done { .. } => "Done".to_owned(),
        }
    }
}

coded! {
    /// How the provider of a new home was invited.
    InvitedBy {
        Known "known" "its people were told";
        FirstPerson "first_person" "its first person was mailed a link";
        Register "register" "its person was mailed the way to register";
    }
}

/// That the provider of a new home was invited to apply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invited {
    /// The provider as the register has it.
    pub provider: OrganisationId,
    /// Its name.
    pub provider_name: String,
    /// The opening that it was invited to, where one takes applications.
    pub opening: Option<String>,
    /// How.
    pub road: InvitedBy,
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
    /// That its home's provider was invited, where it was.
    #[serde(default)]
    pub invited: Option<Invited>,
}

/// Every move of an alert.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "raise", to: "waiting", by: "Ofsted's register" },
    Move { from: "waiting", act: "fold", to: "waiting", by: "Ofsted's register" },
    Move { from: "acknowledged", act: "fold", to: "acknowledged", by: "Ofsted's register" },
    Move { from: "waiting", act: "acknowledge", to: "acknowledged", by: "commissioning lead" },
    Move { from: "acknowledged", act: "finish", to: "done", by: "commissioning lead" },
    Move { from: "waiting", act: "invite", to: "done", by: "commissioning lead" },
    Move { from: "acknowledged", act: "invite", to: "done", by: "commissioning lead" },
];

impl Alert {
    /// Raises an alert.
    pub fn raise(id: AlertId, region: OrganisationId, found: Finding, moment: Moment) -> Change<Self> {
        let (raised, state) = (moment.local, AlertState::Waiting);
        let next = Self { id, version: 1, region, found, raised, times: 1, state, invited: None };
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

    /// Whether another finding folds into this alert: the same change, of which nothing came yet. After that the change has
    /// come again, and somebody looks again.
    #[must_use]
    pub fn takes(&self, other: &Finding) -> bool {
        self.same(other) && !matches!(self.state, AlertState::Done { .. })
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
            .found(self.state.words()));
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

    /// What was noted is done, with what came of it.
    pub fn finish(self, by: PersonId, result: &str, moment: Moment) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        let AlertState::Acknowledged { note, due, .. } = &self.state else {
            return Err(Refusal::new(
                "alert_not_noted",
                "An alert is acknowledged, and then done once",
                format!("The alert about {} has nothing noted that waits.", self.found.name),
                "Commissioning lead of the regional team, by acknowledging it first",
            )
            .found(self.state.words()));
        };
        let result = result.trim();
        let mut invalid = Invalid::default();
        if result.is_empty() || result.chars().count() > LONGEST_NOTE {
            invalid.add("result", format!("Say what came of it, in {LONGEST_NOTE} characters or fewer; name no child"));
        }
        let event = self.event("alert.done", self.version + 1).with("due", due);
        let (note, due, result) = (note.clone(), *due, result.to_owned());
        let state = AlertState::Done { by, at: moment.local, note, due, result };
        Ok(invalid.or(Change::to(Self { version: self.version + 1, state, ..self }, event)))
    }

    /// Whether the provider of its home can be invited: it tells of a new home, and nothing came of it yet.
    pub fn may_invite(&self) -> Result<(), Refusal> {
        let refused = |code: &str, sentence: String| {
            Err(Refusal::new(
                code,
                "The provider of a new home is invited from its alert, once",
                sentence,
                "Nobody: what came of the alert stands",
            )
            .found(self.state.words()))
        };
        if self.found.kind != AlertKind::NewHome {
            return refused(
                "alert_of_no_new_home",
                format!("The alert about {} tells of no new home.", self.found.name),
            );
        }
        match self.state {
            AlertState::Waiting | AlertState::Acknowledged { .. } => Ok(()),
            AlertState::Done { .. } => {
                refused("alert_done", format!("What came of the alert about {} is recorded.", self.found.name))
            }
        }
    }

    /// The provider of the new home is invited: that is what came of the alert.
    pub fn invite(self, by: PersonId, invited: Invited, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.may_invite()?;
        let (note, due) = match &self.state {
            AlertState::Acknowledged { note, due, .. } => (note.clone(), *due),
            AlertState::Waiting | AlertState::Done { .. } => ("Invite its provider.".to_owned(), moment.today()),
        };
        let to = invited.opening.as_ref().map(|opening| format!(" to {opening}")).unwrap_or_default();
        let result = format!("{} was invited{to}: {}.", invited.provider_name, invited.road.label());
        let event = self
            .event("alert.provider_invited", self.version + 1)
            .with("provider", invited.provider)
            .with("road", invited.road.code());
        let state = AlertState::Done { by, at: moment.local, note, due, result };
        Ok(Change::to(Self { version: self.version + 1, state, invited: Some(invited), ..self }, event))
    }

    /// Whether what was noted should be done by now.
    #[must_use]
    pub fn past_due(&self, today: Date) -> bool {
        matches!(self.state, AlertState::Acknowledged { due, .. } if due < today)
    }

    /// How many days old the source was on a day, and whether that is old.
    #[must_use]
    pub fn age(&self, today: Date) -> (i64, bool) {
        age_of(self.found.as_at, today)
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
        let later = || found("Inadequate", date(2021, 9, 10));
        assert!(one.takes(&later()) && !one.takes(&found("Good", date(2021, 9, 10))));
        let again = one.fold(later()).into_parts().0;
        assert_eq!((again.times, again.version, again.found.as_at), (2, 2, date(2021, 9, 10)));
        let noted = again.acknowledge(PersonId(2), ("Visit booked", date(2021, 9, 20)), moment()).unwrap().unwrap();
        let noted = noted.into_parts().0;
        assert!(noted.takes(&later()), "somebody is at it");
        let done = noted.finish(PersonId(2), "Visited: safe", moment()).unwrap().unwrap().into_parts().0;
        assert!(done.same(&later()) && !done.takes(&later()), "what was done was done about the earlier one");
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
        assert_eq!((again.code.as_str(), again.value.as_str()), ("alert_acknowledged", "Noted, due 20 September 2021"));
    }

    #[test]
    fn what_was_noted_is_past_its_day_until_it_is_done_once_with_what_came_of_it() {
        let raised = Alert::raise(AlertId(1), OrganisationId(1), found("Inadequate", date(2021, 8, 31)), moment());
        let raised = raised.into_parts().0;
        assert_eq!(raised.clone().finish(PersonId(2), "Visited", moment()).unwrap_err().code, "alert_not_noted");
        let noted = raised.acknowledge(PersonId(2), ("Visit booked", date(2021, 9, 20)), moment()).unwrap().unwrap();
        let noted = noted.into_parts().0;
        assert_eq!([date(2021, 9, 20), date(2021, 9, 21)].map(|day| noted.past_due(day)), [false, true]);
        let errors = noted.clone().finish(PersonId(2), " ", moment()).unwrap().unwrap_err().errors;
        assert_eq!(errors[0].field, "result");
        let done = noted.finish(PersonId(2), "Visited: safe", moment()).unwrap().unwrap().into_parts().0;
        assert_eq!((done.state.name(), done.version, done.past_due(date(2022, 1, 1))), ("done", 3, false));
        let again = done.finish(PersonId(2), "Again", moment()).unwrap_err();
        assert_eq!((again.code.as_str(), again.value.as_str()), ("alert_not_noted", "Done"));
    }

    #[test]
    fn the_provider_of_a_new_home_is_invited_once_and_that_is_what_came_of_the_alert() {
        let invited = || Invited {
            provider: OrganisationId(7),
            provider_name: "Elm Care".into(),
            opening: Some("AR-004".into()),
            road: InvitedBy::FirstPerson,
        };
        let raised = |kind| {
            let found = Finding { kind, ..found("Registered", date(2021, 8, 31)) };
            Alert::raise(AlertId(1), OrganisationId(1), found, moment()).into_parts().0
        };
        let other = raised(AlertKind::Judgement).invite(PersonId(2), invited(), moment()).unwrap_err();
        assert_eq!(other.code, "alert_of_no_new_home");
        let done = raised(AlertKind::NewHome).invite(PersonId(2), invited(), moment()).unwrap().into_parts().0;
        assert_eq!((done.state.name(), done.version), ("done", 2));
        let AlertState::Done { note, due, result, .. } = &done.state else { panic!("{:?}", done.state) };
        assert_eq!((note.as_str(), *due), ("Invite its provider.", date(2021, 9, 13)));
        assert_eq!(result, "Elm Care was invited to AR-004: its first person was mailed a link.");
        assert_eq!(done.invite(PersonId(2), invited(), moment()).unwrap_err().code, "alert_done");
        let noted = raised(AlertKind::NewHome).acknowledge(PersonId(2), ("Ring them", date(2021, 9, 20)), moment());
        let noted = noted.unwrap().unwrap().into_parts().0;
        let done = noted.invite(PersonId(2), invited(), moment()).unwrap().into_parts().0;
        assert!(matches!(&done.state, AlertState::Done { note, due, .. }
            if note == "Ring them" && *due == date(2021, 9, 20)));
    }

    #[test]
    fn the_age_of_the_data_is_told_in_days() {
        let of = |day| Alert::raise(AlertId(1), OrganisationId(1), found("Good", day), moment()).into_parts().0;
        assert_eq!(of(date(2021, 9, 10)).age(date(2021, 9, 13)), (3, false));
        assert_eq!(of(date(2021, 3, 31)).age(date(2021, 9, 13)), (166, true));
    }
}
