//! A provider's part in a mini-competition: it is asked, bids with beds and prices, declines, or says nothing. It is told
//! its own score and reasons, never another's (rules 5.3 and 5.7).

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::terms::{BlockBeds, BlockPrices, BlockSpec, BlockTerms};
use super::{Block, Competition, Criterion, Scored, Wants};
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::homes::home::Grade;
use crate::id::{BlockBidId, BlockId, HomeId, OrganisationId, PersonId};
use crate::money::Pence;
use crate::outcome::{Invalid, Refusal};
use crate::placing::referral::deadline::GRACE_SECONDS;

/// Refused where a home is judged Inadequate: an exemption from the grade is of one child, and a bed of a mini-block is bought
/// for no child in particular.
pub fn grade_gate(grade: Grade, home: &str) -> Result<(), Refusal> {
    if grade != Grade::Inadequate {
        return Ok(());
    }
    Err(Refusal::new(
        "block_inadequate",
        "A mini-block is bought at homes that take new children: one judged Inadequate takes none but by each child's own \
         exemption",
        format!("{home} is judged Inadequate, so no bed of a mini-block can be bought there."),
        "Ofsted, by judging the home anew; or the commissioning lead, by an award at other homes",
    )
    .found(grade.label()))
}

/// What a provider offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BidOffer {
    /// Its beds.
    pub beds: BlockBeds,
    /// Its prices.
    pub prices: BlockPrices,
    /// Its answer to each quality criterion, in their order.
    pub answers: Vec<String>,
    /// Its conflicts of interest, or that there are none.
    pub conflicts: String,
}

coded! {
    /// Why a provider does not bid.
    BidDecline {
        /// No beds.
        NoBeds => "no_beds", "No beds free for that time";
        /// The guarantee.
        Guarantee => "guarantee", "The guarantee is too small";
        /// The terms.
        Terms => "terms", "The terms cannot be met";
        /// The children.
        NotOurChildren => "not_our_children", "The homes are for other children";
        /// Staffing.
        Staffing => "staffing", "Staffing";
    }
}

/// Where a bid stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BidState {
    /// Asked to bid.
    Asked,
    /// Bid; may be changed until the deadline.
    Sent {
        /// The bid.
        offer: BidOffer,
        /// When.
        at: DateTime,
        /// By whom.
        by: PersonId,
    },
    /// Declined.
    Declined {
        /// Why.
        reason: BidDecline,
        /// When.
        at: DateTime,
    },
    /// Said nothing by the deadline.
    NoReply,
    /// Chosen.
    Chosen {
        /// The bid.
        offer: BidOffer,
        /// Its score and reasons.
        scored: Scored,
    },
    /// Not chosen, with its own score and reasons.
    NotChosen {
        /// The bid.
        offer: BidOffer,
        /// Its score and reasons.
        scored: Scored,
        /// The total of the bid that was chosen, in hundredths of a percent.
        best: i64,
    },
    /// The competition was withdrawn.
    Withdrawn {
        /// When.
        at: DateTime,
    },
}

impl BidState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Sent { .. } => "sent",
            Self::Declined { .. } => "declined",
            Self::NoReply => "no_reply",
            Self::Chosen { .. } => "chosen",
            Self::NotChosen { .. } => "not_chosen",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Asked => "Asked",
            Self::Sent { .. } => "Bid sent",
            Self::Declined { .. } => "Declined",
            Self::NoReply => "No reply",
            Self::Chosen { .. } => "Chosen",
            Self::NotChosen { .. } => "Not chosen",
            Self::Withdrawn { .. } => "Withdrawn",
        }
    }

    /// What was offered, where something was.
    #[must_use]
    pub const fn offer(&self) -> Option<&BidOffer> {
        match self {
            Self::Sent { offer, .. } | Self::Chosen { offer, .. } | Self::NotChosen { offer, .. } => Some(offer),
            Self::Asked | Self::Declined { .. } | Self::NoReply | Self::Withdrawn { .. } => None,
        }
    }
}

