//! The share of placements through the arrangement, quarter by quarter, with the searches that it lost and why.

use std::collections::BTreeMap;

use jiff::civil::Date;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint};
use placewell_domain::placing::referral::{LostBy, LostSearches};

/// One quarter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarterShare {
    /// Its first day.
    pub quarter: Date,
    /// Placements that began in it, route by route in the order of [`BuyingRoute::ALL`].
    pub placements: [u32; 4],
    /// Searches that the arrangement lost, the most frequent reason first.
    pub lost: Vec<((LostBy, String), u32)>,
}

impl QuarterShare {
    /// All placements.
    #[must_use]
    pub fn all(&self) -> u32 {
        self.placements.iter().sum()
    }

    /// Those of a route.
    #[must_use]
    pub fn of(&self, route: BuyingRoute) -> u32 {
        let at = BuyingRoute::ALL.iter().position(|one| *one == route);
        at.and_then(|at| self.placements.get(at)).copied().unwrap_or_default()
    }

    /// The share through the arrangement in thousandths; none where nothing began.
    #[must_use]
    pub fn thousandths(&self) -> Option<u32> {
        let (through, all) = (self.of(BuyingRoute::Arrangement), self.all());
        (through * 1_000 + all / 2).checked_div(all)
    }
}

/// The quarters between the first and the last that have anything, those without among them.
#[must_use]
pub fn quarter_shares(points: &[PricePoint], lost: &[LostSearches]) -> Vec<QuarterShare> {
    let days = points.iter().map(|point| point.quarter).chain(lost.iter().map(|one| one.quarter));
    let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return Vec::new() };
    let mut quarters = Vec::new();
    let mut quarter = first;
    while quarter <= last {
        quarters.push(quarter);
        quarter = quarter.saturating_add(jiff::Span::new().months(3));
    }
    shares_in(&quarters, points, lost)
}

/// These quarters.
pub(super) fn shares_in(quarters: &[Date], points: &[PricePoint], lost: &[LostSearches]) -> Vec<QuarterShare> {
    quarters.iter().map(|quarter| one(*quarter, points, lost)).collect()
}

fn one(quarter: Date, points: &[PricePoint], lost: &[LostSearches]) -> QuarterShare {
    let mut placements = [0; 4];
    for point in points.iter().filter(|point| point.quarter == quarter) {
        if let Some(at) = BuyingRoute::ALL.iter().position(|route| *route == point.route) {
            placements[at] += 1;
        }
    }
    let mut reasons: BTreeMap<(LostBy, String), u32> = BTreeMap::new();
    for one in lost.iter().filter(|one| one.quarter == quarter) {
        *reasons.entry((one.by, one.reason.clone())).or_default() += one.count;
    }
    let mut lost: Vec<_> = reasons.into_iter().collect();
    lost.sort_by(|(a, many), (b, more)| more.cmp(many).then_with(|| a.cmp(b)));
    QuarterShare { quarter, placements, lost }
}
