//! Cover for absent colleagues.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::office::access::cover::{ArrangeCover, EndCover, ReadCover};
use placewell_domain::nights::plus_days;
use placewell_domain::office::person::Role;
use placewell_domain::outcome::Invalid;
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

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(covers, arrange)).routes(routes!(end))
}

/// One cover.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Cover)]
struct CoverLine {
    /// Its id.
    id: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// Who is away.
    absent: String,
    /// Who covers.
    covering: String,
    /// In which role.
    role: String,
    /// The first day.
    from: Date,
    /// The last day.
    last: Date,
    /// Why.
    reason: code::CoverReason,
    /// It holds today.
    holds: bool,
}

impl From<ReadCover> for CoverLine {
    fn from(read: ReadCover) -> Self {
        Self {
            id: read.cover.id.to_string(),
            version: read.cover.version,
            absent: read.absent,
            covering: read.covering,
            role: read.cover.role.code().to_owned(),
            from: read.cover.from,
            last: plus_days(read.cover.until, -1),
            reason: read.cover.reason.into(),
            holds: read.holds,
        }
    }
}

/// List the cover that you are a part of; an administrator, all of the organisation's
#[utoipa::path(get, path = "/covers", tag = "person", operation_id = "list_covers", responses((status = 200, body = Vec<CoverLine>)))]
async fn covers(api: Api) -> Answered {
    let found = api.app().covers(&api.actor).await?;
    Ok(plain(&found.into_iter().map(CoverLine::from).collect::<Vec<_>>()))
}

/// A cover to arrange.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewCover {
    /// Who is away, by id; yourself where it is left out.
    absent: Option<String>,
    /// Who covers, by id.
    covering: String,
    /// In which role; your own where it is left out.
    role: Option<String>,
    /// The first day.
    from: Date,
    /// The last day.
    last: Date,
    /// Why.
    reason: code::CoverReason,
}

/// Arrange cover for an absence: it moves tasks and never power, and ends by itself
#[utoipa::path(post, path = "/covers", tag = "person", operation_id = "arrange_cover", request_body = NewCover, responses((status = 201, body = Done)))]
async fn arrange(sent: Sent<NewCover>) -> Answered {
    let Sent { api, body, key } = sent;
    let absent = match &body.absent {
        None => Some(api.actor.person.0),
        Some(id) => id.parse().ok(),
    };
    let role = body.role.as_deref().map_or(Some(api.actor.role), Role::from_code);
    let (Some(absent), Some(role), Ok(covering)) = (absent, role, body.covering.parse()) else {
        let wrong = Invalid::one("covering", "Send people by their ids, and a role by its code");
        return Err(placewell_app::Outcome::from(wrong).into());
    };
    let command = ArrangeCover { absent, covering, role, from: body.from, last: body.last, reason: body.reason.0 };
    Ok(made(api.perform(&key, command).await?))
}

/// End cover before its last day
#[utoipa::path(post, path = "/covers/{id}/end", tag = "person", operation_id = "end_cover", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn end(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, key, .. } = sent;
    let cover = id.parse().map_err(|_| Problem::not_found())?;
    Ok(changed(api.perform(&key, EndCover { cover, version }).await?))
}
