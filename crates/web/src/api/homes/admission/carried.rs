//! What the draft of an application carries over from an earlier one: read, and confirmed section by section.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::Outcome;
use placewell_app::homes::admission::carried::{CarriedLine, ConfirmCarried};
use placewell_domain::homes::admission::carried::LeftOut;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::IfMatch;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(read, confirm))
}

/// A section that was carried over.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CarriedSection)]
struct SectionShown {
    /// Its code: a gate's, `quality_` and a question's, or `lot_` and a lot's.
    #[schema(example = "insurance")]
    section: String,
    /// What it is called.
    name: String,
    /// What it says now.
    says: String,
    /// `waits` until somebody has reviewed it, then `confirmed` or `changed`.
    #[schema(example = "waits")]
    review: &'static str,
    /// When it was confirmed or changed; null until then.
    #[schema(value_type = Option<String>, example = "2021-09-13T10:20:00")]
    reviewed_at: Option<DateTime>,
}

/// An answer that was not carried over, because it can no longer be true or is not asked any more.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NotCarried)]
struct LeftShown {
    /// The code of its section.
    #[schema(example = "insurance")]
    section: String,
    /// Why.
    why: String,
}

/// What the own draft carries over; nothing where it was begun empty.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CarriedAnswers)]
struct CarriedShown {
    /// The opening of the earlier application; null where the draft was begun empty.
    #[schema(example = "AR-004")]
    from: Option<String>,
    /// The day on which that was sent.
    sent: Option<Date>,
    /// Section by section; each is reviewed before the application is sent.
    sections: Vec<SectionShown>,
    /// What was not carried over.
    not_carried: Vec<LeftShown>,
}

/// Read what the own draft carries over from an earlier application; its version is that of the draft
#[utoipa::path(get, path = "/openings/{reference}/application/carried", tag = "admission", operation_id = "read_carried_answers", responses((status = 200, body = CarriedShown)))]
async fn read(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().own_application(&api.actor, &reference).await?;
    let draft = found.draft.as_ref().ok_or(Outcome::NotFound)?;
    let section = |one: CarriedLine| SectionShown {
        section: one.section.code(),
        name: one.label,
        says: one.says,
        review: one.review.name(),
        reviewed_at: one.review.at(),
    };
    let left = |one: &LeftOut| LeftShown { section: one.section.code(), why: one.why.clone() };
    let today = api.now().today();
    let shown = CarriedShown {
        from: draft.carried.as_ref().map(|carried| carried.from.clone()),
        sent: draft.carried.as_ref().and_then(|carried| carried.sent),
        sections: found.carried(today).into_iter().map(section).collect(),
        not_carried: draft.carried.iter().flat_map(|carried| &carried.left).map(left).collect(),
    };
    Ok(versioned(draft.version, &shown))
}

/// Which sections are still true.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CarriedConfirmed {
    /// Their codes, as they are read.
    sections: Vec<String>,
}

/// Confirm that sections of the own draft are still true: all that are named, or none
#[utoipa::path(post, path = "/openings/{reference}/application/carried", tag = "admission", operation_id = "confirm_carried_answers", params(IfMatch), request_body = CarriedConfirmed, responses((status = 200, body = Done)))]
async fn confirm(Path(reference): Path<String>, sent: Sent<CarriedConfirmed>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, ConfirmCarried { reference, version, sections: body.sections }).await?))
}
