//! A visit of an authority's officer to a home: planned, announced or not, recorded with what was found theme by theme. Other
//! authorities with a child there read it, so it says nothing of any child.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Theme, not_now, words};
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{HomeId, OrganisationId, PersonId};
use crate::outcome::{Invalid, Refusal};

coded! {
    /// What was found under a theme.
    Level {
        Good "good" "Good";
        Improve "improve" "To be improved";
        Serious "serious" "Serious";
    }
}

coded! {
    /// Why a planned visit did not take place.
    CalledOff {
        OfficerAway "officer_away" "The officer could not go";
        NobodyThere "nobody_there" "Nobody was at the home";
        HomeClosed "home_closed" "The home has closed";
        OtherVisit "other_visit" "Another authority's visit covers it";
    }
}

/// What was found under one theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The theme.
    pub theme: Theme,
    /// How it was found.
    pub level: Level,
    /// In words about the home; never about a child.
    pub words: String,
}

/// Where a visit stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum VisitState {
    /// It is to come.
    Planned,
    /// It was made.
    Recorded {
        /// On which day.
        on: Date,
        /// Who recorded it.
        by: PersonId,
        /// When.
        at: DateTime,
        /// What was found.
        findings: Vec<Finding>,
    },
    /// It was not made.
    CalledOff {
        /// Why.
        reason: CalledOff,
        /// When that was recorded.
        at: DateTime,
    },
}

impl VisitState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["planned", "recorded", "called_off"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Recorded { .. } => "recorded",
            Self::CalledOff { .. } => "called_off",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Planned => "Planned",
            Self::Recorded { .. } => "Recorded",
            Self::CalledOff { .. } => "Called off",
        }
    }
}

/// What a visit is planned with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The authority that visits.
    pub authority: OrganisationId,
    /// The officer.
    pub officer: PersonId,
    /// The home.
    pub home: HomeId,
    /// Its number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// On which day.
    pub on: Date,
    /// Whether the home knows of it.
    pub announced: bool,
}

/// A visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The authority that visits.
    pub authority: OrganisationId,
    /// The officer.
    pub officer: PersonId,
    /// The home.
    pub home: HomeId,
    /// Its number.
    pub urn: String,
    /// Its name.
    pub name: String,
    /// The planned day.
    pub planned: Date,
    /// Whether the home knows of it beforehand.
    pub announced: bool,
    /// Where it stands.
    pub state: VisitState,
}

/// Every move of a visit.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "plan", to: "planned", by: "placement officer" },
    Move { from: "planned", act: "record", to: "recorded", by: "placement officer" },
    Move { from: "planned", act: "call_off", to: "called_off", by: "placement officer" },
];

impl Visit {
    /// Plans a visit for today or a day to come.
    pub fn plan(id: i64, of: Planned, moment: Moment) -> Result<Change<Self>, Invalid> {
        let mut invalid = Invalid::default();
        if of.on < moment.today() {
            invalid.add("on", "Enter today or a day that is ahead");
        }
        let next = Self {
            id,
            version: 1,
            authority: of.authority,
            officer: of.officer,
            home: of.home,
            urn: of.urn,
            name: of.name,
            planned: of.on,
            announced: of.announced,
            state: VisitState::Planned,
        };
        let event = next.event("home_visit.planned", 1).with("on", next.planned).with("announced", next.announced);
        invalid.or(Change::to(next, event))
    }

    /// Whether the home and its provider may read of it: once it is announced, and once it was made.
    #[must_use]
    pub const fn home_knows(&self) -> bool {
        self.announced || matches!(self.state, VisitState::Recorded { .. })
    }

