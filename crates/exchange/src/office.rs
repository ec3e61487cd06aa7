//! The office wing of the files.

pub mod import;
