//! The reporting wing's pages.

pub mod appraisal;
pub mod comparison;
pub mod publication;
