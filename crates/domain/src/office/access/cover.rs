//! Cover for a colleague who is away: dated, recorded, ending by itself. It moves tasks and never power (rule 1.1): who
//! covers works in the colleague's role, and holds no post and no power of theirs.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Role;
use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{OrganisationId, PersonId};
use crate::nights::plus_days;
use crate::outcome::{Invalid, Refusal};

/// The longest that one cover holds, in days; a longer absence is covered anew or filled.
pub const LONGEST_DAYS: i64 = 92;

coded! {
    /// Why somebody is away.
    CoverReason {
        Leave "leave" "Leave";
        Sickness "sickness" "Sickness";
        Training "training" "Training";
        OtherDuty "other_duty" "Another duty";
        Vacancy "vacancy" "The colleague has left";
    }
}

/// Where a cover stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CoverState {
    /// Arranged; it begins and ends by its dates.
    Arranged,
    /// Ended before its last day.
    Ended {
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl CoverState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["arranged", "ended"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Arranged => "arranged",
            Self::Ended { .. } => "ended",
        }
    }
}

/// One cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cover {
    /// The row's id.
    pub id: i64,
    /// The record's version.
    pub version: i64,
    /// The organisation of both.
    pub organisation: OrganisationId,
    /// Who is away.
    pub absent: PersonId,
    /// Who covers.
    pub covering: PersonId,
    /// In which role.
    pub role: Role,
    /// From which day.
    pub from: Date,
    /// The first day on which it no longer holds.
    pub until: Date,
    /// Why.
    pub reason: CoverReason,
    /// Who arranged it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// Where it stands.
    pub state: CoverState,
}

/// What a cover starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoverWanted {
    /// The organisation of both.
    pub organisation: OrganisationId,
    /// Who is away.
    pub absent: PersonId,
    /// Who covers.
    pub covering: PersonId,
    /// In which role.
    pub role: Role,
    /// From which day.
    pub from: Date,
    /// The first day on which it no longer holds.
    pub until: Date,
    /// Why.
    pub reason: CoverReason,
    /// The names of who is away and of who covers.
    pub names: (String, String),
    /// Until when the absent person holds the role of their own; none where it is not theirs to lend.
    pub absent_until: Option<Date>,
    /// Until when the covering person works for the organisation in a role of their own; none where they do not.
    pub covering_until: Option<Date>,
}

/// Every move of a cover.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "arrange", to: "arranged", by: "the colleague, or an administrator" },
    Move { from: "arranged", act: "end", to: "ended", by: "the colleague, or an administrator" },
];

const RULE: &str = "Cover for leave moves tasks, never power (rule 1.1)";

impl CoverWanted {
    /// Refused unless it begins today or later, ends no earlier than it begins, and outlives neither the longest cover nor
    /// the roles of both.
    fn days(&self, (absent_until, covering_until): (Date, Date), today: Date) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if self.from < today {
            invalid.add("from", "Enter today or a later day");
        }
        let (absent, covering) = &self.names;
        let ends = [
            (absent_until, format!("{absent} works in the role until then")),
            (covering_until, format!("{covering} works here until then")),
            (plus_days(self.from, LONGEST_DAYS), format!("one cover holds for at most {LONGEST_DAYS} days")),
        ];
        if self.until <= self.from {
            invalid.add("last", "Enter the first day or a later day");
        } else if let Some((end, why)) = ends.iter().min_by_key(|(end, _)| *end).filter(|(end, _)| *end < self.until) {
            invalid.add("last", format!("Enter {} or an earlier day: {why}", long_date(plus_days(*end, -1))));
        }
        invalid.or(())
    }
}

/// Why no cover is arranged: what was typed, or the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CoverRefused {
    /// The form.
    Invalid(Invalid),
    /// The rule.
    Refused(Box<Refusal>),
}

impl From<Invalid> for CoverRefused {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl Cover {
    /// Arranges a cover.
    pub fn arrange(id: i64, wanted: &CoverWanted, by: PersonId, moment: Moment) -> Result<Change<Self>, CoverRefused> {
        let refuse = |code: &str, sentence: &str, who: &str| {
            Err(CoverRefused::Refused(Box::new(Refusal::new(code, RULE, sentence, who))))
        };
        if wanted.covering == wanted.absent {
            return Err(Invalid::one("covering", "Choose a colleague: nobody covers for themselves").into());
        }
        if wanted.covering == by {
            return refuse(
                "cover_for_oneself_by_oneself",
                "Nobody gives themselves a colleague's role: whoever covers does not arrange it.",
                "the colleague who is away, or another administrator",
            );
        }
        let (Some(absent_until), Some(covering_until)) = (wanted.absent_until, wanted.covering_until) else {
            return refuse(
                "cover_between_colleagues",
                "Both are people of your organisation, and who is away works in the role that is covered. A role that is \
                 lent for a cover is not lent on.",
                "whose role it is, or your administrator, by inviting the colleague first",
            );
        };
        wanted.days((absent_until, covering_until), moment.today())?;
        let event = Event::new("cover.arranged", "cover", id, 1)
            .with("absent", wanted.absent)
            .with("covering", wanted.covering)
            .with("role", wanted.role.code())
            .with("from", wanted.from)
            .with("until", wanted.until)
            .with("reason", wanted.reason.code());
        let cover = Self {
            id,
            version: 1,
            organisation: wanted.organisation,
            absent: wanted.absent,
            covering: wanted.covering,
            role: wanted.role,
            from: wanted.from,
            until: wanted.until,
            reason: wanted.reason,
            by,
            at: moment.local,
            state: CoverState::Arranged,
        };
        Ok(Change::to(cover, event))
    }

