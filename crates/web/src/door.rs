//! What is turned away at the door, before any handler: another host's name, a request that another site makes in a
//! visitor's name, a page shown inside another site, and whoever asks faster than people and programs do.

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use placewell_app::clock::Machine;
use placewell_pages::system::outcome::Plain;

use crate::api::guard;
use crate::api::problem::Problem;
use crate::request::Visit;
use crate::respond::page_with;
use crate::server::Web;
use crate::{address, cookie};

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// It names another host than the service's own.
    OtherHost,
    /// Another site sends it, in the name of whoever is signed in here.
    OtherSite,
    /// Another site shows or loads a page of ours inside its own.
    Embedded,
    /// More than one caller may ask in a minute.
    TooMany,
}

impl Turned {
    /// The status and the words of the log.
    const fn as_said(self) -> (StatusCode, &'static str) {
        match self {
            Self::OtherHost => (StatusCode::MISDIRECTED_REQUEST, "another host's name"),
            Self::OtherSite => (StatusCode::FORBIDDEN, "sent by another site"),
            Self::Embedded => (StatusCode::FORBIDDEN, "loaded by another site"),
            Self::TooMany => (StatusCode::TOO_MANY_REQUESTS, "too many requests in a minute"),
        }
    }
}

/// Why this request goes no further; nothing where it may.
#[must_use]
pub fn turned(web: &Web, request: &Request) -> Option<Turned> {
    let (method, headers, path) = (request.method(), request.headers(), request.uri().path());
    // Whoever watches over the service asks by its address, often.
    if matches!(path, "/healthz" | "/readyz") {
        return None;
    }
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    if host.or(request.uri().authority().map(Authority::as_str)).is_some_and(|host| !is_ours(&web.origin, host)) {
        return Some(Turned::OtherHost);
    }
    if !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) && !ours_sends(&web.origin, headers) {
        return Some(Turned::OtherSite);
    }
    if !opened_by_itself(headers) {
        return Some(Turned::Embedded);
    }
    let from = address::of_request(request.extensions(), headers, &web.proxies);
    let caller = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let caller = caller.or_else(|| cookie::token(headers, web.secure()));
    (!web.pace.allows(caller, &from, Machine::now())).then_some(Turned::TooMany)
}

/// The answer to a request that is turned away: a problem for programs, a page for people.
pub fn answer(web: &Web, request: Request, turned: Turned) -> Response {
    let (status, why) = turned.as_said();
    let (parts, _body) = request.into_parts();
    let visit = Visit::unknown(&parts, web);
    tracing::warn!(request = visit.mark.reference, %status, why, "turned away");
    let mut response = if parts.uri.path().starts_with("/api/") {
        guard::written(
            Problem::of_status(status, format!("Turned away: {why}.")),
            web,
            &visit.path,
            &visit.mark.reference,
        )
    } else {
        let shell = visit.shell();
        match turned {
            Turned::OtherHost => page_with(status, &Plain::other_host(shell, &web.origin)),
            Turned::OtherSite => page_with(status, &Plain::stale_form(shell)),
            Turned::Embedded => page_with(status, &Plain::embedded(shell)),
            Turned::TooMany => page_with(status, &Plain::too_many(shell, "1 minute")),
        }
    };
    if turned == Turned::TooMany {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
    }
    response.into_response()
}

fn word<'a>(headers: &'a HeaderMap, name: &'static str) -> Option<&'a str> {
    headers.get(HeaderName::from_static(name)).and_then(|value| value.to_str().ok())
}

/// Whether a change is asked for by our own pages, as far as the browser says: what it says of the site, and where it says
/// nothing, the origin. A program sends neither; what it may do, its token says.
#[must_use]
pub fn ours_sends(origin: &str, headers: &HeaderMap) -> bool {
    match (word(headers, "sec-fetch-site"), word(headers, "origin")) {
        (Some(site), _) => matches!(site, "same-origin" | "none"),
        (None, Some(sent)) => match (sent.split_once("://"), origin.split_once("://")) {
            (Some((scheme, host)), Some((own, _))) => scheme == own && is_ours(origin, host),
            _ => false,
        },
        (None, None) => true,
    }
}

