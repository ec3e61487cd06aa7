//! The statutory director of children's services and the nominated officers of regulation 11: appointments of the
//! responsible authority, not posts in a limb and without deputy (rule 1.4; section 18, Children Act 2004).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::holding::holds;
use crate::clock::Moment;
use crate::id::{OrganisationId, PersonId};
use crate::outcome::Refusal;

coded! {
    /// A statutory office of the responsible authority.
    StatutoryOffice {
        /// The director of children's services (section 18, Children Act 2004).
        DirectorOfChildrensServices => "director_of_childrens_services", "Director of children's services";
        /// A nominated officer (regulation 11, Care Planning Regulations 2010).
        NominatedOfficer => "nominated_officer", "Nominated officer";
    }
}

/// How somebody was appointed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum StatutoryBasis {
    /// Appointed.
    Appointed,
    /// Interim, by a recorded appointment.
    Interim {
        /// The instrument.
        instrument: String,
    },
}

/// An appointment to a statutory office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatutoryAppointment {
    /// The responsible authority.
    pub authority: OrganisationId,
    /// The office.
    pub office: StatutoryOffice,
    /// The person.
    pub person: PersonId,
    /// Appointed or interim.
    pub basis: StatutoryBasis,
    /// The first day.
    pub from: Date,
    /// The day after the last.
    pub to: Date,
}

/// The appointment by which a person may act in a statutory office of the responsible authority today. A deputy, or
/// somebody acting in a director's post without a recorded interim appointment, may not.
pub fn find_statutory(
    office: StatutoryOffice,
    person: PersonId,
    responsible: OrganisationId,
    appointments: &[StatutoryAppointment],
    moment: Moment,
) -> Result<&StatutoryAppointment, Refusal> {
    let day = moment.today();
    appointments
        .iter()
        .find(|held| {
            held.authority == responsible
                && held.office == office
                && held.person == person
                && holds(held.from, held.to, day)
                && match &held.basis {
                    StatutoryBasis::Appointed => true,
                    StatutoryBasis::Interim { instrument } => !instrument.trim().is_empty(),
                }
        })
        .ok_or_else(|| {
            let (code, rule) = match office {
                StatutoryOffice::DirectorOfChildrensServices => (
                    "not_the_statutory_director",
                    "Section 18, Children Act 2004: the director of children's services, without deputy",
                ),
                StatutoryOffice::NominatedOfficer => {
                    ("not_a_nominated_officer", "Regulation 11, Care Planning Regulations 2010: a nominated officer")
                }
            };
            Refusal::new(
                code,
                rule,
                format!("You are not the {} of the child's responsible authority.", office.label().to_lowercase()),
                "The responsible authority, by a recorded appointment or interim appointment",
            )
        })
}
