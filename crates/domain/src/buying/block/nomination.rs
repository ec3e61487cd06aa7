//! A nomination: an authority of the block names a child for an empty bed, from the child's referral; the provider accepts
//! or refuses; the child comes, and leaves (rules 1.2 and 6.2).
//!
//! Refusals are counted by the contract's periods; beyond the permitted number the provider bears the empty nights.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::nights::{NominationFact, NominationOutcome, StayFact, VoidCause};
use super::{BlockSpec, BlockTerms, RefusalPeriod};
use crate::calendar::long_moment;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{AgreementId, BedId, BlockId, HomeId, NominationId, OrganisationId, Reference, ReferralId};
use crate::money::Pence;
use crate::nights::Nights;
use crate::outcome::Refusal;
use crate::power::delegation::Power;

coded! {
    /// Why the provider refuses a nomination.
    RefusalReason {
        Residents "residents" "A risk to or from a child who lives there";
        Purpose "purpose" "Outside the home's statement of purpose";
        Health "health" "Health needs that the home cannot meet";
        Staffing "staffing" "The home cannot staff the bed";
        Other "other" "Another reason, told to the officer";
    }
}

coded! {
    /// Why an authority takes a nomination back.
    WithdrawReason {
        OtherHome "other_home" "The child goes to another home";
        NotNeeded "not_needed" "The child no longer needs a home";
        Mistake "mistake" "Nominated by mistake";
        AgreementCancelled "agreement_cancelled" "The agreement was cancelled before the start";
        HomeSuspended "home_suspended" "The home takes no new placements for now";
    }
}

/// Where a nomination stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum NominationState {
    /// The provider has not answered.
    Open,
    /// The provider will take the child.
    Accepted {
        /// When.
        at: DateTime,
    },
    /// The provider will not.
    Refused {
        /// When.
        at: DateTime,
        /// Why.
        reason: RefusalReason,
    },
    /// The provider would not, and the authority conceded that the nomination was not suitable: it is not counted.
    Conceded {
        /// When it was refused.
        at: DateTime,
        /// Why.
        reason: RefusalReason,
        /// The power that conceded it.
        power: Power,
    },
    /// Taken back.
    Withdrawn {
        /// When.
        at: DateTime,
        /// Why.
        reason: WithdrawReason,
    },
    /// The child has the bed on these nights.
    Placed {
        /// The agreement.
        agreement: AgreementId,
        /// Its nights, as far as they are planned.
        nights: Nights,
        /// At the price of a second child in the same home.
        second: bool,
    },
}

impl NominationState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted { .. } => "accepted",
            Self::Refused { .. } => "refused",
            Self::Conceded { .. } => "conceded",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Placed { .. } => "placed",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Open => "Nominated",
            Self::Accepted { .. } => "Accepted",
            Self::Refused { .. } => "Refused",
            Self::Conceded { .. } => "Conceded",
            Self::Withdrawn { .. } => "Withdrawn",
            Self::Placed { .. } => "Placed",
        }
    }

    /// The words for why it was refused or taken back.
    #[must_use]
    pub const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Refused { reason, .. } | Self::Conceded { reason, .. } => Some(reason.label()),
            Self::Withdrawn { reason, .. } => Some(reason.label()),
            Self::Open | Self::Accepted { .. } | Self::Placed { .. } => None,
        }
    }

    /// The nights on which the child has the bed.
    #[must_use]
    pub const fn nights(&self) -> Option<Nights> {
        match self {
            Self::Placed { nights, .. } => Some(*nights),
            _ => None,
        }
    }
}

/// A child nominated for a bed of a block. Its referral is a number here; who the child is stands nowhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nomination {
    /// Its id.
    pub id: NominationId,
    /// Raised by one with every move.
    pub version: i64,
    /// The contract.
    pub block: BlockId,
    /// Which bed of the contract, from 1.
    pub slot: u8,
    /// The home.
    pub home: HomeId,
    /// The bed, where the contract's beds are fixed.
    pub bed: Option<BedId>,
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The authority responsible for the child, who pays the occupied nights.
    pub responsible: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The referral.
    pub referral: ReferralId,
    /// What people call the referral.
    pub reference: Reference,
    /// When the child was nominated.
    pub made: DateTime,
    /// Where it stands.
    pub state: NominationState,
}

