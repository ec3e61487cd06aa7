//! The buying wing's pages, on both databases.

mod block;
mod spot;

/// The mini-blocks of the app's own tests, seen through pages.
#[allow(dead_code)]
#[path = "../../../app/tests/app/buying/block/child.rs"]
mod child;
#[allow(dead_code)]
#[path = "../../../app/tests/app/buying/block/world.rs"]
mod world;
