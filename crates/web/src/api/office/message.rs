//! Jobs that are not done yet, for administrators: what waits, what was given up, and another try.

use axum::extract::Path;
use jiff::Timestamp;
use placewell_app::office::message::{JobEntry, RetryJob};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::api::paging::{Listed, Paging};
use crate::api::problem::Answered;
use crate::api::reply::{Done, changed, plain};
use crate::api::request::{Api, Sent};
use crate::api::value::{Id, Nothing};
use crate::server::Web;

pub(crate) fn routes() -> OpenApiRouter<Web> {
    OpenApiRouter::new().routes(routes!(list_jobs)).routes(routes!(retry_job))
}

/// Something that follows a change and is not done yet.
#[derive(Debug, Serialize, ToSchema)]
struct Job {
    /// Its number.
    id: Id,
    /// For which organisation it is done.
    organisation: String,
    /// What is to be done.
    #[schema(example = "mail.send")]
    kind: String,
    /// When it is due.
    due_at: Timestamp,
    /// How often it was tried.
    tries: u64,
    /// Nobody tries it again until somebody asks for that.
    gave_up: bool,
    /// How the last try ended, in a code.
    last_error: Option<String>,
}

impl From<JobEntry> for Job {
    fn from(entry: JobEntry) -> Self {
        Self {
            id: Id(entry.id),
            organisation: entry.organisation,
            kind: entry.kind,
            due_at: entry.run_at,
            tries: entry.attempts.unsigned_abs(),
            gave_up: entry.gave_up,
            last_error: entry.last_error,
        }
    }
}

/// List the jobs that are not done, at most 100, given-up ones among them
#[utoipa::path(get, path = "/jobs", tag = "message", params(Paging), responses((status = 200, body = Listed<Job>)))]
async fn list_jobs(api: Api, paging: Paging) -> Answered {
    let jobs = api.app().jobs(&api.actor).await?;
    Ok(plain(&paging.page(jobs.into_iter().map(Job::from).collect(), |job| format!("{:020}", job.id.0))))
}

/// Try a job again that failed or was given up
#[utoipa::path(post, path = "/jobs/{id}/retry", tag = "message", request_body = Nothing, responses((status = 200, body = Done)))]
async fn retry_job(Path(id): Path<i64>, sent: Sent<Nothing>) -> Answered {
    let Sent { api, key, .. } = sent;
    Ok(changed(api.perform(&key, RetryJob { job: id }).await?))
}