/// Every move of a nomination.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "nominate", to: "open", by: "placement officer of an authority of the block" },
    Move { from: "open", act: "accept", to: "accepted", by: "provider" },
    Move { from: "open", act: "refuse", to: "refused", by: "provider" },
    Move { from: "refused", act: "concede", to: "conceded", by: "holder of the power" },
    Move { from: "open", act: "withdraw", to: "withdrawn", by: "placement officer" },
    Move { from: "accepted", act: "withdraw", to: "withdrawn", by: "placement officer" },
    Move { from: "accepted", act: "place", to: "placed", by: "the system, when the agreement is awarded" },
    Move { from: "placed", act: "follow", to: "placed", by: "the system, when the agreement's nights change" },
    Move { from: "placed", act: "withdraw", to: "withdrawn", by: "the system, when the agreement is cancelled" },
];

impl Nomination {
    /// Nominates a child. `nomination` comes with version 1 and open.
    pub fn nominate(nomination: Self, moment: Moment) -> Change<Self> {
        let next = Self { version: 1, made: moment.local, state: NominationState::Open, ..nomination };
        let event = next.event("nomination.made");
        Change::to(next, event)
    }

    /// The provider will take the child.
    pub fn accept(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.only(&["open"], "be accepted")?;
        Ok(self.to(NominationState::Accepted { at: moment.local }, "nomination.accepted"))
    }

    /// The provider will not.
    pub fn refuse(self, reason: RefusalReason, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.only(&["open"], "be refused")?;
        Ok(self.to(NominationState::Refused { at: moment.local, reason }, "nomination.refused"))
    }

    /// The authority concedes that the nomination was not suitable: an operational decision, which cites its power
    /// (rule 1.2).
    pub fn concede(self, power: Power) -> Result<Change<Self>, Refusal> {
        match self.state {
            NominationState::Refused { at, reason } => {
                Ok(self.to(NominationState::Conceded { at, reason, power }, "nomination.conceded"))
            }
            NominationState::Open
            | NominationState::Accepted { .. }
            | NominationState::Conceded { .. }
            | NominationState::Withdrawn { .. }
            | NominationState::Placed { .. } => Err(self.cannot("be conceded", "only a refusal is conceded")),
        }
    }

    /// The authority takes it back.
    pub fn withdraw(self, reason: WithdrawReason, moment: Moment) -> Result<Change<Self>, Refusal> {
        let cancelled = reason == WithdrawReason::AgreementCancelled;
        self.only(if cancelled { &["placed"] } else { &["open", "accepted"] }, "be withdrawn")?;
        Ok(self.to(NominationState::Withdrawn { at: moment.local, reason }, "nomination.withdrawn"))
    }

    /// The agreement is awarded: the bed is the child's on its nights.
    pub fn place(self, agreement: AgreementId, nights: Nights, second: bool) -> Result<Change<Self>, Refusal> {
        self.only(&["accepted"], "lead to a placement")?;
        Ok(self.to(NominationState::Placed { agreement, nights, second }, "nomination.placed"))
    }

    /// The agreement's nights have changed: reviewed, under notice, ended.
    pub fn follow(self, to: Nights) -> Result<Change<Self>, Refusal> {
        match self.state {
            NominationState::Placed { agreement, second, .. } => {
                Ok(self.to(NominationState::Placed { agreement, nights: to, second }, "nomination.followed"))
            }
            NominationState::Open
            | NominationState::Accepted { .. }
            | NominationState::Refused { .. }
            | NominationState::Conceded { .. }
            | NominationState::Withdrawn { .. } => Err(self.cannot("follow an agreement", "it led to none")),
        }
    }

    /// Until when it stands before the bed: the first evening on which it does no more.
    fn until(&self) -> Option<Date> {
        match &self.state {
            NominationState::Open | NominationState::Accepted { .. } => None,
            NominationState::Refused { at, .. }
            | NominationState::Conceded { at, .. }
            | NominationState::Withdrawn { at, .. } => Some(at.date()),
            NominationState::Placed { nights, .. } => Some(nights.from()),
        }
    }

