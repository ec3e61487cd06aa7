//! An empty bed of a mini-block is offered to its authorities in the order of the contract before its nights are sold to
//! others (journey C-09, domain 7E): each takes it, passes, or lets its hours lapse.
//!
//! Taking is the right to nominate. It moves no money: a night stays with its one payer of rule 6.2 until a child comes.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::nomination::Nomination;
use super::void::Resale;
use super::{Block, BlockShare, BlockSpec};
use crate::calendar::long_moment;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{BlockId, OrganisationId};
use crate::nights::plus_days;
use crate::outcome::{Invalid, Refusal};

const RULE: &str = "An empty bed of a mini-block is offered to its authorities in the contract's order, before others";

/// A term of the contract: who is offered an empty bed first, and within how many hours each answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidOrder {
    /// The paying authorities, the first to be asked first.
    pub order: Vec<OrganisationId>,
    /// Hours in which each takes the bed or passes.
    pub hours: u16,
}

impl VoidOrder {
    /// What is wrong with it as it was typed: each paying authority once, and hours that can be.
    pub fn check(&self, shares: &[BlockShare], invalid: &mut Invalid) {
        let sorted = |mut all: Vec<OrganisationId>| {
            all.sort_unstable();
            all
        };
        if sorted(self.order.clone()) != sorted(shares.iter().map(|share| share.authority).collect()) {
            invalid.add("void_order", "Name every authority that pays a share once, and no other, in their order");
        }
        if self.hours == 0 || self.hours > 1_000 {
            invalid.add("void_hours", "Enter within how many hours each authority answers, from 1 to 1,000");
        }
    }
}

impl BlockSpec {
    /// How many days before a bed falls empty it is offered, so that all have been asked when it does.
    fn days_ahead(&self, turns: usize) -> i64 {
        let hours = self.void_order.as_ref().map_or(0, |order| usize::from(order.hours) * turns);
        i64::try_from(hours.div_ceil(24)).unwrap_or(i64::MAX)
    }
}

impl Block {
    /// The authorities that pay on a night, in the order in which an empty bed is offered; those that joined since the order
    /// was agreed come last. None where the contract has no order.
    #[must_use]
    pub fn turns_on(&self, night: Date) -> Option<Vec<OrganisationId>> {
        let order = &self.latest_terms().map_or(&self.spec, |terms| &terms.spec).void_order.as_ref()?.order;
        let pay: Vec<OrganisationId> = self.shares_on(night).iter().map(|share| share.authority).collect();
        let mut turns: Vec<OrganisationId> = order.iter().copied().filter(|one| pay.contains(one)).collect();
        let joined: Vec<OrganisationId> = pay.into_iter().filter(|one| !turns.contains(one)).collect();
        turns.extend(joined);
        Some(turns)
    }

    /// Whether a bed that stands or falls empty on an evening is offered now.
    #[must_use]
    pub fn offers_void(&self, since: Date, today: Date) -> bool {
        let turns = self.turns_on(since.max(today)).map_or(0, |turns| turns.len());
        let Some(nights) = self.nights().filter(|_| self.runs() && turns > 0) else { return false };
        since.max(today) < nights.to() && since <= plus_days(today, self.spec.days_ahead(turns))
    }
}

/// How an offer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum VoidOfferState {
    /// The authority has not answered.
    Offered {
        /// Until when it may.
        until: DateTime,
    },
    /// The bed is kept for a child of its own.
    Taken {
        /// When it was taken.
        at: DateTime,
        /// Until when a child has to be nominated.
        until: DateTime,
    },
    /// The authority does not want it.
    Passed {
        /// When.
        at: DateTime,
    },
    /// Its time was over, or nobody was nominated in time.
    Lapsed {
        /// When the time was over.
        at: DateTime,
    },
    /// The bed is empty no more, or not as it was offered.
    Closed {
        /// When.
        at: DateTime,
    },
}

impl VoidOfferState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Offered { .. } => "offered",
            Self::Taken { .. } => "taken",
            Self::Passed { .. } => "passed",
            Self::Lapsed { .. } => "lapsed",
            Self::Closed { .. } => "closed",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Offered { .. } => "Offered",
            Self::Taken { .. } => "Taken",
            Self::Passed { .. } => "Passed",
            Self::Lapsed { .. } => "Lapsed",
            Self::Closed { .. } => "Closed",
        }
    }

    /// Until when it stands; none once it is over.
    #[must_use]
    pub const fn until(&self) -> Option<DateTime> {
        match self {
            Self::Offered { until } | Self::Taken { until, .. } => Some(*until),
            Self::Passed { .. } | Self::Lapsed { .. } | Self::Closed { .. } => None,
        }
    }
}

