//! Who slept in which bed, from the arrangement's first day to today: bed by bed, backwards from today, so that no two
//! stays meet in one bed. About 80% of places are taken, 13% out of service or kept empty for a child who lives alone.

use jiff::civil::{Date, date};
use placewell_domain::authority::{DistanceClass, distance_class};
use placewell_domain::homes::home::Sector;
use placewell_domain::nights::{days_between, plus_days};
use placewell_domain::placing::occupancy::ClosedReason;

use super::authorities::PARTS;
use super::chance::Chance;
use super::homes::{HomePlan, Homes};
use super::{Scale, TODAY, prices};

/// The arrangement's first day.
pub const TERM_START: Date = date(2018, 12, 15);

/// By which contract a child lives there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum Contract {
    /// Through the arrangement.
    Arrangement,
    /// Spot purchase.
    Spot,
    /// A block contract.
    Block,
    /// An authority's own home.
    InHouse,
    /// Placed by somebody outside the region.
    Elsewhere,
}

/// One stay.
#[derive(Debug, Clone, serde::Serialize)]
pub struct StayPlan {
    /// The home's place in the list.
    pub home: usize,
    /// The bed, from 0.
    pub bed: u8,
    /// The first night.
    pub from: Date,
    /// The day after the last night; none while it goes on.
    pub to: Option<Date>,
    /// By which contract.
    pub contract: Contract,
    /// The placing authority's place in the list; none for a child from elsewhere.
    pub part: Option<usize>,
    /// The lot it was bought on.
    pub lot: &'static str,
    /// Whether the child lives there alone.
    pub solo: bool,
    /// The whole price a week, in pounds.
    pub price: i64,
    /// The mini-block whose bed it is, by its place in the list.
    pub block: Option<usize>,
}

impl StayPlan {
    /// Whether it goes on today.
    pub fn live(&self) -> bool {
        self.to.is_none()
    }
}

/// A bed that nobody can use.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ClosedPlan {
    /// The home's place in the list.
    pub home: usize,
    /// The bed, from 0.
    pub bed: u8,
    /// The first night.
    pub from: Date,
    /// The day after the last night, where it is known.
    pub to: Option<Date>,
    /// Why.
    pub reason: ClosedReason,
}

/// Stays and closed beds.
#[derive(Debug, Clone, Default)]
pub struct Stays {
    /// The stays, home by home and bed by bed, the latest first.
    pub stays: Vec<StayPlan>,
    /// Closed beds.
    pub closed: Vec<ClosedPlan>,
}

/// What becomes of each bed today.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Today {
    Free,
    Taken,
    Solo,
    Blocked,
    Closed,
    /// Free since before the story begins.
    Kept,
}

/// Makes them. So many of the `kept` homes' first rooms stay free, for the story.
pub fn plan(homes: &Homes, scale: Scale, kept: &[(usize, usize)]) -> Stays {
    let mut chance = Chance::of("stays");
    let mut beds = today(&homes.homes, kept, &mut chance);
    let mut quotas = Quotas::of(scale);
    let mut plan = Stays::default();
    // Homes that only one contract can fill come first, so that each contract finds its beds.
    let mut order: Vec<usize> = (0..homes.homes.len()).collect();
    order.sort_by_key(|at| {
        let home = &homes.homes[*at];
        (home.sector != Sector::LocalAuthority, home.lots.is_empty(), *at)
    });
    for at in order {
        for (bed, state) in std::mem::take(&mut beds[at]).into_iter().enumerate() {
            let place = Place { at, home: &homes.homes[at], bed: u8::try_from(bed).unwrap_or(u8::MAX) };
            one_bed(&place, state, &mut quotas, &mut plan, &mut chance);
        }
    }
    plan
}

struct Place<'a> {
    at: usize,
    home: &'a HomePlan,
    bed: u8,
}

