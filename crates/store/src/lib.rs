//! The store: SQLite and PostgreSQL behind one set of calls, domain types in and out.
//!
//! The only crate that knows SQL. It holds no rules: what a rule needs the database to refuse is a constraint, and
//! [`error`] turns each constraint's name into the rule's own refusal.

mod alone;
pub mod chain;
pub mod connect;
mod contents;
mod dialect;
pub mod error;
mod facts;
mod group;
pub mod guards;
pub mod idempotency;
pub mod ids;
mod kept;
pub mod keys;
mod memo;
pub mod migrate;
mod once;
pub mod outbox;
pub mod peek;
pub mod place;
#[cfg(feature = "planted-holes")]
mod planted;
pub mod row;
pub mod session;
pub mod setting;
mod sqlite;
mod tagged;
pub mod verify;
mod vouched;
pub mod work;

pub mod buying;
pub mod homes;
pub mod office;
pub mod placing;
pub mod power;
pub mod reporting;

pub use connect::{Backend, Store};
pub use error::StoreError;
pub use session::Session;
pub use work::Work;
