//! A referral's exemptions from a home's grade of Inadequate.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::buying::check::ExemptPlacement;
use placewell_app::buying::check::placement::ExemptionLine;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form::fields;
use crate::api::problem::Answered;
use crate::api::reply::{Done, made, plain};
use crate::api::request::{Api, Sent};
use crate::buying::spot::exemption::read;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(of_referral, exempt))
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

/// The exemptions of a referral.
#[derive(Debug, Serialize, ToSchema)]
struct ExemptionsOfReferral {
    /// The latest first.
    exemptions: Vec<GradeExemption>,
    /// Whether you can record one.
    may_exempt: bool,
}

/// Read a referral's exemptions from a grade of Inadequate
#[utoipa::path(get, path = "/referrals/{reference}/exemptions", tag = "spot", operation_id = "get_exemptions", responses((status = 200, body = ExemptionsOfReferral)))]
async fn of_referral(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().exemptions(&api.actor, &reference).await?;
    let exemptions = found.lines.into_iter().map(Into::into).collect();
    Ok(plain(&ExemptionsOfReferral { exemptions, may_exempt: found.may_exempt }))
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
#[utoipa::path(post, path = "/referrals/{reference}/exemptions", tag = "spot", operation_id = "record_exemption", request_body = NewExemption, responses((status = 201, body = Done)))]
async fn exempt(Path(reference): Path<String>, sent: Sent<NewExemption>) -> Answered {
    let command: ExemptPlacement = read(&fields(&sent.body)?, &reference)?;
    Ok(made(sent.api.perform(&sent.key, command).await?))
}
