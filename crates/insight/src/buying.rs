//! The buying wing's computations.

pub mod block;
