//! The office wing of the API.

pub mod message;
pub mod person;
