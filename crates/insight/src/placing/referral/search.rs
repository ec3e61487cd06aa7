//! The search itself: [`super::sweep`] gives each home its reasons, those without any are ranked here.
//!
//! Whole numbers only. Nothing is written in words here; [`super::lines`] does that for the homes that are shown.

use placewell_domain::authority::{DistanceClass, distance_class};
use placewell_domain::place::{MilesTenths, Point, miles_tenths};
use placewell_domain::placing::referral::Tier;

use super::columns::{Gapped, Index, Lot, NOWHERE, UNPLACED, day_of};
use super::facts::BlockPlace;
use super::reason::{Reason, ReasonSet};
use super::{Order, Wanted};

/// A home that could meet the needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matched {
    /// Its row in the index.
    pub row: usize,
    /// How far, where both ends are known.
    pub distance: Option<MilesTenths>,
    /// In which tier it would be asked.
    pub tier: Tier,
}

/// What a search found: every home is in it, matched or left out with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The homes that could meet the needs, in the chosen order.
    pub matched: Vec<Matched>,
    /// Each home's reasons, by row; none for a matched home.
    pub reasons: Vec<ReasonSet>,
}

impl Found {
    /// How many homes are left out.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.reasons.len() - self.matched.len()
    }

    /// How many homes each reason leaves out; a home counts under each of its reasons.
    #[must_use]
    pub fn counts(&self) -> Vec<(Reason, usize)> {
        let count = |reason: Reason| self.reasons.iter().filter(|set| set.has(reason)).count();
        Reason::ALL.iter().map(|reason| (*reason, count(*reason))).filter(|(_, count)| *count > 0).collect()
    }
}

/// A search made ready: everything that is the same for all homes.
pub(super) struct Ready<'a> {
    pub index: &'a Index,
    pub lot: Option<&'a Lot>,
    pub own: u16,
    pub furthest: Option<i64>,
    pub from: i32,
    pub to: i32,
    classes: Vec<DistanceClass>,
    needs: u32,
    /// The rows of homes with a bed of a mini-block that is free to this authority for this child.
    vacancies: Vec<usize>,
}

/// The greatest square of metres whose distance in tenths of a mile is still within the limit: √s ÷ 160.93, rounded to
/// the nearest tenth, as `miles_tenths` has it.
fn furthest_square(limit_tenths: u32) -> i64 {
    let bound = 32_186 * (i128::from(limit_tenths) + 1) - 16_093;
    i64::try_from((bound * bound - 1) / 40_000).unwrap_or(i64::MAX)
}

/// The rows of homes with a bed of a mini-block on the lot wanted, free for the whole stay to the authority.
fn vacancies(index: &Index, wanted: &Wanted) -> Vec<usize> {
    let free = |place: &BlockPlace| place.vacant_for(wanted);
    let has = |row: &usize| index.facts.get(*row).is_some_and(|facts| facts.blocks.iter().any(free));
    index.blocked.iter().copied().filter(has).collect()
}

impl<'a> Ready<'a> {
    pub(super) fn new(index: &'a Index, wanted: &Wanted) -> Self {
        let position = |area| index.areas.iter().position(|held| *held == area).and_then(|at| u16::try_from(at).ok());
        let from = day_of(index.as_of, wanted.needed_on);
        Self {
            index,
            lot: index.lots.iter().find(|lot| lot.code == wanted.lot),
            classes: index.areas.iter().map(|area| distance_class(wanted.authority, *area, wanted.needed_on)).collect(),
            own: position(wanted.authority).unwrap_or(NOWHERE - 1),
            needs: wanted.needs.bits(),
            furthest: wanted.limit_tenths.map(furthest_square),
            vacancies: vacancies(index, wanted),
            from,
            to: from.saturating_add(i32::from(wanted.least_nights)),
        }
    }

