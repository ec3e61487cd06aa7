//! An invitation: a referral and a home in a tier. It freezes what the home was asked and why it was asked.
//!
//! Asked → opened → offered, declined, no reply, withdrawn, closed. A provider reads this record and never the referral.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{HomeId, InvitationId, OfferId, OrganisationId, PersonId, Reference, ReferralId};
use crate::nights::plus_days;
use crate::outcome::Refusal;
use crate::placing::referral::deadline::GRACE_SECONDS;
use crate::placing::referral::{Prices, Scoring, SharedProfile, SharedWords, Tier};
use crate::sealed::Sealed;

pub mod answer;
pub mod duty;
pub mod link;
pub mod question;
pub mod trace;

pub use answer::{Channel, DeclineReason, Declined, Evidence, not_in_time};
pub use link::OneTimeLink;
pub use question::{Question, QuestionState};
pub use trace::{Trace, TraceLine, Verdict};

/// Days after the deadline for which a home can still read what it was asked.
pub const ACCESS_DAYS: i64 = 28;

/// Where an invitation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationState {
    /// Sent and not yet read.
    Asked,
    /// Somebody at the provider has read it.
    Opened {
        /// When, first.
        at: DateTime,
    },
    /// The home has an offer on it.
    Offered {
        /// The latest offer.
        offer: OfferId,
    },
    /// The home said no.
    Declined(Declined),
    /// The deadline passed without an answer. A late offer is still taken, as late.
    NoReply {
        /// When that was noted.
        at: DateTime,
    },
    /// The referral was withdrawn.
    Withdrawn {
        /// When.
        at: DateTime,
    },
    /// The search ended otherwise: another home was chosen, or nobody.
    Closed {
        /// When.
        at: DateTime,
    },
}

impl InvitationState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["asked", "opened", "offered", "declined", "no_reply", "withdrawn", "closed"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Opened { .. } => "opened",
            Self::Offered { .. } => "offered",
            Self::Declined(_) => "declined",
            Self::NoReply { .. } => "no_reply",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Closed { .. } => "closed",
        }
    }

    /// The words on the screen.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Asked => "Asked",
            Self::Opened { .. } => "Opened",
            Self::Offered { .. } => "Offered",
            Self::Declined(_) => "Declined",
            Self::NoReply { .. } => "No reply",
            Self::Withdrawn { .. } => "Withdrawn",
            Self::Closed { .. } => "Closed",
        }
    }

    /// Whether the home can still answer.
    #[must_use]
    pub const fn open(&self) -> bool {
        match self {
            Self::Asked | Self::Opened { .. } | Self::Offered { .. } | Self::NoReply { .. } => true,
            Self::Declined(_) | Self::Withdrawn { .. } | Self::Closed { .. } => false,
        }
    }
}

/// A referral and a home: two organisations' record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The record's id.
    pub id: InvitationId,
    /// The record's version.
    pub version: i64,
    /// Its number on the referral, from 1; its offers stand under the same number.
    pub number: u32,
    /// The referral, by id only.
    pub referral: ReferralId,
    /// What people call the referral.
    pub reference: Reference,
    /// The placing authority.
    pub authority: OrganisationId,
    /// The home's provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// In which tier it was asked.
    pub tier: Tier,
    /// When it was asked.
    pub asked: DateTime,
    /// Until when it can answer in time.
    pub deadline: DateTime,
    /// From when it can no longer read what it was asked.
    pub access_ends: DateTime,
    /// The last reminder: one per deadline.
    pub reminded: Option<DateTime>,
    /// Whether prices are sealed until the deadline, which the home is told.
    pub prices: Prices,
    /// How offers are scored, which the home is told, too; none where that was not kept when it was asked.
    #[serde(default)]
    pub scoring: Option<Scoring>,
    /// When sealed prices opened before the deadline, where they did.
    pub prices_open: Option<DateTime>,
    /// What it was asked with.
    pub profile: SharedProfile,
    /// The same in words.
    pub words: Sealed<SharedWords>,
    /// Why the home was asked, as known then.
    pub trace: Trace,
    /// Where it stands.
    pub state: InvitationState,
}

