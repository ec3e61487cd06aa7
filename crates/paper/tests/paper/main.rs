//! Papers as their readers get them: whole PDF files, read back with poppler where it is at hand.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod agreement;
mod appraisal;
mod decision;
mod read;
mod report;
mod sample;
