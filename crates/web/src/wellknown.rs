//! Addresses that others look for: where to report a weakness (RFC 9116), and where browsers report what our content
//! policy has stopped.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use jiff::SignedDuration;
use placewell_app::clock::Machine;

use crate::server::Web;

/// Where browsers report.
pub const REPORTS: &str = "/csp-reports";
/// The largest report that is read, in bytes.
const LARGEST_REPORT: usize = 16 * 1024;
/// How long the file says that it holds: it is written anew whenever it is asked for.
const HOLDS: SignedDuration = SignedDuration::from_hours(180 * 24);

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/.well-known/security.txt", get(security)).route("/csp-reports", post(report))
}

async fn security(State(web): State<Web>) -> impl IntoResponse {
    let origin = web.origin.trim_end_matches('/');
    let contact = web.security_contact.as_deref().map_or_else(|| format!("{origin}/contact"), str::to_owned);
    let expires = (Machine::now() + HOLDS).strftime("%Y-%m-%dT00:00:00Z");
    let text = format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: en\n\
         Canonical: {origin}/.well-known/security.txt\n"
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text)
}

/// Logs which directive stopped something. Whatever else a browser sends, addresses among it, is not kept.
async fn report(request: Request) -> StatusCode {
    let Ok(body) = to_bytes(request.into_body(), LARGEST_REPORT).await else { return StatusCode::PAYLOAD_TOO_LARGE };
    let read: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
    let reports = read.as_array().map_or(std::slice::from_ref(&read), Vec::as_slice);
    for report in reports.iter().take(20) {
        let body = report.get("csp-report").or_else(|| report.get("body"));
        let directive = body.and_then(|body| {
            let found = body.get("effective-directive").or_else(|| body.get("effectiveDirective"));
            found.or_else(|| body.get("violated-directive")).and_then(serde_json::Value::as_str)
        });
        let Some(directive) = directive else { continue };
        let directive = directive.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default();
        let directive: String = directive.chars().take(40).collect();
        tracing::warn!(directive, "a browser stopped what the content policy does not allow");
    }
    StatusCode::OK
}
