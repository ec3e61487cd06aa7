//! When nothing matches: the nearest ways to widen the search, each with how many homes it would bring.
//!
//! Only what the officer set may be widened; registration, age, standing, safety and living alone may not.

use jiff::civil::Date;
use placewell_domain::authority::DistanceClass;
use placewell_domain::homes::home::{Grade, Need, NeedSet};
use placewell_domain::nights::plus_days;
use placewell_domain::placing::referral::Tier;

use super::columns::{Index, day_of};
use super::reason::{Reason, ReasonSet};
use super::search::{Found, Ready};
use super::{AreaLimit, Wanted};

/// One way to widen a search; the count is of homes that would then match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relaxation {
    /// A longer distance, in tenths of a mile.
    Within(u32, usize),
    /// A later day.
    From(Date, usize),
    /// More areas.
    Areas(AreaLimit, usize),
    /// One tier more.
    Also(Tier, usize),
    /// A need that is no longer essential.
    NotEssential(Need, usize),
    /// A lower grade.
    Grade(Grade, usize),
}

impl Relaxation {
    /// In words with the count: "within 40 miles: 5".
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Within(tenths, count) => format!("within {} miles: {count}", tenths / 10),
            Self::From(day, count) => format!("needed from {}: {count}", day.strftime("%-d %B %Y")),
            Self::Areas(limit, count) => format!("{}: {count}", limit.label().to_lowercase()),
            Self::Also(tier, count) => format!("also {}: {count}", tier.label()),
            Self::NotEssential(need, count) => format!("{} not essential: {count}", need.label()),
            Self::Grade(grade, count) => format!("graded {} or better: {count}", grade.label()),
        }
    }
}

/// Distances that are offered, in miles.
const MILES: [u32; 8] = [10, 20, 30, 40, 60, 80, 100, 150];
/// Later days that are offered.
const DAYS: [i64; 5] = [3, 7, 14, 28, 56];

impl Index {
    /// The nearest widenings that would each, alone, bring at least one home more.
    #[must_use]
    pub fn relaxations(&self, wanted: &Wanted, found: &Found) -> Vec<Relaxation> {
        let mut ways: Vec<Relaxation> = Vec::new();
        ways.extend(self.farther(wanted, found));
        ways.extend(self.later(wanted, found));
        ways.extend(self.more_areas(wanted, found));
        ways.extend(self.more_tiers(wanted, found));
        ways.extend(self.fewer_essentials(wanted, found));
        ways.extend(self.lower_grade(wanted, found));
        ways
    }

    /// Rows that only this reason leaves out.
    fn only(found: &Found, reason: Reason) -> impl Iterator<Item = usize> {
        let only = ReasonSet::of(reason);
        found.reasons.iter().enumerate().filter(move |(_, set)| **set == only).map(|(row, _)| row)
    }

    fn farther(&self, wanted: &Wanted, found: &Found) -> Option<Relaxation> {
        let limit = wanted.limit_tenths?;
        let ready = Ready::new(self, wanted);
        let distances: Vec<u32> = Self::only(found, Reason::TooFar)
            .filter_map(|row| ready.distance(row, wanted.origin))
            .map(|miles| miles.0)
            .collect();
        MILES.iter().map(|miles| miles * 10).filter(|tenths| *tenths > limit).find_map(|tenths| {
            let count = distances.iter().filter(|far| **far <= tenths).count();
            (count > 0).then_some(Relaxation::Within(tenths, count))
        })
    }

    fn later(&self, wanted: &Wanted, found: &Found) -> Option<Relaxation> {
        let ready = Ready::new(self, wanted);
        let gaps = ready.gaps(wanted);
        let rows: Vec<usize> = Self::only(found, Reason::NoBedFree).collect();
        DAYS.iter().find_map(|days| {
            let day = plus_days(wanted.needed_on, *days);
            let from = day_of(self.as_of, day);
            let to = from.saturating_add(i32::from(wanted.least_nights));
            let count = rows.iter().filter(|row| gaps.covering(**row, from, to).is_some()).count();
            (count > 0).then_some(Relaxation::From(day, count))
        })
    }

    fn more_areas(&self, wanted: &Wanted, found: &Found) -> Option<Relaxation> {
        let ready = Ready::new(self, wanted);
        let rows: Vec<usize> = Self::only(found, Reason::AreaLeftOut).collect();
        let adjoining = rows.iter().filter(|row| ready.class(**row) <= DistanceClass::Adjoining).count();
        match wanted.areas {
            AreaLimit::Own if adjoining > 0 => Some(Relaxation::Areas(AreaLimit::Adjoining, adjoining)),
            AreaLimit::Own | AreaLimit::Adjoining if !rows.is_empty() => {
                Some(Relaxation::Areas(AreaLimit::Any, rows.len()))
            }
            AreaLimit::Own | AreaLimit::Adjoining | AreaLimit::Any => None,
        }
    }

    fn more_tiers(&self, wanted: &Wanted, found: &Found) -> Vec<Relaxation> {
        let ready = Ready::new(self, wanted);
        let rows: Vec<usize> = Self::only(found, Reason::TierLeftOut).collect();
        let count = |tier: Tier| rows.iter().filter(|row| ready.tier(**row) == tier).count();
        Tier::ALL
            .iter()
            .map(|tier| (*tier, count(*tier)))
            .filter(|(_, count)| *count > 0)
            .map(|(tier, count)| Relaxation::Also(tier, count))
            .collect()
    }

    fn fewer_essentials(&self, wanted: &Wanted, found: &Found) -> Vec<Relaxation> {
        let rows: Vec<usize> = Self::only(found, Reason::EssentialNeed).collect();
        let refused = |row: &usize| NeedSet::from_bits(self.does_not[*row]).both(wanted.essential);
        let count = |need: Need| rows.iter().filter(|row| refused(row) == NeedSet::NONE.with(need)).count();
        wanted
            .essential
            .iter()
            .map(|need| (need, count(need)))
            .filter(|(_, count)| *count > 0)
            .map(|(need, count)| Relaxation::NotEssential(need, count))
            .collect()
    }

    fn lower_grade(&self, wanted: &Wanted, found: &Found) -> Option<Relaxation> {
        let worst = wanted.worst_grade?;
        let grades: Vec<u8> = Self::only(found, Reason::BelowGrade).map(|row| self.grade[row]).collect();
        [Grade::Good, Grade::RequiresImprovement].into_iter().filter(|grade| *grade > worst).find_map(|grade| {
            let count = grades.iter().filter(|held| **held <= grade as u8).count();
            (count > 0).then_some(Relaxation::Grade(grade, count))
        })
    }
}
