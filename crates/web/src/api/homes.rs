//! The homes wing of the API.

pub mod admission;
pub mod home;
pub mod regulator;
pub mod standing;
