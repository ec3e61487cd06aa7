//! The record of events: the organisation's feed in commit order, one record's timeline, and signed checkpoints.

use axum::extract::Path;
use jiff::Timestamp;
use placewell_app::Outcome;
use placewell_app::office::record::LoggedEvent;
use placewell_domain::outcome::Invalid;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::plain;
use crate::api::request::Api;
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
    /// The record's number.
    record: i64,
    /// The record's version after it.
    version: i64,
    /// Codes and figures by name.
    facts: BTreeMap<String, String>,
}

impl From<LoggedEvent> for FeedEvent {
    fn from(logged: LoggedEvent) -> Self {
        let LoggedEvent { event, by } = logged;
        Self {
            event: event.sequence,
            at: event.moment,
            by,
            kind: event.event.kind,
            room: event.event.room,
            record: event.event.record,
            version: event.event.version,
            facts: event.event.facts.into_iter().collect(),
        }
    }
}

/// How far one organisation's chain went, signed.
#[derive(Debug, Serialize, ToSchema)]
struct SignedCheckpoint {
    /// The organisation's code; `deployment` for the service's own chain.
    #[schema(example = "HEF")]
    organisation: String,
    /// The chain's number.
    chain: i64,
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

/// Read the feed of your organisation's events, in the order in which they were committed
///
/// Send the `event` of the last one you have as `after`: none is missed and none comes twice.
#[utoipa::path(get, path = "/events", tag = "record", params(Paging), responses((status = 200, body = Listed<FeedEvent>)))]
async fn feed(api: Api, paging: Paging) -> Answered {
    let (after, most) = paging.read();
    let after = match after {
        "" => -1,
        text => text.parse().map_err(|_| {
            let mut invalid = Invalid::default();
            invalid.add("after", "Send the number of the last event that you have");
            Outcome::from(invalid)
        })?,
    };
    let events = api.app().events_after(&api.actor, after, most).await?;
    Ok(plain(&paging.cut(events.into_iter().map(FeedEvent::from).collect(), |one| one.event.to_string())))
}

/// Read what happened to one record, oldest first
#[utoipa::path(get, path = "/events/{room}/{record}", tag = "record", responses((status = 200, body = Vec<FeedEvent>)))]
async fn timeline(api: Api, Path((room, record)): Path<(String, i64)>) -> Answered {
    let events = api.app().record_timeline(&api.actor, &room, record).await?;
    Ok(plain(&events.into_iter().map(FeedEvent::from).collect::<Vec<_>>()))
}

/// Fetch the newest signed checkpoint of every organisation, to keep outside this service
#[utoipa::path(get, path = "/checkpoints", tag = "record", responses((status = 200, body = CheckpointFile)))]
async fn checkpoints(api: Api) -> Answered {
    let found = api.app().checkpoints(&api.actor).await?;
    let signed = found.checkpoints.into_iter().map(|one| SignedCheckpoint {
        organisation: one.organisation,
        chain: one.chain.0,
        sequence: one.sequence,
        hash: one.hash,
        moment: one.moment,
        made: one.made,
        signed_by: one.signed_by,
        signature: one.signature,
    });
    Ok(plain(&CheckpointFile { checkpoints: signed.collect() }))
}
