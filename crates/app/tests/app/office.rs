//! The office wing.

mod document;
mod person;
