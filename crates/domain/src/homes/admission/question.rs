//! Clarification questions: asked by a provider, answered once to everybody, and nobody is told who asked.

use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::opening::Opening;
use crate::change::{Change, Event};
use crate::clock::Moment;
use crate::id::{OpeningId, OrganisationId, PersonId};
use crate::outcome::{Invalid, Refusal};

/// The longest question and the longest answer.
pub const LONGEST: usize = 2_000;

/// A question as its provider asked it; only the provider and the regional team read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clarification {
    /// Its id.
    pub id: i64,
    /// Raised by one with every move.
    pub version: i64,
    /// Who asks.
    pub provider: OrganisationId,
    /// The regional team.
    pub region: OrganisationId,
    /// The opening.
    pub opening: OpeningId,
    /// The question.
    pub text: String,
    /// When it was asked.
    pub asked: DateTime,
    /// When it was answered.
    pub answered: Option<DateTime>,
}

/// Question and answer as everybody reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedAnswer {
    /// Its id: that of the question.
    pub id: i64,
    /// The opening.
    pub opening: OpeningId,
    /// The question, in the words in which it is published: nothing that shows who asked.
    pub question: String,
    /// The answer.
    pub answer: String,
    /// When.
    pub at: DateTime,
    /// Who answered; not shown to providers.
    pub by: PersonId,
}

impl Clarification {
    /// Asks.
    pub fn ask(
        id: i64,
        provider: OrganisationId,
        opening: &Opening,
        text: &str,
        moment: Moment,
    ) -> Result<Change<Self>, Refusal> {
        opening.takes_questions(moment)?;
        let next = Self {
            id,
            version: 1,
            provider,
            region: opening.region,
            opening: opening.id,
            text: text.trim().to_owned(),
            asked: moment.local,
            answered: None,
        };
        let event =
            Event::new("admission_question.asked", "admission_question", id, 1).with("opening", &opening.reference);
        Ok(Change::to(next, event))
    }

    /// Answers it to everybody; once, until the deadline.
    pub fn answer(
        self,
        opening: &Opening,
        (question, answer): (&str, &str),
        by: PersonId,
        moment: Moment,
    ) -> Result<(Change<Self>, PublishedAnswer), Refusal> {
        if self.answered.is_some() {
            return Err(Refusal::new(
                "question_answered",
                "A question is answered once, to everybody",
                "This question is answered already.",
                "Nobody: the answer stands as it was published",
            ));
        }
        opening.takes_answers(moment)?;
        let published = PublishedAnswer {
            id: self.id,
            opening: self.opening,
            question: question.trim().to_owned(),
            answer: answer.trim().to_owned(),
            at: moment.local,
            by,
        };
        let next = Self { version: self.version + 1, answered: Some(moment.local), ..self };
        let event = Event::new("admission_question.answered", "admission_question", next.id, next.version)
            .with("opening", &opening.reference);
        Ok((Change::to(next, event), published))
    }
}

/// A text of a question or an answer.
pub fn check_text(field: &str, text: &str, ask: &str) -> Result<(), Invalid> {
    let count = text.trim().chars().count();
    if count < 3 {
        return Err(Invalid::one(field, ask));
    }
    if count > LONGEST {
        return Err(Invalid::one(field, format!("Shorten this to {LONGEST} characters; it has {count}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::homes::admission::evaluation::tests::{at, opening};
    use jiff::civil::date;

    fn asked() -> Clarification {
        let moment = at(date(2021, 7, 10), 9);
        Clarification::ask(4, OrganisationId(7), &opening(), "Which lot is meant?", moment).unwrap().into_parts().0
    }

    fn answered(of: Clarification, moment: Moment) -> Result<Clarification, Refusal> {
        let said = ("Which lot is meant?", "Planned care");
        of.answer(&opening(), said, PersonId(50), moment).map(|(change, _)| change.into_parts().0)
    }

    #[test]
    fn a_question_is_answered_until_the_deadline_to_the_second_and_once() {
        let closes = opening().plan.closes;
        let moment = |local| Moment { local, ..at(date(2021, 7, 31), 12) };
        let in_time = answered(asked(), moment(closes)).unwrap();
        assert_eq!((in_time.version, in_time.answered), (2, Some(closes)), "after questions are closed, in time");
        let after = closes.saturating_add(jiff::Span::new().seconds(1));
        let late = answered(asked(), moment(after)).unwrap_err();
        assert_eq!((late.code.as_str(), late.value.as_str()), ("answers_closed", "until 31 July 2021, 12:00"));
        assert_eq!(answered(in_time.clone(), moment(closes)).unwrap_err().code, "question_answered");
        assert_eq!(
            answered(in_time, moment(after)).unwrap_err().code,
            "question_answered",
            "it was, whatever the hour"
        );
    }
}
