//! Invented needs of invented children, complete enough to be sent: codes of the Placements Standard and words that name
//! nobody.

use jiff::civil::Date;
use placewell_domain::homes::home::{Need, NeedSet, Sex};
use placewell_domain::nights::plus_days;
use placewell_domain::place::Outcode;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::referral::legal::{AmountBand, SearchApprover};
use placewell_domain::placing::referral::profile::{Education, Health, Papers};
use placewell_domain::placing::referral::standard::{
    Communication, CulturalNeeds, LivingCompanions, NeededBy, Pets, Presence, Risk, RiskLevel, Standard, Suitability,
    Support,
};
use placewell_domain::placing::referral::{EmergencyCause, LegalBasis, Narrative, Profile, SearchApproval};

use super::chance::Chance;
use super::names;

/// What a child's search starts from.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The child's number among all invented ones.
    pub child: usize,
    /// Age in whole years.
    pub age: u8,
    /// Sex.
    pub sex: Sex,
    /// The lot.
    pub lot: &'static str,
    /// The day of sending.
    pub sent: Date,
    /// The first night.
    pub start: Date,
    /// The district from which distances are measured.
    pub from: &'static str,
    /// Why it is an emergency.
    pub emergency: Option<EmergencyCause>,
}

/// An invented child.
pub fn identity(wish: &Wish) -> ChildIdentity {
    let (given, family) = names::child(wish.child);
    let year = wish.start.year() - i16::from(wish.age) - 1;
    let month = i8::try_from(wish.child % 8 + 1).unwrap_or(1);
    let day = i8::try_from(wish.child % 27 + 1).unwrap_or(1);
    // Born after this day of the year a year earlier, so that the age holds on the first night.
    let born = Date::new(year, month, day).unwrap_or(plus_days(wish.start, -5_000));
    let born = if placewell_domain::placing::child::age_on(born, wish.start) > wish.age {
        Date::new(year + 1, month, day).unwrap_or(born)
    } else {
        born
    };
    ChildIdentity {
        family_name: family.to_owned(),
        given_names: given.to_owned(),
        known_as: None,
        born,
        sex: wish.sex,
        case_number: format!("C{:05}", 10_000 + wish.child),
        home_postcode: None,
        school: None,
        other_names: Vec::new(),
    }
}

/// The coded needs of a child.
pub fn profile(wish: &Wish, chance: &mut Chance) -> Profile {
    let present: Vec<Risk> = Risk::ALL.iter().copied().filter(|risk| chance.percent(likely(*risk))).collect();
    let days = placewell_domain::nights::days_between(wish.sent, wish.start);
    let needed_by = match days {
        i64::MIN..=0 => NeededBy::Today,
        1..=5 => NeededBy::WithinFiveDays,
        _ => NeededBy::MoreThanFiveDays,
    };
    let mut standard = Standard {
        needed_by: Some(needed_by),
        sibling_count: Some(0),
        preferred_location_local: Some(true),
        communication_needs: Some(Presence::No),
        communication: vec![Communication::None],
        cultural_needs: Some(CulturalNeeds::NotRequired),
        living_companions: Some(if wish.lot == "crisis" && chance.percent(60) {
            LivingCompanions::SoloPlacement
        } else {
            LivingCompanions::WithOtherChildren
        }),
        pets: Some(Pets::YesCan),
        additional_support: vec![Support::AdditionalSupervision],
        deprivation_of_liberty: Some(false),
        foster_care: Some(Suitability::SuitableButNotPreferred),
        residential_care: Some(Suitability::Preferred),
        supported_accommodation: Some(Suitability::Unsuitable),
        ..Standard::default()
    };
    for risk in Risk::ALL {
        let level = if present.contains(risk) { RiskLevel::RiskPresent } else { RiskLevel::NoKnownRisk };
        standard = standard.with_risk(*risk, level, wish.sent);
    }
    let basis = [LegalBasis::FullCareOrder, LegalBasis::InterimCareOrder, LegalBasis::Accommodated];
    let education = match wish.lot {
        "with_education" => Education::OnSite,
        "disabilities" => Education::SpecialSchool,
        _ => [Education::KeepSchool, Education::NewSchool, Education::Tutoring][chance.weighted(&[60, 30, 10])],
    };
    let health = if wish.lot == "therapeutic" { Health::TherapyInHome } else { Health::Universal };
    let mut profile = Profile {
        age: Some(wish.age),
        sex: Some(wish.sex),
        legal_basis: Some(basis[chance.weighted(&[60, 22, 18])]),
        complex_needs: Some(matches!(wish.lot, "crisis" | "therapeutic")),
        lot: Some(wish.lot.to_owned()),
        need_band: Some(if present.len() > 3 { "high" } else { "standard" }.to_owned()),
        start: Some(wish.start),
        planned_end: Some(plus_days(wish.start, 182 + chance.between(0, 36) * 7)),
        emergency: wish.emergency,
        from: Outcode::parse(wish.from).ok(),
        within_miles: Some(75),
        education: Some(education),
        health: Some(health),
        papers: Some(Papers::None),
        search_approval: Some(SearchApproval {
            by: SearchApprover::Panel,
            who: "Chair of the placement panel".to_owned(),
            band: Some(AmountBand::UpTo6000),
            on: plus_days(wish.sent, -3),
            reference: format!("Panel {}/{}", wish.sent.year(), wish.child % 50 + 1),
        }),
        standard,
        ..Profile::default()
    };
    let musts: NeedSet = profile.needs().iter().filter(|_| chance.percent(45)).collect();
    profile.must_haves = musts;
    profile
}

