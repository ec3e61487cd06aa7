//! Which placements that began, and which lost searches, can be told (rule 9.1): each number stands for at least five, in five
//! homes, and so does what is left when one is taken from another. The region's quarters are told beside one another, within
//! the last year and before it; authorities beside one another over both; an authority's quarters where each of them can be,
//! beside those of all others. As with prices, what a reader may read anyway hides nobody: only the others' are counted.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint};
use placewell_domain::placing::referral::{LostBy, LostSearches};
use placewell_domain::reporting::publication::{AT_LEAST, FEWER, Group};

use super::LEFT_OUT;
use super::share::{QuarterShare, quarter_shares, shares_in};
use super::telling::Behind;

/// The quarters of a year.
const A_YEAR: usize = 4;

/// A placement that began, or a search that was lost.
#[derive(Debug, Clone, Copy)]
struct Item {
    authority: OrganisationId,
    quarter: Date,
    /// Its place among the routes; nought, the arrangement's, for a search.
    route: usize,
    home: i64,
}

impl Item {
    const fn through(&self) -> bool {
        self.route == 0
    }
}

/// What stands behind several numbers of one name; those of nothing are left out.
#[derive(Debug, Clone)]
struct Cells<K>(BTreeMap<K, Behind>);

impl<K> Default for Cells<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord + Copy> Cells<K> {
    fn of<'a>(items: impl Iterator<Item = &'a Item>, key: impl Fn(&Item) -> K) -> Self {
        let mut cells = Self::default();
        for one in items {
            cells.0.entry(key(one)).or_default().add(one.home);
        }
        cells
    }

    /// Whether no number of it tells of fewer than five.
    fn safe(&self) -> bool {
        self.0.values().all(Behind::enough)
    }

    fn take_in(&mut self, other: &Self) {
        for (key, behind) in &other.0 {
            let held = self.0.entry(*key).or_default();
            *held = held.with(behind);
        }
    }
}

/// The names that can be told beside one another and beside the rest: those of which each number can be, without the smallest
/// that a number of the rest needs beside it. Where no name that is told has such a number, its sum is told nowhere.
fn told_beside<'a, N: Ord + Copy, K: Ord + Copy>(
    items: impl Iterator<Item = &'a Item>,
    name: impl Fn(&Item) -> N,
    key: impl Fn(&Item) -> K,
    mut rest: Cells<K>,
) -> BTreeSet<N> {
    let mut alone: BTreeMap<N, Cells<K>> = BTreeMap::new();
    for one in items {
        alone.entry(name(one)).or_default().0.entry(key(one)).or_default().add(one.home);
    }
    alone.retain(|_, cells| {
        let safe = cells.safe();
        if !safe {
            rest.take_in(cells);
        }
        safe
    });
    while let Some(joins) = needed(&alone, &rest) {
        if let Some(cells) = alone.remove(&joins) {
            rest.take_in(&cells);
        }
    }
    alone.into_keys().collect()
}

/// The name that joins the rest next, for the sake of a number there that is not enough; none where none is needed.
fn needed<N: Ord + Copy, K: Ord + Copy>(alone: &BTreeMap<N, Cells<K>>, rest: &Cells<K>) -> Option<N> {
    let mut few = rest.0.iter().filter(|(_, behind)| !behind.enough()).map(|(key, _)| key);
    few.find_map(|key| {
        let with = alone.iter().filter_map(|(name, cells)| Some((cells.0.get(key)?.size(), *name)));
        with.min().map(|(_, name)| name)
    })
}

/// Of which quarters and authorities the numbers can be told.
#[derive(Debug)]
struct Told {
    /// The quarters in which anything is, and the authorities of which.
    any: (BTreeSet<Date>, BTreeSet<OrganisationId>),
    /// The region before the last year, and in it.
    whole: bool,
    /// The region in the last year.
    year: bool,
    /// The region's quarters.
    quarters: BTreeSet<Date>,
    /// The quarters of the region in which the ways beside the arrangement cannot be told one by one.
    mixed: BTreeSet<Date>,
    /// The authorities, before the last year and in it.
    authorities: BTreeSet<OrganisationId>,
    /// The authorities of which each quarter can be told that can be told of the region.
    one_by_one: BTreeSet<OrganisationId>,
}

impl Told {
    fn of(items: &[Item], year: Date) -> Self {
        let late = |one: &Item| one.quarter >= year;
        let within = |period: bool| items.iter().filter(move |one| late(one) == period);
        let beside = |period| told_beside(within(period), |one| one.quarter, Item::through, Cells::default());
        let quarters: BTreeSet<Date> = beside(false).into_iter().chain(beside(true)).collect();
        let by_period = |one: &Item| (late(one), one.through());
        let authorities = told_beside(items.iter(), |one| one.authority, by_period, Cells::default());
        let by_quarter = |one: &Item| (late(one), quarters.get(&one.quarter).copied(), one.through());
        let (known, rest): (Vec<&Item>, Vec<&Item>) =
            items.iter().partition(|one| authorities.contains(&one.authority));
        let rest = Cells::of(rest.into_iter(), by_quarter);
        let one_by_one = told_beside(known.into_iter(), |one| one.authority, by_quarter, rest);
        Self {
            any: (items.iter().map(|one| one.quarter).collect(), items.iter().map(|one| one.authority).collect()),
            whole: Cells::of(items.iter(), by_period).safe(),
            year: Cells::of(within(true), Item::through).safe(),
            mixed: mixed(items, &quarters),
            quarters,
            authorities,
            one_by_one,
        }
    }

