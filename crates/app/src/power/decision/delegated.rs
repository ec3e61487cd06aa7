//! Officers' decisions: recorded under a limb, published with reasons, alternatives and conflicts, withdrawn with a reason.

use jiff::civil::Date;
use placewell_domain::id::DelegatedDecisionId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::power::decision::{DelegatedDecision, DelegatedPage, LimbLabel};
use placewell_domain::reporting::publication::Naming;
use placewell_store::Work;
use placewell_store::power::decision::PublishedDelegated;
use serde::Serialize;

use super::words::delegated_texts;
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::naming::{Public, Texts, found_in, looked_through};

fn own_path(reference: &str) -> String {
    format!("/democratic/officer-decisions/{reference}")
}

fn check(page: &DelegatedPage, today: Date) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    for (field, text, ask) in [
        ("title", &page.title, "Enter what the decision is about"),
        ("decided", &page.decided, "Enter what was decided"),
        ("post", &page.post, "Enter the post of who took it, such as Assistant Director, never a name"),
        ("reasons", &page.reasons, "Enter the reasons"),
        ("alternatives", &page.alternatives, "Enter the alternatives considered, or that there were none"),
        ("conflicts", &page.conflicts, "Enter the conflicts of interest declared, or that there were none"),
    ] {
        if text.trim().is_empty() {
            invalid.add(field, ask);
        }
    }
    if page.taken_on > today {
        invalid.add("taken_on", "The date cannot be in the future");
    }
    invalid.or(())
}

async fn shown(work: &Work, reference: &str, version: i64) -> Answer<DelegatedDecision> {
    let decision = work.delegated_decision(work.org(), reference).await?;
    if decision.version == version { Ok(decision) } else { Err(Outcome::Conflict) }
}

/// Records what an officer decided under a limb, as a draft.
#[derive(Debug, Clone, Serialize)]
pub struct RecordDelegated {
    /// The reference of the decision whose limb gave the power.
    pub under: String,
    /// The limb.
    pub limb: LimbLabel,
    /// What the record says.
    pub page: DelegatedPage,
}

impl Command for RecordDelegated {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "delegated_decision.record";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check(&self.page, work.moment().today())?;
        let under = match work.decision_by_reference(work.org(), &self.under).await {
            Err(placewell_store::StoreError::NotFound) => {
                let ask = format!("No decision {} of this authority is recorded", self.under);
                return Err(Invalid::one("under", ask).into());
            }
            found => found?,
        };
        let number = work.next_number("officer_decision").await?;
        let reference = format!("{}-OD-{number:04}", actor.code);
        let id = DelegatedDecisionId(work.new_id());
        let change = DelegatedDecision::record((id, reference.clone()), &under, self.limb, self.page.clone())?;
        work.apply(change).await?;
        Ok(Receipt::at(own_path(&reference)))
    }
}

/// Replaces a draft's words.
#[derive(Debug, Clone, Serialize)]
pub struct ReviseDelegated {
    /// Its reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// What the record says.
    pub page: DelegatedPage,
}

impl Command for ReviseDelegated {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "delegated_decision.revise";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check(&self.page, work.moment().today())?;
        let decision = shown(work, &self.reference, self.version).await?;
        let under = work.decision(work.org(), decision.under).await?;
        work.apply(decision.revise(&under, self.page.clone())?).await?;
        Ok(Receipt::at(own_path(&self.reference)))
    }
}

/// Publishes a draft.
#[derive(Debug, Clone, Serialize)]
pub struct PublishDelegated {
    /// Its reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// The day of publication.
    pub on: Date,
}

impl Command for PublishDelegated {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "delegated_decision.publish";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for PublishDelegated {
    async fn texts(&self, work: &Work) -> Answer<Texts> {
        Ok(delegated_texts(&shown(work, &self.reference, self.version).await?.page))
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let moment = work.moment();
        let change = shown(work, &self.reference, self.version).await?.publish(self.on, moment)?;
        work.apply(change).await?;
        Ok(Receipt::at(own_path(&self.reference)))
    }
}

/// Takes a published record off the public pages.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawDelegated {
    /// Its reference.
    pub reference: String,
    /// The version shown.
    pub version: i64,
    /// When.
    pub on: Date,
    /// Why, for everybody who follows its address.
    pub reason: String,
}

impl Command for WithdrawDelegated {
    const ACTION: Action = Action::RecordDecision;
    const NAME: &'static str = "delegated_decision.withdraw";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for WithdrawDelegated {
    async fn texts(&self, _work: &Work) -> Answer<Texts> {
        Ok(vec![("reason", self.reason.clone())])
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let mut invalid = Invalid::default();
        if self.reason.trim().is_empty() {
            invalid.add("reason", "Enter why it is withdrawn: everybody who follows its address reads it");
        }
        if self.on > work.moment().today() {
            invalid.add("on", "The date cannot be in the future");
        }
        invalid.or(())?;
        let change = shown(work, &self.reference, self.version).await?;
        work.apply(change.withdraw(self.on, self.reason.trim().to_owned())?).await?;
        Ok(Receipt::at(own_path(&self.reference)))
    }
}

/// An officer's decision as everybody finds it.
#[derive(Debug, Clone)]
pub enum DelegatedRecord {
    /// Public.
    Published(Box<PublishedDelegated>),
    /// Taken off, with when and why.
    Withdrawn {
        /// Its reference.
        reference: String,
        /// When.
        on: Date,
        /// Why.
        reason: String,
    },
}

impl App {
    /// Every officer's decision that is public, the latest first.
    pub async fn public_delegated(&self) -> Answer<Vec<PublishedDelegated>> {
        Ok(self.visit().await?.published_delegated().await?)
    }

    /// One that is or was public. Drafts are not found.
    pub async fn public_delegated_decision(&self, reference: &str) -> Answer<DelegatedRecord> {
        use placewell_domain::power::decision::DelegatedState;
        let found = self.visit().await?.public_delegated(reference).await?;
        match &found.decision.state {
            DelegatedState::Draft => Err(Outcome::NotFound),
            DelegatedState::Published { .. } => Ok(DelegatedRecord::Published(Box::new(found))),
            DelegatedState::Withdrawn { on, reason, .. } => Ok(DelegatedRecord::Withdrawn {
                reference: found.decision.reference.clone(),
                on: *on,
                reason: reason.clone(),
            }),
        }
    }

    /// The officers' decisions of the actor's own authority, drafts included, the latest first.
    pub async fn own_delegated(&self, actor: &Actor) -> Answer<Vec<DelegatedDecision>> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        Ok(session.delegated_decisions(actor.organisation).await?)
    }

    /// A page of them, by reference.
    pub async fn own_delegated_after(&self, actor: &Actor, after: (&str, u32)) -> Answer<Vec<DelegatedDecision>> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        Ok(session.delegated_decisions_after(actor.organisation, after).await?)
    }

    /// One of them.
    pub async fn own_delegated_decision(&self, actor: &Actor, reference: &str) -> Answer<DelegatedDecision> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        Ok(session.delegated_decision(actor.organisation, reference).await?)
    }

    /// What the guard finds in the words of an officer's decision of the authority's own, which are confirmed one by one when
    /// they go public.
    pub async fn delegated_findings(&self, actor: &Actor, reference: &str) -> Answer<Vec<Naming>> {
        let session = self.see(actor, Action::SeeDecisions).await?;
        let decision = session.delegated_decision(actor.organisation, reference).await?;
        found_in(&session, actor, &delegated_texts(&decision.page)).await
    }
}
