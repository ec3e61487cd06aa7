//! Moving a live agreement to the arrangement that follows: the authority offers it under a power, the provider consents by
//! a signature or declines. The agreement keeps its id and its history; it is moved once.

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use super::signing::Signature;
use super::{Agreement, AgreementState, cite};
use crate::calendar::long_date;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::id::{ArrangementId, PersonId};
use crate::outcome::Refusal;
use crate::power::arrangement::{Arrangement, Cited};
use crate::power::delegation::Power;

coded! {
    /// Why a provider declines to move an agreement.
    MoveDecline {
        Terms "terms" "We do not accept the successor's terms";
        NotAdmitted "not_admitted" "The home is not on the successor";
        Date "date" "Another date";
        EndsSoon "ends_soon" "The placement ends soon";
    }
}

/// How the provider answered, or that the authority took the offer back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum MoveAnswer {
    /// Consented: it is moved.
    Consented {
        /// The provider's signature.
        signature: Signature,
    },
    /// Declined: it stays where it is.
    Declined {
        /// Why.
        reason: MoveDecline,
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
    /// Taken back by the authority.
    TakenBack {
        /// By whom.
        by: PersonId,
        /// When.
        at: DateTime,
    },
}

/// To where an agreement is moved, and from when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// The successor.
    pub arrangement: ArrangementId,
    /// Its slug.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The version of its terms that then binds both sides.
    pub terms_version: String,
    /// The version of its specification that then binds both sides; empty where there is none.
    #[serde(default)]
    pub specification_version: String,
    /// The first night under it.
    pub on: Date,
}

/// An offer to move, with how it was answered. Kept, whatever the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveOffer {
    /// To where, and from when.
    pub to: Destination,
    /// The power by which the authority consents.
    pub power: Power,
    /// When.
    pub at: DateTime,
    /// The answer.
    pub answer: Option<MoveAnswer>,
}

impl Agreement {
    /// The offer to move that waits for the provider's answer.
    #[must_use]
    pub fn move_open(&self) -> Option<&MoveOffer> {
        self.added.moves.iter().find(|offer| offer.answer.is_none())
    }

    /// Where it was moved to with the consent of both sides.
    #[must_use]
    pub fn moved(&self) -> Option<&Destination> {
        let consented = |offer: &&MoveOffer| matches!(offer.answer, Some(MoveAnswer::Consented { .. }));
        self.added.moves.iter().find(consented).map(|offer| &offer.to)
    }

    /// The authority offers to move it to a successor from a night on, under the version of its terms that binds both.
    pub fn offer_move(
        self,
        successor: &Arrangement,
        (on, cited): (Date, Cited),
        power: Power,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        if self.state.over() {
            return Err(self.cannot("be moved"));
        }
        if !self.terms.route.through_arrangement() {
            return Err(refuse("not_of_the_arrangement", "It was not made through the arrangement, so nothing moves."));
        }
        if let Some(moved) = self.moved() {
            return Err(refuse("moved_already", "This agreement was moved before.").found(long_date(moved.on)));
        }
        if let Some(open) = self.move_open() {
            return Err(
                refuse("move_offered", "An offer to move it waits for the provider.").found(long_date(open.to.on))
            );
        }
        let (from, until) = self.nights();
        let term = &successor.term;
        let fits = on >= moment.today() && on > from && on < until && on >= term.start && on <= term.current_end();
        if successor.ahead.follows.is_none() || !fits {
            return Err(refuse(
                "move_day",
                "An agreement is moved to a successor from a night to come, within the stay and the successor's term.",
            )
            .found(format!(
                "{}; the stay runs to {}, the successor from {} to {}",
                long_date(on),
                long_date(until),
                long_date(term.start),
                long_date(term.current_end())
            )));
        }
        let to = Destination {
            arrangement: successor.id,
            slug: successor.slug.clone(),
            title: successor.title.clone(),
            terms_version: cited.terms,
            specification_version: cited.specification,
            on,
        };
        let event = cite(self.event("agreement.move_offered"), Some(&power));
        let event = event.with("to", &to.slug).with("on", on).with("terms", &to.terms_version);
        let mut added = self.added.clone();
        added.moves.push(MoveOffer { to, power, at: moment.local, answer: None });
        Ok(Change::to(Self { version: self.version + 1, added, ..self }, event))
    }

    /// The provider consents: the agreement is moved, keeps its id and its history.
    pub fn consent_move(self, signature: Signature, moment: Moment) -> Result<Change<Self>, Refusal> {
        if self.state.over() {
            return Err(self.cannot("be moved"));
        }
        if let Some(open) = self.move_open().filter(|open| open.to.on < moment.today()) {
            return Err(refuse("move_lapsed", "The night from which it was to move has passed: it is offered anew.")
                .found(long_date(open.to.on)));
        }
        let person = signature.person;
        let (next, event) = self.answered("agreement.moved", MoveAnswer::Consented { signature })?;
        let to = next.moved().map_or_else(String::new, |to| to.slug.clone());
        Ok(Change::to(next, event.with("to", to).with("consented_by", person)))
    }

    /// The provider declines.
    pub fn decline_move(self, reason: MoveDecline, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let answer = MoveAnswer::Declined { reason, by, at: moment.local };
        let (next, event) = self.answered("agreement.move_declined", answer)?;
        Ok(Change::to(next, event.with("reason", reason.code())))
    }

    /// The authority takes its offer back.
    pub fn take_back_move(self, by: PersonId, moment: Moment) -> Result<Change<Self>, Refusal> {
        let (next, event) =
            self.answered("agreement.move_taken_back", MoveAnswer::TakenBack { by, at: moment.local })?;
        Ok(Change::to(next, event))
    }

    fn answered(self, kind: &str, answer: MoveAnswer) -> Result<(Self, Event), Refusal> {
        let mut added = self.added.clone();
        let Some(open) = added.moves.iter_mut().find(|offer| offer.answer.is_none()) else {
            return Err(match self.moved() {
                Some(moved) => refuse("moved_already", "This agreement was moved before.").found(long_date(moved.on)),
                None => refuse("no_move", "No offer to move this agreement waits for an answer."),
            });
        };
        open.answer = Some(answer);
        let event = self.event(kind);
        Ok((Self { version: self.version + 1, added, ..self }, event))
    }

    /// Whether it lives on, as the end of a term asks.
    #[must_use]
    pub fn lives_on(&self) -> bool {
        !matches!(self.state, AgreementState::Ended { .. } | AgreementState::CancelledBeforeStart { .. })
    }
}

fn refuse(code: &str, sentence: &str) -> Refusal {
    Refusal::new(
        code,
        "An agreement is moved to the successor once, with the consent of both sides",
        sentence,
        "The authority, by offering it, and the provider, by consenting",
    )
}
