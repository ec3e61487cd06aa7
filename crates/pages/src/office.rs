//! The office wing: people, what their roles find, messages, the record.

pub mod access;
pub mod document;
pub mod import;
pub mod message;
pub mod person;
pub mod record;
