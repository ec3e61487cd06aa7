//! The placing wing's pages, on both databases.

mod disclosure;
mod invitation;
mod referral;
