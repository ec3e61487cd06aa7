//! The placing wing's pages.

pub mod agreement;
pub mod approval;
pub mod child;
pub mod disclosure;
pub mod invitation;
pub mod occupancy;
pub mod offer;
pub mod referral;
