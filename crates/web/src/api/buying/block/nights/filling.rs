//! How a mini-block's beds are filled: what is empty today, use by week, refusals that count, and from which use it pays.

use jiff::civil::{Date, DateTime};
use placewell_app::buying::block::nights::{Against, NightsPage};
use placewell_insight::buying::block::EvenAt;
use serde::Serialize;
use utoipa::ToSchema;

/// A bed that is empty today.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockVacancy)]
struct Empty {
    /// Which bed.
    bed: u8,
    /// Since which evening.
    since: Date,
    /// Until when the contract's own authorities alone may nominate.
    #[schema(value_type = String)]
    nominate_by: DateTime,
    /// Whether a child stands nominated.
    nominated: bool,
    /// Whether every authority of the contract has been offered it, where the contract has an order.
    all_asked: bool,
}

/// An empty bed's offer to one of the contract's authorities.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockVoidOffer)]
struct InTurn {
    /// Its id.
    id: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// Which bed.
    bed: u8,
    /// Since which evening it stands empty, or will.
    since: Date,
    /// The authority's name.
    authority: String,
    /// Its place in the order, from 1.
    turn: u8,
    /// How it stands: `offered`, `taken`, `passed`, `lapsed` or `closed`.
    state: &'static str,
    /// Until when it is to be taken, or a child nominated; null once it is over.
    #[schema(value_type = Option<String>)]
    until: Option<DateTime>,
    /// It is made to your own authority.
    own: bool,
}

/// One week of use, in bed-nights.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockWeek)]
struct Week {
    /// Its first evening.
    from: Date,
    /// Used by the contract's children.
    used: i64,
    /// Re-sold.
    resold: i64,
    /// Empty with a child nominated.
    nominated: i64,
    /// Empty.
    empty: i64,
}

/// A price that the contract is held against.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockAgainst)]
struct Other {
    /// The median weekly price of like placements, to the nearest £50; null where it cannot be told.
    weekly_pence: Option<i64>,
    /// At least so many placements stand behind it, in fives; null where it cannot be told.
    placements_at_least: Option<usize>,
    /// Whether too few were in the contract's areas, so that those of every area are counted.
    every_area: bool,
    /// From which use a used bed costs at most that, in words; null where it is not known.
    breaks_even_at: Option<String>,
}

impl From<&Against> for Other {
    fn from(one: &Against) -> Self {
        Self {
            weekly_pence: one.middle.map(|middle| middle.weekly.0),
            placements_at_least: one.middle.map(|middle| middle.at_least),
            every_area: one.middle.is_some_and(|middle| middle.every_area),
            breaks_even_at: one.even.map(EvenAt::words),
        }
    }
}

/// What a used bed costs at a use.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockAtUse)]
struct Cost {
    /// The use in percent.
    percent: u8,
    /// What a used bed costs a week.
    used_bed_pence: i64,
}

/// From which use a contract pays.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockBreakEven)]
pub(super) struct Even {
    /// Against the arrangement's price.
    arrangement: Other,
    /// Against the spot price.
    spot: Other,
    /// What a used bed costs at tenths of use.
    at: Vec<Cost>,
    /// How much was used over the last year, in percent.
    used_percent: i64,
    /// What a used bed cost a week over it; null where none was used.
    paid_weekly_pence: Option<i64>,
}

/// How the beds are filled.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BlockFilling)]
pub(super) struct Filling {
    /// Beds that are empty today.
    vacancies: Vec<Empty>,
    /// Offers of empty beds to the contract's authorities in their order, the latest first.
    void_offers: Vec<InTurn>,
    /// Use by week, up to today.
    weeks: Vec<Week>,
    /// The provider's refusals that count in this period.
    refusals: usize,
    /// How many the contract permits in it.
    refusals_permitted: u8,
    /// From which use it pays; null for a provider.
    break_even: Option<Even>,
}

impl From<&NightsPage> for Filling {
    fn from(found: &NightsPage) -> Self {
        let vacancies = found.vacancies.iter().map(|one| Empty {
            bed: one.slot,
            since: one.since,
            nominate_by: one.nominate_by,
            nominated: one.nominated,
            all_asked: one.all_asked,
        });
        let void_offers = found.void_offers.iter().map(|one| InTurn {
            id: one.offer.id.to_string(),
            version: one.offer.version,
            bed: one.offer.slot,
            since: one.offer.since,
            authority: one.authority.clone(),
            turn: one.offer.turn,
            state: one.offer.state.name(),
            until: one.offer.state.until(),
            own: one.own,
        });
        let weeks = found.weeks.iter().map(|one| Week {
            from: one.from,
            used: one.used,
            resold: one.resold,
            nominated: one.nominated,
            empty: one.empty,
        });
        let (refusals, refusals_permitted) = found.refusals;
        let break_even = found.break_even.as_ref().map(|even| Even {
            arrangement: Other::from(&even.fca),
            spot: Other::from(&even.spot),
            at: even
                .line
                .iter()
                .filter(|one| one.percent % 10 == 0)
                .map(|one| Cost { percent: one.percent, used_bed_pence: one.used_bed.0 })
                .collect(),
            used_percent: even.used_percent,
            paid_weekly_pence: even.paid.map(|paid| paid.0),
        });
        Self {
            vacancies: vacancies.collect(),
            void_offers: void_offers.collect(),
            weeks: weeks.collect(),
            refusals,
            refusals_permitted,
            break_even,
        }
    }
}
