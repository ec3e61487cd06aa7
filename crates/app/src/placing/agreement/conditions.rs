//! Recording that a condition was met under which an approval was given.

use jiff::civil::Date;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use placewell_store::placing::agreement::paper_job;
use serde::Serialize;

use super::{current, page_of};
use crate::answer::Answer;
use crate::command::{Command, Receipt};

/// Records that a condition was met; the paper is made again.
#[derive(Debug, Clone, Serialize)]
pub struct MeetCondition {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Which condition, from 1.
    pub number: usize,
    /// On which day.
    pub on: Date,
}

impl Command for MeetCondition {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.condition";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if self.on > work.moment().today() {
            return Err(Invalid::one("on", "Enter a day that is today or earlier").into());
        }
        let agreement = current(work, &self.reference, self.version).await?;
        let change = agreement.meet_condition(self.number, (self.on, actor.person), work.moment())?;
        let agreement = work.apply(change).await?;
        work.enqueue(paper_job(&agreement)?);
        Ok(page_of(&agreement))
    }
}