/// A provider's part, frozen as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockBid {
    /// Its id.
    pub id: BlockBidId,
    /// Raised by one with every move.
    pub version: i64,
    /// The mini-block.
    pub block: BlockId,
    /// Its reference.
    pub reference: String,
    /// Its title.
    pub title: String,
    /// Who asks.
    pub lead: OrganisationId,
    /// Who is asked.
    pub provider: OrganisationId,
    /// The provider's homes that are admitted on the lot.
    pub homes: Vec<HomeId>,
    /// Which children the beds are for.
    pub wants: Wants,
    /// What is asked for.
    pub spec: BlockSpec,
    /// What quality is scored by.
    pub quality: Vec<Criterion>,
    /// The weight of the price.
    pub price_weight: u8,
    /// The occupancy at which prices are compared.
    pub occupancy: u8,
    /// Until when.
    pub deadline: DateTime,
    /// Where it stands.
    pub state: BidState,
}

/// The moves of a bid.
pub const BID_MOVES: &[Move] = &[
    Move { from: "new", act: "ask", to: "asked", by: "commissioning lead" },
    Move { from: "asked", act: "send", to: "sent", by: "provider placements manager" },
    Move { from: "sent", act: "send", to: "sent", by: "provider placements manager" },
    Move { from: "declined", act: "send", to: "sent", by: "provider placements manager" },
    Move { from: "asked", act: "decline", to: "declined", by: "provider placements manager" },
    Move { from: "sent", act: "decline", to: "declined", by: "provider placements manager" },
    Move { from: "asked", act: "settle", to: "no_reply", by: "commissioning lead, with the recommendation" },
    Move { from: "sent", act: "settle", to: "chosen", by: "commissioning lead, with the recommendation" },
    Move { from: "sent", act: "settle", to: "not_chosen", by: "commissioning lead, with the recommendation" },
    Move { from: "asked", act: "withdraw", to: "withdrawn", by: "commissioning lead" },
    Move { from: "sent", act: "withdraw", to: "withdrawn", by: "commissioning lead" },
];

impl BlockBid {
    /// Asks a provider to bid, with what it is asked frozen.
    pub fn ask(
        id: BlockBidId,
        block: &Block,
        competition: &Competition,
        (provider, homes): (OrganisationId, Vec<HomeId>),
    ) -> Change<Self> {
        let bid = Self {
            id,
            version: 1,
            block: block.id,
            reference: block.reference.clone(),
            title: block.title.clone(),
            lead: block.lead,
            provider,
            homes,
            wants: block.wants.clone(),
            spec: block.spec.clone(),
            quality: competition.quality.clone(),
            price_weight: competition.price_weight,
            occupancy: competition.occupancy,
            deadline: competition.deadline,
            state: BidState::Asked,
        };
        let event = bid.event("block_bid.asked").with("homes", bid.homes.len()).with("deadline", bid.deadline);
        Change::to(bid, event)
    }

    /// Whether a bid still comes in time: a page that was open is good for the grace after the deadline.
    #[must_use]
    pub fn open(&self, now: DateTime) -> bool {
        let last = self.deadline.saturating_add(jiff::Span::new().seconds(GRACE_SECONDS));
        now <= last && matches!(self.state, BidState::Asked | BidState::Sent { .. } | BidState::Declined { .. })
    }

    /// Bids, or changes the bid, until the deadline.
    pub fn send(self, offer: BidOffer, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_open(moment)?;
        let beds = offer.beds.count();
        let event = self.next_event("block_bid.sent").with("beds", beds);
        Ok(Change::to(self.into(BidState::Sent { offer, at: moment.local, by }), event))
    }

    /// Declines to bid.
    pub fn decline(self, reason: BidDecline, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_open(moment)?;
        let event = self.next_event("block_bid.declined").with("reason", reason.code());
        Ok(Change::to(self.into(BidState::Declined { reason, at: moment.local }), event))
    }

