//! A home's offer: prices by line, how each must-have is met, and what the child's coming means for those who live there.
//!
//! One open offer per home and referral. Sealed prices stay sealed until they open for all; late is a flag.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{AgreementId, HomeId, InvitationId, OfferId, OrganisationId, ReferralId};
use crate::money::Pence;
use crate::outcome::Refusal;
use crate::placing::disclosure::Stage;
use crate::placing::invitation::{Channel, EnteredBy, Evidence, Invitation};
use crate::placing::referral::deadline::is_late;
use crate::placing::referral::{Out, Prices, prices_visible};
use crate::sealed::Sealed;

pub mod impact;
pub mod outcome;
pub mod points;
pub mod schedule;
pub mod terms;
pub mod wording;

pub use impact::{Considered, MOST_RESIDENTS, each_considered};
pub use outcome::{NotChosenReason, PricePosition, price_position};
pub use schedule::Schedule;
pub use terms::{Met, MustHaveAnswer, OfferTerms, OfferWords, PriceCheck, ResidentEffect, ScheduledRate};

/// How and when an offer was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// When it arrived.
    pub at: DateTime,
    /// When the page that sent it was opened.
    pub page_opened: Option<DateTime>,
    /// How it came.
    pub channel: Channel,
    /// The officer who entered it.
    pub entered: Option<EnteredBy>,
    /// Who said it, and the e-mail or note kept as evidence; sealed under the invitation's key.
    pub evidence: Option<Sealed<Evidence>>,
    /// Why it came late, in the provider's coded words, where it did.
    pub late_reason: Option<LateReason>,
}

coded! {
    /// Why an offer comes after the deadline.
    LateReason {
        BedCameFree "bed_came_free" "A bed came free";
        MatchingTookLonger "matching" "The impact on residents took longer to judge";
        StaffAway "staff_away" "The people who decide were away";
        WaitingForAnswer "waiting" "We waited for an answer to a question";
    }
}

/// One change of a sent offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// When.
    pub at: DateTime,
    /// The total a week before it.
    pub was: Pence,
    /// Why.
    pub reason: AmendReason,
}

coded! {
    /// Why a home changes its offer.
    AmendReason {
        NeedsUnderstood "needs_understood" "We understand the needs better";
        StaffingChanged "staffing" "The staffing changed";
        BedOrDate "bed_or_date" "Another bed or date";
        Mistake "mistake" "There was a mistake in it";
        AfterQuestion "after_question" "After an answer or a talk with the authority";
    }
}

/// Where an offer stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferState {
    /// Being written by the provider; the authority does not see it.
    Draft,
    /// With the authority.
    Sent,
    /// The home may see more about the child.
    Shortlisted,
    /// Recommended to the person with the power.
    Recommended,
    /// Approved; its agreement is issued.
    Accepted {
        /// The agreement.
        agreement: AgreementId,
    },
    /// Another was chosen, or none.
    NotChosen {
        /// Why.
        reason: NotChosenReason,
        /// Where its price stood, once prices are open: no rival's price can be told from it.
        #[serde(default)]
        position: Option<PricePosition>,
    },
    /// Taken back by the provider.
    Withdrawn {
        /// When.
        at: DateTime,
    },
    /// Its validity ran out.
    Expired {
        /// When that was noted.
        at: DateTime,
    },
}

impl OfferState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] =
        &["draft", "sent", "shortlisted", "recommended", "accepted", "not_chosen", "withdrawn", "expired"];

    /// The states of which a home may have one per referral; the database's index `one_open_offer` lists the same.
    pub const OPEN: &[&'static str] = &["draft", "sent", "shortlisted", "recommended"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Sent => "sent",
            Self::Shortlisted => "shortlisted",
            Self::Recommended => "recommended",
            Self::Accepted { .. } => "accepted",
            Self::NotChosen { .. } => "not_chosen",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Expired { .. } => "expired",
        }
    }

    /// The words on the screen.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Sent => "Sent",
            Self::Shortlisted => "Shortlisted",
            Self::Recommended => "Recommended",
            Self::Accepted { .. } => "Accepted",
            Self::NotChosen { .. } => "Not chosen",
            Self::Withdrawn { .. } => "Withdrawn",
            Self::Expired { .. } => "Expired",
        }
    }

    /// How far its home may read about the child; none once the offer is lost: access ends with it (rule 5.6).
    #[must_use]
    pub const fn stage(&self) -> Option<Stage> {
        match self {
            Self::Draft | Self::Sent => Some(Stage::Anonymous),
            Self::Shortlisted | Self::Recommended => Some(Stage::Shortlisted),
            Self::Accepted { .. } => Some(Stage::Chosen),
            Self::NotChosen { .. } | Self::Withdrawn { .. } | Self::Expired { .. } => None,
        }
    }

    /// Whether the authority can still choose it.
    #[must_use]
    pub const fn choosable(&self) -> bool {
        match self {
            Self::Sent | Self::Shortlisted | Self::Recommended => true,
            Self::Draft
            | Self::Accepted { .. }
            | Self::NotChosen { .. }
            | Self::Withdrawn { .. }
            | Self::Expired { .. } => false,
        }
    }
}

