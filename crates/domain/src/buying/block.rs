//! Mini-blocks: beds bought for a period by one or several authorities with shares (rule 6). The contract's record and
//! its moves are here; its nights are told by the ledger in `block/nights`.
//!
//! The lead writes the record, each authority its own approval; no transaction writes two authorities' money.

mod approval;
mod bid;
mod change;
mod file;
pub mod month;
mod moves;
mod need;
pub mod nights;
pub mod nomination;
mod share;
mod sharing;
mod signing;
mod terms;
pub mod void;
mod void_alert;
mod void_offer;

pub use approval::{
    Asked, BlockApproval, BlockApprovalState, BlockOpinion, KeyGround, MOST_BEDS_DEFAULT, MostBeds, approved,
    beyond_ordinary, key_test, power_to_decide, record_opinion,
};
pub use bid::{BID_MOVES, BidDecline, BidOffer, BidState, BlockBid, grade_gate};
pub use change::{BlockChange, PendingChange};
pub use file::{
    BlockFile, BusinessCase, Competition, Criterion, Evaluation, EvaluationRefusal, Marks, Scored, TOP, sealed,
};
pub use moves::{BlockOutcome, MOVES, Proposal};
pub use need::{AuthorityNeed, Met, MonthMet, MonthOfNeed, Search, UnmetMet, Wants, met};
pub use share::{BlockShare, EarlierShares, WHOLE, check_shares, split};
pub use signing::{BlockContent, BlockSignature, SIGNATURE_MOVES, SignedSides, must_be_signed};
pub use terms::{BlockBed, BlockBeds, BlockPrices, BlockSpec, BlockTerms, RefusalLimit, RefusalPeriod};
pub use void_alert::{TooEmpty, VOID_ALERT_DEFAULT, VOID_NIGHTS, VoidAlert, void_window};
pub use void_offer::{
    VOID_OFFER_MOVES, VoidOffer, VoidOfferState, VoidOrder, VoidTurn, may_nominate_in_turn, may_sell_after, turn_comes,
    void_since, void_turn,
};

#[cfg(test)]
mod tests;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::id::{AgreementId, ArrangementId, BlockBidId, BlockId, OrganisationId, PersonId};
use crate::money::Pence;
use crate::nights::{Nights, plus_days};
use crate::power::annual_value::{Commitment, Route, Share, ValueKind, ValueLine};

/// Terms that hold from a night on, until those of a later night.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedTerms {
    /// From this night.
    pub from: Date,
    /// What holds.
    pub terms: BlockTerms,
}

/// The contract, once a bid is recommended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockContract {
    /// The bid.
    pub bid: BlockBidId,
    /// The provider.
    pub provider: OrganisationId,
    /// The terms, oldest first.
    pub terms: Vec<DatedTerms>,
    /// Who recommended it; they cannot approve.
    pub recommended_by: PersonId,
    /// When.
    pub recommended_on: Date,
    /// The day after the last night, by notice or a break; the terms' end where none was given.
    pub until: Date,
}

/// Where a mini-block stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum BlockState {
    /// Need is gathered and the business case written.
    Proposed,
    /// Homes are asked to bid.
    Competing {
        /// Until when.
        deadline: DateTime,
    },
    /// A bid is recommended; each paying authority approves under its own limb.
    Recommended,
    /// Every paying authority has approved.
    Live {
        /// On which day.
        since: Date,
    },
    /// It ends before its term: a break or notice.
    NoticeGiven {
        /// On which day notice was given.
        on: Date,
        /// By a break date of the contract.
        at_break: bool,
    },
    /// It has ended.
    Ended {
        /// The day after its last night.
        on: Date,
    },
    /// It was given up before it was live.
    Withdrawn {
        /// When.
        on: Date,
        /// Why.
        reason: String,
    },
}

impl BlockState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Competing { .. } => "competing",
            Self::Recommended => "recommended",
            Self::Live { .. } => "live",
            Self::NoticeGiven { .. } => "notice_given",
            Self::Ended { .. } => "ended",
            Self::Withdrawn { .. } => "withdrawn",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Proposed => "Being prepared",
            Self::Competing { .. } => "Homes asked to bid",
            Self::Recommended => "Waiting for approval",
            Self::Live { .. } => "Live",
            Self::NoticeGiven { .. } => "Notice given",
            Self::Ended { .. } => "Ended",
            Self::Withdrawn { .. } => "Withdrawn",
        }
    }
}

/// A mini-block contract, from its proposal on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// Its id.
    pub id: BlockId,
    /// Raised by one with every move.
    pub version: i64,
    /// Its reference, such as `MB-012`.
    pub reference: String,
    /// What it is called. Nothing about a child.
    pub title: String,
    /// Who keeps the record: the regional team.
    pub lead: OrganisationId,
    /// The arrangement whose homes compete.
    pub arrangement: ArrangementId,
    /// Which children the beds are for.
    pub wants: Wants,
    /// What is asked for.
    pub spec: BlockSpec,
    /// Who pays how much, in a fixed order; as it was agreed last.
    pub shares: Vec<BlockShare>,
    /// Who paid before they were shared anew, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<EarlierShares>,
    /// The contract, once a bid is recommended.
    pub contract: Option<BlockContract>,
    /// Which set of approvals counts: raised with each recommendation and each change that is proposed.
    pub step: u32,
    /// A change of the live contract that waits for every authority.
    pub pending: Option<PendingChange>,
    /// The days of which a warning has been given: a break or the end.
    #[serde(default)]
    pub warned: Vec<Date>,
    /// Where it stands.
    pub state: BlockState,
}

