//! The placing wing's pages, on both databases.

mod approval;
mod disclosure;
mod history;
mod invitation;
mod papers;
mod referral;
mod spot;

/// The award of the app's own tests, seen through pages.
#[allow(dead_code)]
#[path = "../../../app/tests/app/award/world.rs"]
mod world;
