//! Beds and nights: how many beds are free, for members; a provider's own homes with each bed, and what it says of them.

use axum::extract::Path;
use axum::http::Uri;
use jiff::civil::Date;
use placewell_app::Command;
use placewell_app::homes::home::{ConfirmBeds, SupplyPostcode};
use placewell_app::placing::occupancy::{CloseBed, Month, ReopenBed};
use placewell_domain::nights::{OPEN_END, plus_days};
use placewell_domain::placing::occupancy::UseState;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::fields::Fields;
use crate::homes::home::free_from;
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(month))
        .routes(routes!(own))
        .routes(routes!(own_month))
        .routes(routes!(confirm_beds))
        .routes(routes!(supply_postcode))
        .routes(routes!(close_bed))
        .routes(routes!(reopen_bed))
}

/// Which month.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // described here, read from the query by name
pub(super) struct AskedMonth {
    /// The month; the present one where it is left out.
    #[param(required = false, value_type = Option<String>, pattern = "^[0-9]{4}-[0-9]{2}$", example = "2021-09")]
    month: String,
}

/// The month that a query names, which must be one.
pub(super) fn named(uri: &Uri) -> Result<String, Problem> {
    let query = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let text = query.get("month").to_owned();
    let whole = text.is_empty() || (text.len() == 7 && format!("{text}-01").parse::<Date>().is_ok());
    if whole { Ok(text) } else { Err(Problem::field("month", "Send a month such as 2021-09")) }
}

/// A home's month, without anything about who lives there.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MonthOfBeds)]
struct MonthShown {
    /// The home's Ofsted number.
    urn: String,
    /// The month in a sentence.
    words: String,
    /// Each night.
    nights: Vec<NightLine>,
}

/// Beds on one night.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Night)]
struct NightLine {
    /// The evening on which the night begins.
    night: Date,
    /// Beds that can take a child.
    free: u32,
    /// Beds kept empty for a child who lives there alone.
    blocked: u32,
    /// Beds held for a child.
    held: u32,
    /// Beds taken.
    taken: u32,
    /// Beds out of service.
    closed: u32,
}

impl From<&Month> for MonthShown {
    fn from(found: &Month) -> Self {
        let nights = (0_i64..).zip(&found.counts).map(|(after, count)| NightLine {
            night: plus_days(found.first, after),
            free: count.free,
            blocked: count.blocked,
            held: count.held,
            taken: count.taken,
            closed: count.closed,
        });
        Self { urn: found.home.urn.to_string(), words: found.words.clone(), nights: nights.collect() }
    }
}

/// Read how many beds of a home are free each night of a month
#[utoipa::path(get, path = "/homes/{urn}/beds", tag = "occupancy", operation_id = "get_beds", params(AskedMonth), responses((status = 200, body = MonthShown)))]
async fn month(api: Api, Path(urn): Path<String>, uri: Uri) -> Answered {
    let month = named(&uri)?;
    Ok(plain(&MonthShown::from(&api.app().home_month(&api.actor, &urn, &month).await?)))
}

/// A home of your own.
#[derive(Debug, Serialize, ToSchema)]
struct OwnHome {
    /// Its Ofsted number.
    urn: String,
    /// Its name.
    name: String,
    /// Registered places.
    places: u8,
    /// Beds that it keeps.
    beds: u8,
    /// Children who live there now.
    residents: u8,
    /// The first night on which a bed can take another child.
    free_from: Option<Date>,
    /// When you last confirmed its beds.
    beds_confirmed_on: Option<Date>,
    /// Whether its postcode is known, for distances.
    located: bool,
    /// The core price of a week that you tendered, by lot.
    prices: Vec<OwnPrice>,
    /// Its version, for `If-Match`.
    version: i64,
}

/// A price of your own.
#[derive(Debug, Serialize, ToSchema)]
struct OwnPrice {
    /// The lot's code.
    lot: String,
    /// The core price of a week.
    core_weekly_pence: Option<i64>,
}

/// List your own homes
#[utoipa::path(get, path = "/own-homes", tag = "occupancy", operation_id = "list_own_homes", params(Paging), responses((status = 200, body = Listed<OwnHome>)))]
async fn own(api: Api, paging: Paging) -> Answered {
    let all = api.app().own_homes(&api.actor).await?;
    let page = paging.page(all, |facts| facts.home.urn.to_string()).map(|facts| OwnHome {
        urn: facts.home.urn.to_string(),
        name: facts.home.name.clone(),
        places: facts.home.places,
        beds: facts.beds,
        residents: facts.residents,
        free_from: free_from(&facts),
        beds_confirmed_on: facts.home.beds_confirmed_on,
        located: facts.home.postcode.is_some(),
        prices: facts
            .lots
            .iter()
            .map(|lot| OwnPrice { lot: lot.lot.clone(), core_weekly_pence: lot.weekly.map(|weekly| weekly.0) })
            .collect(),
        version: facts.home.version,
    });
    Ok(plain(&page))
}

