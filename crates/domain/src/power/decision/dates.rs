//! The dates of a published decision: its call-in window, the day from which it holds, and the arithmetic in words.
//! Recorded dates win over computed ones, and the difference is shown (rule 2.1).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::notice::Notice;
use super::page::{GoverningBody, WithoutCallIn};
use super::{Decision, DecisionState};
use crate::calendar::long_date;
use crate::calendar::{CallIn, WorkingDays, call_in, clear_days_before};
use crate::nights::plus_days;

/// An authority's call-in rule in force on a date: a setting, with its own closure days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallInRule {
    /// Working days after publication until the window closes (Herefordshire: 4).
    pub working_days: u32,
    /// Working days as the authority counts them.
    pub calendar: WorkingDays,
}

/// A date of effect that was recorded, printed or known otherwise than by the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEffect {
    /// The date.
    pub on: Date,
    /// Why it differs from the computed one, where it does.
    pub reason: Option<String>,
}

/// A publication and what follows from it. The window is kept as it was on that day: a past calculation never reads
/// today's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// The day on which the decision was taken.
    pub decided_on: Date,
    /// The day on which it was published.
    pub published_on: Date,
    /// The computed window; none where call-in does not apply.
    pub window: Option<CallIn>,
    /// The number of working days by which it was computed.
    pub working_days: u32,
    /// Why there is no window.
    pub without: Option<WithoutCallIn>,
    /// The effective date that the page prints or that was recorded with a reason.
    pub recorded_effective: Option<Date>,
    /// Why the recorded date differs from the computed one.
    #[serde(default)]
    pub recorded_reason: Option<String>,
    /// The notice that had been given of it.
    #[serde(default)]
    pub notice: Option<Notice>,
}

impl Publication {
    /// A publication under a call-in rule. A trust's board has no call-in (rule 2.2).
    #[must_use]
    pub fn of(
        (decided_on, published_on): (Date, Date),
        body: GoverningBody,
        without: Option<WithoutCallIn>,
        recorded_effective: Option<Date>,
        rule: &CallInRule,
    ) -> Self {
        let without = match body {
            GoverningBody::TrustBoard => Some(WithoutCallIn::Exempt),
            GoverningBody::CouncilExecutive => without,
        };
        let window = without.is_none().then(|| call_in(published_on, rule.working_days, &rule.calendar));
        Self {
            decided_on,
            published_on,
            window,
            working_days: rule.working_days,
            without,
            recorded_effective,
            recorded_reason: None,
            notice: None,
        }
    }

    /// The first day on which it would hold by the rule: the day after the window closes, at once without a window.
    #[must_use]
    pub fn computed_effective(&self) -> Date {
        self.window.map_or(self.decided_on, |window| window.effective)
    }

    /// The first day on which it holds: the recorded date wins.
    #[must_use]
    pub fn effective_on(&self) -> Date {
        self.recorded_effective.unwrap_or_else(|| self.computed_effective())
    }

    /// The last day on which it may be called in: that of the computed window, whatever date of effect was recorded.
    #[must_use]
    pub fn closes(&self) -> Date {
        self.window.map_or(self.published_on, |window| window.closes)
    }

    /// Whether it may be called in on a day.
    #[must_use]
    pub fn open_to_call_in(&self, day: Date) -> bool {
        self.window.is_some() && self.published_on <= day && day <= self.closes()
    }

    /// The date line as it reads on a day, as if nothing had happened since: for working dates out. A record's own line
    /// is [`Decision::date_line`].
    #[must_use]
    pub fn line(&self, today: Date) -> DateLine {
        let effective = format!("Effective from {}.", long_date(self.effective_on()));
        self.line_with(&format!("{} {effective}", self.window_words(today)), Vec::new())
    }

    /// How call-in stands on a day: open, over, or none.
    fn window_words(&self, today: Date) -> String {
        match (self.window, self.without) {
            (Some(_), _) if today > self.closes() => {
                format!("Call-in closed at the end of {}.", long_date(self.closes()))
            }
            (Some(_), _) => format!("Call-in closes at the end of {}.", long_date(self.closes())),
            (None, Some(why)) => format!("{}.", why.label()),
            (None, None) => String::new(),
        }
    }

    /// The line: when it was taken and published, then what followed; the rule; and the differences.
    fn line_with(&self, followed: &str, mut differs: Vec<String>) -> DateLine {
        let first = if self.decided_on == self.published_on {
            format!("Decided and published {}.", long_date(self.decided_on))
        } else {
            format!("Decided {}. Published {}.", long_date(self.decided_on), long_date(self.published_on))
        };
        let first = self.notice.as_ref().map_or(first.clone(), |notice| format!("{} {first}", notice.sentence()));
        let computed = self.computed_effective();
        if let Some(recorded) = self.recorded_effective.filter(|recorded| *recorded != computed) {
            let why = self.recorded_reason.as_ref().map_or_else(String::new, |why| format!(" The reason: {why}"));
            differs.insert(
                0,
                format!(
                    "The recorded date of effect is {}; the rule of {} working days gives {}. The recorded date holds.{why}",
                    long_date(recorded),
                    self.working_days,
                    long_date(computed)
                ),
            );
        }
        DateLine {
            sentence: format!("{first} {}", followed.trim()),
            rule: self.window.map(|window| {
                format!(
                    "Call-in closes at the end of working day {} after publication, {}; the next calendar day is {}.",
                    self.working_days,
                    long_date(window.closes),
                    long_date(window.effective)
                )
            }),
            differs,
        }
    }
}

