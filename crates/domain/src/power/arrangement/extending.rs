//! The region's use of the option: a step is proposed, the authorities decide each for itself, the region decides it. Steps
//! follow each other without overlap or gap, and their sum stays within the option.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Arrangement, ExtensionStep, WHO, after};
use crate::calendar::long_date;
use crate::change::Change;
use crate::nights::plus_days;
use crate::outcome::Refusal;

/// A step of the option: from which day, for how many months.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its first day: the day after the term as it stands.
    pub from: Date,
    /// Its length.
    pub months: u16,
}

/// A step that the region has proposed and not decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The step.
    pub step: Step,
    /// Its last day.
    pub until: Date,
    /// When it was proposed.
    pub proposed_on: Date,
    /// Until when the region asks each authority for its decision.
    pub answer_by: Date,
}

impl Arrangement {
    /// The first day of the next step.
    #[must_use]
    pub fn next_step(&self) -> Date {
        plus_days(self.term.current_end(), 1)
    }

    /// The last day up to which an authority can decide for itself: of the term as it stands, or of the step that is
    /// proposed.
    #[must_use]
    pub fn offered_until(&self) -> Date {
        let end = self.term.current_end();
        self.ahead.proposal.map_or(end, |proposal| proposal.until.max(end))
    }

    /// The last day of a step; refused where it overlaps the term as it stands, leaves a gap, or passes the option.
    fn step_until(&self, step: Step) -> Result<Date, Refusal> {
        let (left, end) = (self.term.months_left(), self.term.current_end());
        if step.from <= end {
            return Err(refuse(
                "step_overlaps",
                "Steps of an extension follow each other and never overlap",
                format!(
                    "A step from {} would overlap the term, which runs to {}.",
                    long_date(step.from),
                    long_date(end)
                ),
            )
            .found(format!("the next step begins on {}", long_date(plus_days(end, 1)))));
        }
        if step.from > plus_days(end, 1) {
            return Err(refuse(
                "step_leaves_gap",
                "Steps of an extension follow each other without a gap",
                format!("A step from {} would leave days without a term.", long_date(step.from)),
            )
            .found(format!("the next step begins on {}", long_date(plus_days(end, 1)))));
        }
        if step.months == 0 || step.months > left {
            return Err(refuse(
                "option_exhausted",
                "The option to extend, in steps, up to its whole length",
                format!(
                    "The term cannot be extended by {} months: {left} months of the option are left, and the longest end is \
                     {}.",
                    step.months,
                    long_date(self.term.longest_end())
                ),
            )
            .found(format!("{left} months left")));
        }
        Ok(after(self.term.end, self.term.months_used().saturating_add(step.months)))
    }

    /// Proposes a step to the authorities, who decide each for itself; a later proposal takes an earlier one's place.
    pub fn propose(self, step: Step, proposed_on: Date, answer_by: Date) -> Result<Change<Self>, Refusal> {
        let until = self.step_until(step)?;
        if answer_by < proposed_on || answer_by > self.term.current_end() {
            return Err(refuse(
                "answer_by_outside_term",
                "Authorities answer before the term as it stands is over",
                "The day by which authorities answer lies between today and the end of the term as it stands.",
            )
            .found(long_date(answer_by)));
        }
        let proposal = Proposal { step, until, proposed_on, answer_by };
        let mut next = Self { version: self.version + 1, ..self };
        next.ahead.proposal = Some(proposal);
        let event = next
            .event("arrangement.extension_proposed")
            .with("from", step.from)
            .with("months", step.months)
            .with("until", until)
            .with("answer_by", answer_by);
        Ok(Change::to(next, event))
    }

    /// Takes the proposal back. What authorities decided meanwhile stays in their record and has no effect.
    pub fn withdraw_proposal(self) -> Result<Change<Self>, Refusal> {
        let Some(proposal) = self.ahead.proposal else {
            return Err(refuse("no_proposal", "A proposal is taken back once", "No extension is proposed."));
        };
        let mut next = Self { version: self.version + 1, ..self };
        next.ahead.proposal = None;
        let event = next.event("arrangement.extension_withdrawn").with("until", proposal.until);
        Ok(Change::to(next, event))
    }

    /// Extends the term by a step of the option. The powers of each authority do not follow from it (rule 2.4).
    pub fn extend(self, step: Step, decided_on: Date) -> Result<Change<Self>, Refusal> {
        let end = self.term.current_end();
        self.step_until(step)?;
        if decided_on > end {
            return Err(refuse(
                "term_over",
                "An option to extend is used before the term is over",
                format!("The term ended on {}; an option that was not used by then is gone.", long_date(end)),
            )
            .found(long_date(decided_on)));
        }
        let mut next = Self { version: self.version + 1, ..self };
        next.term.steps.push(ExtensionStep { months: step.months, decided_on });
        next.ahead.proposal = None;
        let event = next
            .event("arrangement.extended")
            .with("from", step.from)
            .with("months", step.months)
            .with("end", next.term.current_end());
        Ok(Change::to(next, event))
    }
}

fn refuse(code: &str, rule: &str, sentence: impl Into<String>) -> Refusal {
    Refusal::new(code, rule, sentence, WHO)
}
