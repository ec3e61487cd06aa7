//! The opening ledger over the API.

use jiff::civil::Date;
use placewell_app::placing::agreement::opening::{OpeningRow, RecordLedgerTotal, UnpaidRow};
use placewell_domain::money::Pence;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(opening_ledger)).routes(routes!(record_total))
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

/// A live placement that was brought in without what was paid for it: a difference that nobody has measured.
#[derive(Debug, Serialize, ToSchema)]
struct UnpaidAgreement {
    /// The agreement's reference.
    agreement: String,
    /// The first night.
    from: Date,
    /// The day on which it was brought in.
    until: Date,
    /// What its price lines give for the nights between.
    lines_pence: i64,
}

/// What the finance ledger shows in all, as it was recorded last.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerTotal {
    /// The day up to which it counts.
    as_at: Date,
    /// How much.
    total_pence: i64,
    /// What of it is in no paid amount of the agreements.
    rest_pence: i64,
}

/// The opening ledger.
#[derive(Debug, Serialize, ToSchema)]
struct OpeningLedgerShown {
    /// What the price lines give in all.
    lines_pence: i64,
    /// What the finance ledger shows in all.
    ledger_pence: i64,
    /// How many agreements differ, those without a paid amount among them.
    differing: usize,
    /// By reference.
    agreements: Vec<OpeningLine>,
    /// Live placements without a paid amount, by reference.
    without_paid_amount: Vec<UnpaidAgreement>,
    /// The finance ledger's own total; null until it is recorded.
    total: Option<LedgerTotal>,
}

/// Read the opening ledger beside the finance ledger
#[utoipa::path(get, path = "/opening-ledger", tag = "agreement", responses((status = 200, body = OpeningLedgerShown)))]
async fn opening_ledger(api: Api) -> Answered {
    let found = api.app().opening_ledger(&api.actor).await?;
    let line = |row: &OpeningRow| OpeningLine {
        agreement: row.reference.clone(),
        paid_from: row.from,
        paid_to: row.paid_to,
        lines_pence: row.line.ours.0,
        ledger_pence: row.line.ledger.0,
        difference_pence: row.line.difference().0,
        cause: row.line.cause.code(),
    };
    let unpaid = |row: &UnpaidRow| UnpaidAgreement {
        agreement: row.reference.clone(),
        from: row.from,
        until: row.until,
        lines_pence: row.ours.0,
    };
    Ok(plain(&OpeningLedgerShown {
        lines_pence: found.ours().0,
        ledger_pence: found.ledger().0,
        differing: found.differing().count() + found.unpaid.len(),
        agreements: found.rows.iter().map(line).collect(),
        without_paid_amount: found.unpaid.iter().map(unpaid).collect(),
        total: found.total.zip(found.rest()).map(|((as_at, total), rest)| LedgerTotal {
            as_at,
            total_pence: total.0,
            rest_pence: rest.0,
        }),
    }))
}

/// What a finance ledger shows in all.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLedgerTotal {
    /// The day up to which it counts, today at the latest.
    as_at: Date,
    /// How much it shows as paid for placements.
    #[schema(minimum = 0, example = 12_500_050)]
    total_pence: i64,
}

/// Record what the finance ledger shows in all as paid
///
/// Its rest beyond the paid amounts of the agreements shows as a difference. What was recorded before stays in the record.
#[utoipa::path(post, path = "/opening-ledger/total", tag = "agreement", operation_id = "record_ledger_total", request_body = NewLedgerTotal, responses((status = 200, body = Done)))]
async fn record_total(sent: Sent<NewLedgerTotal>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = RecordLedgerTotal { as_at: body.as_at, total: Pence(body.total_pence) };
    Ok(changed(api.perform(&key, command).await?))
}
