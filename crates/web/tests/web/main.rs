//! Pages through in-process HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod access;
mod api;
mod homes;
mod office;
mod placing;
mod power;
mod server;
mod setting;
mod tour;
