//! Hours of support and strain of single placements, over the API, for their two sides.

use axum::extract::Path;
use jiff::civil::Date;
use placewell_app::homes::monitoring::{
    AgreeWeek, CloseAlert, ConfirmWeek, CorrectWeek, FlagStrain, RecordMeeting, ReleaseSearch,
};
use placewell_app::naming::Confirmed;
use placewell_app::placing::referral::HoldSearch;
use placewell_domain::homes::monitoring::stability::StabilityAlert;
use placewell_domain::homes::monitoring::support::{BoughtWeek, SupportWeek};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form::fields;
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, IfMatch, Nothing};
use crate::homes::monitoring::read;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(agreement_hours))
        .routes(routes!(own_hours))
        .routes(routes!(confirm_week))
        .routes(routes!(correct_week))
        .routes(routes!(agree_week))
        .routes(routes!(list_alerts))
        .routes(routes!(get_alert))
        .routes(routes!(flag_strain))
        .routes(routes!(record_meeting))
        .routes(routes!(hold_search))
        .routes(routes!(release_search))
        .routes(routes!(close_alert))
}

/// A week of hours that an agreement buys.
#[derive(Debug, Serialize, ToSchema)]
struct WeekShown {
    /// Its id, once it was confirmed.
    id: Option<Id>,
    /// Its version.
    version: Option<i64>,
    /// The agreement.
    #[schema(example = "HEF-A-0007")]
    agreement: String,
    /// What the line is called.
    label: String,
    /// The line's first night: it tells apart the two parts of a week that a step-down cuts.
    line_from: Date,
    /// The week's Monday.
    week: Date,
    /// Bought, in quarters of an hour.
    bought_quarters: u32,
    /// Delivered, in quarters of an hour; null while the home has not confirmed.
    delivered_quarters: Option<u32>,
    /// Credited to all who pay.
    credit_pence: i64,
    /// Of it to the authority.
    credit_authority_pence: i64,
    /// To education.
    credit_education_pence: i64,
    /// To health.
    credit_health_pence: i64,
    /// `waiting`, `confirmed` or `agreed`.
    state: &'static str,
}

fn waiting(of: &BoughtWeek) -> WeekShown {
    WeekShown {
        id: None,
        version: None,
        agreement: of.reference.to_string(),
        label: of.label.clone(),
        line_from: of.line_from,
        week: of.week,
        bought_quarters: of.quarters,
        delivered_quarters: None,
        credit_pence: 0,
        credit_authority_pence: 0,
        credit_education_pence: 0,
        credit_health_pence: 0,
        state: "waiting",
    }
}

fn confirmed(of: &SupportWeek) -> WeekShown {
    let [all, authority, education, health] =
        of.credit().map_or([0; 4], |one| [one.total, one.authority, one.education, one.health].map(|pence| pence.0));
    WeekShown {
        id: Some(Id(of.id)),
        version: Some(of.version),
        delivered_quarters: Some(of.delivered()),
        credit_pence: all,
        credit_authority_pence: authority,
        credit_education_pence: education,
        credit_health_pence: health,
        state: of.state.name(),
        ..waiting(&of.bought)
    }
}

/// List the weeks of hours that an agreement buys, with their credits
#[utoipa::path(get, path = "/agreements/{reference}/hours", tag = "monitoring", responses((status = 200, body = Vec<WeekShown>)))]
async fn agreement_hours(api: Api, Path(reference): Path<String>) -> Answered {
    let found = api.app().agreement_hours(&api.actor, &reference).await?;
    let all: Vec<_> = found.waiting.iter().map(waiting).chain(found.weeks.iter().map(confirmed)).collect();
    Ok(plain(&all))
}

/// List the own weeks of hours, those to confirm first
#[utoipa::path(get, path = "/provider/hours", tag = "monitoring", responses((status = 200, body = Vec<WeekShown>)))]
async fn own_hours(api: Api) -> Answered {
    let found = api.app().own_hours(&api.actor).await?;
    let waits = found.waiting.iter().map(|(one, _)| waiting(one));
    Ok(plain(&waits.chain(found.weeks.iter().map(|(one, _)| confirmed(one))).collect::<Vec<_>>()))
}

/// What was delivered in a week.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WeekDelivered {
    /// The agreement.
    reference: String,
    /// What the line is called.
    label: String,
    /// The line's first night, as the list of weeks gives it.
    line_from: Date,
    /// The week's Monday.
    week: Date,
    /// Hours, in quarters: `17.5`.
    #[schema(example = "17.5")]
    hours: String,
    /// Why it is less than was bought.
    reason: Option<code::ShortfallReason>,
}

/// Confirm the hours that were delivered in a week
#[utoipa::path(post, path = "/provider/hours", tag = "monitoring", request_body = WeekDelivered, responses((status = 201, body = Done)))]
async fn confirm_week(sent: Sent<WeekDelivered>) -> Answered {
    let command: ConfirmWeek = read::week(&fields(&sent.body)?)?;
    Ok(made(sent.api.perform(&sent.key, command).await?))
}

/// What was delivered, put right.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WeekCorrected {
    /// Hours, in quarters: `17.5`.
    #[schema(example = "17.5")]
    hours: String,
    /// Why it is less than was bought.
    reason: Option<code::ShortfallReason>,
}

