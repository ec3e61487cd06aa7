//! Headers of every answer, and the guards of every request that changes something.
//!
//! The content-security policy names this answer's nonce and nothing inline; a form is taken only from our own pages.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use tracing::Instrument as _;

use crate::request::RequestMark;
use crate::server::Web;

/// Gives each request its reference and its nonce, and each answer its headers.
pub async fn guard(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let mark = RequestMark::new();
    request.extensions_mut().insert(mark.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = placewell_app::clock::Machine::now();
    let span = tracing::error_span!("request", request = mark.reference);
    let mut response = next.run(request).instrument(span).await;
    let took = placewell_app::clock::Machine::now().as_microsecond() - started.as_microsecond();
    tracing::info!(request = mark.reference, %method, path = loggable(&path), status = response.status().as_u16(), micros = took, "request");
    set_headers(response.headers_mut(), &mark, web.secure());
    response
}

/// Paths hold references and codes only; a one-time link's token is left out.
fn loggable(path: &str) -> String {
    match path.strip_prefix("/emails/") {
        Some(_) => "/emails/…".to_owned(),
        None => path.to_owned(),
    }
}

fn set_headers(headers: &mut HeaderMap, mark: &RequestMark, secure: bool) {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{0}' 'self'; style-src 'nonce-{0}'; img-src 'self'; font-src 'self'; connect-src 'self'; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        mark.nonce
    );
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    set(HeaderName::from_static("x-request-id"), &mark.reference);
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// A form's token: derived from the session's own secret, so that nothing more need be kept.
#[must_use]
pub fn csrf_token(session_token: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(b"csrf:");
    digest.update(session_token.as_bytes());
    hex::encode(&digest.finalize()[..16])
}

/// Whether the browser says that the request comes from our own pages; old browsers that say nothing rely on the token.
#[must_use]
pub fn same_site(method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    match headers.get("sec-fetch-site").and_then(|value| value.to_str().ok()) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => true,
    }
}

/// Compares without telling by time how much was right.
#[must_use]
pub fn equal(left: &str, right: &str) -> bool {
    Sha256::digest(left.as_bytes()) == Sha256::digest(right.as_bytes())
}
