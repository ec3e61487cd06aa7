//! What an agreement says and how it is varied: particulars, extra support, prices; the legal ground, and how a start
//! without recorded power was put right.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::naming::Confirmed;
use placewell_app::placing::agreement::{AddSupport, ChangePrice, CompleteParticulars, PutRight, RecordGround};
use placewell_domain::money::Pence;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::decided;
use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed};
use crate::api::request::Sent;
use crate::api::value::IfMatch;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(particulars))
        .routes(routes!(support))
        .routes(routes!(price))
        .routes(routes!(ground))
        .routes(routes!(put_right))
}

/// What an agreement says about the child's care. Name no child.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Particulars)]
struct Particular {
    /// What the placement is to achieve.
    outcomes: Vec<String>,
    /// How the home is staffed for this child.
    staffing: Vec<String>,
    /// What the price includes.
    included: Vec<code::Included>,
    /// How the child is educated.
    education: Vec<String>,
    /// How the child's health is looked after.
    health: Vec<String>,
    /// The key of each finding that you confirm tells of no child, as the refusal gave it.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Complete what an agreement says about the child's care
#[utoipa::path(post, path = "/agreements/{reference}/particulars", tag = "agreement", operation_id = "complete_particulars", params(IfMatch), request_body = Particular, responses((status = 200, body = Done)))]
async fn particulars(Path(reference): Path<String>, sent: Sent<Particular>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let by_line = |list: Vec<String>| list.join("\n");
    let command = CompleteParticulars {
        reference,
        version,
        outcomes: by_line(body.outcomes),
        staffing: by_line(body.staffing),
        included: body.included.into_iter().map(|code| code.0).collect(),
        education: by_line(body.education),
        health: by_line(body.health),
    };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// Extra support.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Supporting {
    /// What it is. Name no child.
    label: String,
    /// Hours a week, in quarters of an hour.
    #[schema(example = 112)]
    quarter_hours: u16,
    /// The rate of an hour.
    #[schema(example = 1_850)]
    rate_pence: i64,
    /// Staff to the child.
    staff: u8,
    /// The first night.
    from: Date,
    /// The day after the last night.
    to: Date,
    /// When a step-down is looked at.
    review_on: Date,
    /// Why, where the rate is not a scheduled one.
    #[serde(default)]
    reason: String,
    /// The id of the person whose word is recorded; nobody where the caller decides.
    decided_by: Option<String>,
    /// When they said so.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    said_at: Option<DateTime>,
    /// The key of each finding that you confirm tells of no child, as the refusal gave it.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Agree extra support
#[utoipa::path(post, path = "/agreements/{reference}/support", tag = "agreement", operation_id = "add_support", params(IfMatch), request_body = Supporting, responses((status = 200, body = Done)))]
async fn support(Path(reference): Path<String>, sent: Sent<Supporting>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = AddSupport {
        reference,
        version,
        label: body.label,
        quarter_hours: body.quarter_hours,
        rate: Pence(body.rate_pence),
        staff: body.staff,
        from: body.from,
        to: body.to,
        review_on: body.review_on,
        reason: body.reason,
        decided_by: decided(body.decided_by.as_deref(), body.said_at)?,
    };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// Another price of a line.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Pricing {
    /// The line's place in the agreement, from 0.
    line: usize,
    /// From which night.
    from: Date,
    /// The new price of a week; 0 where the line stops.
    weekly_pence: i64,
    /// Why it changes.
    cause: code::PriceCause,
    /// Of a rise that was already decided: the reference of what decided it.
    #[serde(default)]
    decided: String,
    /// Why, where the price is not a scheduled one.
    #[serde(default)]
    reason: String,
    /// The id of the person whose word is recorded; nobody where the caller decides.
    decided_by: Option<String>,
    /// When they said so.
    #[schema(value_type = Option<String>, example = "2021-09-13T09:00:00")]
    said_at: Option<DateTime>,
    /// The key of each finding that you confirm tells of no child, as the refusal gave it.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Change a price
#[utoipa::path(post, path = "/agreements/{reference}/price", tag = "agreement", operation_id = "change_price_of_agreement", params(IfMatch), request_body = Pricing, responses((status = 200, body = Done)))]
async fn price(Path(reference): Path<String>, sent: Sent<Pricing>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = ChangePrice {
        reference,
        version,
        line: body.line,
        from: body.from,
        weekly: Pence(body.weekly_pence),
        cause: body.cause.0,
        decided: body.decided,
        reason: body.reason,
        decided_by: decided(body.decided_by.as_deref(), body.said_at)?,
    };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// The ground in procurement law of an award above the threshold.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Grounding {
    /// The ground.
    ground: code::LegalGround,
    /// When the award notice was sent, where it was.
    notice_on: Option<Date>,
    /// Its number.
    #[serde(default)]
    notice: String,
}

/// Record the legal ground and the award notice
#[utoipa::path(post, path = "/agreements/{reference}/ground", tag = "agreement", operation_id = "record_legal_ground", params(IfMatch), request_body = Grounding, responses((status = 200, body = Done)))]
async fn ground(Path(reference): Path<String>, sent: Sent<Grounding>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let (ground, notice_on, notice) = (body.ground.0, body.notice_on, body.notice);
    Ok(changed(api.perform(&key, RecordGround { reference, version, ground, notice_on, notice }).await?))
}

/// How a start without recorded power was put right.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PuttingRight {
    /// Ratified, the ceiling raised, or ended.
    how: code::Ratification,
    /// The decision in force that did so; none where the placement ended.
    #[serde(default)]
    decision: String,
}

/// Record how a start without recorded power was put right
#[utoipa::path(post, path = "/agreements/{reference}/put-right", tag = "agreement", operation_id = "put_right_start", params(IfMatch), request_body = PuttingRight, responses((status = 200, body = Done)))]
async fn put_right(Path(reference): Path<String>, sent: Sent<PuttingRight>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let command = PutRight { reference, version, how: body.how.0, decision: body.decision };
    Ok(changed(api.perform(&key, command).await?))
}
