//! Proposing a mini-block: what is asked for and who would pay, the need that each authority's record shows, and the
//! business case.

use placewell_domain::buying::block::{Block, BlockFile, BlockOutcome, BlockShare, BusinessCase, Proposal};
use placewell_domain::change::Event;
use placewell_domain::homes::admission::lot_of;
use placewell_domain::id::BlockId;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use placewell_store::outbox::Job;
use serde::Serialize;

use super::following::{NEED, ToFollow};
use super::{own, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::naming::{Public, Texts, looked_through};

impl From<BlockOutcome> for Outcome {
    fn from(outcome: BlockOutcome) -> Self {
        match outcome {
            BlockOutcome::Invalid(invalid) => Self::Invalid(invalid),
            BlockOutcome::Refused(refusal) => Self::Refused(refusal),
        }
    }
}

/// Proposes a mini-block. Each paying authority's record is asked what it needed.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeBlock {
    /// What is proposed.
    pub proposal: Proposal,
}

impl Command for ProposeBlock {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.propose";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for ProposeBlock {
    async fn texts(&self, _work: &Work) -> Answer<Texts> {
        Ok(vec![("title", self.proposal.title.clone())])
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let kept = work.current_arrangement().await?.ok_or(Outcome::NotFound)?;
        check(work, &self.proposal).await?;
        let number = work.next_number("mini_block").await?;
        let id = BlockId(work.new_id());
        let named = (id, format!("MB-{number:03}"));
        let change = Block::propose(named, (work.org(), kept.arrangement.id), self.proposal.clone())?;
        let block = work.apply(change).await?;
        work.apply(BlockFile::open(&block)).await?;
        ask_need(work, &block)?;
        Ok(page_of(&block))
    }
}

/// Refuses a lot that the arrangement has not, and shares of others than authorities.
async fn check(work: &Work, proposal: &Proposal) -> Answer<()> {
    let kept = work.current_arrangement().await?.ok_or(Outcome::NotFound)?;
    lot_of(&kept.arrangement, &proposal.wants.lot)?;
    kept.arrangement.lot_is_open(&proposal.wants.lot, work.moment().today())?;
    must_be_authorities(work, &proposal.shares).await
}

/// Refuses shares of others than authorities.
pub(super) async fn must_be_authorities(work: &Work, shares: &[BlockShare]) -> Answer<()> {
    for share in shares {
        if work.organisation_by_id(share.authority).await?.kind != OrganisationKind::Authority {
            return Err(Invalid::one("shares", "Only authorities pay for a mini-block").into());
        }
    }
    Ok(())
}

/// Leaves a job to each paying authority, which counts in its own transaction.
fn ask_need(work: &mut Work, block: &Block) -> Answer<()> {
    for share in &block.shares {
        let to = ToFollow { authority: share.authority.0, block: block.id.0 };
        work.enqueue(Job::new(NEED, &serde_json::to_value(to)?).about("block", block.id));
    }
    Ok(())
}

/// Proposes it otherwise, before homes are asked.
#[derive(Debug, Clone, Serialize)]
pub struct ReviseBlock {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// What is proposed now.
    pub proposal: Proposal,
}

impl Command for ReviseBlock {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.revise";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for ReviseBlock {
    async fn texts(&self, _work: &Work) -> Answer<Texts> {
        Ok(vec![("title", self.proposal.title.clone())])
    }

    async fn publish(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = own(work, &self.reference, self.version).await?;
        check(work, &self.proposal).await?;
        let change = block.revise(self.proposal.clone())?;
        let block = work.apply(change).await?;
        ask_need(work, &block)?;
        Ok(page_of(&block))
    }
}

/// Asks each paying authority's record again what it needed.
#[derive(Debug, Clone, Serialize)]
pub struct AskNeed {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for AskNeed {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.ask_need";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = own(work, &self.reference, self.version).await?;
        let event = Event::new("block.need_asked", "block", block.id.0, block.version);
        work.record(event.with("reference", &block.reference));
        ask_need(work, &block)?;
        Ok(page_of(&block))
    }
}

/// Writes the business case: what is published with the award.
#[derive(Debug, Clone, Serialize)]
pub struct WriteCase {
    /// The mini-block.
    pub reference: String,
    /// The version of its file that the page showed.
    pub version: i64,
    /// Why. Nothing about a child.
    pub reasons: String,
    /// What else was considered.
    pub alternatives: String,
    /// Conflicts of interest.
    pub conflicts: String,
}

impl WriteCase {
    /// What is missing.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for (field, text, ask) in [
            ("reasons", &self.reasons, "Enter why the beds are bought. It is published with the award"),
            ("alternatives", &self.alternatives, "Enter what else was considered, and why it was not chosen"),
            ("conflicts", &self.conflicts, "Enter conflicts of interest, or None"),
        ] {
            if text.trim().is_empty() {
                invalid.add(field, ask);
            }
        }
        invalid.or(())
    }
}

impl Command for WriteCase {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.write_case";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        looked_through(self, &[], actor, work).await
    }
}

impl Public for WriteCase {
    async fn texts(&self, _work: &Work) -> Answer<Texts> {
        Ok(vec![
            ("reasons", self.reasons.clone()),
            ("alternatives", self.alternatives.clone()),
            ("conflicts", self.conflicts.clone()),
        ])
    }

    async fn publish(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        self.check()?;
        let block = work.block_by_reference(&self.reference).await?;
        let file = work.block_file(block.id).await?;
        if block.lead != work.org() {
            return Err(Outcome::NotFound);
        }
        if file.version != self.version {
            return Err(Outcome::Conflict);
        }
        let case = BusinessCase {
            reasons: self.reasons.clone(),
            alternatives: self.alternatives.clone(),
            conflicts: self.conflicts.clone(),
            by: actor.person,
            on: work.moment().today(),
        };
        let change = file.write_case(case)?;
        work.apply(change).await?;
        Ok(page_of(&block))
    }
}
