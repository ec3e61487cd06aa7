//! What a mini-block contract says: its beds, what is guaranteed, what a night costs, and what each side may do. The
//! terms are data of one contract; a later version of them holds from its day (rules 1.8 and 6).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{BedId, HomeId};
use crate::money::{Pence, split_by_weights};
use crate::nights::{Nights, plus_days};

use super::share::BlockShare;
use super::void_offer::VoidOrder;

/// A bed of a home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BlockBed {
    /// The home.
    pub home: HomeId,
    /// The bed.
    pub bed: BedId,
}

/// Which beds are bought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tie", rename_all = "snake_case")]
pub enum BlockBeds {
    /// These beds of these homes.
    Fixed {
        /// The beds, in the order in which nights are told apart.
        beds: Vec<BlockBed>,
    },
    /// So many beds at any of these homes of the provider.
    Floating {
        /// How many.
        count: u8,
        /// The homes.
        homes: Vec<HomeId>,
    },
}

impl BlockBeds {
    /// How many beds.
    #[must_use]
    pub fn count(&self) -> u8 {
        match self {
            Self::Fixed { beds } => u8::try_from(beds.len()).unwrap_or(u8::MAX),
            Self::Floating { count, .. } => *count,
        }
    }

    /// The homes, each once, in ascending order.
    #[must_use]
    pub fn homes(&self) -> Vec<HomeId> {
        let mut homes: Vec<HomeId> = match self {
            Self::Fixed { beds } => beds.iter().map(|bed| bed.home).collect(),
            Self::Floating { homes, .. } => homes.clone(),
        };
        homes.sort_unstable();
        homes.dedup();
        homes
    }

    /// The beds, where they are tied to the contract.
    #[must_use]
    pub fn fixed(&self) -> &[BlockBed] {
        match self {
            Self::Fixed { beds } => beds,
            Self::Floating { .. } => &[],
        }
    }

    /// Whether a home is one of the contract's.
    #[must_use]
    pub fn at(&self, home: HomeId) -> bool {
        self.homes().contains(&home)
    }

    /// How many of the beds can stand in one home with another of the contract's: those for which the price of a second
    /// child can arise.
    #[must_use]
    pub fn together(&self) -> u8 {
        match self {
            Self::Fixed { .. } => self.by_home().into_iter().filter(|own| *own > 1).sum(),
            Self::Floating { count, .. } if *count > 1 => *count,
            Self::Floating { .. } => 0,
        }
    }

    /// How many of the beds are in each home; floating beds are taken to be spread evenly over their homes.
    #[must_use]
    pub fn by_home(&self) -> Vec<u8> {
        let homes = self.homes();
        match self {
            Self::Fixed { beds } => {
                let own = |home: &HomeId| beds.iter().filter(|one| one.home == *home).count();
                homes.iter().map(|home| u8::try_from(own(home)).unwrap_or(u8::MAX)).collect()
            }
            Self::Floating { count, .. } => {
                let over = u8::try_from(homes.len()).unwrap_or(u8::MAX).min(*count).max(1);
                (0..over).map(|at| count / over + u8::from(at < count % over)).collect()
            }
        }
    }

    /// The words on a page.
    #[must_use]
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Fixed { .. } => "fixed beds",
            Self::Floating { .. } => "floating beds",
        }
    }
}

/// What a bed costs for one night.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockPrices {
    /// An occupied night.
    pub occupied: Pence,
    /// An empty night that is guaranteed.
    pub empty: Pence,
    /// An occupied night of the second child in the same home, and of each further one; the occupied price where none is
    /// agreed.
    pub second_child: Option<Pence>,
}

impl BlockPrices {
    /// The price of the night of the n-th child of the contract in one home, counted from 1.
    #[must_use]
    pub fn occupied_by(&self, nth: u8) -> Pence {
        if nth > 1 { self.second_child.unwrap_or(self.occupied) } else { self.occupied }
    }
}

coded! {
    /// Over which time refusals are counted; from the first day of the calendar month or quarter.
    RefusalPeriod {
        /// A calendar month.
        Month => "month", "calendar month";
        /// A calendar quarter.
        Quarter => "quarter", "calendar quarter";
        /// A contract year, from the contract's first day.
        Year => "year", "contract year";
    }
}

/// How often the provider may refuse a nomination before empty nights are its own (rule 6.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusalLimit {
    /// So many refusals.
    pub permitted: u8,
    /// In each such time.
    pub period: RefusalPeriod,
}

