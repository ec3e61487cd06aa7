//! Commands as a person asks for them, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod award;
mod demonstration;
mod homes;
mod office;
mod power;
