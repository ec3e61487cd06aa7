//! Which approvals an award needs, each with the rule that calls for it, and the gates that stand before any of them:
//! registration, the age rules in force on the date, and regulation 11 (rule 1.5; rules have dates, 1.8).

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::authority::DistanceClass;
use crate::homes::home::{Home, RegisteredSex, Sex};
use crate::homes::standing::StandingOn;
use crate::money::Pence;
use crate::outcome::Refusal;
use crate::power::delegation::Act;
use crate::setting::SettingValue;

coded! {
    /// What is approved, and so by whom.
    ApprovalKind {
        NominatedOfficer "nominated_officer" "Placement outside the area";
        DirectorOfChildrensServices "director_of_childrens_services" "Placement at a distance";
        MonitoringOfficer "monitoring_officer" "Opinion that an earlier key decision covers it";
        Power "power" "Award of the placement agreement";
        SpotPower "spot_power" "Spot purchase of the placement";
    }
}

impl ApprovalKind {
    /// Who decides it, in the field's words.
    #[must_use]
    pub const fn by_whom(self) -> &'static str {
        match self {
            Self::NominatedOfficer => "nominated officer of the responsible authority",
            Self::DirectorOfChildrensServices => "director of children's services of the responsible authority",
            Self::MonitoringOfficer => "monitoring officer",
            Self::Power | Self::SpotPower => "holder of a post that the limb names",
        }
    }

    /// The act whose power it uses, where it uses one.
    #[must_use]
    pub const fn act(self) -> Option<Act> {
        match self {
            Self::Power => Some(Act::AwardPlacement),
            Self::SpotPower => Some(Act::SpotPurchase),
            Self::NominatedOfficer | Self::DirectorOfChildrensServices | Self::MonitoringOfficer => None,
        }
    }

    /// Whether another may be given it to decide: a statutory office has no deputy.
    #[must_use]
    pub const fn can_pass_on(self) -> bool {
        !matches!(self, Self::DirectorOfChildrensServices)
    }
}

/// Why an approval is needed: the rule, and what about this case calls for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// The rule.
    pub rule: String,
    /// What about this case.
    pub why: String,
}

/// One approval that is needed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalNeeded {
    /// What is approved.
    pub kind: ApprovalKind,
    /// Every rule that calls for it.
    pub triggers: Vec<Trigger>,
}

/// The authority's line above which an award is a key decision of its own, with the clause that sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDecisionLine {
    /// From this whole-term value on.
    pub from: Pence,
    /// The clause of the constitution.
    pub clause: String,
}

/// A setting: no line where the authority sets none.
impl SettingValue for Option<KeyDecisionLine> {
    const ASK: &'static str = "Enter an amount and its clause with a semicolon between, like £500,000; constitution 3.3.2, or nothing for none";

    fn read(text: &str) -> Option<Self> {
        if text.trim().is_empty() {
            return Some(None);
        }
        let (amount, clause) = text.split_once(';')?;
        let clause = clause.trim();
        let from = Pence::read(amount.trim())?;
        (!clause.is_empty() && clause.len() <= 200).then(|| Some(KeyDecisionLine { from, clause: clause.to_owned() }))
    }

    fn write(&self) -> String {
        self.as_ref().map(|line| format!("{}; {}", line.from, line.clause)).unwrap_or_default()
    }

    fn words(&self) -> String {
        match self {
            Some(line) => format!("From {} of whole-term value ({})", line.from, line.clause),
            None => "No line of its own".to_owned(),
        }
    }
}

/// What the list of approvals depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededCase<'a> {
    /// Bought outside the arrangement.
    pub spot: bool,
    /// The words for the power it is to be made under.
    pub power: &'a str,
    /// Regulation 11 applies: the child is looked after, and not for short breaks.
    pub regulation_11: bool,
    /// Where the home is.
    pub distance: DistanceClass,
    /// The name of the authority in whose area the home is.
    pub area: &'a str,
    /// What it costs to the planned end.
    pub whole_cost: Pence,
    /// The authority's line for placements, where it sets one.
    pub key_line: Option<&'a KeyDecisionLine>,
    /// Lines that are not at a scheduled rate.
    pub off_schedule: &'a [String],
}

