//! FCA against spot against block, like for like (rule 8): the difference in log price at the same lot, need band, age,
//! education, staffing, start quarter and notice, in each part of the region, with its intervals.
//!
//! One least-squares fit over the whole region says what each trait costs; each part has effects of its own for its
//! routes. The method and its limits: docs/decisions/0006-how-prices-are-compared.md.

#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_possible_wrap)] // all far below 2^52

use std::collections::{BTreeMap, BTreeSet};

use placewell_domain::money::Pence;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint};
use placewell_domain::placing::referral::standard::NeededBy;
use placewell_domain::reporting::comparison::{
    Band, Count, Difference, FEWEST_HOMES, Hundredths, Interval, Pair, Verdict, verdict,
};
use placewell_domain::reporting::publication::{AT_LEAST, FEWER};

mod began;
mod regression;
mod share;
mod student;
mod telling;

pub use began::{Began, Sharing, ToldLost, ToldQuarter};
pub use regression::{Contrast, Fit, Row};
pub use share::{QuarterShare, quarter_shares};
pub use student::quantile;
pub use telling::{Chosen, Telling};

/// The prices of one route in one part of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// By which route.
    pub route: BuyingRoute,
    /// How many, in how many homes; none where that cannot be told ([`Telling`]).
    pub count: Option<Count>,
    /// A quarter of the prices are below it, the half, three quarters; none where there are none or they cannot be told.
    pub quartiles: Option<[Pence; 3]>,
    /// What stands in place of both where they cannot be told.
    pub untold: Option<&'static str>,
}

impl Side {
    /// A route by which nothing was bought.
    #[must_use]
    pub const fn none(route: BuyingRoute) -> Self {
        Self { route, count: Some(Count { placements: 0, homes: 0 }), quartiles: None, untold: None }
    }

    /// Leaves out what cannot be told, and says why.
    fn leave_out(&mut self) {
        let few = self.count.is_some_and(|count| count.placements < AT_LEAST || count.homes < AT_LEAST);
        *self = Self { untold: Some(if few { FEWER } else { LEFT_OUT }), count: None, quartiles: None, ..*self };
    }
}

/// Two routes in one part of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compared {
    /// Which.
    pub pair: Pair,
    /// The difference, where it can be estimated.
    pub difference: Option<Difference>,
    /// What it comes to.
    pub verdict: Verdict,
}

/// One part of the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<G> {
    /// Which.
    pub of: G,
    /// Its prices, route by route: FCA, spot purchase, block.
    pub sides: [Side; 3],
    /// The comparisons.
    pub pairs: Vec<Compared>,
}

impl<G> Part<G> {
    /// The comparison of two routes.
    #[must_use]
    pub fn pair(&self, pair: Pair) -> Option<&Compared> {
        self.pairs.iter().find(|compared| compared.pair == pair)
    }
}

/// What stands in place of figures of enough, where they would tell those of another that has fewer.
const LEFT_OUT: &str = "Left out beside fewer than 5";
const ROUTES: [BuyingRoute; 3] = [BuyingRoute::Arrangement, BuyingRoute::Spot, BuyingRoute::Block];

fn place(route: BuyingRoute) -> Option<usize> {
    ROUTES.iter().position(|one| *one == route)
}

/// Compares the routes in each part of the region that the points fall into. The authority's own homes are not bought
/// and stand in no comparison.
#[must_use]
pub fn compare<G: Ord + Copy>(points: &[PricePoint], part_of: impl Fn(&PricePoint) -> G, band: Band) -> Vec<Part<G>> {
    let bought: Vec<&PricePoint> =
        points.iter().filter(|point| place(point.route).is_some() && point.weekly > Pence::ZERO).collect();
    let parts: BTreeSet<G> = bought.iter().map(|point| part_of(point)).collect();
    let parts: Vec<G> = parts.into_iter().collect();
    let design = Design::of(&bought, &parts, &part_of);
    let fit = Fit::of(design.columns, &design.rows);
    parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let own: Vec<&PricePoint> = bought.iter().copied().filter(|point| part_of(point) == *part).collect();
            let sides = ROUTES.map(|route| side(route, &own));
            let pairs = Pair::ALL.iter().map(|pair| compared(*pair, &sides, design.effects(at), &fit, band)).collect();
            Part { of: *part, sides, pairs }
        })
        .collect()
}

fn side(route: BuyingRoute, own: &[&PricePoint]) -> Side {
    let of_route = || own.iter().filter(|point| point.route == route);
    let mut prices: Vec<i64> = of_route().map(|point| point.weekly.0).collect();
    prices.sort_unstable();
    let homes: BTreeSet<i64> = of_route().map(|point| point.home).collect();
    let count = Some(Count { placements: prices.len(), homes: homes.len() });
    let quartiles = (!prices.is_empty()).then(|| [1, 2, 3].map(|quarter| Pence(quantile_of(&prices, quarter, 4))));
    Side { route, count, quartiles, untold: None }
}

