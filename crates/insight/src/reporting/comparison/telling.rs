//! Which prices can be told, and of how many placements in how many homes (rule 9.1): what is told of a route stands for at
//! least five placements in five homes, and so does whatever is left when it is taken from a wider figure, of the region or of
//! all lots, needs or ages.
//!
//! What a reader may read anyway, the prices of their own authority, hides nobody: only the others' are counted.

use std::collections::{BTreeMap, BTreeSet};

use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint};
use placewell_domain::reporting::publication::{AT_LEAST, Group, split};

use super::Side;

/// The traits by which what is compared is narrowed: lot, band of need, age.
const TRAITS: usize = 3;

/// What was chosen of each trait, by its code.
pub type Chosen<'a> = [Option<&'a str>; TRAITS];

fn traits(point: &PricePoint) -> [&str; TRAITS] {
    [&point.lot, &point.need_band, point.age.code()]
}

/// The placements that stand behind a figure, in how many homes.
#[derive(Debug, Clone, Default)]
pub(super) struct Behind {
    placements: usize,
    homes: BTreeSet<i64>,
}

impl Behind {
    fn of(points: &[&PricePoint]) -> Self {
        Self { placements: points.len(), homes: points.iter().map(|point| point.home).collect() }
    }

    /// One more, in this home.
    pub(super) fn add(&mut self, home: i64) {
        self.placements += 1;
        self.homes.insert(home);
    }
}

impl Group for Behind {
    fn with(&self, other: &Self) -> Self {
        let homes = self.homes.union(&other.homes).copied().collect();
        Self { placements: self.placements + other.placements, homes }
    }

    fn enough(&self) -> bool {
        self.placements >= AT_LEAST && self.homes.len() >= AT_LEAST
    }

    fn holds_any(&self) -> bool {
        self.placements > 0
    }

    fn size(&self) -> (usize, usize) {
        (self.placements, self.homes.len())
    }
}

/// Those of several names that can be told beside one another.
fn told_beside<'a, K: Ord + Copy>(points: &[&'a PricePoint], name: impl Fn(&'a PricePoint) -> K) -> BTreeSet<K> {
    let mut named: BTreeMap<K, Behind> = BTreeMap::new();
    for &point in points {
        named.entry(name(point)).or_default().add(point.home);
    }
    split(named, Behind::default()).0.into_keys().collect()
}

/// By which of the chosen traits a figure is narrowed.
type Narrowed = [bool; TRAITS];

/// Says of each figure whether it can be told.
pub struct Telling<'a, G, F> {
    others: Vec<&'a PricePoint>,
    chosen: Chosen<'a>,
    part_of: F,
    told: BTreeMap<(Narrowed, Option<G>, BuyingRoute), bool>,
    beside: BTreeMap<(Narrowed, BuyingRoute), BTreeSet<G>>,
}

impl<'a, G: Ord + Copy, F: Fn(&PricePoint) -> G> Telling<'a, G, F> {
    /// Of all the points that can be chosen from, with the reader's own authority where its prices are theirs to read.
    pub fn new(points: &'a [PricePoint], own: Option<OrganisationId>, chosen: Chosen<'a>, part_of: F) -> Self {
        let others = points.iter().filter(|point| Some(point.authority) != own && point.weekly > Pence::ZERO);
        Self { others: others.collect(), chosen, part_of, told: BTreeMap::new(), beside: BTreeMap::new() }
    }

    /// Leaves out what cannot be told of a part, or of the whole region: how many, in how many homes, at which prices.
    pub fn keep(&mut self, part: Option<G>, sides: &mut [Side]) {
        let narrowed = self.chosen.map(|chosen| chosen.is_some());
        for side in sides.iter_mut().filter(|side| side.quartiles.is_some()) {
            if !self.told(narrowed, part, side.route) {
                side.leave_out();
            }
        }
    }

    /// Whether a figure can be told: enough stands behind it, and it can be told beside what it is divided with in every way
    /// that the reader may divide by, within a figure that can be told itself.
    pub(super) fn told(&mut self, narrowed: Narrowed, part: Option<G>, route: BuyingRoute) -> bool {
        if let Some(known) = self.told.get(&(narrowed, part, route)) {
            return *known;
        }
        let own = self.within(narrowed, part, route);
        let told = own.is_empty()
            || (Behind::of(&own).enough()
                && (0..TRAITS).filter(|at| narrowed[*at]).all(|at| self.beside_others(narrowed, part, route, at))
                && part.is_none_or(|name| self.beside_parts(narrowed, name, route)));
        self.told.insert((narrowed, part, route), told);
        told
    }

    fn within(&self, narrowed: Narrowed, part: Option<G>, route: BuyingRoute) -> Vec<&'a PricePoint> {
        let stands = |point: &&PricePoint| {
            let is = traits(point);
            point.route == route
                && part.is_none_or(|part| (self.part_of)(point) == part)
                && (0..TRAITS).all(|at| !narrowed[at] || self.chosen[at].is_none_or(|chosen| is[at] == chosen))
        };
        self.others.iter().copied().filter(stands).collect()
    }

    /// Beside what has another value of one trait.
    fn beside_others(&mut self, narrowed: Narrowed, part: Option<G>, route: BuyingRoute, at: usize) -> bool {
        let mut wider = narrowed;
        wider[at] = false;
        let alone = told_beside(&self.within(wider, part, route), |point| traits(point)[at]);
        self.chosen[at].is_none_or(|chosen| alone.contains(chosen)) && self.told(wider, part, route)
    }

    /// Beside the other parts of the region.
    fn beside_parts(&mut self, narrowed: Narrowed, name: G, route: BuyingRoute) -> bool {
        let known = self.beside.get(&(narrowed, route)).map(|alone| alone.contains(&name));
        let beside = known.unwrap_or_else(|| {
            let alone = told_beside(&self.within(narrowed, None, route), &self.part_of);
            let beside = alone.contains(&name);
            self.beside.insert((narrowed, route), alone);
            beside
        });
        beside && self.told(narrowed, None, route)
    }
}
