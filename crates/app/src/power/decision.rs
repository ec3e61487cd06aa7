//! Decisions: recorded from their published text, published, called in, confirmed, replaced; read by the public.

mod commands;
mod delegated;
mod exempt;
mod paper;
mod paste;
mod plan;
mod queries;
mod words;

pub use commands::{CallIn, CloseCallIn, Confirm, Correct, Publish, Record, Rescind, Revise, Supersede};
pub use delegated::{DelegatedRecord, PublishDelegated, RecordDelegated, ReviseDelegated, WithdrawDelegated};
pub use exempt::{ExemptLine, ExemptPage, RecordExempt};
pub use paper::LinkedContract;
pub use placewell_store::power::decision::DecisionText;

pub use paste::{Checked, check_pasted, page_of, published_of};
pub use plan::{GiveNotice, WithdrawNotice};
pub use queries::{CALL_IN_DAYS, CLOSURE_DAYS, DecisionRecord, OFFICE_HOURS, Worklist, call_in_rule};

/// Where a democratic services officer works on a decision.
pub(crate) fn own_path(reference: &str) -> String {
    format!("/democratic/decisions/{reference}")
}