fn one_bed(place: &Place<'_>, state: Today, quotas: &mut Quotas, plan: &mut Stays, chance: &mut Chance) {
    let mut free_until = match state {
        Today::Taken | Today::Solo => {
            let stay = live(place, state == Today::Solo, quotas, chance);
            let from = stay.from;
            plan.stays.push(stay);
            from
        }
        Today::Closed => {
            let from = plus_days(TODAY, -chance.between(3, 120));
            let to = chance.percent(60).then(|| plus_days(TODAY, chance.between(5, 90)));
            let reasons =
                [ClosedReason::NoStaff, ClosedReason::Repair, ClosedReason::ResidentNeeds, ClosedReason::Regulator];
            let reason = reasons[chance.weighted(&[50, 25, 20, 5])];
            plan.closed.push(ClosedPlan { home: place.at, bed: place.bed, from, to, reason });
            from
        }
        // A bed kept empty for a child who lives alone has been so since that child came.
        Today::Blocked => plan
            .stays
            .iter()
            .rev()
            .find(|stay| stay.home == place.at && stay.solo && stay.live())
            .map_or(TODAY, |stay| stay.from),
        Today::Free => plus_days(TODAY, -chance.between(1, 60)),
        // The first child of the story comes on 23 August.
        Today::Kept => date(2021, 8, 16),
    };
    let solo_since =
        plan.stays.iter().rev().find(|stay| stay.home == place.at && stay.solo && stay.live()).map(|stay| stay.from);
    if let Some(since) = solo_since {
        free_until = free_until.min(since);
    }
    loop {
        let end = plus_days(free_until, -chance.between(3, 45));
        let length = match chance.weighted(&[20, 35, 45]) {
            0 => chance.between(10, 60),
            1 => chance.between(100, 500),
            _ => chance.between(400, 1_000),
        };
        let from = plus_days(end, -length);
        if end <= place.home.registered || end <= TERM_START {
            return;
        }
        let from = from.max(plus_days(place.home.registered, 20));
        if from >= end {
            return;
        }
        plan.stays.push(past(place, (from, end), chance));
        free_until = from;
        if from <= TERM_START {
            return;
        }
    }
}

/// What becomes of each home's beds today: children who live alone first, then closed, taken and free ones.
fn today(homes: &[HomePlan], kept: &[(usize, usize)], chance: &mut Chance) -> Vec<Vec<Today>> {
    let places: usize = homes.iter().map(|home| usize::from(home.places)).sum();
    let mut beds: Vec<Vec<Today>> = homes.iter().map(|home| vec![Today::Free; usize::from(home.places)]).collect();
    let mut order: Vec<usize> = (0..homes.len()).filter(|at| kept.iter().all(|(other, _)| other != at)).collect();
    chance.shuffle(&mut order);
    let wanted = places * 73 / 1_000;
    let mut blocked = 0;
    for at in order.iter().copied().filter(|at| (2..=4).contains(&homes[*at].places)) {
        if blocked >= wanted {
            break;
        }
        beds[at][0] = Today::Solo;
        beds[at][1..].fill(Today::Blocked);
        blocked += beds[at].len() - 1;
    }
    let mut open: Vec<(usize, usize)> = order
        .iter()
        .flat_map(|at| (0..beds[*at].len()).map(move |bed| (*at, bed)))
        .filter(|(at, bed)| beds[*at][*bed] == Today::Free)
        .collect();
    chance.shuffle(&mut open);
    let closed = places * 57 / 1_000;
    let solo = beds.iter().flatten().filter(|state| **state == Today::Solo).count();
    let kept_taken: usize = kept.iter().map(|(at, free)| beds[*at].len().saturating_sub(*free)).sum();
    let taken = (places * 80 / 100).saturating_sub(solo + kept_taken);
    for (place, (at, bed)) in open.into_iter().enumerate() {
        if place < closed {
            beds[at][bed] = Today::Closed;
        } else if place < closed + taken {
            beds[at][bed] = Today::Taken;
        }
    }
    for (at, free) in kept {
        for (number, bed) in beds[*at].iter_mut().enumerate() {
            *bed = if number < *free { Today::Kept } else { Today::Taken };
        }
    }
    beds
}

