//! Every home's reasons: one branchless pass for each column, so that the compiler tests several homes at a time and no
//! memory is taken for a home.

#![allow(clippy::needless_bitwise_bool, reason = "without a branch the compiler tests several homes at a time")]

use placewell_domain::authority::DistanceClass;
use placewell_domain::homes::home::{Grade, Need, Sex};
use placewell_domain::place::Point;
use placewell_domain::placing::referral::Tier;
use placewell_domain::placing::referral::profile::AvoidPlace;

use super::columns::UNPLACED;
use super::reason::{Reason, ReasonSet};
use super::search::Ready;
use super::{AreaLimit, Wanted};

const SOLO: u32 = 1 << Need::Solo as u32;
const GRADE_UNKNOWN: u8 = Grade::NotYetInspected as u8;

/// While the sweep runs, the highest bits say which free nights cover those needed: of any bed, of a bed beside others,
/// of an empty home.
const ANY: u32 = 1 << 29;
const SHARED: u32 = 1 << 30;
const EMPTY: u32 = 1 << 31;
const FREE: u32 = ANY | SHARED | EMPTY;
const _: () = assert!(Reason::ALL.len() <= 29, "the reasons leave the three highest bits free");

/// The reason's bit where the test holds, else nothing.
const fn when(holds: bool, reason: Reason) -> u32 {
    (holds as u32) << reason as u32
}

/// Adds to each row what its value in one column calls for.
fn by_column<V: Copy>(bits: &mut [u32], column: &[V], reasons: impl Fn(V) -> u32) {
    for (set, value) in bits.iter_mut().zip(column) {
        *set |= reasons(*value);
    }
}

/// The same for two columns together.
fn by_columns<V: Copy, W: Copy>(bits: &mut [u32], one: &[V], other: &[W], reasons: impl Fn(V, W) -> u32) {
    for ((set, one), other) in bits.iter_mut().zip(one).zip(other) {
        *set |= reasons(*one, *other);
    }
}