/// Correct a week that the authority has not agreed
#[utoipa::path(post, path = "/provider/hours/{id}", tag = "monitoring", params(IfMatch), request_body = WeekCorrected, responses((status = 200, body = Done)))]
async fn correct_week(Path(id): Path<i64>, sent: Sent<WeekCorrected>) -> Answered {
    let command: CorrectWeek = read::correct((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Agree to a week: its credit stands
#[utoipa::path(post, path = "/support-weeks/{id}/agree", tag = "monitoring", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn agree_week(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    Ok(changed(sent.api.perform(&sent.key, AgreeWeek { id, version }).await?))
}

/// An alert about a placement under strain, in codes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = StabilityAlert)]
struct AlertShown {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// The agreement.
    #[schema(example = "HEF-A-0007")]
    agreement: String,
    /// What shows it.
    signs: Vec<code::Strain>,
    /// By when both meet.
    meet_by: Date,
    /// What is agreed to help.
    support: Vec<code::StrainSupport>,
    /// The search beside it; the authority's own.
    search: Option<String>,
    /// `flagged`, `supported`, `search_held`, `search_released` or `closed`.
    state: &'static str,
}

fn alert(of: &StabilityAlert, own: bool) -> AlertShown {
    let support = of.meeting.as_ref().map(|meeting| meeting.support.clone()).unwrap_or_default();
    AlertShown {
        id: Id(of.id),
        version: of.version,
        agreement: of.reference.to_string(),
        signs: of.signs.iter().map(|one| (*one).into()).collect(),
        meet_by: of.meet_by,
        support: support.into_iter().map(Into::into).collect(),
        search: of.search.as_ref().filter(|_| own).map(|held| held.reference.to_string()),
        state: of.state.name(),
    }
}

/// List the alerts about placements under strain, in codes
#[utoipa::path(get, path = "/stability-alerts", tag = "monitoring", responses((status = 200, body = Vec<AlertShown>)))]
async fn list_alerts(api: Api) -> Answered {
    let found = api.app().stability_alerts(&api.actor).await?;
    let own = |one: &StabilityAlert| one.authority == api.actor.organisation;
    Ok(plain(&found.iter().map(|one| alert(one, own(one))).collect::<Vec<_>>()))
}

/// An alert with what is said of the child.
#[derive(Debug, Serialize, ToSchema)]
struct AlertOpened {
    /// The alert.
    alert: AlertShown,
    /// What was said when it was flagged.
    words: String,
    /// What was agreed, in words.
    agreed: String,
}

/// Read an alert with what is said of the child, for the placement's two sides
#[utoipa::path(get, path = "/stability-alerts/{id}", tag = "monitoring", responses((status = 200, body = AlertOpened)))]
async fn get_alert(api: Api, Path(id): Path<i64>) -> Answered {
    let found = api.app().stability_alert(&api.actor, id).await?;
    let own = found.of.authority == api.actor.organisation;
    let body = AlertOpened { alert: alert(&found.of, own), words: found.words, agreed: found.agreed };
    Ok(versioned(found.of.version, &body))
}

/// Strain in a placement.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewStrain {
    /// What shows it.
    signs: Vec<code::Strain>,
    /// What is happening; kept sealed with the child's record.
    words: String,
}

/// Flag that a placement is under strain
#[utoipa::path(post, path = "/agreements/{reference}/stability", tag = "monitoring", request_body = NewStrain, responses((status = 201, body = Done)))]
async fn flag_strain(Path(reference): Path<String>, sent: Sent<NewStrain>) -> Answered {
    let command: FlagStrain = read::strain(&reference, &fields(&sent.body)?)?;
    Ok(made(sent.api.perform(&sent.key, command).await?))
}

/// What both agreed.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MeetingHeld {
    /// On which day they met.
    on: Date,
    /// What is agreed to help.
    support: Vec<code::StrainSupport>,
    /// What was agreed; kept sealed with the child's record.
    words: String,
    /// When it is looked at again.
    review_on: Date,
    /// Findings that you confirm, each as the refusal names it after the act: `words:postcode:3-10`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Record that both sides met, and what they agreed
#[utoipa::path(post, path = "/stability-alerts/{id}/meet", tag = "monitoring", params(IfMatch), request_body = MeetingHeld, responses((status = 200, body = Done)))]
async fn record_meeting(Path(id): Path<i64>, sent: Sent<MeetingHeld>) -> Answered {
    let command: Confirmed<RecordMeeting> = read::met((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Write a search beside an alert, held unsent
#[utoipa::path(post, path = "/stability-alerts/{id}/hold", tag = "monitoring", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn hold_search(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    Ok(changed(sent.api.perform(&sent.key, HoldSearch { alert: id, version }).await?))
}

/// Why a held search goes out.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchReleased {
    /// Why.
    reason: code::SearchRelease,
}

/// Release a held search
#[utoipa::path(post, path = "/stability-alerts/{id}/release", tag = "monitoring", params(IfMatch), request_body = SearchReleased, responses((status = 200, body = Done)))]
async fn release_search(Path(id): Path<i64>, sent: Sent<SearchReleased>) -> Answered {
    let command: ReleaseSearch = read::release((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// How an alert ended.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AlertEnd {
    /// How.
    outcome: code::StabilityOutcome,
}

/// Close an alert
#[utoipa::path(post, path = "/stability-alerts/{id}/close", tag = "monitoring", params(IfMatch), request_body = AlertEnd, responses((status = 200, body = Done)))]
async fn close_alert(Path(id): Path<i64>, sent: Sent<AlertEnd>) -> Answered {
    let command: CloseAlert = read::close_alert((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}
