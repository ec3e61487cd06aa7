//! The homes wing: the letter that tells a provider the outcome of its application.

pub mod admission;
