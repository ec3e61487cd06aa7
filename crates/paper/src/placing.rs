//! Documents of the placing wing.

pub mod agreement;
