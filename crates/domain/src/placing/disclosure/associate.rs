//! The known-associate question: a shortlisted home asks whether the child is known to associate with somebody there;
//! the authority answers yes or no, and nothing else.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::Stage;
use crate::change::{Change, Event, Move};
use crate::clock::Moment;
use crate::id::{InvitationId, OrganisationId, PersonId};
use crate::outcome::Refusal;
use crate::sealed::Sealed;

coded! {
    /// The whole answer.
    AssociateAnswer {
        Yes "yes" "Yes, known to associate";
        No "no" "No, not known to associate";
    }
}

/// Where a question stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssociateState {
    /// Without an answer.
    Asked,
    /// Answered.
    Answered {
        /// Yes or no.
        known: AssociateAnswer,
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

impl AssociateState {
    /// The stored names, in order.
    pub const NAMES: &[&'static str] = &["asked", "answered"];

    /// The stored name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Answered { .. } => "answered",
        }
    }
}

/// A question by one home, which no other home reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssociateQuestion {
    /// The row's id.
    pub id: i64,
    /// The record's version.
    pub version: i64,
    /// On which invitation it is asked.
    pub invitation: InvitationId,
    /// The authority.
    pub authority: OrganisationId,
    /// The provider that asks.
    pub provider: OrganisationId,
    /// When.
    pub asked: DateTime,
    /// Whom it is about, under the invitation's key: it may name somebody.
    pub about: Sealed<String>,
    /// Where it stands.
    pub state: AssociateState,
}

/// What a question starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociateAsking {
    /// On which invitation.
    pub invitation: InvitationId,
    /// The authority.
    pub authority: OrganisationId,
    /// The provider.
    pub provider: OrganisationId,
    /// Whom it is about.
    pub about: Sealed<String>,
    /// How far the home has come; none where its offer was lost.
    pub stage: Option<Stage>,
}

/// Every move of a question.
pub const MOVES: &[Move] = &[
    Move { from: "new", act: "ask", to: "asked", by: "provider placements manager" },
    Move { from: "asked", act: "answer", to: "answered", by: "placement officer" },
];

impl AssociateQuestion {
    /// Asks; only a home on the shortlist may.
    pub fn ask(id: i64, asking: AssociateAsking, moment: Moment) -> Result<Change<Self>, Refusal> {
        if asking.stage.is_none_or(|stage| stage < Stage::Shortlisted) {
            return Err(Refusal::new(
                "not_shortlisted",
                "Disclosure in stages: anonymous, shortlisted, chosen (rule 5.6)",
                "Only a home on the shortlist can ask about known associates.",
                "the placement officer, by putting your offer on the shortlist",
            ));
        }
        let event =
            Event::new("associate_question.asked", "associate_question", id, 1).with("invitation", asking.invitation);
        let question = Self {
            id,
            version: 1,
            invitation: asking.invitation,
            authority: asking.authority,
            provider: asking.provider,
            asked: moment.local,
            about: asking.about,
            state: AssociateState::Asked,
        };
        Ok(Change::to(question, event))
    }

    /// Answers yes or no, once.
    pub fn answer(self, known: AssociateAnswer, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        if let AssociateState::Answered { at, .. } = self.state {
            return Err(Refusal::new(
                "question_answered",
                "A question is answered once",
                "This question has been answered.",
                "nobody; the home can ask again",
            )
            .found(at.strftime("%-d %B %Y, %-I:%M%P").to_string()));
        }
        let version = self.version + 1;
        let event = Event::new("associate_question.answered", "associate_question", self.id, version)
            .with("known", known.code());
        let state = AssociateState::Answered { known, by, at: moment.local };
        Ok(Change::to(Self { version, state, ..self }, event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placing::referral::fixtures::now;

    fn asking(stage: Option<Stage>) -> AssociateAsking {
        AssociateAsking {
            invitation: InvitationId(1),
            authority: OrganisationId(1),
            provider: OrganisationId(5),
            about: Sealed::from_bytes(vec![1]),
            stage,
        }
    }

    #[test]
    fn rule_5_6_only_the_shortlisted_ask_about_known_associates() {
        for stage in [None, Some(Stage::Anonymous)] {
            let refused = AssociateQuestion::ask(1, asking(stage), now()).err().map(|refusal| refusal.code);
            assert_eq!(refused.as_deref(), Some("not_shortlisted"));
        }
        assert!(AssociateQuestion::ask(1, asking(Some(Stage::Shortlisted)), now()).is_ok());
        assert!(AssociateQuestion::ask(1, asking(Some(Stage::Chosen)), now()).is_ok());
    }

    #[test]
    fn rule_5_6_the_authority_answers_yes_or_no_and_once() {
        assert_eq!(AssociateAnswer::ALL.len(), 2);
        let answered = AssociateQuestion::ask(1, asking(Some(Stage::Shortlisted)), now())
            .and_then(|asked| asked.into_parts().0.answer(AssociateAnswer::No, PersonId(1), now()))
            .map(|answered| answered.into_parts().0);
        let again = answered.and_then(|question| question.answer(AssociateAnswer::Yes, PersonId(1), now()));
        assert_eq!(again.err().map(|refusal| refusal.code).as_deref(), Some("question_answered"));
    }
}
