//! Whether the service is well, and whether its record is whole.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_pages::office::record::{Checked, RecordRow};

use crate::request::Signed;
use crate::respond::{Answered, OrFail, page};
use crate::server::Web;

/// How long the database may take to say that it is well, a change that is begun and given up among it.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/admin/audit", get(audit))
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
    Ok(page(&placewell_pages::office::record::audit(signed.shell(), &rows, checked.as_ref())))
}
