//! A search that the arrangement lost, as the whole region may read it: the quarter, the lot and the coded reason; no
//! child, no reference, no day.

use jiff::civil::Date;

use super::Referral;
use super::ends::NotPlacedReason;
use crate::calendar::quarter_of;
use crate::id::OrganisationId;

coded! {
    /// How the arrangement lost a search.
    LostBy {
        /// The search ended without a placement through it.
        NotPlaced => "not_placed", "The search ended without a placement through the arrangement";
        /// The child was placed by spot purchase, for the reason recorded with it.
        Spot => "spot", "Placed by spot purchase";
    }
}

/// Searches of one authority and quarter that were lost for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostSearches {
    /// The placing authority.
    pub authority: OrganisationId,
    /// The first day of the calendar quarter in which the child needed the home.
    pub quarter: Date,
    /// The lot, by its code.
    pub lot: String,
    /// How.
    pub by: LostBy,
    /// Why, by the code of its list.
    pub reason: String,
    /// How many.
    pub count: u32,
}

impl LostSearches {
    /// One search, lost for a reason of its list, by the code.
    #[must_use]
    pub fn one(referral: &Referral, by: LostBy, reason: &str) -> Self {
        let needed = referral.profile.start.unwrap_or(referral.started.date());
        Self {
            authority: referral.authority,
            quarter: quarter_of(needed),
            lot: referral.profile.lot.clone().unwrap_or_default(),
            by,
            reason: reason.to_owned(),
            count: 1,
        }
    }
}

impl NotPlacedReason {
    /// Whether the arrangement lost a placement: not where no home was needed in the end.
    #[must_use]
    pub const fn loses_the_arrangement(self) -> bool {
        !matches!(self, Self::FamilyFound | Self::NoLongerNeeded)
    }
}
