//! The reporting wing: whether the arrangement is worth it, and what else could be done.

pub mod comparison;
pub mod appraisal;
pub mod publication;
