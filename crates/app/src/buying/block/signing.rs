//! Signing a contract, apart from the bid: the lead for the authorities, the provider for itself, each bound to the hash of
//! what the page showed.

use placewell_domain::buying::block::month::MonthSide;
use placewell_domain::buying::block::{Block, BlockSignature, SignedSides};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::Signature;
use placewell_store::{Session, Work};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{notice, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};

/// What a contract says now, and who has signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// The hash of what it says.
    pub content: String,
    /// The lead's signature of it.
    pub lead: Option<BlockSignature>,
    /// The provider's.
    pub provider: Option<BlockSignature>,
    /// An earlier text was signed by both: what is open is a variation.
    pub varied: bool,
}

/// The hash of what a contract says; none before there is one.
pub(super) fn content_of(block: &Block) -> Answer<Option<String>> {
    let Some(content) = block.content() else { return Ok(None) };
    Ok(Some(hex::encode(Sha256::digest(serde_json::to_vec(&content)?))))
}

/// Who has signed a live contract; none before it is live.
pub(super) async fn signing(session: &Session, block: &Block) -> Answer<Option<Signing>> {
    let Some(content) = content_of(block)?.filter(|_| block.runs() || block.state.name() == "ended") else {
        return Ok(None);
    };
    let all = session.block_signatures(block.id).await?;
    let now = SignedSides::of(&all, &content);
    let varied =
        all.iter().any(|one| one.signature.content != content && SignedSides::of(&all, &one.signature.content).both());
    Ok(Some(Signing { lead: now.lead.cloned(), provider: now.provider.cloned(), varied, content }))
}

/// A signature as it is typed.
#[derive(Debug, Clone, Serialize)]
pub struct TypedSignature {
    /// The mini-block.
    pub reference: String,
    /// The hash of what the page showed.
    pub content: String,
    /// The signer's name.
    pub name: String,
    /// Their role.
    pub role: String,
    /// They have authority to sign.
    pub has_authority: bool,
}

impl TypedSignature {
    async fn sign(&self, actor: &Actor, work: &mut Work, side: MonthSide) -> Answer<Block> {
        let block = work.block_by_reference(&self.reference).await?;
        let provider = block.contract.as_ref().map(|contract| contract.provider);
        let own = match side {
            MonthSide::Lead => block.lead,
            MonthSide::Provider => provider.ok_or(Outcome::NotFound)?,
        };
        if own != work.org() {
            return Err(Outcome::NotFound);
        }
        let content = content_of(&block)?.ok_or(Outcome::NotFound)?;
        let signature = Signature {
            person: actor.person,
            name: self.name.trim().to_owned(),
            role: self.role.trim().to_owned(),
            at: work.moment().local,
            content,
        };
        let signature = signature.checked(self.has_authority)?;
        // What was read is what is signed.
        if signature.content != self.content {
            return Err(Outcome::Conflict);
        }
        let before = work.block_signatures(block.id).await?;
        let change = BlockSignature::sign(work.new_id(), &block, side, signature, &before)?;
        work.apply(change).await?;
        let told = match side {
            MonthSide::Lead => {
                let to = provider.ok_or(Outcome::NotFound)?;
                let mut told = notice(&block, to, Role::ProviderManager, "signed for the authorities");
                told.path = format!("/provider/mini-blocks/{}", block.reference);
                told
            }
            MonthSide::Provider => notice(&block, block.lead, Role::CommissioningLead, "signed by the provider"),
        };
        work.enqueue(told.job()?);
        Ok(block)
    }
}

/// The lead signs for the authorities that have approved.
#[derive(Debug, Clone, Serialize)]
pub struct SignForAuthorities(pub TypedSignature);

impl Command for SignForAuthorities {
    const ACTION: Action = Action::RunBlocks;
    const NAME: &'static str = "block.sign_for_authorities";
    const PROVEN: bool = true;

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = self.0.sign(actor, work, MonthSide::Lead).await?;
        Ok(page_of(&block))
    }
}

/// The provider signs its own contract.
#[derive(Debug, Clone, Serialize)]
pub struct SignContract(pub TypedSignature);

impl Command for SignContract {
    const ACTION: Action = Action::BidForBlocks;
    const NAME: &'static str = "block.sign_contract";
    const PROVEN: bool = true;

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let block = self.0.sign(actor, work, MonthSide::Provider).await?;
        Ok(Receipt::at(format!("/provider/mini-blocks/{}", block.reference)))
    }
}
