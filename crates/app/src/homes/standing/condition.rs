//! What came of a condition of an admission, as the regional team records it. One that was not met gives cause for a watch,
//! so that it stands with the measures and not with the admission.

use placewell_domain::homes::admission::evaluation::ConditionSaid;
use placewell_domain::homes::standing::measure::Source;
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSubject};
use placewell_domain::id::EvaluationId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_store::Work;
use serde::Serialize;

use super::rules::by_notice;
use crate::answer::Answer;
use crate::command::{Command, Receipt};
use crate::homes::admission::evaluating::{kept_evaluation, record_of};
use crate::homes::admission::outcome::to_provider;

/// Records what came of a condition; one that was not met proposes a watch of the provider.
#[derive(Debug, Clone, Serialize)]
pub struct RecordCondition {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
    /// What came of it.
    pub said: ConditionSaid,
}

impl Command for RecordCondition {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.condition";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let change = evaluation.record_condition(&self.said, actor.person, work.moment())?;
        let evaluation = work.apply(change).await?;
        let what = match &self.said {
            ConditionSaid::Met { .. } => "the condition of your admission is met",
            ConditionSaid::NotMet { .. } => {
                let provider = evaluation.provider;
                let about = (StandingSubject::Provider(provider), provider, evaluation.provider_name.as_str());
                let source = Source::entered(actor.person, (None, None), work.moment().today());
                by_notice(work, about, (Standing::OnWatch, StandingReason::ConditionNotMet), source).await?;
                "the condition of your admission was not met"
            }
        };
        work.enqueue(to_provider(&evaluation, what, Vec::new()).job()?);
        Ok(record_of(&evaluation))
    }
}
