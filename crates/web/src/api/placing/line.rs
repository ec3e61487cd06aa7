//! Price lines and the words of an offer, as both sides of an open price read them.

use jiff::civil::Date;
use placewell_domain::homes::price::PriceLine;
use placewell_domain::nights::OPEN_END;
use placewell_domain::placing::offer::{OfferTerms, OfferWords};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::code;

/// A price line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceLine)]
pub(super) struct LineShown {
    /// Its kind.
    kind: code::LineKind,
    /// What it is for.
    #[schema(example = "Core price")]
    label: String,
    /// The price of a week.
    #[schema(example = 415_000)]
    weekly_pence: i64,
    /// The first night charged.
    from: Date,
    /// The day after the last night charged, where it is known.
    to: Option<Date>,
    /// Of additional support: the day of its step-down review.
    review_on: Option<Date>,
    /// Why, where it is off the schedule.
    reason: Option<String>,
}

impl From<&PriceLine> for LineShown {
    fn from(line: &PriceLine) -> Self {
        Self {
            kind: line.kind.into(),
            label: line.label.clone(),
            weekly_pence: line.weekly.0,
            from: line.from,
            to: (line.to != OPEN_END).then_some(line.to),
            review_on: line.support.as_ref().map(|support| support.review_on),
            reason: Some(line.reason.clone()).filter(|reason| !reason.is_empty()),
        }
    }
}

/// How a must-have is met.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MustHave)]
pub(super) struct MustHaveShown {
    /// The need.
    need: code::Need,
    /// Yes, partly or no.
    met: code::Met,
    /// How, in a sentence.
    how: String,
}

/// The answers to the must-haves of an offer.
pub(super) fn must_haves(terms: &OfferTerms, words: &OfferWords) -> Vec<MustHaveShown> {
    let how = |need| words.must_haves.iter().find(|(which, _)| *which == need).map_or("", |(_, text)| text.as_str());
    let shown = |one: &placewell_domain::placing::offer::MustHaveAnswer| MustHaveShown {
        need: one.need.into(),
        met: one.met.into(),
        how: how(one.need).to_owned(),
    };
    terms.must_haves.iter().map(shown).collect()
}
