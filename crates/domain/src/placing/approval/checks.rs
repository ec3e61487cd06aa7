//! The checks behind an award that are still open, computed from what is recorded and never kept: the home's, the gates
//! and what an emergency let follow. One that opens after the approval voids it (rule 1.7).

use jiff::civil::Date;

use super::following::FollowUp;
use super::gates::{Consultation, Gates};
use crate::authority::DistanceClass;
use crate::homes::home::Grade;
use crate::homes::standing::Standing;

coded! {
    /// A check that is still open.
    OpenCheck {
        Registration "registration" "The home's registration";
        Standing "standing" "The home's standing with the region";
        Grade "grade" "Ofsted's grade of inadequate";
        Wishes "wishes" "The child's wishes and feelings";
        Relatives "relatives" "The child's relatives";
        ReviewingOfficer "reviewing_officer" "The independent reviewing officer";
        AreaAuthority "area_authority" "The area authority";
        Overdue "overdue" "A consultation that is overdue";
        SpotChecks "spot_checks" "Checks of the spot purchase";
        Residents "residents" "Who lives at the home has changed since its impact assessment";
    }
}

impl OpenCheck {
    /// The checks as one text; "none" where nothing is open.
    #[must_use]
    pub fn words(open: &[Self]) -> String {
        if open.is_empty() {
            return "none".to_owned();
        }
        open.iter().map(|check| check.label()).collect::<Vec<_>>().join("; ")
    }

    const fn of(consultation: Consultation) -> Self {
        match consultation {
            Consultation::Wishes => Self::Wishes,
            Consultation::Relatives => Self::Relatives,
            Consultation::ReviewingOfficer => Self::ReviewingOfficer,
            Consultation::AreaTold | Consultation::AreaConsulted => Self::AreaAuthority,
        }
    }
}

/// Every check that is open on a day: of the home as it stands, of the gates as they were answered, and of what was
/// recorded as done since. `answered` is none before a recommendation.
#[must_use]
pub fn open_checks(
    (registered, standing, grade): (bool, Standing, Grade),
    answered: Option<(&Gates, &[FollowUp])>,
    distance: DistanceClass,
    today: Date,
) -> Vec<OpenCheck> {
    let home = [
        (!registered, OpenCheck::Registration),
        (!matches!(standing, Standing::Good | Standing::OnWatch), OpenCheck::Standing),
        (grade == Grade::Inadequate, OpenCheck::Grade),
    ];
    let mut open: Vec<OpenCheck> = home.into_iter().filter(|(open, _)| *open).map(|(_, check)| check).collect();
    let Some((gates, follow_ups)) = answered else { return open };
    let done = |what: Consultation| follow_ups.iter().any(|follow| follow.what == what && follow.is_done());
    open.extend(gates.open(distance).into_iter().filter(|what| !done(*what)).map(OpenCheck::of));
    if follow_ups.iter().any(|follow| follow.overdue(today)) {
        open.push(OpenCheck::Overdue);
    }
    open
}
