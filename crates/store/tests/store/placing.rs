//! The placing wing in both databases.

mod occupancy;
mod offer;
