//! Evaluations: the records that authorities rely on, the regional team's acts, an evaluator's scores, doubts.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::homes::admission::doubt::{AnswerDoubt, NoteDoubt};
use placewell_app::homes::admission::evaluating::{
    ConsensusSaid, DeclareInterest, GateVerdict, JudgeGates, JudgeHomes, NameEvaluator, OpenModeration,
    RecommendOutcome, SaveScores,
};
use placewell_app::homes::admission::outcome::{AnswerChallenge, ConfirmOutcome, IssueLetter};
use placewell_app::homes::admission::seat::ReleaseEvaluator;
use placewell_app::homes::standing::RecordCondition;
use placewell_domain::homes::admission::evaluation::{
    Condition, ConditionSaid, ConditionState, Evaluation, EvaluationState, outcome,
};
use placewell_domain::homes::admission::score::Mark;
use placewell_domain::id::{EvaluationId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{given_score, score_so_far};
use crate::api::code;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(show))
        .routes(routes!(name_evaluator))
        .routes(routes!(release))
        .routes(routes!(judge))
        .routes(routes!(judge_homes))
        .routes(routes!(declare))
        .routes(routes!(score))
        .routes(routes!(moderate))
        .routes(routes!(recommend))
        .routes(routes!(issue))
        .routes(routes!(answer_challenge))
        .routes(routes!(confirm))
        .routes(routes!(record_condition))
        .routes(routes!(doubts))
        .routes(routes!(doubt))
        .routes(routes!(answer_doubt))
}

/// A home of an evaluation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvaluatedHome)]
struct HomeShown {
    /// Ofsted's number.
    urn: String,
    /// The lot's code.
    lot: String,
    /// Whether it passed.
    passed: bool,
}

/// A gate of an evaluation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvaluatedGate)]
struct GateShown {
    /// Which.
    gate: &'static str,
    /// Whether it passed.
    passed: bool,
    /// What was found.
    found: String,
    /// The last day on which the evidence holds.
    until: Option<Date>,
}

/// What an admission is recommended under.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ConditionAsked)]
struct ConditionBody {
    /// What the provider does.
    #[schema(max_length = 1000)]
    words: String,
    /// The last day by which it is done.
    by: Date,
}

/// What an admission is given under, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdmissionCondition)]
struct ConditionShown {
    /// What the provider does.
    words: String,
    /// The last day by which it is done.
    by: Date,
    /// What came of it: `open`, `met` or `not_met`.
    state: &'static str,
    /// On which day it was met.
    met_on: Option<Date>,
    /// What shows that it was met.
    evidence: Option<String>,
    /// Why it was not met by its day, also where it was later.
    missed: Option<String>,
}

impl From<&Condition> for ConditionShown {
    fn from(one: &Condition) -> Self {
        let (met_on, evidence, missed) = match &one.state {
            ConditionState::Open => (None, None, None),
            ConditionState::Met { on, evidence, missed, .. } => (Some(*on), Some(evidence.clone()), missed.clone()),
            ConditionState::NotMet { reason, .. } => (None, None, Some(reason.clone())),
        };
        Self { words: one.words.clone(), by: one.by, state: one.state.name(), met_on, evidence, missed }
    }
}

/// An evaluator of a panel.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PanelEvaluator)]
struct SeatShown {
    /// The person.
    person: Id,
    /// Their name.
    name: String,
    /// Their authority.
    authority: String,
    /// Whether the regional team released the seat.
    released: bool,
    /// Whether scores that had been opened count no more, since a conflict was told later.
    struck: bool,
}

/// An evaluation record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Evaluation)]
struct EvaluationShown {
    /// Its id.
    id: Id,
    /// The opening's reference.
    opening: String,
    /// The provider's name.
    provider: String,
    /// Where it stands.
    state: &'static str,
    /// Since when it holds.
    from: Option<Date>,
    /// The first day on which it no longer holds.
    until: Option<Date>,
    /// The quality mark out of 100, where quality was read.
    #[schema(example = "78.00")]
    quality: Option<String>,
    /// What the provider is admitted under; null where under nothing.
    condition: Option<ConditionShown>,
    /// The panel, also those who gave up their seat.
    panel: Vec<SeatShown>,
    /// The gates.
    gates: Vec<GateShown>,
    /// The homes, lot by lot.
    homes: Vec<HomeShown>,
}

