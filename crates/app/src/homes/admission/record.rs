//! The evaluation record, one page that every authority relies on; an evaluator's own page; a provider's letter on paper.

use jiff::civil::Date;
use placewell_domain::homes::admission::application::Application;
use placewell_domain::homes::admission::evaluation::{
    Evaluation, EvaluationState, HomeFinding, Outcome as Found, outcome,
};
use placewell_domain::homes::admission::insured::{Insured, evidence_until, insurances};
use placewell_domain::homes::admission::outcome::{Challenge, Doubt, DoubtAnswer, Letter};
use placewell_domain::homes::admission::score::{PanelStep, Sheet};
use placewell_domain::homes::admission::selection::{Gate, GateFinding};
use placewell_domain::id::{EvaluationId, OrganisationId};
use placewell_domain::office::access::{Action, may};
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::Lot;
use placewell_paper::DocumentMoment;
use placewell_paper::homes::admission as print;
use placewell_store::{Session, StoreError};

use super::applying::as_provider;
use super::evaluating::home_findings;
use super::opening::lots_of;
use crate::answer::{Answer, Outcome};
use crate::command::App;

/// An evaluation with everything that its reader may see.
#[derive(Debug, Clone)]
pub struct EvaluationPage {
    /// The evaluation.
    pub evaluation: Evaluation,
    /// What follows from it as far as it has come.
    pub found: Found,
    /// The arrangement's lots.
    pub lots: Vec<Lot>,
    /// What the panel declared and that it handed in.
    pub steps: Vec<PanelStep>,
    /// The scores, once moderation is open.
    pub sheets: Vec<Sheet>,
    /// The reader's own scores.
    pub own: Option<Sheet>,
    /// What was applied with: for the regional team and the panel's authorities.
    pub application: Option<Application>,
    /// What the answers show of each gate today, while they are to be judged.
    pub gates: Vec<GateFinding>,
    /// What the register shows of each home today, while they are to be judged.
    pub homes: Vec<HomeFinding>,
    /// The provider's challenges: for the regional team.
    pub challenges: Vec<Challenge>,
    /// The doubts of authorities.
    pub doubts: Vec<Doubt>,
    /// The regional team's answers to them.
    pub answers: Vec<DoubtAnswer>,
    /// The last day of the evidence that a document of the provider renews, gate by gate.
    pub renewed: Vec<(Gate, Option<Date>)>,
    /// The insurances that it rests on.
    pub insurances: Vec<Insured>,
    /// Today.
    pub today: Date,
}

/// The regional evaluation as every authority may rely on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReliedOn {
    /// Since when.
    pub since: Date,
    /// The day after the last on which it holds.
    pub until: Option<Date>,
    /// Its record.
    pub evaluation: Option<EvaluationId>,
    /// The last day of the provider's safeguarding policy, where it is known to end.
    pub policy: Option<Date>,
    /// The last day of its registration for data protection, where it is known to end.
    pub data_protection: Option<Date>,
}

/// How every authority may rely on the regional evaluation of a provider whose home was admitted on a day: the record that
/// holds decides. Without a record nothing was done regionally, however the provider came into the arrangement.
pub async fn relied_on(
    session: &Session,
    provider: OrganisationId,
    admitted: Date,
    day: Date,
) -> Answer<Option<ReliedOn>> {
    let known = session.evaluations_about(provider).await?;
    let Some(holds) = known.into_iter().find(|one| one.holds_on(day)) else { return Ok(None) };
    let EvaluationState::Admitted { from, until } = holds.state else { return Ok(None) };
    let since = admitted.max(from);
    let papers = session.papers_of(provider).await?;
    Ok(Some(ReliedOn {
        since,
        until: Some(until),
        evaluation: Some(holds.id),
        policy: evidence_until(&holds, Gate::Safeguarding, &papers, day),
        data_protection: evidence_until(&holds, Gate::DataProtection, &papers, day),
    }))
}

impl App {
    /// Every evaluation that the reader's organisation relies on or keeps.
    pub async fn evaluations(&self, actor: &Actor) -> Answer<Vec<Evaluation>> {
        Ok(self.see(actor, Action::SeeEvaluations).await?.evaluations().await?)
    }

    /// The evaluations on whose panel the actor is, each with what they have done.
    pub async fn own_evaluations(&self, actor: &Actor) -> Answer<Vec<(Evaluation, Vec<PanelStep>)>> {
        let session = self.see(actor, Action::EvaluateApplications).await?;
        let mut all = Vec::new();
        for evaluation in session.evaluations_by(actor.person).await? {
            let mut steps = session.panel_steps(evaluation.id).await?;
            steps.retain(|step| step.person == actor.person);
            all.push((evaluation, steps));
        }
        Ok(all)
    }

    /// The evaluation record.
    pub async fn evaluation_page(&self, actor: &Actor, id: EvaluationId) -> Answer<EvaluationPage> {
        let session = self.see(actor, Action::SeeEvaluations).await?;
        self.page_in(&session, actor, id).await
    }

