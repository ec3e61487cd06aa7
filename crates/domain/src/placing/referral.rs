//! A referral: one child's needs, sent to homes. Six stored states; every other label is computed.
//!
//! Draft, out, agreed, placed, withdrawn, not placed. Prices are sealed for planned searches until the deadline, or
//! until an officer closes early for an offer that meets every must-have.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{AgreementId, ChildId, OfferId, OrganisationId, PersonId, Reference, ReferralId};
use crate::outcome::Refusal;
use crate::sealed::Sealed;
use crate::setting::SettingValue as _;

pub mod copying;
pub mod deadline;
pub mod ends;
pub mod label;
pub mod legal;
mod lost;
pub mod narrative;
pub mod plan;
pub mod profile;
pub mod redaction;
pub mod scoring;
pub mod sending;
mod skipping;
pub mod small_number;
pub mod standard;
pub mod task;

#[cfg(test)]
pub(crate) mod fixtures;

pub use deadline::{Deadline, DeadlineChoice};
pub use ends::{NotPlacedReason, OpenWork, WithdrawReason};
pub use label::{ReferralLabel, Seen, label};
pub use legal::{AmountBand, EmergencyCause, LegalBasis, SearchApproval};
pub use lost::{LostBy, LostSearches};
pub use narrative::{Narrative, SharedWords};
pub use plan::{Ask, LeftOut, More, Plan, Searched, SkipReason, Tier};
pub use profile::{Profile, SharedProfile};
pub use scoring::{ScoreBy, Scoring};
pub use sending::{EarlyReason, Prices, Ready, prices_visible, undo_until};
pub use task::Task;

/// A closing before the deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosedEarly {
    /// When.
    pub at: DateTime,
    /// By whom.
    pub by: PersonId,
    /// For which offer, which meets every must-have.
    pub offer: OfferId,
    /// Why it could not wait for the deadline.
    pub reason: EarlyReason,
    /// The same in words, under the child's key.
    pub words: Sealed<String>,
}

/// What a closing before the deadline rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Early {
    /// The offer that it is closed for.
    pub offer: OfferId,
    /// Whether that meets every must-have.
    pub meets_every_must_have: bool,
    /// Why it cannot wait for the deadline.
    pub reason: EarlyReason,
    /// The same in words, under the child's key.
    pub words: Sealed<String>,
}

/// What is known of a referral while it is with homes, and kept when it has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Out {
    /// When it was sent.
    pub sent: DateTime,
    /// Until when homes can answer, on the wall in London.
    pub deadline: DateTime,
    /// Whether prices wait for the deadline.
    pub prices: Prices,
    /// Closed before the deadline.
    pub closed_early: Option<ClosedEarly>,
    /// Why it is an emergency, where it is one.
    pub emergency: Option<EmergencyCause>,
    /// How its offers are scored, fixed by sending; none where it was sent before that was kept (rule 5.7).
    #[serde(default)]
    pub scoring: Option<Scoring>,
}

impl Out {
    /// Until when an offer is timely: the deadline, or the early closing, at which all prices opened.
    #[must_use]
    pub fn closes(&self) -> DateTime {
        self.closed_early.as_ref().map_or(self.deadline, |early| early.at.min(self.deadline))
    }
}

/// Where a referral stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReferralState {
    /// Being written.
    Draft,
    /// With homes.
    Out(Out),
    /// An offer was approved and its agreement issued.
    Agreed {
        /// How it was sent.
        out: Out,
        /// The agreement.
        agreement: AgreementId,
    },
    /// The child has started.
    Placed {
        /// How it was sent.
        out: Out,
        /// The agreement.
        agreement: AgreementId,
        /// The first night.
        started: Date,
    },
    /// Withdrawn before an agreement.
    Withdrawn {
        /// How it was sent, where it was.
        out: Option<Out>,
        /// Why.
        reason: WithdrawReason,
        /// When.
        at: DateTime,
    },
    /// The search ended without a placement.
    NotPlaced {
        /// How it was sent.
        out: Out,
        /// Why.
        reason: NotPlacedReason,
        /// When.
        at: DateTime,
    },
}

