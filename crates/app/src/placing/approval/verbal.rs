//! Approvals by word of mouth: recorded by the officer with who and when, confirmed by the approver by noon of the next
//! working day (rule 1.5).

use jiff::civil::DateTime;
use placewell_domain::calendar::long_moment;
use placewell_domain::id::PersonId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::approval::{Said, who_may};
use placewell_store::Work;
use serde::Serialize;

use super::award::settle;
use super::deciding::recheck;
use super::urgent::urgency_must_be_called_for;
use super::void::void;
use super::{approver_notice, current, grounds_of, opened_to_award, page_of, to_decide};
use crate::answer::Answer;
use crate::clock::moment_of;
use crate::command::{Command, Receipt};

/// Records that somebody approved by word of mouth.
#[derive(Debug, Clone, Serialize)]
pub struct RecordVerbal {
    /// The approval.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Who said it.
    pub by: PersonId,
    /// When.
    pub said_at: DateTime,
    /// The hash of the facts that the page showed and that were read out.
    pub seen: String,
    /// It was given under the urgency power (rule 1.3).
    pub urgent: bool,
}

impl Command for RecordVerbal {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "approval.verbal";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = to_decide(work, &self.reference, self.version).await?;
        let grounds = grounds_of(work, &approval, work.moment().today()).await?;
        let said = if self.said_at <= work.moment().local { moment_of(self.said_at) } else { work.moment() };
        let basis = who_may(&approval, self.by, &grounds, self.urgent, said)?;
        opened_to_award(work, actor, &approval).await?;
        let case = match recheck(work, &approval, &self.seen, work.moment().today()).await? {
            Ok(case) => case,
            Err(changed) => return void(work, &approval, changed).await,
        };
        if case.offer.changes.last().is_some_and(|change| change.at > self.said_at) {
            return Err(before_the_facts(self.said_at).into());
        }
        urgency_must_be_called_for(work, &approval, &basis, work.moment().today()).await?;
        let said = Said { by: self.by, at: self.said_at, facts: self.seen.clone() };
        let change = approval.record_verbal(said, actor.person, basis, &grounds.days, work.moment())?;
        let approval = work.apply(change).await?;
        work.enqueue(approver_notice(&approval, "confirm in writing what you said").job()?);
        settle(work, &approval, Some(Box::new(case))).await?;
        Ok(page_of(&approval))
    }
}

/// Nobody approved an offer by word of mouth as it only became afterwards.
fn before_the_facts(said_at: DateTime) -> Refusal {
    Refusal::new(
        "verbal_before_facts",
        "A verbal approval: given after it was asked for, on the facts that were read out",
        "The offer was changed after that time. Read the facts out again and record when they were approved.",
        "The placement officer, by ringing again",
    )
    .found(long_moment(said_at))
}

/// Confirms in writing what was said.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmVerbal {
    /// The approval.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for ConfirmVerbal {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "approval.confirm";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = current(work, &self.reference, self.version).await?;
        let change = approval.confirm(actor.person, work.moment())?;
        Ok(page_of(&work.apply(change).await?))
    }
}
