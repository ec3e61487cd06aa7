//! What democratic services records of a decision: drafts, notices, publication, call-in and its end.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::naming::Confirmed;
use placewell_app::power::decision::{
    CallIn, CloseCallIn, Confirm, Correct, GiveNotice, Publish, Record, Rescind, Revise, Supersede, WithdrawNotice,
};
use placewell_domain::power::decision::{CallInRequest, Notice};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::page::PageBody;
use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, made};
use crate::api::request::Sent;
use crate::api::value::IfMatch;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(record))
        .routes(routes!(revise))
        .routes(routes!(give_notice))
        .routes(routes!(withdraw_notice))
        .routes(routes!(publish))
        .routes(routes!(correct))
        .routes(routes!(call_in))
        .routes(routes!(close_call_in))
        .routes(routes!(confirm))
        .routes(routes!(rescind))
        .routes(routes!(supersede))
}

/// A decision to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordDecision {
    /// Its reference: the authority's code, then letters, figures and hyphens.
    #[schema(example = "HEF-2021-0913", max_length = 30)]
    reference: String,
    /// The reference of the decision that it amends.
    amends: Option<String>,
    /// What its page says.
    page: PageBody,
}

/// Record a decision as a draft
#[utoipa::path(post, path = "/decisions", tag = "decision", request_body = RecordDecision, responses((status = 201, body = Done)))]
async fn record(sent: Sent<RecordDecision>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = Record { reference: body.reference, amends: body.amends, page: body.page.into() };
    Ok(made(api.perform(&key, command).await?))
}

/// A checked page.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePage {
    /// The whole page as it shall be.
    page: PageBody,
}

/// Replace a draft's page
#[utoipa::path(post, path = "/decisions/{reference}/revise", tag = "decision", params(IfMatch), request_body = ChangePage, responses((status = 200, body = Done)))]
async fn revise(Path(reference): Path<String>, sent: Sent<ChangePage>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, Revise { reference, version, page: body.page.into() }).await?))
}

/// A corrected page.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectPage {
    /// The whole page as it shall be.
    page: PageBody,
    /// Why it is corrected; everybody reads it beside the difference.
    #[schema(max_length = 1000)]
    why: String,
    /// Findings that you confirm, each as the refusal names it after the act: `reasons:home:Oak House`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Correct the words of a published page
#[utoipa::path(post, path = "/decisions/{reference}/correct", tag = "decision", params(IfMatch), request_body = CorrectPage, responses((status = 200, body = Done)))]
async fn correct(Path(reference): Path<String>, sent: Sent<CorrectPage>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = Correct { reference, version, page: body.page.into(), why: body.why };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// Notice of a key decision to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoticeOfDecision {
    /// The day of publication.
    on: Date,
    /// By which rule.
    kind: code::NoticeKind,
    /// The first day on which the decision is to be taken.
    expected: Date,
    /// Why 28 days are impracticable, or why the decision cannot wait.
    #[schema(max_length = 1000)]
    why: Option<String>,
    /// When the scrutiny chair was told (general exception) or agreed (special urgency).
    chair_on: Option<Date>,
    /// Findings that you confirm, each as the refusal names it after the act: `reasons:home:Oak House`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Record that notice of a key decision was published
#[utoipa::path(post, path = "/decisions/{reference}/give-notice", tag = "decision", params(IfMatch), request_body = NoticeOfDecision, responses((status = 200, body = Done)))]
async fn give_notice(Path(reference): Path<String>, sent: Sent<NoticeOfDecision>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let NoticeOfDecision { on, kind, expected, why, chair_on, confirmed } = body;
    let notice = Notice { on, kind: kind.0, expected, why, chair_on };
    let command = GiveNotice { reference, version, notice };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed }).await?))
}

/// A notice to take off the forward plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawalOfNotice {
    /// When.
    on: Date,
    /// Why the decision is not taken on this notice.
    #[schema(max_length = 1000)]
    reason: String,
    /// Findings that you confirm, each as the refusal names it after the act: `reasons:home:Oak House`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Take a notice off the forward plan