/// A quantile of sorted numbers with a straight line between two neighbours, to the nearest whole one.
fn quantile_of(sorted: &[i64], part: usize, of: usize) -> i64 {
    let last = sorted.len().saturating_sub(1);
    let (at, rest) = (last * part / of, last * part % of);
    let number = |at: usize| sorted.get(at).copied().unwrap_or_default();
    let (low, high) = (number(at), number((at + 1).min(last)));
    low + ((high - low) * rest as i64 * 2 + of as i64) / (of as i64 * 2)
}

fn compared(pair: Pair, sides: &[Side; 3], effects: [Option<usize>; 3], fit: &Fit, band: Band) -> Compared {
    let (base, other) = pair.routes();
    let at = |route: BuyingRoute| place(route).unwrap_or_default();
    let count = |route: BuyingRoute| sides[at(route)].count.unwrap_or_default();
    let counts = (count(base), count(other));
    let homes = counts.0.homes.min(counts.1.homes);
    let contrast = if homes >= FEWEST_HOMES { fit.contrast(effects[at(other)], effects[at(base)]) } else { None };
    let difference = contrast.map(|contrast| difference(contrast, homes - 1));
    Compared { pair, difference, verdict: verdict(counts, difference, band) }
}

/// The difference of two log prices as a share of the price, with intervals by Student's distribution: its freedom is
/// that of the side with fewer homes, less one, the careful choice where both sides vary in their own way.
fn difference(contrast: Contrast, freedom: usize) -> Difference {
    let share = |log: f64| (log.exp_m1() * 10_000.0).clamp(-1.0e9, 1.0e9);
    let interval = |p: f64| {
        let half = quantile(p, freedom as f64) * contrast.error;
        // Outwards, so that an interval that ends just beyond a line does not end on it.
        Interval {
            from: Hundredths(share(contrast.estimate - half).floor() as i64),
            to: Hundredths(share(contrast.estimate + half).ceil() as i64),
        }
    };
    Difference {
        estimate: Hundredths(share(contrast.estimate).round() as i64),
        ninety: interval(0.95),
        ninety_five: interval(0.975),
    }
}

/// The columns of the fit: traits first, then each part, then each part's spot purchases and blocks.
struct Design {
    columns: usize,
    rows: Vec<Row>,
    effects: Vec<[Option<usize>; 3]>,
}

impl Design {
    /// The effects of a part's routes against its FCA: none for the FCA itself.
    fn effects(&self, part: usize) -> [Option<usize>; 3] {
        self.effects.get(part).copied().unwrap_or_default()
    }

    fn of<G: Ord>(bought: &[&PricePoint], parts: &[G], part_of: impl Fn(&PricePoint) -> G) -> Self {
        let mut levels: BTreeMap<(usize, String), usize> = BTreeMap::new();
        for level in bought.iter().flat_map(|point| traits(point)) {
            levels.entry(level).or_default();
        }
        // The first level of each trait is what the others are measured against.
        let mut columns = 1;
        let mut before = None;
        for ((of, _), column) in &mut levels {
            if before == Some(*of) {
                *column = columns;
                columns += 1;
            }
            before = Some(*of);
        }
        let traits_end = columns;
        let effects: Vec<[Option<usize>; 3]> = (0..parts.len())
            .map(|part| {
                let own = traits_end + parts.len() - 1 + part * 2;
                [None, Some(own), Some(own + 1)]
            })
            .collect();
        let rows = bought
            .iter()
            .map(|point| {
                let part = parts.binary_search(&part_of(point)).unwrap_or_default();
                let mut ones = vec![0];
                ones.extend(traits(point).iter().filter_map(|level| levels.get(level)).filter(|column| **column > 0));
                ones.extend((part > 0).then(|| traits_end + part - 1));
                ones.extend(place(point.route).and_then(|route| effects[part][route]));
                Row { ones, value: (point.weekly.0 as f64).ln(), cluster: point.home }
            })
            .collect();
        Self { columns: traits_end + parts.len().saturating_sub(1) + parts.len() * 2, rows, effects }
    }
}

/// What is held alike: each trait with its level.
fn traits(point: &PricePoint) -> [(usize, String); 7] {
    [
        point.lot.clone(),
        point.need_band.clone(),
        point.age.code().to_owned(),
        point.education.to_string(),
        point.staffing.code().to_owned(),
        point.quarter.to_string(),
        point.notice.map_or("", NeededBy::code).to_owned(),
    ]
    .into_iter()
    .enumerate()
    .collect::<Vec<_>>()
    .try_into()
    .unwrap_or_default()
}

#[cfg(test)]
mod tests;
