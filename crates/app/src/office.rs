//! The office wing: organisations and people, signing in, messages.

pub mod message;
pub mod organisation;
pub mod person;
