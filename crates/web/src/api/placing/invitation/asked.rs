//! What the authority does about homes that were asked: reminders, one-time links, answers got by phone, questions.

use axum::extract::Path;
use jiff::civil::DateTime;
use placewell_app::naming::Confirmed;
use placewell_app::placing::invitation::link::MailLink;
use placewell_app::placing::invitation::{AnswerQuestion, RecordDecline, Remind};
use placewell_domain::placing::invitation::Evidence;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(remind))
        .routes(routes!(link))
        .routes(routes!(record_decline))
        .routes(routes!(questions))
        .routes(routes!(answer))
}

/// Where a one-time link goes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkTo {
    /// The home's e-mail address.
    #[schema(example = "manager@home.example", max_length = 200)]
    email: String,
}

/// Mail a home without an account a link that serves for one answer
///
/// The link stands in the mail only.
#[utoipa::path(post, path = "/referrals/{reference}/invitations/{number}/link", tag = "invitation", operation_id = "mail_link", request_body = LinkTo, responses((status = 201, body = Done)))]
async fn link(Path((reference, number)): Path<(String, u32)>, sent: Sent<LinkTo>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(made(api.perform(&key, MailLink { reference, number, email: body.email }).await?))
}

/// A question of a home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuestionOfHome)]
struct QuestionLine {
    /// Its id.
    id: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// The provider that asks.
    provider: String,
    /// When, on the clock in London.
    asked: String,
    /// The question.
    question: String,
    /// The answer, once there is one.
    answer: Option<String>,
}

/// List the questions about a referral
#[utoipa::path(get, path = "/referrals/{reference}/questions", tag = "invitation", operation_id = "list_questions", responses((status = 200, body = Vec<QuestionLine>)))]
async fn questions(api: Api, Path(reference): Path<String>) -> Answered {
    let (_, found) = api.app().referral_questions(&api.actor, &reference).await?;
    let lines = found.into_iter().map(|read| QuestionLine {
        id: read.question.id.to_string(),
        version: read.question.version,
        provider: read.provider,
        asked: read.question.asked.to_string(),
        question: read.text,
        answer: read.answer,
    });
    Ok(plain(&lines.collect::<Vec<_>>()))
}

/// Remind every home that has not answered
#[utoipa::path(post, path = "/referrals/{reference}/remind", tag = "invitation", request_body = Nothing, responses((status = 200, body = Done)))]
async fn remind(Path(reference): Path<String>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, Remind { reference }).await?))
}

/// A decline by phone or e-mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordedDecline {
    /// The reason.
    reason: code::DeclineReason,
    /// `phone`, `email` or `in_person`.
    channel: code::Channel,
    /// When the home said it, on the clock in London.
    #[schema(value_type = String, example = "2021-09-13T09:40:00")]
    said_at: DateTime,
    /// Who said it for the home; sealed.
    #[schema(max_length = 120)]
    said_by: String,
    /// The note of what was said, or the e-mail's text; sealed.
    #[schema(max_length = 4000)]
    evidence: String,
}

/// Record that a home declined by phone or e-mail
#[utoipa::path(post, path = "/referrals/{reference}/invitations/{number}/decline", tag = "invitation", request_body = RecordedDecline, responses((status = 200, body = Done)))]
async fn record_decline(Path((reference, number)): Path<(String, u32)>, sent: Sent<RecordedDecline>) -> Answered {
    let Sent { api, body, key } = sent;
    let (reason, channel, said_at) = (body.reason.0, body.channel.0, body.said_at);
    let evidence = Evidence { said_by: body.said_by, words: body.evidence };
    Ok(changed(api.perform(&key, RecordDecline { reference, number, reason, channel, said_at, evidence }).await?))
}

/// An answer to a question.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// The answer.
    #[schema(max_length = 2000)]
    answer: String,
    /// Every home that was asked reads question and answer.
    to_everyone: bool,
    /// The key of each finding that you confirm tells of no child, as the refusal gave it.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Answer a home's question
#[utoipa::path(post, path = "/referrals/{reference}/questions/{id}/answer", tag = "invitation", operation_id = "answer_home", params(IfMatch), request_body = AnswerBody, responses((status = 200, body = Done)))]
async fn answer(Path((reference, id)): Path<(String, String)>, sent: Sent<AnswerBody>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let question = id.parse().map_err(|_| Problem::not_found())?;
    let (text, to_everyone) = (body.answer, body.to_everyone);
    let command = AnswerQuestion { reference, question, version, text, to_everyone };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}
