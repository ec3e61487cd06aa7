//! The buying wing: mini-block contracts.

pub mod block;
