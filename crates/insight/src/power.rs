//! The power wing's computations.

pub mod annual_value;
