//! The mini-blocks of the demonstration: three live, one of them under-used and one shared by four authorities, and a
//! mini-competition under way. Invented.

use jiff::civil::{Date, date};
use placewell_domain::homes::home::Grade;
use placewell_domain::nights::{days_between, plus_days};

use super::authorities::{PARTS, place};
use super::cast::Cast;
use super::homes::Homes;
use super::stays::{StayPlan, Stays, TERM_START};

/// A mini-block with its way to the award.
#[derive(Debug, Clone)]
pub struct BlockPlan {
    /// What it is called.
    pub title: &'static str,
    /// The lot.
    pub lot: &'static str,
    /// Ages.
    pub ages: (u8, u8),
    /// In which authorities' areas its homes may be, by code.
    pub areas: &'static [&'static str],
    /// Who pays: code and hundredths of a percent.
    pub shares: &'static [(&'static str, u32)],
    /// How many beds, and how many of them are guaranteed.
    pub beds: (u8, u8),
    /// How much of their nights is guaranteed, in percent.
    pub percent: u8,
    /// The first night, and the day after the last.
    pub nights: (Date, Date),
    /// The price of an occupied and of an empty night, and of a second child's, in pence.
    pub prices: (i64, i64, Option<i64>),
    /// When it was proposed, and until when homes bid.
    pub proposed: (Date, Date),
    /// When the authorities approved; none while bids still come in.
    pub approved: Option<Date>,
    /// Breaks.
    pub breaks: &'static [Date],
    /// The day after the last night that the option to extend allows.
    pub extendable: Option<Date>,
    /// Whether its beds were much used: those of the plan with the most nights, else with the fewest.
    pub used: bool,
    /// Reasons and alternatives.
    pub words: (&'static str, &'static str),
}

/// All of them, the oldest first.
pub const BLOCKS: [BlockPlan; 4] = [
    BlockPlan {
        title: "Two beds for the conurbation",
        lot: "planned",
        ages: (10, 16),
        areas: &["BIR", "SAN", "SOL", "COV"],
        shares: &[("BIR", 5_500), ("SAN", 4_500)],
        beds: (2, 2),
        percent: 90,
        nights: (date(2019, 7, 1), date(2021, 12, 15)),
        prices: (47_000, 37_600, None),
        proposed: (date(2019, 4, 8), date(2019, 5, 3)),
        approved: Some(date(2019, 5, 20)),
        breaks: &[date(2020, 7, 1), date(2021, 7, 1)],
        extendable: Some(date(2022, 12, 15)),
        used: true,
        words: (
            "Planned places near home were found for too few children, and each search took weeks.",
            "Single placements: dearer and further away. A home of one's own: not within two years.",
        ),
    },
    BlockPlan {
        title: "Four beds for the west of the region",
        lot: "planned",
        ages: (8, 16),
        areas: &["SHR", "HEF", "WOR", "TEL"],
        shares: &[("HEF", 2_500), ("SHR", 3_000), ("STA", 2_000), ("WOR", 2_500)],
        beds: (4, 3),
        percent: 85,
        nights: (date(2020, 4, 1), date(2021, 12, 15)),
        prices: (48_000, 38_400, Some(45_000)),
        proposed: (date(2020, 1, 13), date(2020, 2, 14)),
        approved: Some(date(2020, 3, 2)),
        breaks: &[date(2021, 4, 1), date(2021, 11, 1)],
        extendable: Some(date(2023, 4, 1)),
        used: true,
        words: (
            "Four authorities lacked the same planned beds, none of them enough to buy alone.",
            "A block for each: guarantees too large for one. Single placements: dearer at this need.",
        ),
    },
    BlockPlan {
        title: "Three beds in the north of the region",
        lot: "planned",
        ages: (8, 16),
        areas: &["STA", "SOT"],
        shares: &[("STA", 6_000), ("SOT", 4_000)],
        beds: (3, 3),
        percent: 80,
        nights: (date(2020, 10, 1), date(2021, 12, 15)),
        prices: (46_000, 36_000, None),
        proposed: (date(2020, 7, 6), date(2020, 8, 14)),
        approved: Some(date(2020, 9, 7)),
        breaks: &[date(2021, 4, 1)],
        extendable: None,
        used: false,
        words: (
            "Children moved far away in the summer of 2020 for want of beds in the north.",
            "Spot purchases: dearer. Waiting for homes that were being built: too late for that winter.",
        ),
    },
    BlockPlan {
        title: "Two beds for the winter in the west",
        lot: "planned",
        ages: (9, 15),
        areas: &["HEF", "SHR", "WOR"],
        shares: &[("HEF", 6_000), ("SHR", 4_000)],
        beds: (2, 2),
        percent: 90,
        nights: (date(2021, 10, 4), date(2021, 12, 15)),
        prices: (49_500, 39_600, Some(46_000)),
        proposed: (date(2021, 8, 16), date(2021, 9, 17)),
        approved: None,
        breaks: &[],
        extendable: Some(date(2022, 12, 15)),
        used: false,
        words: (
            "Searches of this summer found no planned bed within 20 miles for nine children.",
            "The present block in the west: full since June. Single placements: two of nine were offered.",
        ),
    },
];

