//! Quality returns, over the API.

use std::collections::BTreeMap;

use axum::extract::Path;
use jiff::civil::{Date, DateTime};
use placewell_app::homes::monitoring::{AcceptReturn, AskReturnAgain, OpenRound, SaveReturn, SendReturn};
use placewell_app::naming::Confirmed;
use placewell_domain::homes::monitoring::quality_return::QualityReturn;
use placewell_domain::homes::monitoring::template::{Figure, Figures};
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
        .routes(routes!(list_returns))
        .routes(routes!(own_returns))
        .routes(routes!(get_return))
        .routes(routes!(open_round))
        .routes(routes!(save_return))
        .routes(routes!(send_return))
        .routes(routes!(accept_return))
        .routes(routes!(ask_return_again))
}

/// One figure as the home sent it, and as it is known here.
#[derive(Debug, Serialize, ToSchema)]
struct FigureShown {
    /// Which.
    figure: code::ReturnFigure,
    /// What the home says; null before it said it.
    said: Option<i64>,
    /// What is known here; null where it is not kept here.
    known: Option<i64>,
}

/// A home's quality return.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QualityReturn)]
struct ReturnShown {
    /// Its id.
    id: Id,
    /// Its version.
    version: i64,
    /// The home's number.
    #[schema(example = "SC400001")]
    urn: String,
    /// The first day of its quarter.
    quarter: Date,
    /// The version of its template.
    template: String,
    /// By when it is sent.
    due: Date,
    /// `due`, `sent`, `asked_again` or `accepted`.
    state: &'static str,
    /// When it was first sent.
    #[schema(value_type = Option<String>, example = "2021-07-20T10:20:00")]
    sent: Option<DateTime>,
    /// How often it was sent.
    times: usize,
    /// The figures of the latest.
    figures: Vec<FigureShown>,
    /// The home's note.
    note: Option<String>,
}

fn shown(of: &QualityReturn, known: &Figures) -> ReturnShown {
    let latest = of.latest();
    let one = |figure: &Figure| FigureShown {
        figure: (*figure).into(),
        said: latest.and_then(|sent| sent.filled.figures.get(figure).copied()),
        known: known.get(figure).copied(),
    };
    ReturnShown {
        id: Id(of.id),
        version: of.version,
        urn: of.urn.clone(),
        quarter: of.quarter,
        template: of.template.clone(),
        due: of.due,
        state: of.state.name(),
        sent: of.sent.first().map(|sent| sent.at),
        times: of.sent.len(),
        figures: of.figures().iter().map(one).collect(),
        note: latest.map(|sent| sent.filled.note.clone()),
    }
}

fn with_known(of: &QualityReturn) -> ReturnShown {
    shown(of, &of.latest().map(|sent| sent.known.clone()).unwrap_or_default())
}

/// The returns of a quarter.
#[derive(Debug, Serialize, ToSchema)]
struct RoundShown {
    /// The first day of the quarter; null before any was asked for.
    quarter: Option<Date>,
    /// The quarter that can be asked for now.
    next: Option<Date>,
    /// Its returns.
    returns: Vec<ReturnShown>,
}

/// List the region's quality returns of the latest quarter
#[utoipa::path(get, path = "/quality-returns", tag = "monitoring", responses((status = 200, body = RoundShown)))]
async fn list_returns(api: Api) -> Answered {
    let found = api.app().monitoring_round(&api.actor, None).await?;
    let returns = found.returns.iter().map(with_known).collect();
    Ok(plain(&RoundShown { quarter: found.quarter, next: found.next, returns }))
}

/// List the quality returns of the own homes
#[utoipa::path(get, path = "/provider/quality-returns", tag = "monitoring", responses((status = 200, body = Vec<ReturnShown>)))]
async fn own_returns(api: Api) -> Answered {
    let found = api.app().own_watched(&api.actor).await?;
    Ok(plain(&found.returns.iter().map(with_known).collect::<Vec<_>>()))
}

/// Read a quality return: what the home says beside what is known here
#[utoipa::path(get, path = "/quality-returns/{id}", tag = "monitoring", responses((status = 200, body = ReturnShown)))]
async fn get_return(api: Api, Path(id): Path<i64>) -> Answered {
    let found = api.app().quality_return(&api.actor, id).await?;
    Ok(versioned(found.of.version, &shown(&found.of, &found.known)))
}

/// A quarter to be asked for.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRound {
    /// Its first day.
    quarter: Date,
}

/// Ask every home on a lot for its return of a quarter
#[utoipa::path(post, path = "/quality-returns", tag = "monitoring", request_body = NewRound, responses((status = 201, body = Done)))]
async fn open_round(sent: Sent<NewRound>) -> Answered {
    let command: OpenRound = read::round(&fields(&sent.body)?)?;
    Ok(made(sent.api.perform(&sent.key, command).await?))
}

/// The figures of a return.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FilledReturn {
    /// Whole numbers by the figure's code.
    figures: BTreeMap<String, i64>,
    /// What the officer should know; never about a child.
    note: Option<String>,
    /// Why it changed, where it was sent before.
    reason: Option<code::CorrectionReason>,
    /// Findings that you confirm, each as the refusal names it after the act: `note:postcode:3-10`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Save a return without sending it
#[utoipa::path(post, path = "/quality-returns/{id}/save", tag = "monitoring", params(IfMatch), request_body = FilledReturn, responses((status = 200, body = Done)))]
async fn save_return(Path(id): Path<i64>, sent: Sent<FilledReturn>) -> Answered {
    let command: SaveReturn = read::save((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Send a return, or correct it with its reason
#[utoipa::path(post, path = "/quality-returns/{id}/send", tag = "monitoring", params(IfMatch), request_body = FilledReturn, responses((status = 200, body = Done)))]
async fn send_return(Path(id): Path<i64>, sent: Sent<FilledReturn>) -> Answered {
    let command: Confirmed<SendReturn> = read::send((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}

/// Accept a return
#[utoipa::path(post, path = "/quality-returns/{id}/accept", tag = "monitoring", params(IfMatch), request_body = Nothing, responses((status = 200, body = Done)))]
async fn accept_return(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let version = sent.version()?;
    Ok(changed(sent.api.perform(&sent.key, AcceptReturn { id, version }).await?))
}

/// A question about some figures.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AskedAgain {
    /// About which.
    figures: Vec<code::ReturnFigure>,
    /// What is asked.
    words: String,
    /// Findings that you confirm, each as the refusal names it after the act: `words:postcode:3-10`.
    #[serde(default)]
    confirmed: Vec<String>,
}

/// Ask the home about some figures again
#[utoipa::path(post, path = "/quality-returns/{id}/ask", tag = "monitoring", params(IfMatch), request_body = AskedAgain, responses((status = 200, body = Done)))]
async fn ask_return_again(Path(id): Path<i64>, sent: Sent<AskedAgain>) -> Answered {
    let command: Confirmed<AskReturnAgain> = read::again((id, sent.version()?), &fields(&sent.body)?)?;
    Ok(changed(sent.api.perform(&sent.key, command).await?))
}