/// An offer: two organisations' record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The record's id.
    pub id: OfferId,
    /// The record's version.
    pub version: i64,
    /// The number of its invitation on the referral, from 1: `/offers/{n}` shows the home's latest.
    pub number: u32,
    /// The referral.
    pub referral: ReferralId,
    /// The invitation that it answers.
    pub invitation: InvitationId,
    /// The placing authority.
    pub authority: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// The home.
    pub home: HomeId,
    /// Prices, dates and answers.
    pub terms: OfferTerms,
    /// The same in words.
    pub words: Sealed<OfferWords>,
    /// Whom its impact assessment was held against.
    #[serde(default)]
    pub considered: Option<Considered>,
    /// How it was sent; `None` in a draft.
    pub submission: Option<Submission>,
    /// Changes since it was sent, oldest first.
    pub changes: Vec<Amendment>,
    /// Where it stands.
    pub state: OfferState,
}

/// Every move of an offer.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "draft", to: "draft", by: "provider placements manager" },
    Move { from: "draft", act: "save", to: "draft", by: "provider placements manager" },
    Move { from: "draft", act: "send", to: "sent", by: "provider placements manager" },
    Move { from: "sent", act: "amend", to: "sent", by: "provider placements manager" },
    Move { from: "shortlisted", act: "amend", to: "shortlisted", by: "provider placements manager" },
    Move { from: "recommended", act: "amend", to: "recommended", by: "provider placements manager" },
    Move { from: "sent", act: "shortlist", to: "shortlisted", by: "placement officer" },
    Move { from: "sent", act: "recommend", to: "recommended", by: "placement officer" },
    Move { from: "shortlisted", act: "recommend", to: "recommended", by: "placement officer" },
    Move { from: "recommended", act: "set_aside", to: "shortlisted", by: "approver" },
    Move { from: "recommended", act: "accept", to: "accepted", by: "approver" },
    Move { from: "draft", act: "not_choose", to: "not_chosen", by: "placement officer" },
    Move { from: "sent", act: "not_choose", to: "not_chosen", by: "placement officer" },
    Move { from: "shortlisted", act: "not_choose", to: "not_chosen", by: "placement officer" },
    Move { from: "recommended", act: "not_choose", to: "not_chosen", by: "placement officer" },
    Move { from: "draft", act: "withdraw", to: "withdrawn", by: "provider placements manager" },
    Move { from: "sent", act: "withdraw", to: "withdrawn", by: "provider placements manager" },
    Move { from: "shortlisted", act: "withdraw", to: "withdrawn", by: "provider placements manager" },
    Move { from: "recommended", act: "withdraw", to: "withdrawn", by: "provider placements manager" },
    Move { from: "sent", act: "expire", to: "expired", by: "the system, after its validity" },
    Move { from: "shortlisted", act: "expire", to: "expired", by: "the system, after its validity" },
    Move { from: "recommended", act: "expire", to: "expired", by: "the system, after its validity" },
];

