//! What is recorded of empty nights beside nominations: why a bed stood empty, and to whom empty nights were sold.
//!
//! A cause is never changed: a later one about the same nights goes before it.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::nights::{CauseFact, ResaleFact, VoidCause};
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{AgreementId, BlockId, OrganisationId, PersonId};
use crate::money::Pence;
use crate::nights::Nights;
use crate::outcome::Refusal;

/// Why a bed stood or stands empty on some nights, as somebody recorded it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedCause {
    /// Its id.
    pub id: i64,
    /// The contract.
    pub block: BlockId,
    /// The provider.
    pub provider: OrganisationId,
    /// Which bed; all of them where none is named.
    pub slot: Option<u8>,
    /// The nights.
    pub nights: Nights,
    /// Why.
    pub cause: VoidCause,
    /// The placing authority at whose request a bed is kept empty for a resident.
    pub request: Option<OrganisationId>,
    /// Who recorded it.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
}

impl RecordedCause {
    /// Checks a cause that somebody records: only a resident's needs have an authority that asked.
    pub fn checked(self) -> Result<Self, Refusal> {
        if self.request.is_some() && self.cause != VoidCause::ResidentNeeds {
            return Err(Refusal::new(
                "request_without_resident",
                "A bed kept empty at an authority's request is blocked by a resident's needs",
                "Only a bed that is blocked by a resident's needs is kept empty at an authority's request.",
                "You, by choosing that cause or naming no authority",
            )
            .found(self.cause.label()));
        }
        Ok(self)
    }

    /// Its event.
    #[must_use]
    pub fn event(&self) -> Event {
        Event::new("block.void_recorded", "block_void", self.id, 1)
            .with("block", self.block)
            .with("bed", self.slot.map_or("all".to_owned(), |slot| slot.to_string()))
            .with("from", self.nights.from())
            .with("to", self.nights.to())
            .with("cause", self.cause.code())
    }

    /// What the ledger sees of it.
    #[must_use]
    pub const fn fact(&self) -> CauseFact {
        CauseFact { slot: self.slot, nights: self.nights, cause: self.cause, request: self.request }
    }
}

/// How a re-sale stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ResaleState {
    /// Offered to the buyer.
    Offered,
    /// The buyer has committed its nights by an agreement.
    Taken {
        /// The agreement.
        agreement: AgreementId,
        /// The nights it takes.
        nights: Nights,
    },
    /// Taken back, or not wanted.
    Withdrawn,
}

/// Empty nights sold to an authority.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resale {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The contract.
    pub block: BlockId,
    /// The provider.
    pub provider: OrganisationId,
    /// Who buys.
    pub buyer: OrganisationId,
    /// Which bed.
    pub slot: u8,
    /// The nights offered.
    pub nights: Nights,
    /// What a night costs the buyer.
    pub night: Pence,
    /// When it was offered.
    pub offered: DateTime,
    /// How it stands.
    pub state: ResaleState,
}

/// Every move of a re-sale.
pub const RESALE_MOVES: &[Move] = &[
    Move { from: "new", act: "offer", to: "offered", by: "the block's lead" },
    Move { from: "offered", act: "take", to: "taken", by: "the buying authority, by its agreement" },
    Move { from: "taken", act: "take", to: "taken", by: "the system, when the agreement's nights change" },
    Move { from: "offered", act: "withdraw", to: "withdrawn", by: "the block's lead" },
];

impl ResaleState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Taken { .. } => "taken",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Offered => "Offered",
            Self::Taken { .. } => "Taken",
            Self::Withdrawn => "Withdrawn",
        }
    }
}

impl Resale {
    /// Offers nights to a buyer. `resale` comes with version 1 and offered.
    #[allow(clippy::needless_pass_by_value, reason = "the record is handed over, as every other is")]
    pub fn offer(resale: Self, moment: Moment) -> Change<Self> {
        let next = Self { version: 1, offered: moment.local, state: ResaleState::Offered, ..resale };
        let event = next.event("resale.offered");
        Change::to(next, event)
    }

    /// The buyer's agreement takes the nights that both have; also again, when the agreement's nights change.
    pub fn take(self, agreement: AgreementId, nights: Nights) -> Result<Change<Self>, Refusal> {
        let same = match &self.state {
            ResaleState::Offered => true,
            ResaleState::Taken { agreement: had, .. } => *had == agreement,
            ResaleState::Withdrawn => false,
        };
        let (true, Some(both)) = (same, self.nights.overlap(nights)) else {
            return Err(self.cannot("be taken by this agreement"));
        };
        let next = Self { version: self.version + 1, state: ResaleState::Taken { agreement, nights: both }, ..self };
        let event = next.event("resale.taken");
        Ok(Change::to(next, event))
    }

    /// The lead takes it back.
    pub fn withdraw(self) -> Result<Change<Self>, Refusal> {
        if self.state != ResaleState::Offered {
            return Err(self.cannot("be withdrawn"));
        }
        let next = Self { version: self.version + 1, state: ResaleState::Withdrawn, ..self };
        let event = next.event("resale.withdrawn");
        Ok(Change::to(next, event))
    }

    /// What the ledger sees of it: nights are re-sold once the buyer has committed them.
    #[must_use]
    pub const fn fact(&self) -> Option<ResaleFact> {
        match self.state {
            ResaleState::Taken { nights, .. } => {
                Some(ResaleFact { slot: self.slot, nights, buyer: self.buyer, night: self.night })
            }
            ResaleState::Offered | ResaleState::Withdrawn => None,
        }
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "resale", self.id, self.version)
            .with("block", self.block)
            .with("bed", self.slot)
            .with("buyer", self.buyer)
            .with("state", self.state.name())
            .with("from", self.nights.from())
            .with("to", self.nights.to())
            .with("night_pence", self.night.0)
    }

    fn cannot(&self, act: &str) -> Refusal {
        Refusal::new(
            "resale_state",
            "Re-sold nights: offered, then taken by the buyer's agreement, or taken back",
            format!("This re-sale cannot {act}: it is {}.", self.state.label().to_lowercase()),
            "The block's lead, by offering the nights again",
        )
        .found(self.nights.words())
    }
}
