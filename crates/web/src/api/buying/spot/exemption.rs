//! A referral's exemptions from a home's grade of Inadequate: asked for, taken back, recorded, declined; and what waits for a
//! director.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::buying::check::asked::{AnswerLine, RequestLine, RequestToAnswer};
use placewell_app::buying::check::placement::ExemptionLine;
use placewell_app::buying::check::{AskExemption, DeclineExemption, ExemptPlacement, TakeBackExemption};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form::fields;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch, Nothing};
use crate::buying::spot::exemption::{read, read_asked};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(of_referral, exempt))
        .routes(routes!(ask))
        .routes(routes!(decline))
        .routes(routes!(take_back))
        .routes(routes!(to_answer))
}

/// An exemption of a child from a home's grade of Inadequate.
#[derive(Debug, Serialize, ToSchema)]
struct GradeExemption {
    /// The home's Ofsted number.
    urn: String,
    /// Its name.
    home: String,
    /// The day of the judgement.
    judged_on: Date,
    /// Why; null for who does not read what is said of a child.
    reason: Option<code::SpotExemptionReason>,
    /// The director of children's services who recorded it.
    recorded_by: String,
    /// On which day.
    recorded_on: Date,
    /// The last day on which the placement can begin; null where it holds as long as the judgement does.
    until: Option<Date>,
    /// Whether a placement that begins today can rest on it.
    holds: bool,
}

impl From<ExemptionLine> for GradeExemption {
    fn from(of: ExemptionLine) -> Self {
        Self {
            urn: of.home.0,
            home: of.home.1,
            judged_on: of.judged_on,
            reason: of.reason.map(Into::into),
            recorded_by: of.by,
            recorded_on: of.on,
            until: of.until,
            holds: of.holds,
        }
    }
}

/// What the director of children's services answered.
#[derive(Debug, Serialize, ToSchema)]
struct ExemptionAnswer {
    /// The director.
    by: String,
    /// When.
    #[schema(value_type = String)]
    at: DateTime,
    /// Why it was declined; null where it was granted, and for who does not read what is said of a child.
    reason: Option<code::ExemptionDecline>,
    /// The same in words.
    words: Option<String>,
}

impl From<AnswerLine> for ExemptionAnswer {
    fn from(of: AnswerLine) -> Self {
        Self { by: of.by, at: of.at, reason: of.reason.map(Into::into), words: of.words }
    }
}

/// Who took a request back.
#[derive(Debug, Serialize, ToSchema)]
struct ExemptionTakenBack {
    /// The officer.
    by: String,
    /// When.
    #[schema(value_type = String)]
    at: DateTime,
}

/// What an officer asked of the director of children's services.
#[derive(Debug, Serialize, ToSchema)]
struct ExemptionRequest {
    /// Its id.
    id: Id,
    /// Its version, for `If-Match`.
    version: i64,
    /// The home's Ofsted number.
    urn: String,
    /// Its name.
    home: String,
    /// The day of the judgement.
    judged_on: Date,
    /// Why; null for who does not read what is said of a child.
    reason: Option<code::SpotExemptionReason>,
    /// What keeps the child safe there; the same.
    words: Option<String>,
    /// The last day on which the placement is to begin.
    until: Date,
    /// Who asked.
    asked_by: String,
    /// When.
    #[schema(value_type = String)]
    asked_at: DateTime,
    /// Where it stands.
    stands: code::ExemptionRequestStands,
    /// The director's answer; null where there is none.
    answer: Option<ExemptionAnswer>,
    /// Who took it back; null where nobody did.
    taken_back: Option<ExemptionTakenBack>,
}

impl From<RequestLine> for ExemptionRequest {
    fn from(of: RequestLine) -> Self {
        Self {
            id: Id(of.id),
            version: of.version,
            urn: of.home.0,
            home: of.home.1,
            judged_on: of.judged_on,
            reason: of.reason.map(Into::into),
            words: of.words,
            until: of.until,
            asked_by: of.by,
            asked_at: of.at,
            stands: of.stands.into(),
            answer: of.answer.map(Into::into),
            taken_back: of.taken_back.map(|(by, at)| ExemptionTakenBack { by, at }),
        }
    }
}

/// The exemptions of a referral.
#[derive(Debug, Serialize, ToSchema)]
struct ExemptionsOfReferral {
    /// The latest first.
    exemptions: Vec<GradeExemption>,
    /// What was asked of the director, the latest first.
    requests: Vec<ExemptionRequest>,
    /// Whether you can record one.
    may_exempt: bool,
    /// Whether you can ask the director for one.
    may_ask: bool,
}

