//! Holes that are planted for the attackers of `cargo xtask attack --planted` to find: a run that misses one fails. They are
//! in no other build: the feature is nobody's default, and a test holds that no manifest asks for it.

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::problem::Problem;
use crate::server::Web;

/// What somebody sends.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Sent {
    /// Words.
    #[serde(default)]
    words: String,
}

/// The holes of the pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/planted", get(list))
        .route("/planted/echo", get(echo))
        .route("/planted/go", get(go))
        .route("/planted/find", get(find))
}

/// The hole of the API.
pub fn operations() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(fault))
}

async fn list() -> Html<&'static str> {
    Html(
        "<!DOCTYPE html><html lang=\"en\"><title>Planted</title><ul><li><a href=\"/planted/echo?words=a\">Echo</a>\
         <li><a href=\"/planted/go?words=%2Fhelp\">Go</a><li><a href=\"/planted/find?words=A\">Find</a></ul></html>",
    )
}

/// Shows what was sent as markup.
async fn echo(Query(sent): Query<Sent>) -> Html<String> {
    Html(format!("<!DOCTYPE html><html lang=\"en\"><title>Echo</title><p>{}</p></html>", sent.words))
}

/// Goes wherever it is told.
async fn go(Query(sent): Query<Sent>) -> Response {
    let mut headers = HeaderMap::new();
    if let Ok(place) = HeaderValue::from_str(&sent.words) {
        headers.insert(header::LOCATION, place);
    }
    (StatusCode::FOUND, headers).into_response()
}

/// Asks the database with what was sent, and shows what it says of it.
async fn find(State(web): State<Web>, Query(sent): Query<Sent>) -> Response {
    let Ok(session) = web.app.visit().await else { return StatusCode::SERVICE_UNAVAILABLE.into_response() };
    match session.planted_find(&sent.words).await {
        Ok(names) if names.is_empty() => {
            Html("<!DOCTYPE html><html lang=\"en\"><title>Find</title><p>Nobody was found.</p></html>").into_response()
        }
        Ok(names) => {
            let list = names.join("<li>");
            Html(format!("<!DOCTYPE html><html lang=\"en\"><title>Find</title><ul><li>{list}</ul></html>"))
                .into_response()
        }
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

/// Fails on words that nobody thought of.
#[utoipa::path(get, path = "/planted", tag = "person", params(Sent), responses((status = 200, body = String)))]
async fn fault(Query(sent): Query<Sent>) -> Result<String, Problem> {
    if sent.words.is_ascii() && sent.words.len() < 3 {
        return Ok(sent.words);
    }
    Err(Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR, "planted".to_owned()))
}
