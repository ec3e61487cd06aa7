//! Break-even of a mini-block: how much of it has to be used for a used bed to cost no more than a placement bought one by
//! one. Whole pence and thousandths of a bed; no price is guessed: the other price is a median of like placements.

use std::collections::BTreeSet;

use placewell_domain::buying::block::BlockTerms;
use placewell_domain::money::Pence;
use placewell_domain::reporting::publication::AT_LEAST;

/// What a used bed costs a week at one share of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtUse {
    /// How much of the beds is used, in percent.
    pub percent: u8,
    /// What the contract costs a week, all beds together.
    pub whole: Pence,
    /// What a used bed costs a week.
    pub used_bed: Pence,
}

/// Where a used bed costs as much as a placement of another route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvenAt {
    /// At this use and above, in thousandths of all bed-nights.
    Use(u32),
    /// At no use: an occupied bed alone costs more.
    Never,
}

impl EvenAt {
    /// Whether a use, in percent, is at or above it.
    #[must_use]
    pub fn reached(self, percent: i64) -> bool {
        match self {
            Self::Use(thousandths) => percent * 10 >= i64::from(thousandths),
            Self::Never => false,
        }
    }

    /// The use in thousandths of all bed-nights; none where there is none.
    #[must_use]
    pub const fn thousandths(self) -> Option<u32> {
        match self {
            Self::Use(thousandths) => Some(thousandths),
            Self::Never => None,
        }
    }

    /// In words, such as "81.4% of bed-nights".
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Use(thousandths) => format!("{}.{}% of bed-nights", thousandths / 10, thousandths % 10),
            Self::Never => "at no use: an occupied bed alone costs more".to_owned(),
        }
    }
}

/// What is paid a week for so many thousandths of a bed used on average: occupied nights, each home's first child at one
/// price and the further ones at the second child's, and the guaranteed nights that were not used.
fn week(terms: &BlockTerms, used: i128) -> i128 {
    let price = |nth: u8| i128::from(terms.prices.occupied_by(nth).0);
    let first = first_in_home(terms, used);
    let empty = (guaranteed(terms) - used).max(0) * i128::from(terms.prices.empty.0);
    7 * (first * price(1) + (used - first) * price(2) + empty)
}

/// How many of so many thousandths of a bed, used alike in every home, the first child of a home sleeps in.
fn first_in_home(terms: &BlockTerms, used: i128) -> i128 {
    let beds = i128::from(terms.beds.count()).max(1);
    let first = |own: u8| (used * i128::from(own)).min(1_000 * beds);
    terms.beds.by_home().into_iter().map(first).sum::<i128>() / beds
}

/// Guaranteed beds on average, in thousandths.
fn guaranteed(terms: &BlockTerms) -> i128 {
    i128::from(terms.spec.guaranteed_beds) * i128::from(terms.spec.guaranteed_percent) * 10
}

fn pence(thousandths: i128, by: i128) -> Pence {
    let by = by.max(1);
    Pence(i64::try_from((thousandths + by / 2).div_euclid(by)).unwrap_or(i64::MAX))
}

/// What a used bed costs at a use in percent; none where nothing is used.
#[must_use]
pub fn at_use(terms: &BlockTerms, percent: u8) -> Option<AtUse> {
    let used = i128::from(terms.beds.count()) * i128::from(percent.min(100)) * 10;
    let whole = week(terms, used);
    (used > 0).then(|| AtUse { percent, whole: pence(whole, 1000), used_bed: pence(whole, used) })
}

/// The least use from which on, up to full use, a used bed costs at most this a week.
#[must_use]
pub fn even_at(terms: &BlockTerms, weekly: Pence) -> EvenAt {
    let beds = i128::from(terms.beds.count()) * 1_000;
    let fits = |used: i128| week(terms, used) <= i128::from(weekly.0) * used;
    if beds == 0 {
        return EvenAt::Never;
    }
    // A second child at another price can make a used bed dearer again, so that every use is looked at from full use down.
    let from = (1..=1_000_u32).rev().take_while(|share| fits(beds * i128::from(*share) / 1_000)).last();
    from.map_or(EvenAt::Never, EvenAt::Use)
}

/// To how many pounds a middle price is told, so that it is nobody's own.
const ROUNDED: i64 = 50;

/// A placement like those of a block.
#[derive(Debug, Clone, Copy)]
pub struct Like {
    /// What it costs a week.
    pub weekly: Pence,
    /// Which home, by a number that tells no more than that two are the same.
    pub home: i64,
    /// The home is in the block's areas.
    pub near: bool,
    /// The reader's own authority bought it.
    pub own: bool,
}

