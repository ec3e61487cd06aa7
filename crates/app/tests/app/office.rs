//! The office wing.

mod person;
