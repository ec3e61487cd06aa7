//! Prices by route, the share through the arrangement, and checks by route: the figures of the reports' pages.

use axum::http::Uri;
use jiff::civil::Date;
use placewell_app::reporting::comparison::{PartRow, ToldBurden};
use placewell_domain::placing::agreement::BuyingRoute;
use placewell_domain::reporting::comparison::{Hundredths, Interval};
use placewell_insight::reporting::comparison::{Began, Compared, Side};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::plain;
use crate::api::request::Api;
use crate::fields::Fields;
use crate::reporting::comparison::asked;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(prices)).routes(routes!(share)).routes(routes!(checks))
}

/// Which placements are compared.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct Asked {
    /// `authority` for the placing authority, `area` for where the home is.
    #[param(required = false, value_type = Option<String>, example = "authority")]
    by: String,
    /// Only this lot, by its code.
    #[param(required = false, value_type = Option<String>, example = "planned")]
    lot: String,
    /// Only this band of need, by its code.
    #[param(required = false, value_type = Option<String>, example = "standard")]
    need: String,
    /// Only this age band, by its code.
    #[param(required = false, value_type = Option<String>, example = "13_to_15")]
    age: String,
}

/// The comparison of prices by route.
#[derive(Debug, Serialize, ToSchema)]
struct PriceComparison {
    /// Within how many percent either way prices are broadly similar.
    band_percent: u8,
    /// Placements compared; null where it would tell of fewer than five by some route.
    placements: Option<usize>,
    /// The whole region.
    region: PricePart,
    /// Its parts.
    parts: Vec<PricePart>,
}

/// One part of the region.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PriceByPart)]
struct PricePart {
    /// An authority's three letters, or an area's code; empty for the whole region.
    code: String,
    /// Its name.
    name: String,
    /// Its prices by route.
    prices: Vec<RoutePrices>,
    /// The routes compared, like for like.
    compared: Vec<RoutesCompared>,
    /// What its decision expected of spot purchase against the FCA.
    expected: code::Expectation,
    /// That decision.
    decision: Option<String>,
    /// Whether it came true, in words.
    outturn: String,
}

/// The prices of one route, as they were agreed.
#[derive(Debug, Serialize, ToSchema)]
struct RoutePrices {
    /// The route.
    route: code::BuyingRoute,
    /// Placements; null where it would tell of fewer than five placements or homes.
    placements: Option<usize>,
    /// Homes; null as above.
    homes: Option<usize>,
    /// A quarter of the weekly prices is below it; null where none was agreed, and where it would tell of fewer than five
    /// placements or homes.
    lower_quarter_pence: Option<i64>,
    /// Half of the weekly prices is below it; null as above.
    median_pence: Option<i64>,
    /// Three quarters of the weekly prices are below it; null as above.
    upper_quarter_pence: Option<i64>,
}

/// One route against another: positive where the first named costs more.
#[derive(Debug, Serialize, ToSchema)]
struct RoutesCompared {
    /// Which.
    pair: code::Pair,
    /// The verdict's code.
    #[schema(example = "broadly_similar")]
    verdict: String,
    /// The verdict in words.
    #[schema(example = "cannot tell: between −4% and +13%")]
    words: String,
    /// The difference in hundredths of a percent, where it can be estimated.
    difference: Option<i64>,
    /// Its 90% interval, from and to.
    interval_90: Option<[i64; 2]>,
    /// Its 95% interval, from and to.
    interval_95: Option<[i64; 2]>,
}

impl From<PartRow> for PricePart {
    fn from(row: PartRow) -> Self {
        Self {
            code: row.code,
            name: row.name,
            prices: row.sides.iter().map(RoutePrices::from).collect(),
            compared: row.pairs.iter().map(RoutesCompared::from).collect(),
            expected: row.expected.into(),
            decision: row.decision,
            outturn: row.outturn.words().to_owned(),
        }
    }
}

impl From<&Side> for RoutePrices {
    fn from(side: &Side) -> Self {
        let quartile = |at: usize| side.quartiles.and_then(|of| of.get(at).map(|pence| pence.0));
        Self {
            route: side.route.into(),
            placements: side.count.map(|count| count.placements),
            homes: side.count.map(|count| count.homes),
            lower_quarter_pence: quartile(0),
            median_pence: quartile(1),
            upper_quarter_pence: quartile(2),
        }
    }
}

impl From<&Compared> for RoutesCompared {
    fn from(compared: &Compared) -> Self {
        let ends = |interval: Interval| [interval.from.0, interval.to.0];
        let Hundredths(estimate) = compared.difference.map(|one| one.estimate).unwrap_or_default();
        Self {
            pair: compared.pair.into(),
            verdict: compared.verdict.code().to_owned(),
            words: compared.verdict.words(),
            difference: compared.difference.map(|_| estimate),
            interval_90: compared.difference.map(|one| ends(one.ninety)),
            interval_95: compared.difference.map(|one| ends(one.ninety_five)),
        }
    }
}

/// Compare prices by route, like for like, in each part of the region
#[utoipa::path(get, path = "/reports/price-comparison", tag = "comparison", operation_id = "compare_prices", params(Asked), responses((status = 200, body = PriceComparison)))]
async fn prices(api: Api, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let found = api.app().price_comparison(&api.actor, asked(&query)).await?;
    Ok(plain(&PriceComparison {
        band_percent: found.band.0,
        placements: found.placements,
        region: found.region.into(),
        parts: found.parts.into_iter().map(Into::into).collect(),
    }))
}

/// Whose share.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
struct OfAuthority {
    /// An authority's three letters; the whole region where they are left out.
    #[param(required = false, value_type = Option<String>, example = "HEF")]
    authority: String,
}

