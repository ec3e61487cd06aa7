//! Decisions: recorded from their published text, published, called in, confirmed, replaced; read by the public.

mod commands;
mod paper;
mod paste;
mod queries;

pub use commands::{CallIn, CloseCallIn, Confirm, Correct, GiveNotice, Publish, Record, Rescind, Revise, Supersede};
pub use paste::{Checked, check_pasted, page_of, published_of};
pub use queries::{CALL_IN_DAYS, CLOSURE_DAYS, DecisionRecord, Worklist, call_in_rule};

/// Where a democratic services officer works on a decision.
pub(crate) fn own_path(reference: &str) -> String {
    format!("/democratic/decisions/{reference}")
}
