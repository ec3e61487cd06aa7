//! The session's cookie: its name, how it is set, and how it is cleared.
//!
//! Where people come by TLS, the name begins with `__Host-`: no other host and no plain connection can set such a cookie.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;

use crate::server::Web;

/// The name behind TLS.
const SECURE_NAME: &str = "__Host-placewell_session";
/// The name on plain HTTP, on one's own machine: browsers keep no `__Host-` cookie there.
const PLAIN_NAME: &str = "placewell_session";

/// The cookie's name.
#[must_use]
pub const fn name(secure: bool) -> &'static str {
    if secure { SECURE_NAME } else { PLAIN_NAME }
}

/// The session's token that a request brings; a cookie of the other name counts for nothing.
#[must_use]
pub fn token(headers: &HeaderMap, secure: bool) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name(secure))
        .map(|(_, value)| value)
}

/// Gives the browser a session's token for so many seconds.
pub fn set(response: &mut Response, web: &Web, token: &str, seconds: u32) {
    let secure = if web.secure() { "; Secure" } else { "" };
    let cookie = format!("{}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", name(web.secure()));
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Takes the token away, and with it whatever the browser has kept of the pages.
pub fn clear(response: &mut Response, web: &Web) {
    set(response, web, "", 0);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
}