    /// What the ledger sees of it. `beyond` says whether its refusal is beyond the permitted number.
    #[must_use]
    pub fn fact(&self, beyond: bool) -> NominationFact {
        let outcome = match &self.state {
            NominationState::Open | NominationState::Accepted { .. } => NominationOutcome::Awaited,
            NominationState::Refused { reason: RefusalReason::Staffing, .. } => {
                NominationOutcome::Fell(VoidCause::Unstaffed)
            }
            NominationState::Refused { .. } if beyond => NominationOutcome::Fell(VoidCause::RefusedBeyond),
            NominationState::Refused { .. } => NominationOutcome::Fell(VoidCause::RefusedWithin),
            NominationState::Conceded { .. } => NominationOutcome::Fell(VoidCause::Unsuitable),
            NominationState::Withdrawn { .. } | NominationState::Placed { .. } => NominationOutcome::Gone,
        };
        NominationFact {
            slot: self.slot,
            from: self.made.date(),
            until: self.until(),
            authority: self.responsible,
            outcome,
        }
    }

    /// The stay it led to.
    #[must_use]
    pub fn stay(&self) -> Option<StayFact> {
        match self.state {
            NominationState::Placed { agreement, nights, second } => {
                Some(StayFact { slot: self.slot, nights, agreement, authority: self.responsible, second })
            }
            NominationState::Open
            | NominationState::Accepted { .. }
            | NominationState::Refused { .. }
            | NominationState::Conceded { .. }
            | NominationState::Withdrawn { .. } => None,
        }
    }

    /// Whether it waits for an answer or for the child.
    #[must_use]
    pub const fn stands(&self) -> bool {
        matches!(self.state, NominationState::Open | NominationState::Accepted { .. })
    }

    /// When it was refused, where that counts against the provider's permitted number.
    #[must_use]
    pub fn counted_refusal(&self) -> Option<DateTime> {
        match self.state {
            NominationState::Refused { at, reason } if reason != RefusalReason::Staffing => Some(at),
            NominationState::Open
            | NominationState::Accepted { .. }
            | NominationState::Refused { .. }
            | NominationState::Conceded { .. }
            | NominationState::Withdrawn { .. }
            | NominationState::Placed { .. } => None,
        }
    }

    fn only(&self, states: &[&str], act: &str) -> Result<(), Refusal> {
        if states.contains(&self.state.name()) {
            return Ok(());
        }
        Err(self.cannot(act, "another answer stands"))
    }

    fn to(self, state: NominationState, kind: &str) -> Change<Self> {
        let next = Self { version: self.version + 1, state, ..self };
        let event = next.event(kind);
        Change::to(next, event)
    }

    fn event(&self, kind: &str) -> Event {
        let event = Event::new(kind, "nomination", self.id.0, self.version)
            .with("block", self.block)
            .with("bed", self.slot)
            .with("referral", &self.reference)
            .with("state", self.state.name());
        match &self.state {
            NominationState::Placed { nights, .. } => event.with("from", nights.from()).with("to", nights.to()),
            NominationState::Refused { reason, .. } | NominationState::Conceded { reason, .. } => {
                event.with("reason", reason.code())
            }
            NominationState::Open | NominationState::Accepted { .. } | NominationState::Withdrawn { .. } => event,
        }
    }

    fn cannot(&self, act: &str, why: &str) -> Refusal {
        Refusal::new(
            "nomination_state",
            "A nomination to a block bed: made, answered once, then the child comes or it is taken back",
            format!("This nomination cannot {act}: it is {}, {why}.", self.state.label().to_lowercase()),
            "The authority that nominated, by nominating again",
        )
        .found(self.reference.to_string())
    }
}

impl RefusalPeriod {
    /// The first day of the period in which a day falls; a contract's year begins on the contract's own first day.
    #[must_use]
    pub fn start(self, contract_from: Date, day: Date) -> Date {
        match self {
            Self::Month => day.first_of_month(),
            Self::Quarter => {
                let month = (day.month() - 1) / 3 * 3 + 1;
                Date::new(day.year(), month, 1).unwrap_or(day)
            }
            Self::Year => {
                let years = i32::from(day.year()) - i32::from(contract_from.year());
                let of = |years: i32| contract_from.saturating_add(jiff::Span::new().years(years.clamp(0, 1_000)));
                if of(years) <= day { of(years) } else { of(years - 1) }
            }
        }
    }
}

