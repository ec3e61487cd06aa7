//! Pages through in-process HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod access;
mod api;
mod buying;
mod homes;
mod office;
mod placing;
mod power;
mod reporting;
mod security;
mod server;
mod setting;
mod signing;
mod tour;

/// The app's own tests name it so.
mod award {
    pub use crate::placing::world;
}
