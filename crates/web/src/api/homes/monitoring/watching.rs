//! Visits, concerns, plans and themes, over the API.

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::homes::monitoring::{
    AddEvidence, CallOffVisit, CloseConcern, CompleteAction, PlanAction, PlanVisit, ProposeForConcern, RaiseConcern,
    RecordVisit, SendActionBack,
};
use placewell_app::naming::Confirmed;
use placewell_domain::homes::monitoring::concern::Concern;
use placewell_domain::homes::monitoring::visit::{Finding, Visit};
use placewell_domain::id::DocumentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::code;
use crate::api::form::{answers, fields};
use crate::api::office::document::{DocumentForm, content, document};
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, made, plain, versioned};
use crate::api::request::{Api, Sent, SentFile};
use crate::api::value::{Id, IfMatch};
use crate::homes::monitoring::read;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new()
        .routes(routes!(list_watched))
        .routes(routes!(home_watched))
        .routes(routes!(provider_watched))
        .routes(routes!(list_themes))
        .routes(routes!(plan_visit))
        .routes(routes!(get_visit))
        .routes(routes!(record_visit))
        .routes(routes!(call_off_visit))
        .routes(routes!(raise_concern))
        .routes(routes!(get_concern))
        .routes(routes!(plan_action))
        .routes(routes!(complete_action))
        .routes(routes!(add_evidence))
        .routes(routes!(read_evidence))
        .routes(routes!(send_action_back))
        .routes(routes!(close_concern))
        .routes(routes!(propose_for_concern))
}

/// What was found under a theme.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VisitFinding)]
struct FindingShown {
    /// The theme.
    theme: code::MonitoringTheme,
    /// How it was found.
    level: code::FindingLevel,
    /// In words about the home, never about a child.
    words: String,
}

/// A visit to a home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HomeVisit)]
struct VisitShown {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// The home's number.
    urn: String,
    /// The planned day.
    planned: Date,
    /// Whether the home was told beforehand.
    announced: bool,
    /// `planned`, `recorded` or `called_off`.
    state: &'static str,
    /// What was found.
    findings: Vec<FindingShown>,
}

impl From<&Visit> for VisitShown {
    fn from(of: &Visit) -> Self {
        let finding =
            |one: &Finding| FindingShown { theme: one.theme.into(), level: one.level.into(), words: one.words.clone() };
        Self {
            id: Id(of.id),
            version: of.version,
            urn: of.urn.clone(),
            planned: of.planned,
            announced: of.announced,
            state: of.state.name(),
            findings: of.findings().iter().map(finding).collect(),
        }
    }
}

/// One action of a plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanAction)]
struct ActionShown {
    /// Its number.
    number: u32,
    /// What is done.
    what: String,
    /// Who does it.
    owner: code::PlanOwner,
    /// By when.
    due: Date,
    /// The day on which it was done.
    done: Option<Date>,
}

/// A concern about a home.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HomeConcern)]
struct ConcernShown {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// The home's number.
    urn: String,
    /// What it is about.
    theme: code::MonitoringTheme,
    /// How grave it is.
    severity: code::ConcernSeverity,
    /// In words.
    words: String,
    /// When it was raised.
    #[schema(value_type = String, example = "2021-09-13T10:20:00")]
    raised: DateTime,
    /// `open`, `planned` or `closed`.
    state: &'static str,
    /// The plan.
    actions: Vec<ActionShown>,
}

impl From<&Concern> for ConcernShown {
    fn from(of: &Concern) -> Self {
        let actions = of.actions.iter().map(|one| ActionShown {
            number: one.number,
            what: one.of.what.clone(),
            owner: one.of.owner.into(),
            due: one.of.due,
            done: one.done.as_ref().map(|done| done.on),
        });
        Self {
            id: Id(of.id),
            version: of.version,
            urn: of.urn.clone(),
            theme: of.theme.into(),
            severity: of.severity.into(),
            words: of.words.clone(),
            raised: of.raised,
            state: of.state.name(),
            actions: actions.collect(),
        }
    }
}

/// Visits and concerns that one may read.
#[derive(Debug, Serialize, ToSchema)]
struct WatchedShown {
    /// Visits, the latest first.
    visits: Vec<VisitShown>,
    /// Concerns, the open ones first.
    concerns: Vec<ConcernShown>,
}

