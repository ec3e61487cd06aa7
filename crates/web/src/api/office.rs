//! The office wing of the API.

pub mod person;
