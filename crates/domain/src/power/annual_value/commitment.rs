//! What price lines commit in each year, night by night: a night belongs to its evening's year, the origin survives
//! every cut, and nights after the term stand in a bucket of their own (rules 3.1, 3.3 and 4.1).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::reading::{Holds, Reading, Route, Treatment};
use crate::calendar::{ContractYear, YearBasis, year_of, years_touching};
use crate::id::AgreementId;
use crate::money::Pence;
use crate::nights::{ChargedDays, Nights, days_between, plus_days};

coded! {
    /// What a price line pays for, as far as the ceiling asks.
    ValueKind {
        /// Core price, additional support and all other lines.
        Care => "care", "Care";
        /// Education.
        Education => "education", "Education";
        /// Health.
        Health => "health", "Health";
        /// A share of the empty nights of a block.
        BlockVoid => "block_void", "Block voids";
    }
}

/// A part of a whole, such as the authority's share among funders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The part.
    pub part: i64,
    /// The whole.
    pub whole: i64,
}

impl Share {
    /// All of it.
    pub const ALL: Self = Self { part: 1, whole: 1 };
}

/// A price line as the annual value sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueLine {
    /// What it pays for.
    pub kind: ValueKind,
    /// The weekly price, in pence.
    pub weekly: Pence,
    /// Its first night, by which every charge is anchored, also after a cut.
    pub origin: Date,
    /// The first night that it is charged for.
    pub from: Date,
    /// The day after its last night, where it has an end of its own; else it runs with the agreement.
    pub ends: Option<Date>,
    /// The authority's share among the funders.
    pub authority: Share,
}

/// The charge of nights of a line: `R(w, b) − R(w, a)` in nights since its origin, so that any split sums to the whole.
#[must_use]
pub fn charge(weekly: Pence, share: Share, origin: Date, nights: Nights) -> Pence {
    let cumulative = |day: Date| {
        let since = days_between(origin, day).max(0);
        Pence(weekly.0.saturating_mul(since)).share(share.part, share.whole.saturating_mul(7))
    };
    cumulative(nights.to()) - cumulative(nights.from())
}

/// A year of the ledger, or what stands after the term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Bucket {
    /// A contract year or financial year within the term.
    Year(ContractYear),
    /// Nights after the last day of the term (rule 3.3).
    AfterTerm,
}

/// Until when each of the three figures counts a live placement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Horizon {
    /// The first night.
    pub start: Date,
    /// The planned end, set at award and reviewed at each review.
    pub planned_end: Date,
    /// The earliest date that notice allows.
    pub bound_until: Date,
    /// Whether the placement goes on (not ended, no notice given): only then has it a run-rate.
    pub goes_on: bool,
}

/// The three figures of a year, always shown together (rule 3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// To the earliest date that notice allows.
    pub bound: Pence,
    /// To the planned end: the figure that the ceiling holds.
    pub planned: Pence,
    /// To the year's end, as if it went on.
    pub run_rate: Pence,
}

/// What lines commit from `start` until `until`, by year of a basis, cut at the term's last day. Lines with ends of
/// their own count to those. A line that the reading leaves out counts nothing; one it counts net, the authority's share.
#[must_use]
pub fn commitment_by_year(
    lines: &[ValueLine],
    (start, until): (Date, Date),
    route: Route,
    reading: &Reading,
    term_end: Date,
) -> Vec<(Bucket, Pence)> {
    let mut sums: BTreeMap<Bucket, Pence> = BTreeMap::new();
    for line in lines {
        let share = match reading.treats(line.kind, route) {
            Treatment::Out => continue,
            Treatment::Gross => Share::ALL,
            Treatment::Net => line.authority,
        };
        let (from, to) = (line.from.max(start), line.ends.map_or(until, |end| end.min(until)));
        for (bucket, nights) in buckets(from, to, reading.year, term_end) {
            *sums.entry(bucket).or_default() += charge(line.weekly, share, line.origin, nights);
        }
    }
    sums.into_iter().collect()
}