/// List the visits and concerns that one may read
#[utoipa::path(get, path = "/monitoring", tag = "monitoring", responses((status = 200, body = WatchedShown)))]
async fn list_watched(api: Api) -> Answered {
    let found = api.app().watched(&api.actor).await?;
    let visits = found.visits.iter().map(Into::into).collect();
    Ok(plain(&WatchedShown { visits, concerns: found.concerns.iter().map(Into::into).collect() }))
}

/// One figure over the quarters.
#[derive(Debug, Serialize, ToSchema)]
struct TrendShown {
    /// What it is.
    figure: &'static str,
    /// A share in percent, or a count.
    percent: bool,
    /// By the first day of the quarter; null where nothing was returned.
    points: Vec<PointShown>,
}

/// One quarter of a figure.
#[derive(Debug, Serialize, ToSchema)]
struct PointShown {
    /// The first day of the quarter.
    quarter: Date,
    /// The figure.
    value: Option<i64>,
}

macro_rules! trends {
    ($of:expr) => {
        $of.into_iter()
            .map(|one| TrendShown {
                figure: one.of.label(),
                percent: one.of.percent(),
                points: one.points.into_iter().map(|(quarter, value)| PointShown { quarter, value }).collect(),
            })
            .collect()
    };
}

/// A home with what was found at it and its figures over time.
#[derive(Debug, Serialize, ToSchema)]
struct HomeShown {
    /// What was found.
    found: WatchedShown,
    /// Figures over the quarters.
    trends: Vec<TrendShown>,
}

/// Read what was found at a home, and its figures over time
#[utoipa::path(get, path = "/homes/{urn}/monitoring", tag = "monitoring", responses((status = 200, body = HomeShown)))]
async fn home_watched(api: Api, Path(urn): Path<String>) -> Answered {
    let of = api.app().home_watched(&api.actor, &urn).await?;
    let found = WatchedShown {
        visits: of.found.visits.iter().map(Into::into).collect(),
        concerns: of.found.concerns.iter().map(Into::into).collect(),
    };
    Ok(plain(&HomeShown { found, trends: trends!(of.trends) }))
}

/// A provider's home today.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderHomeShown {
    /// Its number.
    urn: String,
    /// Its name.
    name: String,
    /// How it stands.
    standing: code::Standing,
    /// Concerns about it that are open.
    concerns: u64,
    /// Of them grave.
    grave: u64,
    /// Actions of its plans whose day has passed.
    actions_overdue: u64,
    /// Returns that are overdue.
    returns_overdue: u64,
}

/// A provider across its homes.
#[derive(Debug, Serialize, ToSchema)]
struct ProviderWatchedShown {
    /// Its name.
    name: String,
    /// Its homes that are not closed.
    homes: Vec<ProviderHomeShown>,
    /// What was found.
    found: WatchedShown,
    /// Figures over the quarters: returned by its homes, and counted of what was found, raised and proposed.
    trends: Vec<TrendShown>,
}

/// Read what was found at a provider's homes, and their figures over time
#[utoipa::path(get, path = "/providers/{code}/monitoring", tag = "monitoring", responses((status = 200, body = ProviderWatchedShown)))]
async fn provider_watched(api: Api, Path(provider): Path<String>) -> Answered {
    let of = api.app().provider_watched(&api.actor, &provider).await?;
    let homes = of.homes.into_iter().map(|one| ProviderHomeShown {
        urn: one.home.urn.to_string(),
        name: one.home.name,
        standing: one.standing.into(),
        concerns: one.concerns,
        grave: one.grave,
        actions_overdue: one.actions,
        returns_overdue: one.returns,
    });
    let found = WatchedShown {
        visits: of.found.visits.iter().map(Into::into).collect(),
        concerns: of.found.concerns.iter().map(Into::into).collect(),
    };
    let mut trends: Vec<TrendShown> = trends!(of.trends);
    trends.extend(of.counted.into_iter().map(|(figure, points)| TrendShown {
        figure,
        percent: false,
        points: points.into_iter().map(|(quarter, value)| PointShown { quarter, value: Some(value) }).collect(),
    }));
    Ok(plain(&ProviderWatchedShown { name: of.provider.name, homes: homes.collect(), found, trends }))
}

/// One theme across homes.
#[derive(Debug, Serialize, ToSchema)]
struct ThemeShown {
    /// The theme.
    theme: code::MonitoringTheme,
    /// Homes with a concern, or a finding that is not good.
    homes: u64,
    /// Serious findings.
    serious: u64,
    /// Findings to be improved.
    improve: u64,
    /// Concerns.
    concerns: u64,
}

