//! The list of reports; prices by route, the share through the arrangement, and checks by route: pages and files.

use axum::Router;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::reporting::comparison::{
    AskedPrices, ChecksPage, Division, NeedCell, NeedColumn, PartRow, PricePage, SharePage, ToldBurden, checks_sheet,
    price_sheet, share_sheet,
};
use placewell_domain::buying::check::{CheckItem, Inherits};
use placewell_domain::office::access::{Action, may};
use placewell_domain::placing::child::AgeBand;
use placewell_domain::reporting::comparison::{Expectation, Outturn};
use placewell_domain::reporting::publication::FEWER;
use placewell_exchange::sheet::Sheet;
use placewell_insight::reporting::comparison::{Began, Side};
use placewell_pages::reporting::comparison::{
    AuthorityLine, ChecksView, NeedCellView, NeedView, PairView, PartView, PricesView, QuarterLine, ReasonLine,
    RouteFigures, RouteLine, ShareView, SharedLine, SideView, checks_page, prices_page, reports_page, share_page,
};

use crate::fields::Fields;
use crate::request::Signed;
use crate::respond::{Answered, Failure, OrFail, file, page};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/reports", get(reports))
        .route("/reports/price-comparison", get(prices))
        .route("/reports/price-comparison.csv", get(prices_csv))
        .route("/reports/route-share", get(share))
        .route("/reports/route-share.csv", get(share_csv))
        .route("/reports/checks", get(checks))
        .route("/reports/checks.csv", get(checks_csv))
}

/// The report of the next room, on the list of all.
const ALTERNATIVES: (&str, &str, &str) = (
    "Alternatives tested again",
    "/reports/alternatives",
    "What doing nothing, a framework of one's own, a sub-regional one, a block or homes in house would cost beside the \
     arrangement, in ten thousand futures drawn from the authority's own record.",
);

/// The report of an earlier room, for the regional team.
const CEILINGS: (&str, &str, &str) = (
    "Ceilings of all authorities",
    "/region/annual-value",
    "What each authority has committed of its annual value, what is bound, planned and run-rate, and when its live \
     placements alone would exceed it.",
);

async fn reports(signed: Signed) -> Answered {
    drop(signed.app().see(&signed.actor, Action::SeeComparison).await.or_fail(&signed)?);
    let listed = [(ALTERNATIVES, Action::SeeAppraisals), (CEILINGS, Action::SeeRegionValues)];
    let role = signed.actor.role;
    let more: Vec<_> = listed.into_iter().filter_map(|(one, action)| may(role, action).then_some(one)).collect();
    Ok(page(&reports_page(signed.shell(), &more)))
}

/// What the address asks for; what it does not name, or names wrongly, is not asked for.
pub(crate) fn asked(query: &Fields) -> AskedPrices {
    let code = |name: &str| query.filled(name).filter(|code| code.len() <= 60).map(str::to_owned);
    AskedPrices {
        by: query.filled("by").and_then(Division::from_code).unwrap_or_default(),
        lot: code("lot"),
        need_band: code("need"),
        age: query.filled("age").and_then(AgeBand::from_code),
    }
}

async fn compared(signed: &Signed) -> Result<PricePage, Failure> {
    signed.app().price_comparison(&signed.actor, asked(&signed.query)).await.or_fail(signed)
}

async fn prices(signed: Signed) -> Answered {
    let found = compared(&signed).await?;
    Ok(page(&prices_page(signed.shell(), &prices_view(found))))
}

async fn prices_csv(signed: Signed) -> Answered {
    let found = compared(&signed).await?;
    csv(&signed, &price_sheet(&found), &format!("prices-by-route-{}", found.asked.by.code()))
}

fn prices_view(found: PricePage) -> PricesView {
    let asked = found.asked;
    let once = CheckItem::ALL.iter().filter(|item| item.inherits() == Inherits::Regionally).count();
    let age = asked.age.map_or_else(String::new, |age| age.code().to_owned());
    PricesView {
        by_area: asked.by == Division::Area,
        band: found.band.hundredths(),
        placements: found.placements,
        share: found.share,
        checks: (once, CheckItem::ALL.len()),
        quarters: found.quarters,
        region: part(found.region),
        parts: found.parts.into_iter().map(part).collect(),
        by_need: found.by_need.into_iter().map(need).collect(),
        lots: found.lots.into_iter().map(|lot| (lot.code, lot.name)).collect(),
        need_bands: found.need_bands,
        ages: AgeBand::ALL.iter().map(|age| (age.code(), age.label())).collect(),
        chosen: [asked.lot.unwrap_or_default(), asked.need_band.unwrap_or_default(), age],
    }
}

