//! The buying wing's pages.

pub mod block;
pub mod check;
pub mod spot;