/// Themes across homes.
#[derive(Debug, Serialize, ToSchema)]
struct ThemesShown {
    /// Since which day.
    since: Date,
    /// Those with the most homes first.
    themes: Vec<ThemeShown>,
    /// Figures of all homes over the quarters.
    trends: Vec<TrendShown>,
    /// Alerts about placements under strain.
    alerts: u64,
    /// Of them ended with the child settled.
    settled: u64,
}

/// Read the themes across homes
#[utoipa::path(get, path = "/monitoring/themes", tag = "monitoring", responses((status = 200, body = ThemesShown)))]
async fn list_themes(api: Api) -> Answered {
    let of = api.app().monitoring_themes(&api.actor).await?;
    let themes = of.themes.into_iter().map(|(theme, one)| ThemeShown {
        theme: theme.into(),
        homes: one.homes,
        serious: one.serious,
        improve: one.improve,
        concerns: one.concerns,
    });
    let (alerts, settled, _) = of.alerts;
    Ok(plain(&ThemesShown { since: of.since, themes: themes.collect(), trends: trends!(of.trends), alerts, settled }))
}

/// A visit to be planned.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PlannedVisit)]
struct NewVisit {
    /// The home's number.
    urn: String,
    /// On which day.
    on: Date,
    /// Whether the home is told beforehand.
    announced: bool,
}

/// Plan a visit to a home
#[utoipa::path(post, path = "/home-visits", tag = "monitoring", request_body = NewVisit, responses((status = 201, body = Done)))]
async fn plan_visit(sent: Sent<NewVisit>) -> Answered {
    let command: PlanVisit = read::visit(&answers(&sent.body)?)?;
    Ok(made(sent.api.perform(&sent.key, command).await?))
}

/// Read a visit
#[utoipa::path(get, path = "/home-visits/{id}", tag = "monitoring", responses((status = 200, body = VisitShown)))]
async fn get_visit(api: Api, Path(id): Path<i64>) -> Answered {
    let (of, _) = api.app().home_visit(&api.actor, id).await?;
    Ok(versioned(of.version, &VisitShown::from(&of)))
}

/// What was found.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitFound {
    /// The day of the visit.
    on: Date,
    /// Each theme once.
    findings: Vec<FindingShown>,
    /// Findings that you confirm, each as the refusal names it after the act: `words:postcode:3-10`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Record what was found at a visit
#[utoipa::path(post, path = "/home-visits/{id}/record", tag = "monitoring", operation_id = "record_home_visit", params(IfMatch), request_body = VisitFound, responses((status = 200, body = Done)))]
async fn record_visit(Path(id): Path<i64>, sent: Sent<VisitFound>) -> Answered {
    let version = sent.version()?;
    let Sent { api, body, key } = sent;
    let finding = |one: FindingShown| Finding { theme: one.theme.0, level: one.level.0, words: one.words };
    let findings = body.findings.into_iter().map(finding).collect();
    let command = RecordVisit { id, version, on: body.on, findings };
    Ok(changed(api.perform(&key, Confirmed { command, confirmed: body.confirmed }).await?))
}

/// Why a visit does not take place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VisitOff {
    /// Why.
    reason: code::VisitCalledOff,
}

