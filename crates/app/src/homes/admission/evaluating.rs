//! Evaluation: begun after the deadline with a panel of several authorities; gates judged, blind scores, moderation,
//! recommendation. An evaluator's scores are read by nobody else until moderation is open.

use placewell_domain::homes::admission::evaluation::{Condition, Evaluation, HomeFinding};
use placewell_domain::homes::admission::score::{Evaluator, Mark, PanelStep, Sheet};
use placewell_domain::homes::home::inspection::grade_on;
use placewell_domain::id::EvaluationId;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::opening::{kept, page_of};
use super::seat::{conflict_told, strike_later};
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::homes::home::kept_home;
use crate::office::message::Notice;

/// The record's page.
pub(crate) fn record_of(evaluation: &Evaluation) -> Receipt {
    Receipt::at(format!("/region/evaluations/{}", evaluation.id))
}

/// The evaluation that the actor's regional team keeps, at the version that was shown.
pub(crate) async fn kept_evaluation(work: &Work, id: EvaluationId, version: i64) -> Answer<Evaluation> {
    let found = work.evaluation(id).await?;
    if found.region != work.org() {
        return Err(Outcome::NotFound);
    }
    if found.version == version { Ok(found) } else { Err(Outcome::Conflict) }
}

/// The person with this address, as an evaluator: of an authority, in a role that may score.
async fn evaluator(work: &Work, (field, email): (&str, &str)) -> Answer<Evaluator> {
    let unknown = || Invalid::one(field, format!("{email} is nobody who may score for an authority"));
    let account = work.account(email).await?.ok_or_else(unknown)?;
    let held = work.memberships(account.id, work.moment().today()).await?;
    let fits =
        |actor: &Actor| actor.kind == OrganisationKind::Authority && may(actor.role, Action::EvaluateApplications);
    let actor = held.into_iter().map(|one| one.actor).find(fits).ok_or_else(unknown)?;
    Ok(Evaluator {
        person: actor.person,
        name: actor.name,
        authority: actor.organisation,
        authority_name: actor.organisation_name,
    })
}

/// Asks an evaluator of a panel to score, by mail to the people in their role; the page shows who it is for.
async fn tell(work: &mut Work, evaluation: &Evaluation, evaluator: &Evaluator) -> Answer<()> {
    for role in [Role::PlacementOfficer, Role::Approver, Role::FinanceOfficer] {
        let held = work.people_in_role(evaluator.authority, role, work.moment().today()).await?;
        if held.iter().any(|one| one.actor.person == evaluator.person) {
            let notice = Notice {
                to: evaluator.authority.0,
                role,
                subject: format!("{}: an application to score", evaluation.opening_reference),
                lines: vec![format!("{} is named as an evaluator.", evaluator.name)],
                path: format!("/evaluations/{}", evaluation.id),
            };
            work.enqueue(notice.job()?);
            return Ok(());
        }
    }
    Ok(())
}

/// Begins the evaluation of every application that came in time, with one panel.
#[derive(Debug, Clone, Serialize)]
pub struct StartEvaluations {
    /// The opening.
    pub reference: String,
    /// The evaluators, by e-mail address.
    pub evaluators: Vec<String>,
}

impl Command for StartEvaluations {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.begin";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let opening = kept(work, &self.reference, None).await?;
        let mut panel = Vec::new();
        for email in &self.evaluators {
            panel.push(evaluator(work, ("evaluators", email)).await?);
        }
        let known = work.evaluations_of(opening.id).await?;
        let applications = work.applications_to(opening.id).await?;
        let mut begun = 0_usize;
        for application in applications.iter().filter(|one| one.counts()) {
            if known.iter().any(|one| one.application == application.id) {
                continue;
            }
            let id = EvaluationId(work.new_id());
            let change = Evaluation::begin(id, &opening, application, panel.clone(), work.moment())?;
            let evaluation = work.apply(change).await?;
            for one in &panel {
                tell(work, &evaluation, one).await?;
            }
            begun += 1;
        }
        if begun == 0 {
            return Err(Invalid::one("evaluators", "No application waits for its evaluation").into());
        }
        Ok(page_of(&opening))
    }
}