    /// Whether a quarter can be told, of the region or of an authority whose numbers are not the reader's own.
    fn tells(&self, of: Option<OrganisationId>, quarter: Date) -> bool {
        let here = !self.any.0.contains(&quarter) || self.quarters.contains(&quarter);
        here && of.is_none_or(|id| !self.any.1.contains(&id) || self.one_by_one.contains(&id))
    }

    /// Whether the last year and all before it can be told.
    fn tells_years(&self, of: Option<OrganisationId>) -> bool {
        of.map_or(self.whole, |id| !self.any.1.contains(&id) || self.authorities.contains(&id))
    }
}

/// The quarters in which spot purchases, blocks and own homes cannot be told one by one.
fn mixed(items: &[Item], quarters: &BTreeSet<Date>) -> BTreeSet<Date> {
    let (told, rest): (Vec<&Item>, Vec<&Item>) =
        items.iter().filter(|one| !one.through()).partition(|one| quarters.contains(&one.quarter));
    let rest = Cells::of(rest.into_iter(), |one| one.route);
    let apart = told_beside(told.iter().copied(), |one| one.quarter, |one| one.route, rest);
    told.into_iter().map(|one| one.quarter).filter(|quarter| !apart.contains(quarter)).collect()
}

/// How much is told of what began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tells {
    Each,
    Through,
    Nothing,
}

/// Placements that began, as they are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Began {
    /// Route by route in the order of [`BuyingRoute::ALL`]; none where it cannot be told.
    pub placements: [Option<u32>; 4],
    /// All of them; none where that cannot be told.
    pub all: Option<u32>,
    /// What stands in place of what cannot be told, where anything cannot.
    pub untold: Option<&'static str>,
}

impl Began {
    fn told(placements: [u32; 4], tells: Tells) -> Self {
        let all: u32 = placements.iter().sum();
        let [through, ..] = placements;
        match tells {
            Tells::Through if through < all => {
                Self { placements: [Some(through), None, None, None], all: Some(all), untold: Some(LEFT_OUT) }
            }
            Tells::Each | Tells::Through => Self { placements: placements.map(Some), all: Some(all), untold: None },
            Tells::Nothing => Self { placements: [None; 4], all: None, untold: Some(instead(all)) },
        }
    }

    /// Those of a route.
    #[must_use]
    pub fn of(&self, route: BuyingRoute) -> Option<u32> {
        let at = BuyingRoute::ALL.iter().position(|one| *one == route);
        at.and_then(|at| self.placements.get(at)).copied().flatten()
    }

    /// The share through the arrangement in thousandths; none where nothing began, or it cannot be told.
    #[must_use]
    pub fn thousandths(&self) -> Option<u32> {
        let (through, all) = (self.of(BuyingRoute::Arrangement)?, self.all?);
        (through * 1_000 + all / 2).checked_div(all)
    }
}

/// What stands in place of so many.
fn instead(count: u32) -> &'static str {
    if usize::try_from(count).is_ok_and(|count| count < AT_LEAST) { FEWER } else { LEFT_OUT }
}

/// A reason for which searches were lost: how, and its code.
type Why = (LostBy, String);

/// One quarter as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldQuarter {
    /// Its first day.
    pub quarter: Date,
    /// Placements that began in it.
    pub began: Began,
    /// Searches that the arrangement lost; none where it cannot be told how many.
    pub lost: Vec<((LostBy, String), Option<u32>)>,
}

/// How many searches were lost for a reason, as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToldLost {
    /// In all quarters.
    pub all: Option<u32>,
    /// In the last four.
    pub year: Option<u32>,
    /// What stands in place of both where they cannot be told.
    pub untold: Option<&'static str>,
}

/// The share of placements through the arrangement with the searches that it lost, as a reader may be told of them.
#[derive(Debug)]
pub struct Sharing<'a> {
    points: &'a [PricePoint],
    lost: &'a [LostSearches],
    own: Option<OrganisationId>,
    quarters: Vec<Date>,
    /// The first quarter of the last year.
    year: Date,
    began: Told,
    why: BTreeMap<Why, Told>,
}

