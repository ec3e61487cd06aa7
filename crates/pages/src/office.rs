//! The office wing: people.

pub mod person;
