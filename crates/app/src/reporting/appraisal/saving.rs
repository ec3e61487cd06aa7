//! Saving an appraisal with all that it rests on, and reading one again: its figures are drawn anew from what was kept,
//! so that a reader sees whether they still come out the same.

use placewell_domain::id::AppraisalId;
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::reporting::appraisal::{Appraisal, Appraised};
use placewell_insight::reporting::appraisal::appraise;
use placewell_store::Work;
use serde::Serialize;

use super::Typed;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};

/// Where the pages of saved appraisals stand.
pub const PATH: &str = "/reports/alternatives";

/// Saves an appraisal that was drawn.
#[derive(Debug, Clone, Serialize)]
pub struct SaveAppraisal {
    title: String,
    appraised: Appraised,
}

/// A saved appraisal as it is read.
#[derive(Debug, Clone)]
pub struct SavedAppraisal {
    /// What was saved.
    pub appraisal: Appraisal,
    /// Who saved it, by name; empty where the reader may not know.
    pub by: String,
    /// Whether the figures come out the same when they are drawn again from what was kept.
    pub same_again: bool,
}

impl Command for SaveAppraisal {
    const ACTION: Action = Action::KeepAppraisals;
    const NAME: &'static str = "appraisal.save";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let own = actor.kind == OrganisationKind::Authority;
        if own && self.appraised.authority != work.org() {
            return Err(Outcome::NotFound);
        }
        let code = &self.appraised.code;
        let number = work.next_number(&format!("appraisal {code}")).await?;
        // The authority's own and the regional team's are counted apart, since each keeps its own numbers.
        let kind = if own { "OA" } else { "RA" };
        let appraisal = Appraisal {
            id: AppraisalId(work.new_id()),
            keeper: work.org(),
            reference: format!("{code}-{kind}-{number:03}"),
            title: self.title.clone(),
            saved_at: work.moment().local,
            by: actor.person,
            appraised: self.appraised.clone(),
        };
        let saved = work.apply(appraisal.save()?).await?;
        Ok(Receipt::at(format!("{PATH}/{}", saved.reference)))
    }
}

impl App {
    /// Draws an appraisal to save: outside the transaction, which only writes it.
    pub async fn appraisal_to_save(
        &self,
        actor: &Actor,
        code: Option<&str>,
        typed: &Typed,
        title: &str,
    ) -> Answer<SaveAppraisal> {
        if !may(actor.role, Action::KeepAppraisals) {
            return Err(Outcome::Forbidden(Action::KeepAppraisals));
        }
        let appraised = self.appraise(actor, code, typed).await?;
        Ok(SaveAppraisal { title: title.to_owned(), appraised })
    }

    /// A saved appraisal that the reader's organisation keeps or that is about it, drawn again from what was kept.
    pub async fn saved_appraisal(&self, actor: &Actor, reference: &str) -> Answer<SavedAppraisal> {
        let session = self.see(actor, Action::SeeAppraisals).await?;
        let appraisal = session.appraisal(actor.organisation, reference).await?;
        let by = session.person_name(appraisal.by).await.unwrap_or_default();
        drop(session);
        let again = tokio::task::spawn_blocking(move || {
            let kept = &appraisal.appraised;
            let same = appraise(kept.seed, kept.futures, &kept.inputs, &kept.assumptions) == kept.figures;
            (appraisal, same)
        });
        let (appraisal, same_again) = again.await.map_err(|error| Outcome::Fault(error.to_string()))?;
        Ok(SavedAppraisal { appraisal, by, same_again })
    }
}
