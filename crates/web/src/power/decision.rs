//! Decisions: the public record and list, and the pages of democratic services.

mod data;
mod form;
mod officer;
mod steps;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use jiff::civil::Date;
use placewell_app::clock::moment_at;
use placewell_app::power::decision::DecisionRecord;
use placewell_domain::power::decision::{DecisionPage, Standing};
use placewell_pages::power::decision::{
    DecisionView, ListFilters, ListedDecision, TextVersion, list_page, record_page,
};

use crate::request::Visit;
use crate::respond::{Answered, OrFail, file, page, redirect};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/decisions", get(list))
        .route("/decisions.atom", get(data::feed))
        .route("/decisions/{reference}", get(show))
        .route("/call-in", get(called_in))
        .route("/democratic/decisions", get(officer::worklist).post(officer::record))
        .route("/democratic/decisions/new", get(officer::paste))
        .route("/democratic/decisions/check", post(officer::check))
        .route("/democratic/decisions/dates", get(officer::dates))
        .route("/democratic/decisions/{reference}", get(officer::show))
        .route("/democratic/decisions/{reference}/edit", get(officer::edit).post(officer::save))
        .route("/democratic/decisions/{reference}/notice", post(steps::notice))
        .route("/democratic/decisions/{reference}/publish", post(steps::publish))
        .route("/democratic/decisions/{reference}/call-in", get(steps::ask_call_in).post(steps::call_in))
        .route("/democratic/decisions/{reference}/close-call-in", post(steps::close_call_in))
        .route("/democratic/decisions/{reference}/confirm", post(steps::confirm))
        .route("/democratic/decisions/{reference}/rescind", post(steps::rescind))
        .route("/democratic/decisions/{reference}/supersede", post(steps::supersede))
        .route("/democratic/decisions/{reference}/ceiling", post(steps::ceiling))
}

async fn called_in() -> axum::response::Response {
    redirect("/decisions?called_in=yes")
}

async fn list(visit: Visit) -> Answered {
    let today = visit.now().today();
    let found = visit.app().public_decisions().await.or_fail(&visit)?;
    let mut filters = ListFilters {
        authority: visit.query.get("authority").to_owned(),
        year: visit.query.get("year").to_owned(),
        key: visit.query.get("key").to_owned(),
        called_in: visit.query.get("called_in").to_owned(),
        ..ListFilters::default()
    };
    for known in &found {
        let authority = (known.code.clone(), known.authority.clone());
        if !filters.authorities.contains(&authority) {
            filters.authorities.push(authority);
        }
        let year = known.decision.state.publication().map(|publication| publication.published_on.year());
        filters.years.extend(year.filter(|year| !filters.years.contains(year)));
    }
    filters.authorities.sort();
    filters.years.sort_unstable_by_key(|year| core::cmp::Reverse(*year));
    let listed: Vec<ListedDecision> = found
        .iter()
        .filter(|known| filters.authority.is_empty() || known.code == filters.authority)
        .map(|known| ListedDecision {
            reference: known.decision.reference.clone(),
            title: known.decision.page.title.clone(),
            authority: known.authority.clone(),
            published_on: known.decision.state.publication().map(|publication| publication.published_on),
            key: known.decision.page.key_decision == Some(true),
            standing: known.decision.standing(today),
        })
        .filter(|row| {
            filters.year.is_empty() || row.published_on.is_some_and(|on| on.year().to_string() == filters.year)
        })
        .filter(|row| filters.key != "yes" || row.key)
        .filter(|row| filters.called_in != "yes" || row.standing == Standing::CalledIn)
        .collect();
    Ok(page(&list_page(visit.shell(), &listed, &filters)))
}

async fn show(visit: Visit, Path(reference): Path<String>) -> Answered {
    if let Some(reference) = reference.strip_suffix(".json") {
        let found = visit.app().public_decision(reference).await.or_fail(&visit)?;
        return Ok(data::response(&found));
    }
    if let Some(reference) = reference.strip_suffix(".pdf") {
        let address = format!("{}/decisions/{reference}", visit.web.origin);
        let bytes = visit.app().decision_pdf(reference, &address).await.or_fail(&visit)?;
        return Ok(file(bytes, "application/pdf", &format!("{reference}.pdf")));
    }
    let found = visit.app().public_decision(&reference).await.or_fail(&visit)?;
    Ok(page(&record_page(visit.shell(), &view_of(found, visit.now().today()))))
}

/// What everybody sees of a decision.
pub(super) fn view_of(found: DecisionRecord, today: Date) -> DecisionView {
    let mut texts = Vec::with_capacity(found.texts.len());
    for (at, text) in found.texts.iter().enumerate() {
        let changed = found.texts.get(at + 1).map_or_else(Vec::new, |before| differences(&before.page, &text.page));
        texts.push(TextVersion {
            version: text.version,
            state: text.state.replace('_', " "),
            recorded_at: moment_at(text.recorded_at).local,
            changed,
        });
    }
    DecisionView {
        decision: found.decision,
        authority: found.authority,
        standing: found.standing,
        texts,
        amends: found.amends,
        missing: found.missing,
        asked_for: found.asked_for,
        today,
    }
}

/// The fields that differ between two texts, by name.
fn differences(before: &DecisionPage, after: &DecisionPage) -> Vec<String> {
    let fields = [
        ("title", before.title == after.title),
        ("decision maker", before.decision_maker == after.decision_maker),
        ("status", before.status == after.status),
        ("key decision", before.key_decision == after.key_decision),
        ("purpose", before.purpose == after.purpose),
        ("alternatives", before.alternatives == after.alternatives),
        ("reasons", before.reasons == after.reasons),
        ("conflicts of interest", before.conflicts_of_interest == after.conflicts_of_interest),
        ("dispensations", before.dispensations == after.dispensations),
        ("urgency", before.urgency == after.urgency),
        ("reason key", before.reason_key == after.reason_key),
        ("wards", before.wards == after.wards),
        ("contact", before.contact == after.contact),
        (
            "dates",
            (before.published_on, before.decided_on, before.effective_from)
                == (after.published_on, after.decided_on, after.effective_from),
        ),
        ("documents", before.documents == after.documents),
        ("address of the page", before.source_url == after.source_url),
    ];
    fields.into_iter().filter(|(_, same)| !same).map(|(name, _)| name.to_owned()).collect()
}