/// What the contract says whatever the bid: what homes are asked to bid for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockSpec {
    /// How many beds are bought.
    pub beds: u8,
    /// Whether the beds may be any of the homes named, else they are fixed.
    pub floating: bool,
    /// The first night.
    pub from: Date,
    /// The day after the last night.
    pub until: Date,
    /// How many of the beds are guaranteed.
    pub guaranteed_beds: u8,
    /// How much of a guaranteed bed's nights in a calendar month is guaranteed, in percent.
    pub guaranteed_percent: u8,
    /// Within how many hours of a vacancy a child must be nominated.
    pub nomination_hours: u16,
    /// Permitted refusals.
    pub refusals: RefusalLimit,
    /// The authorities' share of the income of a re-sold night, in percent; none where nights may not be re-sold.
    pub resale_percent: Option<u8>,
    /// What is credited of a guaranteed night while the home is suspended, in percent of the empty price.
    pub credit_suspended: u8,
    /// The same while the provider cannot staff the bed.
    pub credit_unstaffed: u8,
    /// The days on which the contract may be left, in order.
    pub breaks: Vec<Date>,
    /// Days of notice before a break.
    pub break_notice_days: u16,
    /// Days of notice to end it at any other time; none where it runs to a break or to its end.
    pub notice_days: Option<u16>,
    /// Until when it may be extended: the day after the last night that the option allows.
    pub extendable_until: Option<Date>,
    /// In which order an empty bed is offered to the authorities before its nights are sold to others; none where all of
    /// them may nominate at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub void_order: Option<VoidOrder>,
}

/// The terms of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockTerms {
    /// What was asked for.
    pub spec: BlockSpec,
    /// The beds.
    pub beds: BlockBeds,
    /// The prices.
    pub prices: BlockPrices,
}

impl BlockSpec {
    /// All its nights; none where its dates are not in order.
    #[must_use]
    pub fn nights(&self) -> Option<Nights> {
        Nights::new(self.from, self.until)
    }

    /// How many nights of the guaranteed beds are guaranteed among `nights` nights of one calendar month: the whole
    /// nights of the percentage, rounded down.
    #[must_use]
    pub fn guaranteed_nights(&self, nights: i64) -> i64 {
        (i64::from(self.guaranteed_beds) * nights * i64::from(self.guaranteed_percent)).div_euclid(100)
    }

    /// How many empty nights of one calendar month cost nobody but the provider: the first ones, before the guarantee
    /// is called on. `nights` are the contract's nights in that month.
    #[must_use]
    pub fn free_empty_nights(&self, nights: i64) -> i64 {
        i64::from(self.guaranteed_beds) * nights - self.guaranteed_nights(nights)
    }

    /// The last day on which notice for a break can be given.
    #[must_use]
    pub fn last_notice_for(&self, break_on: Date) -> Date {
        plus_days(break_on, -i64::from(self.break_notice_days))
    }
}

impl BlockTerms {
    /// What every night guarantees at most, over all authorities: the guaranteed part of the empty price of the
    /// guaranteed beds, rounded up, so that never less is committed than is owed.
    #[must_use]
    pub fn guaranteed_night(&self) -> Pence {
        let whole =
            self.prices.empty.0 * i64::from(self.spec.guaranteed_beds) * i64::from(self.spec.guaranteed_percent);
        Pence((whole + 99).div_euclid(100))
    }

    /// The same for each authority, in the order of the shares: the parts sum to the whole.
    #[must_use]
    pub fn guaranteed_night_by_share(&self, shares: &[BlockShare]) -> Vec<Pence> {
        let weights: Vec<i64> = shares.iter().map(|share| i64::from(share.weight)).collect();
        split_by_weights(self.guaranteed_night(), &weights)
    }

    /// What the contract is worth to all over its whole term, were every bed each night at the dearest price that can arise
    /// for it: the value that the key-decision test takes (rule 6.1).
    #[must_use]
    pub fn whole_value(&self) -> Pence {
        let nights = self.spec.nights().map_or(0, Nights::count);
        let alone = self.prices.occupied.max(self.prices.empty);
        // A second child keeps its price when the first one leaves, so that all beds of a home can come to that price.
        let beside = alone.max(self.prices.occupied_by(2));
        let (beds, together) = (i64::from(self.beds.count()), i64::from(self.beds.together()));
        Pence((alone.0 * (beds - together) + beside.0 * together) * nights)
    }

    /// The guaranteed money of the whole term.
    #[must_use]
    pub fn guaranteed_value(&self) -> Pence {
        Pence(self.guaranteed_night().0 * self.spec.nights().map_or(0, Nights::count))
    }
}
