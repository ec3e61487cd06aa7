//! What a provider tells for its agreements: its company number, and who manages each of its homes. Its own people alone read
//! both here.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::homes::home::named::{RecordCompanyNumber, RecordManager};
use placewell_domain::homes::home::named::{CompanyNumber, Manager};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(company_numbers))
        .routes(routes!(record_company_number))
        .routes(routes!(managers))
        .routes(routes!(record_manager))
}

/// A company number that was told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CompanyNumber)]
struct NumberLine {
    /// The company or charity number.
    #[schema(example = "01234567")]
    number: String,
    /// On which day it was told.
    told_on: Date,
    /// How.
    told_by: code::ToldBy,
}

impl From<&CompanyNumber> for NumberLine {
    fn from(one: &CompanyNumber) -> Self {
        Self { number: one.number.clone(), told_on: one.on, told_by: one.told.into() }
    }
}

/// Read the company numbers that your provider told, the latest last
#[utoipa::path(get, path = "/own-company-numbers", tag = "home", operation_id = "list_own_company_numbers", responses((status = 200, body = Vec<NumberLine>)))]
async fn company_numbers(api: Api) -> Answered {
    let told = api.app().own_company_numbers(&api.actor).await?;
    Ok(plain(&told.iter().map(NumberLine::from).collect::<Vec<_>>()))
}

/// A company number to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Numbering {
    /// The company or charity number.
    #[schema(example = "01234567")]
    company_number: String,
    /// How many numbers the list held when you read it; another one told meanwhile is a conflict.
    recorded: usize,
}

/// Record your company number, as agreements name you
#[utoipa::path(post, path = "/own-company-numbers", tag = "home", operation_id = "record_company_number", request_body = Numbering, responses((status = 200, body = Done)))]
async fn record_company_number(sent: Sent<Numbering>) -> Answered {
    let Sent { api, body, key } = sent;
    let command = RecordCompanyNumber { number: body.company_number, recorded: body.recorded };
    Ok(changed(api.perform(&key, command).await?))
}

/// A registered manager that was told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RegisteredManager)]
struct ManagerLine {
    /// The name; null while nobody was in post.
    registered_manager: Option<String>,
    /// From which day.
    manager_from: Date,
    /// On which day it was told.
    told_on: Date,
    /// How.
    told_by: code::ToldBy,
}

impl From<&Manager> for ManagerLine {
    fn from(one: &Manager) -> Self {
        Self { registered_manager: one.name.clone(), manager_from: one.from, told_on: one.on, told_by: one.told.into() }
    }
}

/// Read who manages your home, as it was told, the latest last
#[utoipa::path(get, path = "/own-homes/{urn}/managers", tag = "home", operation_id = "list_own_managers", responses((status = 200, body = Vec<ManagerLine>)))]
async fn managers(api: Api, Path(urn): Path<String>) -> Answered {
    let (_, told) = api.app().own_managers(&api.actor, &urn).await?;
    Ok(plain(&told.iter().map(ManagerLine::from).collect::<Vec<_>>()))
}

/// A registered manager to record.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Managing {
    /// The manager's name; left out while nobody is in post.
    #[serde(default)]
    registered_manager: String,
    /// From which day.
    manager_from: Date,
    /// How many managers the list held when you read it; another one told meanwhile is a conflict.
    recorded: usize,
}

/// Record who manages your home by its registration
#[utoipa::path(post, path = "/own-homes/{urn}/managers", tag = "home", operation_id = "record_manager", request_body = Managing, responses((status = 200, body = Done)))]
async fn record_manager(Path(urn): Path<String>, sent: Sent<Managing>) -> Answered {
    let Sent { api, body, key } = sent;
    let (name, from) = (body.registered_manager, body.manager_from);
    Ok(changed(api.perform(&key, RecordManager { urn, name, from, recorded: body.recorded }).await?))
}
