//! The needs of a child in the words of the Children's Social Care Placements Standard (PUB00, draft 01):
//! its entities, fields, codes and labels. The variants of each list are the standard's own concept names.
//!
//! A draft may leave answers open; `missing` says what the standard still asks for.

use serde::{Deserialize, Serialize};

concepts! {
    /// By when the child needs the home (`Availability.neededBy`).
    NeededBy "placement-urgency" {
        Today "today" "Today";
        WithinFiveDays "within_five_days" "In less than 5 days";
        MoreThanFiveDays "more_than_five_days" "In more than 5 days";
    }
}

concepts! {
    /// Why the home is sought outside the placing authority (`Availability.outOfLAReason`).
    OutOfAreaReason "outof-la-reason" {
        SafeguardingConcerns "safeguarding_concerns" "Safeguarding concerns";
        BailConditions "bail_conditions" "Bail conditions";
        CourtOrder "court_order" "Court order";
        OutOfLAReasonOther "other" "Other";
    }
}

concepts! {
    /// Whether there are communication, language or learning needs (`Requirements.communicationNeeds`).
    Presence "presence-status" {
        Yes "yes" "Yes";
        No "no" "No";
        NotSpecified "not_specified" "Not specified";
    }
}

concepts! {
    /// A specific communication need (`Requirements.specificCommunicationRequirement`).
    Communication "communication-need" {
        ESOL "esol" "English for speakers of other languages (ESOL)";
        BSL "bsl" "British Sign Language (BSL)";
        Makaton "makaton" "Makaton";
        Other "other" "Other";
        None "none" "None";
    }
}

concepts! {
    /// Whether the home must meet cultural needs (`Requirements.culturalNeeds`).
    CulturalNeeds "cultural-need" {
        Required "required" "Required";
        NotRequired "not_required" "Not required";
        NotKnown "not_known" "Not known";
        Other "other" "Other";
    }
}

concepts! {
    /// Whom the child can live alongside (`Requirements.livingCompanions`).
    LivingCompanions "living-arrangement" {
        SoloPlacement "solo" "Solo placement recommended";
        WithOtherChildren "with_others" "With other children recommended";
        OnlyWithOlderChildren "only_older" "Only with other older children";
        OnlyWithYoungerChildren "only_younger" "Only with other younger children";
        NoPreference "no_preference" "No preference";
    }
}

concepts! {
    /// Whether the child can live with pets (`Requirements.pets`).
    Pets "pets-allowance" {
        YesMust "yes_must" "Yes, must";
        YesCan "yes_can" "Yes, can";
        No "no" "No";
        NotKnown "not_known" "Not known";
    }
}

concepts! {
    /// Support beyond the home's own offer (`Requirements.additionalSupport`).
    Support "support-type" {
        AdditionalSupervision "additional_supervision" "Additional supervision";
        TherapeuticSupport "therapeutic_support" "Therapeutic support";
        WorkerForRespite "worker_for_respite" "A worker for respite";
        TaxisToSchool "taxis_to_school" "Taxis to school";
        NotApplicable "not_applicable" "Not applicable";
        Other "other" "Other";
    }
}

concepts! {
    /// How well a kind of placement suits the child (`Recommendation.*`).
    Suitability "suitability-level" {
        Preferred "preferred" "Preferred";
        SuitableButNotPreferred "suitable" "Suitable but not preferred";
        Unsuitable "unsuitable" "Unsuitable";
        NotSpecified "not_specified" "Not specified";
    }
}

concepts! {
    /// Whether a risk is known (`RiskAssessment.*`): none is ever pre-selected.
    RiskLevel "risk-level" {
        NoKnownRisk "no_known_risk" "No known risk";
        RiskPresent "risk_present" "Risk present";
    }
}

coded! {
    /// The eleven risks of the standard, by its property names.
    Risk {
        SelfHarm "riskSelfHarm" "Self-harm";
        CriminalExploitation "riskCriminalExploitation" "Criminal exploitation";
        DrugAlcohol "riskDrugAlcohol" "Drug and alcohol use";
        EatingDisorder "riskEatingDisorder" "Eating disorder";
        Missing "riskMissing" "Going missing";
        SexualExploitation "riskSexualExploitation" "Sexual exploitation";
        ToOthersPhysical "riskToOthersPhysical" "Physical harm to others";
        ToOthersSexual "riskToOthersSexual" "Sexual harm to others";
        ToOthersFire "riskToOthersFire" "Fire setting";
        ToOthersAnimals "riskToOthersAnimals" "Harm to animals";
        ToOthersCriminal "riskToOthersCriminal" "Criminal exploitation of others in the home";
    }
}

impl Risk {
    /// The risks to the child, in the standard's order.
    pub const TO_CHILD: &[Self] = &[
        Self::SelfHarm,
        Self::CriminalExploitation,
        Self::DrugAlcohol,
        Self::EatingDisorder,
        Self::Missing,
        Self::SexualExploitation,
    ];
    /// The risks to others, in the standard's order.
    pub const TO_OTHERS: &[Self] = &[
        Self::ToOthersPhysical,
        Self::ToOthersSexual,
        Self::ToOthersFire,
        Self::ToOthersAnimals,
        Self::ToOthersCriminal,
    ];
}

/// One risk as answered: by the level, and whether a copied answer still has to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskAnswer {
    /// Which risk.
    pub risk: Risk,
    /// The answer.
    pub level: RiskLevel,
    /// The day on which somebody last said so.
    pub confirmed_on: jiff::civil::Date,
    /// Carried over from an earlier referral and not yet said again.
    pub to_confirm: bool,
}

