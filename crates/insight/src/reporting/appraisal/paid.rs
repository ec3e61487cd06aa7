//! What was bought, at what price, by buyers of which size: the starting points of prices, each with how far it may be out.
//!
//! Prices are compared as logarithms within a lot, with the yearly rise taken out: a difference is then a percentage.

use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::appraisal::Paid;

use super::{FEWEST, precise, precise_usize, rounded_wide};

/// A placement that was bought, without anything about the child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bought {
    /// The buyer, by a number of the caller's.
    pub buyer: usize,
    /// The lot's code.
    pub lot: String,
    /// By which route.
    pub route: Route,
    /// Pence a week when it began.
    pub weekly: i64,
    /// Days before today on which it began.
    pub days_ago: i64,
}

/// A difference in thousandths, with its standard error, and how many it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// In thousandths.
    pub thousandths: i64,
    /// Its standard error, in thousandths.
    pub error: i64,
    /// Placements on the smaller side.
    pub rests_on: usize,
}

/// The regression of logarithms of prices within lots on time and one more column.
struct Within {
    /// Time in years, the other column, the logarithm of the price: each less its mean within the lot.
    rows: Vec<(f64, f64, f64)>,
    lots: usize,
}

impl Within {
    fn new<'b>(bought: impl Iterator<Item = (&'b Bought, f64)>) -> Self {
        let mut lots: std::collections::BTreeMap<&str, Vec<(f64, f64, f64)>> = std::collections::BTreeMap::new();
        for (one, column) in bought.filter(|(one, _)| one.weekly > 0) {
            let row = (-precise(one.days_ago) / 365.25, column, precise(one.weekly).ln());
            lots.entry(&one.lot).or_default().push(row);
        }
        let mut rows = Vec::new();
        for lot in lots.values() {
            let count = precise_usize(lot.len());
            let mean = lot.iter().fold((0.0, 0.0, 0.0), |sum, row| (sum.0 + row.0, sum.1 + row.1, sum.2 + row.2));
            let mean = (mean.0 / count, mean.1 / count, mean.2 / count);
            rows.extend(lot.iter().map(|row| (row.0 - mean.0, row.1 - mean.1, row.2 - mean.2)));
        }
        Self { rows, lots: lots.len() }
    }

    fn sum(&self, of: impl Fn(&(f64, f64, f64)) -> f64) -> f64 {
        self.rows.iter().map(of).sum()
    }

    /// The slope of time alone.
    fn time(&self) -> Option<f64> {
        let spread = self.sum(|row| row.0 * row.0);
        (spread > 1e-9).then(|| self.sum(|row| row.0 * row.2) / spread)
    }

    /// The slope of the column beside time, with its standard error.
    fn column(&self) -> Option<(f64, f64)> {
        let (tt, cc, tc) = (self.sum(|r| r.0 * r.0), self.sum(|r| r.1 * r.1), self.sum(|r| r.0 * r.1));
        let (ty, cy) = (self.sum(|r| r.0 * r.2), self.sum(|r| r.1 * r.2));
        if cc < 1e-9 {
            return None;
        }
        let determinant = tt * cc - tc * tc;
        let (time, slope, own) = if determinant > 1e-9 * tt.max(1e-9) * cc {
            ((cc * ty - tc * cy) / determinant, (tt * cy - tc * ty) / determinant, tt / determinant)
        } else {
            (0.0, cy / cc, 1.0 / cc)
        };
        let free = precise_usize(self.rows.len()) - precise_usize(self.lots) - 2.0;
        if free < 1.0 {
            return None;
        }
        let residual = self.sum(|r| (r.2 - time * r.0 - slope * r.1).powi(2)) / free;
        Some((slope, (residual * own).sqrt()))
    }
}

/// The yearly rise in prices of what was bought through the arrangement, in thousandths; none where too few began in
/// different years to say.
#[must_use]
pub fn yearly_rise(bought: &[Bought]) -> Option<(i64, usize)> {
    let through: Vec<&Bought> = bought.iter().filter(|one| one.route == Route::Arrangement).collect();
    let (first, last) = (through.iter().map(|one| one.days_ago).max()?, through.iter().map(|one| one.days_ago).min()?);
    if through.len() < 4 * FEWEST || first - last < 365 {
        return None;
    }
    let slope = Within::new(through.iter().map(|one| (*one, 0.0))).time()?;
    Some((rounded_wide((slope.exp() - 1.0) * 1_000.0), through.len()))
}