impl From<&Evaluation> for EvaluationShown {
    fn from(one: &Evaluation) -> Self {
        let (from, until) = match one.state {
            EvaluationState::Admitted { from, until } => (Some(from), Some(until)),
            EvaluationState::Gates
            | EvaluationState::Scoring
            | EvaluationState::Moderating
            | EvaluationState::Recommended { .. }
            | EvaluationState::Standstill { .. }
            | EvaluationState::NotAdmitted { .. } => (None, None),
        };
        let gate = |gate: &placewell_domain::homes::admission::evaluation::GateJudged| GateShown {
            gate: gate.gate.code(),
            passed: gate.passed,
            found: gate.found.clone(),
            until: gate.until,
        };
        let home = |home: &placewell_domain::homes::admission::evaluation::HomeJudged| HomeShown {
            urn: home.finding.urn.to_string(),
            lot: home.finding.lot.clone(),
            passed: home.passed,
        };
        let seat = |seat: &placewell_domain::homes::admission::score::Evaluator| SeatShown {
            person: Id(seat.person.0),
            name: seat.name.clone(),
            authority: seat.authority_name.clone(),
            released: one.release_of(seat.person).is_some(),
            struck: one.struck.contains(&seat.person),
        };
        Self {
            id: Id(one.id.0),
            opening: one.opening_reference.clone(),
            provider: one.provider_name.clone(),
            state: one.state.name(),
            from,
            until,
            condition: one.condition_of_admission().map(ConditionShown::from),
            quality: outcome(one).quality.map(|points| points.to_string()),
            panel: one.panel.iter().map(seat).collect(),
            gates: one.gates.iter().map(gate).collect(),
            homes: one.homes.iter().map(home).collect(),
        }
    }
}

/// The evaluation records.
#[derive(Debug, Serialize, ToSchema)]
struct Evaluations {
    /// The latest first.
    evaluations: Vec<EvaluationShown>,
}

/// List the evaluation records
#[utoipa::path(get, path = "/evaluations", tag = "admission", operation_id = "list_evaluations", responses((status = 200, body = Evaluations)))]
async fn list(api: Api) -> Answered {
    let found = api.app().evaluations(&api.actor).await?;
    Ok(plain(&Evaluations { evaluations: found.iter().map(Into::into).collect() }))
}

/// Read an evaluation record
#[utoipa::path(get, path = "/evaluations/{id}", tag = "admission", operation_id = "get_evaluation", responses((status = 200, body = EvaluationShown)))]
async fn show(api: Api, Path(id): Path<i64>) -> Answered {
    let found = api.app().evaluation_page(&api.actor, EvaluationId(id)).await?.evaluation;
    Ok(versioned(found.version, &EvaluationShown::from(&found)))
}

/// Another evaluator.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EvaluatorNamed {
    /// The e-mail address.
    email: String,
}

/// Name another evaluator
#[utoipa::path(post, path = "/evaluations/{id}/evaluators", tag = "admission", operation_id = "name_evaluator", params(IfMatch), request_body = EvaluatorNamed, responses((status = 200, body = Done)))]
async fn name_evaluator(Path(id): Path<i64>, sent: Sent<EvaluatorNamed>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = NameEvaluator { evaluation: EvaluationId(id), version, email: body.email };
    Ok(changed(api.perform(&key, command).await?))
}

/// A seat to release.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeatReleased {
    /// The evaluator, as the record's panel names them.
    person: Id,
    /// Why; the evaluator is not told.
    reason: code::ReleaseReason,
}

/// Release the seat of an evaluator who has not handed in and is not going to
#[utoipa::path(post, path = "/evaluations/{id}/releases", tag = "admission", operation_id = "release_evaluator", params(IfMatch), request_body = SeatReleased, responses((status = 200, body = Done)))]
async fn release(Path(id): Path<i64>, sent: Sent<SeatReleased>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let (evaluation, person, reason) = (EvaluationId(id), PersonId(body.person.0), body.reason.0);
    Ok(changed(api.perform(&key, ReleaseEvaluator { evaluation, version, person, reason }).await?))
}

/// What is judged of a gate, or of a home on a lot.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VerdictBody {
    /// A gate's code, or number and lot of a home such as `SC400001_planned`.
    code: String,
    /// Whether it is passed.
    passed: bool,
    /// Why not, or what is added.
    words: String,
}

impl From<VerdictBody> for GateVerdict {
    fn from(one: VerdictBody) -> Self {
        Self { code: one.code, passed: one.passed, words: one.words }
    }
}

/// The verdicts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct GatesJudged {
    /// One for each gate and each home.
    verdicts: Vec<VerdictBody>,
}

/// Judge the gates
#[utoipa::path(post, path = "/evaluations/{id}/gates", tag = "admission", operation_id = "judge_gates", params(IfMatch), request_body = GatesJudged, responses((status = 200, body = Done)))]
async fn judge(Path(id): Path<i64>, sent: Sent<GatesJudged>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let verdicts = body.verdicts.into_iter().map(GateVerdict::from).collect();
    Ok(changed(api.perform(&key, JudgeGates { evaluation: EvaluationId(id), version, verdicts }).await?))
}

