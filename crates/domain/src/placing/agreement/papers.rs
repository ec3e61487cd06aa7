//! How long a home reads what it was told of a child for an agreement: the papers that it was given, and the words about care
//! (rule 5.6).
//!
//! A stay that took place is on the home's record, which the law has it keep (Children's Homes (England) Regulations 2015,
//! Schedules 3 and 4): its end closes nothing. A child who never came is on no home's record.

use super::{Agreement, AgreementState};
use crate::placing::disclosure::Stage;
use crate::placing::disclosure::recall::{Recall, after_recalls};

/// Why a home does not read what it was told of a child for an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// The authority took back what it told the home.
    Recalled,
    /// The agreement was cancelled before the child came, and the home has no more need of it.
    Cancelled,
}

impl AgreementState {
    /// Whether the child never came, and what the home was told ends as with an offer that is lost.
    #[must_use]
    pub const fn never_began(&self) -> bool {
        matches!(self, Self::CancelledBeforeStart { .. })
    }
}

impl Agreement {
    /// Why the home does not read it, where it does not. What was recalled goes with who the child is, but not while the child
    /// lives there, since whoever cares for the child needs it.
    #[must_use]
    pub fn withheld(&self, recalls: &[Recall]) -> Option<Withheld> {
        if self.state.never_began() {
            return Some(Withheld::Cancelled);
        }
        let kept = self.state.lives_there() || after_recalls(Some(Stage::Chosen), recalls) == Some(Stage::Chosen);
        (!kept).then_some(Withheld::Recalled)
    }
}
