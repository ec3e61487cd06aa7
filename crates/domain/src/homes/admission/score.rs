//! An evaluator's own part: what they declare, and their scores with comments, which nobody else reads until every
//! evaluator has handed in and the panel is opened for moderation.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::evaluation::Evaluation;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{EvaluationId, OrganisationId, PersonId};
use crate::outcome::{Invalid, Refusal};

/// The longest comment.
pub const LONGEST_COMMENT: usize = 2_000;

/// An evaluator of a panel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluator {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their authority.
    pub authority: OrganisationId,
    /// Its name.
    pub authority_name: String,
}

coded! {
    /// A step of an evaluator that the panel may know: never a score.
    Step {
        NoConflict "no_conflict" "No conflict of interest";
        Conflict "conflict" "A conflict of interest: does not score";
        HandedIn "handed_in" "Scores handed in";
    }
}

coded! {
    /// Why the regional team releases the seat of an evaluator: a code, since more of a person's life is nobody's to read.
    ReleaseReason {
        Left "left" "Left the authority";
        Away "away" "Away for longer than the evaluation can wait";
        Duties "duties" "Has other duties now";
        Silent "silent" "Has not answered";
    }
}

/// A seat that was released: its evaluator scores no more, and a colleague can take it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Release {
    /// The evaluator.
    pub person: PersonId,
    /// Why.
    pub reason: ReleaseReason,
    /// Who released it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
}

/// One step, written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PanelStep {
    /// Its id.
    pub id: i64,
    /// The evaluator's authority.
    pub authority: OrganisationId,
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The evaluator.
    pub person: PersonId,
    /// What.
    pub step: Step,
    /// In words, where there is something to say.
    pub words: String,
    /// When.
    pub at: DateTime,
}

/// One score with its comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The question's code.
    pub question: String,
    /// The score; none while it is not given.
    pub score: Option<u8>,
    /// Why.
    pub comment: String,
}

/// An evaluator's scores of one application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Its id.
    pub id: i64,
    /// Raised by one with every save.
    pub version: i64,
    /// The evaluator's authority.
    pub authority: OrganisationId,
    /// The evaluator.
    pub person: PersonId,
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The scores.
    pub marks: Vec<Mark>,
    /// When it was handed in; from then on it stands.
    pub handed_in: Option<DateTime>,
}

/// Every move of a sheet.
pub const SHEET_MOVES: &[Move] = &[
    Move { from: "new", act: "save", to: "begun", by: "evaluator" },
    Move { from: "begun", act: "save", to: "begun", by: "evaluator" },
    Move { from: "begun", act: "hand_in", to: "handed_in", by: "evaluator" },
    Move { from: "new", act: "hand_in", to: "handed_in", by: "evaluator" },
];

/// Why scores are not kept.
pub use super::opening::OpeningRefused as ScoreRefused;

impl PanelStep {
    /// Declares that there is no conflict of interest, once and before any score; or a conflict, at any time before the outcome
    /// is final: one that is found later is told later.
    pub fn declare(
        id: i64,
        evaluation: &Evaluation,
        person: PersonId,
        (conflict, words): (bool, &str),
        (earlier, moment): (&[Self], Moment),
    ) -> Result<Change<Self>, ScoreRefused> {
        let evaluator = evaluation.evaluator(person)?;
        if conflict {
            evaluation.is_open_to_conflicts()?;
        } else {
            evaluation.is_scored()?;
        }
        not_released(evaluation, person)?;
        if conflict && words.trim().chars().count() < 3 {
            return Err(Invalid::one("conflict_words", "Say what the conflict is, without naming a child").into());
        }
        let said = |step: Step| earlier.iter().any(|one| one.person == person && one.step == step);
        if said(Step::Conflict) || !conflict && said(Step::NoConflict) {
            return Err(Refusal::new(
                "declared_already",
                "A conflict of interest is declared once, and one that is found later is told",
                "You have declared this already.",
                "You, by telling of a conflict that you found since; one that you declared stands",
            )
            .into());
        }
        let step = if conflict { Step::Conflict } else { Step::NoConflict };
        Ok(Self::change(id, evaluation, evaluator, (step, words), moment))
    }

    fn change(
        id: i64,
        evaluation: &Evaluation,
        evaluator: &Evaluator,
        (step, words): (Step, &str),
        moment: Moment,
    ) -> Change<Self> {
        let next = Self {
            id,
            authority: evaluator.authority,
            evaluation: evaluation.id,
            person: evaluator.person,
            step,
            words: words.trim().to_owned(),
            at: moment.local,
        };
        let event = Event::new(&format!("evaluation_step.{}", step.code()), "evaluation_step", id, 1)
            .with("evaluation", evaluation.id);
        Change::to(next, event)
    }
}

