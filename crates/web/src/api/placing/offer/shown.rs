//! One offer as its authority reads it. While prices are sealed it has a type without any price.

use jiff::civil::Date;
use placewell_app::placing::referral::home::ReferralRecord;
use placewell_domain::clock::Moment;
use placewell_domain::homes::home::Bed;
use placewell_domain::placing::invitation::Invitation;
use placewell_domain::placing::offer::{Offer, OfferState, OfferWords};
use placewell_domain::placing::referral::prices_visible;
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::code;
use crate::api::placing::line::{EnteredLine, LineShown, MustHaveShown, must_haves};
use crate::api::value::Id;

/// An offer.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "prices", rename_all = "snake_case")]
#[schema(as = Offer)]
pub(super) enum OfferShown {
    /// Its price is sealed.
    Sealed(OfferWithoutPrice),
    /// Its price is open.
    Open(OfferWithPrice),
}

/// What an offer says beside its price.
#[allow(clippy::struct_excessive_bools)] // each is a fact of its own, shown as it is
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferWithoutPrice {
    /// Its number within the referral.
    number: u32,
    /// Its version, also in the `ETag`.
    version: i64,
    /// The stored state.
    #[schema(example = "sent")]
    state: String,
    /// The home.
    home: String,
    /// The provider.
    provider: String,
    /// When it arrived, on the clock in London.
    received: Option<String>,
    /// It was entered by an officer.
    entered: bool,
    /// What shows that the home made it, where an officer entered it.
    evidence: Option<EnteredLine>,
    /// It came after the deadline.
    late: bool,
    /// The first night.
    start: Date,
    /// The id of the bed that it names; null where that is not decided.
    bed: Option<Id>,
    /// What the home calls that bed.
    #[schema(example = "Room 2")]
    bed_label: Option<String>,
    /// How each must-have is met.
    must_haves: Vec<MustHaveShown>,
    /// What it means for each child who lives there.
    residents: Vec<ResidentLine>,
    /// How many children lived there on the first night when the assessment was made; null where the home shows no beds.
    residents_there: Option<u32>,
    /// Somebody has moved in or out since: the home changes its offer before it is recommended.
    residents_changed: bool,
    /// The impact on the children who live there, in words.
    impact: String,
    /// Conditions.
    conditions: String,
    /// The child would live there alone.
    solo: bool,
    /// Whether the child keeps the present school.
    keeps_school: Option<bool>,
    /// Until when it is valid, on the clock in London.
    valid_until: String,
    /// Of an offer that was not chosen: why.
    not_chosen: Option<code::NotChosenReason>,
}

/// What it means for one child who lives there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ResidentEffectLine)]
struct ResidentLine {
    /// The age band.
    age_band: code::AgeBand,
    /// The effect.
    effect: code::ResidentEffect,
}

/// An offer with its price.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OfferWithPrice {
    #[serde(flatten)]
    offer: OfferWithoutPrice,
    /// The price of a week, all lines together.
    #[schema(example = 415_000)]
    total_weekly_pence: i64,
    /// Its price lines.
    lines: Vec<LineShown>,
    /// Each change with the price before it.
    changes: Vec<ChangeLine>,
}

/// A change of an offer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OfferChange)]
struct ChangeLine {
    /// When, on the clock in London.
    at: String,
    /// The price of a week before it.
    was_weekly_pence: i64,
    /// Why.
    reason: code::AmendReason,
}

impl OfferShown {
    pub(super) fn of(
        record: &ReferralRecord,
        (offer, words): (&Offer, OfferWords),
        (bed, changed): (Option<Bed>, bool),
        now: Moment,
    ) -> Self {
        let deadline = record.invitations.iter().find(|one| one.id == offer.invitation).map(Invitation::closes);
        let residents = offer
            .terms
            .residents
            .iter()
            .map(|one| ResidentLine { age_band: one.age_band.into(), effect: one.effect.into() });
        let plain = OfferWithoutPrice {
            number: offer.number,
            version: offer.version,
            state: offer.state.name().to_owned(),
            home: record.home_name(offer.home),
            provider: record.providers.get(&offer.provider).cloned().unwrap_or_default(),
            received: offer.submission.as_ref().map(|sent| sent.at.to_string()),
            entered: offer.submission.as_ref().is_some_and(|sent| sent.entered.is_some()),
            evidence: record.entered.get(&offer.invitation).map(EnteredLine::from),
            late: deadline.is_some_and(|deadline| offer.late(deadline)),
            start: offer.terms.start,
            bed: bed.as_ref().map(|bed| Id(bed.id.0)),
            bed_label: bed.map(|bed| bed.label),
            must_haves: must_haves(&offer.terms, &words),
            residents: residents.collect(),
            residents_there: offer.considered.as_ref().map(|then| then.there),
            residents_changed: changed,
            impact: words.impact,
            conditions: words.conditions,
            solo: offer.terms.solo,
            keeps_school: offer.terms.keeps_school,
            valid_until: offer.terms.valid_until.to_string(),
            not_chosen: match &offer.state {
                OfferState::NotChosen { reason, .. } => Some((*reason).into()),
                _ => None,
            },
        };
        if !record.referral.state.sent().is_some_and(|out| prices_visible(out, now)) {
            return Self::Sealed(plain);
        }
        let changes = offer.changes.iter().map(|change| ChangeLine {
            at: change.at.to_string(),
            was_weekly_pence: change.was.0,
            reason: change.reason.into(),
        });
        Self::Open(OfferWithPrice {
            offer: plain,
            total_weekly_pence: offer.total().0,
            lines: offer.terms.lines.iter().map(LineShown::from).collect(),
            changes: changes.collect(),
        })
    }
}
