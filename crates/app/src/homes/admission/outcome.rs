//! The outcome: letters, standstill, challenge, and the admission itself, which writes the facts that searches, offers and
//! the list of providers read.

use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::admission::criteria::PricePart;
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState, outcome};
use placewell_domain::homes::admission::outcome::{Challenge, ChallengeState, Doubt, Letter};
use placewell_domain::homes::admission::question::check_text;
use placewell_domain::homes::price::LineKind;
use placewell_domain::homes::standing::{StandingFact, admitted_provider};
use placewell_domain::id::EvaluationId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_store::Work;
use serde::Serialize;

use super::applying::as_provider;
use super::evaluating::{kept_evaluation, record_of};
use super::own_arrangement;
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::homes::home::kept_home;
use crate::office::message::Notice;

fn to_provider(evaluation: &Evaluation, what: &str, lines: Vec<String>) -> Notice {
    Notice {
        to: evaluation.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: {what}", evaluation.opening_reference),
        lines,
        path: format!("/provider/admission/{}", evaluation.opening_reference),
    }
}

/// Sends the letter: the standstill begins.
#[derive(Debug, Clone, Serialize)]
pub struct IssueLetter {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for IssueLetter {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.issue";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let words = match &evaluation.state {
            EvaluationState::Recommended { words, .. } => words.clone(),
            EvaluationState::Gates
            | EvaluationState::Scoring
            | EvaluationState::Moderating
            | EvaluationState::Standstill { .. }
            | EvaluationState::Admitted { .. }
            | EvaluationState::NotAdmitted { .. } => String::new(),
        };
        let change = evaluation.issue(work.moment())?;
        let evaluation = work.apply(change).await?;
        let letter = Letter::of(work.new_id(), &evaluation, &words).ok_or(Outcome::NotFound)?;
        work.keep_letter(&letter).await?;
        let lines = vec![format!("The standstill ends on {}.", letter.standstill_until.strftime("%-d %B %Y"))];
        work.enqueue(to_provider(&evaluation, "the outcome of your application", lines).job()?);
        Ok(record_of(&evaluation))
    }
}

/// Makes the outcome final after the standstill, and admits what passed.
#[derive(Debug, Clone, Serialize)]
pub struct ConfirmOutcome {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for ConfirmOutcome {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.confirm";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let challenges = work.challenges(evaluation.id).await?;
        let open = challenges.iter().filter(|one| one.state == ChallengeState::Open).count();
        let change = evaluation.confirm(open, work.moment())?;
        let evaluation = work.apply(change).await?;
        let what = if let EvaluationState::Admitted { from, .. } = evaluation.state {
            admit(work, &evaluation, from).await?;
            "you are admitted"
        } else {
            "the outcome is final"
        };
        work.enqueue(to_provider(&evaluation, what, Vec::new()).job()?);
        Ok(record_of(&evaluation))
    }
}

/// Writes what follows: the provider is admitted, each home that passed is on its lot, at the price that was tendered.
async fn admit(work: &mut Work, evaluation: &Evaluation, from: jiff::civil::Date) -> Answer<()> {
    let arrangement = own_arrangement(work).await?;
    let facts = work.standing_facts().await?;
    if admitted_provider(&facts, evaluation.provider, &evaluation.provider_name, from).is_err() {
        work.record_standing(&StandingFact::admitted(evaluation.provider, from)).await?;
    }
    let Some(nights) = Nights::new(from, OPEN_END) else { return Ok(()) };
    for lot in outcome(evaluation).lots {
        let Some(applied) = evaluation.lots.iter().find(|applied| applied.lot == lot.lot) else { continue };
        let sum = |education: bool| -> Pence {
            let parts = applied.prices.iter().filter(|price| (price.part == PricePart::Education) == education);
            parts.map(|price| price.weekly).sum()
        };
        let (core, education) = (sum(false), sum(true));
        for urn in &lot.admitted {
            let home = kept_home(work, urn.as_str()).await?;
            let held = work.admissions_of(home.id).await?;
            // A home that is on the lot already stays on it: the evaluation renews what it rests on, and its price.
            if !held.iter().any(|one| one.lot == lot.lot && one.until > from) {
                let admission = Admission::admit(&home, &arrangement, &held, &lot.lot, from)?;
                work.record_admission(&admission).await?;
            }
            work.record_price(home.id, &lot.lot, LineKind::Core.code(), nights, Some(core)).await?;
            if education > Pence::ZERO {
                work.record_price(home.id, &lot.lot, LineKind::Education.code(), nights, Some(education)).await?;
            }
        }
    }
    Ok(())
}

