//! Agreements: the list, the record (HTML is the agreement; the PDF is a copy), and each act on a page of its own.

mod acts;
mod asks;
pub mod by_month;
mod changes;
pub mod history;
mod moves;
pub mod opening;
mod record;
mod repricing;
mod sections;
mod todo;

pub use acts::{ActForm, Acting, NOBODY, act};
pub use moves::{MoveRow, MoveSide, MovesView, moves_page, outliving_page};
pub use record::{
    AgreementLine, AgreementPage, CopyLine, HappenedLine, PriceRow, RestsLine, SignatureLine, agreement, list,
};
pub use repricing::{RepricingForm, RepricingRow, RepricingsView, UpliftAsked, repricing, repricings};
pub use sections::{CareView, ChangeLine, ExceptionLine, MoreView};
pub use todo::{ConfirmSkip, TodoRow, confirm_skip, todo};

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    [
        record::samples(),
        acts::samples(),
        by_month::samples(),
        history::samples(),
        opening::samples(),
        todo::samples(),
        moves::samples(),
        repricing::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
