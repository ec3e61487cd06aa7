//! The buying wing: blocks, spot purchases and their checks.

pub mod block;
pub mod check;
pub mod spot;
