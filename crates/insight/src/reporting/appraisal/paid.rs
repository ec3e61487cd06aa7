//! What was bought, at what price, by buyers of which size: the starting points of prices, each with how far it may be out.
//!
//! Prices are compared as logarithms within a lot, with the yearly rise taken out: a difference is then a percentage.

use std::collections::{BTreeMap, BTreeSet};

use placewell_domain::power::annual_value::Route;
use placewell_domain::reporting::appraisal::Paid;
use placewell_domain::reporting::publication::{AT_LEAST, Group, split};

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
    /// At which home, by a number that says no more than that two are the same.
    pub home: i64,
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
        let mut lots: BTreeMap<&str, Vec<(f64, f64, f64)>> = BTreeMap::new();
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

/// Prices with the homes in which they are paid, of which a middle may be told or not.
#[derive(Debug, Clone, Default)]
struct Prices {
    weekly: Vec<i64>,
    homes: BTreeSet<i64>,
}

impl Prices {
    fn of<'b>(bought: impl Iterator<Item = &'b Bought>) -> Self {
        bought.fold(Self::default(), |mut prices, one| {
            prices.weekly.push(one.weekly);
            prices.homes.insert(one.home);
            prices
        })
    }

    fn count(&self) -> u32 {
        u32::try_from(self.weekly.len()).unwrap_or(u32::MAX)
    }

    /// Half of the prices lie below it; none where they are too few.
    fn middle(&self) -> Option<i64> {
        if !self.enough() {
            return None;
        }
        let mut sorted = self.weekly.clone();
        sorted.sort_unstable();
        let (upper, lower) = (sorted.len() / 2, (sorted.len() - 1) / 2);
        Some(i64::midpoint(sorted[lower], sorted[upper]))
    }
}

impl Group for Prices {
    fn with(&self, other: &Self) -> Self {
        Self {
            weekly: self.weekly.iter().chain(&other.weekly).copied().collect(),
            homes: self.homes.union(&other.homes).copied().collect(),
        }
    }

    fn enough(&self) -> bool {
        self.weekly.len() >= FEWEST && self.homes.len() >= AT_LEAST
    }

    fn holds_any(&self) -> bool {
        !self.weekly.is_empty()
    }

    fn size(&self) -> (usize, usize) {
        (self.weekly.len(), self.homes.len())
    }
}

/// The middle price of what was bought, and of how many; none where they are fewer than eight, or in fewer than five homes.
#[must_use]
pub fn middle<'b>(bought: impl Iterator<Item = &'b Bought>) -> Option<(i64, usize)> {
    let prices = Prices::of(bought);
    prices.middle().map(|middle| (middle, prices.weekly.len()))
}

/// What buyers of each size paid for each lot in the last so many days, by either route. The smaller buyers stand in the
/// region alone; where they, with whoever has too few to tell, are too few themselves, the smallest of the others is left
/// out beside them, so that nobody reckons them back (rule 9.1).
#[must_use]
pub fn paid(bought: &[Bought], sizes: &[u32], own: usize, days: i64) -> Vec<Paid> {
    let size = sizes.get(own).copied().unwrap_or(0);
    let recent = |one: &&Bought| one.days_ago <= days && matches!(one.route, Route::Spot | Route::Arrangement);
    let mut lots: Vec<&str> = bought.iter().filter(recent).map(|one| one.lot.as_str()).collect();
    lots.sort_unstable();
    lots.dedup();
    let of = |buyer: usize| sizes.get(buyer).copied().unwrap_or(0);
    let like = |buyer: usize| of(buyer) <= size * 2 && of(buyer) * 2 >= size;
    let row = |lot: &&str| {
        let group = |belongs: &dyn Fn(usize) -> bool| {
            Prices::of(bought.iter().filter(recent).filter(|one| one.lot == *lot && belongs(one.buyer)))
        };
        let mine = group(&|buyer| buyer == own);
        let alike = group(&|buyer| buyer != own && like(buyer));
        let larger = group(&|buyer| buyer != own && of(buyer) > size * 2);
        let smaller = group(&|buyer| buyer != own && of(buyer) * 2 < size);
        let counts = (alike.count(), larger.count());
        let (told, rest) = split(BTreeMap::from([(0, alike), (1, larger)]), smaller);
        let price = |at: i32| told.get(&at).and_then(Prices::middle);
        let region = group(&|_| true);
        let whole = region.middle().filter(|_| !rest.holds_any() || rest.enough());
        Paid {
            lot: (*lot).to_owned(),
            own: (mine.count(), mine.middle()),
            like: (counts.0, price(0)),
            larger: (counts.1, price(1)),
            region: (region.count(), whole),
        }
    };
    lots.iter().map(row).collect()
}
