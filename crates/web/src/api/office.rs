//! The office wing of the API.

pub mod access;
pub(crate) mod document;
pub mod glass;
pub mod import;
pub mod message;
pub mod people;
pub mod person;
pub mod record;
