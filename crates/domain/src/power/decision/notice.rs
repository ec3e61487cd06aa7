//! Notice of a key decision to come: 28 clear days, or the two ways to take one sooner, each with the facts that the law
//! asks for (Executive Arrangements Regulations 2012, regulations 9 to 11; rule 2.2).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::page::{Accompanying, DecisionPage, NoticeKind};
use crate::calendar::long_date;
use crate::calendar::{WorkingDays, clear_days_before};
use crate::nights::plus_days;
use crate::outcome::Refusal;

/// The clear days of an ordinary notice.
pub const CLEAR_DAYS: u16 = 28;
/// The clear working days after the scrutiny chair was told, under the general exception.
pub const EXCEPTION_DAYS: u32 = 5;
/// Longer than any run of bank holidays and closure days between two working weeks.
const LOOK_AHEAD: i64 = 60;

/// A notice on the forward plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The day on which it was published.
    pub on: Date,
    /// 28 days, general exception or special urgency.
    pub kind: NoticeKind,
    /// The first day on which the decision is to be taken, as the notice says.
    pub expected: Date,
    /// Why 28 days were impracticable, or why the decision cannot wait.
    #[serde(default)]
    pub why: Option<String>,
    /// When the scrutiny chair was told (general exception) or agreed (special urgency).
    #[serde(default)]
    pub chair_on: Option<Date>,
}

impl Notice {
    /// An ordinary notice, for the first day that it allows.
    #[must_use]
    pub fn of_28_days(on: Date) -> Self {
        let expected = plus_days(on, i64::from(CLEAR_DAYS) + 1);
        Self { on, kind: NoticeKind::TwentyEightDays, expected, why: None, chair_on: None }
    }

    /// The first day on which the law lets the decision be taken.
    #[must_use]
    pub fn earliest(&self, calendar: &WorkingDays) -> Date {
        let told = self.chair_on.map_or(self.on, |chair| chair.max(self.on));
        match self.kind {
            NoticeKind::TwentyEightDays => plus_days(self.on, i64::from(CLEAR_DAYS) + 1),
            NoticeKind::GeneralException => (1..LOOK_AHEAD)
                .map(|days| plus_days(told, days))
                .find(|day| calendar.clear_working_days_before(*day, EXCEPTION_DAYS) >= told)
                .unwrap_or_else(|| plus_days(told, LOOK_AHEAD)),
            NoticeKind::SpecialUrgency => told,
        }
    }

    /// Whether the decision may be taken on a day: not before the law allows, nor before the notice said.
    #[must_use]
    pub fn allows(&self, day: Date, calendar: &WorkingDays) -> bool {
        day >= self.earliest(calendar).max(self.expected)
    }

    /// Refuses a notice that lacks a fact that its kind needs, or that names a day before the law allows.
    pub(super) fn check(&self, calendar: &WorkingDays) -> Result<(), Refusal> {
        let lacks = |what: &str| {
            Refusal::new(
                "notice_incomplete",
                "Key decisions without 28 clear days' notice (Executive Arrangements Regulations 2012, regulations 10 and 11)",
                format!("The record must say {what}."),
                "A democratic services officer of the authority",
            )
            .found(self.kind.label())
        };
        let asks = match self.kind {
            NoticeKind::TwentyEightDays => None,
            NoticeKind::GeneralException => Some([
                "why 28 days' notice is impracticable",
                "when the chair of the scrutiny committee was told in writing",
            ]),
            NoticeKind::SpecialUrgency => Some([
                "why the decision cannot reasonably wait",
                "when the chair of the scrutiny committee agreed that it is urgent",
            ]),
        };
        if let Some([why, chair]) = asks {
            if self.why.as_ref().is_none_or(|why| why.trim().is_empty()) {
                return Err(lacks(why));
            }
            if self.chair_on.is_none() {
                return Err(lacks(chair));
            }
        }
        let earliest = self.earliest(calendar);
        if self.expected < earliest {
            return Err(too_soon(self.expected, Some((self, earliest))));
        }
        Ok(())
    }

    /// The notice in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let on = long_date(self.on);
        let chair = self.chair_on.map(long_date);
        match (self.kind, chair) {
            (NoticeKind::TwentyEightDays, _) => format!("Notice published {on}."),
            (NoticeKind::GeneralException, Some(chair)) => {
                format!("Notice published {on} under the general exception; the scrutiny chair was told on {chair}.")
            }
            (NoticeKind::SpecialUrgency, Some(chair)) => {
                format!("Notice published {on} under special urgency; the scrutiny chair agreed on {chair}.")
            }
            (NoticeKind::GeneralException | NoticeKind::SpecialUrgency, None) => {
                format!("Notice published {on}: {}.", self.kind.label())
            }
        }
    }
}

/// A key decision on a day that its notice, or the lack of one, does not allow.
pub(super) fn too_soon(on: Date, notice: Option<(&Notice, Date)>) -> Refusal {
    let last = clear_days_before(on, CLEAR_DAYS);
    let found = notice.map_or_else(
        || format!("no notice; for {} its last day is {}", long_date(on), long_date(last)),
        |(notice, earliest)| {
            let first = earliest.max(notice.expected);
            format!("notice {}, for {}, first day {}", long_date(notice.on), long_date(on), long_date(first))
        },
    );
    Refusal::new(
        "notice_too_short",
        "28 clear days' notice of a key decision (Executive Arrangements Regulations 2012, regulation 9)",
        "A key decision cannot be taken before its notice has run, unless the general exception or special urgency \
         was used.",
        "The scrutiny chair, by the general exception or special urgency",
    )
    .found(found)
}

/// How a notice on the forward plan went on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum PlanStep {
    /// Published; the decision is still to be taken.
    Noticed,
    /// The decision was taken.
    Taken {
        /// When.
        on: Date,
    },
    /// The decision is not going to be taken on this notice.
    Withdrawn {
        /// When.
        on: Date,
        /// Why.
        reason: String,
    },
}

impl PlanStep {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Noticed => "noticed",
            Self::Taken { .. } => "taken",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// What the forward plan says to everybody of a key decision to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanEntry {
    /// The decision's reference.
    pub reference: String,
    /// The matter.
    pub title: String,
    /// Who is to decide.
    pub decision_maker: String,
    /// What is to be decided.
    pub purpose: String,
    /// The wards affected.
    pub wards: Option<String>,
    /// Whom to ask: a post.
    pub contact: Option<String>,
    /// The documents that will be considered.
    pub documents: Vec<Accompanying>,
    /// The notice.
    pub notice: Notice,
    /// How it went on.
    pub step: PlanStep,
}

impl PlanEntry {
    /// What the plan says of a decision on this notice.
    #[must_use]
    pub fn of(reference: &str, page: &DecisionPage, notice: Notice, step: PlanStep) -> Self {
        Self {
            reference: reference.to_owned(),
            title: page.title.clone(),
            decision_maker: page.decision_maker.clone().unwrap_or_default(),
            purpose: page.purpose.clone().unwrap_or_default(),
            wards: page.wards.clone(),
            contact: page.contact.clone(),
            documents: page.documents.clone(),
            notice,
            step,
        }
    }
}
