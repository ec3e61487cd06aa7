//! The search itself: one pass over the columns gives each home its reasons, those without any are ranked.
//!
//! Whole numbers only. Nothing is written in words here; [`super::lines`] does that for the homes that are shown.

use placewell_domain::authority::{DistanceClass, distance_class};
use placewell_domain::homes::home::{Need, Sex};
use placewell_domain::place::{MilesTenths, Point, miles_tenths};
use placewell_domain::placing::referral::Tier;
use placewell_domain::placing::referral::profile::AvoidPlace;

use super::columns::{Gapped, Index, Lot, NOWHERE, UNPLACED, day_of};
use super::reason::{Reason, ReasonSet};
use super::{AreaLimit, Order, Wanted};

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
    index: &'a Index,
    lot: Option<&'a Lot>,
    classes: Vec<DistanceClass>,
    own: u16,
    avoid_areas: Vec<bool>,
    avoid_outcodes: Vec<bool>,
    essential: u32,
    needs: u32,
    sex: u8,
    tiers: u8,
    worst_grade: u8,
    area_limit: DistanceClass,
    furthest: Option<i64>,
    from: i32,
    to: i32,
}

const fn tier_bit(tier: Tier) -> u8 {
    1 << tier as u8
}

/// The greatest square of metres whose distance in tenths of a mile is still within the limit: √s ÷ 160.93, rounded to
/// the nearest tenth, as `miles_tenths` has it.
fn furthest_square(limit_tenths: u32) -> i64 {
    let bound = 32_186 * (i128::from(limit_tenths) + 1) - 16_093;
    i64::try_from((bound * bound - 1) / 40_000).unwrap_or(i64::MAX)
}

impl<'a> Ready<'a> {
    pub(super) fn new(index: &'a Index, wanted: &Wanted) -> Self {
        let position = |area| index.areas.iter().position(|held| *held == area).and_then(|at| u16::try_from(at).ok());
        let from = day_of(index.as_of, wanted.needed_on);
        let avoids = |place: &AvoidPlace| wanted.avoid.contains(place);
        Self {
            index,
            lot: index.lots.iter().find(|lot| lot.code == wanted.lot),
            classes: index.areas.iter().map(|area| distance_class(wanted.authority, *area, wanted.needed_on)).collect(),
            own: position(wanted.authority).unwrap_or(NOWHERE - 1),
            avoid_areas: index.areas.iter().map(|area| avoids(&AvoidPlace::Area(*area))).collect(),
            avoid_outcodes: index.outcodes.iter().map(|code| avoids(&AvoidPlace::District(code.clone()))).collect(),
            essential: wanted.essential.bits(),
            needs: wanted.needs.bits(),
            sex: match wanted.sex {
                Some(Sex::Female) => 1,
                Some(Sex::Male) => 2,
                None => 3,
            },
            tiers: wanted.tiers.iter().fold(0, |bits, tier| bits | tier_bit(*tier)),
            worst_grade: wanted.worst_grade.map_or(u8::MAX, |grade| grade as u8),
            area_limit: match wanted.areas {
                AreaLimit::Own => DistanceClass::InArea,
                AreaLimit::Adjoining => DistanceClass::Adjoining,
                AreaLimit::Any => DistanceClass::AtADistance,
            },
            furthest: wanted.limit_tenths.map(furthest_square),
            from,
            to: from.saturating_add(i32::from(wanted.least_nights)),
        }
    }

    pub(super) fn tier(&self, row: usize) -> Tier {
        if self.index.owner[row] == self.own {
            return Tier::InHouse;
        }
        match self.lot {
            Some(lot) if lot.from[row] <= self.from && self.from < lot.until[row] => Tier::Fca,
            Some(_) | None => Tier::Spot,
        }
    }

    pub(super) fn class(&self, row: usize) -> DistanceClass {
        self.classes.get(usize::from(self.index.area[row])).copied().unwrap_or(DistanceClass::AtADistance)
    }

