//! Agreements through pages: those that began before, and the documents beside them.

mod history;
mod papers;
