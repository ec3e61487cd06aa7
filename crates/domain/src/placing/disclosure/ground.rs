//! The ground on which a home is told who a child is: the lawful basis, the condition for special category data, and the
//! consent or who decided to go on without it. Nothing identifies the child to a home before one stands (rule 5.6).

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{OrganisationId, PersonId, ReferralId};
use crate::outcome::Refusal;
use crate::sealed::Sealed;

coded! {
    /// The lawful basis of Article 6 of the UK GDPR.
    LawfulBasis {
        PublicTask "public_task" "Public task: accommodating a child (Children Act 1989, sections 20 and 22A to 22G)";
        LegalObligation "legal_obligation" "Legal obligation: a court's order";
        VitalInterests "vital_interests" "Vital interests: somebody's life is in danger";
    }
}

coded! {
    /// The condition of Article 9 of the UK GDPR for health and other special category data.
    SpecialCondition {
        SocialCare "social_care" "Health or social care (Article 9(2)(h); Data Protection Act 2018, Schedule 1, paragraph 2)";
        Safeguarding "safeguarding" "Safeguarding a child (Article 9(2)(g); Schedule 1, paragraph 18)";
        VitalInterests "vital_interests" "Vital interests (Article 9(2)(c))";
    }
}

coded! {
    /// Who agreed that the home is told.
    AgreedBy {
        Parent "parent" "A parent or another person with parental responsibility";
        Child "child" "The child, who understands what it means";
        Both "both" "The child and a person with parental responsibility";
        AuthoritySharesResponsibility "care_order" "The authority, which has parental responsibility under a care order";
    }
}

coded! {
    /// Why the home is told although nobody agreed.
    OverrideReason {
        SignificantHarm "significant_harm" "Asking would put somebody at risk of significant harm";
        CourtOrder "court_order" "A court has ordered it";
        NotReached "not_reached" "Nobody who could agree can be reached in time";
        Refused "refused" "It was refused, and the child's welfare requires it";
    }
}

/// What a ground rests on: somebody agreed, or somebody decided to go on without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Agreed.
    Agreed {
        /// By whom.
        by: AgreedBy,
        /// On which day.
        on: Date,
    },
    /// Decided without.
    Overridden {
        /// Why.
        reason: OverrideReason,
        /// Who decided it: never the officer who records it.
        decided_by: PersonId,
        /// The reasons in words, under the child's key.
        words: Sealed<String>,
    },
}

impl Consent {
    /// In words.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Agreed { by, .. } => by.label(),
            Self::Overridden { reason, .. } => reason.label(),
        }
    }
}

/// Where a ground stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroundState {
    /// It holds.
    InForce,
    /// Consent was withdrawn, or the basis fell away.
    Withdrawn {
        /// Who recorded it.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl GroundState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["in_force", "withdrawn"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::InForce => "in_force",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }
}

/// The ground of one referral's disclosures of identity; one at a time is in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// The row's id.
    pub id: i64,
    /// The record's version.
    pub version: i64,
    /// The authority.
    pub authority: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// The lawful basis.
    pub basis: LawfulBasis,
    /// The condition for special category data.
    pub condition: SpecialCondition,
    /// Consent, or who decided without.
    pub consent: Consent,
    /// Who recorded it.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: DateTime,
    /// Where it stands.
    pub state: GroundState,
}

/// Every move of a ground.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "record", to: "in_force", by: "placement officer" },
    Move { from: "in_force", act: "withdraw", to: "withdrawn", by: "placement officer" },
];

const RULE: &str = "Identity is disclosed on a lawful basis, with consent or its recorded override (rule 5.6)";

/// What a ground starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroundGiven {
    /// The authority.
    pub authority: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// The lawful basis.
    pub basis: LawfulBasis,
    /// The condition for special category data.
    pub condition: SpecialCondition,
    /// Consent, or who decided without.
    pub consent: Consent,
}

impl Ground {
    /// Records a ground; refused where one stands already, where consent lies ahead, or where one person alone decides
    /// to go on without consent.
    pub fn record(
        id: i64,
        given: GroundGiven,
        standing: Option<&Self>,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        if let Some(other) = standing {
            return Err(Refusal::new(
                "ground_in_force",
                RULE,
                "A ground for this child's disclosure is in force; another follows when it is withdrawn.",
                "the placement officer, by withdrawing the one in force",
            )
            .found(other.basis.label()));
        }
        match &given.consent {
            Consent::Agreed { on, .. } if *on > moment.today() => {
                return Err(Refusal::new(
                    "consent_ahead",
                    RULE,
                    "Consent is given before identity is disclosed, so its day cannot lie ahead.",
                    "the placement officer, by the day on which it was given",
                )
                .found(on.strftime("%-d %B %Y").to_string()));
            }
            Consent::Overridden { decided_by, .. } if *decided_by == by => {
                return Err(Refusal::new(
                    "override_by_one",
                    RULE,
                    "Going on without consent is decided by somebody else than the officer who records it.",
                    "a director or assistant director of the authority",
                ));
            }
            Consent::Agreed { .. } | Consent::Overridden { .. } => {}
        }
        let event = Event::new("disclosure_ground.recorded", "disclosure_ground", id, 1)
            .with("referral", given.referral)
            .with("basis", given.basis.code())
            .with("condition", given.condition.code());
        let event = match &given.consent {
            Consent::Agreed { by, on } => event.with("agreed_by", by.code()).with("agreed_on", on),
            Consent::Overridden { reason, decided_by, .. } => {
                event.with("override", reason.code()).with("decided_by", decided_by)
            }
        };
        let ground = Self {
            id,
            version: 1,
            authority: given.authority,
            referral: given.referral,
            basis: given.basis,
            condition: given.condition,
            consent: given.consent,
            recorded_by: by,
            recorded_at: moment.local,
            state: GroundState::InForce,
        };
        Ok(Change::to(ground, event))
    }

