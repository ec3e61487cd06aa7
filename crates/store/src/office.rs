//! The office wing: organisations, people and their sign-ins, documents, messages.

pub mod access;
pub mod document;
pub mod import;
pub mod message;
pub mod organisation;
pub mod person;
pub mod record;
