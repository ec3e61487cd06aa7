//! The evaluation of one application by evaluators of several authorities: gates first, blind scores, moderation to a
//! consensus with the spread shown, price by the published formula, recommendation, standstill, admission.
//!
//! Two levels: the provider passes or fails, and so does each of its homes on each lot.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::application::{Application, LotApplied};
use super::criteria::{Criteria, Points};
use super::opening::{Opening, OpeningPhase};
use super::score::{Evaluator, PanelStep, Release, Sheet, Step};
use super::selection::{Gate, GateFinding};
use super::standstill;
use crate::calendar::{long_date, long_moment};
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::homes::home::Urn;
use crate::id::{ApplicationId, ArrangementId, EvaluationId, OpeningId, OrganisationId, PersonId};
use crate::outcome::{Invalid, Refusal};

mod condition;
mod judging;
mod moderating;
mod panel;
mod reopening;
mod result;

pub use condition::{Condition, ConditionSaid, ConditionState, LONGEST_CONDITION};
pub use judging::{GateJudged, HomeFinding, HomeJudged};
pub use moderating::{Consensus, Spread};
pub use reopening::Reopened;
pub use result::{LotResult, Outcome, outcome};

/// The fewest evaluators whose scores make a consensus.
pub const FEWEST: usize = 2;

/// Where an evaluation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EvaluationState {
    /// The gates are to be judged.
    Gates,
    /// The evaluators score, each for themself.
    Scoring,
    /// The panel reads all scores and finds the consensus.
    Moderating,
    /// Recommended, or not.
    Recommended {
        /// When.
        at: DateTime,
        /// By whom.
        by: PersonId,
        /// Why.
        words: String,
    },
    /// The letters are out; until this day it can be challenged.
    Standstill {
        /// When the letters went out.
        issued: DateTime,
        /// The last day of the standstill.
        until: Date,
    },
    /// Admitted.
    Admitted {
        /// The first day.
        from: Date,
        /// The day after the last on which the evaluation holds.
        until: Date,
    },
    /// Not admitted.
    NotAdmitted {
        /// From which day it is final.
        on: Date,
    },
}

impl EvaluationState {
    /// The stored names.
    pub const NAMES: &[&'static str] =
        &["gates", "scoring", "moderating", "recommended", "standstill", "admitted", "not_admitted"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Gates => "gates",
            Self::Scoring => "scoring",
            Self::Moderating => "moderating",
            Self::Recommended { .. } => "recommended",
            Self::Standstill { .. } => "standstill",
            Self::Admitted { .. } => "admitted",
            Self::NotAdmitted { .. } => "not_admitted",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Gates => "Gates to judge",
            Self::Scoring => "Being scored",
            Self::Moderating => "In moderation",
            Self::Recommended { .. } => "Recommended",
            Self::Standstill { .. } => "Standstill",
            Self::Admitted { .. } => "Admitted",
            Self::NotAdmitted { .. } => "Not admitted",
        }
    }
}

/// The evaluation of an application: the one record that every authority relies on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Its id.
    pub id: EvaluationId,
    /// Raised by one with every move.
    pub version: i64,
    /// The regional team.
    pub region: OrganisationId,
    /// The arrangement.
    pub arrangement: ArrangementId,
    /// The opening.
    pub opening: OpeningId,
    /// Its reference.
    pub opening_reference: String,
    /// The application.
    pub application: ApplicationId,
    /// The provider.
    pub provider: OrganisationId,
    /// Its name.
    pub provider_name: String,
    /// The criteria as they were published.
    pub criteria: Criteria,
    /// What was applied for.
    pub lots: Vec<LotApplied>,
    /// Who scores.
    pub panel: Vec<Evaluator>,
    /// The provider's gates as judged.
    pub gates: Vec<GateJudged>,
    /// The homes as judged, lot by lot.
    pub homes: Vec<HomeJudged>,
    /// The consensus; what a reopened evaluation keeps of it stands.
    pub consensus: Vec<Consensus>,
    /// What the admission is recommended under, and what came of it; none where it is under nothing.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// The seats that were released.
    #[serde(default)]
    pub released: Vec<Release>,
    /// The evaluators whose opened sheets count no more, since they told of a conflict later.
    #[serde(default)]
    pub struck: Vec<PersonId>,
    /// When it was begun.
    pub begun: DateTime,
    /// Where it stands.
    pub state: EvaluationState,
}