impl Ready<'_> {
    /// Every reason against each home, by row.
    pub(super) fn sweep(&self, wanted: &Wanted) -> Vec<ReasonSet> {
        let mut bits: Vec<u32> = self.index.fixed.iter().map(|set| set.bits()).collect();
        for row in wanted.exempted.iter().filter_map(|home| self.index.row(*home)) {
            bits[row] &= !when(true, Reason::Inadequate);
        }
        self.person(&mut bits, wanted);
        self.places(&mut bits, wanted);
        self.tiers(&mut bits, wanted);
        if let (Some(furthest), Some(origin)) = (self.furthest, wanted.origin) {
            self.too_far(&mut bits, origin, furthest);
        }
        self.beds(&mut bits, wanted.solo);
        self.mini_blocks(&mut bits, wanted);
        bits.into_iter().map(ReasonSet::from_bits).collect()
    }

    /// Age, sex, needs and grade.
    fn person(&self, bits: &mut [u32], wanted: &Wanted) {
        let (index, age) = (self.index, wanted.age);
        by_columns(bits, &index.age_from, &index.age_to, |from, to| when((age < from) | (age > to), Reason::Age));
        if let Some(sex) = wanted.sex {
            let sex = match sex {
                Sex::Female => 1,
                Sex::Male => 2,
            };
            by_column(bits, &index.sexes, |sexes| when(sexes & sex == 0, Reason::Sex));
        }
        let essential = wanted.essential.bits();
        let solo = if wanted.solo { SOLO } else { 0 };
        by_column(bits, &index.does_not, |refused| {
            when(refused & essential != 0, Reason::EssentialNeed) | when(refused & solo != 0, Reason::SoloNotOffered)
        });
        if let Some(worst) = wanted.worst_grade {
            let worst = worst as u8;
            by_column(bits, &index.grade, |grade| when((grade > worst) & (grade != GRADE_UNKNOWN), Reason::BelowGrade));
        }
    }

    /// Places to avoid, and the limit in the sense of regulation 11.
    fn places(&self, bits: &mut [u32], wanted: &Wanted) {
        let index = self.index;
        let limit = match wanted.areas {
            AreaLimit::Own => DistanceClass::InArea,
            AreaLimit::Adjoining => DistanceClass::Adjoining,
            AreaLimit::Any => DistanceClass::AtADistance,
        };
        let mut areas: Vec<u32> =
            self.classes().iter().map(|class| when(*class > limit, Reason::AreaLeftOut)).collect();
        let mut outcodes = vec![0; index.outcodes.len()];
        let avoid = when(true, Reason::PlaceToAvoid);
        for place in &wanted.avoid {
            let held = match place {
                AvoidPlace::Area(area) => index.areas.iter().position(|held| held == area).map(|at| &mut areas[at]),
                AvoidPlace::District(code) => {
                    index.outcodes.iter().position(|held| held == code).map(|at| &mut outcodes[at])
                }
                AvoidPlace::Home(home) => index.row(*home).and_then(|row| bits.get_mut(row)),
            };
            if let Some(set) = held {
                *set |= avoid;
            }
        }
        let of = |table: &[u32], at: u16| table.get(usize::from(at)).copied().unwrap_or(0);
        if areas.iter().any(|set| *set != 0) {
            by_column(bits, &index.area, |area| of(&areas, area));
        }
        if outcodes.iter().any(|set| *set != 0) {
            by_column(bits, &index.outcode, |outcode| of(&outcodes, outcode));
        }
    }

    /// The tier in which the home would be asked is not searched.
    fn tiers(&self, bits: &mut [u32], wanted: &Wanted) {
        let out = |tier: Tier| when(!wanted.tiers.contains(&tier), Reason::TierLeftOut);
        let (in_house, fca, spot) = (out(Tier::InHouse), out(Tier::Fca), out(Tier::Spot));
        if in_house | fca | spot == 0 {
            return;
        }
        let (own, day) = (self.own, self.from);
        let one = |held: bool, yes: u32, no: u32| if held { yes } else { no };
        match self.lot {
            None => by_column(bits, &self.index.owner, |owner| one(owner == own, in_house, spot)),
            Some(lot) => {
                for (((set, owner), from), until) in
                    bits.iter_mut().zip(&self.index.owner).zip(&lot.from).zip(&lot.until)
                {
                    let bought = one((*from <= day) & (day < *until), fca, spot);
                    *set |= one(*owner == own, in_house, bought);
                }
            }
        }
    }

    /// A vacancy of the authority's own mini-block has a bed, and stands in a tier of its own.
    fn mini_blocks(&self, bits: &mut [u32], wanted: &Wanted) {
        let beds = [Reason::NoBedFree, Reason::OthersLiveThere, Reason::SoloResident];
        let has_bed = beds.into_iter().fold(0, |set, reason| set | when(true, reason));
        for row in self.vacancies() {
            let Some(set) = bits.get_mut(*row) else { continue };
            *set &= !has_bed;
            if self.tier(*row) == Tier::MiniBlock {
                let out = when(!wanted.tiers.contains(&Tier::MiniBlock), Reason::TierLeftOut);
                *set = (*set & !when(true, Reason::TierLeftOut)) | out;
            }
        }
    }

    fn too_far(&self, bits: &mut [u32], origin: Point, furthest: i64) {
        let square = |a: i32, b: i32| (i64::from(a) - i64::from(b)).pow(2);
        by_columns(bits, &self.index.east, &self.index.north, |east, north| {
            // An unknown place is far beyond the whole numbers, and then not counted.
            let far = square(east, origin.easting).wrapping_add(square(north, origin.northing)) > furthest;
            when(far & (east != UNPLACED), Reason::TooFar)
        });
    }

    /// No bed, or none for a child who lives alone, or with one.
    fn beds(&self, bits: &mut [u32], solo: bool) {
        let index = self.index;
        index.any.mark_covering(self.from, self.to, ANY, bits);
        index.shared.mark_covering(self.from, self.to, SHARED, bits);
        let fits = if solo {
            index.empty.mark_covering(self.from, self.to, EMPTY, bits);
            EMPTY
        } else {
            SHARED
        };
        let (no_bed, others) = (when(true, Reason::NoBedFree), when(true, Reason::OthersLiveThere));
        let alone = when(true, Reason::SoloResident);
        let one = |held: bool, yes: u32, no: u32| if held { yes } else { no };
        for set in bits {
            let free = *set & FREE;
            let blocked = one(free & SHARED != 0, others, alone);
            let unfit = one(free & ANY != 0, blocked, no_bed);
            *set = (*set & !FREE) | one(free & fits != 0, 0, unfit);
        }
    }
}
