//! What a route took to arrange in an authority's last year, as the whole region may read it: medians and a day.

use jiff::civil::Date;

use crate::id::OrganisationId;
use crate::power::annual_value::Route;

/// One route of one authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedBurden {
    /// The placing authority.
    pub authority: OrganisationId,
    /// The route.
    pub route: Route,
    /// The last day that was counted; a year before it the first.
    pub counted_on: Date,
    /// Placements that began.
    pub placements: u32,
    /// Checks done for each.
    pub checks: u32,
    /// Minutes of its checks by the system's times.
    pub check_minutes: u32,
    /// Office minutes of its contracting by the system's times, where they are known.
    pub contracting: Option<u32>,
    /// Minutes that officers said, where they did.
    pub said: Option<u32>,
}
