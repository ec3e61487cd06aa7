//! The reporting wing of the API.

pub mod appraisal;
pub mod comparison;
pub mod publication;
