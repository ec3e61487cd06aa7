//! A provider's question about a referral, and the authority's answer, to the one or to all who were asked.
//!
//! Both texts are sealed under the child's key; all who read an answer read no name of who asked.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{InvitationId, OrganisationId, PersonId, ReferralId};
use crate::outcome::{Invalid, Refusal};
use crate::sealed::Sealed;

/// The most characters of a question or an answer.
pub const LONGEST: usize = 2_000;

/// Where a question stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionState {
    /// Without an answer.
    Open,
    /// Answered.
    Answered {
        /// The answer.
        text: Sealed<String>,
        /// Whether every home asked reads question and answer.
        to_everyone: bool,
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl QuestionState {
    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered { .. } => "answered",
        }
    }
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The row's id.
    pub id: i64,
    /// The record's version.
    pub version: i64,
    /// The referral.
    pub referral: ReferralId,
    /// Who was asked, and asks.
    pub invitation: InvitationId,
    /// The authority.
    pub authority: OrganisationId,
    /// The provider that asks.
    pub provider: OrganisationId,
    /// When.
    pub asked: DateTime,
    /// The question.
    pub text: Sealed<String>,
    /// Where it stands.
    pub state: QuestionState,
}

/// Every move of a question.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "ask", to: "open", by: "provider placements manager" },
    Move { from: "open", act: "answer", to: "answered", by: "placement officer" },
];

/// Checks the text of a question or an answer.
pub fn checked(field: &str, text: &str) -> Result<String, Invalid> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Invalid::one(field, "Enter your message"));
    }
    if text.chars().count() > LONGEST {
        return Err(Invalid::one(field, format!("Your message must be {LONGEST} characters or fewer")));
    }
    Ok(text.to_owned())
}

impl Question {
    /// Asks a question on an invitation.
    pub fn ask(id: i64, on: &super::Invitation, text: Sealed<String>, moment: Moment) -> Result<Change<Self>, Refusal> {
        if !on.readable(moment) {
            return Err(Refusal::new(
                "invitation_state",
                "Questions are asked while the invitation is open",
                "You can no longer ask about this referral.",
                "the placement officer of the authority that asked",
            )
            .found(on.state.label()));
        }
        let event =
            Event::new("question.asked", "question", id, 1).with("referral", on.referral).with("invitation", on.id);
        let question = Self {
            id,
            version: 1,
            referral: on.referral,
            invitation: on.id,
            authority: on.authority,
            provider: on.provider,
            asked: moment.local,
            text,
            state: QuestionState::Open,
        };
        Ok(Change::to(question, event))
    }

    /// Answers, to the one who asked or to everyone.
    pub fn answer(
        self,
        text: Sealed<String>,
        to_everyone: bool,
        by: PersonId,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        match self.state {
            QuestionState::Open => {}
            QuestionState::Answered { .. } => {
                return Err(Refusal::new(
                    "question_answered",
                    "A question is answered once",
                    "This question has been answered.",
                    "nobody; the provider can ask again",
                ));
            }
        }
        let version = self.version + 1;
        let event = Event::new("question.answered", "question", self.id, version)
            .with("referral", self.referral)
            .with("to_everyone", to_everyone);
        let state = QuestionState::Answered { text, to_everyone, by, at: moment.local };
        Ok(Change::to(Self { version, state, ..self }, event))
    }

    /// Whether this provider reads it: its own, and those answered to everyone.
    #[must_use]
    pub fn read_by(&self, provider: OrganisationId) -> bool {
        match self.state {
            QuestionState::Open => self.provider == provider,
            QuestionState::Answered { to_everyone, .. } => to_everyone || self.provider == provider,
        }
    }
}