/// How many live stays of each contract each authority still has to have.
struct Quotas {
    arrangement: Vec<i64>,
    spot: Vec<i64>,
    block: Vec<i64>,
}

impl Quotas {
    fn of(scale: Scale) -> Self {
        let ceilings: Vec<i64> = PARTS.iter().map(|part| part.ceiling * part.committed / 1_000).collect();
        let children: Vec<i64> = PARTS.iter().map(|part| part.looked_after).collect();
        Self {
            arrangement: share_out(scale.live(420), &ceilings),
            spot: share_out(scale.live(450), &children),
            block: share_out(scale.live(250), &children),
        }
    }
}

/// Splits a number by weights, whole.
pub fn share_out(total: i64, weights: &[i64]) -> Vec<i64> {
    let shares = placewell_domain::money::split_by_weights(placewell_domain::money::Pence(total), weights);
    shares.into_iter().map(|share| share.0).collect()
}

/// A weight by how near an authority's own area a home is.
fn near(part: usize, home: &HomePlan) -> i64 {
    match distance_class(PARTS[part].area(), home.area, TODAY) {
        DistanceClass::InArea => 8,
        DistanceClass::Adjoining => 4,
        DistanceClass::AtADistance => 1,
    }
}

fn take(quota: &mut [i64], home: &HomePlan, chance: &mut Chance) -> Option<usize> {
    let weights: Vec<i64> = quota.iter().enumerate().map(|(part, left)| (*left).max(0) * near(part, home)).collect();
    if weights.iter().sum::<i64>() == 0 {
        return None;
    }
    let part = chance.weighted(&weights);
    quota[part] -= 1;
    Some(part)
}

fn live(place: &Place<'_>, solo: bool, quotas: &mut Quotas, chance: &mut Chance) -> StayPlan {
    let home = place.home;
    let order: &[Contract] = if home.sector == Sector::LocalAuthority {
        &[Contract::InHouse, Contract::Elsewhere]
    } else if home.lots.is_empty() {
        match chance.weighted(&[72, 14, 14]) {
            0 => &[Contract::Spot, Contract::Block, Contract::Elsewhere],
            1 => &[Contract::Block, Contract::Spot, Contract::Elsewhere],
            _ => &[Contract::Elsewhere],
        }
    } else {
        match chance.weighted(&[64, 14, 12, 10]) {
            0 => &[Contract::Arrangement, Contract::Spot, Contract::Block, Contract::Elsewhere],
            1 => &[Contract::Block, Contract::Arrangement, Contract::Elsewhere],
            2 => &[Contract::Spot, Contract::Arrangement, Contract::Elsewhere],
            _ => &[Contract::Elsewhere],
        }
    };
    let found = order.iter().find_map(|contract| match contract {
        Contract::Arrangement => take(&mut quotas.arrangement, home, chance).map(|part| (*contract, Some(part))),
        Contract::Spot => take(&mut quotas.spot, home, chance).map(|part| (*contract, Some(part))),
        Contract::Block => take(&mut quotas.block, home, chance).map(|part| (*contract, Some(part))),
        Contract::InHouse => {
            // An authority with more beds of its own than its share has fewer block beds elsewhere in the region.
            if let Some(most) = quotas.block.iter_mut().max() {
                *most -= 1;
            }
            Some((Contract::InHouse, Some(home.part)))
        }
        Contract::Elsewhere => Some((Contract::Elsewhere, None)),
    });
    let (contract, part) = found.unwrap_or((Contract::Elsewhere, None));
    let since = match chance.weighted(&[25, 55, 20]) {
        0 => chance.between(2, 90),
        1 => chance.between(91, 730),
        _ => chance.between(731, 985),
    };
    let since = around_the_slump(contract, since);
    let earliest = earliest(contract, part).max(plus_days(home.registered, 20));
    let from = plus_days(TODAY, -since).max(earliest).min(plus_days(TODAY, -1));
    let lot = lot(home, contract);
    StayPlan {
        home: place.at,
        bed: place.bed,
        from,
        to: None,
        contract,
        part,
        lot,
        solo,
        price: price(home, contract, lot, solo, from, chance),
        block: None,
    }
}