/// How many refusals of a block count in the period of a day, up to that moment.
#[must_use]
pub fn refusals_counted(spec: &BlockSpec, all: &[Nomination], until: DateTime) -> usize {
    let start = spec.refusals.period.start(spec.from, until.date());
    let within = |at: &DateTime| at.date() >= start && *at <= until;
    all.iter().filter_map(Nomination::counted_refusal).filter(within).count()
}

/// What the ledger sees of all nominations of a block, oldest first, each refusal counted in its period.
#[must_use]
pub fn nomination_facts(spec: &BlockSpec, all: &[Nomination]) -> Vec<NominationFact> {
    let mut sorted: Vec<&Nomination> = all.iter().collect();
    sorted.sort_by_key(|one| (one.made, one.id));
    let beyond = |one: &Nomination| {
        let counted = one.counted_refusal().map(|at| refusals_counted(spec, all, at));
        counted.is_some_and(|count| count > usize::from(spec.refusals.permitted))
    };
    sorted.into_iter().map(|one| one.fact(beyond(one))).collect()
}

/// The core price of a week at which a child comes to a home of a block on an evening, and whether it is that of a second
/// child: one is there already by the contract.
#[must_use]
pub fn price_for(terms: &BlockTerms, all: &[Nomination], home: HomeId, night: Date) -> (Pence, bool) {
    let there = |one: &&Nomination| one.home == home && one.stay().is_some_and(|stay| stay.nights.contains(night));
    let second = all.iter().any(|one| there(&one)) && terms.prices.second_child.is_some();
    let night = terms.prices.occupied_by(if second { 2 } else { 1 });
    (Pence(night.0.saturating_mul(7)), second)
}

/// Refuses another core price than the contract's for a child who comes to one of its beds.
pub fn check_price(offered: Pence, (weekly, second): (Pence, bool)) -> Result<(), Refusal> {
    if offered == weekly {
        return Ok(());
    }
    let whose = if second { "a second child in the home" } else { "an occupied bed" };
    Err(Refusal::new(
        "block_price",
        "A bed of a mini-block is bought at the contract's own price",
        format!("The core price of this bed is {weekly} a week, the contract's price of {whose}."),
        "The home, by offering at that price",
    )
    .found(format!("{offered} offered")))
}

/// Until when the authorities alone may nominate for a bed that is empty since an evening: the contract's hours from its
/// noon, when it was last slept in the night before.
#[must_use]
pub fn nominate_by(spec: &BlockSpec, empty_since: Date) -> DateTime {
    let hours = jiff::Span::new().hours(i64::from(spec.nomination_hours));
    empty_since.at(12, 0, 0, 0).saturating_add(hours)
}

/// By when the provider's answer to a nomination is due: the same hours that the authorities have.
#[must_use]
pub fn answer_by(spec: &BlockSpec, made: DateTime) -> DateTime {
    made.saturating_add(jiff::Span::new().hours(i64::from(spec.nomination_hours)))
}

/// Whether nights of a bed may be sold to somebody else: the contract allows it, nobody is nominated, the authorities' own
/// hours have passed, and the price is at least that of an empty night, so that the night has one payer.
pub fn may_resell(
    spec: &BlockSpec,
    (empty_price, price): (Pence, Pence),
    (nominated, empty_since): (bool, Option<Date>),
    nights: Nights,
    moment: Moment,
) -> Result<(), Refusal> {
    let refuse = |code: &str, sentence: &str, value: String| {
        Err(Refusal::new(
            code,
            "Empty nights of a block are re-sold when its own authorities had their time to nominate",
            sentence,
            "The authorities of the block",
        )
        .found(value))
    };
    if spec.resale_percent.is_none() {
        return refuse("no_resale", "This contract does not allow that nights are sold to others.", String::new());
    }
    if nominated {
        return refuse("bed_nominated", "A child is nominated for this bed.", nights.words());
    }
    let Some(since) = empty_since.filter(|since| *since <= nights.from()) else {
        return refuse("bed_not_empty", "The bed is used on some of these nights.", nights.words());
    };
    let by = nominate_by(spec, since);
    if moment.local < by {
        return refuse("still_ours", "The authorities of the block can still nominate for this bed.", long_moment(by));
    }
    if price < empty_price {
        let value = format!("{price} a night, {empty_price} for an empty one");
        return refuse("below_empty_price", "The price of a night is below that of an empty one.", value);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
