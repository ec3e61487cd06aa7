//! Figures of quality returns over the quarters, and themes across homes. Shares are of sums, so that a large home counts for
//! more than a small one; where nothing was returned there is no figure, and never a nought.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use placewell_domain::homes::monitoring::Theme;
use placewell_domain::homes::monitoring::concern::{Concern, Severity};
use placewell_domain::homes::monitoring::quality_return::QualityReturn;
use placewell_domain::homes::monitoring::template::Figure;
use placewell_domain::homes::monitoring::visit::{Level, Visit};

/// What is followed over the quarters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// Nights slept of the nights that the places have, in percent.
    Occupancy,
    /// Referrals answered in time, in percent.
    InTime,
    /// Children whose stay ended unplanned.
    Unplanned,
    /// Times that a child went missing.
    Missing,
    /// Times that a child was restrained.
    Restraint,
    /// Attendance at education, in percent: the mean of the homes.
    Attendance,
    /// Vacant posts, in percent.
    Vacant,
}

impl Followed {
    /// All of them, in the order of the page.
    pub const ALL: &[Self] = &[
        Self::Occupancy,
        Self::InTime,
        Self::Unplanned,
        Self::Missing,
        Self::Restraint,
        Self::Attendance,
        Self::Vacant,
    ];

    /// What it is called.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Occupancy => "Nights slept of the places",
            Self::InTime => "Referrals answered in time",
            Self::Unplanned => "Unplanned ends",
            Self::Missing => "Times that a child went missing",
            Self::Restraint => "Times that a child was restrained",
            Self::Attendance => "Attendance at education",
            Self::Vacant => "Vacant posts",
        }
    }

    /// Whether it is a share in percent.
    #[must_use]
    pub const fn percent(self) -> bool {
        matches!(self, Self::Occupancy | Self::InTime | Self::Attendance | Self::Vacant)
    }

    /// Part and whole of one return; a count is a part of one.
    fn of(self, sent: &QualityReturn) -> Option<(i64, i64)> {
        let figures = &sent.latest()?.filled.figures;
        let figure = |figure| figures.get(&figure).copied();
        Some(match self {
            Self::Occupancy => (figure(Figure::ChildNights)?, i64::from(sent.places) * sent.span().nights),
            Self::InTime => (figure(Figure::AnsweredInTime)?, figure(Figure::Asked)?),
            Self::Unplanned => (figure(Figure::UnplannedEnds)?, 1),
            Self::Missing => (figure(Figure::Missing)?, 1),
            Self::Restraint => (figure(Figure::Restraint)?, 1),
            Self::Attendance => (figure(Figure::SchoolDays)?, 100),
            Self::Vacant => (figure(Figure::VacantPosts)?, figure(Figure::Posts)?),
        })
    }
}

/// One figure over the quarters; none where nothing was returned for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// What is followed.
    pub of: Followed,
    /// By the first day of the quarter.
    pub points: Vec<(Date, Option<i64>)>,
}

/// The figures of some homes over the quarters for which they were asked, from their latest words.
#[must_use]
pub fn trends(returns: &[QualityReturn]) -> Vec<Trend> {
    let quarters: BTreeSet<Date> = returns.iter().map(|one| one.quarter).collect();
    let trend = |of: &Followed| Trend {
        of: *of,
        points: quarters
            .iter()
            .map(|quarter| {
                let parts = returns.iter().filter(|one| one.quarter == *quarter).filter_map(|one| of.of(one));
                let (mut part, mut whole, mut any) = (0_i64, 0_i64, false);
                for (one, all) in parts {
                    (part, whole, any) = (part + one, whole + all, true);
                }
                let value = if of.percent() { (part * 100).checked_div(whole) } else { any.then_some(part) };
                (*quarter, value)
            })
            .collect(),
    };
    Followed::ALL.iter().map(trend).collect()
}

/// What was found under one theme across homes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ThemeLine {
    /// Findings at visits: serious.
    pub serious: u64,
    /// To be improved.
    pub improve: u64,
    /// Good.
    pub good: u64,
    /// Concerns raised.
    pub concerns: u64,
    /// Of them grave.
    pub grave: u64,
    /// Homes with a serious finding, one to be improved, or a concern.
    pub homes: u64,
}

/// Themes across homes since a day, those with the most homes first.
#[must_use]
pub fn themes(visits: &[Visit], concerns: &[Concern], since: Date) -> Vec<(Theme, ThemeLine)> {
    let mut lines: BTreeMap<Theme, (ThemeLine, BTreeSet<i64>)> =
        Theme::ALL.iter().map(|theme| (*theme, Default::default())).collect();
    for visit in visits.iter().filter(|one| one.planned >= since) {
        for finding in visit.findings() {
            let (line, homes) = lines.entry(finding.theme).or_default();
            match finding.level {
                Level::Serious => line.serious += 1,
                Level::Improve => line.improve += 1,
                Level::Good => line.good += 1,
            }
            if finding.level != Level::Good {
                homes.insert(visit.home.0);
            }
        }
    }
    for concern in concerns.iter().filter(|one| one.raised.date() >= since) {
        let (line, homes) = lines.entry(concern.theme).or_default();
        line.concerns += 1;
        line.grave += u64::from(concern.severity == Severity::High);
        homes.insert(concern.home.0);
    }
    let mut all: Vec<(Theme, ThemeLine)> = lines
        .into_iter()
        .map(|(theme, (line, homes))| {
            (theme, ThemeLine { homes: u64::try_from(homes.len()).unwrap_or(u64::MAX), ..line })
        })
        .collect();
    all.sort_by_key(|(theme, line)| (std::cmp::Reverse((line.homes, line.grave, line.serious)), *theme));
    all
}

#[cfg(test)]
mod tests;
