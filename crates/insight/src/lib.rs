//! Pure computation over many records: which homes could meet a child's needs, and what a year is still expected to cost.
//!
//! No database, no clock, no I/O: columns in, answers and their reasons out.

pub mod placing;
pub mod power;
