//! What opens an evaluation again: an upheld challenge, whose answer names what, and all else stands as it was found; and a
//! conflict that an evaluator tells of later, whose sheet counts no more.

use super::{Evaluation, EvaluationState, FEWEST, PanelStep, PersonId, outcome};
use crate::change::Change;
use crate::homes::admission::score::{Step, conflicted};
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
            ));
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

    /// An evaluator told of a conflict after the sheets were opened: theirs is struck, a consensus that was found from it is
    /// taken back, and moderation goes on without it; where too few are left, another evaluator is named first. None where
    /// nothing was opened or rests on the sheet.
    pub fn strike(self, person: PersonId, steps: &[PanelStep]) -> Option<Change<Self>> {
        if !self.rests_on(person, steps) {
            return None;
        }
        let counts = |other: PersonId| {
            let handed_in = steps.iter().any(|one| one.person == other && one.step == Step::HandedIn);
            other != person && handed_in && !self.gave_up(steps, other)
        };
        let left = self.panel.iter().filter(|one| counts(one.person)).count();
        let state = if left < FEWEST { EvaluationState::Scoring } else { EvaluationState::Moderating };
        let mut struck = self.struck.clone();
        struck.push(person);
        let next = Self { version: self.version + 1, consensus: Vec::new(), condition: None, struck, state, ..self };
        let event = next.event("evaluation.sheet_struck").with("person", person).with("to", next.state.name());
        Some(Change::to(next, event))
    }

    /// Whether what the panel reads or found rests on a person's sheet.
    fn rests_on(&self, person: PersonId, steps: &[PanelStep]) -> bool {
        match self.state {
            EvaluationState::Moderating => {
                let handed_in = steps.iter().any(|one| one.person == person && one.step == Step::HandedIn);
                handed_in && !self.struck.contains(&person)
            }
            EvaluationState::Recommended { .. } | EvaluationState::Standstill { .. } => self.found_from(person),
            EvaluationState::Gates
            | EvaluationState::Scoring
            | EvaluationState::Admitted { .. }
            | EvaluationState::NotAdmitted { .. } => false,
        }
    }

    fn found_from(&self, person: PersonId) -> bool {
        self.consensus.iter().any(|one| one.spread.scores.iter().any(|(author, _)| *author == person))
    }

    /// Refused where the consensus was found from a sheet whose evaluator has told of a conflict since.
    pub fn is_untainted(&self, steps: &[PanelStep]) -> Result<(), Refusal> {
        let tainted = |one: &&super::Evaluator| conflicted(steps, one.person) && self.found_from(one.person);
        let Some(one) = self.panel.iter().find(tainted) else { return Ok(()) };
        Err(Refusal::new(
            "consensus_struck",
            "No outcome rests on the scores of an evaluator with a conflict of interest",
            format!("{} has told of a conflict of interest, so that moderation is opened again.", one.name),
            "You, in moderation, which opens in a moment",
        ))
    }
}
