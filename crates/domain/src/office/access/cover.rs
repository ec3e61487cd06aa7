//! Cover for a colleague who is away: dated, recorded, ending by itself. It moves tasks and never power (rule 1.1): who
//! covers works in the colleague's role, and holds no post and no power of theirs.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Role;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{OrganisationId, PersonId};
use crate::nights::plus_days;
use crate::outcome::Refusal;

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

impl Cover {
    /// Arranges a cover.
    pub fn arrange(id: i64, wanted: &CoverWanted, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let refuse = |code: &str, sentence: &str, who: &str| Err(Refusal::new(code, RULE, sentence, who));
        if wanted.covering == wanted.absent {
            return refuse("cover_of_oneself", "Nobody covers for themselves.", "you, by choosing a colleague");
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
        if wanted.from < moment.today() || wanted.until <= wanted.from {
            return refuse(
                "cover_dates",
                "Cover begins today or later, and ends after it begins.",
                "you, by its first and last day",
            );
        }
        if wanted.until > plus_days(wanted.from, LONGEST_DAYS) {
            return Err(Refusal::new(
                "cover_too_long",
                RULE,
                format!("One cover holds for at most {LONGEST_DAYS} days."),
                "you, by an earlier last day; it can be arranged anew",
            )
            .found(wanted.until.to_string()));
        }
        let longest = absent_until.min(covering_until);
        if wanted.until > longest {
            return Err(Refusal::new(
                "cover_beyond_role",
                RULE,
                "Cover ends at the latest when who is away leaves the role, or who covers leaves the organisation.",
                "you, by an earlier last day; where the colleague has left, your administrator",
            )
            .found(plus_days(longest, -1).to_string()));
        }
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
            absent_until: Some(OPEN_END),
            covering_until: Some(OPEN_END),
        }
    }

    fn code(wanted: &CoverWanted) -> String {
        Cover::arrange(1, wanted, PersonId(1), now()).unwrap_err().code
    }

    #[test]
    fn rule_1_1_cover_is_between_colleagues_dated_and_no_longer_than_three_months() {
        assert_eq!(code(&CoverWanted { covering: PersonId(1), ..wanted() }), "cover_of_oneself");
        let by_whoever_covers = Cover::arrange(1, &wanted(), PersonId(2), now()).unwrap_err();
        assert_eq!(by_whoever_covers.code, "cover_for_oneself_by_oneself");
        assert_eq!(code(&CoverWanted { covering_until: None, ..wanted() }), "cover_between_colleagues");
        assert_eq!(code(&CoverWanted { absent_until: None, ..wanted() }), "cover_between_colleagues");
        assert_eq!(code(&CoverWanted { until: now().today(), ..wanted() }), "cover_dates");
        assert_eq!(
            code(&CoverWanted { until: plus_days(now().today(), LONGEST_DAYS + 1), ..wanted() }),
            "cover_too_long"
        );
        assert!(Cover::arrange(1, &wanted(), PersonId(1), now()).is_ok());
    }

    #[test]
    fn rule_1_1_cover_outlives_neither_the_role_of_who_is_away_nor_that_of_who_covers() {
        let (last, before) = (Some(wanted().until), Some(plus_days(wanted().until, -1)));
        assert_eq!(code(&CoverWanted { absent_until: before, ..wanted() }), "cover_beyond_role");
        assert_eq!(code(&CoverWanted { covering_until: before, ..wanted() }), "cover_beyond_role");
        let both = CoverWanted { absent_until: last, covering_until: last, ..wanted() };
        assert!(Cover::arrange(1, &both, PersonId(1), now()).is_ok());
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
