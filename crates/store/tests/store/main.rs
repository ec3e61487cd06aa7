//! The store on SQLite and on PostgreSQL: every test runs on both.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod constraints;
mod foundation;
mod homes;
mod outbox;
mod place;
mod placing;
mod plainly;
mod power;
mod rotation;
mod schema;
mod sealed;
mod tagged;
mod verify;
