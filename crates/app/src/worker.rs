//! Jobs: what follows a commit. A job may run twice, so each is written to change nothing the second time.

use std::sync::Arc;
use std::time::Duration;

use placewell_store::outbox::TakenJob;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;
use crate::office::message;
use crate::placing::{agreement, approval};

/// How long an idle worker waits before it looks again.
const IDLE: Duration = Duration::from_millis(500);

impl App {
    /// Takes and does jobs until told to stop.
    pub async fn work_until(self: Arc<Self>, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        loop {
            let found = match self.do_next_job().await {
                Ok(found) => found,
                Err(outcome) => {
                    tracing::error!(?outcome, "a job could not be taken");
                    false
                }
            };
            let pause = if found { Duration::ZERO } else { IDLE };
            tokio::select! {
                () = &mut stop => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Does one due job; false where there was none.
    pub async fn do_next_job(self: &Arc<Self>) -> Answer<bool> {
        let machine = Machine::now();
        let Some(job) = self.store.take_job(machine).await? else { return Ok(false) };
        match self.do_job(&job).await {
            Ok(()) => self.store.job_done(job.id, Machine::now()).await?,
            Err(outcome) => {
                tracing::warn!(job = job.id, kind = job.kind, attempt = job.attempt, ?outcome, "a job failed");
                self.store.job_failed(&job, outcome_code(&outcome), Machine::now()).await?;
            }
        }
        Ok(true)
    }

    /// Does every due job, for tests and for filling the demonstration.
    pub async fn do_due_jobs(self: &Arc<Self>) -> Answer<u32> {
        let mut count = 0;
        while self.do_next_job().await? {
            count += 1;
        }
        Ok(count)
    }

    /// The list of all kinds of job; each room adds its own.
    async fn do_job(self: &Arc<Self>, job: &TakenJob) -> Answer<()> {
        match job.kind.as_str() {
            message::MAIL => message::write(self, job).await,
            approval::SETTLE => approval::settle_later(self, job).await,
            approval::ALERT => approval::alert(self, job).await,
            agreement::PAPER => agreement::write_paper(self, job).await,
            agreement::REFIT => agreement::refit(self, job).await,
            _ => Err(Outcome::Fault(format!("no such job: {}", job.kind))),
        }
    }
}

fn outcome_code(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Invalid(_) => "invalid",
        Outcome::Refused(_) => "refused",
        Outcome::Forbidden(_) => "forbidden",
        Outcome::NotFound => "not found",
        Outcome::Conflict => "conflict",
        Outcome::KeyReused => "key reused",
        Outcome::Busy => "busy",
        Outcome::Fault(_) => "fault",
    }
}