impl ReferralState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["draft", "out", "agreed", "placed", "withdrawn", "not_placed"];
    /// The states in which a child has an open referral (the duplicate guard).
    pub const OPEN: &[&'static str] = &["draft", "out", "agreed"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Out(_) => "out",
            Self::Agreed { .. } => "agreed",
            Self::Placed { .. } => "placed",
            Self::Withdrawn { .. } => "withdrawn",
            Self::NotPlaced { .. } => "not_placed",
        }
    }

    /// How it was sent, while it is out.
    #[must_use]
    pub const fn out(&self) -> Option<&Out> {
        match self {
            Self::Out(out) => Some(out),
            Self::Draft
            | Self::Agreed { .. }
            | Self::Placed { .. }
            | Self::Withdrawn { .. }
            | Self::NotPlaced { .. } => None,
        }
    }

    /// How it was sent, whatever came of it.
    #[must_use]
    pub const fn sent(&self) -> Option<&Out> {
        match self {
            Self::Out(out) | Self::Agreed { out, .. } | Self::Placed { out, .. } | Self::NotPlaced { out, .. } => {
                Some(out)
            }
            Self::Withdrawn { out, .. } => out.as_ref(),
            Self::Draft => None,
        }
    }
}

/// A referral: one child, one search.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// The record's id.
    pub id: ReferralId,
    /// The record's version.
    pub version: i64,
    /// What people call it, such as `HEF-R-0042`.
    pub reference: Reference,
    /// The placing authority; nobody else can read the record.
    pub authority: OrganisationId,
    /// The child.
    pub child: ChildId,
    /// Whose work it is.
    pub officer: PersonId,
    /// The first referral of the group of siblings that it belongs to.
    pub group: Option<ReferralId>,
    /// The referral that it was copied from.
    pub copied_from: Option<ReferralId>,
    /// When it was begun: the clock that "You sent this in 11 minutes" reads.
    pub started: DateTime,
    /// Coded needs.
    pub profile: Profile,
    /// The same needs in words.
    pub narrative: Sealed<Narrative>,
    /// Who to ask and until when.
    pub plan: Plan,
    /// Where it stands.
    pub state: ReferralState,
}

/// Every move of a referral.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "start", to: "draft", by: "placement officer" },
    Move { from: "draft", act: "answer", to: "draft", by: "placement officer" },
    Move { from: "draft", act: "send", to: "out", by: "placement officer" },
    Move { from: "out", act: "undo_sending", to: "draft", by: "placement officer, within ten minutes" },
    Move { from: "out", act: "record_search_approval", to: "out", by: "placement officer" },
    Move { from: "agreed", act: "record_search_approval", to: "agreed", by: "placement officer" },
    Move { from: "placed", act: "record_search_approval", to: "placed", by: "placement officer" },
    Move { from: "out", act: "ask_more", to: "out", by: "placement officer" },
    Move { from: "out", act: "extend", to: "out", by: "placement officer" },
    Move { from: "out", act: "close_early", to: "out", by: "placement officer" },
    Move { from: "out", act: "agree", to: "agreed", by: "approver" },
    Move { from: "agreed", act: "place", to: "placed", by: "placement officer" },
    Move { from: "draft", act: "group", to: "draft", by: "placement officer" },
    Move { from: "out", act: "group", to: "out", by: "placement officer" },
    Move { from: "agreed", act: "group", to: "agreed", by: "placement officer" },
    Move { from: "placed", act: "group", to: "placed", by: "placement officer" },
    Move { from: "draft", act: "withdraw", to: "withdrawn", by: "placement officer" },
    Move { from: "out", act: "withdraw", to: "withdrawn", by: "placement officer" },
    Move { from: "out", act: "not_placed", to: "not_placed", by: "placement officer" },
    Move { from: "agreed", act: "not_placed", to: "not_placed", by: "placement officer" },
    Move { from: "out", act: "confirm_skips", to: "out", by: "whoever decided to leave a tier out" },
    Move { from: "agreed", act: "confirm_skips", to: "agreed", by: "whoever decided to leave a tier out" },
    Move { from: "placed", act: "confirm_skips", to: "placed", by: "whoever decided to leave a tier out" },
    Move { from: "withdrawn", act: "confirm_skips", to: "withdrawn", by: "whoever decided to leave a tier out" },
    Move { from: "not_placed", act: "confirm_skips", to: "not_placed", by: "whoever decided to leave a tier out" },
];

