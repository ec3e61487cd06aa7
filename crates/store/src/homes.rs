//! The homes wing: homes with their beds and inspections, and what is known of them in two times.

pub mod admission;
pub mod home;
pub mod monitoring;
pub mod price;
pub mod standing;
