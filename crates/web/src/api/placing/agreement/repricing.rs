//! Granted rises in price and an authority's agreements: listed, confirmed one by one, or kept at their price.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::placing::agreement::{ConfirmRepricing, KeepPrice, RepricingLine};
use placewell_domain::placing::agreement::RepriceAnswer;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::decided;
use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list_repricings))
        .routes(routes!(get_repricing))
        .routes(routes!(confirm_repricing))
        .routes(routes!(keep_price))
}

/// A granted rise and one agreement.
#[derive(Debug, Serialize, ToSchema)]
struct RepricingShown {
    /// The agreement.
    agreement: String,
    /// The request's id.
    uplift: Id,
    /// Its reference.
    reference: String,
    /// Its grant.
    grant: u8,
    /// From which night.
    from: Date,
    /// Pence a week before.
    was_pence: i64,
    /// Pence a week after.
    now_pence: i64,
    /// Pence in a year.
    pence_a_year: i64,
    /// By when it is to be answered.
    due: Date,
    /// `confirmed` or `kept`; null while it waits.
    answered: Option<&'static str>,
}

impl From<&RepricingLine> for RepricingShown {
    fn from(of: &RepricingLine) -> Self {
        let (was, now) = of.changes.last().map_or_else(Default::default, |(_, _, was, now)| (*was, *now));
        Self {
            agreement: of.agreement.clone(),
            uplift: Id(of.uplift.id.0),
            reference: of.uplift.reference.clone(),
            grant: of.grant.number,
            from: of.changes.first().map_or(of.grant.from, |one| one.1),
            was_pence: was.0,
            now_pence: now.0,
            pence_a_year: of.a_year().0,
            due: of.grant.confirm_by(),
            answered: of.answered.as_ref().map(|one| match one.answer {
                RepriceAnswer::Confirmed { .. } => "confirmed",
                RepriceAnswer::Kept { .. } => "kept",
            }),
        }
    }
}

/// A request that waits for the region, as it would touch the authority.
#[derive(Debug, Serialize, ToSchema)]
struct UpliftAhead {
    /// The request's reference.
    reference: String,
    /// How many agreements.
    agreements: u32,
    /// Pence in a year.
    pence_a_year: i64,
}

/// What rises mean for the authority.
#[derive(Debug, Serialize, ToSchema)]
struct OwnRepricings {
    /// Requests that wait for the region.
    asked: Vec<UpliftAhead>,
    /// Agreements to confirm.
    waiting: Vec<RepricingShown>,
    /// Agreements that were answered.
    answered: Vec<RepricingShown>,
}

/// List what rises in price mean for the own authority
#[utoipa::path(get, path = "/repricings", tag = "price", responses((status = 200, body = OwnRepricings)))]
async fn list_repricings(api: Api) -> Answered {
    let found = api.app().own_uplifts(&api.actor).await?;
    let asked = found.asked.iter().map(|(of, effect)| UpliftAhead {
        reference: of.reference.clone(),
        agreements: effect.agreements,
        pence_a_year: effect.a_year.0,
    });
    Ok(plain(&OwnRepricings {
        asked: asked.collect(),
        waiting: found.waiting.iter().map(Into::into).collect(),
        answered: found.answered.iter().map(Into::into).collect(),
    }))
}

/// The effect on a contract year.
#[derive(Debug, Serialize, ToSchema)]
struct YearOfRepricing {
    /// Its first day.
    from: Date,
    /// Pence added.
    added_pence: i64,
    /// It would pass the ceiling.
    above_ceiling: bool,
}

/// One agreement with the effect on its annual value.
#[derive(Debug, Serialize, ToSchema)]
struct RepricingRead {
    /// The rise and the agreement.
    repricing: RepricingShown,
    /// The effect on each contract year.
    years: Vec<YearOfRepricing>,
}

/// Read what a granted rise does to one agreement
#[utoipa::path(get, path = "/agreements/{reference}/repricing/{uplift}/{grant}", tag = "price", responses((status = 200, body = RepricingRead)))]
async fn get_repricing(api: Api, Path((reference, uplift, grant)): Path<(String, i64, u8)>) -> Answered {
    let found = api.app().repricing_page(&api.actor, (&reference, uplift, grant)).await?;
    let years = found.years.iter().map(|year| YearOfRepricing {
        from: year.year_start,
        added_pence: year.delta.0,
        above_ceiling: year.after.is_err(),
    });
    let body = RepricingRead { repricing: (&found.line).into(), years: years.collect() };
    Ok(versioned(found.line.version, &body))
}

/// A confirmed rise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmedRise {
    /// Why it goes above the ceiling; without it nothing does.
    #[serde(default)]
    above: String,
    /// The id of the person whose word is recorded; nobody where the caller decides.
    decided_by: Option<String>,
    /// When they said so.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    said_at: Option<DateTime>,
}

/// Confirm a granted rise for one agreement
#[utoipa::path(post, path = "/agreements/{reference}/repricing/{uplift}/{grant}", tag = "price", params(IfMatch), request_body = ConfirmedRise, responses((status = 200, body = Done)))]
async fn confirm_repricing(
    Path((reference, uplift, grant)): Path<(String, i64, u8)>,
    sent: Sent<ConfirmedRise>,
) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let decided_by = decided(body.decided_by.as_deref(), body.said_at)?;
    let command = ConfirmRepricing { reference, version, uplift, grant, above: body.above, decided_by };
    Ok(changed(api.perform(&key, command).await?))
}

/// A price that is kept.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct KeptPrice {
    /// Why.
    reason: code::KeepReason,
    /// The id of the person whose word is recorded; nobody where the caller decides.
    decided_by: Option<String>,
    /// When they said so.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    said_at: Option<DateTime>,
}

/// Keep the price of one agreement
#[utoipa::path(post, path = "/agreements/{reference}/repricing/{uplift}/{grant}/keep", tag = "price", params(IfMatch), request_body = KeptPrice, responses((status = 200, body = Done)))]
async fn keep_price(Path((reference, uplift, grant)): Path<(String, i64, u8)>, sent: Sent<KeptPrice>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let decided_by = decided(body.decided_by.as_deref(), body.said_at)?;
    let command = KeepPrice { reference, version, uplift, grant, reason: body.reason.0, decided_by };
    Ok(changed(api.perform(&key, command).await?))
}