impl<'a> Sharing<'a> {
    /// Of the whole region, with the reader's own authority where they may read its children anyway.
    #[must_use]
    pub fn new(points: &'a [PricePoint], lost: &'a [LostSearches], own: Option<OrganisationId>) -> Self {
        let quarters: Vec<Date> = quarter_shares(points, lost).iter().map(|share| share.quarter).collect();
        let year = quarters.iter().rev().nth(A_YEAR - 1).or(quarters.first()).copied().unwrap_or(Date::ZERO);
        let route = |point: &PricePoint| BuyingRoute::ALL.iter().position(|one| *one == point.route);
        let others = points.iter().filter(|point| Some(point.authority) != own);
        let items = others.map(|point| Item {
            authority: point.authority,
            quarter: point.quarter,
            route: route(point).unwrap_or_default(),
            home: point.home,
        });
        let items: Vec<Item> = items.collect();
        let why = searches(lost, own).into_iter().map(|(why, items)| (why, Told::of(&items, year))).collect();
        Self { points, lost, own, quarters, year, began: Told::of(&items, year), why }
    }

    fn shares(&self, of: Option<OrganisationId>) -> Vec<QuarterShare> {
        let Some(id) = of else { return shares_in(&self.quarters, self.points, self.lost) };
        let points: Vec<PricePoint> = self.points.iter().filter(|point| point.authority == id).cloned().collect();
        let lost: Vec<LostSearches> = self.lost.iter().filter(|one| one.authority == id).cloned().collect();
        shares_in(&self.quarters, &points, &lost)
    }

    /// What is told of a quarter.
    fn tells(&self, of: Option<OrganisationId>, quarter: Date) -> Tells {
        if of.is_some() && of == self.own {
            return Tells::Each;
        }
        match (self.began.tells(of, quarter), of) {
            (false, _) => Tells::Nothing,
            (true, None) if !self.began.mixed.contains(&quarter) => Tells::Each,
            (true, _) => Tells::Through,
        }
    }

    /// The quarters of the region or of one authority, the first one first.
    #[must_use]
    pub fn quarters(&self, of: Option<OrganisationId>) -> Vec<ToldQuarter> {
        let told = |share: QuarterShare| {
            let quarter = share.quarter;
            let lost = share.lost.into_iter().map(|(why, count)| {
                let tells = self.tells_lost(of, &why, |told| told.tells(of, quarter));
                (why, tells.then_some(count))
            });
            let lost = lost.collect();
            ToldQuarter { quarter, began: Began::told(share.placements, self.tells(of, quarter)), lost }
        };
        self.shares(of).into_iter().map(told).collect()
    }

    /// An authority over all quarters, and over the last four.
    #[must_use]
    pub fn authority(&self, id: OrganisationId) -> (Began, Began) {
        let tells = if self.own == Some(id) {
            Tells::Each
        } else if self.began.tells_years(Some(id)) {
            Tells::Through
        } else {
            Tells::Nothing
        };
        let shares = self.shares(Some(id));
        (Began::told(sum(&shares), tells), Began::told(sum(last_year(&shares)), tells))
    }

    /// The region over the last four quarters.
    #[must_use]
    pub fn last_year(&self) -> Began {
        let tells = if self.began.year { Tells::Through } else { Tells::Nothing };
        Began::told(sum(last_year(&self.shares(None))), tells)
    }

    /// Whether something of a reason is told: of one's own authority, or where the region's years and this can be.
    fn tells_lost(&self, of: Option<OrganisationId>, why: &Why, tells: impl Fn(&Told) -> bool) -> bool {
        let own = of.is_some() && of == self.own;
        own || self.why.get(why).is_none_or(|told| told.whole && tells(told))
    }

    /// How often searches of the region or of one authority were lost for a reason.
    #[must_use]
    pub fn lost(&self, of: Option<OrganisationId>, why: &Why) -> ToldLost {
        let wanted = |one: &&LostSearches| {
            of.is_none_or(|id| one.authority == id) && (one.by, one.reason.as_str()) == (why.0, why.1.as_str())
        };
        let found = || self.lost.iter().filter(wanted);
        let all: u32 = found().map(|one| one.count).sum();
        let year: u32 = found().filter(|one| one.quarter >= self.year).map(|one| one.count).sum();
        if self.tells_lost(of, why, |told| told.tells_years(of)) {
            return ToldLost { all: Some(all), year: Some(year), untold: None };
        }
        ToldLost { all: None, year: None, untold: Some(instead(all)) }
    }
}

/// The lost searches of all others, reason by reason; no two of them are in one home.
fn searches(lost: &[LostSearches], own: Option<OrganisationId>) -> BTreeMap<Why, Vec<Item>> {
    let mut found: BTreeMap<Why, Vec<Item>> = BTreeMap::new();
    let mut number = 0;
    for one in lost.iter().filter(|one| Some(one.authority) != own) {
        let items = found.entry((one.by, one.reason.clone())).or_default();
        for _ in 0..one.count {
            number += 1;
            items.push(Item { authority: one.authority, quarter: one.quarter, route: 0, home: number });
        }
    }
    found
}

fn last_year(shares: &[QuarterShare]) -> &[QuarterShare] {
    shares.get(shares.len().saturating_sub(A_YEAR)..).unwrap_or_default()
}

fn sum(shares: &[QuarterShare]) -> [u32; 4] {
    shares.iter().fold([0; 4], |mut sum, share| {
        for (all, more) in sum.iter_mut().zip(share.placements) {
            *all += more;
        }
        sum
    })
}

#[cfg(test)]
mod tests;
