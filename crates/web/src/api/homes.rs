//! The homes wing of the API.

pub mod admission;
pub mod home;
pub mod monitoring;
pub mod paper;
pub mod price;
pub mod regulator;
pub mod standing;
