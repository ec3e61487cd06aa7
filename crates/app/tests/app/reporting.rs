//! The reporting wing.

mod appraisal;
mod comparison;
mod publication;
