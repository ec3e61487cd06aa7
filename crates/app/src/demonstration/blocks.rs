//! The mini-blocks of the demonstration: three live, one of them under-used and one shared by four authorities, and a
//! mini-competition under way. Invented.

use jiff::civil::{Date, date};
use placewell_domain::nights::days_between;

use super::World;
use super::authorities::place;
use super::stays::StayPlan;

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

/// So many beds of one of the homes that may bid: its place in the list and the beds, from 0.
#[must_use]
pub fn choose(world: &World, plan: &BlockPlan, may_bid: &[usize]) -> Option<(usize, Vec<u8>)> {
    let paying: Vec<usize> = plan.shares.iter().map(|(code, _)| place(code)).collect();
    let mut found: Vec<((i64, i64), usize, Vec<u8>)> = Vec::new();
    for (at, home) in world.homes.homes.iter().enumerate() {
        let unfit = world.cast.all().contains(&at) || home.places < plan.beds.0 || alone(world, at, plan);
        if !may_bid.contains(&at) || unfit {
            continue;
        }
        let mut beds: Vec<((i64, i64), u8)> =
            (0..home.places).map(|bed| (suits(world, (at, bed), &paying, plan), bed)).collect();
        beds.sort_unstable();
        beds.truncate(usize::from(plan.beds.0));
        let sum = beds.iter().fold((0, 0), |sum, (own, _)| (sum.0 + own.0, sum.1 + own.1));
        found.push((sum, at, beds.into_iter().map(|(_, bed)| bed).collect()));
    }
    found.sort_unstable();
    found.into_iter().next().map(|(_, at, beds)| (at, beds))
}

/// Whether a child lives alone in the home in the contract's time, so that its other beds stand empty.
fn alone(world: &World, home: usize, plan: &BlockPlan) -> bool {
    let (from, until) = plan.nights;
    let mut stays = world.by_home.get(home).into_iter().flatten().filter_map(|at| world.stays.stays.get(*at));
    stays.any(|stay| stay.solo && stay.from < until && stay.to.is_none_or(|to| to > from))
}

/// How well a bed suits, the least first: by the nights on which somebody else's child slept in it, then by how much children
/// of the paying authorities did.
fn suits(world: &World, (home, bed): (usize, u8), paying: &[usize], plan: &BlockPlan) -> (i64, i64) {
    let (from, until) = plan.nights;
    let (mut own, mut others) = (0, 0);
    let stays = world.by_home.get(home).into_iter().flatten().filter_map(|at| world.stays.stays.get(*at));
    for stay in stays.filter(|stay: &&StayPlan| stay.bed == bed) {
        let nights = days_between(stay.from.max(from), stay.to.unwrap_or(until).min(until)).max(0);
        if stay.part.is_some_and(|part| paying.contains(&part)) && !stay.solo {
            own += nights;
        } else {
            others += nights;
        }
    }
    (others, if plan.used { -own } else { own })
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
