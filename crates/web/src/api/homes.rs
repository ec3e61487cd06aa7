//! The homes wing of the API.

pub mod admission;
pub mod home;
