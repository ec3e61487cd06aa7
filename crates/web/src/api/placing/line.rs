//! Price lines and the words of an offer, as both sides of an open price read them.

use jiff::civil::Date;
use placewell_app::placing::referral::home::Entered;
use placewell_domain::homes::price::PriceLine;
use placewell_domain::nights::OPEN_END;
use placewell_domain::placing::offer::{OfferTerms, OfferWords};
use placewell_domain::placing::referral::Scoring;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::body::percent;
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
    /// Who pays how much of a week.
    funders: Funders,
}

/// Who pays how much of a week of a line.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Funders {
    /// The authority.
    authority_pence: i64,
    /// Education.
    education_pence: i64,
    /// Health.
    health_pence: i64,
    /// False while the split is disputed.
    agreed: bool,
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
            funders: {
                let [authority, education, health] = line.shares.split(line.weekly);
                Funders {
                    authority_pence: authority.0,
                    education_pence: education.0,
                    health_pence: health.0,
                    agreed: line.shares.agreed,
                }
            },
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

/// What shows that a home gave an answer that an officer entered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EnteredAnswer)]
pub(crate) struct EnteredLine {
    /// How it came.
    channel: code::Channel,
    /// The officer who entered it.
    entered_by: String,
    /// When the home said it, on the clock in London.
    said_at: String,
    /// Who said it for the home.
    said_by: Option<String>,
    /// The note of what was said, or the e-mail's text.
    words: Option<String>,
}

impl From<&Entered> for EnteredLine {
    fn from(entered: &Entered) -> Self {
        Self {
            channel: entered.channel.into(),
            entered_by: entered.by.clone(),
            said_at: entered.said_at.to_string(),
            said_by: entered.evidence.as_ref().map(|evidence| evidence.said_by.clone()),
            words: entered.evidence.as_ref().map(|evidence| evidence.words.clone()),
        }
    }
}

/// A criterion by which offers are scored.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ScoringWeight)]
pub(super) struct Weighing {
    /// The criterion.
    pub by: code::ScoreBy,
    /// Its weight in percent.
    #[serde(deserialize_with = "percent")]
    #[schema(example = 30)]
    pub percent: u8,
}

/// A scoring as bodies have it; empty where none was kept.
pub(super) fn weighing(scoring: Option<&Scoring>) -> Vec<Weighing> {
    let weights = scoring.map(Scoring::weights).unwrap_or_default();
    weights.iter().map(|one| Weighing { by: one.by.into(), percent: one.percent }).collect()
}
