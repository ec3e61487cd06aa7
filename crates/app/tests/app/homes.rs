//! The homes wing as people use it, on both databases.

mod admission;
mod home;
mod monitoring;
mod standing;