    /// With the recommendation: chosen, not chosen with its own reasons, or no reply. None where nothing changes.
    #[must_use]
    pub fn settle(self, scored: &[Scored]) -> Option<Change<Self>> {
        let best = scored.first()?;
        let state = match &self.state {
            BidState::Asked => BidState::NoReply,
            BidState::Sent { offer, .. } => {
                let own = scored.iter().find(|one| one.bid == self.id)?.clone();
                if own.bid == best.bid {
                    BidState::Chosen { offer: offer.clone(), scored: own }
                } else {
                    BidState::NotChosen { offer: offer.clone(), scored: own, best: best.total() }
                }
            }
            BidState::Declined { .. }
            | BidState::NoReply
            | BidState::Chosen { .. }
            | BidState::NotChosen { .. }
            | BidState::Withdrawn { .. } => return None,
        };
        let event = self.next_event("block_bid.settled").with("state", state.name());
        Some(Change::to(self.into(state), event))
    }

    /// The competition is withdrawn. None where the bid has ended already.
    #[must_use]
    pub fn withdraw(self, moment: Moment) -> Option<Change<Self>> {
        if !matches!(self.state, BidState::Asked | BidState::Sent { .. }) {
            return None;
        }
        let event = self.next_event("block_bid.withdrawn");
        Some(Change::to(self.into(BidState::Withdrawn { at: moment.local }), event))
    }

    /// What is wrong with an offer: beds of its admitted homes and as many as asked for, prices, an answer to each
    /// criterion, and a word on conflicts.
    pub fn check(&self, offer: &BidOffer) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if offer.beds.count() != self.spec.beds {
            invalid.add("beds", format!("Offer {} beds: as many as are asked for", self.spec.beds));
        }
        let floating = matches!(offer.beds, BlockBeds::Floating { .. });
        if floating != self.spec.floating || offer.beds.homes().is_empty() {
            invalid.add("beds", "Choose the homes and beds as they are asked for");
        }
        if offer.beds.homes().iter().any(|home| !self.homes.contains(home)) {
            invalid.add("beds", "Choose beds of homes that are admitted on this lot");
        }
        let mut fixed = offer.beds.fixed().to_vec();
        fixed.sort_unstable();
        fixed.dedup();
        if fixed.len() != offer.beds.fixed().len() {
            invalid.add("beds", "Choose each bed once");
        }
        check_prices(&offer.prices, &mut invalid);
        if offer.answers.len() != self.quality.len() || offer.answers.iter().any(|answer| answer.trim().is_empty()) {
            invalid.add("answer_0", "Answer each quality criterion");
        }
        if offer.conflicts.trim().is_empty() {
            invalid.add("conflicts", "Enter any conflict of interest, or None");
        }
        invalid.or(())
    }

    /// The terms of the contract that this bid makes; none where nothing was offered.
    #[must_use]
    pub fn terms(&self) -> Option<BlockTerms> {
        let offer = self.state.offer()?;
        Some(BlockTerms { spec: self.spec.clone(), beds: offer.beds.clone(), prices: offer.prices })
    }

    fn must_be_open(&self, moment: Moment) -> Result<(), Refusal> {
        if self.open(moment.local) {
            return Ok(());
        }
        Err(Refusal::new(
            "bids_closed",
            "A mini-competition takes bids until its deadline, which was fixed before release",
            "This competition takes no more bids.",
            "Nobody: the deadline is the same for all",
        )
        .found(format!("deadline {}; {}", self.deadline.strftime("%-d %B %Y, %H:%M"), self.state.label())))
    }

    fn into(self, state: BidState) -> Self {
        Self { version: self.version + 1, state, ..self }
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "block_bid", self.id.0, self.version)
            .with("block", &self.reference)
            .with("provider", self.provider)
    }

    fn next_event(&self, kind: &str) -> Event {
        Event { version: self.version + 1, ..self.event(kind) }
    }
}

fn check_prices(prices: &BlockPrices, invalid: &mut Invalid) {
    const MOST: Pence = Pence::pounds(5_000);
    if prices.occupied <= Pence::ZERO || prices.occupied > MOST {
        invalid.add("occupied", "Enter the price of an occupied night, above zero and at most £5,000");
    }
    if prices.empty < Pence::ZERO || prices.empty > prices.occupied {
        invalid.add("empty", "Enter the price of an empty guaranteed night, at most that of an occupied one");
    }
    if prices.second_child.is_some_and(|second| second <= Pence::ZERO || second > MOST) {
        invalid.add("second_child", "Enter the price of the second child's night, above zero and at most £5,000");
    }
}
