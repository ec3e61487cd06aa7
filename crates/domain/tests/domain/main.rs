//! What is said of the domain as a whole: the pages of states and moves are those of the code.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod rules;
