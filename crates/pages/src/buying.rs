//! The buying wing: mini-blocks, spot purchases, their checks.

pub mod block;
pub mod check;
pub mod spot;
