//! The outcome: letters, standstill, challenge, and the admission itself, which writes the facts that searches, offers and
//! the list of providers read.

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::admission::criteria::{PartPrice, PricePart};
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState, HomeFinding, Reopened, outcome};
use placewell_domain::homes::admission::ground::{AdmissionGround, GroundOn};
use placewell_domain::homes::admission::outcome::{Challenge, ChallengeState, Letter};
use placewell_domain::homes::admission::question::check_text;
use placewell_domain::homes::price::{LineKind, ScheduleSource};
use placewell_domain::homes::standing::admitted_provider;
use placewell_domain::homes::standing::measure::MeasureState;
use placewell_domain::homes::standing::removed::of_home;
use placewell_domain::id::{EvaluationId, HomeId};
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_store::Work;
use placewell_store::homes::price::PriceBy;
use serde::Serialize;

use super::applying::as_provider;
use super::evaluating::{home_findings, kept_evaluation, record_of};
use super::kept_out::outcome_may_come;
use super::{come_under, in_good_standing, own_arrangement};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::homes::home::kept_home;
use crate::office::access::cover::decided::by_own_role;
use crate::office::message::Notice;

/// A mail to the placements managers of an evaluation's provider, who read more on their own page.
pub(crate) fn to_provider(evaluation: &Evaluation, what: &str, lines: Vec<String>) -> Notice {
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
        work.lock_evaluation(self.evaluation).await?;
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let steps = work.panel_steps(evaluation.id).await?;
        evaluation.is_untainted(&steps)?;
        let mut words = match &evaluation.state {
            EvaluationState::Recommended { words, .. } => words.clone(),
            EvaluationState::Gates
            | EvaluationState::Scoring
            | EvaluationState::Moderating
            | EvaluationState::Standstill { .. }
            | EvaluationState::Admitted { .. }
            | EvaluationState::NotAdmitted { .. } => String::new(),
        };
        if let Some(condition) = evaluation.condition_of_admission() {
            let by = condition.by.strftime("%-d %B %Y");
            words = format!("{words} On condition, to be met by {by}: {}", condition.words);
        }
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
    const PROVEN: bool = true;

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        work.lock_evaluation(self.evaluation).await?;
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        by_own_role(work, actor).await?;
        outcome_may_come(work, &evaluation).await?;
        let challenges = work.challenges(evaluation.id).await?;
        let open = challenges.iter().filter(|one| one.state == ChallengeState::Open).count();
        let steps = work.panel_steps(evaluation.id).await?;
        evaluation.is_untainted(&steps)?;
        let again = found_again(work, &evaluation).await?;
        let (evaluation, left_out) = evaluation.looked_at_again(&again);
        let change = evaluation.confirm(open, work.moment())?;
        let evaluation = work.apply(change).await?;
        work.keep_final(&evaluation).await?;
        let what = if let EvaluationState::Admitted { from, .. } = evaluation.state {
            admit(work, &evaluation, from).await?;
            "you are admitted"
        } else {
            "the outcome is final"
        };
        let mut lines = Vec::new();
        for home in left_out {
            let (urn, lot) = (&home.finding.urn, &home.finding.lot);
            let event = Event::new("evaluation.home_left_out", "evaluation", evaluation.id.0, evaluation.version);
            work.record(event.with("home", urn).with("lot", lot));
            lines.push(format!("{} ({urn}), {lot}: {}", home.finding.name, home.words));
        }
        work.enqueue(to_provider(&evaluation, what, lines).job()?);
        Ok(record_of(&evaluation))
    }
}

/// What the register and the arrangement show today of each home that was applied for. One that has left the register or
/// the provider, was judged Inadequate, was removed, or whose lot has closed meets no longer.
async fn found_again(work: &Work, evaluation: &Evaluation) -> Answer<Vec<HomeFinding>> {
    let today = work.moment().today();
    let arrangement = own_arrangement(work).await?;
    let mut all = home_findings(work, evaluation, today).await?;
    let open = work.open_measures().await?;
    for one in &mut all {
        let home = work.home_by_urn(&one.urn).await?;
        let held = work.admissions_of(home.id).await?;
        let removal = of_home(&open, (home.id, home.provider), &one.lot);
        if home.provider != evaluation.provider || home.region != evaluation.region {
            (one.met, one.found) = (false, "another provider runs it".to_owned());
        } else if let Some(removal) = removal.filter(|one| one.state != MeasureState::Proposed) {
            (one.met, one.found) = (false, format!("removed from the arrangement, {}", removal.reason.label()));
        } else if !on_lot(&held, &one.lot, today)
            && let Err(refusal) = Admission::admit(&home, &arrangement, &held, &one.lot, today)
        {
            one.met = false;
            refusal.sentence.trim_end_matches('.').clone_into(&mut one.found);
        }
    }
    Ok(all)
}

