//! Homes: the public register of children's homes, as published.

pub mod home;
