//! File formats in and out: what councils and regulators publish, read into plain structures.
//! This floor has no clock, no database and no opinion: what a file does not say is left out
//! and named, never guessed, and no input makes it panic.

mod dates;
pub mod homes;
pub mod office;
pub mod place;
pub mod placing;
pub mod power;
pub mod reporting;
pub mod sheet;
pub mod table;
pub mod text;
