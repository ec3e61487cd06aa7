//! Homes as their readers know them, and what a provider says of its own.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::homes::home::{ConfirmBeds, SupplyPostcode};
use placewell_app::placing::occupancy::CloseBed;
use placewell_insight::placing::referral::HomeFacts;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::paging::{Listed, Paging};
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{IfMatch, Nothing};
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(get))
        .routes(routes!(own))
        .routes(routes!(confirm_beds))
        .routes(routes!(supply_postcode))
        .routes(routes!(close_bed))
}

/// A home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Home)]
struct HomeShown {
    /// Its Ofsted number.
    #[schema(example = "SC392492")]
    urn: String,
    /// Its name.
    name: String,
    /// Its provider's name.
    provider: String,
    /// The GSS code of the authority that it is in.
    area: String,
    /// Registered places.
    places: u8,
    /// Youngest age.
    youngest: Option<u8>,
    /// Oldest age.
    oldest: Option<u8>,
    /// The grade in words.
    grade: String,
    /// The day of the inspection that gave it.
    graded_on: Option<Date>,
    /// Whether it may be used today, in words.
    standing: String,
    /// Beds that it keeps.
    beds: u8,
    /// Children who live there now.
    residents: u8,
    /// Its lots, each with the tendered core price of a week.
    lots: Vec<HomeLot>,
    /// Its version, also in the `ETag`.
    version: i64,
}

/// A lot that a home is admitted to.
#[derive(Debug, Serialize, ToSchema)]
struct HomeLot {
    /// The lot's code.
    lot: String,
    /// Since when.
    from: Date,
    /// The tendered core price of a week.
    core_weekly_pence: Option<i64>,
}

impl From<&HomeFacts> for HomeShown {
    fn from(facts: &HomeFacts) -> Self {
        let home = &facts.home;
        Self {
            urn: home.urn.to_string(),
            name: home.name.clone(),
            provider: facts.provider.clone(),
            area: home.area.to_string(),
            places: home.places,
            youngest: home.ages.map(|ages| ages.from),
            oldest: home.ages.map(|ages| ages.to),
            grade: facts.grade.label().to_owned(),
            graded_on: facts.graded_on,
            standing: facts.standing.label().to_owned(),
            beds: facts.beds,
            residents: facts.residents,
            lots: facts
                .lots
                .iter()
                .map(|lot| HomeLot {
                    lot: lot.lot.clone(),
                    from: lot.from,
                    core_weekly_pence: lot.weekly.map(|weekly| weekly.0),
                })
                .collect(),
            version: home.version,
        }
    }
}

/// List homes
#[utoipa::path(get, path = "/homes", tag = "home", operation_id = "list_homes", params(Paging), responses((status = 200, body = Listed<HomeShown>)))]
async fn list(api: Api, paging: Paging) -> Answered {
    let index = api.app().homes(&api.actor).await?;
    let all: Vec<&HomeFacts> = (0..index.len()).filter_map(|row| index.home(row)).collect();
    Ok(plain(&paging.page(all, |facts| facts.home.urn.to_string()).map(HomeShown::from)))
}

/// Read a home
#[utoipa::path(get, path = "/homes/{urn}", tag = "home", operation_id = "get_home", responses((status = 200, body = HomeShown)))]
async fn get(api: Api, Path(urn): Path<String>) -> Answered {
    let found = api.app().home_page(&api.actor, &urn).await?;
    Ok(versioned(found.facts.home.version, &HomeShown::from(&found.facts)))
}

/// List your own homes
#[utoipa::path(get, path = "/own-homes", tag = "home", operation_id = "list_own_homes", params(Paging), responses((status = 200, body = Listed<HomeShown>)))]
async fn own(api: Api, paging: Paging) -> Answered {
    let all = api.app().own_homes(&api.actor).await?;
    let page = paging.page(all, |facts| facts.home.urn.to_string());
    Ok(plain(&page.map(|facts| HomeShown::from(&facts))))
}

/// Confirm that your beds are as they are kept
#[utoipa::path(post, path = "/own-homes/{urn}/confirm-beds", tag = "home", request_body = Nothing, responses((status = 200, body = Done)))]
async fn confirm_beds(Path(urn): Path<String>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, ConfirmBeds { urn }).await?))
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
#[utoipa::path(post, path = "/own-homes/{urn}/supply-postcode", tag = "home", params(IfMatch), request_body = HomePostcode, responses((status = 200, body = Done)))]
async fn supply_postcode(Path(urn): Path<String>, sent: Sent<HomePostcode>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, SupplyPostcode { urn, version, postcode: body.postcode }).await?))
}

/// A bed that cannot be used.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BedClosure {
    /// The bed's id.
    bed: String,
    /// The first night.
    from: Date,
    /// The day on which it is back; open where it is left out.
    until: Option<Date>,
    /// Why.
    reason: code::ClosedReason,
}

/// Take a bed out of service
#[utoipa::path(post, path = "/own-homes/{urn}/close-bed", tag = "home", request_body = BedClosure, responses((status = 200, body = Done)))]
async fn close_bed(Path(urn): Path<String>, sent: Sent<BedClosure>) -> Answered {
    let Sent { api, body, key } = sent;
    let bed = body.bed.parse().map_err(|_| Problem::field("bed", "Send the id of one of the home's beds"))?;
    let command = CloseBed { urn, bed, from: body.from, until: body.until, reason: body.reason.0 };
    Ok(changed(api.perform(&key, command).await?))
}
