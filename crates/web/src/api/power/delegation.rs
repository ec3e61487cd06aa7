//! Who holds which power: posts, people in them, powers passed on, urgency powers, statutory appointments.

mod shown;

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::power::delegation::{EndPower, PowerFact, RecordPower};
use placewell_domain::id::PersonId;
use placewell_domain::power::delegation::{OnCall, RemitArea};
use placewell_pages::power::delegation::Asked;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form::fields;
use crate::api::problem::{Answered, Problem};
use crate::api::reply::{Done, changed, made, plain};
use crate::api::request::{Api, Sent};
use crate::power::delegation::read;
use crate::server::Web;
use shown::{DelegationsShown, PowerLine};

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(show))
        .routes(routes!(mine))
        .routes(routes!(post))
        .routes(routes!(limb_post))
        .routes(routes!(holding))
        .routes(routes!(sub_delegation))
        .routes(routes!(urgency_power))
        .routes(routes!(statutory))
        .routes(routes!(on_call))
        .routes(routes!(end))
}

/// Read who holds which power
#[utoipa::path(get, path = "/delegations", tag = "delegation", responses((status = 200, body = DelegationsShown)))]
async fn show(api: Api) -> Answered {
    Ok(plain(&DelegationsShown::of(api.app().delegations(&api.actor).await?)))
}

/// Read by which power you could do each act today, or why not
#[utoipa::path(get, path = "/delegations/mine", tag = "delegation", responses((status = 200, body = Vec<PowerLine>)))]
async fn mine(api: Api) -> Answered {
    let found = api.app().my_powers(&api.actor, RemitArea::ChildrenLookedAfter).await?;
    Ok(plain(&found.into_iter().map(|(act, power)| PowerLine::of(act, power)).collect::<Vec<_>>()))
}

async fn record(sent: Sent<impl Serialize>, asked: Asked) -> Answered {
    let Sent { api, body, key } = sent;
    let fact = read(asked, &fields(&body)?, api.actor.organisation, api.now().today())?;
    Ok(made(api.perform(&key, RecordPower { replaces: None, fact }).await?))
}

/// A post in the authority's structure.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPost {
    /// Its title.
    #[schema(max_length = 200, example = "Director for Children's and Families")]
    title: String,
    /// Its grade.
    grade: code::PostGrade,
    /// Its remit is the whole service.
    #[serde(default)]
    whole: bool,
    /// Its stated remit, where it is not the whole service.
    #[serde(default)]
    areas: Vec<code::RemitArea>,
    /// The first day.
    from: Date,
    /// The last day; open where it is left out.
    last: Option<Date>,
}

/// Record a post
#[utoipa::path(post, path = "/delegations/post", tag = "delegation", operation_id = "record_post", request_body = NewPost, responses((status = 201, body = Done)))]
async fn post(sent: Sent<NewPost>) -> Answered {
    record(sent, Asked::Post).await
}

/// Which post a limb's words mean.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewLimbPost {
    /// The limb, as `GET /delegations` names it: decision and letter.
    #[schema(example = "7243812905738240/b")]
    letter: String,
    /// The post's id.
    post: String,
    /// Only holders whose remit covers the case.
    #[serde(default)]
    relevant: bool,
}

/// Record which post a limb means
#[utoipa::path(post, path = "/delegations/limb-post", tag = "delegation", operation_id = "record_limb_post", request_body = NewLimbPost, responses((status = 201, body = Done)))]
async fn limb_post(sent: Sent<NewLimbPost>) -> Answered {
    record(sent, Asked::LimbPost).await
}

/// Somebody in a post.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHolding {
    /// The post's id.
    post: String,
    /// The person's id.
    person: String,
    /// `holder`, `acting` (with an instrument), or `cover` (tasks, never power).
    #[schema(pattern = "^(holder|acting|cover)$", example = "acting")]
    kind: String,
    /// The instrument of somebody acting.
    #[schema(max_length = 300)]
    instrument: Option<String>,
    /// The first day.
    from: Date,
    /// The last day; open where it is left out.
    last: Option<Date>,
}

/// Record who is in a post
#[utoipa::path(post, path = "/delegations/holding", tag = "delegation", operation_id = "record_holding", request_body = NewHolding, responses((status = 201, body = Done)))]
async fn holding(sent: Sent<NewHolding>) -> Answered {
    record(sent, Asked::Holding).await
}