/// The standard's entities for availability, requirements, recommendation and risk assessment.
/// Texts beside an "Other" are narrative and stand sealed, not here.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Standard {
    /// `neededBy`, exactly one.
    pub needed_by: Option<NeededBy>,
    /// `siblingCount`: siblings to be placed together with; 0 if none.
    pub sibling_count: Option<u8>,
    /// `isPreferredLocationLocal`: is the preferred location inside the placing authority?
    pub preferred_location_local: Option<bool>,
    /// `outOfLAReason`, asked where the preferred location is not local.
    pub out_of_area_reason: Option<OutOfAreaReason>,
    /// `communicationNeeds`, exactly one.
    pub communication_needs: Option<Presence>,
    /// `specificCommunicationRequirement`, at least one; `None` where there is none.
    pub communication: Vec<Communication>,
    /// `homeAdaptationRequired`, optional.
    pub home_adaptation: Option<bool>,
    /// `culturalNeeds`, exactly one.
    pub cultural_needs: Option<CulturalNeeds>,
    /// `livingCompanions`, exactly one.
    pub living_companions: Option<LivingCompanions>,
    /// `pets`, exactly one.
    pub pets: Option<Pets>,
    /// `additionalSupport`, any number.
    pub additional_support: Vec<Support>,
    /// `deprivationOfLiberty`: the child has an order.
    pub deprivation_of_liberty: Option<bool>,
    /// `fosterCareSuitability`.
    pub foster_care: Option<Suitability>,
    /// `residentialCareSuitability`.
    pub residential_care: Option<Suitability>,
    /// `supportedAccommodationSuitability`.
    pub supported_accommodation: Option<Suitability>,
    /// The eleven risks; one answer each.
    pub risks: Vec<RiskAnswer>,
}

impl Standard {
    /// The answer about a risk, where there is one.
    #[must_use]
    pub fn risk(&self, risk: Risk) -> Option<&RiskAnswer> {
        self.risks.iter().find(|answer| answer.risk == risk)
    }

    /// The same needs with this answer about a risk, confirmed on that day.
    #[must_use]
    pub fn with_risk(mut self, risk: Risk, level: RiskLevel, on: jiff::civil::Date) -> Self {
        self.risks.retain(|answer| answer.risk != risk);
        self.risks.push(RiskAnswer { risk, level, confirmed_on: on, to_confirm: false });
        self.risks.sort_by_key(|answer| answer.risk);
        self
    }

    /// Which risks have no answer that somebody stands by today.
    pub fn open_risks(&self) -> impl Iterator<Item = Risk> {
        Risk::ALL.iter().copied().filter(|risk| self.risk(*risk).is_none_or(|answer| answer.to_confirm))
    }

    /// Whether "Other" was chosen in the field, so that the standard asks for words: `outOfLAReason`,
    /// `specificCommunicationRequirement`, `culturalNeeds` or `additionalSupport`.
    #[must_use]
    pub fn needs_other_text(&self, field: OtherText) -> bool {
        match field {
            OtherText::OutOfArea => self.out_of_area_reason == Some(OutOfAreaReason::OutOfLAReasonOther),
            OtherText::Communication => self.communication.contains(&Communication::Other),
            OtherText::Culture => self.cultural_needs == Some(CulturalNeeds::Other),
            OtherText::Support => self.additional_support.contains(&Support::Other),
        }
    }
}

coded! {
    /// The texts that the standard demands beside an "Other".
    OtherText {
        OutOfArea "out_of_area_other" "Why outside the area, in words";
        Communication "communication_other" "Which communication need, in words";
        Culture "culture_other" "Which cultural need, in words";
        Support "support_other" "Which support, in words";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn there_are_eleven_risks_six_to_the_child_and_five_to_others() {
        assert_eq!(Risk::ALL.len(), 11);
        let both: Vec<Risk> = Risk::TO_CHILD.iter().chain(Risk::TO_OTHERS).copied().collect();
        assert_eq!(both, Risk::ALL);
    }

    #[test]
    fn concepts_are_found_by_the_standards_names() {
        assert_eq!(NeededBy::from_concept("WithinFiveDays"), Some(NeededBy::WithinFiveDays));
        assert_eq!(OutOfAreaReason::OutOfLAReasonOther.concept(), "OutOfLAReasonOther");
        assert_eq!(Communication::SCHEME, "communication-need");
        assert_eq!(Support::from_code("taxis_to_school"), Some(Support::TaxisToSchool));
        assert_eq!(Support::from_concept("Taxis"), None);
    }

    #[test]
    fn no_risk_is_answered_until_somebody_answers_it() {
        let needs = Standard::default();
        assert_eq!(needs.open_risks().count(), 11);
        let needs = needs.with_risk(Risk::Missing, RiskLevel::RiskPresent, date(2021, 9, 1));
        assert_eq!(needs.open_risks().count(), 10);
        let again = needs.with_risk(Risk::Missing, RiskLevel::NoKnownRisk, date(2021, 9, 2));
        assert_eq!(again.risks.len(), 1);
        assert_eq!(again.risk(Risk::Missing).map(|answer| answer.level), Some(RiskLevel::NoKnownRisk));
    }

    #[test]
    fn other_asks_for_words_in_each_of_the_four_fields() {
        let mut needs = Standard::default();
        assert!(OtherText::ALL.iter().all(|field| !needs.needs_other_text(*field)));
        needs.out_of_area_reason = Some(OutOfAreaReason::OutOfLAReasonOther);
        needs.communication = vec![Communication::Makaton, Communication::Other];
        needs.cultural_needs = Some(CulturalNeeds::Other);
        needs.additional_support = vec![Support::Other];
        assert!(OtherText::ALL.iter().all(|field| needs.needs_other_text(*field)));
    }
}
