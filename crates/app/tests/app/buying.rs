//! The buying wing.

mod block;
