//! Asking somebody with the power to approve a recommended offer: what is needed and why, the facts it rests on, and
//! every way it can end. The person who asks cannot approve (rules 1.1 to 1.8).
//!
//! Each needed approval is a record of its own; the award is made in the transaction of the last of them.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::calendar::{WorkingDays, long_moment};
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::id::{ApprovalId, OfferId, OrganisationId, PersonId, Reference, ReferralId};
use crate::outcome::Refusal;
use crate::power::delegation::RemitArea;
use crate::sealed::Sealed;

mod basis;
mod checks;
mod facts;
mod following;
mod gates;
mod moves;
mod needed;
mod recommendation;
mod spot;
mod urgent;

pub use basis::{GivenBasis, Grounds, who_may};
pub use checks::{OpenCheck, open_checks};
pub use facts::{AwardFacts, FactChange, LATEST_START_DAYS, PowerFact};
pub use following::{FOLLOW_UP_MOVES, FollowRefusal, FollowState, FollowUp};
pub use gates::{Consultation, Follows, Gates, Relatives, Wishes};
pub use moves::MOVES;
pub use needed::{
    ApprovalKind, ApprovalNeeded, KeyDecisionLine, NeededCase, SIXTEEN_FROM, Trigger, UNDER_16_FROM, approvals_needed,
    hard_gates, setting_rule,
};
pub use recommendation::{OfferReasons, OtherOffer, Recommendation, RecommendationWords};
pub use spot::{SpotFact, exemption_gate, spot_gate};
pub use urgent::{ConfirmKind, ToConfirm, may_confirm_night, urgency_called_for};

coded! {
    /// Why an approval is refused; words beside it stand sealed.
    RefuseReason {
        AnotherOffer "another_offer" "Another offer is more appropriate";
        Match "match" "The match with the child or the residents";
        Distance "distance" "Too far away";
        Price "price" "The price is not justified";
        Incomplete "incomplete" "What must be done before approval is not done";
        OtherCare "other_care" "Another kind of care should be found";
    }
}

/// A verbal approval: it counts when recorded with who and when, and is confirmed in writing by noon of the next
/// working day (rule 1.5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verbal {
    /// Who wrote it down.
    pub recorded_by: PersonId,
    /// When it was said.
    pub said_at: DateTime,
    /// By when it is confirmed in writing.
    pub confirm_by: DateTime,
    /// When it was.
    pub confirmed_at: Option<DateTime>,
}

/// What was said by word of mouth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// The hash of the facts that were read out to them.
    pub facts: String,
}

/// An approval as it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Given {
    /// By whom.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// By what right.
    pub basis: GivenBasis,
    /// The hash of the facts that the approver read, or that were read out to them.
    #[serde(default)]
    pub seen: String,
    /// Conditions, sealed.
    pub conditions: Option<Sealed<String>>,
    /// How it was given, where by word of mouth.
    pub verbal: Option<Verbal>,
    /// The Director who confirmed a use of the urgency power at night, and when (rule 1.3).
    #[serde(default)]
    pub director: Option<(PersonId, DateTime)>,
}

/// Why an approval is void.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum VoidReason {
    /// Facts it rests on changed (rule 1.7).
    FactsChanged {
        /// Which, and how.
        changes: Vec<FactChange>,
    },
    /// Another approval that is needed was refused.
    OtherRefused,
    /// The provider took the offer back.
    OfferWithdrawn,
    /// The offer's validity ran out.
    OfferExpired,
    /// The officer took the recommendation back.
    TakenBack {
        /// Who.
        by: PersonId,
    },
}

impl VoidReason {
    /// The stored name.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::FactsChanged { .. } => "facts_changed",
            Self::OtherRefused => "other_refused",
            Self::OfferWithdrawn => "offer_withdrawn",
            Self::OfferExpired => "offer_expired",
            Self::TakenBack { .. } => "taken_back",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub const fn label(&self) -> &'static str {
        match self {
            Self::FactsChanged { .. } => "Void (facts changed)",
            Self::OtherRefused => "Void (another was refused)",
            Self::OfferWithdrawn => "Void (offer withdrawn)",
            Self::OfferExpired => "Void (offer expired)",
            Self::TakenBack { .. } => "Taken back",
        }
    }
}

