//! The homes wing: homes as people look them up, the register brought in, the index that searches run on, and what the
//! regional team records: who is admitted to which lot, how they stand, what they tendered.

pub mod admission;
pub mod home;
pub mod monitoring;
pub mod price;
pub mod standing;
