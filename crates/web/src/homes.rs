//! The homes wing's pages.

pub mod home;