/// What an invitation starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// Its number on the referral, from 1.
    pub number: u32,
    /// The referral.
    pub referral: ReferralId,
    /// Its reference.
    pub reference: Reference,
    /// The placing authority.
    pub authority: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// The tier.
    pub tier: Tier,
    /// The deadline.
    pub deadline: DateTime,
    /// Whether prices are sealed.
    pub prices: Prices,
    /// How offers are scored.
    pub scoring: Option<Scoring>,
    /// What the home is asked with.
    pub profile: SharedProfile,
    /// The same in words.
    pub words: Sealed<SharedWords>,
    /// Why it is asked.
    pub trace: Trace,
}

/// Every move of an invitation.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "ask", to: "asked", by: "placement officer" },
    Move { from: "withdrawn", act: "ask_again", to: "asked", by: "placement officer" },
    Move { from: "asked", act: "open", to: "opened", by: "provider placements manager" },
    Move { from: "asked", act: "offered", to: "offered", by: "provider placements manager" },
    Move { from: "opened", act: "offered", to: "offered", by: "provider placements manager" },
    Move { from: "offered", act: "offered", to: "offered", by: "provider placements manager" },
    Move { from: "no_reply", act: "offered", to: "offered", by: "provider placements manager" },
    Move { from: "asked", act: "decline", to: "declined", by: "provider placements manager" },
    Move { from: "opened", act: "decline", to: "declined", by: "provider placements manager" },
    Move { from: "offered", act: "decline", to: "declined", by: "provider placements manager" },
    Move { from: "no_reply", act: "decline", to: "declined", by: "provider placements manager" },
    Move { from: "asked", act: "remind", to: "asked", by: "placement officer" },
    Move { from: "opened", act: "remind", to: "opened", by: "placement officer" },
    Move { from: "asked", act: "extend", to: "asked", by: "placement officer" },
    Move { from: "opened", act: "extend", to: "opened", by: "placement officer" },
    Move { from: "offered", act: "extend", to: "offered", by: "placement officer" },
    Move { from: "no_reply", act: "extend", to: "opened", by: "placement officer" },
    Move { from: "asked", act: "prices_opened", to: "asked", by: "placement officer" },
    Move { from: "opened", act: "prices_opened", to: "opened", by: "placement officer" },
    Move { from: "offered", act: "prices_opened", to: "offered", by: "placement officer" },
    Move { from: "no_reply", act: "prices_opened", to: "no_reply", by: "placement officer" },
    Move { from: "asked", act: "lapse", to: "no_reply", by: "the system, at the deadline" },
    Move { from: "opened", act: "lapse", to: "no_reply", by: "the system, at the deadline" },
    Move { from: "asked", act: "withdraw", to: "withdrawn", by: "placement officer" },
    Move { from: "opened", act: "withdraw", to: "withdrawn", by: "placement officer" },
    Move { from: "offered", act: "withdraw", to: "withdrawn", by: "placement officer" },
    Move { from: "no_reply", act: "withdraw", to: "withdrawn", by: "placement officer" },
    Move { from: "asked", act: "close", to: "closed", by: "placement officer" },
    Move { from: "opened", act: "close", to: "closed", by: "placement officer" },
    Move { from: "offered", act: "close", to: "closed", by: "placement officer" },
    Move { from: "no_reply", act: "close", to: "closed", by: "placement officer" },
];

impl Invitation {
    /// Asks a home.
    pub fn ask(id: InvitationId, asking: Asking, moment: Moment) -> Change<Self> {
        let event = Event::new("invitation.asked", "invitation", id.0, 1)
            .with("referral", asking.referral)
            .with("home", asking.home)
            .with("provider", asking.provider)
            .with("tier", asking.tier.code())
            .with("deadline", asking.deadline);
        let access_ends = access_end(asking.deadline);
        let invitation = Self {
            id,
            version: 1,
            number: asking.number,
            referral: asking.referral,
            reference: asking.reference,
            authority: asking.authority,
            provider: asking.provider,
            home: asking.home,
            tier: asking.tier,
            asked: moment.local,
            deadline: asking.deadline,
            access_ends,
            reminded: None,
            prices: asking.prices,
            scoring: asking.scoring,
            prices_open: None,
            profile: asking.profile,
            words: asking.words,
            trace: asking.trace,
            state: InvitationState::Asked,
        };
        Change::to(invitation, event)
    }