/// How many of 75 placements at homes of the arrangement were made through it, by their first night: the share fell from
/// 2019 to the autumn of 2020, and has risen since.
fn through(from: Date) -> i64 {
    match (from.year(), from.month()) {
        (..=2018, _) | (2019, 1..=6) => 66,
        (2019, _) => 54,
        (2020, 1..=3) => 42,
        (2020, 4..=9) => 30,
        (2020, _) => 40,
        (_, 1..=3) => 56,
        _ => 66,
    }
}

/// Of the children who live there today, those of the arrangement mostly came before or after the slump of 2020, and
/// those bought by spot purchase more often in it.
const fn around_the_slump(contract: Contract, since: i64) -> i64 {
    match (contract, since) {
        (Contract::Arrangement, 320..540) if since % 3 > 0 => since - 210,
        (Contract::Spot, 2..=90) if since % 2 == 0 => since + 400,
        _ => since,
    }
}

fn past(place: &Place<'_>, (from, to): (Date, Date), chance: &mut Chance) -> StayPlan {
    let home = place.home;
    let mut contract = if home.sector == Sector::LocalAuthority {
        Contract::InHouse
    } else if home.lots.is_empty() {
        [Contract::Spot, Contract::Block, Contract::Elsewhere][chance.weighted(&[62, 15, 23])]
    } else {
        let through = through(from);
        [Contract::Arrangement, Contract::Spot, Contract::Block, Contract::Elsewhere]
            [chance.weighted(&[through, 75 - through, 12, 13])]
    };
    let weights: Vec<i64> = PARTS
        .iter()
        .enumerate()
        .map(|(part, known)| {
            let size = if contract == Contract::Arrangement {
                known.ceiling * known.committed / 10_000
            } else {
                known.looked_after
            };
            // Herefordshire places in homes near it more often than its size says, while they are there.
            let own = if known.code == "HEF" { 2 } else { 1 };
            size * own * near(part, home)
        })
        .collect();
    let part = match contract {
        Contract::InHouse => Some(home.part),
        Contract::Elsewhere => None,
        _ => Some(chance.weighted(&weights)),
    };
    if contract == Contract::Arrangement && from < earliest(contract, part) {
        contract = Contract::Spot;
    }
    let lot = lot(home, contract);
    let price = price(home, contract, lot, false, from, chance);
    StayPlan {
        home: place.at,
        bed: place.bed,
        from,
        to: Some(to),
        contract,
        part,
        lot,
        solo: false,
        price,
        block: None,
    }
}

/// The first night that a contract can pay for: no award before the authority's adoption is effective (rule 2.5).
fn earliest(contract: Contract, part: Option<usize>) -> Date {
    match (contract, part) {
        (Contract::Arrangement, Some(part)) => effective(part).max(plus_days(TERM_START, 1)),
        _ => date(2018, 12, 16),
    }
}

/// The day from which an authority may award: the window of its call-in over, or the board's own day for a trust.
pub fn effective(part: usize) -> Date {
    let known = &PARTS[part];
    if known.code == "BIR" {
        return known.published.max(TERM_START);
    }
    let working = placewell_domain::calendar::WorkingDays::default();
    placewell_domain::calendar::call_in(known.published, known.call_in_days, &working).effective
}

fn lot(home: &HomePlan, contract: Contract) -> &'static str {
    match (contract, home.lots.first()) {
        (Contract::Arrangement, Some((lot, _))) => lot,
        _ => home.kind,
    }
}

fn price(home: &HomePlan, contract: Contract, lot: &str, solo: bool, from: Date, chance: &mut Chance) -> i64 {
    let now = match (contract, home.lots.first()) {
        (Contract::Arrangement, Some((_, tendered))) if !solo => *tendered,
        (Contract::Block | Contract::InHouse, _) => prices::draw("block", chance),
        // What is paid for a child alone is agreed anew each year, and so is a price of today; the dearer of two that
        // could be had, since few homes take a child alone.
        _ if solo => return prices::draw("solo", chance).max(prices::draw("solo", chance)),
        // Bought on the day, a place costs up to a tenth more than by tender.
        _ => prices::draw(lot, chance) * (100 + chance.between(0, 10)) / 100,
    };
    prices::as_of(now, from)
}

