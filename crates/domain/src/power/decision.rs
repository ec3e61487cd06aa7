//! A formal decision of an authority or of the region: how it comes to be, when its powers hold, and how call-in,
//! amendment and rescission end them (rules 2.1 to 2.5; Executive Arrangements Regulations 2012).
//!
//! Recorded dates win over computed ones. While a decision is called in nothing may be approved under it.

mod dates;
mod delegated;
mod difference;
mod exempt;
mod label;
mod moves;
mod notice;
mod page;

pub use dates::{CallInRule, DateLine, Publication, RecordedEffect, Timetable, last_notice_day};
pub use delegated::{DELEGATED_MOVES, DelegatedDecision, DelegatedKind, DelegatedPage, DelegatedState};
pub use difference::{Difference, Words, differences, words};
pub use exempt::{ExemptParagraph, ExemptPart, ExemptWords};
pub use label::LimbLabel;
pub use moves::{CallInOutcome, CallInRequest, ClosedCallIn, MOVES};
pub use notice::{Notice, PlanEntry, PlanStep};
pub use page::{
    Accompanying, Alternative, AskedFor, DecidedTerm, DecisionPage, GoverningBody, InExtension, Limb, LimbEffect,
    LimbPower, NamedPost, NoticeKind, Says, WithoutCallIn,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::change::Move;
use crate::id::{DecisionId, OrganisationId};

/// Where a decision stands. What follows from dates (in the call-in window, effective) is computed, never stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DecisionState {
    /// Being written or checked against its source.
    Draft,
    /// Notice of a key decision to come has been published.
    NoticePublished {
        /// When, of which kind, for which day.
        notice: Notice,
    },
    /// Taken, not yet published.
    Decided {
        /// The day on which it was taken.
        on: Date,
        /// The notice that had been given of it.
        #[serde(default)]
        notice: Option<Notice>,
    },
    /// Published: in its call-in window, then effective.
    Published {
        /// When, and what follows from it.
        publication: Publication,
    },
    /// Called in: without effect until the decision maker confirms.
    CalledIn {
        /// The publication.
        publication: Publication,
        /// Who called it in, when and why.
        request: CallInRequest,
    },
    /// The call-in has an outcome, and the decision maker has to confirm, amend or rescind.
    Returned {
        /// The publication.
        publication: Publication,
        /// Who called it in, when and why.
        request: CallInRequest,
        /// What scrutiny or full council said.
        outcome: CallInOutcome,
        /// When.
        on: Date,
    },
    /// Confirmed by the decision maker after a call-in.
    Confirmed {
        /// The publication.
        publication: Publication,
        /// The day on which it was confirmed; it is effective from then.
        on: Date,
        /// The call-in that it came back from; none in records made before it was kept.
        #[serde(default)]
        call_in: Option<ClosedCallIn>,
    },
    /// Taken back by the decision maker.
    Rescinded {
        /// The publication.
        publication: Publication,
        /// When.
        on: Date,
        /// Why.
        reason: String,
        /// From when it had held, where it had; none in records made before it was kept.
        #[serde(default)]
        held_from: Option<Date>,
        /// Who had called it in, when and why, where somebody had.
        #[serde(default)]
        call_in: Option<CallInRequest>,
    },
    /// Replaced by a later decision with powers of its own.
    Superseded {
        /// The publication.
        publication: Publication,
        /// From when it had held.
        effective_on: Date,
        /// The decision that replaced it.
        by: DecisionId,
        /// The first day on which that one holds.
        on: Date,
    },
}

impl DecisionState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::NoticePublished { .. } => "notice_published",
            Self::Decided { .. } => "decided",
            Self::Published { .. } => "published",
            Self::CalledIn { .. } => "called_in",
            Self::Returned { .. } => "returned",
            Self::Confirmed { .. } => "confirmed",
            Self::Rescinded { .. } => "rescinded",
            Self::Superseded { .. } => "superseded",
        }
    }

    /// The notice that was given, where one was.
    #[must_use]
    pub fn notice(&self) -> Option<&Notice> {
        match self {
            Self::NoticePublished { notice } => Some(notice),
            Self::Decided { notice, .. } => notice.as_ref(),
            Self::Draft
            | Self::Published { .. }
            | Self::CalledIn { .. }
            | Self::Returned { .. }
            | Self::Confirmed { .. }
            | Self::Rescinded { .. }
            | Self::Superseded { .. } => self.publication().and_then(|publication| publication.notice.as_ref()),
        }
    }

    /// The publication, once there is one.
    #[must_use]
    pub const fn publication(&self) -> Option<&Publication> {
        match self {
            Self::Draft | Self::NoticePublished { .. } | Self::Decided { .. } => None,
            Self::Published { publication }
            | Self::CalledIn { publication, .. }
            | Self::Returned { publication, .. }
            | Self::Confirmed { publication, .. }
            | Self::Rescinded { publication, .. }
            | Self::Superseded { publication, .. } => Some(publication),
        }
    }
}

/// A formal decision with its page and its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Its id.
    pub id: DecisionId,
    /// Raised by one with every move.
    pub version: i64,
    /// The authority (or regional team) whose decision it is.
    pub authority: OrganisationId,
    /// Its reference, such as `HEF-2019-0114`.
    pub reference: String,
    /// The decision that it amends: that one stays in force until this one is (rule 2.1).
    pub amends: Option<DecisionId>,
    /// What the page says.
    pub page: DecisionPage,
    /// Where it stands.
    pub state: DecisionState,
}