/// Names another evaluator: of a further authority, or in the place of a colleague who gave up the seat.
#[derive(Debug, Clone, Serialize)]
pub struct NameEvaluator {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
    /// The evaluator's e-mail address.
    pub email: String,
}

impl Command for NameEvaluator {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.name_evaluator";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let new = evaluator(work, ("email", &self.email)).await?;
        let steps = work.panel_steps(evaluation.id).await?;
        let change = evaluation.name_evaluator(new.clone(), &steps)?;
        let evaluation = work.apply(change).await?;
        tell(work, &evaluation, &new).await?;
        Ok(record_of(&evaluation))
    }
}

/// What is judged of one gate or of one home on one lot: a gate's code, or `SC400001_planned`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GateVerdict {
    /// Which.
    pub code: String,
    /// Whether it is passed.
    pub passed: bool,
    /// Why not, or what is added.
    pub words: String,
}

/// Judges the gates of a provider and of its homes.
#[derive(Debug, Clone, Serialize)]
pub struct JudgeGates {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
    /// What is said of each.
    pub verdicts: Vec<GateVerdict>,
}

/// What the register shows of each home that is applied for.
pub(super) async fn home_findings(
    session: &Session,
    evaluation: &Evaluation,
    today: jiff::civil::Date,
) -> Answer<Vec<HomeFinding>> {
    let mut found = Vec::new();
    for applied in &evaluation.lots {
        for urn in &applied.homes {
            let home = session.home_by_urn(urn).await?;
            let inspections = session.inspections(home.id).await?;
            found.push(HomeFinding::of(&home, grade_on(&inspections, today).0, &applied.lot));
        }
    }
    Ok(found)
}

impl Command for JudgeGates {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.judge_gates";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let moment = work.moment();
        let homes = own_home_findings(work, &evaluation).await?;
        let application = work.application(evaluation.application).await?;
        let gates = application.answers.selection.findings(&evaluation.criteria, moment.today());
        let change = evaluation.judge((gates, homes), said_by(&self.verdicts), (actor.person, moment))?;
        let evaluation = work.apply(change).await?;
        Ok(record_of(&evaluation))
    }
}

/// Judges the homes anew, after a challenge about them was upheld.
#[derive(Debug, Clone, Serialize)]
pub struct JudgeHomes {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
    /// What is said of each home on each lot.
    pub verdicts: Vec<GateVerdict>,
}

impl Command for JudgeHomes {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.judge_homes";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let homes = own_home_findings(work, &evaluation).await?;
        let change = evaluation.judge_homes(homes, said_by(&self.verdicts))?;
        let evaluation = work.apply(change).await?;
        Ok(record_of(&evaluation))
    }
}

/// The same of homes that the regional team keeps.
async fn own_home_findings(work: &Work, evaluation: &Evaluation) -> Answer<Vec<HomeFinding>> {
    for urn in evaluation.lots.iter().flat_map(|applied| &applied.homes) {
        kept_home(work, urn.as_str()).await?;
    }
    home_findings(work, evaluation, work.moment().today()).await
}

/// What is said of a gate or a home; of what nothing is said, that it fails.
fn said_by(verdicts: &[GateVerdict]) -> impl Fn(&str) -> (bool, String) {
    move |code| {
        let said = verdicts.iter().find(|one| one.code == code);
        said.map_or((false, String::new()), |one| (one.passed, one.words.trim().to_owned()))
    }
}

/// An evaluator declares that there is no conflict of interest, or a conflict, also one that is found later.
#[derive(Debug, Clone, Serialize)]
pub struct DeclareInterest {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// Whether there is a conflict.
    pub conflict: bool,
    /// What it is.
    pub words: String,
}

