//! What a child needs, in codes: the Placements Standard's fields and what the arrangement asks for beside them.
//! It holds no identity; what homes are asked with is frozen from it.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::legal::{EmergencyCause, LegalBasis, SearchApproval};
use super::standard::{
    Communication, CulturalNeeds, LivingCompanions, Pets, Presence, Risk, RiskLevel, Standard, Support,
};
use crate::authority::AreaCode;
use crate::homes::home::{Need, NeedSet, Sex};
use crate::id::HomeId;
use crate::place::Outcode;
use crate::placing::child::AgeBand;

coded! {
    /// What the child's education needs of the home.
    Education {
        KeepSchool "keep_school" "Stay at the present school";
        NewSchool "new_school" "A place at a local school";
        OnSite "on_site" "Registered education with the home";
        SpecialSchool "special_school" "A special school named in an education, health and care plan";
        Tutoring "tutoring" "Tutoring for now";
        NotOfSchoolAge "not_of_school_age" "Not of school age, or in work or training";
    }
}

coded! {
    /// What the child's health needs of the home.
    Health {
        Universal "universal" "A doctor and a dentist, like any child";
        Community "community" "Community mental health services";
        TherapyInHome "therapy_in_home" "Therapy by the home's own clinicians";
        ComplexCare "complex_care" "Complex health care or nursing";
    }
}

coded! {
    /// Whether papers go with the referral.
    Papers {
        None "none" "No documents";
        Held "held" "Documents go with it; a home gets them when it is chosen";
    }
}

coded! {
    /// Why homes in a place are not to be asked.
    AvoidReason {
        FamilyNearby "family_nearby" "Family members that must not be met live nearby";
        Exploitation "exploitation" "Exploitation known in the area";
        CourtCondition "court_condition" "A court's or bail condition";
        EarlierHome "earlier_home" "The child lived there before";
        ChildsWish "childs_wish" "The child asked not to go there";
    }
}

/// A place that the child must not be placed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "place")]
pub enum AvoidPlace {
    /// An authority's whole area.
    Area(AreaCode),
    /// A postcode district.
    District(Outcode),
    /// One home.
    Home(HomeId),
}

/// A place to avoid and why. Never shown to homes: it would tell where the danger is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Avoid {
    /// Where not.
    pub place: AvoidPlace,
    /// Why not.
    pub reason: AvoidReason,
}

/// The coded needs of one child. Open answers are `None` in a draft.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Age in whole years on the day the home is needed.
    pub age: Option<u8>,
    /// Sex.
    pub sex: Option<Sex>,
    /// On what legal basis the child is placed.
    pub legal_basis: Option<LegalBasis>,
    /// Whether the needs are complex in the arrangement's sense: solo, 2:1 or 3:1 staffing, therapy, an order.
    pub complex_needs: Option<bool>,
    /// The lot of the arrangement, by its code.
    pub lot: Option<String>,
    /// The band of need, by its code.
    pub need_band: Option<String>,
    /// Needs beyond those that the standard's answers already say.
    pub further_needs: NeedSet,
    /// Needs without which no home will do; always among [`Profile::needs`].
    pub must_haves: NeedSet,
    /// The day the home is needed from.
    pub start: Option<Date>,
    /// The first estimate of the day after the last night.
    pub planned_end: Option<Date>,
    /// Why the child must start by the end of the next working day.
    pub emergency: Option<EmergencyCause>,
    /// The district from which distances are measured, where that is not the family home: school or friends.
    pub from: Option<Outcode>,
    /// Distances are measured from the family home, whose postcode stays sealed; a district chosen goes before it.
    pub from_home: bool,
    /// The furthest in miles, where there is a limit.
    pub within_miles: Option<u16>,
    /// Places to avoid.
    pub avoid: Vec<Avoid>,
    /// Education.
    pub education: Option<Education>,
    /// Health and therapy.
    pub health: Option<Health>,
    /// Documents.
    pub papers: Option<Papers>,
    /// The Placements Standard's answers.
    pub standard: Standard,
    /// Who agreed to the search and its money.
    pub search_approval: Option<SearchApproval>,
}

impl Profile {
    /// Everything that the answers say the child needs of a home.
    #[must_use]
    pub fn needs(&self) -> NeedSet {
        let standard = &self.standard;
        let said = [
            (Need::EducationOnSite, self.education == Some(Education::OnSite)),
            (Need::SchoolTransport, self.education == Some(Education::KeepSchool)),
            (Need::SchoolTransport, standard.additional_support.contains(&Support::TaxisToSchool)),
            (Need::Therapy, self.health == Some(Health::TherapyInHome)),
            (Need::Therapy, standard.additional_support.contains(&Support::TherapeuticSupport)),
            (Need::HealthCare, self.health == Some(Health::ComplexCare)),
            (Need::Solo, standard.living_companions == Some(LivingCompanions::SoloPlacement)),
            (Need::Accessible, standard.home_adaptation == Some(true)),
            (Need::AdditionalSupervision, standard.additional_support.contains(&Support::AdditionalSupervision)),
            (Need::Esol, standard.communication.contains(&Communication::ESOL)),
            (Need::Bsl, standard.communication.contains(&Communication::BSL)),
            (Need::Makaton, standard.communication.contains(&Communication::Makaton)),
            (
                Need::CulturalNeeds,
                matches!(standard.cultural_needs, Some(CulturalNeeds::Required | CulturalNeeds::Other)),
            ),
            (Need::Pets, standard.pets == Some(Pets::YesMust)),
            (Need::DeprivationOfLiberty, standard.deprivation_of_liberty == Some(true)),
        ];
        let risks = Risk::ALL
            .iter()
            .filter(|risk| standard.risk(**risk).is_some_and(|answer| answer.level == RiskLevel::RiskPresent))
            .map(|risk| need_of(*risk));
        let said = said.into_iter().filter(|(_, yes)| *yes).map(|(need, _)| need);
        self.further_needs.iter().chain(said).chain(risks).collect()
    }

