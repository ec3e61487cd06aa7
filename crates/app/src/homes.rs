//! The homes wing: homes as people look them up, the register brought in, and the index that searches run on.

pub mod home;
