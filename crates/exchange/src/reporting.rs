//! The reporting wing as files.

pub mod publication;