/// A home that is on the lot already stays on it: an evaluation renews what it rests on, and its price.
fn on_lot(held: &[Admission], lot: &str, from: Date) -> bool {
    held.iter().any(|one| one.lot == lot && one.until > from)
}

/// Writes what follows: the provider is admitted, each home that passed is on its lot, at the price that was tendered.
async fn admit(work: &mut Work, evaluation: &Evaluation, from: jiff::civil::Date) -> Answer<()> {
    let arrangement = own_arrangement(work).await?;
    let (provider, on) = (evaluation.provider, GroundOn::Evaluation(evaluation.id));
    let (grounds, facts) = (work.admission_grounds(Some(provider)).await?, work.standing_facts().await?);
    if admitted_provider((&grounds, &facts), provider, &evaluation.provider_name, from).is_err() {
        in_good_standing(work, provider, from).await?;
    }
    work.keep_admission_ground(&AdmissionGround { provider, from, on }).await?;
    for lot in outcome(evaluation).lots {
        let Some(applied) = evaluation.lots.iter().find(|applied| applied.lot == lot.lot) else { continue };
        let includes = evaluation.criteria.template(&lot.lot).map_or("", |template| template.includes.as_str());
        for urn in &lot.admitted {
            let home = kept_home(work, urn.as_str()).await?;
            let held = work.admissions_of(home.id).await?;
            if !on_lot(&held, &lot.lot, from) {
                let admission = Admission::admit(&home, &arrangement, &held, &lot.lot, from)?;
                work.record_admission(&admission).await?;
                come_under(work, &[admission]).await?;
            }
            let by = (evaluation.id, includes);
            record_award(work, (home.id, &lot.lot), by, (from, &applied.prices)).await?;
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
        work.lock_evaluation(letter.evaluation).await?;
        let earlier = work.challenges(letter.evaluation).await?;
        let is_final = work.is_final(letter.evaluation).await?;
        let moment = work.moment();
        let change = Challenge::make(work.new_id(), (&letter, is_final), &earlier, &self.words, moment)?;
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

/// Answers a challenge; upheld, the answer names what is opened again.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerChallenge {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
    /// What it opens again; none where it is not upheld.
    pub reopens: Option<Reopened>,
    /// The answer.
    pub words: String,
}

impl Command for AnswerChallenge {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "admission_challenge.answer";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        check_text("words", &self.words, "Enter the answer: the provider reads it")?;
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        by_own_role(work, actor).await?;
        let challenges = work.challenges(evaluation.id).await?;
        let open = challenges.into_iter().find(|one| one.state == ChallengeState::Open).ok_or(Outcome::NotFound)?;
        let change = open.answer(self.reopens, &self.words, actor.person, work.moment())?;
        work.apply(change).await?;
        let evaluation = match self.reopens {
            Some(what) => work.apply(evaluation.reopen(what)?).await?,
            None => evaluation,
        };
        work.enqueue(to_provider(&evaluation, "your challenge is answered", Vec::new()).job()?);
        Ok(record_of(&evaluation))
    }
}

/// Records what a home was admitted at: the core price with its parts, education beside it, and what is included. A part that
/// is not tendered again ends with the award.
async fn record_award(
    work: &mut Work,
    (home, lot): (HomeId, &str),
    (evaluation, includes): (EvaluationId, &str),
    (from, prices): (Date, &[PartPrice]),
) -> Answer<()> {
    let Some(nights) = Nights::new(from, OPEN_END) else { return Ok(()) };
    let by = PriceBy { source: ScheduleSource::Award, record: evaluation.0, includes: includes.to_owned() };
    let of = |part: PricePart| -> Pence { prices.iter().filter(|one| one.part == part).map(|one| one.weekly).sum() };
    let core = PricePart::CORE.map(of).into_iter().sum();
    work.record_prices(home, (lot, LineKind::Core.code()), &[(nights, Some(core))], &by).await?;
    for part in PricePart::ALL {
        let tendered = Some(of(*part)).filter(|weekly| *weekly > Pence::ZERO);
        if tendered.is_some() || !work.prices_between(home, lot, part.code(), nights).await?.is_empty() {
            work.record_prices(home, (lot, part.code()), &[(nights, tendered)], &by).await?;
        }
    }
    Ok(())
}
