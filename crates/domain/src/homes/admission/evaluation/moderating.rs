//! Moderation: every evaluator has handed in, the spread of each question is shown, and the panel finds one score with its
//! reason. A score outside the spread needs one in particular.

use serde::{Deserialize, Serialize};

use super::{Evaluation, EvaluationState, FEWEST, Moment, PanelStep, PersonId, Sheet};
use crate::change::Change;
use crate::homes::admission::opening::OpeningRefused;
use crate::outcome::{Invalid, Refusal};

/// The scores of one question: lowest, highest, and each by its evaluator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spread {
    /// The question's code.
    pub question: String,
    /// Each evaluator's score.
    pub scores: Vec<(PersonId, u8)>,
}

impl Spread {
    /// The lowest score.
    #[must_use]
    pub fn low(&self) -> u8 {
        self.scores.iter().map(|(_, score)| *score).min().unwrap_or_default()
    }

    /// The highest score.
    #[must_use]
    pub fn high(&self) -> u8 {
        self.scores.iter().map(|(_, score)| *score).max().unwrap_or_default()
    }
}

/// The consensus on one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consensus {
    /// The question's code.
    pub question: String,
    /// The score.
    pub score: u8,
    /// Why: the provider reads it.
    pub reason: String,
    /// The scores that it was found from.
    pub spread: Spread,
}

impl Evaluation {
    /// Opens the scores to the panel: everybody without a conflict has handed in, and they are enough.
    pub fn open_moderation(self, steps: &[PanelStep]) -> Result<Change<Self>, Refusal> {
        self.is_scored()?;
        let scoring = self.panel.iter().filter(|one| !self.gave_up(steps, one.person)).count();
        let waiting: Vec<&str> = self.waited_for(steps).into_iter().map(|one| one.name.as_str()).collect();
        if !waiting.is_empty() {
            return Err(Refusal::new(
                "scores_waited_for",
                "Scores are opened when every evaluator has handed in, all together",
                format!("Scores are waited for from {}.", waiting.join(", ")),
                "Those evaluators, by handing in or by telling of a conflict; you, by releasing a seat",
            )
            .found(format!("{} of {scoring}", scoring - waiting.len())));
        }
        if scoring < FEWEST {
            return Err(Refusal::new(
                "too_few_evaluators",
                "An application is evaluated by evaluators of several authorities",
                format!("Fewer than {FEWEST} evaluators hold a seat and have no conflict."),
                "Commissioning lead of the regional team, by naming another evaluator",
            )
            .found(scoring.to_string()));
        }
        let next = Self { version: self.version + 1, state: EvaluationState::Moderating, ..self };
        let event = next.event("evaluation.moderation_opened").with("evaluators", scoring);
        Ok(Change::to(next, event))
    }

    /// The spread of each question over the sheets that were handed in.
    #[must_use]
    pub fn spreads(&self, sheets: &[Sheet]) -> Vec<Spread> {
        let handed_in = || sheets.iter().filter(|sheet| sheet.handed_in.is_some());
        let spread = |question: &super::super::criteria::Question| Spread {
            question: question.code.clone(),
            scores: handed_in().filter_map(|sheet| Some((sheet.person, sheet.score(&question.code)?))).collect(),
        };
        self.criteria.quality.iter().map(spread).collect()
    }

    /// Records the consensus and recommends what follows from it. Where homes alone were opened again the consensus stands, and
    /// none is given.
    pub fn recommend(
        self,
        sheets: &[Sheet],
        found: &[(String, u8, String)],
        (by, words): (PersonId, &str),
        moment: Moment,
    ) -> Result<Change<Self>, OpeningRefused> {
        if self.state != EvaluationState::Moderating {
            return Err(self.cannot("be recommended").into());
        }
        if self.judges_homes() {
            return Err(Refusal::new(
                "homes_not_judged",
                "Homes that were opened again are judged before anything is recommended",
                format!("The homes of {} are not judged anew yet.", self.provider_name),
                "You, by judging the homes",
            )
            .into());
        }
        let mut invalid = Invalid::default();
        let consensus = if self.scores_stand() {
            self.kept_consensus(found)?
        } else {
            self.found_consensus(sheets, found, &mut invalid)?
        };
        if words.trim().chars().count() < 3 {
            invalid.add("words", "Say what is recommended and why");
        }
        invalid.or(())?;
        let state = EvaluationState::Recommended { at: moment.local, by, words: words.trim().to_owned() };
        let next = Self { version: self.version + 1, consensus, state, ..self };
        let passes = super::outcome(&next).passes();
        let event = next.event("evaluation.recommended").with("passes", u8::from(passes));
        Ok(Change::to(next, event))
    }

    /// The consensus as it stands; another one is refused.
    fn kept_consensus(&self, found: &[(String, u8, String)]) -> Result<Vec<Consensus>, Refusal> {
        let same = |(code, score, reason): &(String, u8, String)| {
            let kept = self.consensus.iter().find(|one| one.question == *code);
            kept.is_some_and(|one| one.score == *score && one.reason == reason.trim())
        };
        if found.iter().all(same) {
            return Ok(self.consensus.clone());
        }
        Err(Refusal::new(
            "scores_stand",
            "What a challenge did not open again stands",
            "The homes were opened again, and the panel's scores were not.",
            "You, by leaving the consensus out",
        ))
    }

    fn found_consensus(
        &self,
        sheets: &[Sheet],
        found: &[(String, u8, String)],
        invalid: &mut Invalid,
    ) -> Result<Vec<Consensus>, Refusal> {
        let mut consensus = Vec::new();
        for spread in self.spreads(sheets) {
            let Some((code, score, reason)) = found.iter().find(|(code, ..)| *code == spread.question) else {
                invalid.add(&format!("{}_score", spread.question), "Give the consensus score");
                continue;
            };
            self.criteria.on_scale(code, *score)?;
            let outside = *score < spread.low() || *score > spread.high();
            if reason.trim().chars().count() < if outside { 20 } else { 3 } {
                let ask = if outside {
                    "The score lies outside what any evaluator gave: say in full why"
                } else {
                    "Say why: the provider reads it"
                };
                invalid.add(&format!("{code}_reason"), ask);
            }
            consensus.push(Consensus {
                question: code.clone(),
                score: *score,
                reason: reason.trim().to_owned(),
                spread,
            });
        }
        Ok(consensus)
    }
}
