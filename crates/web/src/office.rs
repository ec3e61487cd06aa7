//! The office wing: signing in, help and statements, search, jobs and mails, health and the record.

pub mod access;
pub(crate) mod document;
pub mod import;
pub mod message;
pub mod organisation;
pub mod person;
pub mod record;
