//! The condition of an admission: what the provider does by a day, and what the regional team records of it once the provider
//! is admitted. Every authority reads it on the record, its provider on its own page.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Evaluation, EvaluationState};
use crate::calendar::long_date;
use crate::change::Change;
use crate::clock::Moment;
use crate::homes::admission::opening::OpeningRefused;
use crate::homes::admission::question::check_text;
use crate::id::PersonId;
use crate::outcome::{Invalid, Refusal};

/// The most characters of a condition.
pub const LONGEST_CONDITION: usize = 1_000;
const WHO: &str = "Commissioning lead of the regional team";

/// What an admission is given under: what the provider does, by when, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What is to be done.
    pub words: String,
    /// The last day by which it is done.
    pub by: Date,
    /// What came of it.
    #[serde(default)]
    pub state: ConditionState,
}

/// What came of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ConditionState {
    /// Nothing is recorded yet.
    #[default]
    Open,
    /// Met, by its day or later.
    Met {
        /// The day on which it was.
        on: Date,
        /// What shows it.
        evidence: String,
        /// Who recorded it.
        by: PersonId,
        /// When.
        at: DateTime,
        /// Why it was not met by its day, where that was recorded before.
        missed: Option<String>,
    },
    /// Its day passed, and it was not met.
    NotMet {
        /// Why.
        reason: String,
        /// Who recorded it.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl ConditionState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Met { .. } => "met",
            Self::NotMet { .. } => "not_met",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::Met { .. } => "Met",
            Self::NotMet { .. } => "Not met",
        }
    }
}

/// What the regional team says of a condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum ConditionSaid {
    /// It was met.
    Met {
        /// On which day.
        on: Date,
        /// What shows it.
        evidence: String,
    },
    /// It was not.
    NotMet {
        /// Why.
        reason: String,
    },
}

impl Condition {
    /// One that is asked for, with nothing recorded of it.
    #[must_use]
    pub fn asked(words: String, by: Date) -> Self {
        Self { words, by, state: ConditionState::Open }
    }

    /// Whether nothing is recorded of it yet.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.state, ConditionState::Open)
    }

    /// Whether its day has passed with nothing recorded.
    #[must_use]
    pub fn overdue(&self, today: Date) -> bool {
        self.is_open() && self.by < today
    }

    /// How it stands once this is said of it. The provider has until the end of its day, and may still meet it later; nothing
    /// was met before the evaluation that asks for it had begun.
    fn after(
        &self,
        said: &ConditionSaid,
        begun: Date,
        (by, moment): (PersonId, Moment),
    ) -> Result<ConditionState, OpeningRefused> {
        let (today, at) = (moment.today(), moment.local);
        match said {
            ConditionSaid::NotMet { reason } => {
                if !self.is_open() {
                    return Err(self.recorded().into());
                }
                if !self.overdue(today) {
                    return Err(self.not_due().into());
                }
                check_text("words", reason, "Say why it was not met: the provider and every authority read it")?;
                Ok(ConditionState::NotMet { reason: reason.trim().to_owned(), by, at })
            }
            ConditionSaid::Met { on, evidence } => {
                let missed = match &self.state {
                    ConditionState::Met { .. } => return Err(self.recorded().into()),
                    ConditionState::NotMet { reason, .. } => Some(reason.clone()),
                    ConditionState::Open => None,
                };
                if *on < begun || today < *on {
                    let (begun, today) = (long_date(begun), long_date(today));
                    let words = format!("Enter a day from {begun}, when the evaluation began, to {today}");
                    return Err(Invalid::one("on", words).into());
                }
                check_text("words", evidence, "Say what shows that it is met: every authority reads it")?;
                Ok(ConditionState::Met { on: *on, evidence: evidence.trim().to_owned(), by, at, missed })
            }
        }
    }

    fn recorded(&self) -> Refusal {
        Refusal::new(
            "condition_recorded",
            "What came of a condition is recorded once; one that was not met can still be met later",
            "What came of this condition is recorded already.",
            "Nobody: the record stands",
        )
        .found(self.state.label())
    }

    fn not_due(&self) -> Refusal {
        Refusal::new(
            "condition_not_due",
            "A provider has until the end of its day to meet a condition",
            "The day of this condition has not passed.",
            "Nobody: the provider was given until then",
        )
        .found(format!("by {}", long_date(self.by)))
    }
}

impl Evaluation {
    /// Under which condition it is going to be recommended, if any.
    pub fn on_condition(self, condition: Option<Condition>, today: Date) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if let Some(one) = &condition {
            if !(3..=LONGEST_CONDITION).contains(&one.words.trim().chars().count()) {
                invalid.add("condition", format!("Say what is to be done, in {LONGEST_CONDITION} characters or fewer"));
            }
            if one.by < today {
                invalid.add("condition_by", "The day by which the condition is met must be today or later");
            }
        }
        invalid.or(Self { condition, ..self })
    }

    /// The condition that the provider is admitted under; none where it does not pass.
    #[must_use]
    pub fn condition_of_admission(&self) -> Option<&Condition> {
        self.condition.as_ref().filter(|_| super::outcome(self).passes())
    }

    /// The condition of an admission that is final: what its provider reads, and what somebody records.
    #[must_use]
    pub fn condition_in_force(&self) -> Option<&Condition> {
        self.condition_of_admission().filter(|_| matches!(self.state, EvaluationState::Admitted { .. }))
    }

    /// Records what came of the condition once the provider is admitted: that it was met, also late, with what shows it; or,
    /// once its day has passed, that it was not, with why.
    pub fn record_condition(
        self,
        said: &ConditionSaid,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, OpeningRefused> {
        let Some(condition) = self.condition_in_force().cloned() else {
            return Err(Refusal::new(
                "no_condition",
                "What came of a condition is recorded of a provider that is admitted under one",
                format!("{} is not admitted under a condition.", self.provider_name),
                WHO,
            )
            .found(self.state.label())
            .into());
        };
        let state = condition.after(said, self.begun.date(), (by, moment))?;
        let (kind, on) = match said {
            ConditionSaid::Met { on, .. } => ("evaluation.condition_met", *on),
            ConditionSaid::NotMet { .. } => ("evaluation.condition_not_met", moment.today()),
        };
        let condition = Some(Condition { state, ..condition });
        let next = Self { version: self.version + 1, condition, ..self };
        let event = next.event(kind).with("on", on);
        Ok(Change::to(next, event))
    }
}
