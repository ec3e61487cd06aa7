//! The office wing: signing in and out, and whether the service is well.

pub mod person;
pub mod record;