impl Decision {
    /// The dates of the record in words, as they read on a day: the past in the past tense, a call-in with what came of
    /// it, and every difference between recorded, printed and reckoned dates (rule 2.1). None before publication.
    #[must_use]
    pub fn date_line(&self, today: Date) -> Option<DateLine> {
        let publication = self.state.publication()?;
        let followed = match &self.state {
            DecisionState::Draft | DecisionState::NoticePublished { .. } | DecisionState::Decided { .. } => {
                return None;
            }
            DecisionState::Published { .. } => {
                return Some(publication.line_with(
                    &format!(
                        "{} Effective from {}.",
                        publication.window_words(today),
                        long_date(publication.effective_on())
                    ),
                    self.printed_otherwise(publication),
                ));
            }
            DecisionState::CalledIn { request, .. } => {
                format!("Called in on {}. Without effect until the decision maker confirms it.", long_date(request.on))
            }
            DecisionState::Returned { request, outcome, on, .. } => format!(
                "Called in on {}. {} on {}. Without effect until the decision maker confirms it.",
                long_date(request.on),
                outcome.label(),
                long_date(*on)
            ),
            DecisionState::Confirmed { on, call_in, .. } => {
                let before = call_in.as_ref().map_or_else(String::new, |closed| {
                    format!(
                        "Called in on {}. {} on {}. ",
                        long_date(closed.request.on),
                        closed.outcome.label(),
                        long_date(closed.on)
                    )
                });
                format!("{before}Confirmed on {}. Effective from that day.", long_date(*on))
            }
            DecisionState::Rescinded { on, .. } => format!("Rescinded on {}.", long_date(*on)),
            DecisionState::Superseded { effective_on, on, .. } if today >= *on => format!(
                "Effective from {} to {}; a later decision replaced it.",
                long_date(*effective_on),
                long_date(plus_days(*on, -1))
            ),
            DecisionState::Superseded { effective_on, .. } => {
                format!("Effective from {}.", long_date(*effective_on))
            }
        };
        Some(publication.line_with(&followed, self.printed_otherwise(publication)))
    }

    /// Dates that the page prints and the record holds otherwise.
    fn printed_otherwise(&self, publication: &Publication) -> Vec<String> {
        let page = &self.page;
        let effective = self.effective_on().unwrap_or_else(|| publication.effective_on());
        [
            ("publication", page.published_on, publication.published_on),
            ("the decision", page.decided_on, publication.decided_on),
            ("effect", page.effective_from, effective),
        ]
        .into_iter()
        .filter_map(|(what, printed, held)| {
            let printed = printed.filter(|printed| *printed != held)?;
            Some(format!(
                "The page prints {} as the date of {what}; the record holds {}.",
                long_date(printed),
                long_date(held)
            ))
        })
        .collect()
    }
}

/// The dates of a decision in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateLine {
    /// Decided, published, call-in, effective.
    pub sentence: String,
    /// The rule that gave the computed date, with its arithmetic.
    pub rule: Option<String>,
    /// How recorded, printed and computed dates differ, a sentence each.
    pub differs: Vec<String>,
}

/// The last days for each step of a decision that has to hold on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timetable {
    /// The last day to publish the 28 days' notice; none for a trust's board.
    pub notice_by: Option<Date>,
    /// The last day to decide and publish.
    pub decide_by: Date,
    /// The day on which it then holds.
    pub effective: Date,
}

/// The last days on which notice and decision still come in time for `needed` (rule 2.4).
#[must_use]
pub fn last_notice_day(needed: Date, body: GoverningBody, rule: &CallInRule) -> Timetable {
    match body {
        GoverningBody::TrustBoard => Timetable { notice_by: None, decide_by: needed, effective: needed },
        GoverningBody::CouncilExecutive => {
            let mut decide_by = plus_days(needed, -1);
            while decide_by > Date::MIN
                && (!rule.calendar.is_working_day(decide_by)
                    || call_in(decide_by, rule.working_days, &rule.calendar).effective > needed)
            {
                decide_by = plus_days(decide_by, -1);
            }
            let effective = call_in(decide_by, rule.working_days, &rule.calendar).effective;
            Timetable { notice_by: Some(clear_days_before(decide_by, 28)), decide_by, effective }
        }
    }
}
