//! The buying wing.

mod block;
mod check;