    /// The age band, where the age is known.
    #[must_use]
    pub fn age_band(&self) -> Option<AgeBand> {
        self.age.map(AgeBand::of)
    }

    /// What homes are asked with: codes only, and none of the legal basis, approvals or places to avoid.
    #[must_use]
    pub fn for_homes(&self) -> SharedProfile {
        let answers = &self.standard;
        SharedProfile {
            age: self.age.unwrap_or_default(),
            sex: self.sex,
            lot: self.lot.clone().unwrap_or_default(),
            need_band: self.need_band.clone().unwrap_or_default(),
            complex_needs: self.complex_needs.unwrap_or_default(),
            needs: self.needs(),
            must_haves: self.must_haves.both(self.needs()),
            start: self.start,
            planned_end: self.planned_end,
            from: self.from.clone(),
            within_miles: self.within_miles,
            education: self.education,
            health: self.health,
            siblings: answers.sibling_count.unwrap_or_default(),
            communication_needs: answers.communication_needs,
            living_companions: answers.living_companions,
            pets: answers.pets,
            risks: answers.risks.iter().map(|answer| (answer.risk, answer.level)).collect(),
        }
    }
}

/// Which need of a home a risk makes.
const fn need_of(risk: Risk) -> Need {
    match risk {
        Risk::SelfHarm => Need::SelfHarm,
        Risk::CriminalExploitation => Need::CriminalExploitation,
        Risk::DrugAlcohol => Need::DrugsAlcohol,
        Risk::EatingDisorder => Need::EatingDisorder,
        Risk::Missing => Need::GoingMissing,
        Risk::SexualExploitation => Need::SexualExploitation,
        Risk::ToOthersPhysical => Need::HarmPhysical,
        Risk::ToOthersSexual => Need::HarmSexual,
        Risk::ToOthersFire => Need::FireSetting,
        Risk::ToOthersAnimals => Need::HarmAnimals,
        Risk::ToOthersCriminal => Need::HarmCriminal,
    }
}

/// The anonymous profile that homes are asked with, frozen in the invitation. It has no field for who the child is,
/// for the legal basis, or for places to avoid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedProfile {
    /// Age in whole years.
    pub age: u8,
    /// Sex.
    pub sex: Option<Sex>,
    /// The lot, by its code.
    pub lot: String,
    /// The band of need, by its code.
    pub need_band: String,
    /// Complex needs.
    pub complex_needs: bool,
    /// All needs.
    pub needs: NeedSet,
    /// Needs without which no home will do.
    pub must_haves: NeedSet,
    /// The day the home is needed from.
    pub start: Option<Date>,
    /// The first estimate of the end.
    pub planned_end: Option<Date>,
    /// The district from which distances are measured.
    pub from: Option<Outcode>,
    /// The furthest in miles.
    pub within_miles: Option<u16>,
    /// Education.
    pub education: Option<Education>,
    /// Health and therapy.
    pub health: Option<Health>,
    /// Siblings to be placed together with.
    pub siblings: u8,
    /// Communication needs.
    pub communication_needs: Option<Presence>,
    /// Whom the child can live alongside.
    pub living_companions: Option<LivingCompanions>,
    /// Pets.
    pub pets: Option<Pets>,
    /// The eleven risks.
    pub risks: Vec<(Risk, RiskLevel)>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::placing::referral::fixtures::complete_profile;

    #[test]
    fn needs_follow_from_the_standards_answers() {
        let mut profile = complete_profile();
        profile.education = Some(Education::OnSite);
        profile.standard.living_companions = Some(LivingCompanions::SoloPlacement);
        profile.standard.deprivation_of_liberty = Some(true);
        let needs = profile.needs();
        for need in [Need::EducationOnSite, Need::Solo, Need::DeprivationOfLiberty, Need::GoingMissing] {
            assert!(needs.has(need), "{}", need.label());
        }
        assert!(!needs.has(Need::FireSetting));
    }

    #[test]
    fn a_must_have_that_is_no_need_of_the_child_is_not_asked() {
        let mut profile = complete_profile();
        profile.must_haves = NeedSet::NONE.with(Need::GoingMissing).with(Need::HealthCare);
        let shared = profile.for_homes();
        assert!(shared.must_haves.has(Need::GoingMissing));
        assert!(!shared.must_haves.has(Need::HealthCare));
    }

    #[test]
    fn homes_are_not_told_the_legal_basis_or_the_places_to_avoid() {
        let mut profile = complete_profile();
        profile.avoid.push(Avoid {
            place: AvoidPlace::District(Outcode::parse("ZZ9").unwrap()),
            reason: AvoidReason::Exploitation,
        });
        let text = serde_json::to_string(&profile.for_homes()).unwrap();
        assert!(!text.contains("ZZ9") && !text.contains("exploitation\"") && !text.contains("legal"), "{text}");
        assert!(text.contains("criminal_exploitation") || !profile.needs().has(Need::CriminalExploitation));
    }
}