/// Where an approval stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ApprovalState {
    /// Waiting for a decision.
    Requested,
    /// The approver asked something: the clock pauses, the officer has to answer.
    QuestionOpen {
        /// Who asked.
        by: PersonId,
        /// When.
        at: DateTime,
    },
    /// Passed on to another holder of the power.
    PassedOn {
        /// By whom.
        by: PersonId,
        /// To whom.
        to: PersonId,
        /// When.
        at: DateTime,
    },
    /// Approved, with conditions where there are any.
    Approved(Box<Given>),
    /// Refused.
    Refused {
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
        /// Why.
        reason: RefuseReason,
        /// In words, sealed.
        words: Option<Sealed<String>>,
    },
    /// Void: it no longer counts, and is asked for again.
    Void {
        /// When.
        at: DateTime,
        /// Why.
        reason: VoidReason,
    },
}

impl ApprovalState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["requested", "question_open", "passed_on", "approved", "refused", "void"];
    /// The states that wait for somebody.
    pub const OPEN: &[&'static str] = &["requested", "question_open", "passed_on"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::QuestionOpen { .. } => "question_open",
            Self::PassedOn { .. } => "passed_on",
            Self::Approved(_) => "approved",
            Self::Refused { .. } => "refused",
            Self::Void { .. } => "void",
        }
    }

    /// The words on a tag.
    #[must_use]
    pub fn label(&self) -> &'static str {
        match self {
            Self::Requested => "Requested",
            Self::QuestionOpen { .. } => "Question open",
            Self::PassedOn { .. } => "Passed on",
            Self::Approved(given) if given.conditions.is_some() => "Approved with conditions",
            Self::Approved(_) => "Approved",
            Self::Refused { .. } => "Refused",
            Self::Void { reason, .. } => reason.label(),
        }
    }

    /// The approval that was given, where one was.
    #[must_use]
    pub fn given(&self) -> Option<&Given> {
        match self {
            Self::Approved(given) => Some(given),
            Self::Requested
            | Self::QuestionOpen { .. }
            | Self::PassedOn { .. }
            | Self::Refused { .. }
            | Self::Void { .. } => None,
        }
    }
}

/// A question of the approver and its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Who asked.
    pub by: PersonId,
    /// When.
    pub at: DateTime,
    /// What, sealed.
    pub question: Sealed<String>,
    /// Who answered, when and what.
    pub answer: Option<(PersonId, DateTime, Sealed<String>)>,
}

/// One approval of one recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The record's id.
    pub id: ApprovalId,
    /// Raised by one with every move.
    pub version: i64,
    /// What people call it, such as `HEF-D-0088`.
    pub reference: Reference,
    /// The placing authority or trust.
    pub authority: OrganisationId,
    /// The authority responsible for the child: its director and nominated officers decide (rule 1.4).
    pub responsible: OrganisationId,
    /// The recommendation that asks for it.
    pub recommendation: i64,
    /// The referral.
    pub referral: ReferralId,
    /// The recommended offer.
    pub offer: OfferId,
    /// What is approved.
    pub kind: ApprovalKind,
    /// Why it is needed.
    pub triggers: Vec<Trigger>,
    /// The part of the service that the case belongs to.
    pub case: RemitArea,
    /// The facts it rests on.
    pub facts: AwardFacts,
    /// SHA-256 of their canonical text, in hexadecimal digits.
    pub hash: String,
    /// Who asked.
    pub asked_by: PersonId,
    /// When.
    pub asked_at: DateTime,
    /// What was asked and answered meanwhile.
    pub questions: Vec<Exchange>,
    /// Where it stands.
    pub state: ApprovalState,
}

/// What a new approval is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its reference.
    pub reference: Reference,
    /// What is needed and why.
    pub needed: ApprovalNeeded,
    /// SHA-256 of the facts' canonical text.
    pub hash: String,
}

impl Approval {
    /// Asks for one approval of a recommendation.
    pub fn request(id: ApprovalId, of: &Recommendation, request: Request, moment: Moment) -> Change<Self> {
        let Request { reference, needed, hash } = request;
        let event = Event::new("approval.requested", "approval", id.0, 1)
            .with("reference", &reference)
            .with("referral", of.referral)
            .with("offer", of.offer)
            .with("kind", needed.kind.code())
            .with("facts", &hash)
            .with("weekly_pence", of.facts.weekly().0);
        let approval = Self {
            id,
            version: 1,
            reference,
            authority: of.authority,
            responsible: of.responsible,
            recommendation: of.id,
            referral: of.referral,
            offer: of.offer,
            kind: needed.kind,
            triggers: needed.triggers,
            case: of.case,
            facts: of.facts.clone(),
            hash,
            asked_by: of.asked_by,
            asked_at: moment.local,
            questions: Vec::new(),
            state: ApprovalState::Requested,
        };
        Change::to(approval, event)
    }

