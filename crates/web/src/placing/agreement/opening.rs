//! The opening ledger by page and as a file.

use axum::Router;
use axum::routing::get;
use placewell_app::placing::agreement::opening::OpeningLedger;
use placewell_exchange::sheet::Sheet;
use placewell_pages::placing::agreement::opening::{LedgerRow, LedgerView, ledger_page};

use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, as_csv, as_xlsx, page};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/finance/opening-ledger", get(show))
        .route("/finance/opening-ledger.csv", get(csv))
        .route("/finance/opening-ledger.xlsx", get(xlsx))
}

async fn ledger(signed: &Signed) -> Result<OpeningLedger, Failure> {
    signed.app().opening_ledger(&signed.actor).await.or_fail(signed)
}

async fn show(signed: Signed) -> Answered {
    let rows = ledger(&signed).await?.rows.into_iter().map(|row| LedgerRow {
        reference: row.reference,
        from: row.from,
        paid_to: row.paid_to,
        ours: row.line.ours,
        ledger: row.line.ledger,
        cause: row.line.cause.label().to_owned(),
    });
    Ok(page(&ledger_page(signed.shell(), &LedgerView { rows: rows.collect() })))
}

fn sheet(ledger: OpeningLedger) -> Sheet {
    let columns = ["agreement", "paid_from", "paid_to", "by_price_lines", "in_finance_ledger", "difference", "cause"];
    let mut sheet = Sheet::new("Opening ledger", columns);
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
