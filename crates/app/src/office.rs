//! The office wing: organisations and people, signing in, messages.

pub mod access;
pub mod message;
pub mod organisation;
pub mod person;
pub mod record;
