//! How a mini-block comes to be, is awarded, runs and ends. What a move needs of others' records is passed in.

use jiff::civil::{Date, DateTime};

use super::change::{may_propose, not_live};
use super::{
    Block, BlockBid, BlockChange, BlockContract, BlockFile, BlockShare, BlockSpec, BlockState, DatedTerms,
    PendingChange, Wants, check_shares,
};
use crate::calendar::long_date;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{ArrangementId, BlockId, OrganisationId, PersonId};
use crate::nights::days_between;
use crate::outcome::{Invalid, Refusal};

const LEAD: &str = "The commissioning lead of the regional team";

/// The moves of a mini-block.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "propose", to: "proposed", by: "commissioning lead" },
    Move { from: "proposed", act: "revise", to: "proposed", by: "commissioning lead" },
    Move { from: "proposed", act: "compete", to: "competing", by: "commissioning lead" },
    Move { from: "competing", act: "recommend", to: "recommended", by: "commissioning lead" },
    Move {
        from: "recommended",
        act: "go_live",
        to: "live",
        by: "the system, once every paying authority has approved",
    },
    Move { from: "proposed", act: "withdraw", to: "withdrawn", by: "commissioning lead" },
    Move { from: "competing", act: "withdraw", to: "withdrawn", by: "commissioning lead" },
    Move { from: "recommended", act: "withdraw", to: "withdrawn", by: "commissioning lead" },
    Move { from: "live", act: "propose_change", to: "live", by: "commissioning lead" },
    Move { from: "live", act: "agree_change", to: "live", by: "provider placements manager" },
    Move { from: "live", act: "drop_change", to: "live", by: "commissioning lead" },
    Move { from: "live", act: "apply_change", to: "live", by: "the system, once every paying authority has approved" },
    Move {
        from: "live",
        act: "apply_change",
        to: "notice_given",
        by: "the system, once every paying authority has approved",
    },
    Move { from: "live", act: "warn", to: "live", by: "the system, 90 days before a break's notice or the end" },
    Move { from: "notice_given", act: "warn", to: "notice_given", by: "the system, 90 days before the end" },
    Move { from: "live", act: "end", to: "ended", by: "the system, on the day after the last night" },
    Move { from: "notice_given", act: "end", to: "ended", by: "the system, on the day after the last night" },
];

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Proposal {
    /// What it is called.
    pub title: String,
    /// Which children the beds are for.
    pub wants: Wants,
    /// What is asked for.
    pub spec: BlockSpec,
    /// Who pays how much.
    pub shares: Vec<BlockShare>,
}

/// The most beds that a record can hold; above six an award needs a key decision (rule 6.1).
const MOST: u8 = 20;
const YEARS: i64 = 15;

impl BlockSpec {
    /// What is wrong with it as it was typed: dates in order, breaks within, numbers that can be.
    pub fn check(&self, invalid: &mut Invalid) {
        if !(1..=MOST).contains(&self.beds) {
            invalid.add("beds", format!("Enter a number of beds from 1 to {MOST}"));
        }
        if self.until <= self.from {
            invalid.add("until", "Enter a last night that is not before the first night");
        } else if days_between(self.from, self.until) > YEARS * 366 {
            invalid.add("until", format!("Enter a last night within {YEARS} years of the first"));
        }
        if self.guaranteed_beds > self.beds {
            invalid.add("guaranteed_beds", "Guarantee at most as many beds as are bought");
        }
        for (name, percent) in [
            ("guaranteed_percent", Some(self.guaranteed_percent)),
            ("credit_suspended", Some(self.credit_suspended)),
            ("credit_unstaffed", Some(self.credit_unstaffed)),
            ("resale_percent", self.resale_percent),
        ] {
            if percent.is_some_and(|percent| percent > 100) {
                invalid.add(name, "Enter a percentage from 0 to 100");
            }
        }
        if self.nomination_hours == 0 || self.nomination_hours > 1_000 {
            invalid.add("nomination_hours", "Enter within how many hours a child is nominated, from 1 to 1,000");
        }
        if self.breaks.iter().any(|on| *on <= self.from) {
            invalid.add("breaks", "A break comes after the first night");
        } else if self.breaks.iter().any(|on| *on >= self.until) {
            invalid.add("breaks", "A break comes before the end");
        }
        if self.breaks.windows(2).any(|pair| pair.first() >= pair.get(1)) {
            invalid.add("breaks", "Enter breaks in order, each once");
        }
        if self.extendable_until.is_some_and(|last| last <= self.until) {
            invalid.add("extendable_until", "The option to extend runs beyond the end");
        }
    }
}

