//! The placing wing's computations.

pub mod referral;
