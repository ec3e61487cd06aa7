//! Whether an authority may award through the arrangement today: always computed from its decisions, never stored,
//! and always with the reason (rules 2.5 and 5.4). No award before adoption is effective.

use jiff::civil::Date;

use super::Term;
use crate::id::DecisionId;
use crate::power::decision::{Decision, Standing, in_force_among, long_date};

/// Where an authority's participation stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Participation {
    /// It has no decision to adopt the arrangement.
    NoDecision,
    /// It has decided; the decision is not effective yet.
    DecidedNotYetEffective {
        /// The first day on which it may award.
        from: Date,
        /// The decision's reference.
        reference: String,
    },
    /// It may award.
    CanAward {
        /// Since this day.
        since: Date,
        /// The decision.
        decision: DecisionId,
        /// Its reference.
        reference: String,
    },
    /// Its decision is called in.
    CalledIn {
        /// The decision's reference.
        reference: String,
    },
    /// Its term is over, or the arrangement's.
    Ended {
        /// The last day.
        on: Date,
    },
}

impl Participation {
    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::CanAward { .. } => "Can award",
            Self::NoDecision | Self::DecidedNotYetEffective { .. } | Self::CalledIn { .. } => "Cannot award yet",
            Self::Ended { .. } => "Ended",
        }
    }

    /// The state's stored word for programs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoDecision => "no_decision",
            Self::DecidedNotYetEffective { .. } => "decided_not_yet_effective",
            Self::CanAward { .. } => "can_award",
            Self::CalledIn { .. } => "called_in",
            Self::Ended { .. } => "ended",
        }
    }

    /// The reason, as a sentence.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::NoDecision => "Cannot award yet: no decision to adopt the arrangement is recorded.".to_owned(),
            Self::DecidedNotYetEffective { from, reference } => {
                format!("Cannot award yet: decision {reference} takes effect on {}.", long_date(*from))
            }
            Self::CanAward { since, reference, .. } => {
                format!("Can award since {} under decision {reference}.", long_date(*since))
            }
            Self::CalledIn { reference } => {
                format!("Cannot award yet: decision {reference} is called in and has no effect until it is confirmed.")
            }
            Self::Ended { on } => format!("Cannot award: the term ended on {}.", long_date(*on)),
        }
    }
}

/// Where an authority's participation stands on a day, from its decisions.
#[must_use]
pub fn participation(term: &Term, decisions: &[Decision], day: Date) -> Participation {
    let adopting: Vec<&Decision> = decisions.iter().filter(|decision| decision.page.adopts()).collect();
    if day > term.current_end() {
        return if adopting.is_empty() {
            Participation::NoDecision
        } else {
            Participation::Ended { on: term.current_end() }
        };
    }
    let in_force = in_force_among(decisions, day)
        .filter(|decision| decision.page.adopts())
        .filter_map(|decision| decision.effective_on().map(|since| (since, decision)))
        .min_by_key(|(since, decision)| (*since, decision.id));
    if let Some((since, decision)) = in_force {
        return Participation::CanAward { since, decision: decision.id, reference: decision.reference.clone() };
    }
    let waiting = adopting.iter().find_map(|decision| match decision.standing(day) {
        Standing::InCallInWindow { from, .. } => {
            Some(Participation::DecidedNotYetEffective { from, reference: decision.reference.clone() })
        }
        Standing::NotPublished
        | Standing::InForce { .. }
        | Standing::CalledIn
        | Standing::Rescinded
        | Standing::Superseded { .. }
        | Standing::OutsideTerm => None,
    });
    let called = || {
        adopting
            .iter()
            .find(|decision| decision.standing(day) == Standing::CalledIn)
            .map(|decision| Participation::CalledIn { reference: decision.reference.clone() })
    };
    let ended = || {
        adopting
            .iter()
            .filter(|decision| decision.standing(day) == Standing::OutsideTerm)
            .filter_map(|decision| decision.ends_on())
            .max()
            .map(|on| Participation::Ended { on })
    };
    waiting.or_else(called).or_else(ended).unwrap_or(Participation::NoDecision)
}