/// One authority's turn at an empty bed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoidOffer {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// The contract.
    pub block: BlockId,
    /// Who keeps the contract's record, and offers.
    pub lead: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// To whom it is offered.
    pub authority: OrganisationId,
    /// Which bed of the contract, from 1.
    pub slot: u8,
    /// Since which evening the bed stands empty, or will.
    pub since: Date,
    /// Its place in the order, from 1.
    pub turn: u8,
    /// When it was offered.
    pub offered: DateTime,
    /// How it stands.
    pub state: VoidOfferState,
}

/// Every move of an offer of an empty bed.
pub const VOID_OFFER_MOVES: &[Move] = &[
    Move { from: "new", act: "offer", to: "offered", by: "the system, for the block's lead, in the contract's order" },
    Move { from: "offered", act: "take", to: "taken", by: "placement officer of the authority" },
    Move { from: "offered", act: "pass", to: "passed", by: "placement officer of the authority" },
    Move { from: "taken", act: "pass", to: "passed", by: "placement officer of the authority" },
    Move { from: "offered", act: "lapse", to: "lapsed", by: "the system, when the hours to answer are over" },
    Move { from: "taken", act: "lapse", to: "lapsed", by: "the system, when nobody was nominated in time" },
    Move { from: "offered", act: "close", to: "closed", by: "the system, when the bed is empty no more" },
    Move { from: "taken", act: "close", to: "closed", by: "the system, when the bed is empty no more" },
];

impl VoidOffer {
    /// Offers an empty bed to the authority whose turn it is. `offer` comes with version 1 and offered for `hours`.
    #[allow(clippy::needless_pass_by_value, reason = "the record is handed over, as every other is")]
    pub fn offer(offer: Self, hours: u16, moment: Moment) -> Change<Self> {
        let until = after(moment.local, hours);
        let next = Self { version: 1, offered: moment.local, state: VoidOfferState::Offered { until }, ..offer };
        let event = next.event("void.offered").with("until", until);
        Change::to(next, event)
    }

    /// The authority takes the bed for a child whom it has to nominate within so many hours.
    pub fn take(self, nomination_hours: u16, moment: Moment) -> Result<Change<Self>, Refusal> {
        let VoidOfferState::Offered { until } = self.state else { return Err(self.cannot("be taken")) };
        if moment.local >= until {
            return Err(self.over(until));
        }
        let until = after(moment.local, nomination_hours);
        Ok(self.to(VoidOfferState::Taken { at: moment.local, until }, "void.taken"))
    }

    /// The authority does not want it, or gives it back; the next in the order is asked.
    pub fn pass(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !self.stands() {
            return Err(self.cannot("be passed on"));
        }
        Ok(self.to(VoidOfferState::Passed { at: moment.local }, "void.passed"))
    }

    /// Its time is over; refused before.
    pub fn lapse(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        match self.state.until().filter(|until| *until <= moment.local) {
            Some(at) => Ok(self.to(VoidOfferState::Lapsed { at }, "void.lapsed")),
            None => Err(self.cannot("lapse")),
        }
    }

    /// The bed is empty no more, or not as it was offered.
    pub fn close(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !self.stands() {
            return Err(self.cannot("be closed"));
        }
        Ok(self.to(VoidOfferState::Closed { at: moment.local }, "void.closed"))
    }

    /// Whether it waits for its authority: for an answer, or for a child.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.state.until().is_some()
    }

    fn to(self, state: VoidOfferState, kind: &str) -> Change<Self> {
        let next = Self { version: self.version + 1, state, ..self };
        let event = next.event(kind);
        Change::to(next, event)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "void_offer", self.id, self.version)
            .with("block", self.block)
            .with("bed", self.slot)
            .with("since", self.since)
            .with("authority", self.authority)
            .with("turn", self.turn)
            .with("state", self.state.name())
    }

    fn cannot(&self, act: &str) -> Refusal {
        Refusal::new(
            "void_offer_state",
            RULE,
            format!("This offer of an empty bed cannot {act}: it is {}.", self.state.label().to_lowercase()),
            "You, by opening the page of the nights again",
        )
        .found(format!("bed {}", self.slot))
    }

    fn over(&self, until: DateTime) -> Refusal {
        Refusal::new(
            "void_offer_over",
            RULE,
            "The hours in which your authority could take this bed are over.",
            "The next authority in the order; or you, once all have been asked",
        )
        .found(format!("bed {}, until {}", self.slot, long_moment(until)))
    }
}

