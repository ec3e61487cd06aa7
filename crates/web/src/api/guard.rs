//! Around every operation: what cannot be a path or a query is turned away, and each problem is written with the
//! request's own facts. Whatever the framework itself refuses becomes a problem as well.

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, OriginalUri, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use placewell_app::Outcome;

use super::V1;
use super::operations::{Listed, listed};
use super::problem::Problem;
use super::request::holder;
use crate::request::RequestMark;
use crate::routes::Who;
use crate::server::Web;

/// The most of a framework's own words that is read.
const LONGEST_DETAIL: usize = 4096;

/// Writes the problems of every operation.
pub async fn problems(State(web): State<Web>, request: Request, next: Next) -> Response {
    let asked = request.extensions().get::<OriginalUri>().map_or_else(|| request.uri(), |OriginalUri(uri)| uri);
    let path = asked.path().to_owned();
    let reference = request.extensions().get::<RequestMark>().map(|mark| mark.reference.clone()).unwrap_or_default();
    let conditional = request.headers().contains_key(header::IF_MATCH);
    let response = match unreadable(&request) {
        Some(problem) => problem.into_response(),
        None => next.run(request).await,
    };
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let mut problem = match parts.extensions.remove::<Problem>() {
        Some(problem) => problem,
        None => Problem::of_status(parts.status, words(body).await),
    };
    if conditional {
        problem = problem.with_precondition();
    }
    let (written, body) = written(problem, &web, &path, &reference).into_parts();
    parts.status = written.status;
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.extend(written.headers);
    Response::from_parts(parts, body)
}

/// Lets an operation be asked for by those for whom it is listed, before a body is read; the command asks again. One that
/// nobody listed is nobody's.
pub async fn permitted(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let who = match listed(request.method().as_str(), matched.trim_start_matches(V1)) {
        Listed::For(who) => who,
        Listed::OtherMethod => return next.run(request).await,
        Listed::Nowhere => {
            return Problem::from(Outcome::Fault(format!("nobody may ask for {matched}"))).into_response();
        }
    };
    let actor = match holder(request.headers(), &web).await {
        Ok(actor) => actor,
        Err(problem) => return problem.into_response(),
    };
    if let Who::Role(action) = who
        && let Err(outcome) = web.app.may_ask(&actor, action)
    {
        return Problem::from(outcome).into_response();
    }
    request.extensions_mut().insert(actor);
    next.run(request).await
}

/// A problem as it is sent, with the request's own facts.
pub(crate) fn written(problem: Problem, web: &Web, path: &str, reference: &str) -> Response {
    if let Some(context) = &problem.fault {
        tracing::error!(request = reference, context, "fault");
    }
    let status = problem.status;
    let body = serde_json::to_vec(&problem.details(&web.origin, path, reference)).unwrap_or_default();
    let mut response = (status, Body::from(body)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    response
}

/// No text that is kept holds the character zero, so no path or query with it leads anywhere.
fn unreadable(request: &Request) -> Option<Problem> {
    if request.uri().path().contains("%00") {
        return Some(Problem::not_found());
    }
    let query = request.uri().query().unwrap_or_default();
    query.contains("%00").then(|| {
        Problem::of_status(StatusCode::BAD_REQUEST, "The query holds a character that cannot be used.".to_owned())
    })
}

async fn words(body: Body) -> String {
    let bytes = to_bytes(body, LONGEST_DETAIL).await.unwrap_or_default();
    String::from_utf8_lossy(&bytes).trim().to_owned()
}
