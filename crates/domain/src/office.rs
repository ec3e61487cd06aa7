//! The office wing: who works here, for whom, and what each may ask for.

pub mod access;
pub mod document;
pub mod import;
pub mod organisation;
pub mod person;
pub mod record;
