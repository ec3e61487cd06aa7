//! The exempt part of a formal decision: recorded by democratic services, read by them and by those who decide, and never
//! published.

use jiff::civil::DateTime;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::power::decision::{Decision, ExemptWords};
use placewell_store::Work;
use serde::Serialize;

use super::commands::shown;
use super::own_path;
use crate::answer::Answer;
use crate::command::{App, Command, Receipt};

/// One recording of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExemptLine {
    /// What is exempt; none from when nothing is any longer.
    pub words: Option<ExemptWords>,
    /// Who recorded it, by name.
    pub by: String,
    /// When, in London.
    pub at: DateTime,
}

/// A decision with what was recorded of its exempt part, the latest first.
#[derive(Debug, Clone)]
pub struct ExemptPage {
    /// The decision.
    pub decision: Decision,
    /// The recordings.
    pub lines: Vec<ExemptLine>,
}

impl App {
    /// The exempt part of a decision of the actor's own authority.
    pub async fn exempt_part(&self, actor: &Actor, reference: &str) -> Answer<ExemptPage> {
        let session = self.see(actor, Action::SeeExemptParts).await?;
        let decision = session.decision_by_reference(actor.organisation, reference).await?;
        let mut lines = Vec::new();
        for part in session.exempt_parts(actor.organisation, decision.id).await? {
            lines.push(ExemptLine { words: part.words, by: session.person_name(part.by).await?, at: part.at });
        }
        Ok(ExemptPage { decision, lines })
    }
}

/// Records what of a decision is exempt from publication, or that nothing is any longer.
#[derive(Debug, Clone, Serialize)]
pub struct RecordExempt {
    /// The decision's reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// What is exempt, by which paragraph, and why; none where nothing is any longer.
    pub words: Option<ExemptWords>,
}

impl Command for RecordExempt {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "decision.record_exempt";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let decision = shown(work, &self.reference, self.version).await?;
        let at = work.moment().local;
        let change = decision.exempt(work.new_id(), self.words.clone(), (actor.person, at))?;
        work.apply(change).await?;
        Ok(Receipt::at(format!("{}/exempt", own_path(&self.reference))))
    }
}
