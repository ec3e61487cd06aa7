//! The JSON API beside the pages: the same commands, queries and permissions, for programs.
//!
//! `/api/v1` takes a token of a person (`placewell token create`); `/api/openapi.json` describes every operation;
//! `/api` says so to people. Whatever does not end well is a problem of RFC 9457, written in one place.

#![allow(clippy::result_large_err)] // a problem is made once, where a request ends

pub mod body;
pub mod buying;
pub mod code;
pub mod document;
pub mod form;
pub mod guard;
pub mod homes;
mod narrowed;
pub mod office;
pub mod operations;
pub mod paging;
pub mod people;
pub mod placing;
pub mod power;
pub mod problem;
pub mod reply;
pub mod reporting;
pub mod request;
pub mod setting;
pub mod value;

use std::sync::LazyLock;

use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;

use crate::server::Web;
use problem::Problem;

/// Where the first version stands.
pub const V1: &str = "/api/v1";

/// Every operation with its description, below [`V1`], in the order of the wings.
pub(crate) fn operations() -> OpenApiRouter<Web> {
    let operations = OpenApiRouter::new();
    #[cfg(feature = "planted-holes")]
    let operations = operations.merge(crate::planted::operations());
    operations
        .merge(office::person::routes())
        .merge(office::people::routes())
        .merge(office::access::routes())
        .merge(office::glass::routes())
        .merge(office::message::routes())
        .merge(office::record::routes())
        .merge(office::import::routes())
        .merge(setting::routes())
        .merge(power::decision::routes())
        .merge(power::delegation::routes())
        .merge(power::arrangement::routes())
        .merge(power::annual_value::routes())
        .merge(homes::home::routes())
        .merge(homes::paper::routes())
        .merge(homes::admission::routes())
        .merge(homes::standing::routes())
        .merge(homes::monitoring::routes())
        .merge(homes::price::routes())
        .merge(homes::regulator::routes())
        .merge(placing::referral::routes())
        .merge(placing::child::routes())
        .merge(placing::disclosure::routes())
        .merge(placing::invitation::routes())
        .merge(placing::offer::routes())
        .merge(placing::approval::routes())
        .merge(placing::agreement::routes())
        .merge(placing::occupancy::routes())
        .merge(buying::spot::routes())
        .merge(buying::check::routes())
        .merge(buying::block::routes())
        .merge(reporting::comparison::routes())
        .merge(reporting::publication::routes())
        .merge(reporting::appraisal::routes())
}

/// The operations alone, built once with the descriptions that they bring along; each service has a copy.
static OPERATIONS: LazyLock<Router<Web>> = LazyLock::new(|| operations().split_for_parts().0);

/// The API, its description and the page about it.
pub fn routes(web: Web) -> Router<Web> {
    let operations = OPERATIONS
        .clone()
        .route_layer(middleware::from_fn_with_state(web.clone(), guard::permitted))
        .method_not_allowed_fallback(async || Problem::wrong_method())
        .fallback(async || Problem::not_found())
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(web, guard::problems));
    Router::new()
        .nest(V1, operations)
        .route("/api/openapi.json", get(async || description()))
        .route("/api", get(people::page))
}

fn description() -> impl IntoResponse {
    (
        StatusCode::OK,
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-cache")],
        &**document::JSON,
    )
}
