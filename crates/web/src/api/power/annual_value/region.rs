//! The ceilings of all authorities, for the regional team.

use jiff::civil::{Date, DateTime};
use placewell_app::power::annual_value::AuthorityYear;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::FiguresShown;
use crate::api::problem::Answered;
use crate::api::reply::plain;
use crate::api::request::Api;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(region))
}

/// What is expected of a year's outturn.
#[derive(Debug, Serialize, ToSchema)]
#[allow(clippy::struct_field_names)] // amounts end in _pence throughout the API
struct RegionOutturn {
    /// The middle.
    middle_pence: i64,
    /// The lower end of the range that holds 80 of 100 futures.
    low_pence: i64,
    /// Its upper end.
    high_pence: i64,
}

/// What an authority counted of its own year.
#[derive(Debug, Serialize, ToSchema)]
struct RegionCounted {
    /// The year in words.
    year: String,
    /// When it was counted.
    #[schema(value_type = String)]
    at: Option<DateTime>,
    /// What its nights so far cost.
    spent_pence: i64,
    /// The three figures.
    figures: FiguresShown,
    /// Planned by spot purchase, beside the ceiling.
    spot_pence: i64,
    /// The first night on which the run-rate exceeds the ceiling; null where it does not in this year.
    exceeded_on: Option<Date>,
    /// The outturn; null where there are too few awards to say.
    outturn: Option<RegionOutturn>,
}

/// One authority's ceiling.
#[derive(Debug, Serialize, ToSchema)]
struct RegionCeiling {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// The ceiling; null where no decision adopted the year.
    ceiling_pence: Option<i64>,
    /// What is committed below it, as the ledger stands.
    committed_pence: Option<i64>,
    /// What was excepted above it.
    excepted_pence: Option<i64>,
    /// What can still be awarded.
    can_award_pence: Option<i64>,
    /// What the authority counted of its own record; null before it has.
    counted: Option<RegionCounted>,
}

impl From<AuthorityYear> for RegionCeiling {
    fn from(row: AuthorityYear) -> Self {
        let can_award = row.headroom();
        let at = row.counted_at;
        Self {
            ceiling_pence: row.totals.map(|totals| totals.ceiling.0),
            committed_pence: row.totals.map(|totals| totals.committed.0),
            excepted_pence: row.totals.map(|totals| totals.over.0),
            can_award_pence: can_award.map(|pence| pence.0),
            counted: row.counted.map(|value| RegionCounted {
                year: value.year,
                at,
                spent_pence: value.spent.0,
                figures: value.figures.into(),
                spot_pence: value.spot.0,
                exceeded_on: value.exceeded_on,
                outturn: value.outturn.map(|(middle, low, high)| RegionOutturn {
                    middle_pence: middle.0,
                    low_pence: low.0,
                    high_pence: high.0,
                }),
            }),
            code: row.code,
            name: row.name,
        }
    }
}

/// Read how every authority of the region stands against its ceiling
#[utoipa::path(get, path = "/region/annual-value", tag = "annual_value", operation_id = "list_region_ceilings", responses((status = 200, body = Vec<RegionCeiling>)))]
async fn region(api: Api) -> Answered {
    let found = api.app().region_values(&api.actor).await?;
    Ok(plain(&found.rows.into_iter().map(RegionCeiling::from).collect::<Vec<_>>()))
}