/// Whether a browser opens this by itself, from our pages, or by a link that leads here; and not as a part of another
/// site's page.
fn opened_by_itself(headers: &HeaderMap) -> bool {
    match word(headers, "sec-fetch-site") {
        None | Some("same-origin" | "none") => true,
        Some(_) => {
            word(headers, "sec-fetch-mode") == Some("navigate")
                && matches!(word(headers, "sec-fetch-dest"), None | Some("document"))
        }
    }
}

/// Whether a host is the one of the address that people use. On one's own machine every name for it is.
#[must_use]
pub fn is_ours(origin: &str, host: &str) -> bool {
    let (scheme, own) = origin.split_once("://").unwrap_or(("http", origin));
    let own = own.split('/').next().unwrap_or(own);
    let default = if scheme == "https" { ":443" } else { ":80" };
    let without = |host: &str| host.strip_suffix(default).unwrap_or(host).to_ascii_lowercase();
    let (own_name, name) = (name_of(own), name_of(host));
    without(own) == without(host)
        || (is_this_machine(own_name) && is_this_machine(name))
        || (matches!(own_name, "0.0.0.0" | "[::]") && name.parse::<std::net::IpAddr>().is_ok())
}

/// A host without its port.
fn name_of(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    }
}

fn is_this_machine(name: &str) -> bool {
    matches!(name, "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0" | "[::]")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_host_is_ours_by_its_whole_name_and_no_other() {
        let origin = "https://placewell.example";
        for ours in ["placewell.example", "PLACEWELL.example", "placewell.example:443"] {
            assert!(is_ours(origin, ours), "{ours}");
        }
        for other in ["", "evil.example", "placewell.example.evil.example", "evil-placewell.example", "localhost"] {
            assert!(!is_ours(origin, other), "{other}");
        }
        assert!(!is_ours(origin, "placewell.example:8443") && !is_ours(origin, "127.0.0.1"));
    }

    #[test]
    fn on_ones_own_machine_each_of_its_names_is_ours_and_a_name_that_leads_there_is_not() {
        for ours in ["localhost:8080", "127.0.0.1:9000", "[::1]:8080", "localhost"] {
            assert!(is_ours("http://127.0.0.1:8080", ours), "{ours}");
        }
        assert!(!is_ours("http://127.0.0.1:8080", "rebound.evil.example:8080"));
        assert!(is_ours("http://0.0.0.0:8080", "192.0.2.7:8080") && !is_ours("http://0.0.0.0:8080", "evil.example"));
    }

    #[test]
    fn a_change_that_another_site_sends_is_told_by_site_and_by_origin() {
        let origin = "https://placewell.example";
        for (ours, pairs) in [
            (true, headers(&[])),
            (true, headers(&[("sec-fetch-site", "same-origin")])),
            (true, headers(&[("origin", "https://placewell.example")])),
            (false, headers(&[("sec-fetch-site", "cross-site")])),
            (false, headers(&[("sec-fetch-site", "same-site")])),
            (false, headers(&[("origin", "https://evil.example")])),
            (false, headers(&[("origin", "http://placewell.example")])),
            (false, headers(&[("origin", "null")])),
        ] {
            assert_eq!(ours_sends(origin, &pairs), ours, "{pairs:?}");
        }
    }

    #[test]
    fn a_link_leads_here_and_a_frame_an_image_and_a_script_do_not() {
        let from = |mode, dest| {
            headers(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", mode), ("sec-fetch-dest", dest)])
        };
        assert!(opened_by_itself(&from("navigate", "document")));
        for (mode, dest) in [
            ("navigate", "iframe"),
            ("navigate", "object"),
            ("no-cors", "image"),
            ("no-cors", "script"),
            ("cors", "empty"),
        ] {
            assert!(!opened_by_itself(&from(mode, dest)), "{mode} {dest}");
        }
    }
}
