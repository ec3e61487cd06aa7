//! The homes wing's computation: what monitoring shows over time and across homes.

pub mod monitoring;
