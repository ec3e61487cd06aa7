//! Who is to be asked, in which order of approach, and why a tier was left out.
//!
//! Block vacancies come first only if they pass every hard filter; "not the most appropriate placement for this child"
//! is reason enough to leave them, and is never counted against the officer.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::deadline::DeadlineChoice;
use super::scoring::Scoring;
use crate::id::{HomeId, PersonId};
use crate::place::Precision;
use crate::power::delegation::{Power, Said};

coded! {
    /// The order of approach.
    Tier {
        InHouse "in_house" "the authority's own homes";
        MiniBlock "mini_block" "mini-block vacancies";
        Fca "fca" "homes on the arrangement";
        Spot "spot" "homes outside the arrangement";
    }
}

impl Tier {
    /// Whether homes of this tier are asked by an invitation. The authority's own homes are not: a child is placed there
    /// without one, so that leaving them out of a plan is no use of a power.
    #[must_use]
    pub const fn invited(self) -> bool {
        !matches!(self, Self::InHouse)
    }

    /// The tag on a card.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::InHouse => "In-house",
            Self::MiniBlock => "Mini-block",
            Self::Fca => "FCA",
            Self::Spot => "Spot",
        }
    }
}

coded! {
    /// Why an earlier tier was not asked first.
    SkipReason {
        NotMostAppropriate "not_most_appropriate" "Not the most appropriate placement for this child";
        NoneMatches "none_matches" "No home there passes the checks for this child";
        AllDeclined "all_declined" "All of them declined before";
        Emergency "emergency" "Emergency: all are asked at once";
    }
}

impl SkipReason {
    /// Whether the reason counts in a report on the officer's choices.
    #[must_use]
    pub const fn counts(self) -> bool {
        match self {
            Self::NotMostAppropriate => false,
            Self::NoneMatches | Self::AllDeclined | Self::Emergency => true,
        }
    }
}

/// What was found and chosen in one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierChoice {
    /// Which tier.
    pub tier: Tier,
    /// Homes there that pass every hard filter.
    pub could_meet: u32,
    /// Homes there that will be asked.
    pub asked: u32,
    /// Why none or not all of it came first.
    pub skipped: Option<SkipReason>,
    /// Who decided to leave it out: the holder of a power, who is cited (rule 1.2).
    #[serde(default)]
    pub decided_by: Option<PersonId>,
}

/// A tier left out when the referral was sent, with the power that it relies on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Which tier.
    pub tier: Tier,
    /// Homes there that could have met the needs.
    pub could_meet: u32,
    /// Why.
    pub reason: SkipReason,
    /// The limb, the post and the person.
    pub power: Power,
    /// The decision by word of mouth, which that person confirms in writing.
    #[serde(default)]
    pub said: Option<Said>,
}

/// One home to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The home.
    pub home: HomeId,
    /// In which tier it stands for this referral.
    pub tier: Tier,
}

/// The whole search as it stood when homes were asked: what was looked at, what left homes out, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    /// The day as of which the homes were known.
    pub on: Date,
    /// Homes on record.
    pub homes: u32,
    /// Of them, those that passed every hard filter.
    pub could_meet: u32,
    /// How many each reason left out, by the reason's code; a home counts under each of its reasons.
    pub left_out: Vec<(String, u32)>,
    /// The order of the list, by its code.
    pub order: String,
    /// The furthest in miles, where there was a limit.
    pub within_miles: Option<u16>,
    /// How closely the place was known from which distances were measured.
    pub measured: Option<Precision>,
}

/// Further homes to ask, with what was found again in each tier and the powers under which tiers are left out.
#[derive(Debug, Clone, Copy)]
pub struct More<'a> {
    /// The further homes.
    pub asks: &'a [Ask],
    /// What was found in each tier now, with the reasons given now.
    pub tiers: &'a [TierChoice],
    /// The powers under which tiers are left out.
    pub powers: &'a [LeftOut],
    /// The search that they came from.
    pub searched: Option<&'a Searched>,
}

