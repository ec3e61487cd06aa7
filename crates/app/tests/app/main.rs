//! Commands as a person asks for them, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::large_futures,
    clippy::format_push_string,
    missing_docs
)]

mod adopted;
mod award;
mod buying;
mod copies;
mod demonstration;
mod erasure;
mod homes;
mod office;
mod power;
mod region;
mod reporting;
mod sealed;
