//! The placing wing's pages, on both databases.

mod agreement;
mod approval;
mod disclosure;
mod invitation;
mod offer;
mod referral;

/// The award of the app's own tests, seen through pages.
#[allow(dead_code)]
#[path = "../../../app/tests/app/award/world.rs"]
pub mod world;
