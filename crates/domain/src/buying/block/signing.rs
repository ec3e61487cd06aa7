//! The signatures of a contract, apart from the bid: the lead's for the authorities that have approved, and the provider's,
//! each bound to the hash of what the contract says. A variation is signed anew; a break or notice changes no text.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::month::MonthSide;
use super::{Block, BlockShare, DatedTerms, EarlierShares, Wants};
use crate::change::{Change, Event, Move};
use crate::id::{BlockBidId, BlockId, OrganisationId};
use crate::outcome::Refusal;
use crate::placing::agreement::Signature;

/// The moves of a signature.
pub const SIGNATURE_MOVES: &[Move] = &[
    Move { from: "new", act: "sign", to: "signed", by: "commissioning lead, for the authorities" },
    Move { from: "new", act: "sign", to: "signed", by: "provider placements manager" },
];

const RULE: &str = "A mini-block contract is signed by the lead, for the authorities that have approved it, and by the \
                    provider, apart from its bid";

/// What both sides sign, in a fixed order: its hash is kept with each signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockContent<'a> {
    /// The reference.
    pub reference: &'a str,
    /// What it is called.
    pub title: &'a str,
    /// Which children the beds are for.
    pub wants: &'a Wants,
    /// The provider.
    pub provider: OrganisationId,
    /// The bid that it rests on.
    pub bid: BlockBidId,
    /// The terms, oldest first.
    pub terms: &'a [DatedTerms],
    /// Who pays how much.
    pub shares: &'a [BlockShare],
    /// Who paid before.
    pub earlier: &'a [EarlierShares],
}

/// One side's signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockSignature {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The contract.
    pub block: BlockId,
    /// Its reference.
    pub reference: String,
    /// Which side.
    pub side: MonthSide,
    /// The organisation that signs: the lead or the provider.
    pub organisation: OrganisationId,
    /// The provider, who reads both.
    pub provider: OrganisationId,
    /// Name, role, time, and the hash of what was signed.
    pub signature: Signature,
}

/// Who has signed what the contract says now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignedSides<'a> {
    /// The lead, for the authorities.
    pub lead: Option<&'a BlockSignature>,
    /// The provider.
    pub provider: Option<&'a BlockSignature>,
}

impl<'a> SignedSides<'a> {
    /// The signatures that are bound to a content.
    #[must_use]
    pub fn of(all: &'a [BlockSignature], content: &str) -> Self {
        let by = |side| all.iter().find(|one| one.side == side && one.signature.content == content);
        Self { lead: by(MonthSide::Lead), provider: by(MonthSide::Provider) }
    }

    /// Whether a side has signed.
    #[must_use]
    pub const fn by(&self, side: MonthSide) -> bool {
        match side {
            MonthSide::Lead => self.lead.is_some(),
            MonthSide::Provider => self.provider.is_some(),
        }
    }

    /// Whether both have.
    #[must_use]
    pub const fn both(&self) -> bool {
        self.lead.is_some() && self.provider.is_some()
    }
}

impl Block {
    /// What both sides sign; none before a bid is recommended.
    #[must_use]
    pub fn content(&self) -> Option<BlockContent<'_>> {
        let contract = self.contract.as_ref()?;
        Some(BlockContent {
            reference: &self.reference,
            title: &self.title,
            wants: &self.wants,
            provider: contract.provider,
            bid: contract.bid,
            terms: &contract.terms,
            shares: &self.shares,
            earlier: &self.earlier,
        })
    }
}

impl BlockSignature {
    /// Signs for a side what the contract says now: once every paying authority has approved, and once for each content.
    pub fn sign(
        id: i64,
        block: &Block,
        side: MonthSide,
        signature: Signature,
        before: &[Self],
    ) -> Result<Change<Self>, Refusal> {
        let Some(contract) = block.contract.as_ref().filter(|_| block.runs()) else {
            return Err(Refusal::new(
                "not_to_sign",
                RULE,
                format!("{} is not live, so there is nothing to sign.", block.reference),
                "Each paying authority, by approving the award",
            )
            .found(block.state.label()));
        };
        if SignedSides::of(before, &signature.content).by(side) {
            return Err(Refusal::new(
                "block_signed_once",
                RULE,
                "Your side has signed what the contract says now.",
                "Nobody: it stands",
            ));
        }
        let organisation = match side {
            MonthSide::Lead => block.lead,
            MonthSide::Provider => contract.provider,
        };
        let event = Event::new("block.signed", "block_signature", id, 1)
            .with("block", &block.reference)
            .with("side", side.code())
            .with("content", &signature.content);
        let (reference, provider) = (block.reference.clone(), contract.provider);
        let signed = Self { id, version: 1, block: block.id, reference, side, organisation, provider, signature };
        Ok(Change::to(signed, event))
    }

    /// On which day.
    #[must_use]
    pub fn on(&self) -> Date {
        self.signature.at.date()
    }
}

/// Refuses a use of the beds before both sides have signed the same text of the contract. A variation that is not signed
/// yet stops nothing: the contract that it varies is signed.
pub fn must_be_signed(block: &Block, all: &[BlockSignature]) -> Result<(), Refusal> {
    let both = all.iter().any(|one| SignedSides::of(all, &one.signature.content).both());
    if both {
        return Ok(());
    }
    let missing = [MonthSide::Lead, MonthSide::Provider]
        .into_iter()
        .filter(|side| !all.iter().any(|one| one.side == *side))
        .map(|side| side.label().to_lowercase());
    Err(Refusal::new(
        "block_unsigned",
        RULE,
        format!("{} is not signed by both sides yet, so its beds cannot be used.", block.reference),
        "The commissioning lead and the provider, by signing the contract",
    )
    .found(format!("not signed by: {}", missing.collect::<Vec<_>>().join(", "))))
}