/// The verdicts on homes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HomesJudged {
    /// One for each home on each lot.
    verdicts: Vec<VerdictBody>,
}

/// Judge the homes anew, after a challenge about them was upheld
#[utoipa::path(post, path = "/evaluations/{id}/homes", tag = "admission", operation_id = "judge_homes", params(IfMatch), request_body = HomesJudged, responses((status = 200, body = Done)))]
async fn judge_homes(Path(id): Path<i64>, sent: Sent<HomesJudged>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let verdicts = body.verdicts.into_iter().map(GateVerdict::from).collect();
    Ok(changed(api.perform(&key, JudgeHomes { evaluation: EvaluationId(id), version, verdicts }).await?))
}

/// A declaration.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct InterestDeclared {
    /// Whether there is a conflict of interest.
    conflict: bool,
    /// What it is.
    words: String,
}

/// Declare a conflict of interest, also one that is found later, or that there is none
#[utoipa::path(post, path = "/evaluations/{id}/declaration", tag = "admission", operation_id = "declare_interest", request_body = InterestDeclared, responses((status = 201, body = Done)))]
async fn declare(Path(id): Path<i64>, sent: Sent<InterestDeclared>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = DeclareInterest { evaluation: EvaluationId(id), conflict: body.conflict, words: body.words };
    Ok(made(api.perform(&key, command).await?))
}

/// A score with its comment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScoreBody {
    /// The question's code.
    question: String,
    /// The score, 0 to 5; null while it is not given.
    #[serde(default, deserialize_with = "score_so_far")]
    score: Option<u8>,
    /// Why.
    #[schema(max_length = 2000)]
    comment: String,
}

/// An evaluator's own scores.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScoresBody {
    /// The scores.
    marks: Vec<ScoreBody>,
    /// Hand them in: from then on they stand.
    hand_in: bool,
}

/// Save one's own scores, or hand them in; the version is 0 for the first time
#[utoipa::path(put, path = "/evaluations/{id}/scores", tag = "admission", operation_id = "save_scores", params(IfMatch), request_body = ScoresBody, responses((status = 200, body = Done)))]
async fn score(Path(id): Path<i64>, sent: Sent<ScoresBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let mark = |one: ScoreBody| Mark { question: one.question, score: one.score, comment: one.comment };
    let marks = body.marks.into_iter().map(mark).collect();
    let command = SaveScores { evaluation: EvaluationId(id), version, marks, hand_in: body.hand_in };
    Ok(changed(api.perform(&key, command).await?))
}

/// Open the scores to the panel
#[utoipa::path(post, path = "/evaluations/{id}/moderation", tag = "admission", operation_id = "open_moderation", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn moderate(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, OpenModeration { evaluation: EvaluationId(id), version }).await?))
}

/// The consensus on a question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsensusBody {
    /// The question's code.
    question: String,
    /// The score.
    #[serde(deserialize_with = "given_score")]
    score: u8,
    /// Why: the provider reads it.
    #[schema(max_length = 2000)]
    reason: String,
}

/// A recommendation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Recommended {
    /// The consensus on each question; empty where homes alone were opened again, so that it stands.
    consensus: Vec<ConsensusBody>,
    /// What is recommended and why.
    #[schema(max_length = 2000)]
    words: String,
    /// What the admission is recommended under, if anything: the provider and every authority read it.
    condition: Option<ConditionBody>,
}

/// Record the consensus and recommend
#[utoipa::path(post, path = "/evaluations/{id}/recommendation", tag = "admission", operation_id = "recommend_outcome", params(IfMatch), request_body = Recommended, responses((status = 200, body = Done)))]
async fn recommend(Path(id): Path<i64>, sent: Sent<Recommended>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let said = |one: ConsensusBody| ConsensusSaid { question: one.question, score: one.score, reason: one.reason };
    let consensus = body.consensus.into_iter().map(said).collect();
    let condition = body.condition.map(|one| Condition::asked(one.words, one.by));
    let (evaluation, words) = (EvaluationId(id), body.words);
    let command = RecommendOutcome { evaluation, version, consensus, words, condition };
    Ok(changed(api.perform(&key, command).await?))
}

/// Send the letter: the standstill begins
#[utoipa::path(post, path = "/evaluations/{id}/letter", tag = "admission", operation_id = "issue_letter", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn issue(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, IssueLetter { evaluation: EvaluationId(id), version }).await?))
}

/// The answer to a challenge.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChallengeAnswered {
    /// Whether it is upheld.
    upheld: bool,
    /// What is opened again, where it is upheld; null where it is not.
    reopens: Option<code::Reopened>,
    /// The answer.
    #[schema(max_length = 2000)]
    words: String,
}

