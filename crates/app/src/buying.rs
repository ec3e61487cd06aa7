//! The buying wing: what is bought beside a placement through the arrangement.

pub mod block;
pub mod check;
pub mod spot;