/// A small region has too few homes in the areas named.
pub const fn anywhere(homes: &Homes) -> bool {
    homes.homes.len() < 100
}

/// Chooses the home and the beds of each mini-block that was awarded, and brings what slept there under it: children of the
/// paying authorities come on its first night or later, at its price.
pub fn settle(homes: &Homes, cast: &Cast, stays: &mut Stays) -> Vec<Option<(usize, Vec<u8>)>> {
    let mut taken = Vec::new();
    let mut chosen = Vec::new();
    for (at, plan) in BLOCKS.iter().enumerate() {
        let may_bid = could_bid(homes, plan).filter(|home| !taken.contains(home)).collect::<Vec<_>>();
        let found = plan.approved.and_then(|_| choose((homes, cast, stays), plan, &may_bid));
        if let Some((home, beds)) = &found {
            taken.push(*home);
            bring_under(stays, (at, plan), (*home, beds));
        }
        chosen.push(found);
    }
    chosen
}

/// The homes that the competition asked: on the lot by the first night, in the areas, for such children. What made a home
/// Inadequate is not told by its day, so that none such is taken.
fn could_bid<'a>(homes: &'a Homes, plan: &'a BlockPlan) -> impl Iterator<Item = usize> + 'a {
    let all = homes.homes.iter().enumerate();
    let found = all.filter(move |(_, home)| {
        let there = anywhere(homes) || plan.areas.iter().any(|code| PARTS[place(code)].area() == home.area);
        let takes = home.ages.from <= plan.ages.1 && plan.ages.0 <= home.ages.to;
        let admitted = TERM_START.max(plus_days(home.registered, 14)) <= plan.nights.0;
        let on_lot = home.lots.iter().any(|(lot, _)| *lot == plan.lot);
        there && takes && admitted && on_lot && home.grade != Grade::Inadequate
    });
    found.map(|(at, _)| at)
}

/// A stay that began before is moved to the first night, or ends with the night before it where it is short; so does one of
/// a child whom nobody of the block placed. Into a block that is used little, children come late and stay a month.
fn bring_under(stays: &mut Stays, (at, plan): (usize, &BlockPlan), (home, beds): (usize, &[u8])) {
    let (from, until) = plan.nights;
    let paying: Vec<usize> = plan.shares.iter().map(|(code, _)| place(code)).collect();
    let here = |stay: &&mut StayPlan| {
        stay.home == home && beds.contains(&stay.bed) && stay.from < until && stay.to.is_none_or(|to| to > from)
    };
    for stay in stays.stays.iter_mut().filter(here) {
        let own = stay.part.is_some_and(|part| paying.contains(&part)) && !stay.solo;
        let short = stay.to.is_some_and(|to| days_between(from, to) < 14);
        if stay.from < from && stay.to.is_some() && (short || !own) {
            stay.to = Some(from);
        } else if own {
            let slot = beds.iter().position(|bed| *bed == stay.bed).and_then(|slot| i64::try_from(slot).ok());
            let late = plus_days(from, 200 + slot.unwrap_or_default() * 40);
            let first = if plan.used || stay.to.is_some() { from } else { late };
            stay.from = stay.from.max(first);
            if !plan.used {
                stay.to = stay.to.map(|to| to.min(plus_days(stay.from, 30)));
            }
            stay.lot = plan.lot;
            stay.price = plan.prices.0 * 7 / 100;
            stay.block = Some(at);
        }
    }
}

