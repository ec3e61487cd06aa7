//! What the agreement says about the child's care: outcomes, staffing, what the price includes and leaves out, education
//! and health. First filled from referral and offer at the award; completed by the officer before anybody signs.

use jiff::Span;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::{Added, Agreement};
use crate::calendar::WorkingDays;
use crate::change::Change;
use crate::clock::Moment;
use crate::homes::price::{LineKind, PriceLine};
use crate::outcome::{Invalid, Refusal};
use crate::placing::referral::profile::{Education, Health};
use crate::sealed::Sealed;

coded! {
    /// What a weekly price includes or leaves out, one thing each (National Residential Contract, schedule 5).
    Included {
        PocketMoney "pocket_money" "Pocket money";
        Clothing "clothing" "Clothing allowance";
        Toiletries "toiletries" "Toiletries";
        Activities "activities" "Activities and trips";
        Holidays "holidays" "Holidays";
        Savings "savings" "Savings for the child";
        SchoolTransport "school_transport" "Transport to school";
        FamilyTransport "family_transport" "Transport to time with family";
        Equipment "equipment" "School uniform and equipment";
        Tutoring "tutoring" "Tutoring";
        Therapy "therapy" "Therapy by the home's own clinicians";
        Interpreter "interpreter" "Interpreters";
    }
}

/// The longest that one answer may be, in characters.
pub const LONGEST: usize = 500;

/// What the agreement says about the child's care; stored as `Sealed<Particulars>` under a key that both sides share.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Particulars {
    /// What the placement is to achieve, one outcome each.
    pub outcomes: Vec<String>,
    /// Staffing, one arrangement each.
    pub staffing: Vec<String>,
    /// What the price includes; what is not named is left out, once the list is complete.
    pub included: Vec<Included>,
    /// Arrangements for education, one each.
    pub education: Vec<String>,
    /// Arrangements for health and therapy, one each.
    pub health: Vec<String>,
}

/// The particulars as they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptParticulars {
    /// In words, sealed.
    pub words: Sealed<Particulars>,
    /// Completed by the officer; else only what referral and offer said.
    pub complete: bool,
    /// Reviews of the placement follow the clock of regulation 33: the child is looked after, not for short breaks.
    pub reviewed: bool,
    /// The authority's own closure days as they stood at the award: reviews pass over them, on both sides' pages.
    #[serde(default)]
    pub closures: Vec<Date>,
    /// When they were last written.
    pub at: DateTime,
}

impl KeptParticulars {
    /// The working days by which its reviews are set.
    #[must_use]
    pub fn days(&self) -> WorkingDays {
        WorkingDays::with_closures(self.closures.iter().copied())
    }
}

impl Particulars {
    /// What referral and offer say already.
    #[must_use]
    pub fn at_award(
        education: Option<Education>,
        health: Option<Health>,
        keeps_school: Option<bool>,
        lines: &[PriceLine],
    ) -> Self {
        let mut schooling: Vec<String> = education.map(|need| need.label().to_owned()).into_iter().collect();
        match keeps_school {
            Some(true) => schooling.push("The child keeps the present school".to_owned()),
            Some(false) => schooling.push("The child does not keep the present school".to_owned()),
            None => {}
        }
        let of_kind = |kind| lines.iter().filter(move |line| line.kind == kind);
        schooling.extend(of_kind(LineKind::Education).map(|line| format!("Paid as a line of its own: {}", line.label)));
        let mut included = Vec::new();
        if health == Some(Health::TherapyInHome) {
            included.push(Included::Therapy);
        }
        Self {
            outcomes: Vec::new(),
            staffing: of_kind(LineKind::AdditionalSupport).filter_map(staffing_of).collect(),
            included,
            education: schooling,
            health: health.map(|need| need.label().to_owned()).into_iter().collect(),
        }
    }

    /// What the price does not include.
    #[must_use]
    pub fn excluded(&self) -> Vec<Included> {
        Included::ALL.iter().copied().filter(|thing| !self.included.contains(thing)).collect()
    }

    /// What is missing from complete particulars, field by field.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let lists = [
            ("outcomes", &self.outcomes, "Enter at least one outcome"),
            ("staffing", &self.staffing, "Say how the home is staffed for this child"),
            ("education", &self.education, "Say how the child is educated"),
            ("health", &self.health, "Say how the child's health is looked after"),
        ];
        for (field, list, ask) in lists {
            if list.is_empty() {
                invalid.add(field, ask);
            } else if list.len() > 12 || list.iter().any(|text| text.chars().count() > LONGEST) {
                invalid.add(field, "Enter at most 12 lines of 500 characters each");
            }
        }
        invalid.or(())
    }
}

/// Additional support as staffing: "1:1, 28 hours a week, until 8 December 2021".
fn staffing_of(line: &PriceLine) -> Option<String> {
    let support = line.support.as_ref()?;
    let (hours, quarters) = (support.quarter_hours / 4, support.quarter_hours % 4);
    let part = match quarters {
        1 => ".25",
        2 => ".5",
        3 => ".75",
        _ => "",
    };
    let until = crate::calendar::long_date(line.to);
    Some(format!("{}: {}:1, {hours}{part} hours a week, until {until}", line.label, support.staff))
}

/// The days on which a looked-after child's placement is reviewed (regulation 33): 20 working days after the start, then
/// within 3 months, then every 6 months, up to the planned end.
#[must_use]
pub fn review_days(start: Date, planned_end: Date, days: &WorkingDays) -> Vec<Date> {
    let first = days.nth_working_day_after(start, 20);
    let mut found = vec![first];
    let mut next = first.saturating_add(Span::new().months(3));
    while next < planned_end && found.len() < 40 {
        found.push(next);
        next = next.saturating_add(Span::new().months(6));
    }
    found.retain(|day| *day < planned_end);
    found
}

impl Agreement {
    /// Completes the particulars: before anybody signs, or after a start that came before the signatures. What was signed
    /// without them is signed anew.
    pub fn complete_particulars(self, words: Sealed<Particulars>, moment: Moment) -> Result<Change<Self>, Refusal> {
        let nobody = self.signatures.authority.is_none() && self.signatures.provider.is_none();
        let late = self.began_unsigned() && !self.particulars_complete();
        if self.state.over() || !(nobody || late) {
            return Err(Refusal::new(
                "particulars_signed",
                "An agreement says what was signed; what changes later is a variation",
                "The particulars can no longer be changed: a side has signed them, or the placement is over.",
                "Both sides, by a variation",
            )
            .found(self.state.label()));
        }
        let event = self.event("agreement.particulars_completed");
        let before = self.added.particulars.as_ref();
        let reviewed = before.is_some_and(|kept| kept.reviewed);
        let closures = before.map_or_else(Vec::new, |kept| kept.closures.clone());
        let kept = KeptParticulars { words, complete: true, reviewed, closures, at: moment.local };
        let added = Added { particulars: Some(kept), ..self.added.clone() };
        Ok(self.unsigned(true, event, |next| Self { added, ..next }))
    }
}
