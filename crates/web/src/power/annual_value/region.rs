//! The ceilings of all authorities for the regional team, as a page and as a file.

use axum::Router;
use axum::routing::get;
use placewell_app::power::annual_value::{RegionValues, region_sheet};
use placewell_pages::power::annual_value::{RegionRow, RegionView, region_values_page};

use super::csv;
use crate::request::Signed;
use crate::respond::{Answered, OrFail, page};
use crate::server::Web;

/// The routes.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/region/annual-value", get(show)).route("/region/annual-value.csv", get(ceilings_csv))
}

async fn show(signed: Signed) -> Answered {
    let found = signed.app().region_values(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&region_values_page(signed.shell(), &view(found))))
}

fn view(found: RegionValues) -> RegionView {
    let sums = found.sums();
    let rows = found.rows.into_iter().map(|row| RegionRow {
        code: row.code,
        name: row.name,
        totals: row.totals,
        counted: row.counted_at.zip(row.counted),
    });
    RegionView { today: found.today, rows: rows.collect(), sums }
}

async fn ceilings_csv(signed: Signed) -> Answered {
    let found = signed.app().region_values(&signed.actor).await.or_fail(&signed)?;
    csv(&signed, Some(&region_sheet(&found)), &format!("ceilings-{}", found.today))
}