/// So many beds of one of the homes that may bid: its place in the list and the beds, from 0.
pub fn choose(
    (homes, cast, stays): (&Homes, &Cast, &Stays),
    plan: &BlockPlan,
    may_bid: &[usize],
) -> Option<(usize, Vec<u8>)> {
    let paying: Vec<usize> = plan.shares.iter().map(|(code, _)| place(code)).collect();
    let mut by_home: Vec<Vec<&StayPlan>> = vec![Vec::new(); homes.homes.len()];
    for stay in &stays.stays {
        by_home[stay.home].push(stay);
    }
    let mut found: Vec<((i64, i64), usize, Vec<u8>)> = Vec::new();
    for (at, home) in homes.homes.iter().enumerate() {
        let here = by_home[at].as_slice();
        let unfit = cast.all().contains(&at) || home.places < plan.beds.0 || alone(here, plan);
        if !may_bid.contains(&at) || unfit {
            continue;
        }
        let mut beds: Vec<((i64, i64), u8)> =
            (0..home.places).map(|bed| (suits((here, bed), &paying, plan), bed)).collect();
        beds.sort_unstable();
        beds.truncate(usize::from(plan.beds.0));
        let sum = beds.iter().fold((0, 0), |sum, (own, _)| (sum.0 + own.0, sum.1 + own.1));
        found.push((sum, at, beds.into_iter().map(|(_, bed)| bed).collect()));
    }
    found.sort_unstable();
    found.into_iter().next().map(|(_, at, beds)| (at, beds))
}

/// Whether a child lives alone in the home in the contract's time, so that its other beds stand empty.
fn alone(here: &[&StayPlan], plan: &BlockPlan) -> bool {
    let (from, until) = plan.nights;
    here.iter().any(|stay| stay.solo && stay.from < until && stay.to.is_none_or(|to| to > from))
}

/// How well a bed suits, the least first: by the nights on which somebody else's child slept in it, then by how much children
/// of the paying authorities did; for a block that is used little, by how much anybody did.
fn suits((here, bed): (&[&StayPlan], u8), paying: &[usize], plan: &BlockPlan) -> (i64, i64) {
    let (from, until) = plan.nights;
    let (mut own, mut others) = (0, 0);
    for stay in here.iter().filter(|stay| stay.bed == bed) {
        let nights = days_between(stay.from.max(from), stay.to.unwrap_or(until).min(until)).max(0);
        if stay.part.is_some_and(|part| paying.contains(&part)) && !stay.solo {
            own += nights;
        } else {
            others += nights;
        }
    }
    if plan.used { (others, -own) } else { (own + others, others) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demonstration::{Scale, TODAY, World};
    use placewell_domain::buying::block::{BlockShare, check_shares};
    use placewell_domain::id::OrganisationId;

    #[test]
    fn every_plan_has_shares_that_sum_and_one_is_shared_by_four() {
        for plan in &BLOCKS {
            let shares: Vec<BlockShare> = (1..)
                .zip(plan.shares)
                .map(|(at, (_, weight))| BlockShare { authority: OrganisationId(at), weight: *weight })
                .collect();
            assert_eq!(check_shares(&shares), Ok(()), "{}", plan.title);
        }
        assert!(BLOCKS.iter().any(|plan| plan.shares.len() == 4));
    }

    #[test]
    fn rule_6_2_a_child_in_a_bed_of_a_block_comes_within_it_at_its_price_and_for_whoever_pays() {
        let world = World::plan(Scale::WHOLE);
        let mut nights = Vec::new();
        for (at, plan) in BLOCKS.iter().enumerate().filter(|(_, plan)| plan.approved.is_some()) {
            let (home, beds) = world.blocks[at].as_ref().unwrap();
            let own: Vec<&StayPlan> = world.stays.stays.iter().filter(|stay| stay.block == Some(at)).collect();
            for stay in &own {
                assert!(stay.home == *home && beds.contains(&stay.bed) && stay.from >= plan.nights.0, "{stay:?}");
                assert!(plan.shares.iter().any(|(code, _)| stay.part == Some(place(code))), "{stay:?}");
                assert_eq!(stay.price * 100, plan.prices.0 * 7);
            }
            let placed = world.history.placements.iter().filter(|one| world.stays.stays[one.stay].block == Some(at));
            assert_eq!(placed.count(), own.len(), "each of them has its agreement: {}", plan.title);
            let slept: i64 = own.iter().map(|stay| days_between(stay.from, stay.to.unwrap_or(TODAY))).sum();
            nights.push(slept * 100 / i64::from(plan.beds.0) / days_between(plan.nights.0, TODAY));
        }
        assert!(nights[0] > 50 && nights[1] > 50 && nights[2] < 40, "percent of nights used: {nights:?}");
    }
}
