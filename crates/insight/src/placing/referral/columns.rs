//! The homes as columns: what a search tests stands in plain arrays, in the order of the homes' numbers, so that a
//! search is one pass and its order does not depend on how the homes came in.

use std::collections::HashMap;

use jiff::civil::Date;
use placewell_domain::authority::AreaCode;
use placewell_domain::homes::home::{Ages, Grade, HomeState, RegisteredSex};
use placewell_domain::homes::price::price_band;
use placewell_domain::homes::standing::Standing;
use placewell_domain::id::HomeId;
use placewell_domain::nights::{Nights, days_between};
use placewell_domain::place::Outcode;

use super::facts::HomeFacts;
use super::reason::{Reason, ReasonSet};

/// No such value in an interned column.
pub(super) const NOWHERE: u16 = u16::MAX;
/// An unknown coordinate.
pub(super) const UNPLACED: i32 = i32::MIN;

/// Homes ready to be searched, as they were known on one day.
#[derive(Debug, Clone)]
pub struct Index {
    pub(super) facts: Vec<HomeFacts>,
    pub(super) as_of: Date,
    pub(super) fixed: Vec<ReasonSet>,
    pub(super) age_from: Vec<u8>,
    pub(super) age_to: Vec<u8>,
    pub(super) sexes: Vec<u8>,
    pub(super) meets: Vec<u32>,
    pub(super) does_not: Vec<u32>,
    pub(super) grade: Vec<u8>,
    pub(super) east: Vec<i32>,
    pub(super) north: Vec<i32>,
    pub(super) areas: Vec<AreaCode>,
    pub(super) area: Vec<u16>,
    pub(super) owner: Vec<u16>,
    pub(super) outcodes: Vec<Outcode>,
    pub(super) outcode: Vec<u16>,
    pub(super) lots: Vec<Lot>,
    pub(super) any: Gapped,
    pub(super) shared: Gapped,
    pub(super) empty: Gapped,
    /// The homes with beds of a mini-block: few.
    pub(super) blocked: Vec<usize>,
    rows: HashMap<HomeId, usize>,
}

/// One lot: for each home its days on it and the band of its price.
#[derive(Debug, Clone)]
pub(super) struct Lot {
    pub code: String,
    pub from: Vec<i32>,
    pub until: Vec<i32>,
    pub band: Vec<u16>,
}

/// The free nights of all homes, one after the other, as days from the index's day.
#[derive(Debug, Clone, Default)]
pub(super) struct Gapped {
    start: Vec<u32>,
    spans: Vec<(i32, i32)>,
    /// Each home's first gap, the only one of most homes: its first night and the night after its last.
    first_from: Vec<i32>,
    first_until: Vec<i32>,
    /// The rows with more gaps than one.
    several: Vec<usize>,
}

impl Gapped {
    fn push(&mut self, gaps: &[Nights], as_of: Date) {
        if self.start.is_empty() {
            self.start.push(0);
        }
        let (from, until) = match gaps.first() {
            Some(gap) => (day_of(as_of, gap.from()), day_of(as_of, gap.to())),
            None => (i32::MAX, i32::MIN),
        };
        if gaps.len() > 1 {
            self.several.push(self.first_from.len());
        }
        self.first_from.push(from);
        self.first_until.push(until);
        self.spans.extend(gaps.iter().map(|gap| (day_of(as_of, gap.from()), day_of(as_of, gap.to()))));
        self.start.push(u32::try_from(self.spans.len()).unwrap_or(u32::MAX));
    }

    fn of(&self, row: usize) -> &[(i32, i32)] {
        let at = |index: usize| self.start.get(index).map_or(0, |start| *start as usize);
        self.spans.get(at(row)..at(row + 1)).unwrap_or_default()
    }

    /// Sets `bit` in the row of each home with a gap that covers the nights `[from, to)`.
    #[allow(clippy::needless_bitwise_bool, reason = "without a branch the compiler tests several homes at a time")]
    pub(super) fn mark_covering(&self, from: i32, to: i32, bit: u32, bits: &mut [u32]) {
        for ((held, first), until) in bits.iter_mut().zip(&self.first_from).zip(&self.first_until) {
            *held |= u32::from((*first <= from) & (to <= *until)) * bit;
        }
        for row in &self.several {
            if self.covering(*row, from, to).is_some()
                && let Some(held) = bits.get_mut(*row)
            {
                *held |= bit;
            }
        }
    }

    /// The first night of a gap that covers the nights `[from, to)`; the earliest where several do.
    pub(super) fn covering(&self, row: usize, from: i32, to: i32) -> Option<i32> {
        self.of(row).iter().find(|gap| gap.0 <= from && to <= gap.1).map(|gap| gap.0)
    }

    /// The first night not before `from` on which a gap of that many nights begins or goes on.
    pub(super) fn next(&self, row: usize, from: i32, nights: i32) -> Option<i32> {
        self.of(row)
            .iter()
            .filter(|gap| gap.1.saturating_sub(gap.0.max(from)) >= nights)
            .map(|gap| gap.0.max(from))
            .min()
    }
}

/// Days from the index's day, held in 32 bits.
pub(super) fn day_of(as_of: Date, day: Date) -> i32 {
    let days = days_between(as_of, day);
    i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX })
}

