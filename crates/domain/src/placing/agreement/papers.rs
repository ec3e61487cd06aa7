//! How long a home reads what it was told of a child for an agreement: the papers that it was given, and the words about care
//! (rule 5.6).

use super::Agreement;
use crate::placing::disclosure::Stage;
use crate::placing::disclosure::recall::{Recall, after_recalls};

/// Why a home does not read what it was told of a child for an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withheld {
    /// The authority took back what it told the home.
    Recalled,
}

impl Agreement {
    /// Why the home does not read it after what was recalled from it, where it does not: it goes with who the child is, but not
    /// while the child lives there, since whoever cares for the child needs it.
    #[must_use]
    pub fn withheld(&self, recalls: &[Recall]) -> Option<Withheld> {
        let kept = self.state.lives_there() || after_recalls(Some(Stage::Chosen), recalls) == Some(Stage::Chosen);
        (!kept).then_some(Withheld::Recalled)
    }
}