/// Every approval that the award needs, statutory ones first.
#[must_use]
pub fn approvals_needed(case: &NeededCase<'_>) -> Vec<ApprovalNeeded> {
    let mut needed = Vec::new();
    let mut add = |kind, triggers| needed.push(ApprovalNeeded { kind, triggers });
    let outside = format!("The home is in the area of {}, {}.", case.area, case.distance.words());
    match case.distance {
        DistanceClass::Adjoining if case.regulation_11 => {
            add(
                ApprovalKind::NominatedOfficer,
                vec![trigger("Regulation 11(2)(a), Care Planning Regulations 2010", outside)],
            );
        }
        DistanceClass::AtADistance if case.regulation_11 => add(
            ApprovalKind::DirectorOfChildrensServices,
            vec![trigger("Regulation 11(2)(b), Care Planning Regulations 2010", outside)],
        ),
        DistanceClass::InArea | DistanceClass::Adjoining | DistanceClass::AtADistance => {}
    }
    if let Some(line) = case.key_line.filter(|line| case.whole_cost >= line.from) {
        let why = format!("{} to the planned end reaches the line of {}.", case.whole_cost, line.from);
        add(ApprovalKind::MonitoringOfficer, vec![trigger(&format!("Key decisions: {}", line.clause), why)]);
    }
    let (kind, what) = if case.spot {
        (ApprovalKind::SpotPower, "The home is bought outside the arrangement")
    } else {
        (ApprovalKind::Power, "The placement is awarded through the arrangement")
    };
    let mut triggers =
        vec![trigger("A power comes from one limb of a decision in force", format!("{what}: {}.", case.power))];
    if !case.off_schedule.is_empty() {
        triggers.push(trigger(
            "Additional lines: at scheduled rates, anything else with a reason and approval",
            format!("Not at a scheduled rate: {}.", case.off_schedule.join(", ")),
        ));
    }
    add(kind, triggers);
    needed
}

fn trigger(rule: &str, why: String) -> Trigger {
    Trigger { rule: rule.to_owned(), why }
}

/// From when no child under 16 may live in a setting that is not registered (regulation 27A, SI 2021/161).
pub const UNDER_16_FROM: Date = date(2021, 9, 9);
/// From when a child of 16 or 17 may live only in registered supported accommodation or a children's home
/// (regulation 27C, SI 2023/416).
pub const SIXTEEN_FROM: Date = date(2023, 10, 28);

/// The rule, in force on a date, that forbids an unregistered setting for a child of this age.
#[must_use]
pub fn setting_rule(age: u8, on: Date) -> &'static str {
    if age < 16 && on >= UNDER_16_FROM {
        "Regulation 27A, Care Planning Regulations 2010: no child under 16 in an unregistered setting, since 9 September 2021"
    } else if age >= 16 && on >= SIXTEEN_FROM {
        "Regulation 27C, Care Planning Regulations 2010: registered supported accommodation or a home, since 28 October 2023"
    } else {
        "Care Standards Act 2000: a children's home must be registered"
    }
}

/// The hard gates, also in an emergency: registration, standing, ages and sex of the registration. The age is that of
/// the start, by the date of birth.
pub fn hard_gates(home: &Home, standing: &StandingOn<'_>, (age, sex): (u8, Sex), start: Date) -> Result<(), Refusal> {
    home.may_admit().map_err(|refusal| Refusal { rule: setting_rule(age, start).to_owned(), ..refusal })?;
    standing.may_admit(&home.name)?;
    if age >= 18 {
        return Err(Refusal::new(
            "age",
            "A children's home cares for children under 18",
            "No placement can be approved: the child will be 18 or over at the start.",
            "Nobody",
        )
        .found(format!("{age} years old on the start")));
    }
    if let Some(ages) = home.ages.filter(|ages| !ages.admit(age)) {
        return Err(Refusal::new(
            "age_outside_registration",
            "Children's Homes Regulations 2015: the ages for which the home is registered",
            format!("{} is registered for children of {} to {}.", home.name, ages.from, ages.to),
            "Ofsted, on the provider's application to vary the registration",
        )
        .found(format!("{age} years old on the start")));
    }
    if let Some(only) = home.sex.filter(|registered: &RegisteredSex| !registered.admits(sex)) {
        return Err(Refusal::new(
            "sex_outside_registration",
            "Children's Homes Regulations 2015: the children for whom the home is registered",
            format!("{} is registered for {}.", home.name, only.label()),
            "Ofsted, on the provider's application to vary the registration",
        )
        .found(sex.label()));
    }
    Ok(())
}
