//! The office wing: organisations and people, signing in, messages.

pub mod access;
pub mod document;
pub mod import;
pub mod message;
pub mod organisation;
pub mod person;
pub mod record;