/// A power passed on.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSubDelegation {
    /// The limb, as `GET /delegations` names it.
    letter: String,
    /// The id of the post that passes it on.
    post: String,
    /// The officer's id.
    person: String,
    /// The officer's title.
    #[schema(max_length = 200)]
    title: String,
    /// What is passed on.
    acts: Vec<code::Act>,
    /// The instrument.
    #[schema(max_length = 300)]
    instrument: String,
    /// The clause of the parent scheme that permits it; without one it gives no power.
    permitted_by: Option<String>,
    /// The first day.
    from: Date,
    /// The last day; open where it is left out.
    last: Option<Date>,
}

/// Record a power passed on
#[utoipa::path(post, path = "/delegations/sub-delegation", tag = "delegation", operation_id = "record_sub_delegation", request_body = NewSubDelegation, responses((status = 201, body = Done)))]
async fn sub_delegation(sent: Sent<NewSubDelegation>) -> Answered {
    record(sent, Asked::SubDelegation).await
}

/// An urgency power of the constitution.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUrgencyPower {
    /// The clause.
    #[schema(max_length = 300)]
    clause: String,
    /// The ids of the posts that hold it.
    posts: Vec<String>,
    /// The first day.
    from: Date,
    /// The last day; open where it is left out.
    last: Option<Date>,
}

/// Record an urgency power
#[utoipa::path(post, path = "/delegations/urgency-power", tag = "delegation", operation_id = "record_urgency_power", request_body = NewUrgencyPower, responses((status = 201, body = Done)))]
async fn urgency_power(sent: Sent<NewUrgencyPower>) -> Answered {
    record(sent, Asked::UrgencyPower).await
}

/// An appointment to a statutory office.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewStatutory {
    /// The office.
    office: code::StatutoryOffice,
    /// `appointed`, or `interim` with its instrument.
    #[schema(pattern = "^(appointed|interim)$", example = "appointed")]
    basis: String,
    /// The instrument of an interim appointment.
    #[schema(max_length = 300)]
    instrument: Option<String>,
    /// The person's id.
    person: String,
    /// The first day.
    from: Date,
    /// The last day; open where it is left out.
    last: Option<Date>,
}

/// Record an appointment to a statutory office
#[utoipa::path(post, path = "/delegations/statutory", tag = "delegation", operation_id = "record_statutory", request_body = NewStatutory, responses((status = 201, body = Done)))]
async fn statutory(sent: Sent<NewStatutory>) -> Answered {
    record(sent, Asked::Statutory).await
}

/// A duty on the rota.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDuty {
    /// The person's id.
    person: String,
    /// When it begins.
    #[schema(value_type = String, example = "2021-09-13T17:00:00")]
    from: DateTime,
    /// When it ends.
    #[schema(value_type = String, example = "2021-09-14T09:00:00")]
    to: DateTime,
}

/// Put somebody on call, on a rota recorded before the duty is over
#[utoipa::path(post, path = "/delegations/on-call", tag = "delegation", operation_id = "record_on_call", request_body = NewDuty, responses((status = 201, body = Done)))]
async fn on_call(sent: Sent<NewDuty>) -> Answered {
    let Sent { api, body, key } = sent;
    let person = body.person.parse().map(PersonId);
    let person =
        person.map_err(|_| Problem::field("person", "Send the id of a person who works for this authority"))?;
    let fact = PowerFact::OnCall(OnCall { person, from: body.from, to: body.to });
    Ok(made(api.perform(&key, RecordPower { replaces: None, fact }).await?))
}

/// The end of a power or of a duty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndOfPower {
    /// Its last day.
    last: Date,
}

/// End a holding, an acting appointment, a power passed on, an urgency power, an appointment or a duty
///
/// `kind` and `id` are those that the list of powers gives.
#[utoipa::path(post, path = "/delegations/{kind}/{id}/end", tag = "delegation", operation_id = "end_power", request_body = EndOfPower, responses((status = 200, body = Done)))]
async fn end(Path((kind, id)): Path<(String, i64)>, sent: Sent<EndOfPower>) -> Answered {
    let Sent { api, body, key } = sent;
    Ok(changed(api.perform(&key, EndPower { kind, id, last: body.last }).await?))
}
