//! What a provider asks for, and the officer who declines it; accepting it is doing the act under its power.

use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::{DeclineReason, Side, Wanted};
use placewell_store::Work;
use serde::Serialize;

use super::running::other_side;
use super::{current, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};

/// A provider reports an end, or asks for another planned end or price.
#[derive(Debug, Clone, Serialize)]
pub struct AskChange {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// What.
    pub wanted: Wanted,
}

impl Command for AskChange {
    const ACTION: Action = Action::SignAgreement;
    const NAME: &'static str = "agreement.ask";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if actor.kind != OrganisationKind::Provider {
            return Err(Outcome::Forbidden(Self::ACTION));
        }
        let agreement = current(work, &self.reference, self.version).await?;
        let change = agreement.ask(self.wanted, actor.person, work.moment())?;
        let agreement = work.apply(change).await?;
        let what = match self.wanted {
            Wanted::Start { .. } => "the provider asks for another start",
            Wanted::End { .. } => "the provider reports that the child has left",
            Wanted::PlannedEnd { .. } => "the provider asks for another planned end",
            Wanted::Price { .. } => "the provider asks for another price",
        };
        work.enqueue(other_side(&agreement, Side::Provider, what).job()?);
        Ok(page_of(&agreement))
    }
}

/// An officer declines what the provider asked for.
#[derive(Debug, Clone, Serialize)]
pub struct DeclineAsked {
    /// The agreement.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// The number of what was asked.
    pub number: u32,
    /// Why.
    pub reason: DeclineReason,
}

impl Command for DeclineAsked {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "agreement.decline_asked";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let agreement = current(work, &self.reference, self.version).await?;
        let change = agreement.decline_asked(self.number, self.reason, actor.person, work.moment())?;
        let agreement = work.apply(change).await?;
        work.enqueue(other_side(&agreement, Side::Authority, "what you asked for is declined").job()?);
        Ok(page_of(&agreement))
    }
}
