//! What an upheld challenge opens again: the answer names it, and all else stands as it was found.

use super::{Evaluation, EvaluationState, outcome};
use crate::change::Change;
use crate::outcome::Refusal;

coded! {
    /// What is opened again.
    Reopened {
        Gates "gates" "The gates: they are judged anew, and all that follows them";
        Homes "homes" "The homes: they are judged anew, and the scores stand";
        Scores "scores" "The scores: the panel finds its consensus anew";
    }
}

impl Evaluation {
    /// A challenge was upheld: what its answer names is open again. Sheets that were handed in are kept. Where a gate had failed
    /// nobody scored, so that nothing but the gates can change the outcome.
    pub fn reopen(self, what: Reopened) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, EvaluationState::Standstill { .. }) {
            return Err(self.cannot("be opened again"));
        }
        if what != Reopened::Gates && !outcome(&self).gates {
            return Err(Refusal::new(
                "gates_first",
                "Where a gate is failed, homes and scores change nothing",
                format!("{} failed a gate, and nobody scored.", self.provider_name),
                "You, by opening the gates again",
            )
            .found(what.code()));
        }
        let (version, condition) = (self.version + 1, None);
        let (none, homes, consensus) = (Vec::new(), Vec::new(), Vec::new());
        let next = match what {
            Reopened::Gates => {
                Self { version, condition, gates: none, homes, consensus, state: EvaluationState::Gates, ..self }
            }
            Reopened::Homes => Self { version, condition, homes, state: EvaluationState::Moderating, ..self },
            Reopened::Scores => Self { version, condition, consensus, state: EvaluationState::Moderating, ..self },
        };
        let event = next.event("evaluation.reopened").with("what", what.code()).with("to", next.state.name());
        Ok(Change::to(next, event))
    }

    /// Whether the homes wait to be judged anew, after a challenge about them was upheld.
    #[must_use]
    pub fn judges_homes(&self) -> bool {
        let applied = self.lots.iter().any(|applied| !applied.homes.is_empty());
        self.state == EvaluationState::Moderating && self.homes.is_empty() && applied
    }

    /// Whether the consensus stands and only what rests on it is recommended anew.
    #[must_use]
    pub fn scores_stand(&self) -> bool {
        self.state == EvaluationState::Moderating && !self.consensus.is_empty()
    }
}
