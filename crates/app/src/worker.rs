//! Jobs: what follows a commit. A job may run twice, so each is written to change nothing the second time.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use placewell_store::outbox::TakenJob;
use placewell_store::placing::agreement::AT_BLOCK;
use placewell_store::verify::DEPLOYMENT;

use crate::answer::{Answer, Outcome};
use crate::buying::{block, check};
use crate::clock::Machine;
use crate::command::{App, spawn};
use crate::homes::admission::{leaving, moved, registered, seat};
use crate::homes::home::alert;
use crate::homes::price::uplift;
use crate::homes::standing;
use crate::office::person::attempts::KNOWN_FOR;
use crate::office::person::{attempts, forgotten, inviting};
use crate::office::{import, message};
use crate::placing::child::retention;
use crate::placing::{agreement, approval, referral};
use crate::timer;

/// How long an idle worker waits before it looks again.
const IDLE: Duration = Duration::from_millis(500);
/// How long a worker gives way to people whose changes are waiting, and how often before it does one job all the same.
const GIVES_WAY: Duration = Duration::from_millis(20);
const PATIENCE: u32 = 25;
/// How long the key of a request is kept, so that the same request again gets the same answer.
const KEYS_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

impl App {
    /// Takes and does jobs until told to stop.
    pub async fn work_until(self: Arc<Self>, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let (mut looked, mut kept, mut counted) = (None, None, None);
        loop {
            let day = Machine::now().as_second() / 86_400;
            if kept != Some(day) {
                match self.forget_what_is_over(Machine::now()).await.and(self.forget_old_files().await) {
                    Ok(_) => kept = Some(day),
                    Err(outcome) => {
                        tracing::error!(code = outcome_code(&outcome), "old keys and sign-ins could not be forgotten");
                    }
                }
            }
            let minute = self.calendar.now().at.as_second() / 60;
            if looked != Some(minute) {
                let today = self.calendar.now().today();
                if counted != Some(today) {
                    if let Err(outcome) = self.bring_lost_searches_forward().await {
                        tracing::error!(code = outcome_code(&outcome), "lost searches could not be brought forward");
                    }
                    if let Err(outcome) = self.index_children().await {
                        tracing::error!(code = outcome_code(&outcome), "children could not be indexed");
                    }
                    if let Err(outcome) = self.tell_of_retention_today().await {
                        tracing::error!(code = outcome_code(&outcome), "what is due for erasure could not be counted");
                    }
                    if let Err(outcome) = self.publish_checkpoints().await {
                        tracing::error!(
                            code = outcome_code(&outcome),
                            "the chains' checkpoints could not be published"
                        );
                    }
                    let looked_at = self.propose_by_calendar().await.and(self.alert_by_calendar().await);
                    let went_on = block::go_on_today(&self).await;
                    match self.count_for_region_today().await.and(looked_at).and(went_on) {
                        Ok(()) => counted = Some(today),
                        Err(outcome) => {
                            tracing::error!(
                                code = outcome_code(&outcome),
                                "what the region is told could not be counted"
                            );
                        }
                    }
                }
                match self.leave_timers().await {
                    Ok(_) => looked = Some(minute),
                    Err(outcome) => {
                        tracing::error!(code = outcome_code(&outcome), "the timers could not be looked at");
                    }
                }
            }
            self.give_way().await;
            let found = match self.do_next_job().await {
                Ok(found) => found,
                Err(outcome) => {
                    tracing::error!(code = outcome_code(&outcome), "a job could not be taken");
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

    /// Forgets keys of requests older than a week, and sign-ins that have ended; how many there were. Done each day.
    pub async fn forget_what_is_over(&self, machine: Timestamp) -> Answer<u64> {
        let moment = self.calendar.now();
        let old = machine.checked_sub(KEYS_KEPT).map_err(|error| Outcome::Fault(error.to_string()))?;
        let mut forgotten = 0;
        let organisations = self.visit().await?.organisations().await?;
        for organisation in organisations.into_iter().map(|one| one.id).chain([DEPLOYMENT]) {
            let work = self.store.begin(organisation, moment).await?;
            forgotten += work.forget_keys(old).await?
                + work.forget_sign_ins(machine).await?
                + work.forget_ceremonies(machine).await?
                + work.forget_attempts(machine.saturating_sub(KNOWN_FOR).unwrap_or(Timestamp::MIN)).await?;
            work.commit(machine).await?;
        }
        Ok(forgotten)
    }

    /// Waits while people's changes wait, for half a second at most.
    async fn give_way(&self) {
        for _ in 0..PATIENCE {
            if !self.store.is_busy() {
                return;
            }
            tokio::time::sleep(GIVES_WAY).await;
        }
    }

    /// Does one due job; false where there was none.
    pub async fn do_next_job(self: &Arc<Self>) -> Answer<bool> {
        self.do_job_due_at(Machine::now()).await
    }

    async fn do_job_due_at(self: &Arc<Self>, machine: Timestamp) -> Answer<bool> {
        let Some(job) = self.store.take_job(machine).await? else { return Ok(false) };
        let (app, taken) = (Arc::clone(self), job.clone());
        match spawn(Box::pin(async move { app.do_job(&taken).await })).await {
            Ok(()) => self.store.job_done(&job, Machine::now()).await?,
            Err(outcome) => {
                tell(&job, &outcome);
                self.store.job_failed(&job, outcome_code(&outcome), Machine::now()).await?;
            }
        }
        Ok(true)
    }

    /// Does every due job, what the calendar has passed among them, for tests and for filling the demonstration.
    pub async fn do_due_jobs(self: &Arc<Self>) -> Answer<u32> {
        self.do_jobs_due_at(Machine::now()).await
    }

    /// Does every job that is due at an instant of the machine's clock, such as after the time to undo a sending.
    pub async fn do_jobs_due_at(self: &Arc<Self>, machine: Timestamp) -> Answer<u32> {
        self.leave_timers().await?;
        let mut count = 0;
        while self.do_job_due_at(machine.max(Machine::now())).await? {
            count += 1;
        }
        Ok(count)
    }

    /// The list of all kinds of job; each room adds its own.
    async fn do_job(self: &Arc<Self>, job: &TakenJob) -> Answer<()> {
        match job.kind.as_str() {
            message::MAIL => message::write(self, job).await,
            message::SEND => message::send(self, job).await,
            timer::TIMER => timer::run(self, job).await,
            referral::RELEASE => referral::release(self, job).await,
            approval::SETTLE => approval::settle_later(self, job).await,
            check::EXEMPT => check::exempt_later(self, job).await,
            check::EXEMPT_PLACEMENT => check::exempt_placement_later(self, job).await,
            check::DECLINE => check::decline_later(self, job).await,
            approval::OFFER_GONE => approval::offer_gone(self, job).await,
            approval::ALERT => approval::alert(self, job).await,
            block::NEED => block::count_need(self, job).await,
            block::FOLLOW => block::follow(self, job).await,
            import::ADVANCE => import::advance_later(self, job).await,
            agreement::PAPER => agreement::write_paper(self, job).await,
            AT_BLOCK => block::nights::at_bed(self, job).await,
            block::nights::FOLLOW => block::nights::follow(self, job).await,
            standing::TELL => standing::tell(self, job).await,
            standing::rules::CONCERN => standing::rules::of_concern(self, job).await,
            standing::FOLLOW => block::nights::follow_standing(self, job).await,
            standing::STANDS_AGAIN => block::go_on(self, job).await,
            uplift::TELL_UPLIFT => agreement::tell_uplift(self, job).await,
            alert::TELL => alert::tell(self, job).await,
            alert::RAISE => alert::raise_left(self, job).await,
            forgotten::MAIL_LINK => forgotten::mail_asked(self, job).await,
            attempts::TELL_WAIT => attempts::tell_wait(self, job).await,
            inviting::INVITE_FIRST => inviting::invite_first(self, job).await,
            seat::STRIKE => seat::strike(self, job).await,
            moved::FOLLOW_CONCERN => moved::follow_concern(self, job).await,
            leaving::FOLLOW => approval::follow_leaving(self, job).await,
            registered::CLOSE => registered::close(self, job).await,
            agreement::REFIT => agreement::refit(self, job).await,
            retention::CUT_LOG => retention::cut_log(self).await,
            _ => Err(Outcome::Fault(format!("no such job: {}", job.kind))),
        }
    }
}

/// A failed try in the log: ids and codes, and for a fault of ours what went wrong; never a refusal's words or a form's.
fn tell(job: &TakenJob, outcome: &Outcome) {
    let (job, kind, attempt, code) = (job.id, job.kind.as_str(), job.attempt, outcome_code(outcome));
    if let Outcome::Fault(fault) = outcome {
        tracing::error!(job, kind, attempt, code, fault, "a job failed");
    } else {
        tracing::warn!(job, kind, attempt, code, "a job failed");
    }
}

fn outcome_code(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Invalid(_) => "invalid",
        Outcome::Refused(_) => "refused",
        Outcome::Forbidden(_) => "forbidden",
        Outcome::OutOfScope(_) => "out of scope",
        Outcome::ProveAgain => "to be proven again",
        Outcome::NotFound => "not found",
        Outcome::Conflict => "conflict",
        Outcome::KeyReused => "key reused",
        Outcome::Retry => "to be tried again",
        Outcome::Busy => "busy",
        Outcome::Fault(_) => "fault",
    }
}
