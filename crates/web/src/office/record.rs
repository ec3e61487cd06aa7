//! Whether the service is well, and whether its record is whole.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::clock::moment_at;
use placewell_app::office::record::{LoggedEvent, MOST};
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_pages::office::record::{self as pages, ActivityView, Checked, CheckpointRow, EventRow, RecordRow};

use crate::request::Signed;
use crate::respond::{Answered, OrFail, as_csv, file, page};
use crate::server::Web;

/// How long the database may take to say that it is well, a change that is begun and given up among it.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/admin/audit", get(audit))
        .route("/record", get(activity))
        .route("/record.csv", get(csv))
        .route("/record.jsonl", get(lines))
        .route("/record/checkpoints", get(checkpoints))
        .route("/record/checkpoints.json", get(checkpoints_file))
        .route("/record/of/{room}/{record}", get(timeline))
}

async fn ready(State(web): State<Web>) -> (StatusCode, &'static str) {
    if web.is_stopping() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    match tokio::time::timeout(ANSWERS_WITHIN, web.app.store.answers()).await {
        Err(_waited) => (StatusCode::SERVICE_UNAVAILABLE, "the database takes no change in time\n"),
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    }
}

async fn audit(signed: Signed) -> Answered {
    let app = signed.app();
    let organisations = app.recorded_organisations(&signed.actor).await.or_fail(&signed)?;
    let rows: Vec<RecordRow> =
        organisations.into_iter().map(|one| RecordRow { code: one.code, name: one.name }).collect();
    let checked = match signed.query.filled("organisation") {
        None => None,
        Some(code) => {
            let (organisation, report) = app.check_record(&signed.actor, code).await.or_fail(&signed)?;
            Some(Checked { name: organisation.name, events: report.events.unsigned_abs(), faults: report.faults })
        }
    };
    Ok(page(&pages::audit(signed.shell(), &rows, checked.as_ref())))
}

/// A kind of event in words: what happened to what.
fn title(kind: &str) -> String {
    let mut letters = kind.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    first + &letters.as_str().replace(['.', '_'], " ")
}

fn event_row(logged: LoggedEvent) -> EventRow {
    let LoggedEvent { event, by } = logged;
    EventRow {
        number: event.sequence.unsigned_abs(),
        at: moment_at(event.moment).local,
        by,
        what: title(&event.event.kind),
        record: (event.event.room, event.event.record),
        facts: event.event.facts,
    }
}

async fn activity(signed: Signed) -> Answered {
    let before = signed.query.filled("before").and_then(|text| text.parse().ok());
    let found = signed.app().activity(&signed.actor, before).await.or_fail(&signed)?;
    let events = found.events.into_iter().map(event_row).collect();
    let view = ActivityView { events, older: found.older, newest: before.is_none() };
    Ok(page(&pages::activity(signed.shell(), &view)))
}

async fn timeline(signed: Signed, Path((room, record)): Path<(String, String)>) -> Answered {
    // What is no number is no record; whether the reader may ask at all is answered first.
    let record = record.parse().unwrap_or(-1);
    let found = signed.app().record_timeline(&signed.actor, &room, record).await.or_fail(&signed)?;
    let events: Vec<EventRow> = found.into_iter().map(event_row).collect();
    Ok(page(&pages::timeline(signed.shell(), (&room, record), &events)))
}

/// The columns of the log as a table.
const COLUMNS: [&str; 8] = ["event", "at", "by", "kind", "room", "record", "version", "facts"];

async fn csv(signed: Signed) -> Answered {
    let app = signed.app();
    let newest = app.activity(&signed.actor, None).await.or_fail(&signed)?;
    let last = newest.events.first().map_or(-1, |logged| logged.event.sequence);
    let events = app.events_after(&signed.actor, last - i64::from(MOST), MOST).await.or_fail(&signed)?;
    let mut sheet = Sheet::new("Record", COLUMNS);
    sheet.rows = events.into_iter().rev().map(cells).collect();
    as_csv(&signed, &sheet, "record")
}

fn cells(logged: LoggedEvent) -> Vec<Cell> {
    let LoggedEvent { event, by } = logged;
    let facts = event.event.facts.iter().map(|(name, value)| format!("{name}={value}"));
    vec![
        Cell::Count(event.sequence),
        event.moment.to_string().into(),
        by.map_or(Cell::Empty, Cell::Text),
        event.event.kind.into(),
        event.event.room.into(),
        Cell::Count(event.event.record),
        Cell::Count(event.event.version),
        facts.collect::<Vec<_>>().join("; ").into(),
    ]
}

/// The feed after a number, an event in each line: whoever asks again after the last line's number goes on from there.
async fn lines(signed: Signed) -> Answered {
    let after = signed.query.filled("after").and_then(|text| text.parse().ok()).unwrap_or(-1);
    let events = signed.app().events_after(&signed.actor, after, MOST).await.or_fail(&signed)?;
    let mut text = String::new();
    for logged in events {
        let event = &logged.event;
        let line = serde_json::json!({
            "event": event.sequence, "at": event.moment, "by": logged.by, "kind": event.event.kind,
            "room": event.event.room, "record": event.event.record, "version": event.event.version,
            "facts": event.event.facts,
        });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    Ok(file(text.into_bytes(), "application/jsonl; charset=utf-8", "record.jsonl"))
}

async fn checkpoints(signed: Signed) -> Answered {
    let found = signed.app().checkpoints(&signed.actor).await.or_fail(&signed)?;
    let rows = found.checkpoints.into_iter().map(|one| CheckpointRow {
        organisation: one.organisation,
        number: one.sequence.unsigned_abs(),
        made: moment_at(one.made).local,
        hash: one.hash,
        signed_by: one.signed_by,
    });
    let rows: Vec<CheckpointRow> = rows.collect();
    Ok(page(&pages::checkpoints(signed.shell(), &rows)))
}

async fn checkpoints_file(signed: Signed) -> Answered {
    let found = signed.app().checkpoints(&signed.actor).await.or_fail(&signed)?;
    let text = serde_json::to_vec_pretty(&found).map_err(Outcome::from).or_fail(&signed)?;
    Ok(file(text, "application/json", "checkpoints.json"))
}
