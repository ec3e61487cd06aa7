//! What a child may need of a home, and what a home's statement of purpose says to each: yes, no, or nothing.
//!
//! The list follows the Placements Standard (PUB00): requirements, then risks to the child, then risks to others.

use serde::{Deserialize, Serialize};

coded! {
    /// One thing that a child may need and a home may be set up for.
    Need {
        /// Registered education on the same site.
        EducationOnSite => "education_on_site", "education on site";
        /// Therapy by the home's own clinicians.
        Therapy => "therapy", "therapy in the home";
        /// A child living there alone.
        Solo => "solo", "a child living alone";
        /// Step-free and adapted for a wheelchair.
        Accessible => "accessible", "adapted and step free";
        /// Staff awake at night.
        WakingNight => "waking_night", "staff awake at night";
        /// More than the usual supervision.
        AdditionalSupervision => "additional_supervision", "additional supervision";
        /// Nursing or complex health care.
        HealthCare => "health_care", "complex health care";
        /// Learning disability.
        LearningDisability => "learning_disability", "learning disability";
        /// Autism.
        Autism => "autism", "autism";
        /// English as a further language.
        Esol => "esol", "English as a second language";
        /// British Sign Language.
        Bsl => "bsl", "British Sign Language";
        /// Makaton.
        Makaton => "makaton", "Makaton";
        /// Cultural or religious needs.
        CulturalNeeds => "cultural_needs", "cultural or religious needs";
        /// Living with pets.
        Pets => "pets", "pets";
        /// A deprivation of liberty authorised by the court.
        DeprivationOfLiberty => "deprivation_of_liberty", "a court's deprivation of liberty order";
        /// Taking children to a school elsewhere.
        SchoolTransport => "school_transport", "taking the child to school";
        /// Self-harm.
        SelfHarm => "self_harm", "self-harm";
        /// Criminal exploitation.
        CriminalExploitation => "criminal_exploitation", "criminal exploitation";
        /// Sexual exploitation.
        SexualExploitation => "sexual_exploitation", "sexual exploitation";
        /// Drugs and alcohol.
        DrugsAlcohol => "drugs_alcohol", "drugs and alcohol";
        /// Eating disorder.
        EatingDisorder => "eating_disorder", "an eating disorder";
        /// Going missing.
        GoingMissing => "going_missing", "going missing";
        /// Physical harm to others.
        HarmPhysical => "harm_physical", "physical harm to others";
        /// Sexual harm to others.
        HarmSexual => "harm_sexual", "sexual harm to others";
        /// Setting fires.
        FireSetting => "fire_setting", "setting fires";
        /// Harm to animals.
        HarmAnimals => "harm_animals", "harm to animals";
        /// Drawing others into crime.
        HarmCriminal => "harm_criminal", "drawing others into crime";
    }
}

/// A set of needs, one bit each in the order of [`Need::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Need>", into = "Vec<Need>")]
pub struct NeedSet(u32);

impl NeedSet {
    /// No needs.
    pub const NONE: Self = Self(0);

    /// The bits, for columns of many homes.
    #[must_use]
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// The set with these bits; bits that name no need are dropped.
    #[must_use]
    pub fn from_bits(bits: u32) -> Self {
        Need::ALL.iter().filter(|need| bits & bit(**need) != 0).copied().collect()
    }

    /// Whether the need is in the set.
    #[must_use]
    pub const fn has(self, need: Need) -> bool {
        self.0 & bit(need) != 0
    }

    /// The same set with one need more.
    #[must_use]
    pub const fn with(self, need: Need) -> Self {
        Self(self.0 | bit(need))
    }

    /// What is in this set and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// How many.
    #[must_use]
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The needs, in the order of the list.
    pub fn iter(self) -> impl Iterator<Item = Need> {
        Need::ALL.iter().copied().filter(move |need| self.has(*need))
    }
}

const fn bit(need: Need) -> u32 {
    1 << need as u32
}

impl FromIterator<Need> for NeedSet {
    fn from_iter<I: IntoIterator<Item = Need>>(needs: I) -> Self {
        needs.into_iter().fold(Self::NONE, Self::with)
    }
}

impl From<Vec<Need>> for NeedSet {
    fn from(needs: Vec<Need>) -> Self {
        needs.into_iter().collect()
    }
}

impl From<NeedSet> for Vec<Need> {
    fn from(set: NeedSet) -> Self {
        set.iter().collect()
    }
}

/// What a statement of purpose says: needs the home meets, and needs it says it does not. The rest is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct NeedAnswers {
    /// Needs that the home is set up for.
    pub meets: NeedSet,
    /// Needs that the home says it cannot meet; what stands in both counts as not met.
    pub does_not: NeedSet,
}

impl NeedAnswers {
    /// `Some(true)` met, `Some(false)` not met, `None` where the statement of purpose says nothing.
    #[must_use]
    pub const fn to(self, need: Need) -> Option<bool> {
        if self.does_not.has(need) {
            Some(false)
        } else if self.meets.has(need) {
            Some(true)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_need_has_a_bit_and_a_code_of_its_own() {
        assert!(Need::ALL.len() <= 32);
        let all: NeedSet = Need::ALL.iter().copied().collect();
        assert_eq!(all.count() as usize, Need::ALL.len());
        for need in Need::ALL {
            assert_eq!(Need::from_code(need.code()), Some(*need));
        }
    }

    #[test]
    fn what_a_statement_of_purpose_does_not_say_is_unknown_not_no() {
        let answers =
            NeedAnswers { meets: NeedSet::NONE.with(Need::Therapy), does_not: NeedSet::NONE.with(Need::Pets) };
        assert_eq!(answers.to(Need::Therapy), Some(true));
        assert_eq!(answers.to(Need::Pets), Some(false));
        assert_eq!(answers.to(Need::Solo), None);
    }

    #[test]
    fn bits_that_name_no_need_are_dropped() {
        assert_eq!(NeedSet::from_bits(u32::MAX).count() as usize, Need::ALL.len());
    }
}
