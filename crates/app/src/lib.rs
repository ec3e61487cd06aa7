//! What a person can ask for: commands that change, queries that read, jobs that follow.
//!
//! No HTTP and no SQL here. A command lives in the room whose state the person came to change; [`App::perform`]
//! gives every one of them its transaction, its permission, its idempotency key and its retries.

pub mod answer;
pub mod clock;
pub mod command;
mod counting;
mod daily;
pub mod demonstration;
pub mod importing;
pub mod naming;
pub mod owed;
pub mod place;
pub mod post;
pub mod region;
pub mod setting;
pub mod timer;
pub mod worker;

pub mod buying;
pub mod homes;
pub mod office;
pub mod placing;
pub mod power;
pub mod reporting;

pub use answer::{Answer, Outcome};
pub use command::{App, Command, Receipt};
