//! The homes wing in both databases: a home's record, facts in two times, and who sleeps where under race.

mod evaluation;
pub mod home;
mod price;