/// How much dearer spot purchases are than placements through the arrangement on the same lots, the yearly rise taken
/// out; none where either side has fewer than eight.
#[must_use]
pub fn spot_difference(bought: &[Bought]) -> Option<Difference> {
    let count = |route| bought.iter().filter(|one| one.route == route).count();
    let rests_on = count(Route::Spot).min(count(Route::Arrangement));
    if rests_on < FEWEST {
        return None;
    }
    let either = bought.iter().filter(|one| matches!(one.route, Route::Spot | Route::Arrangement));
    let (slope, error) =
        Within::new(either.map(|one| (one, if one.route == Route::Spot { 1.0 } else { 0.0 }))).column()?;
    Some(difference(slope, error, rests_on))
}

fn difference(slope: f64, error: f64, rests_on: usize) -> Difference {
    Difference {
        thousandths: rounded_wide((slope.exp() - 1.0) * 1_000.0),
        error: rounded_wide(error * 1_000.0),
        rests_on,
    }
}

/// What a buyer of one size pays more than a buyer of another for the same lot, by how prices went with the buyer's size
/// in the region where each buys alone; none where fewer than four buyers have eight such placements each.
#[must_use]
pub fn size_effect(bought: &[Bought], sizes: &[u32], (own, together): (u32, u32)) -> Option<Difference> {
    // What is bought by spot is bought alone; through the arrangement every buyer has the region's price.
    let alone = || bought.iter().filter(|one| one.route == Route::Spot);
    let known = |buyer: usize| alone().filter(|one| one.buyer == buyer).count() >= FEWEST;
    let buyers: Vec<bool> = (0..sizes.len()).map(|buyer| sizes[buyer] > 0 && known(buyer)).collect();
    if buyers.iter().filter(|known| **known).count() < 4 || own == 0 || together == 0 {
        return None;
    }
    let counted = alone().filter(|one| buyers.get(one.buyer).copied().unwrap_or(false));
    let rests_on = counted.clone().count();
    let (slope, error) = Within::new(counted.map(|one| (one, f64::from(sizes[one.buyer]).ln()))).column()?;
    let apart = f64::from(own).ln() - f64::from(together).ln();
    Some(difference(slope * apart, error * apart.abs(), rests_on))
}

/// The middle of some amounts; none where they are fewer than eight.
#[must_use]
pub fn middle(mut amounts: Vec<i64>) -> Option<i64> {
    if amounts.len() < FEWEST {
        return None;
    }
    amounts.sort_unstable();
    let (upper, lower) = (amounts.len() / 2, (amounts.len() - 1) / 2);
    Some(i64::midpoint(amounts[lower], amounts[upper]))
}

/// What buyers of each size paid for each lot in the last so many days, by either route.
#[must_use]
pub fn paid(bought: &[Bought], sizes: &[u32], own: usize, days: i64) -> Vec<Paid> {
    let size = sizes.get(own).copied().unwrap_or(0);
    let recent = |one: &&Bought| one.days_ago <= days && matches!(one.route, Route::Spot | Route::Arrangement);
    let mut lots: Vec<&str> = bought.iter().filter(recent).map(|one| one.lot.as_str()).collect();
    lots.sort_unstable();
    lots.dedup();
    let group = |lot: &str, belongs: &dyn Fn(usize) -> bool| {
        let amounts: Vec<i64> = bought
            .iter()
            .filter(recent)
            .filter(|one| one.lot == lot && belongs(one.buyer))
            .map(|one| one.weekly)
            .collect();
        (u32::try_from(amounts.len()).unwrap_or(u32::MAX), middle(amounts))
    };
    let of = |buyer: usize| sizes.get(buyer).copied().unwrap_or(0);
    let like = |buyer: usize| buyer != own && of(buyer) <= size * 2 && of(buyer) * 2 >= size;
    let larger = |buyer: usize| buyer != own && of(buyer) > size * 2;
    let row = |lot: &&str| Paid {
        lot: (*lot).to_owned(),
        own: group(lot, &|buyer| buyer == own),
        like: group(lot, &like),
        larger: group(lot, &larger),
        region: group(lot, &|_| true),
    };
    lots.iter().map(row).collect()
}
