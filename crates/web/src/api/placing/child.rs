//! Children's records by number: retention, erasure, and everything held about a child.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::placing::child::retention::{
    EraseChild, HoldRecord, KeptRecord, MarkRecord, ProposeErasure, ReleaseRecord, TakeErasureBack,
};
use placewell_app::placing::child::sealing::OpenRecord;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::child::retention::RecordKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::Nothing;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list_records))
        .routes(routes!(find_child))
        .routes(routes!(open_record))
        .routes(routes!(mark_record))
        .routes(routes!(hold_record))
        .routes(routes!(release_record))
        .routes(routes!(propose_erasure))
        .routes(routes!(take_erasure_back))
        .routes(routes!(erase_child))
        .routes(routes!(export_child))
}

/// A child's record and how long it is kept.
#[derive(Debug, Serialize, ToSchema)]
struct KeptChild {
    /// The child's number here.
    #[schema(example = 7)]
    number: u32,
    /// Where it stands: kept, held, proposed or erased.
    #[schema(example = "kept")]
    state: String,
    /// What it is kept as.
    #[schema(example = "looked_after")]
    kind: String,
    /// Whether it is sealed to you: open it first.
    #[schema(example = false)]
    sealed: bool,
    /// From which day it may be erased; null once it was, and before that day while it is sealed to you.
    #[schema(value_type = Option<String>, format = Date)]
    due: Option<Date>,
}

impl From<KeptRecord> for KeptChild {
    fn from(found: KeptRecord) -> Self {
        Self {
            number: found.number,
            state: found.retention.state.name().to_owned(),
            kind: found.retention.kind.code().to_owned(),
            sealed: found.sealed,
            due: found.due,
        }
    }
}

/// List the children's records that are due for erasure, held or erased
#[utoipa::path(get, path = "/children", tag = "child", params(Paging), responses((status = 200, body = Listed<KeptChild>)))]
async fn list_records(api: Api, paging: Paging) -> Answered {
    let found = api.app().retentions(&api.actor).await?;
    Ok(plain(&paging.page(found.into_iter().map(KeptChild::from).collect(), |one| format!("{:010}", one.number))))
}

/// A number of the authority's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OwnNumber {
    /// The child's number in your own system.
    #[schema(max_length = 40, example = "HCC-12034")]
    case_number: String,
}

/// Find children by the number that your own system gives them; by a body, so that it stands in no address
#[utoipa::path(post, path = "/children/find", tag = "child", request_body = OwnNumber, responses((status = 200, body = Vec<u32>)))]
async fn find_child(sent: Sent<OwnNumber>) -> Answered {
    let Sent { api, body, .. } = sent;
    Ok(plain(&api.app().find_child(&api.actor, &body.case_number).await?))
}

/// Why a sealed record is opened.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OpenWords {
    /// Why; sealed. An approver may leave it out, but not by a cover alone.
    #[serde(default)]
    #[schema(max_length = 2000, example = "The adoption agency asks for the placement history")]
    words: String,
}

/// Open an adopted child's sealed record to yourself for an hour; that you opened it, and why, is recorded
#[utoipa::path(post, path = "/children/{number}/open", tag = "child", request_body = OpenWords, responses((status = 200, body = Done)))]
async fn open_record(Path(number): Path<u32>, sent: Sent<OpenWords>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, OpenRecord { number, words: body.words }).await?))
}

/// What a record is kept as.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeptAs {
    /// `looked_after`, `adoption` or `died`.
    #[schema(pattern = "^(looked_after|adoption|died)$", example = "adoption")]
    kind: String,
    /// With `died`: the day on which the child died, before 18; sealed.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date, example = "2021-05-04")]
    died: Option<Date>,
}

/// Say what decides how long a child's record is kept
#[utoipa::path(post, path = "/children/{number}/mark", tag = "child", request_body = KeptAs, responses((status = 200, body = Done)))]
async fn mark_record(Path(number): Path<u32>, sent: Sent<KeptAs>) -> Answered {
    let Sent { api, body, key } = sent;
    let Some(kind) = RecordKind::from_code(&body.kind) else {
        let mut invalid = Invalid::default();
        invalid.add("kind", "Send looked_after, adoption or died");
        return Err(placewell_app::Outcome::from(invalid).into());
    };
    Ok(changed(api.perform(&key, MarkRecord { number, kind, died: body.died }).await?))
}

/// Why a record is held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoldWords {
    /// Why; sealed.
    #[schema(min_length = 1, max_length = 2000)]
    words: String,
}

/// Hold a child's record, so that it is kept whatever its years say
#[utoipa::path(post, path = "/children/{number}/hold", tag = "child", request_body = HoldWords, responses((status = 200, body = Done)))]
async fn hold_record(Path(number): Path<u32>, sent: Sent<HoldWords>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, HoldRecord { number, words: body.words }).await?))
}

/// Release a hold
#[utoipa::path(post, path = "/children/{number}/release", tag = "child", request_body = Nothing, responses((status = 200, body = Done)))]
async fn release_record(Path(number): Path<u32>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, ReleaseRecord { number }).await?))
}

/// Propose that a record whose years are over be erased
#[utoipa::path(post, path = "/children/{number}/propose", tag = "child", request_body = Nothing, responses((status = 200, body = Done)))]
async fn propose_erasure(Path(number): Path<u32>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, ProposeErasure { number }).await?))
}

/// Take the proposal of an erasure back
#[utoipa::path(post, path = "/children/{number}/take-back", tag = "child", request_body = Nothing, responses((status = 200, body = Done)))]
async fn take_erasure_back(Path(number): Path<u32>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, TakeErasureBack { number }).await?))
}

/// Confirm an erasure that somebody else proposed: the child's key is destroyed
#[utoipa::path(post, path = "/children/{number}/erase", tag = "child", request_body = Nothing, responses((status = 200, body = Done)))]
async fn erase_child(Path(number): Path<u32>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, EraseChild { number }).await?))
}

/// What is said of the documents.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExportAsked {
    /// You have read the documents, and nothing in them is other people's: they are given whole. Left out, they are not.
    #[serde(default)]
    #[schema(example = false)]
    documents_read: bool,
}

/// Give out everything held about a child, with other people's data taken out; that it was given is recorded
#[utoipa::path(post, path = "/children/{number}/export", tag = "child", request_body = ExportAsked, responses((status = 200, body = serde_json::Value)))]
async fn export_child(Path(number): Path<u32>, sent: Sent<ExportAsked>) -> Answered {
    let Sent { api, body, .. } = sent;
    Ok(plain(&api.app().export_child(&api.actor, number, body.documents_read).await?))
}