    /// Every reason against the home in this row.
    fn reasons(&self, row: usize, wanted: &Wanted) -> ReasonSet {
        let index = self.index;
        let does_not = index.does_not[row];
        let flag = |flags: &[bool], at: u16| flags.get(usize::from(at)).copied().unwrap_or(false);
        let avoided = flag(&self.avoid_areas, index.area[row]) || flag(&self.avoid_outcodes, index.outcode[row]);
        let graded = index.grade[row] <= self.worst_grade || index.grade[row] == GRADE_UNKNOWN;
        let set = index.fixed[row]
            .when(wanted.age < index.age_from[row] || wanted.age > index.age_to[row], Reason::Age)
            .when(wanted.sex.is_some() && self.sex & index.sexes[row] == 0, Reason::Sex)
            .when(avoided, Reason::PlaceToAvoid)
            .when(does_not & self.essential != 0, Reason::EssentialNeed)
            .when(!graded, Reason::BelowGrade)
            .when(self.tiers & tier_bit(self.tier(row)) == 0, Reason::TierLeftOut)
            .when(self.class(row) > self.area_limit, Reason::AreaLeftOut)
            .when(self.too_far(row, wanted.origin), Reason::TooFar);
        self.bed_reasons(set, row, wanted)
    }

    fn too_far(&self, row: usize, origin: Option<Point>) -> bool {
        let (Some(furthest), Some(origin)) = (self.furthest, origin) else { return false };
        let (east, north) = (self.index.east[row], self.index.north[row]);
        let square = |a: i32, b: i32| (i64::from(a) - i64::from(b)).pow(2);
        east != UNPLACED && square(east, origin.easting) + square(north, origin.northing) > furthest
    }

    fn bed_reasons(&self, set: ReasonSet, row: usize, wanted: &Wanted) -> ReasonSet {
        let solo_refused = wanted.solo && self.index.does_not[row] & SOLO != 0;
        let set = set.when(solo_refused, Reason::SoloNotOffered);
        let fits = |gaps: &Gapped| gaps.covering(row, self.from, self.to).is_some();
        if fits(self.gaps(wanted)) {
            return set;
        }
        if !fits(&self.index.any) {
            return set.when(true, Reason::NoBedFree);
        }
        set.when(
            true,
            if wanted.solo && fits(&self.index.shared) { Reason::OthersLiveThere } else { Reason::SoloResident },
        )
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
        first << 40 | second << 24 | row as u64
    }

    fn free_day(&self, row: usize, wanted: &Wanted) -> u64 {
        let first = self.gaps(wanted).covering(row, self.from, self.to).unwrap_or(i32::MAX);
        u64::try_from(first).unwrap_or(0).min(0xFFFF)
    }
}

const SOLO: u32 = 1 << Need::Solo as u32;
const GRADE_UNKNOWN: u8 = placewell_domain::homes::home::Grade::NotYetInspected as u8;
const ROW: u64 = (1 << 24) - 1;

impl Index {
    /// The homes that could meet the needs, ranked, and the reasons of all others. At most 16 million homes.
    #[must_use]
    pub fn search(&self, wanted: &Wanted) -> Found {
        let ready = Ready::new(self, wanted);
        let mut reasons: Vec<ReasonSet> = (0..self.len()).map(|row| ready.reasons(row, wanted)).collect();
        for place in &wanted.avoid {
            if let AvoidPlace::Home(home) = place
                && let Some(set) = self.row(*home).and_then(|row| reasons.get_mut(row))
            {
                *set = set.when(true, Reason::PlaceToAvoid);
            }
        }
        let matching = reasons.iter().enumerate().filter(|(_, set)| set.is_empty()).map(|(row, _)| row);
        let mut keys: Vec<u64> =
            matching.map(|row| ready.key(row, ready.distance(row, wanted.origin), wanted)).collect();
        keys.sort_unstable();
        let matched = keys
            .into_iter()
            .filter_map(|key| usize::try_from(key & ROW).ok())
            .map(|row| Matched { row, distance: ready.distance(row, wanted.origin), tier: ready.tier(row) })
            .collect();
        Found { matched, reasons }
    }
}
