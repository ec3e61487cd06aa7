//! The placing wing of the API: the call-off, from a child's needs to a signed agreement, and the beds it fills.

pub mod agreement;
pub mod approval;
pub mod child;
pub mod disclosure;
pub mod invitation;
mod line;
pub mod occupancy;
pub mod offer;
pub mod referral;
