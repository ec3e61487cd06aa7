//! Who pays a line, and how a step-down review ends: each in the ledger of the same transaction (rules 3.4, 4.2).

use placewell_domain::homes::price::FunderShares;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{Side, SupportOutcome, check_shares};
use placewell_domain::power::delegation::Act;
use placewell_store::Work;
use placewell_store::placing::agreement::paper_job;
use serde::Serialize;

use super::deciding::{Decided, decide};
use super::running::{other_side, recommit};
use super::vary::varied;
use super::{current, page_of};
use crate::answer::Answer;
use crate::command::{Command, Receipt};
use crate::power::annual_value::Allowed;

/// Records who pays a line: authority, education and health, agreed or disputed.
#[derive(Debug, Clone, Serialize)]
pub struct ShareLine {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The line, from 0.
    pub line: usize,
    /// Hundredths of each.
    pub shares: FunderShares,
}

impl Command for ShareLine {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.share";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check_shares(&self.shares)?;
        let agreement = current(work, &self.reference, self.version).await?;
        let change = agreement.share(self.line, self.shares.clone())?;
        let agreement = work.apply(change).await?;
        recommit(work, &agreement, Allowed::Nothing).await?;
        work.enqueue(paper_job(&agreement)?);
        work.enqueue(other_side(&agreement, Side::Authority, "its funders are recorded").job()?);
        Ok(page_of(&agreement))
    }
}

/// Records how the step-down review of a line of support ended.
#[derive(Debug, Clone, Serialize)]
pub struct ReviewSupport {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The line, from 0.
    pub line: usize,
    /// How it ended.
    pub outcome: SupportOutcome,
    /// Who decided it, and how.
    pub decided_by: Decided,
}

impl Command for ReviewSupport {
    const ACTION: Action = Action::DecideAgreement;
    const NAME: &'static str = "agreement.step_down";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let (agreement, power) = decide(work, actor, agreement, Act::ExtraSupport, self.decided_by).await?;
        let change = agreement.clone().review_support(self.line, self.outcome, power, work.moment())?;
        let now = work.apply(change).await?;
        varied(work, &agreement, &now, Allowed::Nothing).await?;
        Ok(page_of(&now))
    }
}
