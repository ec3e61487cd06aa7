//! Openings and applications: what the regional team, everybody and a provider do and read of them.

use axum::extract::Path;
use jiff::civil::DateTime;
use placewell_app::homes::admission::applying::{
    AskAboutOpening, BeginApplication, SaveApplication, SendApplication, WithdrawApplication,
};
use placewell_app::homes::admission::evaluating::StartEvaluations;
use placewell_app::homes::admission::opening::{AnswerQuestion, KeepOpening, MoveOpening, OpeningAct};
use placewell_app::homes::admission::outcome::ChallengeOutcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::{LotBody, PlanBody, QualityBody, SelectionBody};
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(openings))
        .routes(routes!(plan))
        .routes(routes!(revise))
        .routes(routes!(publish))
        .routes(routes!(cancel))
        .routes(routes!(answer))
        .routes(routes!(evaluate))
        .routes(routes!(begin))
        .routes(routes!(save_selection))
        .routes(routes!(save_quality))
        .routes(routes!(save_lot))
        .routes(routes!(send))
        .routes(routes!(withdraw))
        .routes(routes!(ask))
        .routes(routes!(challenge))
}

/// An opening of the arrangement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Opening)]
struct OpeningShown {
    /// Its reference.
    #[schema(example = "AR-004")]
    reference: String,
    /// What it is called.
    title: String,
    /// How it stands now.
    phase: &'static str,
    /// From when applications are taken.
    #[schema(value_type = String, example = "2021-09-24T12:00:00")]
    opens: DateTime,
    /// The deadline, to the second.
    #[schema(value_type = String, example = "2021-09-24T12:00:00")]
    closes: DateTime,
    /// The lots that are open.
    lots: Vec<String>,
    /// The formula in words.
    formula: String,
}

/// The openings.
#[derive(Debug, Serialize, ToSchema)]
struct Openings {
    /// The latest deadline first.
    openings: Vec<OpeningShown>,
}

/// List the openings that are published
#[utoipa::path(get, path = "/openings", tag = "admission", operation_id = "list_openings", responses((status = 200, body = Openings)))]
async fn openings(api: Api) -> Answered {
    let found = api.app().public_openings().await?;
    let shown = found.into_iter().map(|(opening, phase)| OpeningShown {
        phase: phase.label(),
        opens: opening.plan.opens,
        closes: opening.plan.closes,
        lots: opening.plan.criteria.templates.iter().map(|template| template.lot.clone()).collect(),
        formula: opening.plan.criteria.formula(),
        title: opening.plan.title,
        reference: opening.reference,
    });
    Ok(plain(&Openings { openings: shown.collect() }))
}

/// Plan an opening
#[utoipa::path(post, path = "/openings", tag = "admission", operation_id = "plan_opening", request_body = PlanBody, responses((status = 201, body = Done)))]
async fn plan(sent: Sent<PlanBody>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, KeepOpening { reference: None, version: 0, plan: body.plan() }).await?))
}

/// Write a draft anew
#[utoipa::path(post, path = "/openings/{reference}/revise", tag = "admission", operation_id = "revise_opening", params(IfMatch), request_body = PlanBody, responses((status = 200, body = Done)))]
async fn revise(Path(reference): Path<String>, sent: Sent<PlanBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, KeepOpening { reference: Some(reference), version, plan: body.plan() }).await?))
}

/// Publish an opening: its criteria are fixed
#[utoipa::path(post, path = "/openings/{reference}/publish", tag = "admission", operation_id = "publish_opening", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn publish(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, MoveOpening { reference, version, act: OpeningAct::Publish }).await?))
}

/// Why an opening is called off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CancelledOpening {
    /// Everybody reads it.
    #[schema(max_length = 500)]
    reason: String,
}

/// Call an opening off
#[utoipa::path(post, path = "/openings/{reference}/cancel", tag = "admission", operation_id = "cancel_opening", params(IfMatch), request_body = CancelledOpening, responses((status = 200, body = Done)))]
async fn cancel(Path(reference): Path<String>, sent: Sent<CancelledOpening>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let act = OpeningAct::Cancel { reason: body.reason };
    Ok(changed(api.perform(&key, MoveOpening { reference, version, act }).await?))
}

/// An answer to everybody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerToAll {
    /// The question as it is published: nothing that shows who asked.
    #[schema(max_length = 2000)]
    question: String,
    /// The answer.
    #[schema(max_length = 2000)]
    answer: String,
}