impl Block {
    /// Whether its nights run or will run: live, also under notice.
    #[must_use]
    pub const fn runs(&self) -> bool {
        matches!(self.state, BlockState::Live { .. } | BlockState::NoticeGiven { .. })
    }

    /// The nights of the contract; of what is asked for, before there is one.
    #[must_use]
    pub fn nights(&self) -> Option<Nights> {
        let until = self.contract.as_ref().map_or(self.spec.until, |contract| contract.until);
        Nights::new(self.spec.from, until)
    }

    /// The terms that hold for a night; none outside the contract.
    #[must_use]
    pub fn terms_on(&self, night: Date) -> Option<&BlockTerms> {
        let contract = self.contract.as_ref()?;
        if night < self.spec.from || night >= contract.until {
            return None;
        }
        contract.terms.iter().rev().find(|dated| dated.from <= night).map(|dated| &dated.terms)
    }

    /// The terms as they stand last.
    #[must_use]
    pub fn latest_terms(&self) -> Option<&BlockTerms> {
        self.contract.as_ref().and_then(|contract| contract.terms.last()).map(|dated| &dated.terms)
    }

    /// The days on which the contract may be left that can still be used, with the last day of notice.
    #[must_use]
    pub fn breaks_left(&self, today: Date) -> Vec<(Date, Date)> {
        let Some(nights) = self.nights() else { return Vec::new() };
        let open = self.spec.breaks.iter().map(|on| (*on, self.spec.last_notice_for(*on)));
        open.filter(|(on, last)| *last >= today && *on < nights.to()).collect()
    }

    /// What an authority's share commits: its part of what every night guarantees, term by term (rule 3.1). It counts as
    /// a share of empty nights; nights that are occupied are released by the ledger of nights, never here.
    #[must_use]
    pub fn commitment_of(&self, authority: OrganisationId) -> Option<Commitment> {
        if !self.parties().contains(&authority) {
            return None;
        }
        let contract = self.contract.as_ref()?;
        let mut lines = Vec::new();
        for (index, dated) in contract.terms.iter().enumerate() {
            let ends = contract.terms.get(index + 1).map_or(contract.until, |next| next.from.min(contract.until));
            for (from, until, shares) in self.shared(dated.from, ends) {
                let parts = shares.iter().zip(dated.terms.guaranteed_night_by_share(shares));
                let own = parts.filter(|(share, night)| share.authority == authority && *night > Pence::ZERO);
                lines.extend(own.map(|(_, night)| ValueLine {
                    kind: ValueKind::BlockVoid,
                    weekly: Pence(night.0.saturating_mul(7)),
                    origin: from,
                    from,
                    ends: Some(until),
                    authority: Share::ALL,
                }));
            }
        }
        Some(Commitment {
            agreement: AgreementId(self.id.0),
            reference: self.reference.clone(),
            route: Route::Block,
            lines,
            start: self.spec.from,
            planned_end: contract.until,
            notice_days: self.spec.notice_days.unwrap_or(u16::MAX),
            goes_on: false,
            moved_on: None,
            charged: crate::nights::ChargedDays::default(),
        })
    }

    /// The same with a change that is proposed, as if it held already.
    #[must_use]
    pub fn commitment_with(&self, authority: OrganisationId, change: &BlockChange) -> Option<Commitment> {
        change.applied(self.clone())?.commitment_of(authority)
    }

    /// What an authority's share is worth over the whole term, were every bed occupied every night at its dearest price: what
    /// the key-decision test takes (rule 6.1).
    #[must_use]
    pub fn whole_value_of(&self, authority: OrganisationId) -> Option<Pence> {
        let terms = self.latest_terms()?;
        split(terms.whole_value(), &self.shares).into_iter().find_map(|(of, part)| (of == authority).then_some(part))
    }

    /// What approvals rest on: a later award with other figures needs its own.
    #[must_use]
    pub fn facts(&self) -> BlockFacts<'_> {
        BlockFacts {
            reference: &self.reference,
            step: self.step,
            shares: &self.shares,
            earlier: &self.earlier,
            contract: self.contract.as_ref(),
            change: self.pending.as_ref().map(|pending| &pending.change),
        }
    }

    /// From when on the end of the contract or its next break is near: within so many days.
    #[must_use]
    pub fn warning(&self, today: Date) -> Option<BlockWarning> {
        const NEAR: i64 = 90;
        let nights = self.nights().filter(|_| self.runs())?;
        let near = |day: Date| day >= today && day <= plus_days(today, NEAR);
        let next = self.breaks_left(today).into_iter().find(|(_, last)| near(*last));
        if let Some((on, last)) = next.filter(|_| matches!(self.state, BlockState::Live { .. })) {
            return Some(BlockWarning::Break { on, notice_by: last });
        }
        near(nights.to()).then_some(BlockWarning::End { on: nights.to() })
    }
}

impl BlockWarning {
    /// The day that it is about.
    #[must_use]
    pub const fn on(self) -> Date {
        match self {
            Self::Break { on, .. } | Self::End { on } => on,
        }
    }
}

/// What an approval rests on, in a fixed order; its hash is kept with the approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockFacts<'a> {
    /// The reference.
    pub reference: &'a str,
    /// Which set of approvals.
    pub step: u32,
    /// Who pays how much.
    pub shares: &'a [BlockShare],
    /// Who paid before.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub earlier: &'a [EarlierShares],
    /// The contract.
    pub contract: Option<&'a BlockContract>,
    /// The change that is proposed.
    pub change: Option<&'a BlockChange>,
}

/// What is near.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockWarning {
    /// Notice for a break.
    Break {
        /// The break.
        on: Date,
        /// The last day of notice.
        notice_by: Date,
    },
    /// The end.
    End {
        /// The day after the last night.
        on: Date,
    },
}