    /// Records that it no longer holds. What was disclosed on it is recalled with it.
    pub fn withdraw(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        if let GroundState::Withdrawn { at, .. } = self.state {
            return Err(Refusal::new(
                "ground_withdrawn",
                RULE,
                "This ground was withdrawn already.",
                "nobody; another can be recorded",
            )
            .found(at.strftime("%-d %B %Y, %-I:%M%P").to_string()));
        }
        let version = self.version + 1;
        let event = Event::new("disclosure_ground.withdrawn", "disclosure_ground", self.id, version);
        Ok(Change::to(Self { version, state: GroundState::Withdrawn { by, at: moment.local }, ..self }, event))
    }

    /// The hard gate: who the child is goes to nobody unless a ground is in force.
    pub fn must_stand(ground: Option<&Self>) -> Result<&Self, Refusal> {
        match ground {
            Some(ground) if ground.state == GroundState::InForce => Ok(ground),
            _ => Err(Refusal::new(
                "no_ground",
                RULE,
                "No lawful basis with consent, or its override, is recorded for this child, so nobody is told who the child is.",
                "the placement officer, on the page “Ground for disclosure” of the referral",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::placing::referral::fixtures::now;

    fn given(consent: Consent) -> GroundGiven {
        GroundGiven {
            authority: OrganisationId(1),
            referral: ReferralId(7),
            basis: LawfulBasis::PublicTask,
            condition: SpecialCondition::SocialCare,
            consent,
        }
    }

    fn agreed(on: Date) -> Consent {
        Consent::Agreed { by: AgreedBy::Parent, on }
    }

    fn overridden(decided_by: PersonId) -> Consent {
        let words = Sealed::from_bytes(vec![1]);
        Consent::Overridden { reason: OverrideReason::SignificantHarm, decided_by, words }
    }

    #[test]
    fn rule_5_6_nobody_is_told_without_a_ground_or_on_one_that_was_withdrawn() {
        assert_eq!(Ground::must_stand(None).unwrap_err().code, "no_ground");
        let ground = Ground::record(1, given(agreed(now().today())), None, PersonId(1), now()).unwrap().into_parts().0;
        assert!(Ground::must_stand(Some(&ground)).is_ok());
        let withdrawn = ground.withdraw(PersonId(1), now()).unwrap().into_parts().0;
        assert_eq!(Ground::must_stand(Some(&withdrawn)).unwrap_err().code, "no_ground");
        assert_eq!(withdrawn.withdraw(PersonId(1), now()).unwrap_err().code, "ground_withdrawn");
    }

    #[test]
    fn rule_5_6_one_person_alone_does_not_override_consent() {
        let alone = Ground::record(1, given(overridden(PersonId(1))), None, PersonId(1), now());
        assert_eq!(alone.unwrap_err().code, "override_by_one");
        let two = Ground::record(1, given(overridden(PersonId(2))), None, PersonId(1), now()).unwrap();
        assert!(two.event().facts.iter().any(|(name, value)| name == "decided_by" && value == "2"));
    }

    #[test]
    fn rule_5_6_consent_does_not_lie_ahead_and_one_ground_stands_at_a_time() {
        let tomorrow = now().today().tomorrow().unwrap();
        let ahead = Ground::record(1, given(agreed(tomorrow)), None, PersonId(1), now());
        assert_eq!(ahead.unwrap_err().code, "consent_ahead");
        let first = Ground::record(1, given(agreed(now().today())), None, PersonId(1), now()).unwrap().into_parts().0;
        let second = Ground::record(2, given(agreed(now().today())), Some(&first), PersonId(1), now());
        assert_eq!(second.unwrap_err().code, "ground_in_force");
    }

    #[test]
    fn every_move_starts_and_ends_in_a_stored_state() {
        for step in MOVES {
            assert!(step.from == "new" || GroundState::NAMES.contains(&step.from), "{}", step.from);
            assert!(GroundState::NAMES.contains(&step.to), "{}", step.to);
        }
    }
}
