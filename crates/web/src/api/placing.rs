//! The placing wing of the API: the call-off, from a child's needs to a signed agreement.

pub mod referral;

pub mod invitation;

pub mod offer;

pub mod approval;

pub mod agreement;
