//! Whether the service is well, and whether its record is whole.

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use placewell_pages::office::record::{Checked, RecordRow};

use crate::request::Signed;
use crate::respond::{Answered, OrFail, page};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/admin/audit", get(audit))
}

async fn ready(State(web): State<Web>) -> (StatusCode, &'static str) {
    match web.app.store.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
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
