//! What every placement of the region was bought for, as the comparison reads it: shaped so that each verdict is earned
//! by prices, never written. Spot purchase costs more in three parts of the region, the same in
//! Herefordshire; in Solihull it cannot be told, and Telford has bought too little to say.

use std::collections::BTreeMap;

use placewell_domain::buying::spot::SpotReason;
use placewell_domain::calendar::quarter_of;
use placewell_domain::id::OrganisationId;
use placewell_domain::money::Pence;
use placewell_domain::placing::agreement::{BuyingRoute, PricePoint, Staffing};
use placewell_domain::placing::child::AgeBand;
use placewell_domain::placing::referral::Profile;
use placewell_domain::placing::referral::standard::NeededBy;

use super::authorities::PARTS;
use super::chance::Chance;
use super::fill::World;
use super::history::{Ended, PlacementPlan};
use super::homes::Homes;
use super::prices;
use super::stays::{Contract, StayPlan, Stays, effective};

/// What is known of a placement that was not bought through the arrangement: brought in from the authority's own list.
#[derive(Debug, Clone, Copy, serde::Serialize)]
pub struct BoughtPlan {
    /// The stay's place in the list.
    pub stay: usize,
    /// The child's age on the first night.
    pub age: u8,
    /// Whether the needs are high.
    pub high: bool,
    /// Whether the home educates the child as well.
    pub education: bool,
    /// The staffing.
    #[serde(skip)]
    pub staffing: Staffing,
    /// How long before the first night the home was sought.
    #[serde(skip)]
    pub notice: NeededBy,
    /// Why it was bought by spot purchase, where it was.
    #[serde(skip)]
    pub reason: Option<SpotReason>,
}

/// What spot purchase costs in an authority, in thousandths of the like price by tender.
fn spot(code: &str) -> i64 {
    match code {
        "BIR" => 1_170,
        "COV" => 1_190,
        "WOR" => 1_180,
        "SOL" => 1_100,
        "HEF" => 1_006,
        _ => 1_000,
    }
}

/// Gives each placement outside the arrangement its traits and its price. The authorities' own homes are not bought;
/// they count among placements.
pub fn plan(homes: &Homes, stays: &mut Stays) -> Vec<BoughtPlan> {
    let mut chance = Chance::of("bought");
    let levels = levels(stays);
    let mut bought = Vec::new();
    for (at, stay) in stays.stays.iter_mut().enumerate() {
        let Some(part) = stay.part.filter(|_| stay.contract != Contract::Arrangement) else { continue };
        let ages = homes.homes[stay.home].ages;
        let plan = BoughtPlan {
            stay: at,
            age: u8::try_from(chance.between(i64::from(ages.from), i64::from(ages.to.min(17)))).unwrap_or(14),
            high: chance.percent(35),
            education: stay.contract == Contract::Spot && stay.lot != "with_education" && chance.percent(20),
            staffing: staffing(stay, &mut chance),
            notice: notice(stay, &mut chance),
            reason: (stay.contract == Contract::Spot).then(|| reason(stay, part, &mut chance)),
        };
        let price = (stay.contract == Contract::Spot).then(|| {
            let level = spot(PARTS[part].code) * levels[part] / 1_000;
            spot_price(stay, &plan, level, &mut chance)
        });
        // A child in a bed of a mini-block is known by its agreement.
        if stay.block.is_some() {
            continue;
        }
        stay.price = price.unwrap_or(stay.price);
        bought.push(plan);
    }
    bought
}

/// How dear an authority's own placements through the arrangement are, in thousandths of the region's: what spot purchase
/// costs there follows the same homes.
fn levels(stays: &Stays) -> Vec<i64> {
    let mut sums = vec![(0, 0); PARTS.len()];
    let tendered = |stay: &&StayPlan| stay.contract == Contract::Arrangement && stay.block.is_none() && !stay.solo;
    for stay in stays.stays.iter().filter(tendered) {
        if let Some((sum, count)) = stay.part.and_then(|part| sums.get_mut(part)) {
            *sum += stay.price * 1_000 / prices::as_of(prices::median(stay.lot), stay.from);
            *count += 1;
        }
    }
    let (all, count) = sums.iter().fold((0, 0), |(all, count), (sum, own)| (all + sum, count + own));
    let region: i64 = all / count.max(1);
    let level =
        |(sum, count): &(i64, i64)| if *count < 8 || region == 0 { 1_000 } else { sum * 1_000 / count / region };
    sums.iter().map(level).collect()
}

fn staffing(stay: &StayPlan, chance: &mut Chance) -> Staffing {
    let added = stay.contract == Contract::Spot && chance.percent(15);
    match (stay.solo, added) {
        (true, _) => Staffing::Alone,
        (false, true) => Staffing::Added,
        (false, false) => Staffing::Usual,
    }
}

/// Spot purchase is bought late, a block's bed ahead.
fn notice(stay: &StayPlan, chance: &mut Chance) -> NeededBy {
    let weights = if stay.contract == Contract::Spot { [34, 30, 36] } else { [5, 20, 75] };
    NeededBy::ALL[chance.weighted(&weights)]
}

