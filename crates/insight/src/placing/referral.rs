//! The homes that could meet a child's needs: eliminations first, each with its reason, then a ranking by an order that
//! the officer chooses and the page states. No hidden score, and never price alone (rule 5.7).
//!
//! [`Index`] holds the homes as columns, [`Index::search`] answers in reason bits, [`Index::lines`] says them in words
//! for the homes that are shown.

use jiff::civil::Date;
use placewell_domain::authority::AreaCode;
use placewell_domain::homes::home::{Grade, NeedSet, Sex};
use placewell_domain::id::HomeId;
use placewell_domain::place::{Point, Precision};
use placewell_domain::placing::referral::Tier;
use placewell_domain::placing::referral::profile::AvoidPlace;

mod columns;
pub mod facts;
pub mod lines;
mod own;
mod reason;
mod relax;
mod search;
mod sweep;

pub use columns::Index;
pub use facts::{BlockPlace, HomeFacts, LotPlace, Records, Tied};
pub use lines::{Criterion, Line, Verdict, distance_between, distance_words};
pub use own::{Effect, OwnGate};
pub use reason::{Reason, ReasonSet};
pub use relax::Relaxation;
pub use search::{Found, Matched};

/// The order in which homes are listed. Each ends in the home's number, so that two homes never tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Order {
    /// Nearest first.
    #[default]
    Distance,
    /// Own area, then adjoining, then further.
    Area,
    /// Fewest needs not met first.
    Needs,
    /// By Ofsted's grade.
    Grade,
    /// Bed free soonest.
    BedFree,
    /// Fewest needs not met, then the lower price band: price never ranks alone.
    PriceBand,
}

impl Order {
    /// Every order, as the page lists them.
    pub const ALL: &[Self] = &[Self::Distance, Self::Area, Self::Needs, Self::Grade, Self::BedFree, Self::PriceBand];

    /// The code in an address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Distance => "distance",
            Self::Area => "area",
            Self::Needs => "needs",
            Self::Grade => "grade",
            Self::BedFree => "bed_free",
            Self::PriceBand => "price_band",
        }
    }

    /// The order as the page states it, whole.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Distance => "Nearest first, then most needs met, then Ofsted grade",
            Self::Area => "Own area, then adjoining, then further; nearest first in each",
            Self::Needs => "Most needs met, then fewest unknown, then nearest",
            Self::Grade => "Ofsted grade, then nearest, then most needs met",
            Self::BedFree => "Bed free soonest, then nearest",
            Self::PriceBand => "Most needs met, then lower price band, then nearest",
        }
    }

    /// The order with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|order| order.code() == code)
    }
}

/// How far from home in the sense of regulation 11 the search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum AreaLimit {
    /// The authority's own area.
    Own,
    /// Own and adjoining areas.
    Adjoining,
    /// Anywhere.
    #[default]
    Any,
}

impl AreaLimit {
    /// Every limit, as the page lists them.
    pub const ALL: &[Self] = &[Self::Own, Self::Adjoining, Self::Any];

    /// The code in an address.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Adjoining => "adjoining",
            Self::Any => "any",
        }
    }

    /// The words on the screen.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Own => "Own area",
            Self::Adjoining => "Own and adjoining areas",
            Self::Any => "Any area",
        }
    }

    /// The limit with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|limit| limit.code() == code)
    }
}

/// What is wanted of a home: the referral's coded needs and the officer's filters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The area of the authority that is responsible for the child.
    pub authority: AreaCode,
    /// The lot's code.
    pub lot: String,
    /// What the arrangement calls the lot.
    pub lot_named: String,
    /// Age in whole years on the day the home is needed.
    pub age: u8,
    /// Sex, where it matters.
    pub sex: Option<Sex>,
    /// Needs that are counted and shown.
    pub needs: NeedSet,
    /// Needs without which a home is left out, where it says that it does not meet them.
    pub essential: NeedSet,
    /// Whether the child must live there alone.
    pub solo: bool,
    /// The evening from which the home is needed.
    pub needed_on: Date,
    /// For how many nights a bed must be free at least; open-ended needs take the setting's default.
    pub least_nights: u16,
    /// From where distances are measured.
    pub origin: Option<Point>,
    /// How closely that place is known.
    pub origin_known: Option<Precision>,
    /// The furthest, in tenths of a mile by the statutory formula.
    pub limit_tenths: Option<u32>,
    /// How far in the sense of regulation 11.
    pub areas: AreaLimit,
    /// Areas, districts and homes not to be asked.
    pub avoid: Vec<AvoidPlace>,
    /// The tiers that the search covers.
    pub tiers: Vec<Tier>,
    /// Homes judged Inadequate from which the director of children's services has exempted the child.
    pub exempted: Vec<HomeId>,
    /// The lowest grade that will do; homes not yet inspected are kept.
    pub worst_grade: Option<Grade>,
    /// The order of the list.
    pub order: Order,
}

#[cfg(test)]
mod tests;
