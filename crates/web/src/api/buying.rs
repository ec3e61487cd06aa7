//! The buying wing of the API.

pub mod block;
pub mod check;
pub mod spot;