    /// Asks a home again whose invitation was withdrawn when its sending was undone: under the same number and key.
    pub fn ask_again(self, asking: Asking, moment: Moment) -> Result<Change<Self>, Refusal> {
        match self.state {
            InvitationState::Withdrawn { .. } => {}
            InvitationState::Asked
            | InvitationState::Opened { .. }
            | InvitationState::Offered { .. }
            | InvitationState::Declined(_)
            | InvitationState::NoReply { .. }
            | InvitationState::Closed { .. } => return Err(self.cannot("be asked again")),
        }
        let event =
            self.event("invitation.asked_again").with("tier", asking.tier.code()).with("deadline", asking.deadline);
        let next = Self {
            version: self.version + 1,
            tier: asking.tier,
            asked: moment.local,
            deadline: asking.deadline,
            access_ends: access_end(asking.deadline),
            reminded: None,
            prices: asking.prices,
            scoring: asking.scoring,
            prices_open: None,
            profile: asking.profile,
            words: asking.words,
            trace: asking.trace,
            state: InvitationState::Asked,
            ..self
        };
        Ok(Change::to(next, event))
    }

    /// Until when an answer is timely: the deadline, or the early closing, at which all prices opened (rule 5.3).
    #[must_use]
    pub fn closes(&self) -> DateTime {
        self.prices_open.map_or(self.deadline, |opened| opened.min(self.deadline))
    }

    /// Whether the price of an answer is told: always where prices are open, else from the deadline or the early closing on.
    #[must_use]
    pub fn prices_told(&self, moment: Moment) -> bool {
        self.prices == Prices::Open || moment.local >= self.prices_open.unwrap_or(self.deadline)
    }

    /// Whether the provider can read what was asked: not once it is withdrawn, nor after the access ended, nor, where
    /// the home declined or another was chosen, any longer.
    #[must_use]
    pub fn readable(&self, moment: Moment) -> bool {
        self.state.open() && moment.local < self.access_ends
    }

    /// Notes that somebody at the provider has read it.
    pub fn open(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        match self.state {
            InvitationState::Asked => {
                let event = self.event("invitation.opened");
                Ok(self.to(InvitationState::Opened { at: moment.local }, event))
            }
            InvitationState::Opened { .. }
            | InvitationState::Offered { .. }
            | InvitationState::Declined(_)
            | InvitationState::NoReply { .. }
            | InvitationState::Withdrawn { .. }
            | InvitationState::Closed { .. } => Err(self.cannot("be opened for the first time")),
        }
    }

    /// Notes an offer, or its change.
    pub fn offered(self, offer: OfferId) -> Result<Change<Self>, Refusal> {
        self.must_be_open("take an offer")?;
        let event = self.event("invitation.offered").with("offer", offer);
        Ok(self.to(InvitationState::Offered { offer }, event))
    }

    /// The home says no, for a coded reason.
    pub fn decline(self, declined: Declined) -> Result<Change<Self>, Refusal> {
        self.must_be_open("be declined")?;
        let event = self
            .event("invitation.declined")
            .with("reason", declined.reason.code())
            .with("channel", declined.channel.code());
        Ok(self.to(InvitationState::Declined(declined), event))
    }

    /// Reminds a home that has not answered; once per deadline.
    pub fn remind(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        match self.state {
            InvitationState::Asked | InvitationState::Opened { .. } => {}
            InvitationState::Offered { .. }
            | InvitationState::Declined(_)
            | InvitationState::NoReply { .. }
            | InvitationState::Withdrawn { .. }
            | InvitationState::Closed { .. } => return Err(self.cannot("be reminded")),
        }
        if let Some(at) = self.reminded {
            return Err(Refusal::new(
                "reminded_before",
                "One reminder to each home per deadline",
                "You have reminded this home already.",
                "the placement officer, by extending the deadline",
            )
            .found(at.strftime("%-d %B %Y, %-I:%M%P").to_string()));
        }
        let event = self.event("invitation.reminded");
        Ok(Change::to(Self { version: self.version + 1, reminded: Some(moment.local), ..self }, event))
    }

