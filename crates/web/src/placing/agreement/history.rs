//! Bringing in an authority's own record by page: a file that is checked, then brought in whole or not at all.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_app::Outcome;
use placewell_app::placing::agreement::history::{BringInHistory, HistorySummary};
use placewell_domain::office::access::{Action, may};
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::agreement::Origin;
use placewell_exchange::placing::agreement::{CellError, LAYOUT, read};
use placewell_pages::placing::agreement::history::{CellLine, CheckedView, HistoryView, page as history_page};
use placewell_pages::words;

use crate::request::Signed;
use crate::respond::{Answered, OrFail, page, page_with, see};
use crate::server::Web;
use crate::upload::Uploaded;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new().route("/imports/history", get(show).post(send))
}

fn must_bring_in(signed: &Signed) -> Result<(), crate::respond::Failure> {
    if may(signed.actor.role, Action::BringInHistory) {
        return Ok(());
    }
    Err(signed.fail(Outcome::Forbidden(Action::BringInHistory)))
}

fn view() -> HistoryView {
    HistoryView {
        columns: LAYOUT.names.iter().map(|name| (*name).to_owned()).collect(),
        origins: Origin::ALL.iter().map(|origin| (origin.code().to_owned(), origin.label().to_owned())).collect(),
        ..HistoryView::default()
    }
}

async fn show(signed: Signed) -> Answered {
    must_bring_in(&signed)?;
    let number = |name: &str| signed.query.get(name).parse::<u64>().ok();
    let view = HistoryView { done: number("new").zip(number("unchanged")), ..view() };
    Ok(page(&history_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())))
}

async fn send(sent: Uploaded) -> Answered {
    let Uploaded { signed, fields, key, file } = sent;
    must_bring_in(&signed)?;
    let Some(content) = file.map(crate::upload::SentFile::bytes) else {
        let invalid = Invalid::one("file", "Choose the file to bring in");
        return Ok(again(&signed, None, &invalid));
    };
    let Some(content) = content else {
        let invalid = Invalid::one("file", "Choose a file of 25 MB at most");
        return Ok(page_with(
            StatusCode::PAYLOAD_TOO_LARGE,
            &history_page(signed.shell(), &view(), &invalid, &signed.new_key()),
        ));
    };
    let read = read(&content);
    let summary = signed.app().check_history(&signed.actor, &read).await.or_fail(&signed)?;
    if !summary.errors.is_empty() {
        let cells = u64::try_from(summary.errors.len()).unwrap_or(u64::MAX);
        let message = format!("Correct {} of the file", words::count(cells, "cell", "cells"));
        return Ok(again(&signed, Some(&summary), &Invalid::one("file", message)));
    }
    if fields.get("act") != "bring_in" {
        let view = HistoryView { checked: Some(checked(&summary)), ..view() };
        return Ok(page(&history_page(signed.shell(), &view, &Invalid::default(), &signed.new_key())));
    }
    match signed.app().perform(&signed.actor, &key, BringInHistory { rows: read.rows }).await {
        // Somebody else's change came between the check and this.
        Err(Outcome::Invalid(invalid)) => {
            let first = invalid.errors.into_iter().next().map_or_else(String::new, |error| error.message);
            Ok(again(&signed, None, &Invalid::one("file", first)))
        }
        answer => Ok(see(&answer.or_fail(&signed)?)),
    }
}

fn again(signed: &Signed, summary: Option<&HistorySummary>, invalid: &Invalid) -> axum::response::Response {
    let view = HistoryView { checked: summary.map(checked), ..view() };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &history_page(signed.shell(), &view, invalid, &signed.new_key()))
}

fn checked(summary: &HistorySummary) -> CheckedView {
    let many = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let label =
        |code: &str| Origin::from_code(code).map_or_else(|| code.to_owned(), |origin| origin.label().to_owned());
    let line =
        |said: &CellError| CellLine { row: many(said.row), field: said.field.clone(), reason: said.reason.clone() };
    CheckedView {
        rows: many(summary.rows),
        new: many(summary.new),
        unchanged: many(summary.unchanged),
        origins: summary.origins.iter().map(|(code, count)| (label(code), many(*count))).collect(),
        errors: summary.errors.iter().map(line).collect(),
        warnings: summary.warnings.iter().map(line).collect(),
    }
}
