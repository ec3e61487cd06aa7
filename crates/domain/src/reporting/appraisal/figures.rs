//! What an appraisal says: each figure as the middle of the futures with the range that holds 90 of 100.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Alternative, Appraised};
use crate::calendar::long_date;
use crate::money::Pence;

/// A figure's middle with the range that holds 90 of 100 futures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Range {
    /// 5 of 100 lie below.
    pub low: i64,
    /// Half lie below.
    pub middle: i64,
    /// 5 of 100 lie above.
    pub high: i64,
}

/// What one alternative comes to over the years looked ahead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionFigures {
    /// Which.
    pub alternative: Alternative,
    /// All that is paid, set-up included, in pence.
    pub cost: Range,
    /// How much more than the arrangement, future by future, in pence.
    pub above: Range,
    /// In how many of the futures it costs less than the arrangement, in thousandths.
    pub cheaper: u32,
    /// Paid once for setting up, in pence; part of the cost.
    pub set_up: i64,
    /// Searches that find no home at first.
    pub not_found: Range,
    /// Minutes of administration.
    pub minutes: Range,
    /// Children placed in the authority's own area.
    pub near: Range,
    /// Children placed at a distance.
    pub far: Range,
    /// Placements through the framework of this alternative.
    pub framework: Range,
    /// Placements by spot purchase.
    pub spot: Range,
    /// Placements in beds of the block or in house.
    pub beds: Range,
    /// Children who would still need the arrangement: all who found no bed of the block or in house.
    pub still: Range,
}

/// What the placements through the arrangement come to in a contract year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearAhead {
    /// The year's first day.
    pub start: Date,
    /// What its nights cost in all, spent ones included, in pence.
    pub cost: Range,
    /// Its ceiling in pence; for a year that no decision has reached yet, that of the present year.
    pub ceiling: Option<i64>,
    /// Whether a decision set that ceiling for this year.
    pub set: bool,
    /// In how many of the futures the cost lies above the ceiling, in thousandths.
    pub above: u32,
}

/// What buyers of each size pay for the same lot, through any route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paid {
    /// The lot's code.
    pub lot: String,
    /// This authority: placements and the middle weekly price in pence, where there are enough of them.
    pub own: (u32, Option<i64>),
    /// Authorities of half to twice its size, itself left out.
    pub like: (u32, Option<i64>),
    /// Authorities of more than twice its size.
    pub larger: (u32, Option<i64>),
    /// All of the region.
    pub region: (u32, Option<i64>),
}

/// All figures of an appraisal.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Children who need a home over the years looked ahead.
    pub children: Range,
    /// The alternatives, the arrangement first.
    pub options: Vec<OptionFigures>,
    /// The contract years against the ceiling.
    pub years: Vec<YearAhead>,
}

impl Figures {
    /// One alternative's figures.
    #[must_use]
    pub fn of(&self, alternative: Alternative) -> Option<&OptionFigures> {
        self.options.iter().find(|one| one.alternative == alternative)
    }

    /// The alternatives by their middle cost, the least first.
    #[must_use]
    pub fn by_cost(&self) -> Vec<&OptionFigures> {
        let mut order: Vec<&OptionFigures> = self.options.iter().collect();
        order.sort_by_key(|one| (one.cost.middle, one.alternative));
        order
    }
}

impl Appraised {
    /// What the figures say, in three sentences.
    #[must_use]
    pub fn finding(&self) -> String {
        let Some(base) = self.figures.of(Alternative::Arrangement) else { return String::new() };
        let others = || self.figures.options.iter().filter(|one| one.alternative != Alternative::Arrangement);
        let cheaper: Vec<&str> = others().filter(|one| one.above.high < 0).map(|one| one.alternative.label()).collect();
        let dearer = others().filter(|one| one.above.low > 0).count();
        let unsure = others().count() - cheaper.len() - dearer;
        let first = if cheaper.is_empty() {
            "No alternative costs less than the arrangement in 95 of 100 futures.".to_owned()
        } else {
            format!("Less than the arrangement in 95 of 100 futures: {}.", cheaper.join("; "))
        };
        format!(
            "{first} {dearer} of the {} alternatives cost more in 95 of 100; for {unsure} the futures do not tell. The \
             arrangement itself comes to {} (90 of 100 futures: {} to {}), on the record as it stood on {}.",
            others().count(),
            thousands(base.cost.middle),
            thousands(base.cost.low),
            thousands(base.cost.high),
            long_date(self.data.day)
        )
    }
}

/// Pence to the nearest thousand pounds: these figures are no finer.
#[must_use]
pub fn thousands(pence: i64) -> Pence {
    let half = if pence < 0 { -50_000 } else { 50_000 };
    Pence((pence + half) / 100_000 * 100_000)
}
