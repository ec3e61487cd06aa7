//! Headers of every answer, and the guards of every request that changes something.
//!
//! The content-security policy names this answer's nonce and nothing inline; a form is taken only from our own pages.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq as _;
use tracing::Instrument as _;

use crate::request::RequestMark;
use crate::server::Web;
use crate::{door, wellknown};

/// What a browser may use of its device: nothing, but for passkeys on our own pages.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), \
    magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), publickey-credentials-create=(self), \
    publickey-credentials-get=(self)";

/// Gives each request its reference and its nonce, and each answer its headers.
pub async fn guard(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let mark = RequestMark::new();
    request.extensions_mut().insert(mark.clone());
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let started = placewell_app::clock::Machine::now();
    let span = tracing::error_span!("request", request = mark.reference);
    let mut response = match door::turned(&web, &request) {
        Some(turned) => door::answer(&web, request, turned),
        None => next.run(request).instrument(span).await,
    };
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
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let policy = if kind.starts_with("text/html") {
        format!(
            "default-src 'none'; script-src 'nonce-{0}' 'self'; style-src 'nonce-{0}'; img-src 'self'; font-src 'self'; \
             connect-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
             report-uri {1}; report-to csp",
            mark.nonce,
            wellknown::REPORTS
        )
    } else {
        // Opened by itself, a file or an answer of the API is no page of ours: it loads nothing and runs nothing.
        format!(
            "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox; \
             report-uri {0}; report-to csp",
            wellknown::REPORTS
        )
    };
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(HeaderName::from_static("reporting-endpoints"), &format!("csp=\"{}\"", wellknown::REPORTS));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-embedder-policy"), "require-corp");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("origin-agent-cluster"), "?1");
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(HeaderName::from_static("x-request-id"), &mark.reference);
    if secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// The digits of a token's secret and of what covers it.
const TOKEN: usize = 32;

/// What proves that a form is of our own pages: derived from the session's own secret, so that nothing more need be kept.
fn secret(session_token: &str) -> [u8; TOKEN / 2] {
    let mut digest = Sha256::new();
    digest.update(b"csrf:");
    digest.update(session_token.as_bytes());
    let mut secret = [0; TOKEN / 2];
    secret.copy_from_slice(&digest.finalize()[..TOKEN / 2]);
    secret
}

/// A form's token, another one on each page: pages are compressed, and a secret that stood in many of them beside what
/// somebody typed could be guessed from their lengths.
#[must_use]
pub fn form_token(session_token: &str) -> String {
    let cover = placewell_app::office::person::random_text::<{ TOKEN / 2 }>();
    let bytes = hex::decode(&cover).unwrap_or_default();
    let covered: Vec<u8> = bytes.iter().zip(secret(session_token)).map(|(cover, byte)| cover ^ byte).collect();
    cover + &hex::encode(covered)
}

/// Whether a form's token is one of this session's; how long it takes tells nothing of how much was right.
#[must_use]
pub fn is_form_token(sent: &str, session_token: &str) -> bool {
    let Ok(bytes) = hex::decode(sent) else { return false };
    if bytes.len() != TOKEN {
        return false;
    }
    let (cover, covered) = bytes.split_at(TOKEN / 2);
    let found: Vec<u8> = cover.iter().zip(covered).map(|(cover, byte)| cover ^ byte).collect();
    found.ct_eq(&secret(session_token)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forms_token_is_another_one_each_time_and_of_its_session_alone() {
        let (one, other) = (form_token("a session"), form_token("a session"));
        assert_ne!(one, other);
        assert!(is_form_token(&one, "a session") && is_form_token(&other, "a session"));
        assert!(!is_form_token(&one, "another session") && !is_form_token(&one, ""));
        for wrong in ["", "00", &one[2..], &format!("g{}", &one[1..]), &"0".repeat(2 * TOKEN)] {
            assert!(!is_form_token(wrong, "a session"), "{wrong}");
        }
    }
}
