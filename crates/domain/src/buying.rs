//! The buying wing: what is bought beside a placement through the arrangement: mini-blocks, spot purchases, their checks.
//!
//! Rooms in order: block, spot, check, payment. A later room may use an earlier one only.

pub mod block;
pub mod check;
pub mod spot;
