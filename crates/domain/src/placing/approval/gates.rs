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

coded! {
    /// What comes before approval, and in an emergency may follow.
    Consultation {
        Wishes "wishes" "Asking the child for their wishes and feelings";
        Relatives "relatives" "Consulting the child's relatives";
        ReviewingOfficer "reviewing_officer" "Consulting the independent reviewing officer";
        AreaTold "area_told" "Telling the area authority";
        AreaConsulted "area_consulted" "Consulting the area authority, with the care plan";
    }
}

impl Consultation {
    /// Within how many working days of an emergency's start it is done. A child who could not be asked before the start
    /// is asked on the next working day (docs/decisions/0004); everybody else within 5.
    #[must_use]
    pub const fn within(self) -> u32 {
        match self {
            Self::Wishes => 1,
            Self::Relatives | Self::ReviewingOfficer | Self::AreaTold | Self::AreaConsulted => 5,
        }
    }
}

/// Something that an emergency lets follow, and by when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Follows {
    /// What.
    pub what: Consultation,
    /// By the end of this day.
    pub by: Date,
}

impl Gates {
    /// Checks the gates; gives what an emergency lets follow, each with its day. The child's wishes can follow only where
    /// the recommendation says why the child could not be asked, which its words hold.
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
        let open = self.open(distance);
        match open.first() {
            Some(Consultation::Wishes) if !emergency => {
                Err(gate("wishes_not_known", "Find out the child's wishes and feelings before you ask for approval."))
            }
            Some(what) if !emergency => {
                let sentence = format!("{} comes before approval, except in an emergency.", what.label());
                Err(gate("not_consulted", &sentence))
            }
            _ => {
                let by = |what: Consultation| days.nth_working_day_after(start, what.within());
                Ok(open.into_iter().map(|what| Follows { what, by: by(what) }).collect())
            }
        }
    }

    /// Each consultation or notification that these answers leave open, the child's first.
    #[must_use]
    pub fn open(&self, distance: DistanceClass) -> Vec<Consultation> {
        let told = self.area_authority.is_some();
        let area = match distance {
            DistanceClass::InArea => (false, Consultation::AreaTold),
            DistanceClass::Adjoining => (!told, Consultation::AreaTold),
            DistanceClass::AtADistance => (!told || !self.care_plan_sent, Consultation::AreaConsulted),
        };
        let all = [
            (self.wishes == Wishes::NotPracticable, Consultation::Wishes),
            (self.relatives == Relatives::NotYet, Consultation::Relatives),
            (self.reviewing_officer.is_none(), Consultation::ReviewingOfficer),
            area,
        ];
        all.into_iter().filter(|(open, _)| *open).map(|(_, what)| what).collect()
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
