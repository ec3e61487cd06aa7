//! Reading the form of a task into the profile and the words: what is left empty stays open, what cannot be read is said.

use jiff::civil::Date;
use placewell_domain::authority::{AreaCode, by_name, lookup};
use placewell_domain::homes::home::{Need, NeedSet, Sex};
use placewell_domain::id::HomeId;
use placewell_domain::outcome::Invalid;
use placewell_domain::place::Outcode;
use placewell_domain::placing::referral::legal::{AmountBand, SearchApproval, SearchApprover};
use placewell_domain::placing::referral::narrative::LONGEST;
use placewell_domain::placing::referral::profile::{Avoid, AvoidPlace, AvoidReason, Education, Health, Papers};
use placewell_domain::placing::referral::standard::{
    Communication, CulturalNeeds, LivingCompanions, NeededBy, OtherText, OutOfAreaReason, Pets, Presence, Risk,
    RiskLevel, Suitability, Support,
};
use placewell_domain::placing::referral::{EmergencyCause, LegalBasis, Narrative, Profile, Task};

use crate::fields::Fields;

/// A code that may be left open.
fn code<T>(fields: &Fields, name: &str, from_code: impl Fn(&str) -> Option<T>) -> Option<T> {
    fields.filled(name).and_then(from_code)
}

fn flag(fields: &Fields, name: &str) -> Option<bool> {
    code(fields, name, |text| match text {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    })
}

fn needs(fields: &Fields, name: &str) -> NeedSet {
    fields.all(name).filter_map(Need::from_code).collect()
}

fn small(fields: &Fields, name: &str, most: i64, ask: &str, invalid: &mut Invalid) -> Option<i64> {
    fields.filled(name)?;
    fields.number(name, 0..=most, ask, invalid)
}

/// The profile and the words after a task's form.
pub fn read_task(
    task: Task,
    fields: &Fields,
    mut profile: Profile,
    mut narrative: Narrative,
    (today, homes): (Date, &NamedHomes),
) -> Result<(Profile, Narrative), Invalid> {
    let mut invalid = Invalid::default();
    let wrong = &mut invalid;
    match task {
        Task::About => {
            profile.age = small(fields, "age", 17, "Enter the age in years, 0 to 17", wrong)
                .and_then(|age| u8::try_from(age).ok());
            profile.sex = code(fields, "sex", Sex::from_code);
            profile.legal_basis = code(fields, "legal_basis", LegalBasis::from_code);
            profile.complex_needs = flag(fields, "complex_needs");
        }
        Task::Needs => read_needs(fields, &mut profile, &mut narrative, wrong),
        Task::Alongside => {
            profile.standard.living_companions = code(fields, "living_companions", LivingCompanions::from_code);
            profile.standard.pets = code(fields, "pets", Pets::from_code);
            let count = small(fields, "sibling_count", 20, "Enter how many siblings, 0 to 20", wrong);
            profile.standard.sibling_count = count.and_then(|count| u8::try_from(count).ok());
        }
        Task::When => read_when(fields, &mut profile, today, wrong),
        Task::Where => {
            read_where(fields, &mut profile, &mut narrative, wrong);
            profile.avoid = read_avoid(fields, today, homes, wrong);
        }
        Task::Education => {
            profile.education = code(fields, "education", Education::from_code);
            narrative.education = fields.optional_text("education_words", LONGEST, wrong);
        }
        Task::Health => {
            profile.health = code(fields, "health", Health::from_code);
            narrative.health = fields.optional_text("health_words", LONGEST, wrong);
        }
        Task::RisksToChild => read_risks(Risk::TO_CHILD, fields, &mut profile, &mut narrative, today, wrong),
        Task::RisksToOthers => {
            read_risks(Risk::TO_OTHERS, fields, &mut profile, &mut narrative, today, wrong);
            narrative.risk_chronology = fields.optional_text("risk_chronology", LONGEST, wrong);
        }
        Task::Liberty => profile.standard.deprivation_of_liberty = flag(fields, "deprivation_of_liberty"),
        Task::Documents => profile.papers = code(fields, "papers", Papers::from_code),
        Task::Recipients => {}
    }
    invalid.or((profile, narrative))
}

fn read_needs(fields: &Fields, profile: &mut Profile, narrative: &mut Narrative, wrong: &mut Invalid) {
    narrative.what_helps = fields.optional_text("what_helps", LONGEST, wrong);
    narrative.wishes = fields.optional_text("wishes", LONGEST, wrong);
    profile.lot = fields.filled("lot").map(str::to_owned).filter(|lot| lot.len() <= 60);
    profile.need_band = fields.filled("need_band").map(str::to_owned).filter(|band| band.len() <= 60);
    let standard = &mut profile.standard;
    standard.communication_needs = code(fields, "communication_needs", Presence::from_code);
    standard.communication = fields.all("communication").filter_map(Communication::from_code).collect();
    standard.cultural_needs = code(fields, "cultural_needs", CulturalNeeds::from_code);
    standard.additional_support = fields.all("additional_support").filter_map(Support::from_code).collect();
    standard.home_adaptation = flag(fields, "home_adaptation");
    standard.foster_care = code(fields, "foster_care", Suitability::from_code);
    standard.residential_care = code(fields, "residential_care", Suitability::from_code);
    standard.supported_accommodation = code(fields, "supported_accommodation", Suitability::from_code);
    profile.further_needs = needs(fields, "further_needs");
    profile.must_haves = needs(fields, "must_haves");
    for field in [OtherText::Communication, OtherText::Culture, OtherText::Support] {
        other(field, fields, narrative, wrong);
    }
}