    pub(super) fn tier(&self, row: usize) -> Tier {
        if self.index.owner[row] == self.own {
            return Tier::InHouse;
        }
        if self.vacancies.contains(&row) {
            return Tier::MiniBlock;
        }
        match self.lot {
            Some(lot) if lot.from[row] <= self.from && self.from < lot.until[row] => Tier::Fca,
            Some(_) | None => Tier::Spot,
        }
    }

    /// The homes with a bed of a mini-block that is free to this authority for this child.
    pub(super) fn vacancies(&self) -> &[usize] {
        &self.vacancies
    }

    /// How each of the index's areas stands to the authority.
    pub(super) fn classes(&self) -> &[DistanceClass] {
        &self.classes
    }

    pub(super) fn class(&self, row: usize) -> DistanceClass {
        self.classes.get(usize::from(self.index.area[row])).copied().unwrap_or(DistanceClass::AtADistance)
    }

    /// Which free nights count for this child.
    pub(super) fn gaps(&self, wanted: &Wanted) -> &'a Gapped {
        if wanted.solo { &self.index.empty } else { &self.index.shared }
    }

    pub(super) fn distance(&self, row: usize, origin: Option<Point>) -> Option<MilesTenths> {
        let (east, north) = (self.index.east[row], self.index.north[row]);
        let placed = (east != UNPLACED).then_some(Point { easting: east, northing: north })?;
        origin.map(|origin| miles_tenths(origin, placed))
    }

    /// The home's place in the order: one number that ends in its row, so that no two homes tie.
    fn key(&self, row: usize, distance: Option<MilesTenths>, wanted: &Wanted) -> u64 {
        let index = self.index;
        let tenths = u64::from(distance.map_or(0xFFFF, |miles| miles.0.min(0xFFFE)));
        let met = (index.meets[row] & self.needs).count_ones();
        let refused = (index.does_not[row] & self.needs).count_ones();
        let asked = self.needs.count_ones();
        let (missed, unknown) = (u64::from(asked - met), u64::from(asked - met - refused));
        let grade = u64::from(index.grade[row]);
        let (first, second) = match wanted.order {
            Order::Distance => (tenths, missed << 3 | grade),
            Order::Area => ((self.class(row) as u64) << 16 | tenths, missed << 3 | grade),
            Order::Needs => (missed << 6 | unknown, tenths),
            Order::Grade => (grade << 16 | tenths, missed),
            Order::BedFree => (self.free_day(row, wanted), tenths),
            Order::PriceBand => (missed << 16 | self.lot.map_or(0xFFFF, |lot| u64::from(lot.band[row])), tenths),
        };
        // A vacancy of the authority's own mini-block comes before all others, in whatever order (rule 5.5).
        let later = u64::from(!self.vacancies.contains(&row) || index.owner[row] == self.own);
        later << 63 | first << 40 | second << 24 | row as u64
    }

    fn free_day(&self, row: usize, wanted: &Wanted) -> u64 {
        let first = self.gaps(wanted).covering(row, self.from, self.to).unwrap_or(i32::MAX);
        u64::try_from(first).unwrap_or(0).min(0xFFFF)
    }
}

const ROW: u64 = (1 << 24) - 1;

impl Index {
    /// The homes that could meet the needs, ranked, and the reasons of all others. At most 16 million homes.
    #[must_use]
    pub fn search(&self, wanted: &Wanted) -> Found {
        let ready = Ready::new(self, wanted);
        let reasons = ready.sweep(wanted);
        let matching = reasons.iter().enumerate().filter(|(_, set)| set.is_empty()).map(|(row, _)| row);
        let ranked = |row| {
            let distance = ready.distance(row, wanted.origin);
            (ready.key(row, distance, wanted), distance)
        };
        let mut ranked: Vec<(u64, Option<MilesTenths>)> = matching.map(ranked).collect();
        ranked.sort_unstable_by_key(|(key, _)| *key);
        let matched = ranked
            .into_iter()
            .filter_map(|(key, distance)| Some((usize::try_from(key & ROW).ok()?, distance)))
            .map(|(row, distance)| Matched { row, distance, tier: ready.tier(row) })
            .collect();
        Found { matched, reasons }
    }
}