/// Nights cut at each year's end and at the term's.
fn buckets(from: Date, to: Date, basis: YearBasis, term_end: Date) -> Vec<(Bucket, Nights)> {
    let after = plus_days(term_end, 1);
    let mut found: Vec<(Bucket, Nights)> = years_touching(from, to.min(after), basis)
        .filter_map(|year| {
            let (from, to) = year.nights_within(from, to.min(after))?;
            Some((Bucket::Year(year), Nights::new(from, to)?))
        })
        .collect();
    found.extend(Nights::new(from.max(after), to).map(|nights| (Bucket::AfterTerm, nights)));
    found
}

/// The three figures of one placement in one bucket.
#[must_use]
pub fn figures(
    lines: &[ValueLine],
    horizon: &Horizon,
    route: Route,
    reading: &Reading,
    (bucket, term_end): (Bucket, Date),
) -> Figures {
    let by_year = |nights| commitment_by_year(lines, nights, route, reading, term_end);
    figures_of(by_year, horizon, (bucket, term_end))
}

/// The three figures in one bucket, of what nights commit by year.
fn figures_of(
    by_year: impl Fn((Date, Date)) -> Vec<(Bucket, Pence)>,
    horizon: &Horizon,
    (bucket, term_end): (Bucket, Date),
) -> Figures {
    let until = |until: Date| {
        by_year((horizon.start, until))
            .into_iter()
            .find_map(|(found, pence)| (found == bucket).then_some(pence))
            .unwrap_or_default()
    };
    let planned = until(horizon.planned_end);
    let year_end = match bucket {
        Bucket::Year(year) => year.end().min(plus_days(term_end, 1)),
        Bucket::AfterTerm => horizon.planned_end,
    };
    let run_rate = if horizon.goes_on { until(year_end.max(horizon.planned_end)) } else { planned };
    Figures { bound: until(horizon.bound_until.min(horizon.planned_end)), planned, run_rate }
}

/// The planned end that counts today: an overdue one rolls by 28 days until it has not passed, and warns (rule 3.1). One
/// that falls today is not overdue yet: the child leaves today. The flag says whether it rolled.
#[must_use]
pub fn rolled_planned_end(planned_end: Date, today: Date) -> (Date, bool) {
    if planned_end >= today {
        return (planned_end, false);
    }
    let periods = (days_between(planned_end, today) + 27) / 28;
    (plus_days(planned_end, periods * 28), true)
}

impl Bucket {
    /// The bucket of a night.
    #[must_use]
    pub fn of(night: Date, basis: YearBasis, term_end: Date) -> Self {
        if night > term_end { Self::AfterTerm } else { Self::Year(year_of(night, basis)) }
    }

    /// The words on a page, such as "contract year 15 December 2020 to 14 December 2021".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Year(year) => format!(
                "{} {} to {}",
                year.basis().words(),
                crate::calendar::long_date(year.first()),
                crate::calendar::long_date(year.last())
            ),
            Self::AfterTerm => "after the term".to_owned(),
        }
    }
}

/// What an agreement commits, as the ledger keeps it: enough to compute every figure and every other reading of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// The agreement.
    pub agreement: AgreementId,
    /// Its reference, such as `HEF-A-0137`.
    pub reference: String,
    /// By which route it was bought.
    pub route: Route,
    /// Its price lines.
    pub lines: Vec<ValueLine>,
    /// The first night.
    pub start: Date,
    /// The planned end; after the end of the placement, that end.
    pub planned_end: Date,
    /// Days of notice that the authority has to give.
    pub notice_days: u16,
    /// Whether it goes on: neither ended nor under notice.
    pub goes_on: bool,
    /// The first night under a successor arrangement, where it was moved to one: from then on it counts as moved.
    #[serde(default)]
    pub moved_on: Option<Date>,
    /// Which of the first and last day its contract charges.
    #[serde(default)]
    pub charged: ChargedDays,
}

impl Commitment {
    /// Until when each of its figures counts, as of a day.
    #[must_use]
    pub fn horizon(&self, today: Date) -> Horizon {
        let planned_end = if self.goes_on { rolled_planned_end(self.planned_end, today).0 } else { self.planned_end };
        let bound_until = plus_days(today.max(self.start), i64::from(self.notice_days)).min(planned_end);
        Horizon { start: self.start, planned_end, bound_until, goes_on: self.goes_on }
    }