impl Proposal {
    /// What is wrong with it as it was typed.
    pub fn check(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let title = self.title.trim().chars().count();
        if !(3..=120).contains(&title) {
            invalid.add("title", "Enter what it is called, in 3 to 120 characters. Nothing about a child");
        }
        self.spec.check(&mut invalid);
        if let Err(more) = check_shares(&self.shares) {
            invalid.errors.extend(more.errors);
        }
        if let Some(order) = &self.spec.void_order {
            order.check(&self.shares, &mut invalid);
        }
        invalid.or(())
    }
}

impl Block {
    /// Proposes a mini-block.
    pub fn propose(
        (id, reference): (BlockId, String),
        (lead, arrangement): (OrganisationId, ArrangementId),
        proposal: Proposal,
    ) -> Result<Change<Self>, Invalid> {
        proposal.check()?;
        let Proposal { title, wants, spec, shares } = proposal;
        let block = Self {
            id,
            version: 1,
            reference,
            title,
            lead,
            arrangement,
            wants,
            spec,
            shares,
            earlier: Vec::new(),
            contract: None,
            step: 0,
            pending: None,
            warned: Vec::new(),
            state: BlockState::Proposed,
        };
        let event = block
            .event("block.proposed")
            .with("beds", block.spec.beds)
            .with("from", block.spec.from)
            .with("until", block.spec.until)
            .with("authorities", block.shares.len());
        Ok(Change::to(block, event))
    }

    /// Proposes it otherwise, before homes are asked.
    pub fn revise(self, proposal: Proposal) -> Result<Change<Self>, BlockOutcome> {
        if !matches!(self.state, BlockState::Proposed) {
            return Err(self.cannot("be changed", "homes were asked to bid for it as it is").into());
        }
        proposal.check().map_err(BlockOutcome::Invalid)?;
        let Proposal { title, wants, spec, shares } = proposal;
        let next = Self { version: self.version + 1, title, wants, spec, shares, ..self };
        let event = next.event("block.revised").with("beds", next.spec.beds);
        Ok(Change::to(next, event))
    }