/// What a new referral starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Its reference.
    pub reference: Reference,
    /// The placing authority.
    pub authority: OrganisationId,
    /// The child.
    pub child: ChildId,
    /// Whose work it is.
    pub officer: PersonId,
    /// Siblings' first referral.
    pub group: Option<ReferralId>,
    /// The referral copied.
    pub copied_from: Option<ReferralId>,
    /// Answers that are already there.
    pub profile: Profile,
    /// Words that are already there.
    pub narrative: Sealed<Narrative>,
}

/// What a task page saves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Which topic.
    pub task: Task,
    /// Coded needs after it.
    pub profile: Profile,
    /// Words after it.
    pub narrative: Sealed<Narrative>,
    /// Who to ask after it.
    pub plan: Plan,
}

impl Referral {
    /// Begins a referral for one child.
    pub fn start(id: ReferralId, from: Start, moment: Moment) -> Change<Self> {
        let event = Event::new("referral.started", "referral", id.0, 1)
            .with("reference", &from.reference)
            .with("child", from.child)
            .with("copied_from", from.copied_from.map_or_else(String::new, |copied| copied.to_string()));
        let referral = Self {
            id,
            version: 1,
            reference: from.reference,
            authority: from.authority,
            child: from.child,
            officer: from.officer,
            group: from.group,
            copied_from: from.copied_from,
            started: moment.local,
            profile: from.profile,
            narrative: from.narrative,
            plan: Plan::default(),
            state: ReferralState::Draft,
        };
        Change::to(referral, event)
    }

    /// Saves one topic of a draft.
    pub fn answer(self, answered: Answered) -> Result<Change<Self>, Refusal> {
        match self.state {
            ReferralState::Draft => {}
            ReferralState::Out(_)
            | ReferralState::Agreed { .. }
            | ReferralState::Placed { .. }
            | ReferralState::Withdrawn { .. }
            | ReferralState::NotPlaced { .. } => {
                return Err(
                    self.cannot("be changed", "homes answer what they were asked; withdraw it and copy it instead")
                );
            }
        }
        let event = self.event("referral.answered").with("task", answered.task.code());
        let Answered { profile, narrative, plan, .. } = answered;
        Ok(Change::to(Self { version: self.version + 1, profile, narrative, plan, ..self }, event))
    }

