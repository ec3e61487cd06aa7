//! Alerts of what Ofsted's register changed: the region's, and an authority's own.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{get, post};
use placewell_app::homes::admission::inviting::InviteProvider;
use placewell_app::homes::home::alert::{AcknowledgeAlert, AlertLine, Alerts, FinishAlert};
use placewell_app::{Outcome, Receipt};
use placewell_domain::homes::home::alert::{Alert, AlertState, age_of};
use placewell_domain::homes::standing::measure::Affected;
use placewell_domain::outcome::Invalid;
use placewell_pages::form::Typed;
use placewell_pages::homes::home::{AlertRow, AlertView, AlertsView, InviteView, alert, alerts};
use placewell_pages::words;

use crate::fields::Fields;
use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;

/// How many alerts stand on one page.
const PAGE: usize = 25;

pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/region/alerts", get(show_region))
        .route("/region/alerts/{id}", get(ask).post(send))
        .route("/region/alerts/{id}/done", post(finish))
        .route("/region/alerts/{id}/invite", post(invite))
        .route("/alerts", get(show_own))
}

fn touches(name: &str, of: &Affected) -> String {
    format!(
        "{name}: {}, {}, {}",
        words::count(u64::from(of.placements), "child", "children"),
        words::count(u64::from(of.referrals), "search", "searches"),
        words::count(u64::from(of.beds), "nominated bed", "nominated beds"),
    )
}

fn row(one: &Alert, today: jiff::civil::Date) -> AlertRow {
    let change = match (&one.found.before, &one.found.after) {
        (Some(before), Some(after)) => format!("{before}, now {after}"),
        (None, Some(after)) => format!("Now {after}"),
        (_, None) => String::new(),
    };
    AlertRow {
        id: one.id.0,
        home: (one.found.urn.clone(), one.found.name.clone()),
        kind: one.found.kind.label().to_owned(),
        change,
        source: (one.found.source.clone(), one.found.as_at),
        age: one.age(today),
        raised: one.raised,
        times: one.times,
        touches: Vec::new(),
        blocks: Vec::new(),
        noted: match &one.state {
            AlertState::Waiting => None,
            AlertState::Acknowledged { note, due, .. } | AlertState::Done { note, due, .. } => {
                Some((note.clone(), *due))
            }
        },
        done: match &one.state {
            AlertState::Waiting | AlertState::Acknowledged { .. } => None,
            AlertState::Done { result, .. } => Some(result.clone()),
        },
        late: one.past_due(today),
    }
}

fn line(one: &AlertLine, today: jiff::civil::Date) -> AlertRow {
    AlertRow {
        touches: one.touches.iter().map(|(name, of)| touches(name, of)).collect(),
        blocks: one.blocks.clone(),
        ..row(&one.alert, today)
    }
}

fn list(signed: &Signed, found: &Alerts, (number, pages): (usize, usize), region: bool) -> AlertsView {
    let today = signed.now().today();
    AlertsView {
        rows: found.lines.iter().map(|one| line(one, today)).collect(),
        total: found.total as u64,
        waiting: found.waiting as u64,
        page: (number as u64, pages as u64),
        loaded: found.as_at.map(|day| (day, age_of(day, today))),
        region,
    }
}

async fn show_region(signed: Signed) -> Answered {
    let number = signed.query.get("page").parse::<usize>().unwrap_or(1).max(1);
    let found = signed.app().region_alerts(&signed.actor, ((number - 1).saturating_mul(PAGE), PAGE)).await;
    let found = found.or_fail(&signed)?;
    let pages = found.total.div_ceil(PAGE).max(1);
    let view = list(&signed, &found, (number.min(pages), pages), true);
    Ok(page(&alerts(signed.shell(), &view)))
}

async fn show_own(signed: Signed) -> Answered {
    let found = signed.app().own_alerts(&signed.actor).await.or_fail(&signed)?;
    let view = list(&signed, &found, (1, 1), false);
    Ok(page(&alerts(signed.shell(), &view)))
}

async fn form(signed: &Signed, id: i64, (key, typed, errors): (String, Typed, Invalid)) -> Answered {
    let found = signed.app().region_alert(&signed.actor, id).await.or_fail(signed)?;
    let status = if errors.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let row = line(&found, signed.now().today());
    let may = signed.app().may_invite(&signed.actor, &found.alert).await.or_fail(signed)?;
    let invite = may.map(|may| {
        may.map(|may| InviteView {
            provider: may.provider,
            road: may.road,
            opening: may.opening,
            key: signed.new_key(),
        })
    });
    let view = AlertView { row, version: found.alert.version, key, typed, errors, invite };
    Ok(page_with(status, &alert(signed.shell(), &view)))
}

async fn ask(signed: Signed, Path(id): Path<i64>) -> Answered {
    form(&signed, id, (signed.new_key(), Typed::default(), Invalid::default())).await
}

/// What is done about an alert.
pub(crate) fn acknowledged((alert, version): (i64, i64), fields: &Fields) -> Result<AcknowledgeAlert, Invalid> {
    let mut invalid = Invalid::default();
    let note = fields.text("note", 500, "Say what is done about it", &mut invalid);
    match fields.date("due", "Enter by when it is done, like 20 9 2021", &mut invalid) {
        Some(due) => invalid.or(AcknowledgeAlert { alert, version, note, due }),
        None => Err(invalid),
    }
}

/// What came of an alert.
pub(crate) fn finished((alert, version): (i64, i64), fields: &Fields) -> Result<FinishAlert, Invalid> {
    let mut invalid = Invalid::default();
    let result = fields.text("result", 500, "Say what came of it", &mut invalid);
    invalid.or(FinishAlert { alert, version, result })
}

async fn send(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let outcome = match acknowledged((id, fields.version()), &fields) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    ended(signed, id, (outcome, fields, key)).await
}

async fn finish(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let outcome = match finished((id, fields.version()), &fields) {
        Ok(command) => signed.app().perform(&signed.actor, &key, command).await,
        Err(invalid) => Err(Outcome::Invalid(invalid)),
    };
    ended(signed, id, (outcome, fields, key)).await
}

async fn invite(Path(id): Path<i64>, Submitted { signed, fields, key }: Submitted) -> Answered {
    let text = |name: &str| fields.get(name).to_owned();
    let command = InviteProvider {
        alert: id,
        version: fields.version(),
        name: text("name"),
        email: text("email"),
        title: text("title"),
    };
    let outcome = signed.app().perform(&signed.actor, &key, command).await;
    ended(signed, id, (outcome, fields, key)).await
}

/// Leads on after what was asked, or shows the page again with what is wrong.
async fn ended(
    signed: Signed,
    id: i64,
    (outcome, fields, key): (Result<Receipt, Outcome>, Fields, String),
) -> Answered {
    match outcome {
        Ok(receipt) => Ok(see(&receipt)),
        Err(Outcome::Invalid(invalid)) => form(&signed, id, (key, Typed::new(fields.pairs().to_vec()), invalid)).await,
        Err(outcome) => Err(outcome).or_fail(&signed),
    }
}
