//! What was agreed, for which nights, over the API.

use axum::http::Uri;
use jiff::civil::Date;
use placewell_app::placing::agreement::AgreedLine;
use placewell_app::placing::occupancy::month_of;
use placewell_domain::nights::plus_days;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::placing::occupancy::{AskedMonth, named};
use crate::api::problem::Answered;
use crate::api::reply::plain;
use crate::api::request::Api;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(agreed_month))
}

/// A price line with its nights of the month.
#[derive(Debug, Serialize, ToSchema)]
struct AgreedPriceLine {
    /// What it pays for.
    kind: code::LineKind,
    /// In words.
    label: String,
    /// The first night that it charges.
    first_night: Date,
    /// The last night that it charges.
    last_night: Date,
    /// How many they are.
    nights: i64,
    /// Pence a week.
    weekly_pence: i64,
    /// The charge for these nights.
    charge_pence: i64,
}

/// Hours of a week that were bought and not delivered.
#[derive(Debug, Serialize, ToSchema)]
struct HoursNotDelivered {
    /// What the line is called.
    label: String,
    /// The week's Monday.
    week: Date,
    /// What is taken off.
    credit_pence: i64,
    /// Whether the authority has agreed.
    agreed: bool,
}

/// One agreement in the month.
#[derive(Debug, Serialize, ToSchema)]
struct AgreedAgreement {
    /// Its reference.
    agreement: String,
    /// The home's name.
    home: String,
    /// The other side's name.
    other_side: String,
    /// Its price lines.
    lines: Vec<AgreedPriceLine>,
    /// What is taken off.
    not_delivered: Vec<HoursNotDelivered>,
    /// What they come to.
    total_pence: i64,
}

/// A month of one's agreements.
#[derive(Debug, Serialize, ToSchema)]
struct AgreedMonthShown {
    /// Its first day.
    month: Date,
    /// By reference.
    agreements: Vec<AgreedAgreement>,
    /// What all come to.
    total_pence: i64,
}

fn shown(of: &AgreedLine) -> AgreedAgreement {
    let line = |line: &placewell_domain::placing::agreement::LineWithin| AgreedPriceLine {
        kind: line.kind.into(),
        label: line.label.clone(),
        first_night: line.nights.from(),
        last_night: plus_days(line.nights.to(), -1),
        nights: line.nights.count(),
        weekly_pence: line.weekly.0,
        charge_pence: line.charge.0,
    };
    let less = of.less.iter().map(|one| HoursNotDelivered {
        label: one.label.clone(),
        week: one.week,
        credit_pence: one.credit.0,
        agreed: one.agreed,
    });
    AgreedAgreement {
        agreement: of.reference.clone(),
        home: of.home.clone(),
        other_side: of.other_side.clone(),
        lines: of.lines.iter().map(line).collect(),
        not_delivered: less.collect(),
        total_pence: of.total().0,
    }
}

/// Read what was agreed, for which nights of a month
#[utoipa::path(get, path = "/agreements/by-month", tag = "agreement", params(AskedMonth), responses((status = 200, body = AgreedMonthShown)))]
async fn agreed_month(api: Api, uri: Uri) -> Answered {
    let today = api.app().calendar.now().today();
    let found = api.app().agreed_month(&api.actor, month_of(&named(&uri)?, today)).await?;
    Ok(plain(&AgreedMonthShown {
        month: found.first,
        total_pence: found.total().0,
        agreements: found.agreements.iter().map(shown).collect(),
    }))
}
