//! Breaking the glass: an administrator, who sees no child, sees one for a few minutes, for a reason that is recorded, while
//! the authority is told at once. It ends by itself.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
use crate::id::{OrganisationId, PersonId};
use crate::outcome::Refusal;

coded! {
    /// Why an administrator needs to see a child's details.
    GlassReason {
        ChildAtRisk "child_at_risk" "A child is at risk and nobody of the authority can be reached";
        CourtOrder "court_order" "A court or the police has ordered it";
        SystemFault "system_fault" "A fault can be mended in no other way";
        SubjectAccess "subject_access" "Somebody asked for what is held about them";
    }
}

coded! {
    /// For how long.
    GlassMinutes {
        Fifteen "15" "15 minutes";
        Thirty "30" "30 minutes";
        Sixty "60" "60 minutes";
    }
}

impl GlassMinutes {
    const fn length(self) -> SignedDuration {
        SignedDuration::from_mins(match self {
            Self::Fifteen => 15,
            Self::Thirty => 30,
            Self::Sixty => 60,
        })
    }
}

/// Where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GlassState {
    /// Broken; it holds until its time is over.
    Broken,
    /// Mended before its time.
    Mended {
        /// When.
        at: Timestamp,
    },
}

impl GlassState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["broken", "mended"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Mended { .. } => "mended",
        }
    }
}

/// One breaking of the glass: a record of the authority and of whom the administrator works for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenGlass {
    /// The row's id.
    pub id: i64,
    /// The record's version.
    pub version: i64,
    /// The authority whose child it is.
    pub authority: OrganisationId,
    /// Whom the administrator works for.
    pub holder: OrganisationId,
    /// The administrator.
    pub person: PersonId,
    /// The referral of the child, by its reference.
    pub reference: String,
    /// Why.
    pub reason: GlassReason,
    /// The number under which somebody asked for it: a ticket, an order.
    pub ticket: String,
    /// From when, by the machine's clock.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Where it stands.
    pub state: GlassState,
}

/// What it starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaking {
    /// The authority.
    pub authority: OrganisationId,
    /// Whom the administrator works for.
    pub holder: OrganisationId,
    /// The administrator.
    pub person: PersonId,
    /// The referral.
    pub reference: String,
    /// Why.
    pub reason: GlassReason,
    /// The ticket's or order's number.
    pub ticket: String,
    /// For how long.
    pub minutes: GlassMinutes,
}

/// Every move.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "break", to: "broken", by: "system administrator" },
    Move { from: "broken", act: "mend", to: "mended", by: "system administrator" },
];

/// The most characters of a ticket's number.
pub const LONGEST_TICKET: usize = 40;

impl BrokenGlass {
    /// Breaks the glass.
    pub fn break_it(id: i64, of: Breaking, now: Timestamp) -> Change<Self> {
        let until = now.saturating_add(of.minutes.length()).unwrap_or(now);
        let event = Event::new("glass.broken", "broken_glass", id, 1)
            .with("reference", &of.reference)
            .with("reason", of.reason.code())
            .with("holder", of.holder)
            .with("person", of.person)
            .with("until", until);
        let glass = Self {
            id,
            version: 1,
            authority: of.authority,
            holder: of.holder,
            person: of.person,
            reference: of.reference,
            reason: of.reason,
            ticket: of.ticket,
            from: now,
            until,
            state: GlassState::Broken,
        };
        Change::to(glass, event)
    }

    /// Whether it holds for somebody now.
    #[must_use]
    pub fn holds(&self, person: PersonId, now: Timestamp) -> bool {
        self.state == GlassState::Broken && self.person == person && self.from <= now && now < self.until
    }

    /// Ends it before its time.
    pub fn mend(self, now: Timestamp) -> Result<Change<Self>, Refusal> {
        if self.state != GlassState::Broken || now >= self.until {
            return Err(Refusal::new(
                "glass_mended",
                "Break-glass holds for a short time, which ends by itself",
                "The time for which you could see this child's details is over.",
                "you, by asking anew with a reason",
            ));
        }
        let version = self.version + 1;
        let event = Event::new("glass.mended", "broken_glass", self.id, version);
        Ok(Change::to(Self { version, state: GlassState::Mended { at: now }, ..self }, event))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn now() -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn broken() -> BrokenGlass {
        let of = Breaking {
            authority: OrganisationId(1),
            holder: OrganisationId(9),
            person: PersonId(4),
            reference: "HEF-R-0042".to_owned(),
            reason: GlassReason::CourtOrder,
            ticket: "T-1".to_owned(),
            minutes: GlassMinutes::Fifteen,
        };
        BrokenGlass::break_it(1, of, now()).into_parts().0
    }

    #[test]
    fn broken_glass_holds_for_its_breaker_and_for_its_minutes_only() {
        let glass = broken();
        assert!(glass.holds(PersonId(4), now()));
        assert!(!glass.holds(PersonId(5), now()));
        assert!(!glass.holds(PersonId(4), now() + SignedDuration::from_mins(15)));
        let mended = glass.clone().mend(now()).unwrap().into_parts().0;
        assert!(!mended.holds(PersonId(4), now()));
        assert_eq!(mended.mend(now()).unwrap_err().code, "glass_mended");
        assert_eq!(glass.mend(now() + SignedDuration::from_mins(20)).unwrap_err().code, "glass_mended");
        for step in MOVES {
            assert!(step.from == "new" || GlassState::NAMES.contains(&step.from), "{}", step.from);
        }
    }
}