/// What like placements cost, as far as it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Middle {
    /// The middle price a week, to the nearest £50.
    pub weekly: Pence,
    /// At least so many placements stand behind it: fives.
    pub at_least: usize,
    /// Too few are in the block's areas to tell of them alone: those of every area are counted.
    pub every_area: bool,
}

/// The middle price of like placements; none where it cannot be told (rule 9.1): others' placements are told of where there
/// are five in five homes or none, and so are those that are left when the block's areas are taken from all.
#[must_use]
pub fn middle(all: &[Like]) -> Option<Middle> {
    let (near, far): (Vec<Like>, Vec<Like>) = all.iter().copied().partition(|one| one.near);
    let alone = near.len() >= AT_LEAST && told(&near) && told(&far);
    let every_area = !alone && !far.is_empty();
    let counted = if alone { near.as_slice() } else { all };
    if counted.len() < AT_LEAST || !told(counted) {
        return None;
    }
    let weekly = median(counted.iter().map(|one| one.weekly).collect())?;
    let pounds = Pence::pounds(ROUNDED).0;
    let weekly = Pence((weekly.0 + pounds / 2).div_euclid(pounds) * pounds);
    Some(Middle { weekly, at_least: counted.len() / AT_LEAST * AT_LEAST, every_area })
}

fn told(placements: &[Like]) -> bool {
    let others: Vec<i64> = placements.iter().filter(|one| !one.own).map(|one| one.home).collect();
    let homes: BTreeSet<i64> = others.iter().copied().collect();
    others.is_empty() || (others.len() >= AT_LEAST && homes.len() >= AT_LEAST)
}