/// Where a decision stands on a date, in the words of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Not yet published: no power.
    NotPublished,
    /// Published; call-in is open until the end of this day.
    InCallInWindow {
        /// The window's last day.
        closes: Date,
        /// The first day on which it holds.
        from: Date,
    },
    /// In force.
    InForce {
        /// Since this day.
        since: Date,
    },
    /// Called in or returned: no power.
    CalledIn,
    /// Rescinded.
    Rescinded,
    /// Replaced by a later one.
    Superseded {
        /// The later one.
        by: DecisionId,
    },
    /// The term that it speaks of is over, or has not begun.
    OutsideTerm,
}

impl Standing {
    /// The words on a tag.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::NotPublished => "Not published",
            Self::InCallInWindow { .. } => "In call-in window",
            Self::InForce { .. } => "Effective",
            Self::CalledIn => "Called in",
            Self::Rescinded => "Rescinded",
            Self::Superseded { .. } => "Superseded",
            Self::OutsideTerm => "Term ended",
        }
    }
}

impl Decision {
    /// The first day on which its powers hold, where that is settled: the recorded date, else the computed one;
    /// after a call-in, the day of confirmation.
    #[must_use]
    pub fn effective_on(&self) -> Option<Date> {
        match &self.state {
            DecisionState::Published { publication } => Some(publication.effective_on()),
            DecisionState::Confirmed { publication, on, .. } => Some((*on).max(publication.decided_on)),
            DecisionState::Superseded { effective_on, .. } => Some(*effective_on),
            DecisionState::Draft
            | DecisionState::NoticePublished { .. }
            | DecisionState::Decided { .. }
            | DecisionState::CalledIn { .. }
            | DecisionState::Returned { .. }
            | DecisionState::Rescinded { .. } => None,
        }
    }

    /// Where it stands on a day, by what had happened by then: before it was called in or rescinded it stood as any
    /// other (rule 1.8).
    #[must_use]
    pub fn standing(&self, day: Date) -> Standing {
        match &self.state {
            DecisionState::Draft | DecisionState::NoticePublished { .. } | DecisionState::Decided { .. } => {
                Standing::NotPublished
            }
            DecisionState::CalledIn { publication, request } | DecisionState::Returned { publication, request, .. } => {
                if day >= request.on {
                    Standing::CalledIn
                } else {
                    self.by_dates(publication, publication.effective_on(), day)
                }
            }
            DecisionState::Rescinded { on, .. } if day >= *on => Standing::Rescinded,
            DecisionState::Rescinded { publication, held_from, call_in, .. } => {
                let since = held_from.unwrap_or_else(|| publication.effective_on());
                self.after_call_in(publication, call_in.as_ref(), (*held_from, since), day)
            }
            DecisionState::Superseded { by, on, .. } if day >= *on => Standing::Superseded { by: *by },
            DecisionState::Confirmed { publication, on, call_in } => {
                let request = call_in.as_ref().map(|closed| &closed.request);
                let since = (*on).max(publication.decided_on);
                self.after_call_in(publication, request, (Some(since), since), day)
            }
            DecisionState::Published { publication } | DecisionState::Superseded { publication, .. } => {
                self.by_dates(publication, self.effective_on().unwrap_or(Date::MAX), day)
            }
        }
    }

    /// As by its dates, but called in from the request until it held again, if it did.
    fn after_call_in(
        &self,
        publication: &Publication,
        request: Option<&CallInRequest>,
        (held, since): (Option<Date>, Date),
        day: Date,
    ) -> Standing {
        let called = request.is_some_and(|request| day >= request.on && held.is_none_or(|held| day < held));
        if called { Standing::CalledIn } else { self.by_dates(publication, since, day) }
    }

    /// What a publication and the first day of its powers make of a day.
    fn by_dates(&self, publication: &Publication, since: Date, day: Date) -> Standing {
        if day < publication.published_on && day < since {
            Standing::NotPublished
        } else if day < since {
            Standing::InCallInWindow { closes: publication.closes(), from: since }
        } else if self.ends_on().is_some_and(|end| day > end) {
            Standing::OutsideTerm
        } else {
            Standing::InForce { since }
        }
    }

    /// Whether its powers hold on a day, by itself; see [`in_force_among`] for decisions that replace each other.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        matches!(self.standing(day), Standing::InForce { .. })
    }

    /// The last day on which its powers hold: the term's end, later only where this decision itself uses the
    /// extension and says that its limbs go on (rule 2.4).
    #[must_use]
    pub fn ends_on(&self) -> Option<Date> {
        let end = self.page.term.map(|term| term.end)?;
        let goes_on = self.page.in_extension.limbs == Says::Yes;
        Some(self.page.extension_until().filter(|_| goes_on).map_or(end, |until| until.max(end)))
    }
}

/// The decisions whose powers hold on a day: effective, not called in, not superseded, not replaced by an amendment
/// that is itself in force (rules 1.1 and 2.1).
pub fn in_force_among(decisions: &[Decision], day: Date) -> impl Iterator<Item = &Decision> {
    decisions.iter().filter(move |decision| {
        let replaced =
            decisions.iter().any(|other| other.in_force(day) && amends_in_turn(decisions, other, decision.id));
        decision.in_force(day) && !replaced
    })
}

/// Whether a decision amends another, by itself or through those that it amends in turn: one that was amended after
/// its call-in never held, and what amends it takes its place.
fn amends_in_turn(decisions: &[Decision], later: &Decision, earlier: DecisionId) -> bool {
    let mut amended = later.amends;
    for _ in decisions {
        let Some(id) = amended else { return false };
        if id == earlier {
            return true;
        }
        amended = decisions.iter().find(|known| known.id == id).and_then(|known| known.amends);
    }
    false
}

#[cfg(test)]
mod tests;
