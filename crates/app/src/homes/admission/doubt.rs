//! Doubts about an evaluation: noted by any authority that relies on it, answered once by the regional team for all to read.

use placewell_domain::homes::admission::outcome::{Doubt, DoubtAnswer};
use placewell_domain::id::EvaluationId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_store::Work;
use serde::Serialize;

use super::evaluating::record_of;
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::message::{Notice, deliver_to};

/// An authority notes a doubt about an evaluation that it relies on.
#[derive(Debug, Clone, Serialize)]
pub struct NoteDoubt {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// What is doubted and why.
    pub words: String,
}

impl Command for NoteDoubt {
    const ACTION: Action = Action::EvaluateApplications;
    const NAME: &'static str = "evaluation_doubt.note";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if actor.kind != OrganisationKind::Authority {
            return Err(Outcome::NotFound);
        }
        let evaluation = work.evaluation(self.evaluation).await?;
        let doubt = Doubt {
            id: work.new_id(),
            authority: work.org(),
            authority_name: actor.organisation_name.clone(),
            evaluation: evaluation.id,
            person: actor.person,
            at: work.moment().local,
            words: self.words.trim().to_owned(),
        };
        work.apply(doubt.note()?).await?;
        let notice = Notice {
            to: evaluation.region.0,
            role: Role::CommissioningLead,
            subject: format!("{}: an authority doubts an evaluation", evaluation.opening_reference),
            lines: Vec::new(),
            path: format!("/region/evaluations/{}", evaluation.id),
        };
        work.enqueue(notice.job()?);
        Ok(record_of(&evaluation))
    }
}

/// The regional team answers a doubt, once; every authority reads the answer.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerDoubt {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The doubt.
    pub doubt: i64,
    /// The answer.
    pub words: String,
}

impl Command for AnswerDoubt {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation_doubt.answer";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let evaluation = work.evaluation(self.evaluation).await?;
        if evaluation.region != work.org() {
            return Err(Outcome::NotFound);
        }
        let doubts = work.doubts(evaluation.id).await?;
        let doubt = doubts.into_iter().find(|one| one.id == self.doubt).ok_or(Outcome::NotFound)?;
        let earlier = work.doubt_answers(evaluation.id).await?;
        let answer = DoubtAnswer {
            doubt: doubt.id,
            region: work.org(),
            evaluation: evaluation.id,
            by: actor.person,
            at: work.moment().local,
            words: self.words.trim().to_owned(),
        };
        work.apply(answer.give(&doubt, &earlier)??).await?;
        let notice = Notice {
            to: doubt.authority.0,
            role: Role::PlacementOfficer,
            subject: format!("{}: your doubt is answered", evaluation.opening_reference),
            lines: vec!["Every authority reads the answer on the evaluation record.".to_owned()],
            path: format!("/region/evaluations/{}", evaluation.id),
        };
        deliver_to(work, doubt.person, &notice, &format!("doubt/{}/answered", doubt.id)).await?;
        Ok(record_of(&evaluation))
    }
}
