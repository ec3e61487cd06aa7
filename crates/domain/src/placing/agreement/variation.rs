//! Variations of an agreement: extra support and changes of price. Each cites limb, post and person (rule 1.2); a line
//! keeps its origin when it is cut (rule 4.1), and extra support stops at its end unless approved again (rule 4.2).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Added, Agreement, AskKind, cite};
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::homes::price::{LineKind, PriceLine};
use crate::money::Pence;
use crate::outcome::Refusal;
use crate::power::delegation::Power;

coded! {
    /// Why a price changes. What was decided before or corrects the past cannot be refused at the ceiling (rule 3.2).
    PriceCause {
        Agreed "agreed" "Agreed with the provider";
        StepDown "step_down" "The support steps down or stops";
        UpliftDecided "uplift_decided" "A rise that was already decided, such as the yearly uplift";
        BackDated "back_dated" "A correction of the past";
    }
}

/// What a change of price is asked to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceChange {
    /// Which line, from 0.
    pub line: usize,
    /// From which night.
    pub from: Date,
    /// The new price of a week; nothing where the line stops.
    pub weekly: Pence,
    /// Why.
    pub cause: PriceCause,
    /// Where a rise was decided before: the reference of what decided it.
    pub decided: String,
    /// Why it is off the schedule of rates; empty where it is on it (rule 4.3).
    pub reason: String,
}

/// One variation as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variation {
    /// On which day.
    pub on: Date,
    /// From which night it holds.
    pub from: Date,
    /// The line, in the agreement's words.
    pub what: String,
    /// The line's price of a week before.
    pub was: Pence,
    /// And after.
    pub now: Pence,
    /// Why, for a change of price; none for extra support.
    pub cause: Option<PriceCause>,
    /// Where a rise was decided before: the reference of what decided it; else empty.
    #[serde(default)]
    pub decided: String,
    /// The power it cites.
    pub power: Power,
}

impl Agreement {
    /// Agrees extra support: hours, an end and a step-down review, within the stay.
    pub fn add_support(self, line: PriceLine, power: Power, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.may_vary("have support added")?;
        line.check_support()?;
        let (from, to) = self.nights();
        if line.kind != LineKind::AdditionalSupport || line.from < from || line.to > to {
            return Err(self.outside_the_stay(line.from, line.to));
        }
        let variation = Variation {
            on: moment.today(),
            from: line.from,
            what: line.label.clone(),
            was: Pence::ZERO,
            now: line.weekly,
            cause: None,
            decided: String::new(),
            power,
        };
        let mut lines = self.terms.lines.clone();
        let event = self.varied(&variation).with("until", line.to);
        lines.push(line);
        Ok(self.with_lines(lines, variation, event))
    }

    /// Changes a line's price from a night on. A night that has passed only as a correction of the past.
    pub fn change_price(self, change: PriceChange, power: Power, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.may_vary("have its price changed")?;
        let mut lines = self.terms.lines.clone();
        let Some(line) = lines.get_mut(change.line) else {
            return Err(refuse("no_line", "The agreement has no such line.", format!("line {}", change.line + 1)));
        };
        let was = line.clone();
        let (_, until) = self.nights();
        if change.from < was.from || change.from >= was.to || change.from >= until {
            return Err(self.outside_the_stay(change.from, until));
        }
        if change.from < moment.today() && change.cause != PriceCause::BackDated && self.state.stay().is_some() {
            let sentence =
                "A price changes from today on. For nights that have passed, choose a correction of the past.";
            return Err(refuse("price_in_the_past", sentence, long_date(change.from)));
        }
        check_cause(&change, moment.today())?;
        if change.weekly == was.weekly || change.weekly < Pence::ZERO {
            return Err(refuse("same_price", "Enter another price than the present one.", was.weekly.to_string()));
        }
        let stops = change.weekly == Pence::ZERO;
        if stops && was.kind == LineKind::Core || was.support.is_some() && !stops {
            let sentence = "A core price cannot stop while the child stays, and support changes by its hours: stop it and add it anew.";
            return Err(refuse("line_cannot_change_so", sentence, was.kind.label().to_owned()));
        }
        let reason = if change.reason.is_empty() { was.reason.clone() } else { change.reason.clone() };
        if change.from == was.from && !stops {
            line.weekly = change.weekly;
            line.reason = reason;
        } else if change.from > was.from {
            line.to = change.from;
            if !stops {
                lines.push(PriceLine { from: change.from, weekly: change.weekly, reason, ..was.clone() });
            }
        } else {
            line.weekly = Pence::ZERO;
        }
        let variation = Variation {
            on: moment.today(),
            from: change.from,
            what: was.label,
            was: was.weekly,
            now: change.weekly,
            cause: Some(change.cause),
            decided: change.decided,
            power,
        };
        let event = self.varied(&variation).with("cause", change.cause.code()).with("decided", &variation.decided);
        let added = self.accepted(AskKind::Price, moment);
        Ok(Self { added, ..self }.with_lines(lines, variation, event))
    }

    pub(super) fn may_vary(&self, act: &str) -> Result<(), Refusal> {
        if self.state.over() { Err(self.cannot(act)) } else { Ok(()) }
    }

    fn outside_the_stay(&self, from: Date, to: Date) -> Refusal {
        let (first, last) = self.nights();
        let days = |from, to| format!("{} to {}", long_date(from), long_date(to));
        let found = format!("{}; the stay is {}", days(from, to), days(first, last));
        refuse("outside_the_stay", "A variation lies within the line and the planned stay.", found)
    }

    pub(super) fn varied(&self, variation: &Variation) -> Event {
        let event = cite(self.event("agreement.varied"), Some(&variation.power));
        event
            .with("from", variation.from)
            .with("was_pence", variation.was.0)
            .with("weekly_pence", variation.now.0)
            .with("act", variation.power.act.code())
    }

    pub(super) fn with_lines(self, lines: Vec<PriceLine>, variation: Variation, event: Event) -> Change<Self> {
        let mut added: Added = self.added.clone();
        added.variations.push(variation);
        let terms = super::AgreementTerms { lines, ..self.terms.clone() };
        self.anew(event, |next| Self { terms, added, ..next })
    }
}

/// A rise that was decided before names what decided it, and a correction begins in the past: else either would be a way
/// round the ceiling (rule 3.2).
fn check_cause(change: &PriceChange, today: Date) -> Result<(), Refusal> {
    match change.cause {
        PriceCause::UpliftDecided if change.decided.trim().is_empty() => {
            let sentence = "A rise that was decided before names what decided it: a decision, a minute or a letter.";
            Err(refuse("uplift_without_reference", sentence, change.cause.label().to_owned()))
        }
        PriceCause::BackDated if change.from >= today => {
            let sentence = "A correction of the past begins before today. Choose another reason for nights ahead.";
            Err(refuse("correction_of_the_future", sentence, long_date(change.from)))
        }
        PriceCause::Agreed | PriceCause::StepDown | PriceCause::UpliftDecided | PriceCause::BackDated => Ok(()),
    }
}

fn refuse(code: &str, sentence: &str, found: String) -> Refusal {
    Refusal::new(
        code,
        "A variation cites limb, post and person, and changes only nights of the stay",
        sentence,
        "The holder of the power, by another day or price",
    )
    .found(found)
}
