//! The reporting wing's computations.

pub mod comparison;
pub mod appraisal;
