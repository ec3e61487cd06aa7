//! The opening ledger by page and as a file.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::placing::agreement::opening::{OpeningLedger, RecordLedgerTotal};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::opening::LedgerCause;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_pages::form::Typed;
use placewell_pages::placing::agreement::opening::{LedgerRow, LedgerView, UnpaidLine, ledger_page};

use crate::request::{Signed, Submitted};
use crate::respond::{Answered, Failure, OrFail, as_csv, as_xlsx, page, page_with, see};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/finance/opening-ledger", get(show).post(record))
        .route("/finance/opening-ledger.csv", get(csv))
        .route("/finance/opening-ledger.xlsx", get(xlsx))
}

async fn ledger(signed: &Signed) -> Result<OpeningLedger, Failure> {
    signed.app().opening_ledger(&signed.actor).await.or_fail(signed)
}

fn view(signed: &Signed, found: OpeningLedger, typed: Typed) -> LedgerView {
    let rest = found.rest();
    let rows = found.rows.into_iter().map(|row| LedgerRow {
        reference: row.reference,
        from: row.from,
        paid_to: row.paid_to,
        ours: row.line.ours,
        ledger: row.line.ledger,
        cause: row.line.cause.label().to_owned(),
    });
    let unpaid = found.unpaid.into_iter().map(|row| UnpaidLine {
        reference: row.reference,
        from: row.from,
        until: row.until,
        ours: row.ours,
    });
    LedgerView {
        rows: rows.collect(),
        unpaid: unpaid.collect(),
        total: found.total.zip(rest).map(|((as_at, total), rest)| (as_at, total, rest)),
        keeps: may(signed.actor.role, Action::KeepAnnualValue),
        typed,
    }
}

async fn show(signed: Signed) -> Answered {
    let view = view(&signed, ledger(&signed).await?, Typed::default());
    Ok(page(&ledger_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

async fn record(Submitted { signed, fields, key }: Submitted) -> Answered {
    if !may(signed.actor.role, Action::KeepAnnualValue) {
        return Err(signed.fail(Outcome::Forbidden(Action::KeepAnnualValue)));
    }
    let mut invalid = Invalid::default();
    let as_at = fields.date("as_at", "Enter the day up to which the total counts", &mut invalid);
    let total = fields.pence("total", "Enter the total in pounds, like 125,000.50", &mut invalid);
    let outcome = match (as_at, total) {
        (Some(as_at), Some(total)) => {
            signed.app().perform(&signed.actor, &key, RecordLedgerTotal { as_at, total }).await
        }
        _ => Err(invalid.into()),
    };
    match outcome {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => {
            let typed = Typed::new(fields.pairs().to_vec());
            let view = view(&signed, ledger(&signed).await?, typed);
            let page = ledger_page(signed.shell(), &view, &invalid, &signed.new_key());
            Ok(page_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(outcome) => Err(signed.fail(outcome)),
    }
}

fn sheet(ledger: OpeningLedger) -> Sheet {
    let columns = ["agreement", "paid_from", "paid_to", "by_price_lines", "in_finance_ledger", "difference", "cause"];
    let mut sheet = Sheet::new("Opening ledger", columns);
    let whole = ledger.total.zip(ledger.rest());
    for row in ledger.rows {
        sheet.rows.push(vec![
            row.reference.into(),
            row.from.into(),
            row.paid_to.into(),
            row.line.ours.into(),
            row.line.ledger.into(),
            row.line.difference().into(),
            row.line.cause.label().into(),
        ]);
    }
    for row in ledger.unpaid {
        sheet.rows.push(vec![
            row.reference.into(),
            row.from.into(),
            Cell::Empty,
            row.ours.into(),
            Cell::Empty,
            Cell::Empty,
            LedgerCause::NotGiven.label().into(),
        ]);
    }
    if let Some(((as_at, total), rest)) = whole {
        sheet.rows.push(vec![
            "The finance ledger in all".into(),
            Cell::Empty,
            as_at.into(),
            Cell::Empty,
            total.into(),
            rest.into(),
            "The difference is in no amount above".into(),
        ]);
    }
    sheet
}

async fn csv(signed: Signed) -> Answered {
    let sheet = sheet(ledger(&signed).await?);
    as_csv(&signed, &sheet, "opening-ledger")
}

async fn xlsx(signed: Signed) -> Answered {
    let sheet = sheet(ledger(&signed).await?);
    as_xlsx(&signed, &sheet, "opening-ledger")
}