    async fn page_in(&self, session: &Session, actor: &Actor, id: EvaluationId) -> Answer<EvaluationPage> {
        let today = self.calendar.now().today();
        let evaluation = session.evaluation(id).await?;
        let application = match session.application(evaluation.application).await {
            Ok(found) => Some(found),
            Err(StoreError::NotFound) => None,
            Err(error) => return Err(error.into()),
        };
        let leads = may(actor.role, Action::RunAdmission);
        let judges = leads && evaluation.state.name() == "gates";
        let judges_homes = judges || leads && evaluation.judges_homes();
        let gates = application.as_ref().filter(|_| judges);
        let papers = session.papers_of(evaluation.provider).await?;
        let renewed = [Gate::Safeguarding, Gate::DataProtection];
        let mut renewed = renewed.map(|gate| (gate, evidence_until(&evaluation, gate, &papers, today))).to_vec();
        let insured = insurances(&evaluation, &papers, today);
        if !insured.is_empty() {
            // The first that ends counts.
            renewed.push((Gate::Insurance, insured.iter().filter_map(|one| one.until).min()));
        }
        Ok(EvaluationPage {
            found: outcome(&evaluation),
            lots: lots_of(session, evaluation.arrangement).await?,
            steps: session.panel_steps(id).await?,
            sheets: session.opened_sheets(id).await?,
            own: session.own_sheet(id, actor.person).await?,
            gates: gates.map(|one| one.answers.selection.findings(&evaluation.criteria, today)).unwrap_or_default(),
            homes: if judges_homes { home_findings(session, &evaluation, today).await? } else { Vec::new() },
            application,
            challenges: session.challenges(id).await?,
            doubts: session.doubts(id).await?,
            answers: session.doubt_answers(id).await?,
            renewed,
            insurances: insured,
            evaluation,
            today,
        })
    }

    /// An evaluator's page; not found for who is not on the panel.
    pub async fn scoring_page(&self, actor: &Actor, id: EvaluationId) -> Answer<EvaluationPage> {
        let session = self.see(actor, Action::EvaluateApplications).await?;
        let page = self.page_in(&session, actor, id).await?;
        let there = |one: &placewell_domain::homes::admission::score::Evaluator| {
            one.person == actor.person && one.authority == actor.organisation
        };
        if page.evaluation.panel.iter().any(there) { Ok(page) } else { Err(Outcome::NotFound) }
    }

    /// The provider's latest letter about an opening, as a tagged PDF.
    pub async fn letter_pdf(&self, actor: &Actor, reference: &str, url: &str) -> Answer<Vec<u8>> {
        let session = self.see(actor, Action::ApplyForAdmission).await?;
        as_provider(actor)?;
        let letters = session.letters_of(actor.organisation).await?;
        let letter = letters.into_iter().find(|one| one.opening_reference == reference).ok_or(Outcome::NotFound)?;
        let lead = session.organisation_by_id(letter.region).await?.name;
        let opening = session.opening(reference).await?;
        let lots = lots_of(&session, opening.arrangement).await?;
        typeset(letter_paper(&letter, (&lead, &lots), url), DocumentMoment(self.calendar.now().at)).await
    }
}

async fn typeset(paper: print::LetterPaper, moment: DocumentMoment) -> Answer<Vec<u8>> {
    let typeset = tokio::task::spawn_blocking(move || print::letter(&paper, moment));
    let bytes = typeset.await.map_err(|error| Outcome::Fault(error.to_string()))?;
    bytes.map_err(|error| Outcome::Fault(error.to_string()))
}

fn letter_paper(letter: &Letter, (lead, lots): (&str, &[Lot]), url: &str) -> print::LetterPaper {
    let named = |code: &str| lots.iter().find(|lot| lot.code == code).map_or(code.to_owned(), |lot| lot.name.clone());
    let lot = |lot: &placewell_domain::homes::admission::outcome::LetterLot| print::LotLine {
        lot: named(&lot.lot),
        weekly: lot.weekly.0,
        price: lot.price.to_string(),
        total: lot.total.to_string(),
        passes: lot.passes,
        admitted: lot.admitted.clone(),
        refused: lot.refused.iter().map(|(home, why)| format!("{home}: {why}")).collect(),
    };
    print::LetterPaper {
        reference: letter.opening_reference.clone(),
        lead: lead.to_owned(),
        provider: letter.provider_name.clone(),
        issued_on: letter.issued.date(),
        standstill_until: letter.standstill_until,
        passes: letter.passes,
        words: letter.words.clone(),
        gates: letter.gates.clone(),
        quality: letter.quality.map(|points| points.to_string()),
        scale: letter.scale,
        pass_mark: letter.pass_mark,
        scores: letter
            .scores
            .iter()
            .map(|one| (one.question.clone(), one.weight, one.score, one.reason.clone()))
            .collect(),
        lots: letter.lots.iter().map(lot).collect(),
        formula: letter.formula.clone(),
        record_url: url.to_owned(),
    }
}