/// Why; before an authority could award there was no arrangement to use.
fn reason(stay: &StayPlan, part: usize, chance: &mut Chance) -> SpotReason {
    if stay.from < effective(part) {
        return SpotReason::BeganBefore;
    }
    let reasons = [
        SpotReason::NoneAvailable,
        SpotReason::NoneMatched,
        SpotReason::NoneAnswered,
        SpotReason::Emergency,
        SpotReason::AlreadyThere,
        SpotReason::MovesWithProvider,
        SpotReason::OutsideLots,
        SpotReason::CourtDirection,
        SpotReason::TransferredIn,
    ];
    reasons[chance.weighted(&[34, 22, 15, 13, 5, 4, 4, 2, 1])]
}

/// What the place would have cost by tender, times what spot purchase costs there, with education and support beside it.
fn spot_price(stay: &StayPlan, plan: &BoughtPlan, thousandths: i64, chance: &mut Chance) -> i64 {
    let now = if stay.solo {
        stay.price
    } else {
        let asked: i64 = (0..5).map(|_| prices::draw(stay.lot, chance)).sum();
        prices::as_of(asked / 5, stay.from)
    };
    let urgent = if plan.notice == NeededBy::Today { 30 } else { 0 } + if plan.high { 20 } else { 0 };
    let core = now * thousandths / 1_000 * (1_000 + urgent) / 1_000;
    let beside = |from, to, chance: &mut Chance| prices::as_of(chance.between(from, to), stay.from);
    let education = if plan.education { beside(700, 1_300, chance) } else { 0 };
    let support = if plan.staffing == Staffing::Added { beside(370, 900, chance) } else { 0 };
    (core + education + support) / 10 * 10
}

/// Every placement of the region with its price and traits, and the place of its stay in the list; a home is named by its
/// place in the list, an authority by its place among the 14.
pub fn points(world: &World) -> Vec<(usize, PricePoint)> {
    // A spot purchase that goes on has its search here, with the child's own needs.
    let known: BTreeMap<usize, &Profile> = world
        .history
        .searches
        .iter()
        .filter_map(|search| match search.ended {
            Ended::Spot(at) => Some((at, &search.profile)),
            Ended::Placed(_) | Ended::NotPlaced(_) | Ended::Withdrawn(_) | Ended::Open(_) => None,
        })
        .collect();
    let mut points: Vec<(usize, PricePoint)> = world
        .bought
        .iter()
        .map(|plan| {
            let point = outside(world, plan);
            (plan.stay, known.get(&plan.stay).map_or(point.clone(), |profile| needing(point, profile)))
        })
        .collect();
    let searches = world.history.searches.iter().filter_map(|search| match search.ended {
        Ended::Placed(at) => Some((&world.history.placements[at], &search.profile)),
        Ended::NotPlaced(_) | Ended::Spot(_) | Ended::Withdrawn(_) | Ended::Open(_) => None,
    });
    points.extend(searches.map(|(placement, profile)| {
        let stay = &world.stays.stays[placement.stay];
        let education = education_at_first(placement, stay);
        let point = PricePoint {
            education: education.is_some(),
            staffing: if stay.solo { Staffing::Alone } else { Staffing::Usual },
            weekly: Pence::pounds(stay.price) + education.unwrap_or(Pence::ZERO),
            ..bare(world, stay, if stay.block.is_some() { BuyingRoute::Block } else { BuyingRoute::Arrangement })
        };
        (placement.stay, needing(point, profile))
    }));
    points
}

/// The same price for a child with these needs.
fn needing(point: PricePoint, profile: &Profile) -> PricePoint {
    PricePoint {
        need_band: profile.need_band.clone().unwrap_or_default(),
        age: AgeBand::of(profile.age.unwrap_or_default()),
        notice: profile.standard.needed_by,
        ..point
    }
}

/// The education line of a placement, where it is paid from the first night on.
fn education_at_first(placement: &PlacementPlan, stay: &StayPlan) -> Option<Pence> {
    placement.education.filter(|(_, from, _)| *from == stay.from).map(|(weekly, ..)| Pence(weekly))
}

fn outside(world: &World, plan: &BoughtPlan) -> PricePoint {
    let stay = &world.stays.stays[plan.stay];
    let route = match stay.contract {
        Contract::Spot => BuyingRoute::Spot,
        Contract::InHouse => BuyingRoute::InHouse,
        Contract::Arrangement | Contract::Block | Contract::Elsewhere => BuyingRoute::Block,
    };
    PricePoint {
        need_band: if plan.high { "high" } else { "standard" }.to_owned(),
        age: AgeBand::of(plan.age),
        education: plan.education,
        staffing: plan.staffing,
        notice: Some(plan.notice),
        ..bare(world, stay, route)
    }
}

fn bare(world: &World, stay: &StayPlan, route: BuyingRoute) -> PricePoint {
    PricePoint {
        authority: OrganisationId(i64::try_from(stay.part.unwrap_or_default()).unwrap_or_default()),
        route,
        lot: stay.lot.to_owned(),
        need_band: String::new(),
        age: AgeBand::From13To15,
        education: false,
        staffing: Staffing::Usual,
        notice: None,
        area: world.homes.homes[stay.home].area,
        home: i64::try_from(stay.home).unwrap_or_default(),
        quarter: quarter_of(stay.from),
        weekly: Pence::pounds(stay.price),
    }
}

#[cfg(test)]
mod tests;
