//! What a provider is told: a letter with its own scores and reasons and nobody else's, and its challenge within the
//! standstill.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::criteria::Points;
use super::evaluation::{Evaluation, EvaluationState, Reopened, outcome};
use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{EvaluationId, OpeningId, OrganisationId, PersonId};
use crate::money::Pence;
use crate::outcome::{Invalid, Refusal};

/// One question of the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterScore {
    /// What was asked.
    pub question: String,
    /// Its weight, in percent.
    pub weight: u8,
    /// The consensus.
    pub score: u8,
    /// Why.
    pub reason: String,
}

/// One lot of the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterLot {
    /// The lot's code.
    pub lot: String,
    /// The weekly price tendered.
    pub weekly: Pence,
    /// The price mark.
    pub price: Points,
    /// The total.
    pub total: Points,
    /// Whether it passes.
    pub passes: bool,
    /// Homes admitted, by name and number.
    pub admitted: Vec<String>,
    /// Homes not admitted, with the reason.
    pub refused: Vec<(String, String)>,
}

/// The letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Its id.
    pub id: i64,
    /// The regional team.
    pub region: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// Its name.
    pub provider_name: String,
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The opening.
    pub opening: OpeningId,
    /// Its reference.
    pub opening_reference: String,
    /// When it was issued.
    pub issued: DateTime,
    /// The last day of the standstill.
    pub standstill_until: Date,
    /// Whether the provider is to be admitted.
    pub passes: bool,
    /// Gates: which, passed, what was found or said.
    pub gates: Vec<(String, bool, String)>,
    /// Highest score of a question.
    pub scale: u8,
    /// The mark of a lot that passes.
    pub pass_mark: u8,
    /// The quality mark, where quality was read.
    pub quality: Option<Points>,
    /// The questions.
    pub scores: Vec<LetterScore>,
    /// The lots.
    pub lots: Vec<LetterLot>,
    /// The panel's words.
    pub words: String,
    /// The published formula.
    pub formula: String,
}

impl Letter {
    /// The letter of an evaluation whose standstill has just begun.
    #[must_use]
    pub fn of(id: i64, evaluation: &Evaluation, words: &str) -> Option<Self> {
        let EvaluationState::Standstill { issued, until } = evaluation.state else { return None };
        let found = outcome(evaluation);
        let criteria = &evaluation.criteria;
        let named = |urn: &crate::homes::home::Urn| {
            let home = evaluation.homes.iter().find(|home| home.finding.urn == *urn);
            home.map_or_else(|| urn.to_string(), |home| format!("{} ({urn})", home.finding.name))
        };
        let gates = evaluation.gates.iter().map(|gate| {
            let words = if gate.words.trim().is_empty() { gate.found.clone() } else { gate.words.clone() };
            (gate.gate.label().to_owned(), gate.passed, words)
        });
        let scores = evaluation.consensus.iter().filter_map(|one| {
            let question = criteria.question(&one.question)?;
            Some(LetterScore {
                question: question.text.clone(),
                weight: question.weight,
                score: one.score,
                reason: one.reason.clone(),
            })
        });
        let lots = found.lots.iter().map(|lot| LetterLot {
            lot: lot.lot.clone(),
            weekly: lot.weekly,
            price: lot.price,
            total: lot.total,
            passes: lot.passes,
            admitted: lot.admitted.iter().map(named).collect(),
            refused: lot.refused.iter().map(|(urn, why)| (named(urn), why.clone())).collect(),
        });
        Some(Self {
            id,
            region: evaluation.region,
            provider: evaluation.provider,
            provider_name: evaluation.provider_name.clone(),
            evaluation: evaluation.id,
            opening: evaluation.opening,
            opening_reference: evaluation.opening_reference.clone(),
            issued,
            standstill_until: until,
            passes: found.passes(),
            gates: gates.collect(),
            scale: criteria.scale,
            pass_mark: criteria.pass_mark,
            quality: found.quality,
            scores: scores.collect(),
            lots: lots.collect(),
            words: words.to_owned(),
            formula: criteria.formula(),
        })
    }
}

/// Where a challenge stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ChallengeState {
    /// Made.
    Open,
    /// Answered.
    Answered {
        /// When.
        at: DateTime,
        /// By whom.
        by: PersonId,
        /// Whether it is upheld.
        upheld: bool,
        /// What it opens again, where it is upheld; none in answers from before it was named.
        #[serde(default)]
        reopens: Option<Reopened>,
        /// The answer.
        words: String,
    },
}

