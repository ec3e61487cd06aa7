//! Pure computation over many records: which homes could meet a child's needs, what a year is still expected to cost,
//! and whether the arrangement is worth it.
//!
//! No database, no clock, no I/O: columns in, answers and their reasons out.

pub mod buying;
pub mod homes;
pub mod placing;
pub mod power;
pub mod reporting;