    /// Gives the home longer; it may be reminded once more.
    pub fn extend(self, deadline: DateTime) -> Result<Change<Self>, Refusal> {
        self.must_be_open("be extended")?;
        let event = self.event("invitation.extended").with("from", self.deadline).with("to", deadline);
        let state = match self.state {
            InvitationState::NoReply { at } => InvitationState::Opened { at },
            other @ (InvitationState::Asked
            | InvitationState::Opened { .. }
            | InvitationState::Offered { .. }
            | InvitationState::Declined(_)
            | InvitationState::Withdrawn { .. }
            | InvitationState::Closed { .. }) => other,
        };
        let access_ends = access_end(deadline);
        Ok(Change::to(Self { version: self.version + 1, deadline, access_ends, reminded: None, state, ..self }, event))
    }

    /// Notes that an officer closed early: all prices are open, and the home changes its price no more.
    pub fn prices_opened(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_open("have its prices opened")?;
        let event = self.event("invitation.prices_opened");
        Ok(Change::to(Self { version: self.version + 1, prices_open: Some(moment.local), ..self }, event))
    }

    /// From when it counts as not answered: the deadline and the grace of a page that was open at it.
    #[must_use]
    pub fn lapses(&self) -> DateTime {
        self.deadline.saturating_add(jiff::Span::new().seconds(GRACE_SECONDS))
    }

    /// Notes that the deadline and its grace passed without an answer.
    pub fn lapse(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        match self.state {
            InvitationState::Asked | InvitationState::Opened { .. } if moment.local > self.lapses() => {
                let event = self.event("invitation.no_reply");
                Ok(self.to(InvitationState::NoReply { at: moment.local }, event))
            }
            InvitationState::Asked
            | InvitationState::Opened { .. }
            | InvitationState::Offered { .. }
            | InvitationState::Declined(_)
            | InvitationState::NoReply { .. }
            | InvitationState::Withdrawn { .. }
            | InvitationState::Closed { .. } => Err(self.cannot("be shown as not answered")),
        }
    }

    /// The referral was withdrawn: the home can no longer read what it was asked.
    pub fn withdraw(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_open("be withdrawn")?;
        let event = self.event("invitation.withdrawn");
        Ok(self.to(InvitationState::Withdrawn { at: moment.local }, event))
    }

    /// The search ended with another home, or with none.
    pub fn close(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be_open("be closed")?;
        let event = self.event("invitation.closed");
        Ok(self.to(InvitationState::Closed { at: moment.local }, event))
    }

    fn to(self, state: InvitationState, event: Event) -> Change<Self> {
        Change::to(Self { version: self.version + 1, state, ..self }, event)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "invitation", self.id.0, self.version + 1).with("referral", self.referral)
    }

    fn must_be_open(&self, act: &str) -> Result<(), Refusal> {
        if self.state.open() { Ok(()) } else { Err(self.cannot(act)) }
    }

    fn cannot(&self, act: &str) -> Refusal {
        let why = match self.state {
            InvitationState::Withdrawn { .. } => "the referral was withdrawn",
            InvitationState::Closed { .. } => "the search has ended",
            InvitationState::Declined(_) => "the home declined",
            InvitationState::NoReply { .. } => "the deadline passed without an answer",
            InvitationState::Offered { .. } => "the home has offered",
            InvitationState::Asked | InvitationState::Opened { .. } => "it waits for an answer",
        };
        Refusal::new(
            "invitation_state",
            "An invitation's states: asked, opened, offered, declined, no reply, withdrawn, closed",
            format!("The invitation to {} cannot {act}: {why}.", self.reference),
            "the placement officer of the authority that asked",
        )
        .found(self.state.label())
    }
}

/// The system's day after the deadline's access window.
fn access_end(deadline: DateTime) -> DateTime {
    plus_days(deadline.date(), ACCESS_DAYS).to_datetime(deadline.time())
}

/// Providers among these invitations, each once, in order: mail is grouped by provider.
#[must_use]
pub fn grouped_by_provider(invitations: &[Invitation]) -> Vec<(OrganisationId, Vec<&Invitation>)> {
    let mut groups: Vec<(OrganisationId, Vec<&Invitation>)> = Vec::new();
    for invitation in invitations {
        match groups.iter_mut().find(|(provider, _)| *provider == invitation.provider) {
            Some((_, group)) => group.push(invitation),
            None => groups.push((invitation.provider, vec![invitation])),
        }
    }
    groups
}

/// Who recorded an answer for a home, where it did not come through the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnteredBy {
    /// The officer.
    pub person: PersonId,
    /// When the home said it.
    pub said_at: DateTime,
}

#[cfg(test)]
mod tests;
