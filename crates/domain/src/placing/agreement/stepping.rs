//! The step-down review of additional support (rule 4.2): it steps down, it stops, or it is approved again. A line whose
//! review is not recorded stops at its end.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::variation::{PriceCause, Variation};
use super::{Added, Agreement};
use crate::calendar::long_date;
use crate::change::Change;
use crate::clock::Moment;
use crate::homes::price::{PriceLine, SupportHours};
use crate::money::Pence;
use crate::outcome::Refusal;
use crate::power::delegation::Power;

coded! {
    /// How a step-down review ends.
    StepDown {
        Down "step_down" "It steps down to fewer hours";
        Stop "stop" "It stops";
        Again "approve_again" "It is approved again after its end";
    }
}

/// What a step-down review decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SupportOutcome {
    /// Fewer hours from a night on, to the same end, with the next review.
    Down {
        /// From which night.
        from: Date,
        /// Hours a week, in quarters of an hour.
        quarter_hours: u16,
        /// The next review.
        review_on: Date,
    },
    /// None from a night on.
    Stop {
        /// From which night.
        from: Date,
    },
    /// The same hours after its end, to another end, with the next review.
    Again {
        /// The day after the last night.
        to: Date,
        /// The next review.
        review_on: Date,
    },
}

impl SupportOutcome {
    /// Its code in words.
    #[must_use]
    pub const fn kind(self) -> StepDown {
        match self {
            Self::Down { .. } => StepDown::Down,
            Self::Stop { .. } => StepDown::Stop,
            Self::Again { .. } => StepDown::Again,
        }
    }
}

/// A step-down review as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportReview {
    /// The line, from 0.
    pub line: usize,
    /// On which day.
    pub on: Date,
    /// How it ended.
    pub outcome: SupportOutcome,
    /// The power it cites.
    pub power: Power,
}

/// A step-down review that nobody has recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SupportDue {
    /// The line, from 0.
    pub line: usize,
    /// When the review was set for.
    pub review_on: Date,
    /// When the support stops by itself.
    pub ends: Date,
}

impl Agreement {
    /// Step-down reviews that nobody has recorded yet, of lines that are still paid; also those that lie ahead.
    #[must_use]
    pub fn support_reviews(&self) -> Vec<SupportDue> {
        if self.state.over() {
            return Vec::new();
        }
        let until = self.nights().1;
        let lines = self.terms.lines.iter().enumerate();
        let open = lines.filter(|(at, line)| {
            line.weekly > Pence::ZERO && !self.added.support_reviews.iter().any(|review| review.line == *at)
        });
        open.filter_map(|(line, paid)| {
            let support = paid.support.as_ref()?;
            let ends = paid.to.min(until);
            (support.review_on < ends).then_some(SupportDue { line, review_on: support.review_on, ends })
        })
        .collect()
    }

    /// Records how the step-down review of a line ended.
    pub fn review_support(
        self,
        line: usize,
        outcome: SupportOutcome,
        power: Power,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        if self.state.over() {
            return Err(self.cannot("have its support reviewed"));
        }
        let mut lines = self.terms.lines.clone();
        let reviewed = self.added.support_reviews.iter().any(|review| review.line == line);
        let found = lines.get_mut(line).filter(|paid| paid.weekly > Pence::ZERO && !reviewed);
        let Some((was, support)) = found.and_then(|paid| Some((paid.clone(), paid.support.clone()?))) else {
            let sentence = "This line is no support whose step-down review is open.";
            return Err(refuse("no_step_down", sentence, format!("line {}", line + 1)));
        };
        let until = self.nights().1;
        let new = match outcome {
            SupportOutcome::Stop { from } => {
                self.cut(&mut lines, line, from, moment)?;
                None
            }
            SupportOutcome::Down { from, quarter_hours, review_on } => {
                if quarter_hours == 0 || quarter_hours >= support.quarter_hours {
                    let value = format!("{} quarters of an hour before", support.quarter_hours);
                    return Err(refuse("not_a_step_down", "A step down has fewer hours than before, and some.", value));
                }
                self.cut(&mut lines, line, from, moment)?;
                let support = SupportHours { quarter_hours, review_on, ..support };
                Some(PriceLine { from, origin: from, weekly: support.weekly(), support: Some(support), ..was.clone() })
            }
            SupportOutcome::Again { to, review_on } => {
                if to > until {
                    let value = format!("until {}, planned end {}", long_date(to), long_date(until));
                    return Err(refuse("outside_the_stay", "Support lies within the planned stay.", value));
                }
                let support = SupportHours { review_on, ..support };
                Some(PriceLine { from: was.to, origin: was.to, to, support: Some(support), ..was.clone() })
            }
        };
        if let Some(new) = &new {
            if new.to <= new.from {
                return Err(refuse("outside_the_stay", "Support ends after it starts.", long_date(new.to)));
            }
            new.check_support()?;
        }
        let variation = Variation {
            on: moment.today(),
            from: new.as_ref().map_or_else(|| lines.get(line).map_or(was.to, |cut| cut.to), |new| new.from),
            what: was.label.clone(),
            was: was.weekly,
            now: new.as_ref().map_or(Pence::ZERO, |new| new.weekly),
            cause: (outcome.kind() != StepDown::Again).then_some(PriceCause::StepDown),
            decided: String::new(),
            power: power.clone(),
        };
        let event = self.varied(&variation).with("step_down", outcome.kind().code()).with("line", line + 1);
        lines.extend(new);
        let review = SupportReview { line, on: moment.today(), outcome, power };
        let mut next = self;
        next.added =
            Added { support_reviews: [next.added.support_reviews.as_slice(), &[review]].concat(), ..next.added };
        Ok(next.with_lines(lines, variation, event))
    }

    /// Cuts a line from a night on, which has not passed while the child lives there.
    fn cut(&self, lines: &mut [PriceLine], line: usize, from: Date, moment: Moment) -> Result<(), Refusal> {
        let past = from < moment.today() && self.state.stay().is_some();
        let Some(paid) = lines.get_mut(line).filter(|paid| !past && paid.from < from && from < paid.to) else {
            let sentence = "Support steps down or stops on a night of its own that has not passed.";
            return Err(refuse("step_down_day", sentence, long_date(from)));
        };
        paid.to = from;
        Ok(())
    }
}

fn refuse(code: &str, sentence: &str, found: String) -> Refusal {
    Refusal::new(
        code,
        "Additional support: an end and a step-down review; it stops at its end unless approved again",
        sentence,
        "The holder of the power, by another day or other hours",
    )
    .found(found)
}
