//! Jobs and mails, for administrators.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use placewell_app::clock::moment_at;
use placewell_app::office::message::{JobEntry, Mail, RetryJob};
use placewell_pages::office::message::{self as pages, JobRow, MailRow};

use crate::request::{Signed, Submitted};
use crate::respond::{Answered, OrFail, page, see};
use crate::server::Web;

/// The routes.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/admin/jobs", get(jobs).post(retry))
        .route("/admin/jobs/mail", get(mails))
        .route("/admin/jobs/mail/{id}", get(mail))
}

fn job_row(job: JobEntry) -> JobRow {
    JobRow {
        id: job.id,
        kind: job.kind,
        organisation: job.organisation,
        due: moment_at(job.run_at).local,
        tries: job.attempts.unsigned_abs(),
        gave_up: job.gave_up,
        last_error: job.last_error,
    }
}

async fn jobs(signed: Signed) -> Answered {
    let jobs = signed.app().jobs(&signed.actor).await.or_fail(&signed)?;
    let rows: Vec<JobRow> = jobs.into_iter().map(job_row).collect();
    Ok(page(&pages::jobs(signed.shell(), &rows, || signed.new_key())))
}

async fn retry(Submitted { signed, fields, key }: Submitted) -> Answered {
    // What is no number is no job; whether the reader may ask at all is answered first.
    let job = fields.get("job").parse().unwrap_or_default();
    let receipt = signed.app().perform(&signed.actor, &key, RetryJob { job }).await.or_fail(&signed)?;
    Ok(see(&receipt))
}

fn mail_row(mail: Mail) -> MailRow {
    MailRow {
        id: mail.id,
        recipient: mail.recipient,
        subject: mail.subject,
        body: mail.body,
        written: moment_at(mail.made_at).local,
        sent: mail.sent_at.map(|at| moment_at(at).local),
    }
}

/// A one-time link is its recipient's alone, and the mail that is kept has no token of it.
fn without_links(body: &str) -> String {
    let shown = |line: &str| {
        if line.starts_with("/emails/") { "(a link that is its recipient's alone)".to_owned() } else { line.to_owned() }
    };
    body.lines().map(shown).collect::<Vec<_>>().join("\n")
}

async fn mails(signed: Signed) -> Answered {
    let mails = signed.app().latest_mails(&signed.actor).await.or_fail(&signed)?;
    let rows: Vec<MailRow> = mails.into_iter().map(mail_row).collect();
    Ok(page(&pages::mails(signed.shell(), &rows)))
}

async fn mail(signed: Signed, Path(id): Path<String>) -> Answered {
    let id = id.parse().unwrap_or(0);
    let mail = if signed.web.demonstration {
        signed.app().whole_mail(&signed.actor, id).await.or_fail(&signed)?
    } else {
        let mail = signed.app().mail(&signed.actor, id).await.or_fail(&signed)?;
        Mail { body: without_links(&mail.body), ..mail }
    };
    Ok(page(&pages::mail(signed.shell(), &mail_row(mail))))
}