/// How many nights of a stay have passed by a day.
pub fn nights_until(stay: &StayPlan, day: Date) -> i64 {
    days_between(stay.from, stay.to.map_or(day, |to| to.min(day))).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demonstration::homes;
    use std::collections::BTreeMap;

    fn whole() -> (Homes, Stays) {
        let homes = homes::plan(Scale::WHOLE);
        let stays = plan(&homes, Scale::WHOLE, &[]);
        (homes, stays)
    }

    #[test]
    fn rule_10_2_420_placements_through_the_arrangement_450_spot_250_block_and_in_house_are_live() {
        let (_, stays) = whole();
        let live = |wanted: &[Contract]| {
            stays.stays.iter().filter(|stay| stay.live() && wanted.contains(&stay.contract)).count()
        };
        assert_eq!(live(&[Contract::Arrangement]), 420);
        assert_eq!(live(&[Contract::Spot]), 450);
        let block = live(&[Contract::Block, Contract::InHouse]);
        assert!((235..=265).contains(&block), "{block}");
    }

    #[test]
    fn rule_10_2_four_fifths_of_places_are_taken_and_an_eighth_is_out_of_reach() {
        let (homes, stays) = whole();
        let places: i64 = homes.homes.iter().map(|home| i64::from(home.places)).sum();
        let taken = i64::try_from(stays.stays.iter().filter(|stay| stay.live()).count()).unwrap();
        assert!((790..=810).contains(&(taken * 1_000 / places)), "{taken} of {places}");
        let blocked: i64 = stays
            .stays
            .iter()
            .filter(|stay| stay.live() && stay.solo)
            .map(|stay| i64::from(homes.homes[stay.home].places) - 1)
            .sum();
        let closed = i64::try_from(stays.closed.len()).unwrap();
        assert!((120..=140).contains(&((blocked + closed) * 1_000 / places)), "{blocked} blocked, {closed} closed");
        let free = places - taken - blocked - closed;
        assert!((50..=75).contains(&(free * 1_000 / places)), "{free} free of {places}");
    }

    #[test]
    fn no_two_stays_meet_in_one_bed_and_nobody_lives_beside_a_child_who_lives_alone() {
        let (_, stays) = whole();
        let end = |stay: &StayPlan| stay.to.unwrap_or(Date::MAX);
        let mut by_bed: BTreeMap<(usize, u8), Vec<&StayPlan>> = BTreeMap::new();
        for stay in &stays.stays {
            by_bed.entry((stay.home, stay.bed)).or_default().push(stay);
        }
        for uses in by_bed.values_mut() {
            uses.sort_by_key(|stay| stay.from);
            assert!(uses.windows(2).all(|pair| end(pair[0]) <= pair[1].from), "{uses:?}");
        }
        for alone in stays.stays.iter().filter(|stay| stay.solo) {
            let beside = stays.stays.iter().filter(|stay| stay.home == alone.home && stay.bed != alone.bed);
            assert!(beside.into_iter().all(|stay| end(stay) <= alone.from), "{alone:?}");
        }
    }

    #[test]
    fn rule_2_5_nothing_is_bought_through_the_arrangement_before_the_adoption_is_effective() {
        for stay in whole().1.stays.iter().filter(|stay| stay.contract == Contract::Arrangement) {
            assert!(stay.part.is_some_and(|part| stay.from >= effective(part)), "{stay:?}");
        }
    }

    #[test]
    fn rule_10_3_25_to_60_children_cost_more_than_10000_a_week() {
        let dear = whole().1.stays.iter().filter(|stay| stay.live() && stay.price > 10_000).count();
        assert!((25..=60).contains(&dear), "{dear}");
    }
}