/// Gives each distinct value a small number.
fn intern<T: PartialEq + Clone>(values: &mut Vec<T>, value: &T) -> u16 {
    let at = values.iter().position(|held| held == value).unwrap_or_else(|| {
        values.push(value.clone());
        values.len() - 1
    });
    u16::try_from(at).unwrap_or(NOWHERE)
}

impl Index {
    /// Builds the columns for homes as they were known on this day. Homes are held in the order of their numbers.
    #[must_use]
    pub fn new(as_of: Date, mut facts: Vec<HomeFacts>) -> Self {
        facts.sort_by(|a, b| (&a.home.urn, a.home.id).cmp(&(&b.home.urn, b.home.id)));
        let mut index = Self::empty(as_of, facts.len());
        for (row, home) in facts.iter().enumerate() {
            index.rows.insert(home.home.id, row);
            if !home.blocks.is_empty() {
                index.blocked.push(row);
            }
            index.push(home);
        }
        index.lots = lots_of(&facts, as_of);
        index.facts = facts;
        index
    }

    fn empty(as_of: Date, homes: usize) -> Self {
        Self {
            facts: Vec::new(),
            as_of,
            fixed: Vec::with_capacity(homes),
            age_from: Vec::with_capacity(homes),
            age_to: Vec::with_capacity(homes),
            sexes: Vec::with_capacity(homes),
            meets: Vec::with_capacity(homes),
            does_not: Vec::with_capacity(homes),
            grade: Vec::with_capacity(homes),
            east: Vec::with_capacity(homes),
            north: Vec::with_capacity(homes),
            areas: Vec::new(),
            area: Vec::with_capacity(homes),
            owner: Vec::with_capacity(homes),
            outcodes: Vec::new(),
            outcode: Vec::with_capacity(homes),
            lots: Vec::new(),
            any: Gapped::default(),
            shared: Gapped::default(),
            empty: Gapped::default(),
            blocked: Vec::new(),
            rows: HashMap::with_capacity(homes),
        }
    }

    fn push(&mut self, facts: &HomeFacts) {
        let home = &facts.home;
        self.fixed.push(fixed_reasons(facts));
        let ages = home.ages.unwrap_or(Ages { from: 0, to: u8::MAX });
        self.age_from.push(ages.from);
        self.age_to.push(ages.to);
        self.sexes.push(match home.sex {
            Some(RegisteredSex::Female) => 1,
            Some(RegisteredSex::Male) => 2,
            Some(RegisteredSex::Any) | None => 3,
        });
        self.meets.push(home.answers.meets.without(home.answers.does_not).bits());
        self.does_not.push(home.answers.does_not.bits());
        self.grade.push(facts.grade as u8);
        self.east.push(home.point.map_or(UNPLACED, |point| point.easting));
        self.north.push(home.point.map_or(UNPLACED, |point| point.northing));
        let area = intern(&mut self.areas, &home.area);
        self.area.push(area);
        self.owner.push(if home.in_house_of(home.area) { area } else { NOWHERE });
        let outcode = home.postcode.as_ref().map_or(NOWHERE, |code| intern(&mut self.outcodes, code.outcode()));
        self.outcode.push(outcode);
        self.any.push(&facts.gaps.any, self.as_of);
        self.shared.push(&facts.gaps.shared, self.as_of);
        self.empty.push(&facts.gaps.empty, self.as_of);
    }

    /// How many homes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The day on which the homes were known so.
    #[must_use]
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// The home in a row of an answer.
    #[must_use]
    pub fn home(&self, row: usize) -> Option<&HomeFacts> {
        self.facts.get(row)
    }

    /// The row of a home.
    #[must_use]
    pub fn row(&self, home: HomeId) -> Option<usize> {
        self.rows.get(&home).copied()
    }
}

/// Reasons that hold for every search of the day.
fn fixed_reasons(facts: &HomeFacts) -> ReasonSet {
    let open = matches!(facts.home.state, HomeState::Registered { .. });
    ReasonSet::NONE
        .when(!open, Reason::NotRegistered)
        .when(facts.restricted_since.is_some(), Reason::RestrictionNotice)
        .when(facts.grade == Grade::Inadequate, Reason::Inadequate)
        .when(matches!(facts.standing, Standing::Suspended | Standing::Removed), Reason::StandingLost)
        .when(facts.home.short_breaks_only, Reason::ShortBreaks)
}

fn lots_of(facts: &[HomeFacts], as_of: Date) -> Vec<Lot> {
    let mut lots: Vec<Lot> = Vec::new();
    for (row, home) in facts.iter().enumerate() {
        for place in &home.lots {
            let at = lots.iter().position(|lot| lot.code == place.lot).unwrap_or_else(|| {
                let homes = facts.len();
                lots.push(Lot {
                    code: place.lot.clone(),
                    from: vec![i32::MAX; homes],
                    until: vec![i32::MIN; homes],
                    band: vec![NOWHERE; homes],
                });
                lots.len() - 1
            });
            let Some(lot) = lots.get_mut(at) else { continue };
            let from = day_of(as_of, place.from);
            // A later admission to the same lot waits until the earlier has ended: the earlier one is kept.
            if from < lot.from[row] {
                lot.from[row] = from;
                lot.until[row] = day_of(as_of, place.until);
                lot.band[row] = place
                    .weekly
                    .map_or(NOWHERE, |weekly| u16::try_from(price_band(weekly).0 / 50_000).unwrap_or(NOWHERE));
            }
        }
    }
    lots
}
