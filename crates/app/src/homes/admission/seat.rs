//! A seat on a panel that its evaluator cannot keep: released by the regional team with a typed reason, or given up for a
//! conflict of interest that is told later, after which the evaluator's sheet is struck.

use std::sync::Arc;

use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState};
use placewell_domain::homes::admission::score::ReleaseReason;
use placewell_domain::id::{EvaluationId, OrganisationId, PersonId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_store::Work;
use placewell_store::outbox::{Job, TakenJob};
use serde::{Deserialize, Serialize};

use super::evaluating::{kept_evaluation, record_of};
use super::outcome::to_provider;
use crate::answer::Answer;
use crate::command::{App, Command, Receipt, ended};
use crate::office::message::{Notice, deliver_to};

/// The job that strikes the sheet of an evaluator who told of a conflict, as the regional team.
pub const STRIKE: &str = "evaluation.strike";

/// Releases the seat of an evaluator who left, is away or does not answer.
#[derive(Debug, Clone, Serialize)]
pub struct ReleaseEvaluator {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
    /// The evaluator.
    pub person: PersonId,
    /// Why.
    pub reason: ReleaseReason,
}

impl Command for ReleaseEvaluator {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.release_evaluator";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        work.lock_evaluation(self.evaluation).await?;
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let steps = work.panel_steps(evaluation.id).await?;
        let change = evaluation.release((self.person, self.reason), &steps, (actor.person, work.moment()))?;
        let evaluation = work.apply(change).await?;
        tell_released(work, &evaluation, self.person).await?;
        Ok(record_of(&evaluation))
    }
}

/// The mail says that the seat is released and not why.
async fn tell_released(work: &mut Work, evaluation: &Evaluation, person: PersonId) -> Answer<()> {
    let authority = evaluation.evaluator(person)?.authority;
    let notice = Notice {
        to: authority.0,
        role: Role::PlacementOfficer,
        subject: format!("{}: your seat on a panel is released", evaluation.opening_reference),
        lines: vec!["You score this application no longer. The regional team can name a colleague.".to_owned()],
        path: format!("/evaluations/{}", evaluation.id),
    };
    deliver_to(work, person, &notice, &format!("evaluation/{}/released", evaluation.id)).await
}

/// What tells the regional team of a conflict that an evaluator declares.
pub(super) fn conflict_told(evaluation: &Evaluation) -> Notice {
    let line = if evaluation.is_open() {
        "Their scores count no more. A consensus that was found from them is taken back, and moderation opens again once two have scored."
    } else {
        "Name a colleague in their place, or go on with the others: at least two have to score."
    };
    Notice {
        to: evaluation.region.0,
        role: Role::CommissioningLead,
        subject: format!("{}: an evaluator declares a conflict", evaluation.opening_reference),
        lines: vec![line.to_owned()],
        path: format!("/region/evaluations/{}", evaluation.id),
    }
}

#[derive(Serialize, Deserialize)]
struct ToStrike {
    region: i64,
    evaluation: i64,
    person: i64,
}

/// Leaves it to the regional team's own transaction to strike an evaluator's sheet, whatever has come between.
pub(super) fn strike_later(work: &mut Work, evaluation: &Evaluation, person: PersonId) -> Answer<()> {
    let to = ToStrike { region: evaluation.region.0, evaluation: evaluation.id.0, person: person.0 };
    work.enqueue(Job::new(STRIKE, &serde_json::to_value(to)?).about("evaluation", evaluation.id));
    Ok(())
}

/// The job: the sheet is struck where anything rests on it, and a provider that has its letter is told that another follows.
pub(crate) async fn strike(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToStrike = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.region), app.calendar.now()).await?;
    let done = strike_in(&mut work, EvaluationId(to.evaluation), PersonId(to.person)).await;
    ended(work, done).await
}

async fn strike_in(work: &mut Work, id: EvaluationId, person: PersonId) -> Answer<()> {
    work.lock_evaluation(id).await?;
    let evaluation = work.evaluation(id).await?;
    let steps = work.panel_steps(id).await?;
    let told = matches!(evaluation.state, EvaluationState::Standstill { .. });
    let Some(change) = evaluation.strike(person, &steps) else { return Ok(()) };
    let evaluation = work.apply(change).await?;
    if told {
        let lines = vec!["The letter that you have stands no longer. A new one follows.".to_owned()];
        work.enqueue(to_provider(&evaluation, "your outcome is looked at again", lines).job()?);
    }
    Ok(())
}
