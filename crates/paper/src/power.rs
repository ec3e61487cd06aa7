//! Documents of the power wing.

pub mod decision;
