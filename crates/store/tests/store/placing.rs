//! The placing wing in both databases.

pub mod agreement;
mod occupancy;
mod offer;
mod referral;