    /// Whether it holds on a day.
    #[must_use]
    pub fn holds(&self, on: Date) -> bool {
        self.state == CoverState::Arranged && self.from <= on && on < self.until
    }

    /// Whether it goes on when the role of whoever is away ends: they leave, and it is not they who arranged it.
    #[must_use]
    pub fn outlives_role(&self) -> bool {
        self.reason == CoverReason::Vacancy && self.by != self.absent
    }

    /// Ends it before its last day.
    pub fn end(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        if self.state != CoverState::Arranged || self.until <= moment.today() {
            return Err(Refusal::new("cover_ended", RULE, "This cover has ended.", "nobody; it can be arranged anew"));
        }
        let version = self.version + 1;
        let event = Event::new("cover.ended", "cover", self.id, version);
        Ok(Change::to(Self { version, state: CoverState::Ended { by, at: moment.local }, ..self }, event))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::nights::OPEN_END;
    use crate::placing::referral::fixtures::now;

    fn wanted() -> CoverWanted {
        CoverWanted {
            organisation: OrganisationId(1),
            absent: PersonId(1),
            covering: PersonId(2),
            role: Role::PlacementOfficer,
            from: now().today(),
            until: plus_days(now().today(), 7),
            reason: CoverReason::Leave,
            names: ("Amir Hallowes".into(), "Priya Shah".into()),
            absent_until: Some(OPEN_END),
            covering_until: Some(OPEN_END),
        }
    }

    /// The code of the rule that refuses it, or the field to mend and how.
    fn code(wanted: &CoverWanted, by: PersonId) -> String {
        match Cover::arrange(1, wanted, by, now()).unwrap_err() {
            CoverRefused::Refused(refusal) => refusal.code,
            CoverRefused::Invalid(invalid) => {
                let each = invalid.errors.iter().map(|one| format!("{}: {}", one.field, one.message));
                each.collect::<Vec<_>>().join("; ")
            }
        }
    }

    #[test]
    fn rule_1_1_cover_is_between_colleagues_dated_and_no_longer_than_three_months() {
        let today = now().today();
        let own = |wanted: &CoverWanted| code(wanted, PersonId(1));
        let oneself = own(&CoverWanted { covering: PersonId(1), ..wanted() });
        assert_eq!(oneself, "covering: Choose a colleague: nobody covers for themselves");
        assert_eq!(code(&wanted(), PersonId(2)), "cover_for_oneself_by_oneself");
        assert_eq!(own(&CoverWanted { covering_until: None, ..wanted() }), "cover_between_colleagues");
        assert_eq!(own(&CoverWanted { absent_until: None, ..wanted() }), "cover_between_colleagues");
        let never = "last: Enter the first day or a later day";
        assert_eq!(own(&CoverWanted { until: today, ..wanted() }), never);
        let (from, until) = (plus_days(today, -1), plus_days(today, -1));
        assert_eq!(own(&CoverWanted { from, until, ..wanted() }), format!("from: Enter today or a later day; {never}"));
        let long = own(&CoverWanted { until: plus_days(today, LONGEST_DAYS + 1), ..wanted() });
        let last = long_date(plus_days(today, LONGEST_DAYS - 1));
        assert_eq!(long, format!("last: Enter {last} or an earlier day: one cover holds for at most 92 days"));
        assert!(Cover::arrange(1, &wanted(), PersonId(1), now()).is_ok());
    }

    #[test]
    fn rule_1_1_cover_outlives_neither_the_role_of_who_is_away_nor_that_of_who_covers() {
        let (last, before) = (Some(wanted().until), Some(plus_days(wanted().until, -1)));
        let until = long_date(plus_days(wanted().until, -2));
        let absent = code(&CoverWanted { absent_until: before, ..wanted() }, PersonId(1));
        let until = format!("last: Enter {until} or an earlier day");
        assert_eq!(absent, format!("{until}: Amir Hallowes works in the role until then"));
        let covering = code(&CoverWanted { covering_until: before, ..wanted() }, PersonId(1));
        assert_eq!(covering, format!("{until}: Priya Shah works here until then"));
        let both = CoverWanted { absent_until: last, covering_until: last, ..wanted() };
        assert!(Cover::arrange(1, &both, PersonId(1), now()).is_ok());
    }

    #[test]
    fn rule_1_1_cover_outlives_the_role_of_a_colleague_who_has_left_where_another_arranged_it() {
        let outlives = |reason: CoverReason, by: i64| {
            let change = Cover::arrange(1, &CoverWanted { reason, ..wanted() }, PersonId(by), now());
            change.unwrap().into_parts().0.outlives_role()
        };
        assert!(outlives(CoverReason::Vacancy, 3));
        assert!(!outlives(CoverReason::Vacancy, 1), "nobody lends their role beyond their own last day");
        assert!(!outlives(CoverReason::Leave, 3));
    }

    #[test]
    fn rule_1_1_cover_ends_by_itself_or_earlier() {
        let cover = Cover::arrange(1, &wanted(), PersonId(1), now()).unwrap().into_parts().0;
        assert!(cover.holds(now().today()) && !cover.holds(cover.until));
        let ended = cover.end(PersonId(1), now()).unwrap().into_parts().0;
        assert!(!ended.holds(now().today()));
        assert_eq!(ended.end(PersonId(1), now()).unwrap_err().code, "cover_ended");
        for step in MOVES {
            assert!(step.from == "new" || CoverState::NAMES.contains(&step.from), "{}", step.from);
            assert!(CoverState::NAMES.contains(&step.to), "{}", step.to);
        }
    }
}