fn after(at: DateTime, hours: u16) -> DateTime {
    at.saturating_add(jiff::Span::new().hours(i64::from(hours)))
}

/// Where the offers of one empty bed have come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VoidTurn<'a> {
    /// An authority answers, or has taken it.
    Standing(&'a VoidOffer),
    /// This authority is to be asked, with its place in the order.
    Next(OrganisationId, u8),
    /// All have been asked and nobody wants it: all may nominate, and its nights may be sold to others.
    Over,
}

/// Whose turn it is at a bed that is empty since an evening, in an order and by the offers of a block.
#[must_use]
pub fn void_turn<'a>(turns: &[OrganisationId], offers: &'a [VoidOffer], (slot, since): (u8, Date)) -> VoidTurn<'a> {
    let of = |one: &&VoidOffer| one.slot == slot && one.since == since;
    if let Some(standing) = offers.iter().find(|one| of(one) && one.stands()) {
        return VoidTurn::Standing(standing);
    }
    let asked = |authority: OrganisationId| offers.iter().any(|one| of(&one) && one.authority == authority);
    let next = (1_u8..).zip(turns).find(|(_, authority)| !asked(**authority));
    next.map_or(VoidTurn::Over, |(place, authority)| VoidTurn::Next(*authority, place))
}

/// Since which evening a bed stands empty, or will, after everybody who is known to come: the contract's first night, or the
/// end of its last stay or sale.
#[must_use]
pub fn void_since(first: Date, nominations: &[Nomination], resales: &[Resale], slot: u8) -> Date {
    let stays = nominations.iter().filter_map(Nomination::stay).filter(|stay| stay.slot == slot);
    let sold = resales.iter().filter_map(Resale::fact).filter(|sold| sold.slot == slot);
    let ends = stays.map(|stay| stay.nights.to()).chain(sold.map(|sold| sold.nights.to()));
    ends.fold(first, Date::max)
}

/// When an empty bed that another authority answers for comes to one that is later in the order, if nobody between them takes
/// it: the latest hour, as each may pass sooner. None for whoever was asked before, and while nobody has been.
#[must_use]
pub fn turn_comes(
    turns: &[OrganisationId],
    turn: VoidTurn<'_>,
    hours: u16,
    authority: OrganisationId,
) -> Option<DateTime> {
    let VoidTurn::Standing(offer) = turn else { return None };
    let place = |of: OrganisationId| turns.iter().position(|known| *known == of);
    let between = place(authority)?.checked_sub(place(offer.authority)? + 1)?;
    let between = u16::try_from(between).unwrap_or(u16::MAX);
    Some(after(offer.state.until()?, hours.saturating_mul(between)))
}

/// Refuses a nomination out of turn.
pub fn may_nominate_in_turn(turn: VoidTurn<'_>, authority: OrganisationId, slot: u8) -> Result<(), Refusal> {
    let sentence = match turn {
        VoidTurn::Over => return Ok(()),
        VoidTurn::Standing(offer) if offer.authority == authority => return Ok(()),
        VoidTurn::Standing(VoidOffer { state: VoidOfferState::Taken { .. }, .. }) => {
            "Another authority has taken this bed for a child of its own."
        }
        VoidTurn::Standing(_) => "This bed is offered to another authority, whose turn comes before yours.",
        VoidTurn::Next(..) => "This bed has not been offered to your authority yet.",
    };
    Err(Refusal::new("void_not_your_turn", RULE, sentence, "The authority whose turn it is, by passing").found(
        match turn {
            VoidTurn::Standing(offer) => {
                let until = offer.state.until().map_or_else(String::new, |at| format!(", until {}", long_moment(at)));
                format!("bed {slot}{until}")
            }
            VoidTurn::Next(..) | VoidTurn::Over => format!("bed {slot}"),
        },
    ))
}

/// Refuses a sale to others before all authorities of the block have been asked.
pub fn may_sell_after(turn: VoidTurn<'_>, slot: u8) -> Result<(), Refusal> {
    if turn == VoidTurn::Over {
        return Ok(());
    }
    Err(Refusal::new(
        "void_order_open",
        RULE,
        "The authorities of the block have not all been offered this bed yet, or one of them has taken it.",
        "The authority whose turn it is, by passing",
    )
    .found(format!("bed {slot}")))
}

#[cfg(test)]
mod tests;