/// Read a referral's exemptions from a grade of Inadequate
#[utoipa::path(get, path = "/referrals/{reference}/exemptions", tag = "spot", operation_id = "get_exemptions", responses((status = 200, body = ExemptionsOfReferral)))]
async fn of_referral(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().exemptions(&api.actor, &reference).await?;
    let exemptions = found.lines.into_iter().map(Into::into).collect();
    let requests = found.requests.into_iter().map(Into::into).collect();
    let (may_exempt, may_ask) = (found.may_exempt, found.may_ask);
    Ok(plain(&ExemptionsOfReferral { exemptions, requests, may_exempt, may_ask }))
}

/// An exemption to record.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewExemption {
    /// The home's Ofsted number.
    #[schema(example = "SC392491")]
    urn: String,
    /// Why.
    reason: code::SpotExemptionReason,
    /// What keeps the child safe there; sealed.
    #[schema(min_length = 20, max_length = 4000)]
    words: String,
    /// The last day on which the placement can begin, within 184 days.
    until: Date,
}

/// Record the exemption of a child from a home's grade of Inadequate, as director of children's services
///
/// For a placement through the arrangement: search, nomination, recommendation, approval and award rest on it until its day.
/// What an officer asked for at this home is granted by it.
#[utoipa::path(post, path = "/referrals/{reference}/exemptions", tag = "spot", operation_id = "record_exemption", request_body = NewExemption, responses((status = 201, body = Done)))]
async fn exempt(Path(reference): Path<String>, sent: Sent<NewExemption>) -> Answered {
    let command: ExemptPlacement = read(&fields(&sent.body)?, &reference)?;
    Ok(made(sent.api.perform(&sent.key, command).await?))
}

/// Ask the director of children's services for an exemption of a child from a home's grade of Inadequate
///
/// The director of the authority responsible for the child is told. Asked again while it waits, it is asked once.
#[utoipa::path(post, path = "/referrals/{reference}/exemptions/ask", tag = "spot", operation_id = "ask_exemption", request_body = NewExemption, responses((status = 201, body = Done)))]
async fn ask(Path(reference): Path<String>, sent: Sent<NewExemption>) -> Answered {
    let command: AskExemption = read_asked(&fields(&sent.body)?, &reference)?;
    Ok(made(sent.api.perform(&sent.key, command).await?))
}

fn request_id(id: &str) -> Result<i64, Problem> {
    id.parse().map_err(|_| Problem::not_found())
}

/// Why an exemption is declined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DeclinedExemption {
    /// Why.
    reason: code::ExemptionDecline,
    /// The same in words; sealed.
    #[serde(default)]
    #[schema(max_length = 4000)]
    words: String,
}

/// Decline, as director of children's services, what an officer asked for
///
/// `If-Match` takes the request's version. What waits for no answer any more, since the search is over or the home was judged
/// anew, is declined by nobody.
#[utoipa::path(post, path = "/referrals/{reference}/exemptions/{id}/decline", tag = "spot", operation_id = "decline_exemption", params(IfMatch), request_body = DeclinedExemption, responses((status = 200, body = Done)))]
async fn decline(Path((reference, id)): Path<(String, String)>, sent: Sent<DeclinedExemption>) -> Answered {
    let which = (request_id(&id)?, sent.version()?);
    let Sent { api, body, key } = sent;
    let command = DeclineExemption::new(reference, which, body.reason.0, body.words);
    Ok(changed(api.perform(&key, command).await?))
}

/// Take back what was asked of the director of children's services, while it waits
///
/// `If-Match` takes the request's version. Refused once the director has recorded the exemption or declined; it may be asked
/// anew.
#[utoipa::path(post, path = "/referrals/{reference}/exemptions/{id}/take-back", tag = "spot", operation_id = "take_back_exemption", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn take_back(Path((reference, id)): Path<(String, String)>, sent: Sent<Nothing>) -> Answered {
    let (request, version) = (request_id(&id)?, sent.version()?);
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, TakeBackExemption { reference, request, version }).await?))
}

/// A request for an exemption that waits for you.
#[derive(Debug, Serialize, ToSchema)]
struct ExemptionToAnswer {
    /// The referral, also where another body holds it.
    referral: String,
    /// The home's Ofsted number.
    urn: String,
    /// Its name.
    home: String,
    /// Who asked.
    asked_by: String,
    /// When.
    #[schema(value_type = String)]
    asked_at: DateTime,
}

impl From<RequestToAnswer> for ExemptionToAnswer {
    fn from(of: RequestToAnswer) -> Self {
        Self { referral: of.reference, urn: of.home.0, home: of.home.1, asked_by: of.by, asked_at: of.at }
    }
}

/// List the exemptions that wait for you as director of children's services, the earliest first
#[utoipa::path(get, path = "/exemption-requests", tag = "spot", operation_id = "list_exemption_requests", responses((status = 200, body = Vec<ExemptionToAnswer>)))]
async fn to_answer(api: Api) -> Answered {
    let found = api.app().exemption_requests(&api.actor).await?;
    Ok(plain(&found.into_iter().map(ExemptionToAnswer::from).collect::<Vec<_>>()))
}
