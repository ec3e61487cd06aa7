//! The ground floor: the words, numbers, rules and state moves of placing a child in a home.
//!
//! No async, no I/O, no clock, no database. Vocabulary that every wing shares stands at the root;
//! capabilities are rooms in wings, one name on every floor.

#[macro_use]
mod coded;

pub mod authority;
pub mod calendar;
pub mod change;
pub mod clock;
pub mod id;
pub mod money;
pub mod nights;
pub mod outcome;
pub mod place;
pub mod sealed;
pub mod setting;

pub mod buying;
pub mod homes;
pub mod office;
pub mod placing;
pub mod power;
pub mod reporting;
