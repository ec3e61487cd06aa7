//! Documents as PDF, from plain data: tagged for assistive technology, and the same bytes for the same input.
//!
//! The only crate that links the typesetter. It reads no database, no clock and no file; what a document
//! says arrives as plain structs, and the moment of issue comes from the caller.

pub mod buying;
pub mod homes;
pub mod placing;
pub mod power;
mod printable;
pub mod report;
pub mod reporting;
mod typesetter;

pub use typesetter::{DocumentMoment, PaperError, pdf};
