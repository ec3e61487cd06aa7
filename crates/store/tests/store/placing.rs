//! The placing wing in both databases.

mod agreement;
mod occupancy;
mod offer;