/// Call a planned visit off
#[utoipa::path(post, path = "/home-visits/{id}/call-off", tag = "monitoring", params(IfMatch), request_body = VisitOff, responses((status = 200, body = Done)))]
async fn call_off_visit(Path(id): Path<i64>, sent: Sent<VisitOff>) -> Answered {
    let command: CallOffVisit = read::called_off((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// A concern to be raised.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewConcern {
    /// The home's number.
    urn: String,
    /// What it is about.
    theme: code::MonitoringTheme,
    /// How grave it is.
    severity: code::ConcernSeverity,
    /// In words about the home, never about a child.
    words: String,
    /// Findings that you confirm, each as the refusal names it after the act: `words:postcode:3-10`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Raise a concern about a home
#[utoipa::path(post, path = "/home-concerns", tag = "monitoring", request_body = NewConcern, responses((status = 201, body = Done)))]
async fn raise_concern(sent: Sent<NewConcern>) -> Answered {
    let command: Confirmed<RaiseConcern> = read::concern(&fields(&sent.body)?)?;
    Ok(made(sent.api.perform(&sent.key, command).await?))
}

/// Read a concern and its plan
#[utoipa::path(get, path = "/home-concerns/{id}", tag = "monitoring", responses((status = 200, body = ConcernShown)))]
async fn get_concern(api: Api, Path(id): Path<i64>) -> Answered {
    let of = api.app().concern(&api.actor, id).await?.of;
    Ok(versioned(of.version, &ConcernShown::from(&of)))
}

/// An action for a plan.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPlanAction {
    /// What is done.
    what: String,
    /// Who does it.
    owner: code::PlanOwner,
    /// By when.
    due: Date,
    /// Findings that you confirm, each as the refusal names it after the act: `words:postcode:3-10`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Add an action to the plan that answers a concern
#[utoipa::path(post, path = "/home-concerns/{id}/actions", tag = "monitoring", params(IfMatch), request_body = NewPlanAction, responses((status = 200, body = Done)))]
async fn plan_action(Path(id): Path<i64>, sent: Sent<NewPlanAction>) -> Answered {
    let command: Confirmed<PlanAction> = read::action((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// What was done.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ActionDone {
    /// The action's number.
    number: u32,
    /// On which day.
    on: Date,
    /// In words, never about a child.
    words: String,
    /// Findings that you confirm, each as the refusal names it after the act: `words:postcode:3-10`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Say that an action of the plan is done
#[utoipa::path(post, path = "/home-concerns/{id}/done", tag = "monitoring", params(IfMatch), request_body = ActionDone, responses((status = 200, body = Done)))]
async fn complete_action(Path(id): Path<i64>, sent: Sent<ActionDone>) -> Answered {
    let command: Confirmed<CompleteAction> = read::done((id, sent.version()?), &fields(&sent.body)?, None)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Add a document that shows what was done
#[utoipa::path(post, path = "/home-concerns/{id}/documents", tag = "monitoring", request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 201, body = Done)))]
async fn add_evidence(Path(id): Path<i64>, sent: SentFile) -> Answered {
    let SentFile { api, file, key } = sent;
    let brought = document(file)?;
    Ok(made(api.perform(&key, AddEvidence { id, brought }).await?))
}

/// Read a document that shows what was done
///
/// Every reading is recorded.
#[utoipa::path(get, path = "/home-concerns/{id}/documents/{document}", tag = "monitoring", responses((status = 200, body = String, content_type = "*/*")))]
async fn read_evidence(api: Api, Path((id, document)): Path<(i64, i64)>) -> Answered {
    Ok(content(api.app().concern_document(&api.actor, id, DocumentId(document)).await?))
}

/// What is not enough.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ActionBack {
    /// The action's number.
    number: u32,
    /// What is not enough.
    why: String,
    /// Findings that you confirm, each as the refusal names it after the act: `words:postcode:3-10`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Send a done action back
#[utoipa::path(post, path = "/home-concerns/{id}/send-back", tag = "monitoring", params(IfMatch), request_body = ActionBack, responses((status = 200, body = Done)))]
async fn send_action_back(Path(id): Path<i64>, sent: Sent<ActionBack>) -> Answered {
    let command: Confirmed<SendActionBack> = read::send_back((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// How a concern ends.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConcernEnd {
    /// How.
    outcome: code::ConcernOutcome,
}

/// Close a concern that the own organisation raised
#[utoipa::path(post, path = "/home-concerns/{id}/close", tag = "monitoring", params(IfMatch), request_body = ConcernEnd, responses((status = 200, body = Done)))]
async fn close_concern(Path(id): Path<i64>, sent: Sent<ConcernEnd>) -> Answered {
    let command: CloseConcern = read::close_concern((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// How a home would stand.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConcernMeasure {
    /// How.
    standing: code::Standing,
}

/// Propose a measure about the home's standing because of a concern
#[utoipa::path(post, path = "/home-concerns/{id}/measure", tag = "monitoring", request_body = ConcernMeasure, responses((status = 201, body = Done)))]
async fn propose_for_concern(Path(id): Path<i64>, sent: Sent<ConcernMeasure>) -> Answered {
    let command: ProposeForConcern = read::measure(id, &fields(&sent.body)?)?;
    let receipt = sent.api.perform(&sent.key, command).await?;
    sent.api.app().homes.forget().await;
    Ok(made(receipt))
}
