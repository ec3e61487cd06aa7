//! The record of events: the organisation's feed in commit order, one record's timeline, and signed checkpoints.

use axum::extract::Path;
use axum::http::Uri;
use jiff::Timestamp;
use placewell_app::office::record::LoggedEvent;
use placewell_domain::outcome::Invalid;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::plain;
use crate::api::request::Api;
use crate::api::value::Id;
use crate::fields::Fields;
use crate::office::record::looking;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(feed)).routes(routes!(timeline)).routes(routes!(checkpoints))
}

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
struct FeedEvent {
    /// Its number on the organisation's chain: commit order, without gaps.
    #[schema(example = 4811)]
    event: i64,
    /// When, by the business clock.
    at: Timestamp,
    /// Who, where a person did it.
    by: Option<String>,
    /// What happened.
    #[schema(example = "agreement.started")]
    kind: String,
    /// The kind of record.
    #[schema(example = "agreement")]
    room: String,
    /// The record's id.
    record: Id,
    /// The record's version after it.
    version: i64,
    /// Codes and figures by name.
    facts: BTreeMap<String, String>,
    /// How many facts are not shown to your role.
    withheld: usize,
}

impl From<LoggedEvent> for FeedEvent {
    fn from(logged: LoggedEvent) -> Self {
        let LoggedEvent { event, by, withheld } = logged;
        Self {
            event: event.sequence,
            at: event.moment,
            by,
            kind: event.event.kind,
            room: event.event.room,
            record: Id(event.event.record),
            version: event.event.version,
            facts: event.event.facts.into_iter().collect(),
            withheld,
        }
    }
}

/// How far one organisation's chain went, signed.
#[derive(Debug, Serialize, ToSchema)]
struct SignedCheckpoint {
    /// The organisation's code; `deployment` for the service's own chain.
    #[schema(example = "HEF")]
    organisation: String,
    /// The chain's id.
    chain: Id,
    /// The number of its last event then.
    sequence: i64,
    /// That event's hash, in hexadecimal digits.
    hash: String,
    /// When that event happened.
    moment: Timestamp,
    /// When the checkpoint was made.
    made: Timestamp,
    /// The Ed25519 public key that it is signed by, in hexadecimal digits.
    signed_by: String,
    /// The signature, in hexadecimal digits.
    signature: String,
}

/// The newest checkpoint of each organisation; saved as it is, a file for `placewell verify --checkpoint`.
#[derive(Debug, Serialize, ToSchema)]
struct CheckpointFile {
    /// The checkpoints.
    checkpoints: Vec<SignedCheckpoint>,
}

/// Which events are wanted.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Wanted {
    /// The id of the person who did it.
    #[param(required = false, value_type = Option<String>)]
    person: String,
    /// What happened, or a room for everything in it.
    #[param(required = false, value_type = Option<String>, max_length = 80, example = "agreement.started")]
    kind: String,
    /// A reference, or a room and a record's id.
    #[param(required = false, value_type = Option<String>, max_length = 80, example = "HEF-A-0042")]
    record: String,
    /// The first day.
    #[param(required = false, value_type = Option<String>, format = Date, example = "2021-09-13")]
    from: String,
    /// The last day.
    #[param(required = false, value_type = Option<String>, format = Date, example = "2021-09-13")]
    to: String,
}

/// Read the feed of your organisation's events, in the order in which they were committed
///
/// Send `next` as `after`: none is missed and none comes twice. A part can be empty while `next` says that more follows.
#[utoipa::path(get, path = "/events", tag = "record", params(Paging, Wanted), responses((status = 200, body = Listed<FeedEvent>)))]
async fn feed(api: Api, paging: Paging, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let mut invalid = Invalid::default();
    let looking = looking(&query, &mut invalid);
    let after = match paging.after.as_str() {
        "" => -1,
        text => text.parse().unwrap_or_else(|_| {
            invalid.add("after", "Send the number of the last event that you have");
            -1
        }),
    };
    invalid.or(())?;
    let most = u32::try_from(paging.limit).unwrap_or(u32::MAX);
    let (events, next) = api.app().events_after(&api.actor, (after, most), &looking).await?;
    let items = events.into_iter().map(FeedEvent::from).collect();
    Ok(plain(&Listed { items, next: next.map(|next| next.to_string()) }))
}

/// Read what happened to one record, oldest first
#[utoipa::path(get, path = "/events/{room}/{record}", tag = "record", params(Paging), responses((status = 200, body = Listed<FeedEvent>)))]
async fn timeline(api: Api, Path((room, record)): Path<(String, i64)>, paging: Paging) -> Answered {
    let after = paging.after.parse().unwrap_or(-1);
    let (events, next) = api.app().record_timeline(&api.actor, (&room, record), after).await?;
    let items = events.into_iter().map(FeedEvent::from).collect();
    Ok(plain(&Listed { items, next: next.map(|next| next.to_string()) }))
}

/// Fetch the newest signed checkpoint of every organisation, to keep outside this service
#[utoipa::path(get, path = "/checkpoints", tag = "record", responses((status = 200, body = CheckpointFile)))]
async fn checkpoints(api: Api) -> Answered {
    let found = api.app().checkpoints(&api.actor).await?;
    let signed = found.checkpoints.into_iter().map(|one| SignedCheckpoint {
        organisation: one.organisation,
        chain: Id(one.chain.0),
        sequence: one.sequence,
        hash: one.hash,
        moment: one.moment,
        made: one.made,
        signed_by: one.signed_by,
        signature: one.signature,
    });
    Ok(plain(&CheckpointFile { checkpoints: signed.collect() }))
}