    /// The same, each end as the day after the last that the contract charges (rule 4.1).
    #[must_use]
    pub fn charged_horizon(&self, today: Date) -> Horizon {
        let horizon = self.horizon(today);
        let until = |end| self.charged.until(self.start, end);
        let (planned_end, bound_until) = (until(horizon.planned_end), until(horizon.bound_until));
        Horizon { start: self.charged.from(self.start), planned_end, bound_until, ..horizon }
    }

    /// What the ceiling holds of it, by year: the planned figure, unless the authority's setting says another.
    #[must_use]
    pub fn held(&self, reading: &Reading, term_end: Date, today: Date) -> Vec<(Bucket, Pence)> {
        let horizon = self.charged_horizon(today);
        let until = match reading.holds {
            Holds::Bound => horizon.bound_until,
            Holds::RunRate if self.goes_on => {
                year_of(self.horizon(today).planned_end, reading.year).end().max(horizon.planned_end)
            }
            Holds::Planned | Holds::RunRate => horizon.planned_end,
        };
        self.by_year((self.start, until), reading, term_end)
    }

    /// What nights commit, by year; a first day that the contract does not charge is none of them. Nights after a move to a successor count by the reading; from where the successor has a
    /// ceiling of its own they count towards that, and what did not move stands after the earlier term (rule 3.4).
    #[must_use]
    pub fn by_year(&self, (from, until): (Date, Date), reading: &Reading, term_end: Date) -> Vec<(Bucket, Pence)> {
        let from = from.max(self.charged.from(self.start));
        let nights = |(first, last): (Date, Date), route, end| {
            commitment_by_year(&self.lines, (first.max(from), last.min(until)), route, reading, end)
        };
        let follows = reading.follows.filter(|_| self.route.through_arrangement());
        let began = follows.filter(|next| self.start >= next.from).map(|_| self.start);
        let parts = match (follows, self.moved_on.or(began)) {
            (None, None) => vec![nights((from, until), self.route, term_end)],
            (None, Some(moved)) => {
                vec![nights((from, moved), self.route, term_end), nights((moved, until), Route::Successor, term_end)]
            }
            (Some(next), None) => vec![nights((from, until), self.route, next.earlier_end)],
            (Some(next), Some(moved)) => vec![
                nights((from, moved), self.route, next.earlier_end),
                nights((moved, next.from), Route::Successor, next.earlier_end),
                nights((moved.max(next.from), until), self.route, term_end),
            ],
        };
        let mut sums: BTreeMap<Bucket, Pence> = BTreeMap::new();
        for (bucket, pence) in parts.into_iter().flatten() {
            *sums.entry(bucket).or_default() += pence;
        }
        sums.into_iter().collect()
    }

    /// What its nights before a day cost, by year.
    #[must_use]
    pub fn passed(&self, reading: &Reading, term_end: Date, day: Date) -> Vec<(Bucket, Pence)> {
        let until = day.min(self.charged_horizon(day).planned_end);
        self.by_year((self.start, until), reading, term_end)
    }

    /// Its three figures in one bucket.
    #[must_use]
    pub fn figures(&self, reading: &Reading, (bucket, term_end): (Bucket, Date), today: Date) -> Figures {
        figures_of(|nights| self.by_year(nights, reading, term_end), &self.charged_horizon(today), (bucket, term_end))
    }

    /// What its nights before a day cost, in one bucket.
    #[must_use]
    pub fn spent(&self, reading: &Reading, (bucket, term_end): (Bucket, Date), today: Date) -> Pence {
        self.passed(reading, term_end, today)
            .into_iter()
            .find_map(|(found, pence)| (found == bucket).then_some(pence))
            .unwrap_or_default()
    }

    /// What its nights before a day cost in one bucket at the run-rate: a live placement goes on, any other one to its
    /// planned end.
    #[must_use]
    pub fn run_until(
        &self,
        reading: &Reading,
        (bucket, term_end): (Bucket, Date),
        (today, until): (Date, Date),
    ) -> Pence {
        let until = if self.goes_on { until } else { until.min(self.charged_horizon(today).planned_end) };
        self.by_year((self.start, until), reading, term_end)
            .into_iter()
            .find_map(|(found, pence)| (found == bucket).then_some(pence))
            .unwrap_or_default()
    }
}
