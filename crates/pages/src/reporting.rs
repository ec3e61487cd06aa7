//! The reporting wing: whether the arrangement is worth it, what else could be done, and what the public may know.

pub mod appraisal;
pub mod comparison;
pub mod publication;