#[utoipa::path(post, path = "/decisions/{reference}/withdraw-notice", tag = "decision", params(IfMatch), request_body = WithdrawalOfNotice, responses((status = 200, body = Done)))]
async fn withdraw_notice(Path(reference): Path<String>, sent: Sent<WithdrawalOfNotice>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = WithdrawNotice { reference, version, on: body.on, reason: body.reason };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// A decision taken and published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublishDecision {
    /// The day on which it was taken.
    decided_on: Date,
    /// The day of publication, not in the future.
    published_on: Date,
    /// Call-in does not apply because of urgency.
    #[serde(default)]
    urgent: bool,
    /// A recorded date of effect; it wins over the computed one. Where it is left out, the date that the page prints.
    effective_from: Option<Date>,
    /// Why it differs from the computed one, where it does.
    #[schema(max_length = 500)]
    effective_reason: Option<String>,
    /// Findings that you confirm, each as the refusal names it after the act: `reasons:home:Oak House`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Record that a decision was taken, and publish it
#[utoipa::path(post, path = "/decisions/{reference}/publish", tag = "decision", params(IfMatch), request_body = PublishDecision, responses((status = 200, body = Done)))]
async fn publish(Path(reference): Path<String>, sent: Sent<PublishDecision>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = Publish {
        reference,
        version,
        decided_on: body.decided_on,
        published_on: body.published_on,
        urgent: body.urgent,
        effective_from: body.effective_from,
        effective_reason: body.effective_reason,
    };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// A request to call a decision in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CallDecisionIn {
    /// The day of the request.
    on: Date,
    /// Who asked.
    #[schema(example = "Three members of the children's scrutiny committee")]
    by: String,
    /// The grounds.
    grounds: String,
    /// Findings that you confirm, each as the refusal names it after the act: `reasons:home:Oak House`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Record that a decision was called in
#[utoipa::path(post, path = "/decisions/{reference}/call-in", tag = "decision", params(IfMatch), request_body = CallDecisionIn, responses((status = 200, body = Done)))]
async fn call_in(Path(reference): Path<String>, sent: Sent<CallDecisionIn>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let request = CallInRequest { on: body.on, by: body.by, grounds: body.grounds };
    let command = CallIn { reference, version, request };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// How a call-in ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfCallIn {
    /// The outcome.
    outcome: code::CallInOutcome,
    /// When.
    on: Date,
}

/// Record how a call-in ended
#[utoipa::path(post, path = "/decisions/{reference}/close-call-in", tag = "decision", params(IfMatch), request_body = EndOfCallIn, responses((status = 200, body = Done)))]
async fn close_call_in(Path(reference): Path<String>, sent: Sent<EndOfCallIn>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, CloseCallIn { reference, version, outcome: body.outcome.0, on: body.on }).await?))
}

/// The day of a confirmation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmDecision {
    /// When the decision maker confirmed it.
    on: Date,
}

/// Record that the decision maker confirmed a decision after its call-in
#[utoipa::path(post, path = "/decisions/{reference}/confirm", tag = "decision", params(IfMatch), request_body = ConfirmDecision, responses((status = 200, body = Done)))]
async fn confirm(Path(reference): Path<String>, sent: Sent<ConfirmDecision>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, Confirm { reference, version, on: body.on }).await?))
}

/// A decision taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RescindDecision {
    /// When.
    on: Date,
    /// Why.
    reason: String,
    /// Findings that you confirm, each as the refusal names it after the act: `reasons:home:Oak House`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Record that the decision maker took a decision back
#[utoipa::path(post, path = "/decisions/{reference}/rescind", tag = "decision", params(IfMatch), request_body = RescindDecision, responses((status = 200, body = Done)))]
async fn rescind(Path(reference): Path<String>, sent: Sent<RescindDecision>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = Rescind { reference, version, on: body.on, reason: body.reason };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// The later decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SupersedeDecision {
    /// Its reference.
    by: String,
}

/// Record that a later decision, now in force, replaces this one
#[utoipa::path(post, path = "/decisions/{reference}/supersede", tag = "decision", params(IfMatch), request_body = SupersedeDecision, responses((status = 200, body = Done)))]
async fn supersede(Path(reference): Path<String>, sent: Sent<SupersedeDecision>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, Supersede { reference, version, by: body.by }).await?))
}
