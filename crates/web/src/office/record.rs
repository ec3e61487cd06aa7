//! Whether the service is well, and whether its record is whole.

use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::clock::moment_at;
use placewell_app::office::record::looking::Looking;
use placewell_app::office::record::{Activity, LoggedEvent, MOST};
use placewell_domain::id::PersonId;
use placewell_domain::outcome::Invalid;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_pages::form::Typed;
use placewell_pages::office::record::{self as pages, ActivityView, Checked, CheckpointRow, EventRow, RecordRow};

use placewell_pages::words;

use crate::fields::Fields;
use crate::request::Signed;
use crate::respond::{Answered, OrFail, as_csv, file, page, page_with};
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
    let LoggedEvent { event, by, withheld } = logged;
    EventRow {
        number: event.sequence.unsigned_abs(),
        at: moment_at(event.moment).local,
        by,
        what: title(&event.event.kind),
        record: (event.event.room, event.event.record),
        facts: event.event.facts,
        withheld: withheld as u64,
    }
}

/// What the query looks for.
pub(crate) fn looking(fields: &Fields, invalid: &mut Invalid) -> Looking {
    let day = |name: &str, invalid: &mut Invalid| fields.optional_date(name, "Enter a date, like 13 9 2021", invalid);
    let person = match fields.filled("person") {
        None => None,
        Some(_) => fields.choice("person", |id| id.parse().ok().map(PersonId), "Choose a person", invalid),
    };
    Looking {
        person,
        kind: fields.optional_text("kind", 80, invalid),
        record: fields.optional_text("record", 80, invalid),
        from: day("from", invalid),
        to: day("to", invalid),
    }
}

/// The address of the log under the same filters, without one of them and from its newest events.
fn address(path: &str, fields: &Fields, without: &[&str]) -> String {
    const KEPT: [&str; 9] =
        ["person", "kind", "record", "from_day", "from_month", "from_year", "to_day", "to_month", "to_year"];
    let kept = KEPT.iter().filter(|name| !without.iter().any(|gone| name.starts_with(gone)));
    let pairs = kept.filter_map(|name| fields.filled(name).map(|value| (*name, value)));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// The filters that are on, each with the address without it.
fn selected(fields: &Fields, looking: &Looking, people: &[(String, String)]) -> Vec<(String, String)> {
    let mut on = Vec::new();
    let mut add = |text: String, name: &str| on.push((text, address("/record", fields, &[name])));
    if let Some(person) = looking.person {
        let id = person.to_string();
        let name = people.iter().find(|(known, _)| *known == id).map_or("Somebody else", |(_, name)| name.as_str());
        add(format!("Who: {name}"), "person");
    }
    for (what, text, name) in [("What", &looking.kind, "kind"), ("Record", &looking.record, "record")] {
        if !text.is_empty() {
            add(format!("{what}: {text}"), name);
        }
    }
    for (what, day, name) in [("From", looking.from, "from"), ("Until", looking.to, "to")] {
        if let Some(day) = day {
            add(format!("{what} {}", words::date(day)), name);
        }
    }
    on
}

async fn activity(signed: Signed) -> Answered {
    let before = signed.query.filled("before").and_then(|text| text.parse().ok());
    let people = signed.app().record_people(&signed.actor).await.or_fail(&signed)?;
    let people: Vec<(String, String)> = people.into_iter().map(|(id, name)| (id.to_string(), name)).collect();
    let mut invalid = Invalid::default();
    let looking = looking(&signed.query, &mut invalid);
    let found = match invalid.or(()) {
        Ok(()) => signed.app().activity(&signed.actor, before, &looking).await,
        Err(invalid) => Err(invalid.into()),
    };
    let (found, errors) = match found {
        Ok(found) => (found, Invalid::default()),
        Err(Outcome::Invalid(errors)) => (Activity { events: Vec::new(), older: None }, errors),
        Err(outcome) => return Err(signed.fail(outcome)),
    };
    let here = address("/record", &signed.query, &[]);
    let join = if here.contains('?') { '&' } else { '?' };
    let wrong = !errors.errors.is_empty();
    let view = ActivityView {
        events: found.events.into_iter().map(event_row).collect(),
        older: found.older.map(|older| format!("{here}{join}before={older}")),
        newest: before.is_some().then(|| here.clone()),
        csv: address("/record.csv", &signed.query, &[]),
        selected: selected(&signed.query, &looking, &people),
        people,
        typed: Typed::new(signed.query.pairs().to_vec()),
        errors,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(page_with(status, &pages::activity(signed.shell(), &view)))
}

async fn timeline(signed: Signed, Path((room, record)): Path<(String, String)>) -> Answered {
    // What is no number is no record; whether the reader may ask at all is answered first.
    let record = record.parse().unwrap_or(-1);
    let after = signed.query.filled("after").and_then(|text| text.parse().ok()).unwrap_or(-1);
    let found = signed.app().record_timeline(&signed.actor, (&room, record), after).await.or_fail(&signed)?;
    let events: Vec<EventRow> = found.0.into_iter().map(event_row).collect();
    let later = found.1.map(|after| format!("/record/of/{room}/{record}?after={after}"));
    Ok(page(&pages::timeline(signed.shell(), (&room, record), &events, later)))
}

/// The columns of the log as a table.
const COLUMNS: [&str; 9] = ["event", "at", "by", "kind", "room", "record", "version", "facts", "withheld"];

async fn csv(signed: Signed) -> Answered {
    let mut invalid = Invalid::default();
    let looking = looking(&signed.query, &mut invalid);
    let looking = invalid.or(looking).map_err(Outcome::from).or_fail(&signed)?;
    let events = signed.app().newest_events(&signed.actor, &looking).await.or_fail(&signed)?;
    let mut sheet = Sheet::new("Record", COLUMNS);
    sheet.rows = events.into_iter().map(cells).collect();
    as_csv(&signed, &sheet, "record")
}

fn cells(logged: LoggedEvent) -> Vec<Cell> {
    let LoggedEvent { event, by, withheld } = logged;
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
        Cell::Count(i64::try_from(withheld).unwrap_or(i64::MAX)),
    ]
}

/// The feed after a number, an event in each line: whoever asks again after the last line's number goes on from there.
async fn lines(signed: Signed) -> Answered {
    let after = signed.query.filled("after").and_then(|text| text.parse().ok()).unwrap_or(-1);
    let all = Looking::default();
    let (events, _) = signed.app().events_after(&signed.actor, (after, MOST), &all).await.or_fail(&signed)?;
    let mut text = String::new();
    for logged in events {
        let event = &logged.event;
        let line = serde_json::json!({
            "event": event.sequence, "at": event.moment, "by": logged.by, "kind": event.event.kind,
            "room": event.event.room, "record": event.event.record, "version": event.event.version,
            "facts": event.event.facts, "withheld": logged.withheld,
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
