//! The comparison of prices by route: the verdicts of rule 8 in their order, and what a decision expected of them.
//!
//! Shares are whole hundredths of a percent; where they come from is `insight`'s. A verdict never says more than the
//! records do: with too few placements, or an interval too wide, it says so.

use core::fmt;

use crate::buying::spot::SpotReason;
use crate::office::access::Action;
use crate::placing::agreement::BuyingRoute;
use crate::placing::referral::{LostBy, NotPlacedReason};
use crate::setting::{Key, Scope, SettingValue};

mod counted;
mod expected;

pub use counted::CountedBurden;
pub use expected::{EXPECTED_PRICES, Expectation, Outturn};

/// Placements that each side of a comparison needs (rule 8).
pub const FEWEST: usize = 8;
/// Homes that each side of a comparison needs: all placements of one home share its one price.
pub const FEWEST_HOMES: usize = 2;

coded! {
    /// Which route is compared with which.
    Pair {
        /// Spot purchase against the FCA.
        SpotFca => "spot_fca", "Spot purchase against the FCA";
        /// Block against the FCA.
        BlockFca => "block_fca", "Block against the FCA";
        /// Block against spot purchase.
        BlockSpot => "block_spot", "Block against spot purchase";
    }
}

impl Pair {
    /// The route that is compared with, then the route that is compared: "the second costs so much more than the first".
    #[must_use]
    pub const fn routes(self) -> (BuyingRoute, BuyingRoute) {
        match self {
            Self::SpotFca => (BuyingRoute::Arrangement, BuyingRoute::Spot),
            Self::BlockFca => (BuyingRoute::Arrangement, BuyingRoute::Block),
            Self::BlockSpot => (BuyingRoute::Spot, BuyingRoute::Block),
        }
    }
}

/// A share in hundredths of a percent: 1 250 is 12.5%.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Hundredths(pub i64);

impl fmt::Display for Hundredths {
    /// With one decimal: "+4.2%", "−0.3%", "0.0%".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0.abs() + 5) / 10;
        let sign = match (tenths, self.0 < 0) {
            (0, _) => "",
            (_, true) => "−",
            (_, false) => "+",
        };
        write!(f, "{sign}{}.{}%", tenths / 10, tenths % 10)
    }
}

/// Between which shares a difference lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Its lower end.
    pub from: Hundredths,
    /// Its upper end.
    pub to: Hundredths,
}

impl Interval {
    /// "−4% and +13%": to whole percents, outwards, so that no interval reads narrower than it is.
    #[must_use]
    pub fn words(self) -> String {
        let whole = |share: i64| match share {
            0 => "0%".to_owned(),
            below if below < 0 => format!("−{}%", -below),
            above => format!("+{above}%"),
        };
        let up = -((-self.to.0).div_euclid(100));
        format!("{} and {}", whole(self.from.0.div_euclid(100)), whole(up))
    }
}

/// By how much one route's price differs from another's, like for like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The estimate.
    pub estimate: Hundredths,
    /// Its 90% interval.
    pub ninety: Interval,
    /// Its 95% interval.
    pub ninety_five: Interval,
}

/// How many placements stand on a side of a comparison, in how many homes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Placements.
    pub placements: usize,
    /// Homes.
    pub homes: usize,
}

/// Why too little is known to say anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooFew {
    /// Fewer than eight placements on a side.
    Placements,
    /// All placements of a side are in one home.
    Homes,
    /// No placement of one side is like any of the other's.
    NothingAlike,
}

/// What the comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Too few to say.
    TooFew(TooFew),
    /// Broadly similar.
    BroadlySimilar,
    /// Lower.
    Lower,
    /// Higher.
    Higher,
    /// Cannot tell; it lies between these.
    CannotTell(Interval),
}

/// The verdict, in the order of rule 8: too few on either side; the 90% interval within the band; the 95% interval
/// without zero; else it cannot be told.
#[must_use]
pub fn verdict(sides: (Count, Count), difference: Option<Difference>, band: Band) -> Verdict {
    let each = [sides.0, sides.1];
    if each.iter().any(|side| side.placements < FEWEST) {
        return Verdict::TooFew(TooFew::Placements);
    }
    if each.iter().any(|side| side.homes < FEWEST_HOMES) {
        return Verdict::TooFew(TooFew::Homes);
    }
    let Some(difference) = difference else { return Verdict::TooFew(TooFew::NothingAlike) };
    let (ninety, wide) = (difference.ninety, difference.ninety_five);
    let within = band.hundredths();
    if -within <= ninety.from.0 && ninety.to.0 <= within {
        Verdict::BroadlySimilar
    } else if wide.to.0 < 0 {
        Verdict::Lower
    } else if wide.from.0 > 0 {
        Verdict::Higher
    } else {
        Verdict::CannotTell(wide)
    }
}

impl Verdict {
    /// The stored name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooFew(_) => "too_few",
            Self::BroadlySimilar => "broadly_similar",
            Self::Lower => "lower",
            Self::Higher => "higher",
            Self::CannotTell(_) => "cannot_tell",
        }
    }

    /// The verdict in the rule's own words.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::TooFew(_) => "too few to say".to_owned(),
            Self::BroadlySimilar => "broadly similar".to_owned(),
            Self::Lower => "lower".to_owned(),
            Self::Higher => "higher".to_owned(),
            Self::CannotTell(between) => format!("cannot tell: between {}", between.words()),
        }
    }

    /// Why nothing can be said, where that is so.
    #[must_use]
    pub fn why(self) -> Option<String> {
        match self {
            Self::TooFew(TooFew::Placements) => Some(format!("Fewer than {FEWEST} placements on one side")),
            Self::TooFew(TooFew::Homes) => Some("All placements of one side are in one home".to_owned()),
            Self::TooFew(TooFew::NothingAlike) => {
                Some("No placement of one side is like any of the other's".to_owned())
            }
            Self::BroadlySimilar | Self::Lower | Self::Higher | Self::CannotTell(_) => None,
        }
    }
}

/// Why the arrangement lost a search, in the words of the reason's own list; the code where the list does not have it.
#[must_use]
pub fn lost_label(by: LostBy, code: &str) -> String {
    let label = match by {
        LostBy::NotPlaced => NotPlacedReason::from_code(code).map(NotPlacedReason::label),
        LostBy::Spot => SpotReason::from_code(code).map(SpotReason::label),
    };
    label.map_or_else(|| code.replace('_', " "), str::to_owned)
}

/// Within how many percent either way prices are broadly similar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band(pub u8);

impl Band {
    /// In hundredths of a percent.
    #[must_use]
    pub fn hundredths(self) -> i64 {
        i64::from(self.0) * 100
    }
}

impl SettingValue for Band {
    const ASK: &'static str = "Enter a whole number of percent from 1 to 30, like 10";

    fn read(text: &str) -> Option<Self> {
        let digits = text.trim().trim_end_matches('%').trim_end();
        digits.parse().ok().filter(|percent| (1..=30).contains(percent)).map(Self)
    }

    fn write(&self) -> String {
        self.0.to_string()
    }

    fn words(&self) -> String {
        format!("Within ±{}%", self.0)
    }
}

/// Within how many percent prices are broadly similar (rule 8).
pub const SIMILAR_BAND: Key<Band> = Key {
    name: "comparison.similar_band",
    title: "When prices are broadly similar",
    effect: "The comparison of prices judges by it from that day on. It changes no price and no placement.",
    source: "Rule 8 of the region's settled rules: ten percent either way",
    scope: Scope::Region,
    keeper: Action::RunArrangement,
    form: None,
    default: || Band(10),
};

#[cfg(test)]
mod tests;