impl Command for DeclareInterest {
    const ACTION: Action = Action::EvaluateApplications;
    const NAME: &'static str = "evaluation.declare";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        work.lock_evaluation(self.evaluation).await?;
        let evaluation = work.evaluation(self.evaluation).await?;
        on_panel(&evaluation, actor)?;
        let steps = work.panel_steps(evaluation.id).await?;
        let said = (self.conflict, self.words.as_str());
        let change = PanelStep::declare(work.new_id(), &evaluation, actor.person, said, (&steps, work.moment()))?;
        work.apply(change).await?;
        if self.conflict {
            work.enqueue(conflict_told(&evaluation).job()?);
            strike_later(work, &evaluation, actor.person)?;
        }
        Ok(Receipt::at(format!("/evaluations/{}", evaluation.id)))
    }
}

/// Evaluations are found by their evaluators alone: to anybody else's form there is none.
fn on_panel(evaluation: &Evaluation, actor: &Actor) -> Answer<()> {
    let there = |one: &Evaluator| one.person == actor.person && one.authority == actor.organisation;
    if evaluation.panel.iter().any(there) { Ok(()) } else { Err(Outcome::NotFound) }
}

/// An evaluator saves scores with comments, or hands them in.
#[derive(Debug, Clone, Serialize)]
pub struct SaveScores {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version of the sheet that the page showed; 0 for a new one.
    pub version: i64,
    /// The scores.
    pub marks: Vec<Mark>,
    /// Hand them in: from then on they stand.
    pub hand_in: bool,
}

impl Command for SaveScores {
    const ACTION: Action = Action::EvaluateApplications;
    const NAME: &'static str = "evaluation.score";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        work.lock_evaluation(self.evaluation).await?;
        let evaluation = work.evaluation(self.evaluation).await?;
        on_panel(&evaluation, actor)?;
        let earlier = work.own_sheet(evaluation.id, actor.person).await?;
        if earlier.as_ref().map_or(0, |sheet| sheet.version) != self.version {
            return Err(Outcome::Conflict);
        }
        let steps = work.panel_steps(evaluation.id).await?;
        let id = work.new_id();
        let change = Sheet::save(id, earlier, &evaluation, (actor.person, &steps), self.marks.clone())?;
        let sheet = work.apply(change).await?;
        if self.hand_in {
            let (change, step) = sheet.hand_in(work.new_id(), &evaluation, work.moment())?;
            work.apply(change).await?;
            work.apply(step).await?;
        }
        Ok(Receipt::at(format!("/evaluations/{}", evaluation.id)))
    }
}

/// Opens the scores to the panel.
#[derive(Debug, Clone, Serialize)]
pub struct OpenModeration {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for OpenModeration {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.open_moderation";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        // A conflict that is told meanwhile strikes a sheet.
        work.lock_evaluation(self.evaluation).await?;
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let steps = work.panel_steps(evaluation.id).await?;
        let change = evaluation.open_moderation(&steps)?;
        let evaluation = work.apply(change).await?;
        Ok(record_of(&evaluation))
    }
}

/// The consensus on one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConsensusSaid {
    /// The question's code.
    pub question: String,
    /// The score.
    pub score: u8,
    /// Why.
    pub reason: String,
}

/// Records the panel's consensus and recommends what follows.
#[derive(Debug, Clone, Serialize)]
pub struct RecommendOutcome {
    /// The evaluation.
    pub evaluation: EvaluationId,
    /// The version that the page showed.
    pub version: i64,
    /// The consensus.
    pub consensus: Vec<ConsensusSaid>,
    /// The recommendation in words.
    pub words: String,
    /// What the admission is recommended under, if anything.
    pub condition: Option<Condition>,
}

impl Command for RecommendOutcome {
    const ACTION: Action = Action::RunAdmission;
    const NAME: &'static str = "evaluation.recommend";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let evaluation = kept_evaluation(work, self.evaluation, self.version).await?;
        let sheets = work.opened_sheets(evaluation.id).await?;
        let said: Vec<(String, u8, String)> =
            self.consensus.iter().map(|one| (one.question.clone(), one.score, one.reason.clone())).collect();
        let evaluation = evaluation.on_condition(self.condition.clone(), work.moment().today())?;
        let change = evaluation.recommend(&sheets, &said, (actor.person, &self.words), work.moment())?;
        let evaluation = work.apply(change).await?;
        Ok(record_of(&evaluation))
    }
}
