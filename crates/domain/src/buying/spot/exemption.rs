//! A home judged Inadequate is bought outside the arrangement only where the director of children's services of the
//! responsible authority has recorded an exemption: for this child, at this home, against this judgement (check 2 of the
//! eighteen). A later judgement needs its own.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::Spot;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{HomeId, OrganisationId, PersonId, Reference, ReferralId};
use crate::outcome::{Invalid, Refusal};
use crate::sealed::Sealed;

coded! {
    /// Why a child is placed at a home judged Inadequate all the same.
    ExemptionReason {
        StaysThere "stays_there" "The child lives there, and a move would do more harm";
        Sibling "sibling" "A sibling lives there";
        Improving "improving" "Ofsted's own monitoring shows that what was wrong is put right";
        OnlyHome "only_home" "No other registered home in England answered that it can keep the child safe";
    }
}

/// The moves of an exemption.
pub const EXEMPTION_MOVES: &[Move] =
    &[Move { from: "new", act: "exempt", to: "recorded", by: "director of children's services" }];

const RULE: &str = "A home judged Inadequate is not bought by spot purchase without an exemption that the director of \
                    children's services has recorded for the child";

/// The exemption.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GradeExemption {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The placing authority.
    pub authority: OrganisationId,
    /// The responsible authority, whose director has recorded it.
    pub responsible: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The home.
    pub home: HomeId,
    /// The day of the judgement that it is about.
    pub judged_on: Date,
    /// Why.
    pub reason: ExemptionReason,
    /// What keeps the child safe, in words; sealed under the child's key.
    pub words: Sealed<String>,
    /// Who.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
}

/// Checks the words of an exemption.
pub fn check_words(words: &str) -> Result<(), Invalid> {
    match words.trim().chars().count() {
        20..=4_000 => Ok(()),
        _ => Err(Invalid::one("words", "Say what keeps the child safe there, in 20 to 4,000 characters")),
    }
}

impl GradeExemption {
    /// Records it, for an open spot purchase of a home whose latest judgement is Inadequate. `judged_on` is none where it is
    /// not. The caller has found that the person is the director.
    pub fn exempt(
        id: i64,
        (spot, responsible): (&Spot, OrganisationId),
        judged_on: Option<Date>,
        (reason, words): (ExemptionReason, Sealed<String>),
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        spot.must_be_open("be exempted")?;
        let Some(judged_on) = judged_on else {
            return Err(Refusal::new(
                "not_inadequate",
                RULE,
                "The home's latest judgement is not Inadequate, so no exemption is needed.",
                "Nobody",
            ));
        };
        let event = Event::new("grade_exemption.recorded", "grade_exemption", id, 1)
            .with("referral", spot.referral)
            .with("home", spot.home)
            .with("judged_on", judged_on)
            .with("reason", reason.code());
        let exemption = Self {
            id,
            version: 1,
            authority: spot.authority,
            responsible,
            referral: spot.referral,
            reference: spot.reference.clone(),
            home: spot.home,
            judged_on,
            reason,
            words,
            by,
            at: moment.local,
        };
        Ok(Change::to(exemption, event))
    }
}
