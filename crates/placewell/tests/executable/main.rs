//! The executable itself, as an operator runs it: made, served, asked, stopped, verified, on SQLite and on PostgreSQL.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod appraise;
mod demonstration;
mod key;
mod program;
mod region;
mod secrets;