/// How many of a hundred children a risk is present for.
const fn likely(risk: Risk) -> i64 {
    match risk {
        Risk::Missing => 38,
        Risk::SelfHarm => 30,
        Risk::CriminalExploitation | Risk::ToOthersPhysical => 24,
        Risk::DrugAlcohol => 20,
        Risk::SexualExploitation => 14,
        Risk::EatingDisorder => 6,
        Risk::ToOthersSexual | Risk::ToOthersCriminal => 7,
        Risk::ToOthersFire | Risk::ToOthersAnimals => 3,
    }
}

/// The words beside the codes; they name nobody.
pub fn narrative(profile: &Profile, number: usize) -> Narrative {
    let helps = [
        "Somebody who listens after school, and knowing each evening what the next day brings.",
        "Football, cooking, and one member of staff who is there on most days.",
        "A calm bedroom, few changes, and being told the truth early.",
        "Drawing, walking a dog, and time alone after an argument.",
        "Contact with a brother or sister each week, and help with getting up for school.",
    ];
    let wishes = [
        "Wants to stay near friends and keep the same school.",
        "Wants a home with few other children.",
        "Wants to be nearer to a grandparent.",
        "Does not want to move again before the summer.",
    ];
    let present =
        |risk: &Risk| profile.standard.risk(*risk).is_some_and(|answer| answer.level == RiskLevel::RiskPresent);
    let risks = Risk::ALL
        .iter()
        .copied()
        .filter(present)
        .map(|risk| (risk, format!("{}: known for less than a year. A plan with the school has helped.", risk.label())))
        .collect();
    Narrative {
        what_helps: helps[number % helps.len()].to_owned(),
        wishes: wishes[number % wishes.len()].to_owned(),
        risks,
        education: "Attends on most days; maths and art go best.".to_owned(),
        health: "Well. Registered with a doctor and a dentist.".to_owned(),
        others: Vec::new(),
        risk_chronology: "Spring: two evenings out late with friends, came back without help. Since June: none."
            .to_owned(),
    }
}

/// The ten must-haves of HEF-R-0042.
pub fn ten_must_haves() -> NeedSet {
    [
        Need::SchoolTransport,
        Need::WakingNight,
        Need::AdditionalSupervision,
        Need::Autism,
        Need::CulturalNeeds,
        Need::Pets,
        Need::SelfHarm,
        Need::CriminalExploitation,
        Need::DrugsAlcohol,
        Need::GoingMissing,
    ]
    .into_iter()
    .collect()
}

/// The coded needs of the child of HEF-R-0042.
pub fn forty_two(wish: &Wish, chance: &mut Chance) -> Profile {
    let mut profile = profile(wish, chance);
    let present = [Risk::SelfHarm, Risk::CriminalExploitation, Risk::DrugAlcohol, Risk::Missing];
    for risk in Risk::ALL {
        let level = if present.contains(risk) { RiskLevel::RiskPresent } else { RiskLevel::NoKnownRisk };
        profile.standard = profile.standard.with_risk(*risk, level, wish.sent);
    }
    profile.standard.cultural_needs = Some(CulturalNeeds::Required);
    profile.standard.pets = Some(Pets::YesMust);
    profile.standard.living_companions = Some(LivingCompanions::WithOtherChildren);
    profile.education = Some(Education::KeepSchool);
    profile.health = Some(Health::Universal);
    profile.further_needs = [Need::WakingNight, Need::Autism].into_iter().collect();
    profile.must_haves = ten_must_haves();
    profile
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use placewell_domain::placing::child::age_on;
    use placewell_domain::placing::referral::{Plan, Task, task};

    #[test]
    fn invented_needs_are_complete_and_the_age_holds_on_the_first_night() {
        let mut chance = Chance::of("test needs");
        for child in 0..200 {
            let age = u8::try_from(8 + child % 10).unwrap();
            let wish = Wish {
                child,
                age,
                sex: Sex::Female,
                lot: ["planned", "crisis", "therapeutic", "with_education", "disabilities"][child % 5],
                sent: date(2021, 9, 9),
                start: date(2021, 9, 27),
                from: "HR1",
                emergency: None,
            };
            assert_eq!(age_on(identity(&wish).born, wish.start), age);
            let profile = profile(&wish, &mut chance);
            let narrative = narrative(&profile, child);
            let answers = task::Answers { profile: &profile, narrative: &narrative, plan: &Plan::default() };
            for topic in Task::ALL.iter().filter(|topic| **topic != Task::Recipients) {
                assert!(
                    task::missing(*topic, answers).is_empty(),
                    "{}: {:?}",
                    topic.label(),
                    task::missing(*topic, answers)
                );
            }
        }
    }

    #[test]
    fn hef_r_0042_has_ten_must_haves() {
        let wish = Wish {
            child: 42,
            age: 13,
            sex: Sex::Female,
            lot: "planned",
            sent: date(2021, 9, 9),
            start: date(2021, 9, 27),
            from: "HR1",
            emergency: None,
        };
        let profile = forty_two(&wish, &mut Chance::of("test 42"));
        assert_eq!(profile.for_homes().must_haves.count(), 10);
    }
}
