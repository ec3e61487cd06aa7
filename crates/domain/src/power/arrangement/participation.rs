//! Whether an authority may award through the arrangement today: always computed from its decisions, never stored,
//! and always with the reason (rules 2.5 and 5.4). No award before adoption is effective.

use jiff::civil::Date;

use super::Term;
use crate::calendar::long_date;
use crate::id::DecisionId;
use crate::outcome::Refusal;
use crate::power::decision::{Decision, Says, Standing, in_force_among};

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
    /// The arrangement's term is over.
    Ended {
        /// The last day.
        on: Date,
    },
    /// The arrangement goes on, and no decision of the authority says that its powers do: ask (rule 2.4).
    NotExtended {
        /// The last day of its powers.
        on: Date,
    },
    /// It has left.
    Left {
        /// The first day on which it took no part.
        from: Date,
    },
}

impl Participation {
    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::CanAward { .. } => "Can award",
            Self::NoDecision | Self::DecidedNotYetEffective { .. } | Self::CalledIn { .. } => "Cannot award yet",
            Self::Ended { .. } | Self::NotExtended { .. } => "Ended",
            Self::Left { .. } => "Left",
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
            Self::NotExtended { .. } => "not_extended",
            Self::Left { .. } => "left",
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
            Self::NotExtended { on } => format!(
                "Cannot award: the term ended on {} for this authority, and no decision of it says that its powers go on: ask.",
                long_date(*on)
            ),
            Self::Left { from } => format!("Cannot award: it left the arrangement on {}.", long_date(*from)),
        }
    }
}

/// Where an authority's participation stands on a day, from its decisions, and from the day on which it leaves, where it
/// has decided to.
#[must_use]
pub fn participation(term: &Term, (decisions, leaves): (&[Decision], Option<Date>), day: Date) -> Participation {
    if let Some(from) = leaves.filter(|from| day >= *from) {
        return Participation::Left { from };
    }
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
            .map(|on| Participation::NotExtended { on })
    };
    waiting.or_else(called).or_else(ended).unwrap_or(Participation::NoDecision)
}

/// May a placement through the arrangement be awarded on a day that starts on another? Not after the authority left, nor
/// beyond the term that its powers hold for (rule 2.4).
pub fn may_start(
    term: &Term,
    (decisions, leaves): (&[Decision], Option<Date>),
    (day, start): (Date, Date),
) -> Result<(), Refusal> {
    let refuse = |code: &str, rule: &str, sentence: String, who: &str, found: Date| {
        Err(Refusal::new(code, rule, sentence, who).found(long_date(found)))
    };
    if let Some(from) = leaves.filter(|from| *from <= day.max(start)) {
        return refuse(
            "authority_left",
            "An authority that has left awards nothing through the arrangement",
            format!("Your authority leaves the arrangement on {}; the placement would start after.", long_date(from)),
            "The decision maker, by adopting the arrangement again",
            from,
        );
    }
    if start > term.current_end() {
        return refuse(
            "starts_after_term",
            "A placement is awarded within the term of the arrangement",
            format!(
                "The term ends on {}; the placement would start on {}.",
                long_date(term.current_end()),
                long_date(start)
            ),
            "The commissioning lead, by extending the term after a decision of the region",
            term.current_end(),
        );
    }
    let adopting: Vec<&Decision> =
        in_force_among(decisions, day).filter(|decision| decision.page.adopts() || decision.amends.is_some()).collect();
    let Some(end) = adopting.iter().filter_map(|decision| decision.ends_on()).max() else { return Ok(()) };
    if start <= end {
        return Ok(());
    }
    let asks = adopting.iter().all(|decision| decision.page.in_extension.limbs == Says::Unknown);
    let said = if asks { "does not say whether its powers go on: ask" } else { "says that its powers do not go on" };
    refuse(
        "extension_not_decided",
        "An option to extend gives no power to use it: each authority decides",
        format!("Your authority's term ends on {}, and its decision {said}.", long_date(end)),
        "The decision maker, by a decision that says so",
        end,
    )
}