/// Every move of an evaluation.
pub const EVALUATION_MOVES: &[Move] = &[
    Move { from: "new", act: "begin", to: "gates", by: "commissioning lead" },
    Move { from: "gates", act: "judge", to: "scoring", by: "commissioning lead" },
    Move { from: "gates", act: "judge_failed", to: "recommended", by: "commissioning lead" },
    Move { from: "gates", act: "name_evaluator", to: "gates", by: "commissioning lead" },
    Move { from: "scoring", act: "name_evaluator", to: "scoring", by: "commissioning lead" },
    Move { from: "gates", act: "release", to: "gates", by: "commissioning lead" },
    Move { from: "scoring", act: "release", to: "scoring", by: "commissioning lead" },
    Move { from: "scoring", act: "open_moderation", to: "moderating", by: "commissioning lead" },
    Move { from: "moderating", act: "recommend", to: "recommended", by: "commissioning lead" },
    Move { from: "recommended", act: "issue", to: "standstill", by: "commissioning lead" },
    Move {
        from: "standstill",
        act: "reopen_gates",
        to: "gates",
        by: "commissioning lead, on a challenge, not by a cover alone",
    },
    Move {
        from: "standstill",
        act: "reopen_homes",
        to: "moderating",
        by: "commissioning lead, on a challenge, not by a cover alone",
    },
    Move {
        from: "standstill",
        act: "reopen_scores",
        to: "moderating",
        by: "commissioning lead, on a challenge, not by a cover alone",
    },
    Move { from: "moderating", act: "judge_homes", to: "moderating", by: "commissioning lead" },
    Move { from: "moderating", act: "strike", to: "moderating", by: "evaluator, by telling of a conflict" },
    Move { from: "recommended", act: "strike", to: "moderating", by: "evaluator, by telling of a conflict" },
    Move { from: "standstill", act: "strike", to: "moderating", by: "evaluator, by telling of a conflict" },
    Move { from: "moderating", act: "strike", to: "scoring", by: "the same, where too few are left" },
    Move { from: "recommended", act: "strike", to: "scoring", by: "the same, where too few are left" },
    Move { from: "standstill", act: "strike", to: "scoring", by: "the same, where too few are left" },
    Move { from: "standstill", act: "confirm", to: "admitted", by: "commissioning lead, not by a cover alone" },
    Move { from: "standstill", act: "confirm", to: "not_admitted", by: "commissioning lead, not by a cover alone" },
    Move { from: "admitted", act: "record_condition", to: "admitted", by: "commissioning lead" },
];

/// Applications are read once the deadline has passed, and none where the opening was called off.
fn opened_together(opening: &Opening, moment: Moment) -> Result<(), Refusal> {
    match opening.phase(moment) {
        OpeningPhase::Closed => Ok(()),
        OpeningPhase::Cancelled => Err(Refusal::new(
            "opening_cancelled",
            "Nobody is admitted by an opening that was called off",
            format!("{} was called off: its applications are not evaluated.", opening.reference),
            "Nobody: providers apply at the next opening",
        )),
        OpeningPhase::Draft | OpeningPhase::Coming | OpeningPhase::Open => Err(Refusal::new(
            "opening_still_open",
            "Applications are opened after the deadline, all together",
            "Applications are read when the deadline has passed.",
            "Nobody: the deadline was published",
        )
        .found(format!("until {}", long_moment(opening.plan.closes)))),
    }
}

impl Evaluation {
    /// Begins the evaluation of an application that came in time, with evaluators of several authorities.
    pub fn begin(
        id: EvaluationId,
        opening: &Opening,
        application: &Application,
        panel: Vec<Evaluator>,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        opened_together(opening, moment)?;
        if !application.counts() {
            return Err(Refusal::new(
                "application_late",
                "Only applications that came in time are evaluated; late ones are kept apart",
                format!("The application of {} was late or was taken back.", application.provider_name),
                "The provider, by applying at the next opening",
            )
            .found(format!("sent on {}", long_moment(application.sent))));
        }
        panel::several(&panel)?;
        let next = Self::of(id, opening, application, panel, moment.local);
        let event = next.event("evaluation.begun").with("opening", &opening.reference);
        Ok(Change::to(next, event))
    }

