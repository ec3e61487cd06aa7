//! The reporting wing on paper.

pub mod appraisal;