fn median(mut weekly: Vec<Pence>) -> Option<Pence> {
    weekly.sort_unstable();
    let middle = weekly.len() / 2;
    let upper = *weekly.get(middle)?;
    if weekly.len() % 2 == 1 {
        return Some(upper);
    }
    Some(Pence(i64::midpoint(weekly.get(middle.checked_sub(1)?)?.0, upper.0)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;
    use placewell_domain::buying::block::{BlockBed, BlockBeds, BlockPrices, BlockSpec, RefusalLimit, RefusalPeriod};
    use placewell_domain::id::{BedId, HomeId};

    fn terms(beds: u8, guaranteed: u8, percent: u8) -> BlockTerms {
        let fixed = (1..=beds).map(|bed| BlockBed { home: HomeId(1), bed: BedId(i64::from(bed)) }).collect();
        let spec = BlockSpec {
            beds,
            floating: false,
            from: date(2021, 4, 1),
            until: date(2024, 4, 1),
            guaranteed_beds: guaranteed,
            guaranteed_percent: percent,
            nomination_hours: 72,
            refusals: RefusalLimit { permitted: 1, period: RefusalPeriod::Quarter },
            resale_percent: None,
            credit_suspended: 100,
            credit_unstaffed: 100,
            breaks: Vec::new(),
            break_notice_days: 90,
            notice_days: None,
            extendable_until: None,
            void_order: None,
        };
        let prices = BlockPrices { occupied: Pence::pounds(500), empty: Pence::pounds(400), second_child: None };
        BlockTerms { spec, beds: BlockBeds::Fixed { beds: fixed }, prices }
    }

    #[test]
    fn a_used_bed_costs_what_all_nights_cost_divided_by_those_used() {
        // Two of four beds used: 2 × £500 and 2 × £400 a night make £1,800, £900 a used bed, £6,300 a week.
        let half = at_use(&terms(4, 4, 100), 50).unwrap();
        assert_eq!((half.whole, half.used_bed), (Pence::pounds(12_600), Pence::pounds(6_300)));
        assert_eq!(at_use(&terms(4, 4, 100), 100).unwrap().used_bed, Pence::pounds(3_500));
        assert_eq!(at_use(&terms(4, 4, 100), 0), None);
        let guaranteed = at_use(&terms(4, 2, 50), 50).unwrap();
        assert_eq!(guaranteed.used_bed, Pence::pounds(3_500), "use above the guarantee pays for nothing empty");
    }

    #[test]
    fn break_even_solves_the_equation_by_hand() {
        // Used u of 1: 500u + 400(1 − u) = 600u, so u = 0.8.
        let week = Pence::pounds(600 * 7);
        assert_eq!(even_at(&terms(4, 4, 100), week), EvenAt::Use(800));
        assert_eq!(even_at(&terms(4, 4, 100), Pence::pounds(499 * 7)), EvenAt::Never);
        assert!(EvenAt::Use(800).reached(80) && !EvenAt::Use(800).reached(79) && !EvenAt::Never.reached(100));
        assert_eq!(EvenAt::Use(814).words(), "81.4% of bed-nights");
    }

    #[test]
    fn a_second_child_in_a_home_is_reckoned_at_its_own_price() {
        let with = |second: i64| {
            let mut terms = terms(4, 4, 100);
            terms.prices.second_child = Some(Pence::pounds(second));
            terms
        };
        // Two of four beds in one home: £500, £300 and two empty at £400 make £1,600 a night, £800 a used bed.
        assert_eq!(at_use(&with(300), 50).unwrap().used_bed, Pence::pounds(5_600));
        assert_eq!(at_use(&with(300), 100).unwrap().used_bed, Pence::pounds(2_450));
        // Used u of four: 500 + 300(u − 1) + 400(4 − u) = 600u, so u = 18/7.
        let week = Pence::pounds(600 * 7);
        assert_eq!(even_at(&with(300), week), EvenAt::Use(643));
        assert_eq!(even_at(&with(650), week), EvenAt::Never, "full, a used bed costs £612.50 a night");
        let mut apart = with(300);
        let bed = |home: i64| BlockBed { home: HomeId(home), bed: BedId(home) };
        apart.beds = BlockBeds::Fixed { beds: (1..=4).map(bed).collect() };
        assert_eq!(even_at(&apart, week), EvenAt::Use(800), "no home has a second child");
        let floating = BlockTerms { beds: BlockBeds::Floating { count: 4, homes: vec![HomeId(1)] }, ..with(300) };
        assert_eq!(even_at(&floating, week), EvenAt::Use(643));
    }

    #[test]
    fn at_break_even_a_used_bed_costs_at_most_the_other_price_and_just_below_it_more() {
        for (beds, guaranteed, percent) in [(4, 4, 100), (5, 3, 85), (1, 1, 60), (6, 2, 100)] {
            let terms = terms(beds, guaranteed, percent);
            for pounds in [3_600, 3_950, 4_500, 7_000] {
                let EvenAt::Use(at) = even_at(&terms, Pence::pounds(pounds)) else { panic!("{pounds}") };
                let whole = i128::from(beds) * 1_000;
                let cost = |thousandths: u32| week(&terms, whole * i128::from(thousandths) / 1_000);
                let other =
                    |thousandths: u32| i128::from(Pence::pounds(pounds).0) * (whole * i128::from(thousandths) / 1_000);
                assert!(cost(at) <= other(at));
                assert!(at <= 1 || cost(at - 1) > other(at - 1), "{beds} {guaranteed} {percent} {pounds} {at}");
            }
        }
    }

    /// Placements in one home each, numbered from 1: the price in pounds a week, and whether the home is in the block's areas.
    fn like(placements: &[(i64, bool)]) -> Vec<Like> {
        let one = |(home, (pounds, near)): (i64, &(i64, bool))| Like {
            weekly: Pence::pounds(*pounds),
            home,
            near: *near,
            own: false,
        };
        (1..).zip(placements).map(one).collect()
    }

    fn told_of(weekly: i64, at_least: usize, every_area: bool) -> Middle {
        Middle { weekly: Pence::pounds(weekly), at_least, every_area }
    }

    #[test]
    fn a_middle_price_is_told_of_five_in_five_homes_and_to_the_nearest_fifty_pounds() {
        let five = like(&[(4_101, true), (4_202, true), (4_187, true), (4_303, true), (4_404, true)]);
        assert_eq!(middle(&five), Some(told_of(4_200, 5, false)), "£4,202 is one placement's own");
        assert_eq!(middle(&five[1..]), None);
        let one_home: Vec<Like> = five.iter().map(|one| Like { home: 1, ..*one }).collect();
        assert_eq!(middle(&one_home), None);
        let own: Vec<Like> = one_home.iter().map(|one| Like { own: true, ..*one }).collect();
        assert_eq!(middle(&own), Some(told_of(4_200, 5, false)), "an authority reads its own");
        assert_eq!(middle(&[own, five[..1].to_vec()].concat()), None, "one other would be told by subtraction");
        assert_eq!(middle(&[]), None);
    }

    #[test]
    fn the_areas_of_a_block_are_told_alone_where_the_others_could_be_too() {
        let near = [(4_200, true); 5];
        let with = |far: usize| like(&[near.to_vec(), vec![(1_000, false); far]].concat());
        assert_eq!(middle(&with(1)), Some(told_of(4_200, 5, true)), "the one elsewhere would be told by subtraction");
        assert_eq!(middle(&with(5)), Some(told_of(4_200, 5, false)));
        assert_eq!(middle(&like(&[&near[..2], &[(5_600, false); 4]].concat())), Some(told_of(5_600, 5, true)));
    }
}
