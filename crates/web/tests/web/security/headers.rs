//! The headers of every answer: of pages, files, the API, errors and refusals, for visitors and for those signed in.

use std::collections::HashSet;

use axum::http::StatusCode;
use placewell_domain::office::access::Role;
use placewell_web::routes::{ROUTES, Who};

use super::{Answer, Service, everything, keeping_the_session};
use crate::access::{email, example};

const HTTPS: &str = "https://placewell.example";

/// What each answer has, and what it must be.
const ALWAYS: &[(&str, &str)] = &[
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cross-origin-resource-policy", "same-origin"),
    ("origin-agent-cluster", "?1"),
    ("strict-transport-security", "max-age=63072000; includeSubDomains"),
    ("reporting-endpoints", "csp=\"/csp-reports\""),
];

/// What no answer says.
const NEVER: &[&str] = &["server", "x-powered-by", "access-control-allow-origin", "access-control-allow-credentials"];

fn wrong_in(answer: &Answer) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, value) in ALWAYS {
        if answer.header(name) != *value {
            wrong.push(format!("{name}: {:?}", answer.header(name)));
        }
    }
    wrong.extend(NEVER.iter().filter(|name| answer.headers.contains_key(**name)).map(|name| format!("says {name}")));
    let policy = answer.header("content-security-policy");
    for part in
        ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "report-to csp"]
    {
        if !policy.contains(part) {
            wrong.push(format!("content-security-policy without {part}"));
        }
    }
    if policy.contains("unsafe") || policy.contains('*') {
        wrong.push(format!("content-security-policy allows too much: {policy}"));
    }
    let kind = answer.header("content-type");
    if kind.starts_with("text/html") != policy.contains("script-src 'nonce-")
        || kind.starts_with("text/html") == policy.contains("sandbox")
    {
        wrong.push(format!("the policy of {kind} is {policy}"));
    }
    if !answer.body.is_empty() && (kind.is_empty() || (kind.starts_with("text/") && !kind.contains("charset=utf-8"))) {
        wrong.push(format!("content-type: {kind:?}"));
    }
    let permissions = answer.header("permissions-policy");
    if !["camera=()", "microphone=()", "geolocation=()", "payment=()"].iter().all(|part| permissions.contains(part)) {
        wrong.push(format!("permissions-policy: {permissions:?}"));
    }
    wrong
}

fn nonce(answer: &Answer) -> Option<&str> {
    answer.header("content-security-policy").split("'nonce-").nth(1)?.split('\'').next()
}

