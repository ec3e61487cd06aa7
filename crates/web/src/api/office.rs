//! The office wing of the API.

pub(crate) mod document;
pub mod message;
pub mod person;
