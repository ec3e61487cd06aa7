//! How long a home keeps the papers about a child that it was given with the agreement (rule 5.6).

use super::Agreement;
use crate::placing::disclosure::Stage;
use crate::placing::disclosure::recall::{Recall, after_recalls};

impl Agreement {
    /// Whether the home keeps them after what was recalled from it: they go with who the child is, but not while the child
    /// lives there, since whoever cares for the child needs them.
    #[must_use]
    pub fn papers_stay(&self, recalls: &[Recall]) -> bool {
        self.state.lives_there() || after_recalls(Some(Stage::Chosen), recalls) == Some(Stage::Chosen)
    }
}
