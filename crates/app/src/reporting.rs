//! The reporting wing: whether the arrangement is worth it, and what else could be done.

pub mod appraisal;
pub mod comparison;
pub mod publication;
