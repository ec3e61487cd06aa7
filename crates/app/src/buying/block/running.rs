//! A contract's life after the award: an extension, fewer guaranteed beds, a break, notice; and giving up before it is live.

use placewell_domain::buying::block::{BlockChange, check_shares};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use serde::Serialize;

use super::following::follow_all;
use super::nights::used_since;
use super::proposing::must_be_authorities;
use super::{locked, notice, own, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};

/// Proposes a change of a live contract; each paying authority then decides under its own limb.
#[derive(Debug, Clone, Serialize)]
pub struct ProposeChange {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// What changes.
    pub change: BlockChange,
    /// Why. Nothing about a child.
    pub reason: String,
}

impl Command for ProposeChange {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.propose_change";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if self.reason.trim().is_empty() {
            return Err(Invalid::one("reason", "Enter why. Nothing about a child").into());
        }
        let block = own(work, &self.reference, self.version).await?;
        if let BlockChange::Reshare { shares, .. } = &self.change {
            check_shares(shares)?;
            must_be_authorities(work, shares).await?;
        }
        let used = match &self.change {
            BlockChange::Reduce { from, .. } => used_since(work, block.id, *from).await?,
            BlockChange::Extend { .. }
            | BlockChange::Reshare { .. }
            | BlockChange::Break { .. }
            | BlockChange::Notice { .. } => 0,
        };
        let said = (self.reason.clone(), actor.person);
        let change = block.propose_change(self.change.clone(), said, used, work.moment())?;
        let block = work.apply(change).await?;
        for party in block.deciders() {
            work.enqueue(notice(&block, party, Role::Approver, "a change to approve").job()?);
        }
        if self.change.needs_provider()
            && let Some(contract) = &block.contract
        {
            let mut asked = notice(&block, contract.provider, Role::ProviderManager, "a change to agree to");
            asked.path = format!("/provider/mini-blocks/{}", block.reference);
            work.enqueue(asked.job()?);
        }
        Ok(page_of(&block))
    }
}

/// Takes a proposed change back.
#[derive(Debug, Clone, Serialize)]
pub struct DropChange {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for DropChange {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.drop_change";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = own(work, &self.reference, self.version).await?;
        // An authority that had approved an extension or a larger share has committed it; its ledger goes back.
        follow_all(work, &block)?;
        let block = work.apply(block.drop_change()?).await?;
        Ok(page_of(&block))
    }
}

/// The provider agrees to a change of its own contract.
#[derive(Debug, Clone, Serialize)]
pub struct AgreeChange {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for AgreeChange {
    const ACTION: Action = Action::BidForBlocks;
    const NAME: &'static str = "block.agree_change";
    const PROVEN: bool = true;

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        // Nobody else is told by its version that it is there.
        let held = work.block_by_reference(&self.reference).await?;
        if held.contract.is_none_or(|contract| contract.provider != work.org()) {
            return Err(Outcome::NotFound);
        }
        let block = locked(work, &self.reference, self.version).await?;
        let change = block.agree_change(work.moment())?;
        let block = work.apply(change).await?;
        follow_all(work, &block)?;
        Ok(Receipt::at(format!("/provider/mini-blocks/{}", block.reference)))
    }
}

/// Gives a mini-block up before it is live; what authorities have committed for it is released.
#[derive(Debug, Clone, Serialize)]
pub struct WithdrawBlock {
    /// The mini-block.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// Why. Nothing about a child.
    pub reason: String,
}

impl Command for WithdrawBlock {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.withdraw";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if self.reason.trim().is_empty() {
            return Err(Invalid::one("reason", "Enter why it is given up. Nothing about a child").into());
        }
        let moment = work.moment();
        let change = own(work, &self.reference, self.version).await?.withdraw(self.reason.trim(), moment)?;
        let block = work.apply(change).await?;
        for bid in work.block_bids(block.id).await? {
            if let Some(change) = bid.withdraw(moment) {
                let bid = work.apply(change).await?;
                work.enqueue(super::competing::provider_notice(&bid, "the competition is withdrawn").job()?);
            }
        }
        follow_all(work, &block)?;
        Ok(page_of(&block))
    }
}
