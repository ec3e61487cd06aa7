//! What an authority tells the region about its annual value: how the year that runs stands against its ceiling, and when
//! its live placements alone would exceed it. Figures of the whole authority; no agreement and no child is in them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Bucket, Commitment, Figures, Reading, YearTotals};
use crate::calendar::ContractYear;
use crate::id::OrganisationId;
use crate::money::Pence;
use crate::nights::{days_between, plus_days};

/// The year that runs, as the authority counted it from its own record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountedValue {
    /// The year's first day.
    pub year_start: Date,
    /// The year in words.
    pub year: String,
    /// What its nights so far cost.
    pub spent: Pence,
    /// Bound, planned and run-rate of all that counts.
    pub figures: Figures,
    /// Planned by spot purchase, beside the ceiling.
    pub spot: Pence,
    /// The first night on which the live placements, at the run-rate, cost more than the ceiling; none within the year.
    pub exceeded_on: Option<Date>,
    /// The year's outturn with new awards: the middle and the ends of the range that holds 80 of 100 futures.
    pub outturn: Option<(Pence, Pence, Pence)>,
}

/// One authority's year for the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionYear {
    /// Whose.
    pub authority: OrganisationId,
    /// What it counted, and when; none before it has.
    pub counted: Option<(Timestamp, CountedValue)>,
    /// The ceiling and what is committed below it as the ledger stands; none where no decision adopted the year.
    pub totals: Option<YearTotals>,
}

/// The first night of a year on which the nights so far cost more than a ceiling, where every live placement goes on to
/// the year's end (the run-rate). None where that does not happen within the year.
#[must_use]
pub fn exceeded_on(
    commitments: &[Commitment],
    (reading, term_end): (&Reading, Date),
    (year, ceiling): (ContractYear, Pence),
    today: Date,
) -> Option<Date> {
    let costs = |until: Date| -> Pence {
        commitments.iter().map(|one| one.run_until(reading, (Bucket::Year(year), term_end), (today, until))).sum()
    };
    let last = year.end().min(plus_days(term_end, 1));
    if costs(last) <= ceiling {
        return None;
    }
    // Cost grows with every night: the first day whose morning finds more than the ceiling, by halving.
    let (mut below, mut above) = (0, days_between(year.first(), last));
    while above - below > 1 {
        let middle = i64::midpoint(below, above);
        if costs(plus_days(year.first(), middle)) > ceiling {
            above = middle;
        } else {
            below = middle;
        }
    }
    Some(plus_days(year.first(), above - 1))
}