/// Who to ask and until when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// The homes to ask.
    pub homes: Vec<Ask>,
    /// What was found in each tier.
    pub tiers: Vec<TierChoice>,
    /// Tiers left out when it was sent, each under a power.
    pub left_out: Vec<LeftOut>,
    /// Homes that must not learn of the referral.
    pub hidden_from: Vec<HomeId>,
    /// The search as it stood when homes were asked last.
    pub searched: Option<Searched>,
    /// Until when they can answer.
    pub deadline: Option<DeadlineChoice>,
    /// How offers will be scored, where the officer chose other weights than the region's.
    pub scoring: Option<Scoring>,
}

impl Plan {
    /// Tiers before the last one asked that had homes for the child, of which none is asked, with no reason given.
    #[must_use]
    pub fn unexplained(&self) -> Vec<Tier> {
        let Some(last) = self.homes.iter().map(|ask| ask.tier).max() else {
            return Vec::new();
        };
        self.tiers
            .iter()
            .filter(|choice| choice.tier.invited() && choice.skipped.is_none())
            .filter(|choice| choice.tier < last && choice.could_meet > 0)
            .filter(|choice| !self.homes.iter().any(|ask| ask.tier == choice.tier))
            .map(|choice| choice.tier)
            .collect()
    }

    /// The same plan, naming who decided that the tiers with a reason are left out.
    #[must_use]
    pub fn decided_by(mut self, person: Option<PersonId>) -> Self {
        for choice in self.tiers.iter_mut().filter(|choice| choice.skipped.is_some()) {
            choice.decided_by = person;
        }
        self
    }

    /// Tiers that have a reason for being left out.
    pub fn skipped(&self) -> impl Iterator<Item = (Tier, SkipReason)> {
        self.tiers.iter().filter_map(|choice| choice.skipped.map(|reason| (choice.tier, reason)))
    }

    /// Tiers before the last one asked that have homes for the child, of which none is asked, with the reason: each is
    /// a use of power, citing limb, post and person (rule 1.2).
    #[must_use]
    pub fn skips(&self) -> Vec<(TierChoice, SkipReason)> {
        let Some(last) = self.homes.iter().map(|ask| ask.tier).max() else {
            return Vec::new();
        };
        self.tiers
            .iter()
            .filter(|choice| choice.tier.invited() && choice.tier < last && choice.could_meet > 0)
            .filter(|choice| !self.homes.iter().any(|ask| ask.tier == choice.tier))
            .filter_map(|choice| choice.skipped.map(|reason| (choice.clone(), reason)))
            .collect()
    }

    /// The same plan with the homes of each tier counted anew; the reasons stay as they were given.
    #[must_use]
    pub fn recounted(mut self, could_meet: impl Fn(Tier) -> u32) -> Self {
        self.tiers = Tier::ALL
            .iter()
            .map(|tier| {
                let before = self.tiers.iter().find(|choice| choice.tier == *tier);
                let asked = self.homes.iter().filter(|ask| ask.tier == *tier).count();
                TierChoice {
                    tier: *tier,
                    could_meet: could_meet(*tier),
                    asked: u32::try_from(asked).unwrap_or(u32::MAX),
                    skipped: before.and_then(|choice| choice.skipped),
                    decided_by: before.and_then(|choice| choice.decided_by),
                }
            })
            .collect();
        self
    }

    /// The same plan with further homes, and the reasons given now for tiers that are left out.
    #[must_use]
    pub fn with_more(
        mut self,
        asks: &[Ask],
        skipped: impl Fn(Tier) -> Option<SkipReason>,
        decided_by: Option<PersonId>,
    ) -> Self {
        let fresh = asks.iter().filter(|ask| !self.homes.iter().any(|asked| asked.home == ask.home));
        let fresh: Vec<Ask> = fresh.copied().collect();
        self.homes.extend(fresh);
        for choice in &mut self.tiers {
            if let Some(reason) = skipped(choice.tier) {
                choice.skipped = Some(reason);
                choice.decided_by = decided_by;
            }
        }
        self
    }

