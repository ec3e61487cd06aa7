//! How long children stay: from an authority's own stays, those that go on counted for as long as they have (Kaplan and
//! Meier), as a table of 1,024 equal steps of chance. A child who has been there a while draws from the rest of the table.

use super::{FEWEST, precise, precise_usize};

/// How many equal steps of chance the table has.
pub const STEPS: usize = 1_024;
/// The longest stay in weeks: 18 years.
const LONGEST: u16 = 936;
/// However long a child has stayed, so many steps are left to draw from.
const LEAST: usize = 16;

/// A stay: whole weeks so far, at least 1, and whether it has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Weeks.
    pub weeks: u16,
    /// Ended; else it goes on.
    pub ended: bool,
}

/// Lengths of stay in weeks, ascending.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lengths(Box<[u16; STEPS]>);

impl Lengths {
    /// From what was observed; none where fewer than eight stays have ended.
    #[must_use]
    pub fn observed(stays: &[Stay]) -> Option<Self> {
        let ended = stays.iter().filter(|stay| stay.ended).count();
        if ended < FEWEST {
            return None;
        }
        let longest = stays.iter().map(|stay| stay.weeks.clamp(1, LONGEST)).max()?;
        let (mut ends, mut leaves) = (vec![0_usize; usize::from(longest) + 1], vec![0_usize; usize::from(longest) + 1]);
        for stay in stays {
            let week = usize::from(stay.weeks.clamp(1, LONGEST));
            leaves[week] += 1;
            ends[week] += usize::from(stay.ended);
        }
        let exposure: f64 = stays.iter().map(|stay| f64::from(stay.weeks.max(1))).sum();
        let hazard = precise_usize(ended) / exposure;
        let (mut at_risk, mut survive) = (stays.len(), 1.0_f64);
        let mut surviving = Vec::with_capacity(usize::from(LONGEST) + 1);
        surviving.push(1.0);
        for week in 1..=usize::from(LONGEST) {
            // Beyond the longest stay known, as many leave each week as did on the whole.
            survive *= match (ends.get(week), at_risk) {
                (Some(ends), 1..) => 1.0 - precise_usize(*ends) / precise_usize(at_risk),
                _ => 1.0 - hazard,
            };
            at_risk -= leaves.get(week).copied().unwrap_or(0).min(at_risk);
            surviving.push(survive);
        }
        Some(Self::of(|week| surviving.get(usize::from(week)).copied().unwrap_or(0.0)))
    }

    /// The stated lengths, where the record says too little: of all stays 20% last a month on average, 45% four months,
    /// 35% eighteen (fitted to the national shares of stays under 3 months and over 2 years).
    #[must_use]
    pub fn stated() -> Self {
        let part = |share: f64, months: f64, week: u16| share * (-f64::from(week) / (months * 52.0 / 12.0)).exp();
        Self::of(|week| part(0.20, 1.0, week) + part(0.45, 4.0, week) + part(0.35, 18.0, week))
    }

    /// Every stay lasts so many weeks.
    #[must_use]
    pub fn fixed(weeks: u16) -> Self {
        Self(Box::new([weeks.max(1); STEPS]))
    }

    /// From the share of stays that go on after each week.
    #[must_use]
    pub fn of(survive: impl Fn(u16) -> f64) -> Self {
        let mut table = Box::new([LONGEST; STEPS]);
        let mut week = 1;
        for (step, length) in table.iter_mut().enumerate() {
            let reached = (precise_usize(step) + 0.5) / precise_usize(STEPS);
            while week < LONGEST && 1.0 - survive(week) < reached {
                week += 1;
            }
            *length = week;
        }
        Self(table)
    }

    /// A table that was kept.
    #[must_use]
    pub fn kept(weeks: &[u16]) -> Option<Self> {
        let table: Box<[u16; STEPS]> = weeks.to_vec().into_boxed_slice().try_into().ok()?;
        table.is_sorted().then_some(Self(table))
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &[u16; STEPS] {
        &self.0
    }

    /// The first step that lies beyond the weeks that have passed.
    #[must_use]
    pub fn beyond(&self, passed: u16) -> u16 {
        let first = self.0.partition_point(|length| *length <= passed).min(STEPS - LEAST);
        u16::try_from(first).unwrap_or(0)
    }

    /// The mean length in weeks.
    #[must_use]
    pub fn mean(&self) -> f64 {
        precise(self.0.iter().map(|weeks| i64::from(*weeks)).sum()) / precise_usize(STEPS)
    }
}
