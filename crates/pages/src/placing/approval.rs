//! Recommending and deciding: the form that recommends, the approver's list, the request that fits a phone's first
//! screen, and each decision with its confirmation.

pub mod compare;
mod deciding;
mod emergencies;
mod recommending;
mod request;
mod scored;

pub use deciding::{DecideForm, DeciderView, Deciding, decide};
pub use emergencies::{EmergenciesView, ShareView, emergencies};
pub use recommending::{OfferToJudge, RecommendForm, recommend};
pub use request::{
    ApprovalPage, ConfirmLine, EffectLine, FollowRow, OtherApproval, QuestionLine, RequestLine, approval, list,
};
pub use scored::ScoredView;

use crate::components::Colour;

/// The colour of an approval's tag.
pub(crate) fn colour(state: &str) -> Colour {
    match state {
        "approved" => Colour::Green,
        "refused" | "void" => Colour::Red,
        "question_open" => Colour::Yellow,
        _ => Colour::Blue,
    }
}

/// Samples.
pub fn samples() -> Vec<(&'static str, String)> {
    [request::samples(), deciding::samples(), recommending::samples(), emergencies::samples()]
        .into_iter()
        .flatten()
        .collect()
}