impl Offer {
    /// Begins an offer on an invitation that still takes one.
    pub fn draft(
        id: OfferId,
        on: &Invitation,
        terms: OfferTerms,
        words: Sealed<OfferWords>,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        if !on.readable(moment) {
            return Err(Refusal::new(
                "invitation_state",
                "An offer answers an open invitation",
                format!("You can no longer offer on {}.", on.reference),
                "the placement officer of the authority that asked",
            )
            .found(on.state.label()));
        }
        let event = Event::new("offer.drafted", "offer", id.0, 1).with("referral", on.referral).with("home", on.home);
        let offer = Self {
            id,
            version: 1,
            number: on.number,
            referral: on.referral,
            invitation: on.id,
            authority: on.authority,
            provider: on.provider,
            home: on.home,
            terms,
            words,
            considered: None,
            submission: None,
            changes: Vec::new(),
            state: OfferState::Draft,
        };
        Ok(Change::to(offer, event))
    }

    /// Whether both offers name the same bed: it can go to one of them only.
    #[must_use]
    pub fn same_bed(&self, other: &Self) -> bool {
        self.terms.bed.is_some() && self.terms.bed == other.terms.bed
    }

    /// The whole price of a week.
    #[must_use]
    pub fn total(&self) -> Pence {
        self.terms.total()
    }

    /// The day on which its prices were last said: the schedule and the tendered prices of that day hold for it.
    #[must_use]
    pub fn priced_on(&self, today: Date) -> Date {
        let changed = self.changes.last().map(|change| change.at.date());
        changed.or_else(|| self.submission.as_ref().map(|sent| sent.at.date())).unwrap_or(today)
    }

    /// Whether it came late, by the deadline that its home was given.
    #[must_use]
    pub fn late(&self, deadline: DateTime) -> bool {
        self.submission.as_ref().is_some_and(|sent| is_late(deadline, sent.page_opened, sent.at))
    }

    /// Whether its validity has run out: the flag shows at once, the state follows.
    #[must_use]
    pub fn expired(&self, moment: Moment) -> bool {
        self.state.choosable() && moment.local > self.terms.valid_until
    }

    /// The price of a week as the authority may see it now: `None` while it is sealed or a draft.
    #[must_use]
    pub fn visible_total(&self, out: &Out, moment: Moment) -> Option<Pence> {
        (self.state != OfferState::Draft && prices_visible(out, moment)).then(|| self.total())
    }

    /// Saves a draft.
    pub fn save(self, terms: OfferTerms, words: Sealed<OfferWords>) -> Result<Change<Self>, Refusal> {
        self.must_be(matches!(self.state, OfferState::Draft), "be saved as a draft")?;
        let event = self.event("offer.saved");
        Ok(Change::to(Self { version: self.version + 1, terms, words, ..self }, event))
    }

    /// Sends a draft whose prices and answers have been checked. The record tells its price once prices are open: an officer
    /// who enters what a home said by phone writes it on the record of the authority that waits for the deadline (rule 5.3).
    pub fn send(
        self,
        checked: &PriceCheck,
        submission: Submission,
        on: &Invitation,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.must_be(matches!(self.state, OfferState::Draft), "be sent")?;
        let deadline = on.closes();
        let late = is_late(deadline, submission.page_opened, submission.at);
        if late && submission.late_reason.is_none() {
            return Err(Refusal::new(
                "late_without_reason",
                "A late offer is a flag: it is sent with its reason",
                "The time to answer has passed. You can send this offer late, with a reason.",
                "the provider, by giving a reason",
            )
            .found(deadline.strftime("%-d %B %Y, %-I:%M%P").to_string()));
        }
        if self.terms.valid_until <= moment.local {
            return Err(Refusal::new(
                "offer_expired",
                "An offer is valid until the time it names",
                "This offer is valid until a time that has passed.",
                "the provider, by a later time",
            ));
        }
        let event = self.event("offer.sent");
        let event = if on.prices_told(moment) { event.with("weekly_pence", self.total().0) } else { event };
        let event = event
            .with("start", self.terms.start)
            .with("late", late)
            .with("channel", submission.channel.code())
            .with("off_schedule", checked.off_schedule.len());
        let next = Self { version: self.version + 1, submission: Some(submission), state: OfferState::Sent, ..self };
        Ok(Change::to(next, event))
    }

