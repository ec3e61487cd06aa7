//! The reporting wing's pages.

pub mod comparison;
pub mod appraisal;
pub mod publication;