/// Whether an evaluator said that they have a conflict.
#[must_use]
pub fn conflicted(steps: &[PanelStep], person: PersonId) -> bool {
    steps.iter().any(|one| one.person == person && one.step == Step::Conflict)
}

fn not_released(evaluation: &Evaluation, person: PersonId) -> Result<(), Refusal> {
    if evaluation.release_of(person).is_none() {
        return Ok(());
    }
    Err(Refusal::new(
        "evaluator_released",
        "An evaluator whose seat was released scores nothing",
        "Your seat on this panel was released.",
        "Commissioning lead of the regional team, who released it",
    ))
}

/// An evaluator whose seat was released, with a conflict, or who has not declared that there is none, scores nothing and reads
/// no document that came with the application.
pub fn may_score(evaluation: &Evaluation, steps: &[PanelStep], person: PersonId) -> Result<(), Refusal> {
    not_released(evaluation, person)?;
    let own = |step: Step| steps.iter().any(|one| one.person == person && one.step == step);
    if conflicted(steps, person) {
        return Err(Refusal::new(
            "evaluator_conflict",
            "An evaluator with a conflict of interest scores nothing",
            "You have declared a conflict of interest in this application.",
            "Commissioning lead of the regional team, by naming another evaluator",
        ));
    }
    if own(Step::NoConflict) {
        return Ok(());
    }
    Err(Refusal::new(
        "conflict_not_declared",
        "Conflicts of interest are declared before the first score",
        "Say first whether you have a conflict of interest in this application.",
        "You, on the page of this evaluation",
    ))
}

impl Sheet {
    /// Saves scores; each on the scale.
    pub fn save(
        id: i64,
        earlier: Option<Self>,
        evaluation: &Evaluation,
        (person, steps): (PersonId, &[PanelStep]),
        marks: Vec<Mark>,
    ) -> Result<Change<Self>, Refusal> {
        let evaluator = evaluation.evaluator(person)?;
        evaluation.is_scored()?;
        may_score(evaluation, steps, person)?;
        if earlier.as_ref().is_some_and(|one| one.handed_in.is_some()) {
            return Err(handed_in_already());
        }
        for mark in &marks {
            if let Some(score) = mark.score {
                evaluation.criteria.on_scale(&mark.question, score)?;
            }
        }
        let (id, version) = earlier.map_or((id, 1), |one| (one.id, one.version + 1));
        let next = Self {
            id,
            version,
            authority: evaluator.authority,
            person,
            evaluation: evaluation.id,
            marks,
            handed_in: None,
        };
        let event = next.event("score_sheet.saved");
        Ok(Change::to(next, event))
    }

    /// Hands it in: every question scored, each score with its comment. From then on it stands.
    pub fn hand_in(
        self,
        step: i64,
        evaluation: &Evaluation,
        moment: Moment,
    ) -> Result<(Change<Self>, Change<PanelStep>), ScoreRefused> {
        let evaluator = evaluation.evaluator(self.person)?.clone();
        if self.handed_in.is_some() {
            return Err(handed_in_already().into());
        }
        let mut invalid = Invalid::default();
        for question in &evaluation.criteria.quality {
            let mark = self.marks.iter().find(|mark| mark.question == question.code);
            if mark.and_then(|mark| mark.score).is_none() {
                invalid.add(&format!("{}_score", question.code), "Give a score");
            }
            if mark.is_none_or(|mark| mark.comment.trim().chars().count() < 3) {
                invalid.add(&format!("{}_comment", question.code), "Say why: the provider reads the panel's reasons");
            }
        }
        invalid.or(())?;
        let next = Self { version: self.version + 1, handed_in: Some(moment.local), ..self };
        let event = next.event("score_sheet.handed_in");
        let known = PanelStep::change(step, evaluation, &evaluator, (Step::HandedIn, ""), moment);
        Ok((Change::to(next, event), known))
    }

    /// The score of a question.
    #[must_use]
    pub fn score(&self, question: &str) -> Option<u8> {
        self.marks.iter().find(|mark| mark.question == question).and_then(|mark| mark.score)
    }

    /// The stored name of where it stands.
    #[must_use]
    pub const fn state(&self) -> &'static str {
        if self.handed_in.is_some() { "handed_in" } else { "begun" }
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "score_sheet", self.id, self.version).with("evaluation", self.evaluation)
    }
}

fn handed_in_already() -> Refusal {
    Refusal::new(
        "scores_handed_in",
        "Scores that were handed in stand; moderation finds the consensus",
        "You have handed in your scores.",
        "The panel, in moderation",
    )
}