/// A provider challenges its outcome within the standstill.
#[derive(Debug, Clone, Serialize)]
pub struct ChallengeOutcome {
    /// The opening.
    pub reference: String,
    /// What is challenged and why.
    pub words: String,
}

impl Command for ChallengeOutcome {
    const ACTION: Action = Action::ApplyForAdmission;
    const NAME: &'static str = "admission_challenge.make";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        as_provider(actor)?;
        check_text("words", &self.words, "Say what you challenge and why")?;
        let letters = work.letters_of(work.org()).await?;
        let letter =
            letters.into_iter().find(|one| one.opening_reference == self.reference).ok_or(Outcome::NotFound)?;
        let earlier = work.challenges(letter.evaluation).await?;
        let change = Challenge::make(work.new_id(), &letter, &earlier, &self.words, work.moment())?;
        work.apply(change).await?;
        let notice = Notice {
            to: letter.region.0,
            role: Role::CommissioningLead,
            subject: format!("{}: an outcome is challenged", letter.opening_reference),
            lines: vec!["Nothing is final before it is answered.".to_owned()],
            path: format!("/region/evaluations/{}", letter.evaluation),
        };
        work.enqueue(notice.job()?);
        Ok(Receipt::at(format!("/provider/admission/{}", self.reference)))
    }
}

/// Answers a challenge; upheld, the panel goes back to moderation.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerChallenge {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
    /// Whether it is upheld.
    pub upheld: bool,
    /// The answer.
    pub words: String,
}

impl Command for AnswerChallenge {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "admission_challenge.answer";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check_text("words", &self.words, "Enter the answer: the provider reads it")?;
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let challenges = work.challenges(evaluation.id).await?;
        let open = challenges.into_iter().find(|one| one.state == ChallengeState::Open).ok_or(Outcome::NotFound)?;
        let change = open.answer(self.upheld, &self.words, actor.person, work.moment())?;
        work.apply(change).await?;
        let evaluation = if self.upheld { work.apply(evaluation.reopen()?).await? } else { evaluation };
        work.enqueue(to_provider(&evaluation, "your challenge is answered", Vec::new()).job()?);
        Ok(record_of(&evaluation))
    }
}

/// An authority notes a doubt about an evaluation that it relies on.
#[derive(Debug, Clone, Serialize)]
pub struct NoteDoubt {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// What is doubted and why.
    pub words: String,
}

impl Command for NoteDoubt {
    const ACTION: Action = Action::EvaluateApplications;
    const NAME: &'static str = "evaluation_doubt.note";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if actor.kind != OrganisationKind::Authority {
            return Err(Outcome::NotFound);
        }
        let evaluation = work.evaluation(self.evaluation).await?;
        let doubt = Doubt {
            id: work.new_id(),
            authority: work.org(),
            authority_name: actor.organisation_name.clone(),
            evaluation: evaluation.id,
            person: actor.person,
            at: work.moment().local,
            words: self.words.trim().to_owned(),
        };
        work.apply(doubt.note()?).await?;
        let notice = Notice {
            to: evaluation.region.0,
            role: Role::CommissioningLead,
            subject: format!("{}: an authority doubts an evaluation", evaluation.opening_reference),
            lines: Vec::new(),
            path: format!("/region/evaluations/{}", evaluation.id),
        };
        work.enqueue(notice.job()?);
        Ok(record_of(&evaluation))
    }
}
