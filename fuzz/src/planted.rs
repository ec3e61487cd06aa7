//! The control: a small service and a reader with bugs planted in them, to prove that a run finds such bugs.
//!
//! `--planted` sends it the same bad input by the same code; a kind of bug that is not found fails the run.

use anyhow::{Context, ensure};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};
use sqlx::SqlitePool;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::finding::Findings;

/// Each planted bug: the words that its finding has.
const BUGS: [&str; 9] = [
    "GET /nowhere/planted, a link of /, answers 404",
    "POST /planted/slice answers 500",
    "POST /planted/echo shows what was typed",
    "POST /planted/write is refused with 422 and writes: planted added",
    "POST /planted/change is refused with 422 and writes: planted changed",
    "POST /api/{}/planted/{} answers 500",
    "POST /planted/upload answers 500",
    "the planted reader panics",
    "the planted reader reads the same bytes in two ways",
];

/// The service: a page, and a form for each bug.
pub async fn router(url: &str) -> anyhow::Result<Router> {
    let pool = SqlitePool::connect(url).await?;
    sqlx::query("CREATE TABLE planted (words TEXT)").execute(&pool).await?;
    sqlx::query("INSERT INTO planted (words) VALUES ('first')").execute(&pool).await?;
    Ok(Router::new()
        .route("/", get(index))
        .route("/planted/{bug}", get(form).post(act))
        .route("/api/openapi.json", get(|| async { Json(description()) }))
        .route("/api/v1/planted", get(|| async { Json(json!({ "items": [{ "reference": "PLA-1" }] })) }))
        .route("/api/v1/planted/{reference}", get(record).post(decide))
        .with_state(pool))
}

/// An API of one record, which is changed by whoever sends its version.
fn description() -> Value {
    let body = json!({ "type": "object", "properties": { "words": { "type": "string" } } });
    let post = json!({
        "parameters": [{ "name": "If-Match", "in": "header" }],
        "requestBody": { "content": { "application/json": { "schema": body } } },
    });
    json!({ "paths": {
        "/api/v1/planted": { "get": {} },
        "/api/v1/planted/{reference}": { "get": {}, "post": post },
    } })
}

const VERSION: &str = "\"7\"";

async fn record(Path(reference): Path<String>) -> Response {
    if reference != "PLA-1" {
        return StatusCode::NOT_FOUND.into_response();
    }
    ([(header::ETAG, VERSION)], Json(json!({ "reference": reference }))).into_response()
}

/// Breaks behind its version: who does not read the record first never comes to the fault.
async fn decide(Path(reference): Path<String>, headers: HeaderMap, body: Bytes) -> StatusCode {
    match headers.get(header::IF_MATCH) {
        _ if reference != "PLA-1" => StatusCode::NOT_FOUND,
        None => StatusCode::PRECONDITION_REQUIRED,
        Some(tag) if tag != VERSION => StatusCode::PRECONDITION_FAILED,
        Some(_) if serde_json::from_slice::<Value>(&body).is_ok_and(|body| body["words"].is_string()) => StatusCode::OK,
        Some(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn index() -> Html<String> {
    let link = |bug: &str| format!("<a href=\"/planted/{bug}\">{bug}</a>");
    let dead = "<a href=\"/nowhere/planted\">nowhere</a>";
    Html(["slice", "echo", "write", "change", "upload"].map(link).concat() + dead)
}

async fn form(Path(bug): Path<String>) -> Html<String> {
    let (kind, field) = match bug.as_str() {
        "upload" => (" enctype=\"multipart/form-data\"", "<input name=\"file\" type=\"file\">"),
        _ => ("", "<input name=\"words\">"),
    };
    Html(format!("<form method=\"post\" action=\"/planted/{bug}\"{kind}>{field}</form>"))
}

async fn act(State(pool): State<SqlitePool>, Path(bug): Path<String>, body: Bytes) -> Response {
    let words = decoded(&body);
    match bug.as_str() {
        // Cuts at a byte, not at a letter.
        "slice" => match catch_unwind(AssertUnwindSafe(|| words.split_at(words.len().min(3)).0.len())) {
            Ok(length) => length.to_string().into_response(),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        },
        // Forgets to escape.
        "echo" => Html(format!("<p>{words}</p>")).into_response(),
        // Writes before it refuses.
        "write" => {
            let written = sqlx::query("INSERT INTO planted (words) VALUES (?)").bind(&words).execute(&pool).await;
            let refused = words.parse::<u32>().is_err() && written.is_ok();
            if refused { StatusCode::UNPROCESSABLE_ENTITY.into_response() } else { "ok".into_response() }
        }
        // Changes a row that has no version before it refuses.
        "change" => {
            let written = sqlx::query("UPDATE planted SET words = ?").bind(&words).execute(&pool).await;
            let refused = words.parse::<u32>().is_err() && written.is_ok();
            if refused { StatusCode::UNPROCESSABLE_ENTITY.into_response() } else { "ok".into_response() }
        }
        // Trusts the name of a file.
        "upload" if String::from_utf8_lossy(&body).contains("filename=\"..") => {
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
        _ => "ok".into_response(),
    }
}

/// The first field of a form as it was typed.
fn decoded(body: &[u8]) -> String {
    let value = body.split(|byte| *byte == b'=').nth(1).unwrap_or_default();
    let value = value.split(|byte| *byte == b'&').next().unwrap_or_default();
    let text = String::from_utf8_lossy(value);
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.extend(byte);
        bytes.extend(part.get(2..).unwrap_or_default().bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A reader that counts brackets one too few, and whose answer depends on when it is asked.
#[allow(clippy::unnecessary_wraps, reason = "a reader as the real ones are")]
pub fn read(bytes: &[u8]) -> Result<String, String> {
    static TIMES: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);
    let depth = bytes.split(|byte| *byte != b'(').map(<[u8]>::len).max().unwrap_or(0);
    if depth > 64 {
        return Ok(bytes.len().to_string().split_off(depth));
    }
    let times = TIMES.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    Ok(if bytes.contains(&0) { times.to_string() } else { String::new() })
}

/// Every planted bug was found.
pub fn judge(findings: &Findings) -> anyhow::Result<()> {
    let kinds: Vec<&str> = findings.kinds().collect();
    for bug in BUGS {
        let found = kinds.iter().find(|kind| kind.contains(bug));
        found.with_context(|| format!("a planted bug was not found: {bug}"))?;
    }
    // This service has none of the pages from which links of the real one are followed.
    let strange = kinds.iter().find(|kind| !kind.contains("planted") && !kind.contains(", a link of the start, "));
    ensure!(strange.is_none(), "more than what was planted was found: {strange:?}");
    println!("all {} planted bugs were found", BUGS.len());
    Ok(())
}
