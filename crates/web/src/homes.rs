//! The homes wing's pages.

pub mod admission;
pub mod home;
pub mod monitoring;
pub mod price;
pub mod standing;
