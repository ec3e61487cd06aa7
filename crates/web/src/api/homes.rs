//! The homes wing of the API.

pub mod home;
