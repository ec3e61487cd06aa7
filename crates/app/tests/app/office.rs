//! The office wing.

mod document;
mod message;
mod person;
mod record;