/// Your own home's month, bed by bed.
#[derive(Debug, Serialize, ToSchema)]
struct OwnMonth {
    #[serde(flatten)]
    month: MonthShown,
    /// Each bed with its state on each night.
    beds: Vec<BedLine>,
    /// Beds out of service, in this month or ahead.
    closures: Vec<ClosureLine>,
    /// The home's version, also in the `ETag`.
    version: i64,
}

/// A bed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Bed)]
struct BedLine {
    /// Its id.
    id: String,
    /// Its label.
    label: String,
    /// Its state on each night of the month, in words.
    nights: Vec<String>,
}

/// A bed out of service.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Closure)]
struct ClosureLine {
    /// Its id.
    id: String,
    /// Its version, for `If-Match`.
    version: i64,
    /// The bed's id.
    bed: String,
    /// Why.
    reason: code::ClosedReason,
    /// The first night.
    from: Date,
    /// The first night back in service, where it is known.
    until: Option<Date>,
}

/// Read a month of your own home, bed by bed
#[utoipa::path(get, path = "/own-homes/{urn}/beds", tag = "occupancy", operation_id = "get_own_beds", params(AskedMonth), responses((status = 200, body = OwnMonth)))]
async fn own_month(api: Api, Path(urn): Path<String>, uri: Uri) -> Answered {
    let month = named(&uri)?;
    let found = api.app().own_month(&api.actor, &urn, &month).await?;
    let beds = found.beds.iter().zip(&found.nights).map(|(bed, nights)| BedLine {
        id: bed.id.to_string(),
        label: bed.label.clone(),
        nights: nights.iter().map(|state| state.label().to_owned()).collect(),
    });
    let closures = found.uses.iter().filter_map(|one| match one.state {
        UseState::OutOfService(reason) => Some(ClosureLine {
            id: one.id.to_string(),
            version: one.version,
            bed: one.bed.to_string(),
            reason: reason.into(),
            from: one.nights.from(),
            until: (one.nights.to() != OPEN_END).then_some(one.nights.to()),
        }),
        UseState::Held | UseState::Stay | UseState::Cancelled => None,
    });
    let version = found.home.version;
    let body =
        OwnMonth { beds: beds.collect(), closures: closures.collect(), version, month: MonthShown::from(&found) };
    Ok(versioned(version, &body))
}

/// Does what a provider asked of its homes; the next look at the homes sees it.
async fn keep<C: Command>(api: &Api, key: &str, command: C) -> Result<placewell_app::Receipt, Problem> {
    let receipt = api.perform(key, command).await?;
    api.app().homes.forget().await;
    Ok(receipt)
}

/// Confirm that your beds are as they are kept
#[utoipa::path(post, path = "/own-homes/{urn}/confirm-beds", tag = "occupancy", request_body = Nothing, responses((status = 200, body = Done)))]
async fn confirm_beds(Path(urn): Path<String>, sent: Sent<Nothing>) -> Answered {
    Ok(changed(keep(&sent.api, &sent.key, ConfirmBeds { urn }).await?))
}

/// Where a home is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HomePostcode {
    /// The postcode; never published.
    #[schema(example = "HR1 2BB", max_length = 10)]
    postcode: String,
}

/// Give your home's postcode, for distances
#[utoipa::path(post, path = "/own-homes/{urn}/supply-postcode", tag = "occupancy", params(IfMatch), request_body = HomePostcode, responses((status = 200, body = Done)))]
async fn supply_postcode(Path(urn): Path<String>, sent: Sent<HomePostcode>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(keep(&api, &key, SupplyPostcode { urn, version, postcode: body.postcode }).await?))
}

/// A bed that cannot be used.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BedClosure {
    /// The bed's id.
    bed: String,
    /// The first night.
    from: Date,
    /// The first night back in service; open where it is left out.
    until: Option<Date>,
    /// Why.
    reason: code::ClosedReason,
}

/// Take a bed out of service
#[utoipa::path(post, path = "/own-homes/{urn}/close-bed", tag = "occupancy", request_body = BedClosure, responses((status = 201, body = Done)))]
async fn close_bed(Path(urn): Path<String>, sent: Sent<BedClosure>) -> Answered {
    let Sent { api, body, key } = sent;
    let bed = body.bed.parse().map_err(|_| Problem::field("bed", "Send the id of one of the home's beds"))?;
    let command = CloseBed { urn, bed, from: body.from, until: body.until, reason: body.reason.0 };
    Ok(made(keep(&api, &key, command).await?))
}

/// When a bed is back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BackOn {
    /// The first night back in service.
    on: Date,
}

/// Bring a bed back into service
#[utoipa::path(post, path = "/own-homes/{urn}/closures/{id}/reopen", tag = "occupancy", params(IfMatch), request_body = BackOn, responses((status = 200, body = Done)))]
async fn reopen_bed(Path((urn, id)): Path<(String, String)>, sent: Sent<BackOn>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let closure = id.parse().map_err(|_| Problem::not_found())?;
    Ok(changed(keep(&api, &key, ReopenBed { urn, closure, version, on: body.on }).await?))
}
