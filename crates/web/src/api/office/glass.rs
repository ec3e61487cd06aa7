//! Breaking the glass: what was broken, for the authority's own watch, and the acts for a token whose scope names them.

use axum::extract::Path;
use jiff::Timestamp;
use jiff::civil::Date;
use placewell_app::office::access::glass::{ReadGlass, Wanted};
use placewell_domain::office::access::glass::GlassMinutes;
use placewell_domain::outcome::Invalid;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::Nothing;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list_broken_glass, break_glass))
        .routes(routes!(look_through_glass))
        .routes(routes!(mend_glass))
}

/// One breaking of the glass.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BrokenGlass)]
struct GlassEntry {
    /// Its id.
    id: String,
    /// The referral.
    #[schema(example = "HEF-R-0042")]
    reference: String,
    /// Who broke it.
    by: String,
    /// For whom they work.
    organisation: String,
    /// Why.
    reason: code::GlassReason,
    /// The number of the ticket or order.
    ticket: String,
    /// From when.
    from: Timestamp,
    /// Until when.
    until: Timestamp,
    /// You can look now.
    open: bool,
}

impl From<ReadGlass> for GlassEntry {
    fn from(read: ReadGlass) -> Self {
        let glass = read.glass;
        Self {
            id: glass.id.to_string(),
            reference: glass.reference,
            by: read.name,
            organisation: read.organisation,
            reason: glass.reason.into(),
            ticket: glass.ticket,
            from: glass.from,
            until: glass.until,
            open: read.open,
        }
    }
}

/// List what was broken over your authority's children; an administrator, by themselves
#[utoipa::path(get, path = "/broken-glass", tag = "person", params(Paging), responses((status = 200, body = Listed<GlassEntry>)))]
async fn list_broken_glass(api: Api, paging: Paging) -> Answered {
    let found = api.app().broken_glasses(&api.actor).await?;
    Ok(plain(&paging.page(found.into_iter().map(GlassEntry::from).collect(), |one| format!("{:0>20}", one.id))))
}

/// What is said before.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedGlass {
    /// The referral.
    #[schema(example = "HEF-R-0042")]
    reference: String,
    /// Why.
    reason: code::GlassReason,
    /// The number of the ticket or order.
    #[schema(min_length = 1, max_length = 40, example = "T-1042")]
    ticket: String,
    /// For how many minutes: 15, 30 or 60.
    #[schema(minimum = 15, maximum = 60, example = 15)]
    minutes: u8,
}

/// Break the glass over one child's details, for minutes; the authority is told at once. The token's scope names this act
#[utoipa::path(post, path = "/broken-glass", tag = "person", request_body = WantedGlass, responses((status = 201, body = Done)))]
async fn break_glass(sent: Sent<WantedGlass>) -> Answered {
    let Sent { api, body, key } = sent;
    let Some(minutes) = GlassMinutes::from_code(&body.minutes.to_string()) else {
        return Err(placewell_app::Outcome::from(Invalid::one("minutes", "Send 15, 30 or 60")).into());
    };
    let reference = body.reference.trim().to_uppercase();
    let wanted = Wanted { reference, reason: body.reason.0, ticket: body.ticket, minutes };
    let id = api.app().break_glass(&api.actor, &key, wanted).await?;
    Ok(made(placewell_app::Receipt::at(format!("/broken-glass/{id}"))))
}

/// Who a child is, through broken glass.
#[derive(Debug, Serialize, ToSchema)]
struct SeenThroughGlass {
    /// The referral.
    reference: String,
    /// Until when it can be seen.
    until: Timestamp,
    /// Given names.
    given_names: String,
    /// Family name.
    family_name: String,
    /// Date of birth.
    #[schema(value_type = String, format = Date)]
    born: Date,
    /// The authority's own number.
    case_number: String,
}

/// See who the child is, while the glass you broke holds; each look is on the authority's record
#[utoipa::path(get, path = "/broken-glass/{id}", tag = "person", responses((status = 200, body = SeenThroughGlass)))]
async fn look_through_glass(Path(id): Path<String>, api: Api) -> Answered {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let (glass, child) = api.app().through_glass(&api.actor, id).await?;
    Ok(plain(&SeenThroughGlass {
        reference: glass.reference,
        until: glass.until,
        given_names: child.given_names,
        family_name: child.family_name,
        born: child.born,
        case_number: child.case_number,
    }))
}

/// End it before its time
#[utoipa::path(post, path = "/broken-glass/{id}/mend", tag = "person", request_body = Nothing, responses((status = 200, body = Done)))]
async fn mend_glass(Path(id): Path<String>, sent: Sent<Nothing>) -> Answered {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    sent.api.app().mend_glass(&sent.api.actor, id).await?;
    Ok(changed(placewell_app::Receipt::at(format!("/broken-glass/{id}"))))
}
