//! The reporting wing of the API.

pub mod comparison;
pub mod appraisal;
pub mod publication;