fn other(field: OtherText, fields: &Fields, narrative: &mut Narrative, wrong: &mut Invalid) {
    let text = fields.optional_text(field.code(), 500, wrong);
    narrative.others.retain(|(which, _)| *which != field);
    if !text.is_empty() {
        narrative.others.push((field, text));
    }
}

fn read_when(fields: &Fields, profile: &mut Profile, today: Date, wrong: &mut Invalid) {
    profile.standard.needed_by = code(fields, "needed_by", NeededBy::from_code);
    profile.start = fields.optional_date("start", "Enter the date the child needs the home, like 19 3 2021", wrong);
    profile.planned_end = fields.optional_date("planned_end", "Enter the planned end, like 19 3 2022", wrong);
    profile.emergency = code(fields, "emergency", EmergencyCause::from_code);
    let (by, on) = (
        code(fields, "approved_by", SearchApprover::from_code),
        fields.optional_date("approved_on", "Enter the day of the approval, like 9 9 2021", wrong),
    );
    let reference = fields.optional_text("approval_reference", 60, wrong);
    profile.search_approval = match (by, on) {
        (Some(_), Some(on)) if on > today => {
            wrong.add("approved_on", "The day of the approval must be today or in the past");
            None
        }
        (Some(by), Some(on)) => {
            let who = fields.optional_text("approved_who", 80, wrong);
            Some(SearchApproval { by, who, on, reference, band: code(fields, "approved_band", AmountBand::from_code) })
        }
        (Some(_), None) => {
            wrong.add("approved_on", "Enter the day of the approval, like 9 9 2021");
            None
        }
        (None, _) => None,
    };
}

fn read_where(fields: &Fields, profile: &mut Profile, narrative: &mut Narrative, wrong: &mut Invalid) {
    let district = |text: &str| Outcode::parse(text);
    profile.from = match fields.filled("from").map(district) {
        Some(Ok(outcode)) => Some(outcode),
        Some(Err(_)) => {
            wrong.add("from", "Enter the first part of a postcode, like HR4");
            None
        }
        None => None,
    };
    let miles = small(fields, "within_miles", 500, "Enter the furthest distance in whole miles, up to 500", wrong);
    profile.within_miles = miles.and_then(|miles| u16::try_from(miles).ok());
    profile.standard.preferred_location_local = flag(fields, "preferred_location_local");
    profile.standard.out_of_area_reason = code(fields, "out_of_area_reason", OutOfAreaReason::from_code);
    other(OtherText::OutOfArea, fields, narrative, wrong);
    profile.from_home = fields.get("from_home") == "yes";
}

/// The most places to avoid that are read.
const MOST_AVOIDED: usize = 20;

/// The homes that a form names, each by its Ofsted number or its name.
pub type NamedHomes = Vec<(String, Option<HomeId>)>;

/// The texts by which a form of the task names homes to avoid.
pub fn avoided_homes(fields: &Fields) -> Vec<String> {
    let named = (1..=MOST_AVOIDED).filter(|row| fields.get(&format!("avoid{row}_kind")) == "home");
    named.map(|row| fields.get(&format!("avoid{row}_place")).to_owned()).collect()
}

/// The rows of places to avoid: each its kind, its place and its reason.
fn read_avoid(fields: &Fields, today: Date, homes: &NamedHomes, wrong: &mut Invalid) -> Vec<Avoid> {
    let mut all = Vec::new();
    for row in 1..=MOST_AVOIDED {
        let name = |part: &str| format!("avoid{row}_{part}");
        let text = fields.get(&name("place")).trim();
        let (kind, reason) = (fields.get(&name("kind")), fields.get(&name("reason")));
        if text.is_empty() && kind.is_empty() && reason.is_empty() {
            continue;
        }
        let place = match kind {
            "district" => Outcode::parse(text).ok().map(AvoidPlace::District),
            "area" => {
                let code = AreaCode::parse(text).ok().filter(|code| lookup(*code).is_some());
                code.or_else(|| by_name(text, today).map(|area| area.code)).map(AvoidPlace::Area)
            }
            "home" => {
                homes.iter().find(|(named, _)| named.trim() == text).and_then(|(_, id)| *id).map(AvoidPlace::Home)
            }
            _ => {
                wrong.add(&name("kind"), "Choose whether it is a district, an authority's area or a home");
                continue;
            }
        };
        let Some(place) = place else {
            let ask = match kind {
                "district" => "Enter the first part of a postcode, like B31",
                "area" => "Enter an authority's name, like Shropshire",
                _ => "Enter the home's Ofsted number, like SC400001, or its full name",
            };
            wrong.add(&name("place"), ask);
            continue;
        };
        match AvoidReason::from_code(reason) {
            Some(reason) => all.push(Avoid { place, reason }),
            None => wrong.add(&name("reason"), "Choose why the child must not be placed there"),
        }
    }
    all
}

fn read_risks(
    risks: &[Risk],
    fields: &Fields,
    profile: &mut Profile,
    narrative: &mut Narrative,
    today: Date,
    wrong: &mut Invalid,
) {
    for risk in risks {
        if let Some(level) = code(fields, risk.code(), RiskLevel::from_code) {
            profile.standard = core::mem::take(&mut profile.standard).with_risk(*risk, level, today);
        }
        let text = fields.optional_text(&format!("words_{}", risk.code()), LONGEST, wrong);
        narrative.risks.retain(|(which, _)| which != risk);
        if !text.is_empty() {
            narrative.risks.push((*risk, text));
        }
    }
}
