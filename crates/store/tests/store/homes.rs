//! The homes wing in both databases: a home's record, facts in two times, and who sleeps where under race.

mod admission;
pub mod home;
pub mod monitoring;
mod price;