#[tokio::test]
async fn every_answer_of_every_route_has_every_header_and_a_nonce_of_its_own() {
    let service = Service::at(HTTPS).await;
    let cookie = service.cookie(Role::Administrator).await;
    let (mut wrong, mut nonces, mut pages) = (Vec::new(), HashSet::new(), 0);
    for (method, path) in keeping_the_session() {
        for headers in [vec![], vec![("cookie", cookie.as_str())]] {
            let answer = service.ask(&method, &path, &headers, "").await;
            wrong.extend(
                wrong_in(&answer).into_iter().map(|what| format!("{method} {path} ({}): {what}", answer.status)),
            );
            if let Some(nonce) = nonce(&answer) {
                pages += 1;
                assert!(nonce.len() >= 32, "a nonce of fewer than 128 bits");
                assert!(nonces.insert(nonce.to_owned()), "{method} {path} has a nonce that another answer had");
                let loads = ["<script", "<style", "<link rel=\"stylesheet\""];
                for element in loads.iter().flat_map(|start| answer.body.split(start).skip(1)) {
                    let tag = element.split('>').next().unwrap_or_default();
                    assert!(tag.contains(&format!("nonce=\"{nonce}\"")), "{path} loads without the nonce: {tag}");
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} answers are not as they should be:\n{}", wrong.len(), wrong.join("\n"));
    assert!(pages > 400, "only {pages} pages were seen");
}

#[tokio::test]
async fn without_tls_no_browser_is_told_to_ask_for_it() {
    let service = Service::at("http://localhost").await;
    assert_eq!(service.ask("GET", "/", &[], "").await.header("strict-transport-security"), "");
}

#[tokio::test]
async fn what_only_some_may_see_is_kept_by_no_cache() {
    let service = Service::at(HTTPS).await;
    let mut seen = 0;
    for role in Role::ALL {
        let cookie = service.cookie(*role).await;
        for route in ROUTES.iter().filter(|route| !matches!(route.who, Who::Everybody)) {
            if route.path == "/sign-out" || route.path.ends_with("/sign-out-everywhere") {
                continue;
            }
            let answer = service.ask(route.method, &example(route.path), &[("cookie", &cookie)], "").await;
            assert_eq!(answer.header("cache-control"), "no-store", "{} {} as {role:?}", route.method, route.path);
            seen += 1;
        }
    }
    let token = service.token(Role::PlacementOfficer).await;
    for (method, path) in everything().into_iter().filter(|(_, path)| path.starts_with("/api/v1")) {
        let answer = service.ask(&method, &path, &[("authorization", &format!("Bearer {token}"))], "").await;
        assert_eq!(answer.header("cache-control"), "no-store", "{method} {path}");
        seen += 1;
    }
    assert!(seen > 2_000, "only {seen} answers were seen");
}

#[tokio::test]
async fn the_sessions_cookie_is_of_this_host_alone_and_no_script_reads_it() {
    let service = Service::demonstration(HTTPS).await;
    let who = format!("email={}", email(Role::Approver));
    let signed = service.form("/demo", &[], who).await;
    let cookie = signed.header("set-cookie");
    let (value, attributes) = cookie.split_once("; ").expect(cookie);
    let (name, token) = value.split_once('=').unwrap();
    assert_eq!(name, "__Host-placewell_session");
    assert!(token.len() >= 32 && cookie.len() < 4_096, "{cookie}");
    let attributes: HashSet<&str> = attributes.split("; ").collect();
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(attributes.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain="), "{cookie}");
    assert!(!signed.body.contains(token), "the token stands in a page");
    let own = format!("__Host-placewell_session={token}");
    assert_eq!(service.ask("GET", "/preferences", &[("cookie", &own)], "").await.status, StatusCode::OK);
    let plain = format!("placewell_session={token}");
    assert_eq!(service.ask("GET", "/preferences", &[("cookie", &plain)], "").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_clears_what_the_browser_kept() {
    let service = Service::at(HTTPS).await;
    let cookie = service.cookie(Role::Approver).await;
    let form = format!("_csrf={}&_key=out", service.form_token(&cookie).await);
    let out = service.form("/sign-out", &[("cookie", &cookie)], form).await;
    assert_eq!(out.header("clear-site-data"), "\"cache\", \"storage\"");
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{}", out.header("set-cookie"));
    assert_eq!(service.ask("GET", "/home", &[("cookie", &cookie)], "").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn where_to_report_a_weakness_stands_where_people_look() {
    let service = Service::at(HTTPS).await;
    let told = service.ask("GET", "/.well-known/security.txt", &[], "").await;
    assert_eq!(told.header("content-type"), "text/plain; charset=utf-8");
    let line =
        |name: &str| told.body.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
    assert_eq!(line("Contact:"), "https://placewell.example/contact");
    assert_eq!(line("Canonical:"), "https://placewell.example/.well-known/security.txt");
    let expires: jiff::Timestamp = line("Expires:").parse().unwrap();
    let left = expires.duration_since(placewell_app::clock::Machine::now());
    assert!(left.as_hours() > 24 * 170 && left.as_hours() < 24 * 365, "{left}");
    let named = Service::with(HTTPS, |web| web.reported_to("mailto:security@placewell.example")).await;
    let told = named.ask("GET", "/.well-known/security.txt", &[], "").await;
    assert!(told.body.starts_with("Contact: mailto:security@placewell.example\n"), "{}", told.body);
}
