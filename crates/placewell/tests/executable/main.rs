//! The executable itself, as an operator runs it: made, served, asked, stopped, verified, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod appraise;
mod demonstration;
mod guide;
mod key;
mod postcodes;
mod program;
mod reading;
mod region;
mod secrets;
mod verify;
