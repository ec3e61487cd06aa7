//! What tests share: both databases, a browser of a kind, and the lints that every page passes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::missing_panics_doc)]

pub mod client;
mod copies;
pub mod databases;
pub mod device;
pub mod issuer;
pub mod lint;
pub mod logs;
pub mod mailbox;
pub mod needles;
pub mod printed;