fn need(column: NeedColumn) -> NeedView {
    let many = |side: &Side| side.count.map(|count| count.placements).ok_or(side.untold.unwrap_or(FEWER));
    let cell = |one: &NeedCell| NeedCellView {
        placements: [many(&one.fca), many(&one.spot)],
        pair: PairView { pair: one.compared.pair, difference: one.compared.difference, verdict: one.compared.verdict },
    };
    NeedView { cells: column.cells.iter().map(cell).collect(), need_band: column.need_band }
}

fn part(row: PartRow) -> PartView {
    PartView {
        name: row.name,
        sides: row
            .sides
            .iter()
            .map(|side| SideView {
                route: side.route.label(),
                count: side.count.map(|count| (count.placements, count.homes)),
                quartiles: side.quartiles,
                untold: side.untold,
            })
            .collect(),
        pairs: row
            .pairs
            .iter()
            .map(|one| PairView { pair: one.pair, difference: one.difference, verdict: one.verdict })
            .collect(),
        expected: (row.expected != Expectation::NotSaid).then(|| (row.expected.label(), row.decision)),
        outturn: Outturn::words(row.outturn),
    }
}

async fn shared(signed: &Signed) -> Result<SharePage, Failure> {
    let of = signed.query.filled("authority").map(str::to_uppercase);
    signed.app().route_share(&signed.actor, of.as_deref()).await.or_fail(signed)
}

async fn share(signed: Signed) -> Answered {
    let found = shared(&signed).await?;
    Ok(page(&share_page(signed.shell(), &share_view(found))))
}

async fn share_csv(signed: Signed) -> Answered {
    let found = shared(&signed).await?;
    let whose = found.of.as_ref().map_or_else(|| "region".to_owned(), |(code, _)| code.to_lowercase());
    csv(&signed, &share_sheet(&found), &format!("share-through-the-arrangement-{whose}"))
}

/// What is told of what began, or what stands in its place.
fn told(of: &Began) -> Result<SharedLine, &'static str> {
    let ([through, ..], all) = (of.placements, of.all);
    let line = through.zip(all).map(|(through, all)| SharedLine { through, all, share: of.thousandths() });
    line.ok_or(of.untold.unwrap_or(FEWER))
}

/// Route by route, where each can be told.
fn apart(of: &Began) -> Option<[u32; 4]> {
    let [through, spot, block, own] = of.placements;
    Some([through?, spot?, block?, own?])
}

fn share_view(found: SharePage) -> ShareView {
    ShareView {
        of: found.of,
        reasons: found
            .reasons
            .into_iter()
            .map(|one| ReasonLine {
                by: one.by.label(),
                count: one.told.all.zip(one.told.year).ok_or(one.told.untold.unwrap_or(FEWER)),
                words: one.words,
            })
            .collect(),
        quarters: found
            .quarters
            .into_iter()
            .map(|one| QuarterLine { from: one.quarter, apart: apart(&one.began), told: told(&one.began) })
            .collect(),
        authorities: found
            .authorities
            .into_iter()
            .map(|one| AuthorityLine { all: told(&one.all), year: told(&one.year), code: one.code, name: one.name })
            .collect(),
    }
}

async fn checks(signed: Signed) -> Answered {
    let found = signed.app().checks_by_route(&signed.actor).await.or_fail(&signed)?;
    Ok(page(&checks_page(signed.shell(), &checks_view(found))))
}

async fn checks_csv(signed: Signed) -> Answered {
    let found = signed.app().checks_by_route(&signed.actor).await.or_fail(&signed)?;
    csv(&signed, &checks_sheet(&found), "checks-by-route")
}

fn checks_view(found: ChecksPage) -> ChecksView {
    let line = |authority: String, one: &ToldBurden| RouteLine {
        authority,
        route: one.route.label(),
        figures: one.figures.map(|told| RouteFigures {
            placements: told.placements,
            checks: told.checks,
            check_minutes: told.check_minutes,
            contracting: told.contracting,
            said: told.said,
        }),
    };
    ChecksView {
        places: found.places,
        days: (found.from, found.until),
        own: found.own.iter().map(|one| line(String::new(), one)).collect(),
        region: found.region.into_iter().map(|(_, name, one)| line(name, &one)).collect(),
    }
}

fn csv(signed: &Signed, sheet: &Sheet, name: &str) -> Answered {
    let bytes = sheet.csv().map_err(|error| Outcome::Fault(error.0)).or_fail(signed)?;
    Ok(file(bytes, "text/csv; charset=utf-8", &format!("{name}.csv")))
}