    /// Whether it waits for somebody.
    #[must_use]
    pub fn open(&self) -> bool {
        ApprovalState::OPEN.contains(&self.state.name())
    }

    /// Refused once it is decided or void: nobody is asked to decide it again.
    pub fn must_be_open(&self) -> Result<(), Refusal> {
        self.must_be(self.open(), "be decided")
    }

    /// Whether a verbal approval was not confirmed by its time; counted until it is.
    #[must_use]
    pub fn confirmation_overdue(&self, moment: Moment) -> bool {
        let verbal = self.state.given().and_then(|given| given.verbal.as_ref());
        verbal.is_some_and(|verbal| verbal.confirmed_at.is_none() && moment.local > verbal.confirm_by)
    }

    /// The approver asks; the clock pauses until the officer answers.
    pub fn ask(self, by: PersonId, question: Sealed<String>, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be(self.waits(), "have a question asked")?;
        self.not_the_requester(by)?;
        let event = self.event("approval.question_asked");
        let mut questions = self.questions.clone();
        questions.push(Exchange { by, at: moment.local, question, answer: None });
        let state = ApprovalState::QuestionOpen { by, at: moment.local };
        Ok(Change::to(Self { version: self.version + 1, questions, state, ..self }, event))
    }

    /// The officer answers.
    pub fn answer(self, by: PersonId, answer: Sealed<String>, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be(matches!(self.state, ApprovalState::QuestionOpen { .. }), "have a question answered")?;
        let event = self.event("approval.question_answered");
        let mut questions = self.questions.clone();
        if let Some(last) = questions.last_mut() {
            last.answer = Some((by, moment.local, answer));
        }
        Ok(Change::to(Self { version: self.version + 1, questions, state: ApprovalState::Requested, ..self }, event))
    }

    /// Passes it on to another who holds the power; a statutory director has no deputy.
    pub fn pass_on(self, by: PersonId, to: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be(self.waits(), "be passed on")?;
        if !self.kind.can_pass_on() {
            return Err(Refusal::new(
                "no_deputy",
                "Section 18, Children Act 2004: the director of children's services, without deputy",
                "This approval cannot be passed on: only the director of children's services may decide it.",
                "The responsible authority, by a recorded interim appointment",
            ));
        }
        self.not_the_requester(by)?;
        self.not_the_requester(to)?;
        let event = self.event("approval.passed_on").with("to", to);
        Ok(self.to(ApprovalState::PassedOn { by, to, at: moment.local }, event))
    }

    /// Approves, on the facts that were seen.
    pub fn approve(
        self,
        by: PersonId,
        basis: GivenBasis,
        (seen, conditions): (String, Option<Sealed<String>>),
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.must_be(self.waits(), "be approved")?;
        self.not_the_requester(by)?;
        let event = self
            .event("approval.approved")
            .with("basis", basis.code())
            .with("seen", &seen)
            .with("conditions", conditions.is_some());
        Ok(self.to(
            ApprovalState::Approved(Box::new(Given {
                by,
                at: moment.local,
                basis,
                seen,
                conditions,
                verbal: None,
                director: None,
            })),
            event,
        ))
    }

    /// Records an approval that was given by word of mouth: who, when, on which facts, and who wrote it down. Nobody says
    /// yes to what was not yet asked; a clock's minute is its finest.
    pub fn record_verbal(
        self,
        Said { by, at: said_at, facts }: Said,
        recorded_by: PersonId,
        basis: GivenBasis,
        days: &WorkingDays,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.must_be(self.waits(), "have a verbal approval recorded")?;
        self.not_the_requester(by)?;
        if said_at > moment.local || by == recorded_by {
            return Err(Refusal::new(
                "verbal_not_by_another",
                "A verbal approval: who said it, when, written down by another",
                "Record who gave the approval and when: by somebody else than you, and not in the future.",
                "The placement officer who took the call",
            )
            .found(long_moment(said_at)));
        }
        if self.asked_at.duration_since(said_at) >= jiff::SignedDuration::from_mins(1) {
            return Err(Refusal::new(
                "verbal_before_asked",
                "A verbal approval: given after it was asked for, on the facts that were read out",
                format!("{} was asked for after that time. Nobody can have approved it before.", self.reference),
                "The placement officer, by reading the request out and recording when it was approved",
            )
            .found(long_moment(said_at)));
        }
        let confirm_by = days.noon_of_next_working_day(said_at.date());
        let event = self
            .event("approval.verbal_recorded")
            .with("basis", basis.code())
            .with("said_at", said_at)
            .with("seen", &facts)
            .with("confirm_by", confirm_by);
        let verbal = Some(Verbal { recorded_by, said_at, confirm_by, confirmed_at: None });
        let given = Given { by, at: said_at, basis, seen: facts, conditions: None, verbal, director: None };
        Ok(self.to(ApprovalState::Approved(Box::new(given)), event))
    }

