//! Homes: the public register of children's homes, as published, and the region's own file of admissions.

pub mod admission;
pub mod home;
