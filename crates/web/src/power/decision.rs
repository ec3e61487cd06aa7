//! Decisions: the public record and list, and the pages of democratic services.

mod data;
mod delegated;
mod exempt;
mod form;
mod officer;
mod plan;
mod steps;

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use jiff::civil::Date;
use placewell_app::clock::moment_at;
use placewell_app::power::decision::{DecisionRecord, LinkedContract};
use placewell_domain::power::decision::{Standing, differences};
use placewell_pages::power::decision::{
    DecisionView, ListFilters, ListedDecision, TextVersion, list_page, record_page,
};

use crate::request::Visit;
use crate::respond::{Answered, OrFail, file, page, redirect};
use crate::server::Web;

pub(crate) use plan::as_csv;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/decisions", get(list))
        .route("/decisions.atom", get(data::feed))
        .route("/decisions.json", get(data::all))
        .route("/decisions/{reference}", get(show))
        .route("/call-in", get(called_in))
        .route("/forward-plan", get(plan::show))
        .route("/forward-plan.csv", get(plan::csv))
        .route("/officer-decisions", get(delegated::list))
        .route("/officer-decisions/{reference}", get(delegated::show))
        .route("/democratic/officer-decisions", get(delegated::own))
        .route("/democratic/officer-decisions/new", get(delegated::ask).post(delegated::record))
        .route("/democratic/officer-decisions/{reference}", get(delegated::show_own))
        .route("/democratic/officer-decisions/{reference}/edit", get(delegated::edit).post(delegated::save))
        .route("/democratic/officer-decisions/{reference}/publish", post(delegated::publish))
        .route("/democratic/officer-decisions/{reference}/withdraw", post(delegated::withdraw))
        .route("/democratic/decisions", get(officer::worklist).post(officer::record))
        .route("/democratic/decisions/new", get(officer::paste))
        .route("/democratic/decisions/check", post(officer::check))
        .route("/democratic/decisions/dates", get(officer::dates))
        .route("/democratic/decisions/{reference}", get(officer::show))
        .route("/democratic/decisions/{reference}/edit", get(officer::edit).post(officer::save))
        .route("/democratic/decisions/{reference}/notice", post(steps::notice))
        .route("/democratic/decisions/{reference}/withdraw-notice", post(steps::withdraw_notice))
        .route("/democratic/decisions/{reference}/exempt", get(exempt::show).post(exempt::record))
        .route("/democratic/decisions/{reference}/preview", get(officer::preview))
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
        let contracts = visit.app().contracts_under(reference).await.or_fail(&visit)?;
        let linked = contracts.into_iter().map(|one| LinkedContract {
            reference: one.reference,
            title: one.title,
            supplier: one.supplier,
            starts: one.starts,
            ends: one.ends,
            value: one.value,
        });
        let bytes = visit.app().decision_pdf(reference, &address, linked.collect()).await.or_fail(&visit)?;
        return Ok(file(bytes, "application/pdf", &format!("{reference}.pdf")));
    }
    let found = visit.app().public_decision(&reference).await.or_fail(&visit)?;
    let contracts = visit.app().contracts_under(&reference).await.or_fail(&visit)?;
    let mut view = view_of(found, visit.now().today());
    view.contracts = contracts.into_iter().map(|one| (one.reference, one.title)).collect();
    Ok(page(&record_page(visit.shell(), &view)))
}

/// What everybody sees of a decision.
pub(super) fn view_of(found: DecisionRecord, today: Date) -> DecisionView {
    let mut texts = Vec::with_capacity(found.texts.len());
    for (at, text) in found.texts.iter().enumerate() {
        let changed = found.texts.get(at + 1).map_or_else(Vec::new, |before| differences(&before.page, &text.page));
        texts.push(TextVersion {
            why: text.why.clone(),
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
        contracts: Vec::new(),
        today,
    }
}
