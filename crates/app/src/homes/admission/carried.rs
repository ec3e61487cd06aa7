//! A provider confirms what its draft carries over from an earlier application, section by section.

use jiff::civil::Date;
use placewell_domain::homes::admission::carried::{CarriedSection, Review, Section};
use placewell_domain::homes::home::Urn;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use serde::Serialize;

use super::applying::{OwnApplication, own_draft, own_homes};
use crate::answer::Answer;
use crate::command::{Command, Receipt};

/// Confirms that sections of the draft are still true.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmCarried {
    /// The opening.
    pub reference: String,
    /// The version of the draft that the page showed.
    pub version: i64,
    /// The sections by their codes.
    pub sections: Vec<String>,
}

impl Command for ConfirmCarried {
    const ACTION: Action = Action::ApplyForAdmission;
    const NAME: &'static str = "admission_draft.confirm";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let (opening, draft) = own_draft(work, actor, (&self.reference, self.version)).await?;
        let mut sections = Vec::new();
        for code in &self.sections {
            let known = Section::from_code(code);
            sections
                .push(known.ok_or_else(|| Invalid::one("sections", format!("{code} is no section: send its code")))?);
        }
        let own: Vec<Urn> = own_homes(work, work.org()).await?.into_iter().map(|(urn, _)| urn).collect();
        let change = draft.confirm(&sections, (&opening, &own), (actor.person, work.moment()))?;
        work.apply(change).await?;
        Ok(Receipt::at(format!("/provider/admission/{}", self.reference)))
    }
}

/// One section that was carried over, as its provider reads it.
#[derive(Debug, Clone)]
pub struct CarriedLine {
    /// The section.
    pub section: Section,
    /// What it is called.
    pub label: String,
    /// What it says now.
    pub says: String,
    /// Where its review stands.
    pub review: Review,
}

impl OwnApplication {
    /// What the draft carries over, with what it says on a day.
    #[must_use]
    pub fn carried(&self, day: Date) -> Vec<CarriedLine> {
        let criteria = &self.public.opening.plan.criteria;
        let Some(draft) = &self.draft else { return Vec::new() };
        let label = |section: &Section| match section {
            Section::Lot(code) => {
                let lot = self.public.lots.iter().find(|lot| lot.code == *code);
                lot.map_or_else(|| section.label(criteria), |lot| format!("Lot: {}", lot.name))
            }
            Section::Gate(_) | Section::Quality(_) => section.label(criteria),
        };
        let line = |one: &CarriedSection| CarriedLine {
            label: label(&one.section),
            says: one.section.says(&draft.answers, criteria, day),
            section: one.section.clone(),
            review: one.review.clone(),
        };
        draft.carried.iter().flat_map(|carried| &carried.sections).map(line).collect()
    }
}
