//! Recharge statements: the page, its PDF and its CSV.

use axum::extract::Path;
use placewell_app::Outcome;
use placewell_app::buying::block::nights::{Recharge, RechargeLine};
use placewell_pages::buying::block::nights::{RechargeRowView, RechargeView, recharge_page};

use crate::request::Signed;
use crate::respond::{Answered, OrFail, file, page};

fn row(line: &RechargeLine) -> RechargeRowView {
    RechargeRowView { what: line.what.clone(), nights: line.nights, night: line.night, pence: line.pence }
}

fn view(found: &Recharge) -> RechargeView {
    RechargeView {
        reference: found.block.clone(),
        title: found.title.clone(),
        authority: found.authority.clone(),
        code: found.code.clone(),
        share: found.share.clone(),
        provider: found.provider.clone(),
        month: found.month,
        settled: found.settled,
        lines: found.lines.iter().map(row).collect(),
        adjustments: found.adjustments.iter().map(row).collect(),
        total: found.total(),
    }
}

pub(super) async fn show(signed: Signed, Path((reference, authority)): Path<(String, String)>) -> Answered {
    let month = signed.query.get("month");
    let found = signed.app().recharge(&signed.actor, &reference, &authority, month).await.or_fail(&signed)?;
    Ok(page(&recharge_page(signed.shell(), &view(&found))))
}

pub(super) async fn pdf(signed: Signed, Path((reference, authority)): Path<(String, String)>) -> Answered {
    let month = signed.query.get("month");
    let bytes = signed.app().recharge_pdf(&signed.actor, &reference, &authority, month).await.or_fail(&signed)?;
    Ok(file(bytes, "application/pdf", &format!("recharge-{reference}-{authority}.pdf")))
}

pub(super) async fn csv(signed: Signed, Path((reference, authority)): Path<(String, String)>) -> Answered {
    let month = signed.query.get("month");
    let found = signed.app().recharge(&signed.actor, &reference, &authority, month).await.or_fail(&signed)?;
    let bytes = found.sheet().csv().map_err(|error| Outcome::Fault(error.0)).or_fail(&signed)?;
    Ok(file(bytes, "text/csv; charset=utf-8", &format!("recharge-{reference}-{authority}.csv")))
}
