//! Pages that belong to no room: refusals and faults, sign-in, words, and the statements every service has.
//!
//! Each has samples, which a test renders and lints.

pub mod api;
pub mod border;
pub mod outcome;
pub mod sign_in;
pub mod statement;
pub mod words;