/// The share of placements through the arrangement.
#[derive(Debug, Serialize, ToSchema)]
struct RouteShare {
    /// Whose, by code; null for the whole region.
    authority: Option<String>,
    /// The quarters, the first one first.
    quarters: Vec<QuarterPlacements>,
    /// Each authority over all quarters.
    authorities: Vec<AuthorityPlacements>,
}

/// One quarter.
#[derive(Debug, Serialize, ToSchema)]
struct QuarterPlacements {
    /// Its first day.
    quarter: Date,
    /// Placements that began in it, by route.
    placements: Placements,
    /// Searches that the arrangement lost, by reason.
    lost: Vec<LostFor>,
}

/// Placements by route; each number is null where it would tell of fewer than five.
#[derive(Debug, Serialize, ToSchema)]
struct Placements {
    /// Through the arrangement.
    arrangement: Option<u32>,
    /// By spot purchase.
    spot: Option<u32>,
    /// In a block's bed.
    block: Option<u32>,
    /// In an own home.
    in_house: Option<u32>,
    /// By all routes.
    all: Option<u32>,
    /// The share through the arrangement in tenths of a percent; null where none began, or it cannot be told.
    share_permille: Option<u32>,
}

/// Searches lost for one reason.
#[derive(Debug, Serialize, ToSchema)]
struct LostFor {
    /// How.
    by: code::LostBy,
    /// The reason's code, of its own list.
    reason: String,
    /// How many; null where it would tell of fewer than five.
    count: Option<u32>,
}

/// One authority.
#[derive(Debug, Serialize, ToSchema)]
struct AuthorityPlacements {
    /// Its three letters.
    code: String,
    /// Its name.
    name: String,
    /// All quarters.
    placements: Placements,
    /// The last four quarters.
    last_year: Placements,
}

impl From<&Began> for Placements {
    fn from(began: &Began) -> Self {
        Self {
            arrangement: began.of(BuyingRoute::Arrangement),
            spot: began.of(BuyingRoute::Spot),
            block: began.of(BuyingRoute::Block),
            in_house: began.of(BuyingRoute::InHouse),
            all: began.all,
            share_permille: began.thousandths(),
        }
    }
}

/// Read the share of placements through the arrangement by quarter, with the reasons that lost it
#[utoipa::path(get, path = "/reports/route-share", tag = "comparison", operation_id = "get_route_share", params(OfAuthority), responses((status = 200, body = RouteShare)))]
async fn share(api: Api, uri: Uri) -> Answered {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let of = query.filled("authority").map(str::to_uppercase);
    let found = api.app().route_share(&api.actor, of.as_deref()).await?;
    let quarters = found.quarters.iter().map(|quarter| QuarterPlacements {
        quarter: quarter.quarter,
        placements: (&quarter.began).into(),
        lost: quarter
            .lost
            .iter()
            .map(|((by, reason), count)| LostFor { by: (*by).into(), reason: reason.clone(), count: *count })
            .collect(),
    });
    let quarters = quarters.collect();
    Ok(plain(&RouteShare {
        authority: found.of.map(|(code, _)| code),
        quarters,
        authorities: found
            .authorities
            .into_iter()
            .map(|one| AuthorityPlacements {
                placements: (&one.all).into(),
                last_year: (&one.year).into(),
                code: one.code,
                name: one.name,
            })
            .collect(),
    }))
}

/// What routes took to arrange over the last year.
#[derive(Debug, Serialize, ToSchema)]
struct ChecksByRoute {
    /// Of the caller's authority, as its record stands; empty for the regional team.
    own: Vec<ChecksOfRoute>,
    /// Of each authority, as each counted it last.
    region: Vec<ChecksOfRoute>,
}

/// What one route took to arrange, in the middle placement.
#[derive(Debug, Serialize, ToSchema)]
struct ChecksOfRoute {
    /// The authority's three letters; null for the caller's own.
    authority: Option<String>,
    /// The route.
    route: code::Route,
    /// The last day that was counted; a year before it the first.
    counted_on: Date,
    /// Placements that began; null, as all that follows, where fewer than five of another authority did.
    placements: Option<u32>,
    /// Checks done for each.
    checks: Option<u32>,
    /// Minutes of its checks by the system's times.
    check_minutes: Option<u32>,
    /// Office minutes from the offer to the second signature by the system's times, where they are known.
    contracting_minutes: Option<u32>,
    /// Minutes that officers said, where they did.
    said_minutes: Option<u32>,
}

impl ChecksOfRoute {
    fn of(authority: Option<String>, one: &ToldBurden) -> Self {
        Self {
            authority,
            route: one.route.into(),
            counted_on: one.counted_on,
            placements: one.figures.map(|told| told.placements),
            checks: one.figures.map(|told| told.checks),
            check_minutes: one.figures.map(|told| told.check_minutes),
            contracting_minutes: one.figures.and_then(|told| told.contracting),
            said_minutes: one.figures.and_then(|told| told.said),
        }
    }
}

/// Read what each route takes to arrange: checks and minutes of the caller's own authority, and of each of the region
#[utoipa::path(get, path = "/reports/checks", tag = "comparison", operation_id = "get_checks_by_route", responses((status = 200, body = ChecksByRoute)))]
async fn checks(api: Api) -> Answered {
    let found = api.app().checks_by_route(&api.actor).await?;
    Ok(plain(&ChecksByRoute {
        own: found.own.iter().map(|one| ChecksOfRoute::of(None, one)).collect(),
        region: found.region.iter().map(|(code, _, one)| ChecksOfRoute::of(Some(code.clone()), one)).collect(),
    }))
}
