//! The placing wing: from a child's needs to a home, an agreement and the nights that follow.

pub mod agreement;
pub mod approval;
pub mod child;
pub mod disclosure;
pub mod invitation;
pub mod occupancy;
pub mod offer;
pub mod referral;