/// Answer a question to everybody
#[utoipa::path(post, path = "/openings/{reference}/questions/{id}/answer", tag = "admission", operation_id = "answer_opening_question", request_body = AnswerToAll, responses((status = 200, body = Done)))]
async fn answer(Path((reference, id)): Path<(String, i64)>, sent: Sent<AnswerToAll>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = AnswerQuestion { reference, question: id, words: body.question, answer: body.answer };
    Ok(changed(api.perform(&key, command).await?))
}

/// Who evaluates.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PanelNamed {
    /// E-mail addresses of at least two people, each of another authority.
    evaluators: Vec<String>,
}

/// Begin the evaluation of every application that came in time
#[utoipa::path(post, path = "/openings/{reference}/evaluations", tag = "admission", operation_id = "begin_evaluations", request_body = PanelNamed, responses((status = 201, body = Done)))]
async fn evaluate(Path(reference): Path<String>, sent: Sent<PanelNamed>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, StartEvaluations { reference, evaluators: body.evaluators }).await?))
}

/// How an application begins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplicationBegun {
    /// Take over the answers of the latest application that can still be true, each to be reviewed.
    reuse: bool,
}

/// Begin an application
#[utoipa::path(post, path = "/openings/{reference}/application", tag = "admission", operation_id = "begin_application", request_body = ApplicationBegun, responses((status = 201, body = Done)))]
async fn begin(Path(reference): Path<String>, sent: Sent<ApplicationBegun>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, BeginApplication { reference, reuse: body.reuse }).await?))
}

/// Save the selection answers of the draft
#[utoipa::path(put, path = "/openings/{reference}/application/selection", tag = "admission", operation_id = "save_selection_answers", params(IfMatch), request_body = SelectionBody, responses((status = 200, body = Done)))]
async fn save_selection(Path(reference): Path<String>, sent: Sent<SelectionBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, SaveApplication { reference, version, part: body.part() }).await?))
}

/// Save the quality answers of the draft
#[utoipa::path(put, path = "/openings/{reference}/application/quality", tag = "admission", operation_id = "save_quality_answers", params(IfMatch), request_body = QualityBody, responses((status = 200, body = Done)))]
async fn save_quality(Path(reference): Path<String>, sent: Sent<QualityBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, SaveApplication { reference, version, part: body.part() }).await?))
}

/// Save a lot of the draft: homes and price
#[utoipa::path(put, path = "/openings/{reference}/application/lots/{lot}", tag = "admission", operation_id = "save_applied_lot", params(IfMatch), request_body = LotBody, responses((status = 200, body = Done)))]
async fn save_lot(Path((reference, lot)): Path<(String, String)>, sent: Sent<LotBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let part = body.part(lot)?;
    Ok(changed(api.perform(&key, SaveApplication { reference, version, part }).await?))
}

/// Who signs an application.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ApplicationSigned {
    /// The name.
    name: String,
    /// The role.
    role: String,
    /// "I have authority to sign, and the answers are true."
    has_authority: bool,
}

/// Sign and send an application
#[utoipa::path(post, path = "/openings/{reference}/application/send", tag = "admission", operation_id = "send_application", params(IfMatch), request_body = ApplicationSigned, responses((status = 200, body = Done)))]
async fn send(Path(reference): Path<String>, sent: Sent<ApplicationSigned>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let (name, role, has_authority) = (body.name, body.role, body.has_authority);
    Ok(changed(api.perform(&key, SendApplication { reference, version, name, role, has_authority }).await?))
}

/// Take an application back before the deadline
#[utoipa::path(post, path = "/openings/{reference}/application/withdraw", tag = "admission", operation_id = "withdraw_application", request_body = Nothing, responses((status = 200, body = Done)))]
async fn withdraw(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, WithdrawApplication { reference }).await?))
}

/// A question about an opening.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpeningQuestion {
    /// Its answer goes to everybody, without the asker.
    #[schema(max_length = 2000)]
    text: String,
}

/// Ask a question about an opening
#[utoipa::path(post, path = "/openings/{reference}/questions", tag = "admission", operation_id = "ask_about_opening", request_body = OpeningQuestion, responses((status = 201, body = Done)))]
async fn ask(Path(reference): Path<String>, sent: Sent<OpeningQuestion>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, AskAboutOpening { reference, text: body.text }).await?))
}

/// A challenge of an outcome.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OutcomeChallenged {
    /// What is challenged and why.
    #[schema(max_length = 2000)]
    words: String,
}

/// Challenge one's own outcome within the standstill
#[utoipa::path(post, path = "/openings/{reference}/application/challenge", tag = "admission", operation_id = "challenge_outcome", request_body = OutcomeChallenged, responses((status = 201, body = Done)))]
async fn challenge(Path(reference): Path<String>, sent: Sent<OutcomeChallenged>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, ChallengeOutcome { reference, words: body.words }).await?))
}
