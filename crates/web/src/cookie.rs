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
    named(headers, name(secure))
}

fn named<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The name of the secret that a browser keeps while its user is at their organisation's provider.
const fn way_name(secure: bool) -> &'static str {
    if secure { "__Host-placewell_way" } else { "placewell_way" }
}

/// The secret of the way to a provider that a request brings.
#[must_use]
pub fn way(headers: &HeaderMap, secure: bool) -> Option<&str> {
    named(headers, way_name(secure))
}

/// Gives the browser the secret of the way to a provider, for so many seconds.
pub fn set_way(response: &mut Response, web: &Web, token: &str, seconds: u32) {
    add(response, web, (way_name(web.secure()), token), seconds);
}

fn add(response: &mut Response, web: &Web, (name, value): (&str, &str), seconds: u32) {
    let secure = if web.secure() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}");
    if let Ok(value) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Gives the browser a session's token for so many seconds.
pub fn set(response: &mut Response, web: &Web, token: &str, seconds: u32) {
    add(response, web, (name(web.secure()), token), seconds);
}

/// Takes the token away, and with it whatever the browser has kept of the pages.
pub fn clear(response: &mut Response, web: &Web) {
    set(response, web, "", 0);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
}
