//! What the approver must be satisfied of (regulation 11 and rule 1.5), as the officer answers it. An emergency relaxes
//! only consultation and notification, to 5 working days.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::authority::DistanceClass;
use crate::calendar::WorkingDays;
use crate::outcome::{Invalid, Refusal};

coded! {
    /// Whether the child's wishes and feelings are known and were taken into account (section 22(4), Children Act 1989).
    Wishes {
        Ascertained "ascertained" "Yes, asked and taken into account";
        TooYoung "too_young" "The child is too young to say, and was observed";
        NotPracticable "not_practicable" "Not practicable yet, for the reason given";
    }
}

coded! {
    /// Whether relatives were consulted.
    Relatives {
        Consulted "consulted" "Consulted";
        NotAppropriate "not_appropriate" "Not consulted: not appropriate or not safe";
        CannotBeFound "cannot_be_found" "Not consulted: they cannot be found";
        NotYet "not_yet" "Not yet consulted";
    }
}

/// The officer's answers to the gates. Free text stands sealed beside them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gates {
    /// The child's wishes and feelings.
    pub wishes: Wishes,
    /// The most appropriate placement available (section 22C(5), Children Act 1989).
    pub most_appropriate: bool,
    /// Consistent with the care plan.
    pub in_care_plan: bool,
    /// The child's relatives.
    pub relatives: Relatives,
    /// When the independent reviewing officer was consulted.
    pub reviewing_officer: Option<Date>,
    /// When the area authority was notified or, at a distance, consulted.
    pub area_authority: Option<Date>,
    /// At a distance: it was given the care plan.
    pub care_plan_sent: bool,
}

/// Something that an emergency lets follow, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follows {
    /// What.
    pub what: String,
    /// By the end of this day.
    pub by: Date,
}

impl Gates {
    /// Checks the gates; gives what an emergency lets follow within 5 working days of the start.
    pub fn check(
        &self,
        distance: DistanceClass,
        emergency: bool,
        start: Date,
        days: &WorkingDays,
    ) -> Result<Vec<Follows>, Refusal> {
        if !self.most_appropriate || !self.in_care_plan {
            return Err(gate(
                "not_most_appropriate",
                "The placement must be the most appropriate one available and consistent with the care plan.",
            ));
        }
        if self.wishes == Wishes::NotPracticable && !emergency {
            return Err(gate(
                "wishes_not_known",
                "Find out the child's wishes and feelings before you ask for approval.",
            ));
        }
        let by = days.nth_working_day_after(start, 5);
        let mut follows = Vec::new();
        for (missing, what) in self.consultations(distance) {
            if !missing {
                continue;
            }
            if !emergency {
                return Err(gate("not_consulted", &format!("{what} comes before approval, except in an emergency.")));
            }
            follows.push(Follows { what, by });
        }
        Ok(follows)
    }

    /// Each consultation or notification, and whether it is missing.
    fn consultations(&self, distance: DistanceClass) -> [(bool, String); 3] {
        let area = match distance {
            DistanceClass::InArea => (false, String::new()),
            DistanceClass::Adjoining => (self.area_authority.is_none(), "Telling the area authority".to_owned()),
            DistanceClass::AtADistance => (
                self.area_authority.is_none() || !self.care_plan_sent,
                "Consulting the area authority, with the care plan".to_owned(),
            ),
        };
        [
            (self.relatives == Relatives::NotYet, "Consulting the child's relatives".to_owned()),
            (self.reviewing_officer.is_none(), "Consulting the independent reviewing officer".to_owned()),
            area,
        ]
    }

    /// What is wrong with the dates as typed.
    pub fn check_dates(&self, today: Date) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for (field, on) in [("reviewing_officer", self.reviewing_officer), ("area_authority", self.area_authority)] {
            if on.is_some_and(|on| on > today) {
                invalid.add(field, "Enter a date that is today or earlier");
            }
        }
        invalid.or(())
    }
}

fn gate(code: &str, sentence: &str) -> Refusal {
    Refusal::new(
        code,
        "Regulation 11(3), Care Planning Regulations 2010: what the approver is satisfied of",
        sentence,
        "The placement officer and the social worker",
    )
}