    /// Tiers left out for which no power stands yet.
    #[must_use]
    pub fn without_power(&self, powers: &[LeftOut]) -> Vec<TierChoice> {
        let held = |tier| powers.iter().chain(&self.left_out).any(|left| left.tier == tier);
        self.skips().into_iter().map(|(choice, _)| choice).filter(|choice| !held(choice.tier)).collect()
    }

    /// Homes both to be asked and to be hidden from.
    pub fn conflicts(&self) -> impl Iterator<Item = HomeId> {
        self.homes.iter().map(|ask| ask.home).filter(|home| self.hidden_from.contains(home))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(asked: &[Tier], tiers: &[(Tier, u32, Option<SkipReason>)]) -> Plan {
        let homes = asked.iter().zip(1..).map(|(tier, id)| Ask { home: HomeId(id), tier: *tier }).collect();
        let tiers = tiers
            .iter()
            .map(|(tier, could_meet, skipped)| TierChoice {
                tier: *tier,
                could_meet: *could_meet,
                asked: 0,
                skipped: *skipped,
                decided_by: None,
            })
            .collect();
        Plan { homes, tiers, ..Plan::default() }
    }

    #[test]
    fn rule_5_5_a_tier_with_matching_homes_is_left_out_only_with_a_reason() {
        let open = plan(&[Tier::Fca], &[(Tier::MiniBlock, 1, None), (Tier::InHouse, 0, None)]);
        assert_eq!(open.unexplained(), [Tier::MiniBlock]);
        let explained = plan(&[Tier::Fca], &[(Tier::MiniBlock, 1, Some(SkipReason::NotMostAppropriate))]);
        assert!(explained.unexplained().is_empty());
        assert_eq!((explained.skipped().count(), explained.skips().len()), (1, 1));
        let none_there = plan(&[Tier::Fca], &[(Tier::MiniBlock, 0, Some(SkipReason::NoneMatches))]);
        assert!(none_there.skips().is_empty(), "a tier without a home for the child is not left out by anybody");
        let both = plan(&[Tier::MiniBlock, Tier::Fca], &[(Tier::MiniBlock, 3, None)]);
        assert!(both.unexplained().is_empty());
    }

    #[test]
    fn rule_5_5_own_homes_are_placed_in_without_an_invitation_and_so_are_never_left_out() {
        let own = plan(&[Tier::Fca], &[(Tier::InHouse, 3, None)]);
        assert!(own.unexplained().is_empty() && own.skips().is_empty());
        let said = plan(&[Tier::Fca], &[(Tier::InHouse, 3, Some(SkipReason::NoneMatches))]);
        assert!(said.skips().is_empty(), "no power is asked for");
    }

    #[test]
    fn rule_5_5_a_tier_that_could_not_meet_the_needs_when_planned_is_explained_once_it_can() {
        let planned = plan(&[Tier::Spot], &[(Tier::Fca, 0, None)]);
        assert!(planned.unexplained().is_empty());
        assert_eq!(planned.recounted(|tier| u32::from(tier == Tier::Fca)).unexplained(), [Tier::Fca]);
    }

    #[test]
    fn rule_5_5_a_block_that_fails_a_hard_filter_does_not_come_first() {
        assert!(plan(&[Tier::Spot], &[(Tier::MiniBlock, 0, None), (Tier::Fca, 0, None)]).unexplained().is_empty());
    }

    #[test]
    fn rule_5_5_not_the_most_appropriate_is_never_counted_against_the_officer() {
        assert!(!SkipReason::NotMostAppropriate.counts());
        assert!(SkipReason::ALL.iter().filter(|reason| reason.counts()).count() == 3);
    }

    #[test]
    fn a_home_to_hide_from_is_found_among_those_to_ask() {
        let mut plan = plan(&[Tier::Fca], &[]);
        plan.hidden_from = vec![HomeId(1)];
        assert_eq!(plan.conflicts().collect::<Vec<_>>(), [HomeId(1)]);
    }
}
