//! Agreements through pages: those that began before, and the documents beside them.

mod files;
mod history;
mod papers;
