//! The reporting wing: what the record says when it is put together.

pub mod appraisal;
pub mod comparison;
pub mod publication;
