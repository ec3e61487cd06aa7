//! The placing wing's pages, on both databases.

mod referral;
