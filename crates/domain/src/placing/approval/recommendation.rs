//! What the officer recommends: one offer, with reasons for and against each, the answers to the approver's gates, and
//! the facts at that moment. Written once; a new recommendation replaces it.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::facts::AwardFacts;
use super::gates::{Gates, Wishes};
use crate::id::{ChildId, OfferId, OrganisationId, PersonId, ReferralId};
use crate::outcome::Invalid;
use crate::placing::offer::NotChosenReason;
use crate::placing::offer::points::OfferPoints;
use crate::placing::referral::EmergencyCause;
use crate::power::delegation::RemitArea;
use crate::sealed::Sealed;

/// An offer that is not recommended, and the coded reason that its home will read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherOffer {
    /// The offer.
    pub offer: OfferId,
    /// Why not.
    pub reason: NotChosenReason,
}

/// What speaks for and against one offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferReasons {
    /// The offer.
    pub offer: OfferId,
    /// What speaks for it.
    pub for_it: String,
    /// What speaks against it.
    pub against: String,
}

/// The recommendation in words; stored as `Sealed<RecommendationWords>`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RecommendationWords {
    /// For and against each offer, the recommended one first.
    pub reasons: Vec<OfferReasons>,
    /// What the child wishes and feels, and how it was taken into account.
    pub wishes: String,
    /// The social worker's view.
    pub social_worker: String,
    /// Why relatives were not consulted, where they were not.
    pub relatives: String,
    /// Why there is only one offer, why a late one is used, or why not the one with the most points.
    pub circumstances: String,
}

impl RecommendationWords {
    /// What is missing: a reason for the chosen offer, one against each other, and the child's view or why the child
    /// could not be asked.
    pub fn check(
        &self,
        chosen: OfferId,
        offers: &[OfferId],
        (wishes, relatives_needed): (Wishes, bool),
    ) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for offer in offers {
            let found = self.reasons.iter().find(|reasons| reasons.offer == *offer);
            let (field, text, ask) = if *offer == chosen {
                (
                    format!("for_{offer}"),
                    found.map_or("", |reasons| &reasons.for_it),
                    "Say why you recommend this offer",
                )
            } else {
                (
                    format!("against_{offer}"),
                    found.map_or("", |reasons| &reasons.against),
                    "Say why you do not recommend this offer",
                )
            };
            if text.trim().is_empty() {
                invalid.add(&field, ask);
            }
        }
        if self.wishes.trim().is_empty() {
            let ask = match wishes {
                Wishes::NotPracticable => "Say why the child could not be asked",
                Wishes::Ascertained | Wishes::TooYoung => "Say what the child wishes and feels, or why it is not known",
            };
            invalid.add("wishes_words", ask);
        }
        if relatives_needed && self.relatives.trim().is_empty() {
            invalid.add("relatives_words", "Say why the child's relatives were not consulted");
        }
        if offers.len() == 1 && self.circumstances.trim().is_empty() {
            invalid.add("circumstances", "Say why there is only one offer");
        }
        let longest = self
            .reasons
            .iter()
            .flat_map(|reasons| [&reasons.for_it, &reasons.against])
            .chain([&self.wishes, &self.social_worker, &self.relatives, &self.circumstances])
            .map(|text| text.chars().count())
            .max();
        if longest.is_some_and(|longest| longest > 4_000) {
            invalid.add("wishes_words", "Each answer must be 4,000 characters or fewer");
        }
        invalid.or(())
    }
}

/// A recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// Its id.
    pub id: i64,
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The authority responsible for the child.
    pub responsible: OrganisationId,
    /// The child.
    pub child: ChildId,
    /// The referral.
    pub referral: ReferralId,
    /// The recommended offer.
    pub offer: OfferId,
    /// Every other offer and why not.
    pub others: Vec<OtherOffer>,
    /// The part of the service that the case belongs to.
    pub case: RemitArea,
    /// Why it is an emergency, where it is one.
    pub emergency: Option<EmergencyCause>,
    /// The answers to the gates.
    pub gates: Gates,
    /// The facts at that moment.
    pub facts: AwardFacts,
    /// The points of every offer at that moment, by the scoring that was fixed by sending; empty where none was kept.
    #[serde(default)]
    pub points: Vec<OfferPoints>,
    /// In words.
    pub words: Sealed<RecommendationWords>,
    /// Who recommends.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: DateTime,
}

impl Recommendation {
    /// What is left of its words once the child's record was erased: which offers there were, the recommended one first.
    #[must_use]
    pub fn words_left(&self) -> RecommendationWords {
        let offers = core::iter::once(self.offer).chain(self.others.iter().map(|other| other.offer));
        let reasons = offers.map(|offer| OfferReasons { offer, for_it: String::new(), against: String::new() });
        RecommendationWords { reasons: reasons.collect(), ..RecommendationWords::default() }
    }
}
