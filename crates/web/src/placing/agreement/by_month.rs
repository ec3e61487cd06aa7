//! What was agreed, for which nights: a month by page and as a file.

use axum::Router;
use axum::routing::get;
use placewell_app::placing::agreement::{AgreedLine, AgreedMonth};
use placewell_app::placing::occupancy::month_of;
use placewell_domain::nights::plus_days;
use placewell_pages::placing::agreement::by_month::{AgreedPart, AgreedRow, AgreedView, agreed_page};

use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, as_csv, as_xlsx, page};
use crate::server::Web;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/agreements/by-month", get(show))
        .route("/agreements/by-month.csv", get(csv))
        .route("/agreements/by-month.xlsx", get(xlsx))
}

/// The month that the address names; this month for anything else.
async fn month(signed: &Signed) -> Result<AgreedMonth, Failure> {
    let day = month_of(signed.query.get("month"), signed.now().today());
    signed.app().agreed_month(&signed.actor, day).await.or_fail(signed)
}

fn part(of: &AgreedLine) -> AgreedPart {
    let line = of.lines.iter().map(|line| AgreedRow {
        what: if line.label == line.kind.label() {
            line.label.clone()
        } else {
            format!("{}: {}", line.kind.label(), line.label)
        },
        days: (line.nights.from(), plus_days(line.nights.to(), -1)),
        nights: Some(line.nights.count().unsigned_abs()),
        weekly: Some(line.weekly),
        charge: line.charge,
    });
    let less = of.less.iter().map(|one| {
        let agreed = if one.agreed { "agreed" } else { "not agreed yet" };
        AgreedRow {
            what: format!("{}: hours not delivered, {agreed}", one.label),
            days: (one.week, plus_days(one.week, 6)),
            nights: None,
            weekly: None,
            charge: -one.credit,
        }
    });
    AgreedPart {
        reference: of.reference.clone(),
        home: of.home.clone(),
        other_side: of.other_side.clone(),
        state: of.state.to_owned(),
        nights: of.nights.unsigned_abs(),
        rows: line.chain(less).collect(),
        total: of.total(),
    }
}

async fn show(signed: Signed) -> Answered {
    let found = month(&signed).await?;
    let view = AgreedView {
        first: found.first,
        agreements: found.agreements.iter().map(part).collect(),
        total: found.total(),
    };
    Ok(page(&agreed_page(signed.shell(), &view)))
}

fn name(of: &AgreedMonth) -> String {
    format!("agreed-nights-{}", of.first.strftime("%Y-%m"))
}

async fn csv(signed: Signed) -> Answered {
    let found = month(&signed).await?;
    as_csv(&signed, &found.sheet(), &name(&found))
}

async fn xlsx(signed: Signed) -> Answered {
    let found = month(&signed).await?;
    as_xlsx(&signed, &found.sheet(), &name(&found))
}