    /// Sends a complete draft to homes.
    pub fn send(self, ready: &Ready<'_>, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !matches!(self.state, ReferralState::Draft) {
            return Err(self.cannot("be sent", "it was sent before"));
        }
        let out = sending::check(&self, ready, moment)?;
        let event = self
            .event("referral.sent")
            .with("deadline", out.deadline)
            .with("prices", out.prices.code())
            .with("scoring", out.scoring.as_ref().map_or_else(String::new, Scoring::write))
            .with("homes", self.plan.homes.len())
            .with("emergency", out.emergency.map_or("", EmergencyCause::code));
        let event = searched(event, self.plan.searched.as_ref());
        let mut next = self;
        next.plan.left_out = ready.powers.to_vec();
        Ok(next.to(ReferralState::Out(out), event))
    }

    /// Takes a sending back within ten minutes: it is a draft again, which can be corrected and sent.
    pub fn undo_sending(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        let sent = self.must_be_out("have its sending undone")?.sent;
        let until = sending::undo_until(sent);
        if moment.local > until {
            return Err(Refusal::new(
                "undo_window",
                "A sending can be undone for ten minutes",
                "You can no longer undo sending: the mails have gone out.",
                "you, by withdrawing the referral",
            )
            .found(format!("until {}", until.strftime("%-I:%M%P, %-d %B %Y"))));
        }
        let event = self.event("referral.sending_undone").with("sent", sent);
        let mut next = self;
        next.plan.left_out = Vec::new();
        Ok(next.to(ReferralState::Draft, event))
    }

    /// Whether this was sent as an emergency and nobody has recorded who approved the search and its money, or an approval
    /// on call waits to be confirmed.
    #[must_use]
    pub fn unapproved(&self) -> bool {
        match &self.state {
            ReferralState::Out(out) | ReferralState::Agreed { out, .. } | ReferralState::Placed { out, .. } => {
                let known = self.profile.search_approval.as_ref();
                known.map_or(out.emergency.is_some(), SearchApproval::to_confirm)
            }
            ReferralState::Draft | ReferralState::Withdrawn { .. } | ReferralState::NotPlaced { .. } => false,
        }
    }

    /// Records, after an emergency was sent, who approved the search and its money; also once the child has started.
    pub fn record_search_approval(self, approval: SearchApproval) -> Result<Change<Self>, Refusal> {
        match self.state {
            ReferralState::Out(_) | ReferralState::Agreed { .. } | ReferralState::Placed { .. } => {}
            ReferralState::Draft => {
                return Err(self.cannot("have its search approval recorded here", "answer it among the tasks"));
            }
            ReferralState::Withdrawn { .. } | ReferralState::NotPlaced { .. } => {
                return Err(self.cannot("have its search approval recorded", "it has ended"));
            }
        }
        let event = self
            .event("referral.search_approved")
            .with("by", approval.by.code())
            .with("on", approval.on)
            .with("band", approval.band.map_or("", AmountBand::code));
        let mut next = self;
        next.profile.search_approval = Some(approval);
        next.version += 1;
        Ok(Change::to(next, event))
    }

    /// Puts it into the group of siblings that this referral began, or takes it out of its group.
    pub fn group(self, group: Option<ReferralId>) -> Result<Change<Self>, Refusal> {
        match self.state {
            ReferralState::Draft
            | ReferralState::Out(_)
            | ReferralState::Agreed { .. }
            | ReferralState::Placed { .. } => {}
            ReferralState::Withdrawn { .. } | ReferralState::NotPlaced { .. } => {
                return Err(self.cannot("be linked with a sibling's", "it has ended"));
            }
        }
        let event = self
            .event(if group.is_some() { "referral.siblings_linked" } else { "referral.siblings_unlinked" })
            .with("group", group.or(self.group).map_or_else(String::new, |group| group.to_string()));
        Ok(Change::to(Self { version: self.version + 1, group, ..self }, event))
    }

    /// Asks further homes; the deadline stays. What holds for sending holds here: no hidden home, and no tier left out
    /// without its reason and its power.
    pub fn ask_more(self, more: &More<'_>) -> Result<Change<Self>, Refusal> {
        let out = self.must_be_out("be sent to more homes")?;
        if out.closed_early.is_some() {
            return Err(self.cannot("be sent to more homes", "it was closed early, and all prices are open"));
        }
        let before = self.plan.homes.len();
        let mut plan = self.plan.clone();
        if !more.tiers.is_empty() {
            plan.tiers = more.tiers.to_vec();
        }
        let mut plan = plan.with_more(more.asks, |_| None, None);
        sending::names_every_tier(&plan, more.powers)?;
        let left: Vec<LeftOut> = more
            .powers
            .iter()
            .filter(|left| !plan.left_out.iter().any(|held| held.tier == left.tier))
            .cloned()
            .collect();
        plan.left_out.extend(left);
        plan.searched = more.searched.cloned().or(plan.searched);
        let event = self.event("referral.asked_more").with("homes", plan.homes.len() - before);
        let event = searched(event, more.searched);
        let mut next = self;
        next.plan = plan;
        next.version += 1;
        Ok(Change::to(next, event))
    }

    /// Gives homes longer. Not once sealed prices are open: that would be a second round.
    pub fn extend(self, deadline: Deadline, moment: Moment) -> Result<Change<Self>, Refusal> {
        let out = self.must_be_out("be extended")?.clone();
        if out.prices == Prices::Sealed && prices_visible(&out, moment) {
            return Err(self.cannot("be extended", "its sealed prices are open; start again from it instead"));
        }
        if deadline.at <= out.deadline {
            return Err(self.cannot("be extended", "the new deadline is not later than the present one"));
        }
        let event = self.event("referral.extended").with("from", out.deadline).with("to", deadline.at);
        Ok(self.to(ReferralState::Out(Out { deadline: deadline.at, ..out }), event))
    }

    /// Closes before the deadline because one offer meets every must-have: all prices open together.
    /// From then on an offer is late, and the reason stands on the record.
    pub fn close_early(self, early: Early, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let out = self.must_be_out("be closed early")?.clone();
        if prices_visible(&out, moment) {
            return Err(self.cannot("be closed early", "its prices are open already"));
        }
        if !early.meets_every_must_have {
            return Err(Refusal::new(
                "early_close_without_match",
                "Sealed prices: closing early needs one offer that meets every must-have",
                "You cannot close early: this offer does not meet every must-have.",
                "the home, by changing its offer; or wait for the deadline",
            ));
        }
        let event = self
            .event("referral.closed_early")
            .with("offer", early.offer)
            .with("deadline", out.deadline)
            .with("reason", early.reason.code());
        let Early { offer, reason, words, .. } = early;
        let closed_early = Some(ClosedEarly { at: moment.local, by, offer, reason, words });
        Ok(self.to(ReferralState::Out(Out { closed_early, ..out }), event))
    }

    /// An offer was approved and its agreement issued.
    pub fn agree(self, agreement: AgreementId) -> Result<Change<Self>, Refusal> {
        let out = self.must_be_out("be agreed")?.clone();
        let event = self.event("referral.agreed").with("agreement", agreement);
        Ok(self.to(ReferralState::Agreed { out, agreement }, event))
    }

    /// The child has started.
    pub fn place(self, started: Date) -> Result<Change<Self>, Refusal> {
        let event = self.event("referral.placed").with("started", started);
        match self.state.clone() {
            ReferralState::Agreed { out, agreement } => {
                Ok(self.to(ReferralState::Placed { out, agreement, started }, event))
            }
            ReferralState::Draft
            | ReferralState::Out(_)
            | ReferralState::Placed { .. }
            | ReferralState::Withdrawn { .. }
            | ReferralState::NotPlaced { .. } => {
                Err(self.cannot("be shown as placed", "it has no agreement waiting to start"))
            }
        }
    }

    /// Withdraws a draft or a referral that is with homes. An agreement is cancelled first, in its own room.
    pub fn withdraw(self, reason: WithdrawReason, moment: Moment) -> Result<Change<Self>, Refusal> {
        let event = self.event("referral.withdrawn").with("reason", reason.code());
        let out = match &self.state {
            ReferralState::Draft => None,
            ReferralState::Out(out) => Some(out.clone()),
            ReferralState::Agreed { .. } => {
                return Err(self.cannot("be withdrawn", "an agreement stands on it; cancel the agreement first"));
            }
            ReferralState::Placed { .. } | ReferralState::Withdrawn { .. } | ReferralState::NotPlaced { .. } => {
                return Err(self.cannot("be withdrawn", "it has ended"));
            }
        };
        Ok(self.to(ReferralState::Withdrawn { out, reason, at: moment.local }, event))
    }

    /// Ends the search without a placement, with the reason that sufficiency reports count.
    pub fn not_placed(self, reason: NotPlacedReason, moment: Moment) -> Result<Change<Self>, Refusal> {
        let event = self.event("referral.not_placed").with("reason", reason.code());
        let out = match &self.state {
            ReferralState::Out(out) | ReferralState::Agreed { out, .. } => out.clone(),
            ReferralState::Draft => {
                return Err(self.cannot("be closed as not placed", "it was never sent; withdraw it"));
            }
            ReferralState::Placed { .. } | ReferralState::Withdrawn { .. } | ReferralState::NotPlaced { .. } => {
                return Err(self.cannot("be closed as not placed", "it has ended"));
            }
        };
        Ok(self.to(ReferralState::NotPlaced { out, reason, at: moment.local }, event))
    }

    fn to(self, state: ReferralState, event: Event) -> Change<Self> {
        Change::to(Self { version: self.version + 1, state, ..self }, event)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "referral", self.id.0, self.version + 1)
    }

    fn must_be_out(&self, act: &str) -> Result<&Out, Refusal> {
        self.state.out().ok_or_else(|| self.cannot(act, "it is not with homes now"))
    }

    fn cannot(&self, act: &str, why: &str) -> Refusal {
        Refusal::new(
            "referral_state",
            "A referral's states: draft, out, agreed, placed, withdrawn, not placed",
            format!("Referral {} cannot {act}: {why}.", self.reference),
            "the placement officer",
        )
        .found(self.state.label())
    }
}

/// An event with the figures of the search that it rests on: how many homes, how many could meet the needs, what left
/// the others out, and in which order they were listed.
fn searched(event: Event, search: Option<&Searched>) -> Event {
    let Some(search) = search else { return event };
    let reasons: Vec<String> = search.left_out.iter().map(|(reason, count)| format!("{reason} {count}")).collect();
    event
        .with("homes_searched", search.homes)
        .with("could_meet", search.could_meet)
        .with("reasons_left_out", reasons.join(", "))
        .with("order", &search.order)
        .with("within_miles", search.within_miles.map_or_else(String::new, |miles| miles.to_string()))
}

#[cfg(test)]
mod tests;