impl ChallengeState {
    /// The stored names.
    pub const NAMES: &[&'static str] = &["open", "answered"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered { .. } => "answered",
        }
    }
}

/// A provider's challenge of its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The provider.
    pub provider: OrganisationId,
    /// The regional team.
    pub region: OrganisationId,
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// What is challenged and why.
    pub words: String,
    /// When.
    pub at: DateTime,
    /// Where it stands.
    pub state: ChallengeState,
}

/// Every move of a challenge.
pub const CHALLENGE_MOVES: &[Move] = &[
    Move { from: "new", act: "make", to: "open", by: "provider placements manager" },
    Move { from: "open", act: "answer", to: "answered", by: "commissioning lead, not by a cover alone" },
];

impl Challenge {
    /// Challenges the outcome of a letter within its standstill, once for each letter, and never once it `is_final`: a
    /// challenge that was under way when it became so comes too late.
    pub fn make(
        id: i64,
        (letter, is_final): (&Letter, bool),
        earlier: &[Self],
        words: &str,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        if is_final || moment.today() > letter.standstill_until {
            return Err(Refusal::new(
                "standstill_over",
                "An outcome is challenged within its standstill",
                "The standstill is over, and the outcome is final.",
                "Nobody: apply at the next opening",
            )
            .found(format!("until {}", long_date(letter.standstill_until))));
        }
        if earlier.iter().any(|one| one.evaluation == letter.evaluation && one.at >= letter.issued) {
            return Err(Refusal::new(
                "challenged_already",
                "An outcome is challenged once",
                "You have challenged this outcome; the answer comes here.",
                "Commissioning lead of the regional team, who answers",
            ));
        }
        let next = Self {
            id,
            version: 1,
            provider: letter.provider,
            region: letter.region,
            evaluation: letter.evaluation,
            words: words.trim().to_owned(),
            at: moment.local,
            state: ChallengeState::Open,
        };
        let event =
            Event::new("admission_challenge.made", "admission_challenge", id, 1).with("evaluation", letter.evaluation);
        Ok(Change::to(next, event))
    }

    /// Answers it: upheld, it names what is opened again.
    pub fn answer(
        self,
        reopens: Option<Reopened>,
        words: &str,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        if self.state != ChallengeState::Open {
            return Err(Refusal::new(
                "challenge_answered",
                "A challenge is answered once",
                "This challenge is answered already.",
                "Nobody: the answer stands",
            ));
        }
        let (upheld, words) = (reopens.is_some(), words.trim().to_owned());
        let state = ChallengeState::Answered { at: moment.local, by, upheld, reopens, words };
        let next = Self { version: self.version + 1, state, ..self };
        let event = Event::new("admission_challenge.answered", "admission_challenge", next.id, next.version)
            .with("upheld", u8::from(upheld));
        Ok(Change::to(next, event))
    }
}

/// A doubt of any authority about an evaluation that it relies on, on the record's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Its id.
    pub id: i64,
    /// The authority.
    pub authority: OrganisationId,
    /// Its name.
    pub authority_name: String,
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: DateTime,
    /// What is doubted and why.
    pub words: String,
}

/// The regional team's answer to a doubt, on the record's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtAnswer {
    /// The doubt.
    pub doubt: i64,
    /// The regional team.
    pub region: OrganisationId,
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// Who answers.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// The answer; every authority reads it.
    pub words: String,
}

impl DoubtAnswer {
    /// Answers a doubt, once.
    pub fn give(self, of: &Doubt, earlier: &[Self]) -> Result<Result<Change<Self>, Invalid>, Refusal> {
        if earlier.iter().any(|one| one.doubt == of.id) {
            return Err(Refusal::new(
                "doubt_answered",
                "A doubt is answered once, for every authority to read",
                format!("The doubt of {} is answered already.", of.authority_name),
                "Nobody: the answer stands; an authority that still doubts notes it anew",
            ));
        }
        if let Err(invalid) =
            super::question::check_text("answer", &self.words, "Enter the answer: every authority reads it")
        {
            return Ok(Err(invalid));
        }
        let event =
            Event::new("evaluation_doubt.answered", "evaluation_doubt", of.id, 2).with("evaluation", of.evaluation);
        Ok(Ok(Change::to(self, event)))
    }
}

impl Doubt {
    /// Notes a doubt.
    pub fn note(self) -> Result<Change<Self>, Invalid> {
        super::question::check_text("words", &self.words, "Say what you doubt and why")?;
        let event =
            Event::new("evaluation_doubt.noted", "evaluation_doubt", self.id, 1).with("evaluation", self.evaluation);
        Ok(Change::to(self, event))
    }
}