    /// Changes a sent offer, with a reason. Where sealed prices are open, the prices stay as they are.
    pub fn amend(
        self,
        terms: OfferTerms,
        words: Sealed<OfferWords>,
        reason: AmendReason,
        out: &Out,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.must_be(self.state.choosable(), "be changed")?;
        let opened = out.prices == Prices::Sealed && prices_visible(out, moment);
        if opened && terms.lines != self.terms.lines {
            return Err(Refusal::new(
                "prices_open",
                "Sealed prices open together, and none is changed later",
                "You can no longer change the price: all prices were opened together.",
                "nobody; a new search can be started",
            )
            .found(format!("{} a week offered", self.total())));
        }
        let was = self.total();
        let event = self
            .event("offer.changed")
            .with("was_pence", was.0)
            .with("weekly_pence", terms.total().0)
            .with("reason", reason.code());
        let mut changes = self.changes.clone();
        changes.push(Amendment { at: moment.local, was, reason });
        Ok(Change::to(Self { version: self.version + 1, terms, words, changes, ..self }, event))
    }

    /// Puts it on the shortlist: the home sees the next stage of disclosure.
    pub fn shortlist(self) -> Result<Change<Self>, Refusal> {
        self.must_be(matches!(self.state, OfferState::Sent), "be shortlisted")?;
        let event = self.event("offer.shortlisted");
        Ok(self.to(OfferState::Shortlisted, event))
    }

    /// Recommends it to the person with the power. A late one only with the officer's reason to use it, which the
    /// recommendation holds.
    pub fn recommend(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be(matches!(self.state, OfferState::Sent | OfferState::Shortlisted), "be recommended")?;
        if self.expired(moment) {
            return Err(Refusal::new(
                "offer_expired",
                "An offer is valid until the time it names",
                "This offer is no longer valid.",
                "the provider, by a new time",
            )
            .found(self.terms.valid_until.strftime("%-d %B %Y, %-I:%M%P").to_string()));
        }
        let event = self.event("offer.recommended").with("weekly_pence", self.total().0);
        Ok(self.to(OfferState::Recommended, event))
    }

    /// The approval was refused or is void: it can be recommended again.
    pub fn set_aside(self) -> Result<Change<Self>, Refusal> {
        self.must_be(matches!(self.state, OfferState::Recommended), "be set aside")?;
        let event = self.event("offer.set_aside");
        Ok(self.to(OfferState::Shortlisted, event))
    }

    /// Approved: the agreement is issued.
    pub fn accept(self, agreement: AgreementId) -> Result<Change<Self>, Refusal> {
        self.must_be(matches!(self.state, OfferState::Recommended), "be accepted")?;
        let event = self.event("offer.accepted").with("agreement", agreement).with("weekly_pence", self.total().0);
        Ok(self.to(OfferState::Accepted { agreement }, event))
    }

    /// Another was chosen, or the search ended; the position is that of its price among those offered.
    pub fn not_choose(self, reason: NotChosenReason, position: Option<PricePosition>) -> Result<Change<Self>, Refusal> {
        self.must_be(OfferState::OPEN.contains(&self.state.name()), "be closed as not chosen")?;
        let event = self.event("offer.not_chosen").with("reason", reason.code());
        Ok(self.to(OfferState::NotChosen { reason, position }, event))
    }

    /// The provider takes it back.
    pub fn withdraw(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be(OfferState::OPEN.contains(&self.state.name()), "be withdrawn")?;
        let event = self.event("offer.withdrawn");
        Ok(self.to(OfferState::Withdrawn { at: moment.local }, event))
    }

    /// Notes that its validity has run out.
    pub fn expire(self, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be(self.expired(moment), "expire")?;
        let event = self.event("offer.expired");
        Ok(self.to(OfferState::Expired { at: moment.local }, event))
    }

    fn to(self, state: OfferState, event: Event) -> Change<Self> {
        Change::to(Self { version: self.version + 1, state, ..self }, event)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "offer", self.id.0, self.version + 1).with("referral", self.referral).with("home", self.home)
    }

    fn must_be(&self, allowed: bool, act: &str) -> Result<(), Refusal> {
        if allowed {
            return Ok(());
        }
        Err(Refusal::new(
            "offer_state",
            "An offer's states: draft, sent, shortlisted, recommended, accepted, not chosen, withdrawn, expired",
            format!("Offer {} cannot {act}: it is {}.", self.number, self.state.label().to_lowercase()),
            "the provider or the placement officer",
        )
        .found(self.state.label()))
    }
}

#[cfg(test)]
mod tests;