    /// The approver confirms in writing what they said.
    pub fn confirm(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let event = self.event("approval.verbal_confirmed");
        let ApprovalState::Approved(given) = self.state.clone() else {
            return Err(self.cannot("be confirmed"));
        };
        let waiting = given.verbal.clone().filter(|verbal| verbal.confirmed_at.is_none());
        let Some(verbal) = waiting.filter(|_| given.by == by) else {
            return Err(Refusal::new(
                "nothing_to_confirm",
                "A verbal approval is confirmed in writing by the person who gave it",
                "You have no verbal approval to confirm here.",
                "The person who gave it",
            ));
        };
        let late = moment.local > verbal.confirm_by;
        let verbal = Some(Verbal { confirmed_at: Some(moment.local), ..verbal });
        Ok(self.to(ApprovalState::Approved(Box::new(Given { verbal, ..*given })), event.with("late", late)))
    }

    /// Refuses, with a coded reason.
    pub fn refuse(
        self,
        by: PersonId,
        reason: RefuseReason,
        words: Option<Sealed<String>>,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        self.must_be(self.open(), "be refused")?;
        self.not_the_requester(by)?;
        let event = self.event("approval.refused").with("reason", reason.code());
        Ok(self.to(ApprovalState::Refused { by, at: moment.local, reason, words }, event))
    }

    /// Whether it waits or was given, so that it can still carry an award.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.open() || self.state.given().is_some()
    }

    /// Refused where it can carry no award any more.
    pub fn must_stand(&self, act: &str) -> Result<(), Refusal> {
        self.must_be(self.stands(), act)
    }

    /// It no longer counts: facts changed, another approval was refused, the offer is gone, or it was taken back.
    pub fn void(self, reason: VoidReason, moment: Moment) -> Result<Change<Self>, Refusal> {
        self.must_be(self.stands(), "be made void")?;
        let mut event = self.event("approval.void").with("because", reason.code());
        if let VoidReason::FactsChanged { changes } = &reason {
            for change in changes.iter().filter(|change| change.voids) {
                event = event.with(&change.fact, format!("{} to {}", change.was, change.now));
            }
        }
        Ok(self.to(ApprovalState::Void { at: moment.local, reason }, event))
    }

    /// Open, and not waiting for an answer.
    fn waits(&self) -> bool {
        matches!(self.state, ApprovalState::Requested | ApprovalState::PassedOn { .. })
    }

    fn not_the_requester(&self, by: PersonId) -> Result<(), Refusal> {
        if by != self.asked_by {
            return Ok(());
        }
        Err(Refusal::new(
            "requester_cannot_approve",
            "The person who asks cannot approve",
            "You asked for this approval, so another person decides it.",
            "Another holder of the power",
        )
        .found(self.reference.to_string()))
    }

    fn to(self, state: ApprovalState, event: Event) -> Change<Self> {
        Change::to(Self { version: self.version + 1, state, ..self }, event)
    }

    fn event(&self, kind: &str) -> Event {
        Event::new(kind, "approval", self.id.0, self.version + 1)
            .with("reference", &self.reference)
            .with("facts", &self.hash)
    }

    fn must_be(&self, allowed: bool, act: &str) -> Result<(), Refusal> {
        if allowed { Ok(()) } else { Err(self.cannot(act)) }
    }

    fn cannot(&self, act: &str) -> Refusal {
        let sentence = format!("{} cannot {act}: it is {}.", self.reference, self.state.label().to_lowercase());
        Refusal::new(
            "approval_state",
            "An approval's states: requested, question open, passed on, approved, refused, void",
            sentence,
            "The placement officer, by asking again",
        )
        .found(self.state.label())
    }
}

#[cfg(test)]
mod tests;
