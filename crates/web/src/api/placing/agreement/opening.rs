//! The opening ledger over the API.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::problem::Answered;
use crate::api::reply::plain;
use crate::api::request::Api;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(opening_ledger))
}

/// One agreement of the ledger.
#[derive(Debug, Serialize, ToSchema)]
struct OpeningLine {
    /// The agreement's reference.
    agreement: String,
    /// The first of the nights.
    paid_from: Date,
    /// The day after the last night that was paid.
    paid_to: Date,
    /// What its price lines give.
    lines_pence: i64,
    /// What the finance ledger shows.
    ledger_pence: i64,
    /// What the ledger shows beyond it.
    difference_pence: i64,
    /// What explains the difference.
    cause: &'static str,
}

/// The opening ledger.
#[derive(Debug, Serialize, ToSchema)]
struct OpeningLedgerShown {
    /// What the price lines give in all.
    lines_pence: i64,
    /// What the finance ledger shows in all.
    ledger_pence: i64,
    /// How many agreements differ.
    differing: usize,
    /// By reference.
    agreements: Vec<OpeningLine>,
}

/// Read the opening ledger beside the finance ledger
#[utoipa::path(get, path = "/opening-ledger", tag = "agreement", responses((status = 200, body = OpeningLedgerShown)))]
async fn opening_ledger(api: Api) -> Answered {
    let found = api.app().opening_ledger(&api.actor).await?;
    let line = |row: &placewell_app::placing::agreement::opening::OpeningRow| OpeningLine {
        agreement: row.reference.clone(),
        paid_from: row.from,
        paid_to: row.paid_to,
        lines_pence: row.line.ours.0,
        ledger_pence: row.line.ledger.0,
        difference_pence: row.line.difference().0,
        cause: row.line.cause.code(),
    };
    Ok(plain(&OpeningLedgerShown {
        lines_pence: found.ours().0,
        ledger_pence: found.ledger().0,
        differing: found.differing().count(),
        agreements: found.rows.iter().map(line).collect(),
    }))
}
