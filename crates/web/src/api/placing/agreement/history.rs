//! Bringing in an authority's own record over the API: the same file, checked or brought in.

use std::collections::BTreeMap;

use placewell_app::placing::agreement::history::{BringInHistory, HistorySummary};
use placewell_exchange::placing::agreement::{CellError, HistoryRead, read};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::office::document::DocumentForm;
use crate::api::problem::{Answered, FieldProblem, Problem};
use crate::api::reply::{Done, changed, plain};
use crate::api::request::SentFile;
use crate::server::Web;

pub(super) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(check)).routes(routes!(bring_in))
}

/// What a file would bring in.
#[derive(Debug, Serialize, ToSchema)]
struct HistoryChecked {
    /// Rows that read.
    rows: usize,
    /// New agreements.
    new: usize,
    /// Rows that were brought in before and say the same.
    unchanged: usize,
    /// New agreements by origin.
    origins: BTreeMap<String, usize>,
    /// Cells that cannot be used, by row and column.
    errors: Vec<FieldProblem>,
    /// What can be brought in and wants a look: a home that took no new placement on the first day.
    warnings: Vec<FieldProblem>,
}

fn problems(said: &[CellError]) -> Vec<FieldProblem> {
    let problem = |error: &CellError| FieldProblem {
        field: format!("rows[{}].{}", error.row, error.field),
        message: error.reason.clone(),
    };
    said.iter().map(problem).collect()
}

async fn checked(sent: SentFile) -> Result<(SentFile, HistoryRead, HistorySummary), Problem> {
    let content = sent.file.clone().bytes().ok_or_else(Problem::too_large)?;
    let read = read(&content);
    let summary = sent.api.app().check_history(&sent.api.actor, &read).await?;
    Ok((sent, read, summary))
}

/// Check a file of placements that began before this system; nothing is changed
#[utoipa::path(post, path = "/history/check", tag = "agreement", operation_id = "check_history", request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 200, body = HistoryChecked)))]
async fn check(sent: SentFile) -> Answered {
    let (_, _, summary) = checked(sent).await?;
    let (errors, warnings) = (problems(&summary.errors), problems(&summary.warnings));
    let origins = summary.origins.into_iter().map(|(code, count)| (code.to_owned(), count)).collect();
    let HistorySummary { rows, new, unchanged, .. } = summary;
    Ok(plain(&HistoryChecked { rows, new, unchanged, origins, errors, warnings }))
}

/// Bring in a file of placements that began before this system
///
/// The whole file or nothing of it: each cell that cannot be used is an error by its row and column. The same file twice
/// changes nothing.
#[utoipa::path(post, path = "/history", tag = "agreement", operation_id = "bring_in_history", request_body(content = DocumentForm, content_type = "multipart/form-data"), responses((status = 200, body = Done)))]
async fn bring_in(sent: SentFile) -> Answered {
    let (sent, read, summary) = checked(sent).await?;
    let errors = problems(&summary.errors);
    if let Some(first) = errors.first() {
        let problem = Problem::field(&first.field, first.message.clone());
        return Err(Problem { errors, ..problem });
    }
    Ok(changed(sent.api.perform(&sent.key, BringInHistory { rows: read.rows }).await?))
}