/// Answer a challenge
#[utoipa::path(post, path = "/evaluations/{id}/challenge/answer", tag = "admission", operation_id = "answer_challenge", params(IfMatch), request_body = ChallengeAnswered, responses((status = 200, body = Done)))]
async fn answer_challenge(Path(id): Path<i64>, sent: Sent<ChallengeAnswered>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    if body.upheld != body.reopens.is_some() {
        let ask = "Say what is opened again where the challenge is upheld, and nothing where it is not";
        return Err(Problem::field("reopens", ask));
    }
    let reopens = body.reopens.map(|what| what.0);
    let command = AnswerChallenge { evaluation: EvaluationId(id), version, reopens, words: body.words };
    Ok(changed(api.perform(&key, command).await?))
}

/// Make the outcome final after the standstill, and admit what passed
#[utoipa::path(post, path = "/evaluations/{id}/confirm", tag = "admission", operation_id = "confirm_outcome", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn confirm(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    let receipt = api.perform(&key, ConfirmOutcome { evaluation: EvaluationId(id), version }).await?;
    api.app().homes.forget().await;
    Ok(changed(receipt))
}

/// What came of a condition.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConditionRecorded {
    /// Whether it was met; that it was not is recorded once its day has passed, and proposes a watch.
    met: bool,
    /// On which day, where it was met; null where it was not.
    on: Option<Date>,
    /// What shows it, or why it was not met: the provider and every authority read it. No names of children.
    #[schema(max_length = 2000)]
    words: String,
}

/// Record what came of the condition that a provider is admitted under
#[utoipa::path(post, path = "/evaluations/{id}/condition", tag = "admission", operation_id = "record_admission_condition", params(IfMatch), request_body = ConditionRecorded, responses((status = 200, body = Done)))]
async fn record_condition(Path(id): Path<i64>, sent: Sent<ConditionRecorded>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let said = match (body.met, body.on) {
        (true, Some(on)) => ConditionSaid::Met { on, evidence: body.words },
        (false, None) => ConditionSaid::NotMet { reason: body.words },
        _ => return Err(Problem::field("on", "Give the day where the condition was met, and none where it was not")),
    };
    let receipt = api.perform(&key, RecordCondition { evaluation: EvaluationId(id), version, said }).await?;
    api.app().homes.forget().await;
    Ok(changed(receipt))
}

/// A doubt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DoubtNoted {
    /// What is doubted and why; no names of children.
    #[schema(max_length = 2000)]
    words: String,
}

/// Note a doubt about a record that one's authority relies on
#[utoipa::path(post, path = "/evaluations/{id}/doubts", tag = "admission", operation_id = "note_doubt", request_body = DoubtNoted, responses((status = 201, body = Done)))]
async fn doubt(Path(id): Path<i64>, sent: Sent<DoubtNoted>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, NoteDoubt { evaluation: EvaluationId(id), words: body.words }).await?))
}

/// A doubt of an authority.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvaluationDoubt)]
struct DoubtShown {
    /// Its id.
    id: Id,
    /// The authority.
    authority: String,
    /// When it was noted.
    #[schema(value_type = String, example = "2021-09-13T10:20:00")]
    at: jiff::civil::DateTime,
    /// What is doubted and why.
    words: String,
    /// The regional team's answer, once there is one.
    answer: Option<String>,
}

/// List the doubts of authorities about a record, with their answers
#[utoipa::path(get, path = "/evaluations/{id}/doubts", tag = "admission", operation_id = "list_doubts", responses((status = 200, body = Vec<DoubtShown>)))]
async fn doubts(api: Api, Path(id): Path<i64>) -> Answered {
    let found = api.app().evaluation_page(&api.actor, EvaluationId(id)).await?;
    let answer = |doubt: i64| found.answers.iter().find(|one| one.doubt == doubt).map(|one| one.words.clone());
    let shown = found.doubts.iter().map(|one| DoubtShown {
        id: Id(one.id),
        authority: one.authority_name.clone(),
        at: one.at,
        words: one.words.clone(),
        answer: answer(one.id),
    });
    Ok(plain(&shown.collect::<Vec<_>>()))
}

/// An answer to a doubt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DoubtAnswered {
    /// The answer; every authority reads it. No names of children.
    #[schema(max_length = 2000)]
    answer: String,
}

/// Answer a doubt, once
#[utoipa::path(post, path = "/evaluations/{id}/doubts/{doubt}/answer", tag = "admission", operation_id = "answer_doubt", request_body = DoubtAnswered, responses((status = 200, body = Done)))]
async fn answer_doubt(Path((id, doubt)): Path<(i64, i64)>, sent: Sent<DoubtAnswered>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = AnswerDoubt { evaluation: EvaluationId(id), doubt, words: body.answer };
    Ok(changed(api.perform(&key, command).await?))
}