    /// The record of an application before anything is judged.
    #[must_use]
    pub fn of(
        id: EvaluationId,
        opening: &Opening,
        application: &Application,
        panel: Vec<Evaluator>,
        begun: DateTime,
    ) -> Self {
        Self {
            id,
            version: 1,
            region: opening.region,
            arrangement: opening.arrangement,
            opening: opening.id,
            opening_reference: opening.reference.clone(),
            application: application.id,
            provider: application.provider,
            provider_name: application.provider_name.clone(),
            criteria: opening.plan.criteria.clone(),
            lots: application.answers.lots.clone(),
            panel,
            gates: Vec::new(),
            homes: Vec::new(),
            consensus: Vec::new(),
            condition: None,
            released: Vec::new(),
            struck: Vec::new(),
            begun,
            state: EvaluationState::Gates,
        }
    }

    /// The letters go out, and the standstill begins.
    pub fn issue(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, EvaluationState::Recommended { .. }) {
            return Err(self.cannot("be told to the provider"));
        }
        let until = standstill::ends(moment.today(), self.criteria.standstill_days);
        let state = EvaluationState::Standstill { issued: moment.local, until };
        let next = Self { version: self.version + 1, state, ..self };
        let event = next.event("evaluation.issued").with("until", until);
        Ok(Change::to(next, event))
    }

    /// The standstill is over and no challenge waits: the outcome is final, and what passed is admitted from today.
    pub fn confirm(self, open_challenges: usize, moment: Moment) -> Result<Change<Self>, Refusal> {
        let EvaluationState::Standstill { until, .. } = self.state else { return Err(self.cannot("be confirmed")) };
        let today = moment.today();
        if today <= until {
            return Err(Refusal::new(
                "standstill",
                "Nobody is admitted before the standstill is over",
                "The standstill is not over.",
                "Nobody: it gives the provider time to challenge",
            )
            .found(format!("until {}", long_date(until))));
        }
        if open_challenges > 0 {
            return Err(Refusal::new(
                "challenge_open",
                "A challenge is answered before the outcome is final",
                "A challenge of the provider waits for its answer.",
                "Commissioning lead of the regional team, by answering it",
            )
            .found(format!("{open_challenges} open")));
        }
        let passes = outcome(&self).passes();
        let state = if passes {
            let months = jiff::Span::new().months(i64::from(self.criteria.validity_months));
            EvaluationState::Admitted { from: today, until: today.saturating_add(months) }
        } else {
            EvaluationState::NotAdmitted { on: today }
        };
        let next = Self { version: self.version + 1, state, ..self };
        let kind = if passes { "evaluation.admitted" } else { "evaluation.not_admitted" };
        let event = next.event(kind).with("on", today);
        Ok(Change::to(next, event))
    }

    /// The evaluator of this panel; refused for anybody else.
    pub fn evaluator(&self, person: PersonId) -> Result<&Evaluator, Refusal> {
        self.panel.iter().find(|one| one.person == person).ok_or_else(|| {
            Refusal::new(
                "not_an_evaluator",
                "Only the named evaluators score",
                "You are not an evaluator of this application.",
                "Commissioning lead of the regional team, by naming you",
            )
        })
    }

    /// Refused where scores are not taken now.
    pub fn is_scored(&self) -> Result<(), Refusal> {
        if self.state == EvaluationState::Scoring { Ok(()) } else { Err(self.cannot("be scored")) }
    }

    /// Refused once the outcome is final: until then a conflict can be told.
    pub fn is_open_to_conflicts(&self) -> Result<(), Refusal> {
        match self.state {
            EvaluationState::Admitted { .. } | EvaluationState::NotAdmitted { .. } => {
                Err(self.cannot("be told of a conflict any more"))
            }
            EvaluationState::Gates
            | EvaluationState::Scoring
            | EvaluationState::Moderating
            | EvaluationState::Recommended { .. }
            | EvaluationState::Standstill { .. } => Ok(()),
        }
    }

    /// Whether every authority may rely on it on a day: admitted, and in date.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        matches!(self.state, EvaluationState::Admitted { from, until } if from <= day && day < until)
    }

    /// Whether the scores of the evaluators are open to the panel.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, EvaluationState::Gates | EvaluationState::Scoring)
    }

    fn cannot(&self, act: &str) -> Refusal {
        Refusal::new(
            "evaluation_state",
            "Gates, scores, moderation, recommendation, standstill and outcome follow each other",
            format!("The evaluation of {} cannot {act} as it stands.", self.provider_name),
            "Commissioning lead of the regional team, by the step that comes first",
        )
        .found(self.state.label())
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "evaluation", self.id.0, self.version)
    }
}

#[cfg(test)]
pub(crate) mod tests;
