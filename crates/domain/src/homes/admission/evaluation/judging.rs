//! The gates: what the answers show, what the register shows of each home, and how the regional team judges it.

use serde::{Deserialize, Serialize};

use super::super::selection::Cover;
use super::{Date, Evaluation, EvaluationState, Gate, GateFinding, Invalid, Moment, PersonId, Urn};
use crate::change::Change;
use crate::homes::home::{Grade, Home};
use crate::outcome::Refusal;

/// A gate of the provider as judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateJudged {
    /// The gate.
    pub gate: Gate,
    /// Whether it is passed.
    pub passed: bool,
    /// What the answers showed.
    pub found: String,
    /// The last day on which the evidence holds, where it has one.
    pub until: Option<Date>,
    /// The cover of each insurance that it rests on; none for another gate, and in records from before it was kept.
    #[serde(default)]
    pub cover: Vec<Cover>,
    /// What the judge added.
    pub words: String,
    /// On which day.
    pub on: Date,
}

/// What is known of a home that is applied for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeFinding {
    /// The home.
    pub urn: Urn,
    /// Its name.
    pub name: String,
    /// The lot.
    pub lot: String,
    /// Whether it may be admitted by what the register and its statement of purpose show.
    pub met: bool,
    /// What was found.
    pub found: String,
}

impl HomeFinding {
    /// What is known of a home of this provider on this lot.
    #[must_use]
    pub fn of(home: &Home, grade: Grade, lot: &str) -> Self {
        let registered = home.may_admit().is_ok();
        let purpose = home.purpose_as_of.is_some();
        let graded = grade != Grade::Inadequate;
        let purpose_words = home.purpose_as_of.map_or("no statement of purpose".to_owned(), |on| {
            format!("statement of purpose of {}", crate::calendar::long_date(on))
        });
        let found = format!("{}; {}; {purpose_words}", home.state.label(), grade.label());
        Self {
            urn: home.urn.clone(),
            name: home.name.clone(),
            lot: lot.to_owned(),
            met: registered && purpose && graded,
            found,
        }
    }
}

/// A home on a lot as judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeJudged {
    /// What was known.
    pub finding: HomeFinding,
    /// Whether it passes.
    pub passed: bool,
    /// Why not, or what was added.
    pub words: String,
}

impl Evaluation {
    /// What the standstill changed, as it is found when the outcome is made final: a home that passed and meets no longer is
    /// left out with the reason, and the others go on. The homes that were left out come beside it.
    #[must_use]
    pub fn looked_at_again(self, now: &[HomeFinding]) -> (Self, Vec<HomeJudged>) {
        let mut left_out = Vec::new();
        let homes = self.homes.iter().map(|home| {
            let same = |one: &&HomeFinding| one.urn == home.finding.urn && one.lot == home.finding.lot;
            let Some(fails) = now.iter().find(same).filter(|one| home.passed && !one.met) else { return home.clone() };
            let words = format!("Since the letter went out it meets the gates no longer: {}.", fails.found);
            let gone = HomeJudged { finding: fails.clone(), passed: false, words };
            left_out.push(gone.clone());
            gone
        });
        let homes = homes.collect();
        (Self { homes, ..self }, left_out)
    }
}

/// What the judge says of one gate or one home.
pub type Verdict = (bool, String);

impl Evaluation {
    /// Judges the gates. What the answers or the register fail cannot be passed; a failed gate ends the evaluation of the
    /// provider before quality is read, a failed home only its own.
    pub fn judge(
        self,
        (gates, homes): (Vec<GateFinding>, Vec<HomeFinding>),
        verdict_of: impl Fn(&str) -> Verdict,
        (by, moment): (PersonId, Moment),
    ) -> Result<Change<Self>, super::super::opening::OpeningRefused> {
        if self.state != EvaluationState::Gates {
            return Err(self.cannot("have its gates judged").into());
        }
        let mut invalid = Invalid::default();
        let mut judged = Vec::new();
        for finding in gates {
            let (passed, words) = verdict_of(finding.gate.code());
            if passed && !finding.met {
                return Err(fails_already(finding.gate.label(), &finding.found).into());
            }
            if !passed && words.trim().is_empty() {
                invalid.add(
                    &format!("{}_words", finding.gate.code()),
                    "Say why the gate is failed: the provider reads it",
                );
            }
            let (gate, found, until, on) = (finding.gate, finding.found, finding.until, moment.today());
            judged.push(GateJudged { gate, passed, found, until, cover: finding.cover, words, on });
        }
        let seen = judged_homes(homes, verdict_of, &mut invalid)?;
        invalid.or(())?;
        let through = judged.iter().all(|gate| gate.passed);
        let state = if through {
            EvaluationState::Scoring
        } else {
            let words = "A gate is failed, so that quality and price were not read.".to_owned();
            EvaluationState::Recommended { at: moment.local, by, words }
        };
        let next = Self { version: self.version + 1, gates: judged, homes: seen, state, ..self };
        let event = next.event("evaluation.gates_judged").with("passed", u8::from(through));
        Ok(Change::to(next, event))
    }

    /// Judges the homes anew, after a challenge about them was upheld: what the register fails still cannot be passed.
    pub fn judge_homes(
        self,
        homes: Vec<HomeFinding>,
        verdict_of: impl Fn(&str) -> Verdict,
    ) -> Result<Change<Self>, super::super::opening::OpeningRefused> {
        if !self.judges_homes() {
            return Err(self.cannot("have its homes judged anew").into());
        }
        let mut invalid = Invalid::default();
        let homes = judged_homes(homes, verdict_of, &mut invalid)?;
        invalid.or(())?;
        let passed = homes.iter().filter(|home| home.passed).count();
        let next = Self { version: self.version + 1, homes, ..self };
        let event = next.event("evaluation.homes_judged").with("passed", passed);
        Ok(Change::to(next, event))
    }
}

/// What is said of each home on each lot; what is missing is added to the form's errors.
fn judged_homes(
    homes: Vec<HomeFinding>,
    verdict_of: impl Fn(&str) -> Verdict,
    invalid: &mut Invalid,
) -> Result<Vec<HomeJudged>, Refusal> {
    let mut seen = Vec::new();
    for finding in homes {
        let code = format!("{}_{}", finding.urn, finding.lot);
        let (passed, words) = verdict_of(&code);
        if passed && !finding.met {
            return Err(fails_already(&finding.name, &finding.found));
        }
        if !passed && words.trim().is_empty() {
            invalid.add(&format!("{code}_words"), "Say why the home is not added: the provider reads it");
        }
        seen.push(HomeJudged { finding, passed, words });
    }
    Ok(seen)
}

fn fails_already(what: &str, found: &str) -> Refusal {
    Refusal::new(
        "gate_failed_by_evidence",
        "What the answers or the register fail cannot be passed by hand",
        format!("{what} cannot be passed: the evidence fails it."),
        "The provider, by applying anew with evidence that holds",
    )
    .found(found)
}
