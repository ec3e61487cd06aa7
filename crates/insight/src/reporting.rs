//! The reporting wing's computations.

pub mod appraisal;
pub mod comparison;