    /// What was found; nothing before it was recorded.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match &self.state {
            VisitState::Recorded { findings, .. } => findings,
            VisitState::Planned | VisitState::CalledOff { .. } => &[],
        }
    }

    /// Whether its day has passed and nothing was recorded.
    #[must_use]
    pub fn overdue(&self, today: Date) -> bool {
        self.state == VisitState::Planned && self.planned < today
    }

    /// Records what was found, each theme once.
    pub fn record(
        self,
        (on, findings): (Date, Vec<Finding>),
        (by, moment): (PersonId, Moment),
    ) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        self.only_planned("be recorded")?;
        let mut invalid = Invalid::default();
        if on > moment.today() {
            invalid.add("on", "Enter a day that is not ahead");
        }
        if findings.is_empty() {
            invalid.add("findings", "Say of one theme at least what was found");
        }
        for (at, one) in findings.iter().enumerate() {
            let field = format!("words_{}", one.theme.code());
            words(&field, &one.words, "Enter what was found", &mut invalid);
            if findings.iter().take(at).any(|other| other.theme == one.theme) {
                invalid.add("findings", format!("\"{}\" is there twice: join the two", one.theme.label()));
            }
        }
        let serious = findings.iter().filter(|one| one.level == Level::Serious).count();
        let event = self
            .event("home_visit.recorded", self.version + 1)
            .with("on", on)
            .with("findings", findings.len())
            .with("serious", serious);
        let state = VisitState::Recorded { on, by, at: moment.local, findings };
        Ok(invalid.or(Change::to(Self { version: self.version + 1, state, ..self }, event)))
    }

    /// Says that it did not take place.
    pub fn call_off(self, reason: CalledOff, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.only_planned("be called off")?;
        let event = self.event("home_visit.called_off", self.version + 1).with("why", reason.code());
        let state = VisitState::CalledOff { reason, at: moment.local };
        Ok(Change::to(Self { version: self.version + 1, state, ..self }, event))
    }

    fn only_planned(&self, act: &str) -> Result<(), Refusal> {
        if self.state == VisitState::Planned {
            return Ok(());
        }
        let sentence = format!("The visit to {} cannot {act}: {}.", self.name, self.state.label().to_lowercase());
        let rule = "A visit is recorded once; what follows is another visit";
        Err(not_now("visit_state", rule, sentence, "Nobody: plan another visit", self.state.label()))
    }

    fn event(&self, kind: &str, version: i64) -> Event {
        Event::new(kind, "home_visit", self.id, version).with("home", self.home)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    fn moment(day: i8) -> Moment {
        Moment { at: jiff::Timestamp::UNIX_EPOCH, local: date(2021, 9, day).at(10, 0, 0, 0) }
    }

    fn planned(announced: bool) -> Visit {
        let of = Planned {
            authority: OrganisationId(1),
            officer: PersonId(2),
            home: HomeId(5),
            urn: "SC400001".into(),
            name: "Elm House".into(),
            on: date(2021, 9, 14),
            announced,
        };
        Visit::plan(4, of, moment(13)).unwrap().into_parts().0
    }

    fn finding(theme: Theme, text: &str) -> Finding {
        Finding { theme, level: Level::Serious, words: text.into() }
    }

    fn fields(invalid: &Invalid) -> Vec<&str> {
        invalid.errors.iter().map(|one| one.field.as_str()).collect()
    }

    #[test]
    fn a_home_reads_of_an_unannounced_visit_only_once_it_was_made() {
        assert!(planned(true).home_knows() && !planned(false).home_knows());
        let found = (date(2021, 9, 14), vec![finding(Theme::Staffing, "Two shifts were not covered.")]);
        let made = planned(false).record(found, (PersonId(2), moment(14))).unwrap().unwrap().into_parts().0;
        assert!(made.home_knows());
        assert_eq!(made.findings().len(), 1);
        let off = planned(false).call_off(CalledOff::OfficerAway, moment(14)).unwrap().into_parts().0;
        assert!(!off.home_knows());
    }

    #[test]
    fn a_visit_is_not_planned_back_nor_recorded_ahead_nor_empty() {
        let on = date(2021, 9, 12);
        let of = Planned {
            on,
            ..Planned {
                authority: OrganisationId(1),
                officer: PersonId(2),
                home: HomeId(5),
                urn: String::new(),
                name: String::new(),
                on,
                announced: true,
            }
        };
        assert_eq!(fields(&Visit::plan(4, of, moment(13)).unwrap_err()), ["on"]);
        let ahead = planned(true).record((date(2021, 9, 15), vec![]), (PersonId(2), moment(14))).unwrap().unwrap_err();
        assert_eq!(fields(&ahead), ["on", "findings"]);
        let twice = vec![finding(Theme::Safety, ""), finding(Theme::Safety, "Doors were open.")];
        let twice = planned(true).record((date(2021, 9, 14), twice), (PersonId(2), moment(14))).unwrap().unwrap_err();
        assert_eq!(fields(&twice), ["words_safety", "findings"]);
        assert!(planned(true).overdue(date(2021, 9, 15)) && !planned(true).overdue(date(2021, 9, 14)));
    }

    #[test]
    fn a_visit_moves_as_its_table_says() {
        let found = || (date(2021, 9, 14), vec![finding(Theme::Care, "Warm and steady.")]);
        for state in VisitState::NAMES {
            let at = || match *state {
                "planned" => planned(true),
                "recorded" => planned(true).record(found(), (PersonId(2), moment(14))).unwrap().unwrap().into_parts().0,
                _ => planned(true).call_off(CalledOff::HomeClosed, moment(14)).unwrap().into_parts().0,
            };
            let allowed = |act: &str| MOVES.iter().any(|step| step.from == *state && step.act == act);
            assert_eq!(at().record(found(), (PersonId(2), moment(14))).is_ok(), allowed("record"), "{state}");
            assert_eq!(at().call_off(CalledOff::NobodyThere, moment(14)).is_ok(), allowed("call_off"), "{state}");
        }
    }
}
