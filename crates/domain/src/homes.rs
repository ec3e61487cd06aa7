//! The homes wing: what a children's home is, on which lots it stands, whether it may be used today, and its prices.
//!
//! Rooms in order: home, admission, standing, price, monitoring. A later room may use an earlier one, never the other way.

pub mod admission;
pub mod home;
pub mod monitoring;
pub mod price;
pub mod standing;