    /// Asks homes to bid. Each paying authority's need must be known, the deadline must be ahead, and somebody must be
    /// there to ask.
    pub fn compete(
        self,
        known: &[OrganisationId],
        asked: usize,
        deadline: DateTime,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, BlockState::Proposed) {
            return Err(self.cannot("be competed for", "it is not being prepared"));
        }
        let unknown = self.shares.iter().filter(|share| !known.contains(&share.authority)).count();
        if unknown > 0 {
            return Err(Refusal::new(
                "need_not_known",
                "A mini-block is bought for a need that each paying authority's record shows",
                format!("{unknown} paying authorities have not shown their need yet."),
                LEAD,
            )
            .found(format!("{} of {} known", self.shares.len() - unknown, self.shares.len())));
        }
        if asked == 0 {
            return Err(Refusal::new(
                "nobody_to_ask",
                "A mini-competition is held among homes admitted on the lot",
                "No admitted home in those areas takes such children, so nobody can be asked.",
                LEAD,
            ));
        }
        if deadline <= moment.local || deadline.date() >= self.spec.from {
            return Err(Refusal::new(
                "deadline_out_of_place",
                "Bids come in after release and before the first night",
                "The deadline must be later than now and before the first night.",
                LEAD,
            )
            .found(format!("first night {}", long_date(self.spec.from))));
        }
        let event = self.next_event("block.competition_released").with("asked", asked).with("deadline", deadline);
        Ok(Change::to(self.into(BlockState::Competing { deadline }), event))
    }

    /// Recommends the best bid by the scoring that was fixed; each paying authority then approves for itself.
    pub fn recommend(
        self,
        file: &BlockFile,
        bids: &[BlockBid],
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, BlockState::Competing { .. }) {
            return Err(self.cannot("be recommended", "no competition is under way"));
        }
        let best = file.best().and_then(|best| bids.iter().find(|bid| bid.id == best.bid));
        let Some((bid, terms)) = best.and_then(|bid| Some((bid, bid.terms()?))) else {
            return Err(Refusal::new(
                "not_evaluated",
                "The award follows the scoring that was fixed before release",
                "The bids are not evaluated yet.",
                LEAD,
            ));
        };
        let event = self
            .next_event("block.recommended")
            .with("bid", bid.id)
            .with("provider", bid.provider)
            .with("step", self.step + 1);
        let contract = BlockContract {
            bid: bid.id,
            provider: bid.provider,
            until: terms.spec.until,
            terms: vec![DatedTerms { from: terms.spec.from, terms }],
            recommended_by: by,
            recommended_on: moment.today(),
        };
        let next = Self { contract: Some(contract), step: self.step + 1, ..self };
        Ok(Change::to(next.into(BlockState::Recommended), event))
    }

    /// Goes live: every paying authority has approved, by what their own records say, and a night is left of it.
    pub fn go_live(self, approved: &[OrganisationId], moment: Moment) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, BlockState::Recommended) {
            return Err(self.cannot("go live", "no award waits for approval"));
        }
        self.all_approved(approved)?;
        if self.nights().is_none_or(|nights| nights.to() <= moment.today()) {
            return Err(self.cannot("go live", "its last night has passed"));
        }
        let event = self.next_event("block.live").with("step", self.step).with("authorities", approved.len());
        Ok(Change::to(self.into(BlockState::Live { since: moment.today() }), event))
    }

    /// Gives it up before it is live.
    pub fn withdraw(self, reason: &str, moment: Moment) -> Result<Change<Self>, Refusal> {
        match self.state {
            BlockState::Proposed | BlockState::Competing { .. } | BlockState::Recommended => {}
            BlockState::Live { .. }
            | BlockState::NoticeGiven { .. }
            | BlockState::Ended { .. }
            | BlockState::Withdrawn { .. } => {
                return Err(self.cannot("be withdrawn", "a contract that was live is left by a break or notice"));
            }
        }
        let event = self.next_event("block.withdrawn");
        let state = BlockState::Withdrawn { on: moment.today(), reason: reason.to_owned() };
        Ok(Change::to(self.into(state), event))
    }

    /// Proposes a change of the live contract. `used` is the most beds used on a night since the change would hold.
    pub fn propose_change(
        self,
        change: BlockChange,
        (reason, by): (String, PersonId),
        used: u8,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        may_propose(&self, &change, used, moment.today())?;
        let event = self.next_event("block.change_proposed").with("change", change.name()).with("step", self.step + 1);
        let pending = PendingChange { change, reason, by, on: moment.today(), provider_agreed: None };
        let state = self.state.clone();
        let next = Self { step: self.step + 1, pending: Some(pending), ..self };
        Ok(Change::to(next.into(state), event))
    }

    /// The provider agrees to a change that needs it.
    pub fn agree_change(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        let Some(mut pending) = self.pending.clone().filter(|pending| pending.change.needs_provider()) else {
            return Err(self.cannot("be changed", "no change waits for the provider"));
        };
        pending.provider_agreed = Some(moment.today());
        let event = self.next_event("block.change_agreed").with("change", pending.change.name());
        let state = self.state.clone();
        Ok(Change::to(Self { pending: Some(pending), ..self }.into(state), event))
    }

    /// Takes a proposed change back.
    pub fn drop_change(self) -> Result<Change<Self>, Refusal> {
        if self.pending.is_none() {
            return Err(self.cannot("have a change taken back", "none waits"));
        }
        let event = self.next_event("block.change_dropped");
        let state = self.state.clone();
        Ok(Change::to(Self { pending: None, step: self.step + 1, ..self }.into(state), event))
    }

    /// The change holds: every paying authority has approved, and the provider where it has to.
    pub fn apply_change(self, approved: &[OrganisationId], used: u8, moment: Moment) -> Result<Change<Self>, Refusal> {
        let Some(pending) = self.pending.clone() else {
            return Err(self.cannot("be changed", "no change waits"));
        };
        self.all_approved(approved)?;
        if pending.change.needs_provider() && pending.provider_agreed.is_none() {
            return Err(Refusal::new(
                "provider_not_agreed",
                "Fewer guaranteed beds and other payers are a variation that the provider agrees to",
                "The provider has not agreed to this change yet.",
                "The provider",
            ));
        }
        pending.change.allowed(&self, used, pending.on)?;
        let Some(changed) = pending.change.applied(self.clone()) else { return Err(not_live(&self)) };
        let until = changed.nights().map_or(changed.spec.until, crate::nights::Nights::to);
        let event = self.next_event("block.changed").with("change", pending.change.name()).with("until", until);
        let state = match pending.change {
            BlockChange::Extend { .. } | BlockChange::Reduce { .. } | BlockChange::Reshare { .. } => self.state.clone(),
            BlockChange::Break { .. } => BlockState::NoticeGiven { on: moment.today(), at_break: true },
            BlockChange::Notice { .. } => BlockState::NoticeGiven { on: moment.today(), at_break: false },
        };
        Ok(Change::to(Self { pending: None, ..changed }.into(state), event))
    }

    /// Warns that a break or the end is near, once for each.
    pub fn warn(self, today: Date) -> Option<Change<Self>> {
        let on = self.warning(today)?.on();
        if self.warned.contains(&on) {
            return None;
        }
        let event = self.next_event("block.warned").with("on", on);
        let (state, mut warned) = (self.state.clone(), self.warned.clone());
        warned.push(on);
        Some(Change::to(Self { warned, ..self }.into(state), event))
    }

    /// Ends with its last night.
    pub fn end(self, today: Date) -> Result<Change<Self>, Refusal> {
        let until = self.nights().filter(|_| self.runs()).map(crate::nights::Nights::to);
        let Some(on) = until.filter(|until| *until <= today) else {
            return Err(self.cannot("end today", "its last night has not passed"));
        };
        let event = self.next_event("block.ended").with("on", on);
        Ok(Change::to(Self { pending: None, ..self }.into(BlockState::Ended { on }), event))
    }

    fn all_approved(&self, approved: &[OrganisationId]) -> Result<(), Refusal> {
        let deciders = self.deciders();
        let missing = deciders.iter().filter(|authority| !approved.contains(authority)).count();
        if missing == 0 {
            return Ok(());
        }
        Err(Refusal::new(
            "approval_missing",
            "A mini-block is approved by each paying authority under its own limb",
            format!("{missing} of {} paying authorities have not approved yet.", deciders.len()),
            "A holder of a post that each authority's own limb names",
        ))
    }

    fn into(self, state: BlockState) -> Self {
        Self { version: self.version + 1, state, ..self }
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "block", self.id.0, self.version).with("reference", &self.reference)
    }

    fn next_event(&self, kind: &str) -> Event {
        Event { version: self.version + 1, ..self.event(kind) }
    }

    fn cannot(&self, act: &str, why: &str) -> Refusal {
        Refusal::new(
            "block_state",
            "A mini-block is proposed, competed for, recommended, approved, live, and ends",
            format!("{} cannot {act}: {why}.", self.reference),
            LEAD,
        )
        .found(self.state.label())
    }
}

/// Why a move is not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockOutcome {
    /// What was typed cannot be.
    Invalid(Invalid),
    /// A rule says no.
    Refused(Box<Refusal>),
}

impl From<Refusal> for BlockOutcome {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}
