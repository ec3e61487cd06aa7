//! Timers: what the business calendar has passed is done by a job of its authority, at most a minute later.
//!
//! A deadline stands on the calendar and a lease on the machine's clock, so no job waits with a due time of its own: the
//! worker looks at each new minute of the calendar, also when the demonstration's was moved, and leaves a job where
//! something is due. The job reads what is due anew, so that a second run changes nothing.

use std::sync::Arc;

use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::placing::referral::deadline::GRACE_SECONDS;
use placewell_store::outbox::{Job, TakenJob};

use crate::answer::Answer;
use crate::buying::{block, check, spot};
use crate::clock::Machine;
use crate::command::App;
use crate::homes::home::lapsing;
use crate::homes::{monitoring, standing};
use crate::placing::{agreement, approval, invitation, offer};
use crate::power::{annual_value, arrangement};

/// The job that does what an authority's calendar has passed.
pub const TIMER: &str = "timer";

/// The deadlines before this time have lapsed at this time: the grace of a page that was open is over.
pub(crate) fn lapsed_before(now: jiff::civil::DateTime) -> jiff::civil::DateTime {
    now.saturating_sub(jiff::Span::new().seconds(GRACE_SECONDS))
}

impl App {
    /// Leaves a job to each authority, and to the regional team, for which something is due and no such job waits; gives how many.
    pub async fn leave_timers(&self) -> Answer<u32> {
        let moment = self.calendar.now();
        let authorities = self.visit().await?.organisations().await?;
        let mut left = 0;
        let kinds = [OrganisationKind::Authority, OrganisationKind::RegionalTeam];
        for authority in authorities.iter().filter(|one| kinds.contains(&one.kind)) {
            let session = self.store.read(Some(authority.id)).await?;
            let due = arrangement::term_warning_due(&session, authority.id, moment.today()).await?
                || arrangement::reminders_due(&session, authority.id, moment.today()).await?
                || lapsing::due(&session, authority.id, moment.today()).await?
                || session.timers_due(authority.id, lapsed_before(moment.local), moment.local).await?
                || block::due(&session, authority.id, moment).await?
                || standing::rules::due(&session, authority.id, moment.local).await?
                || monitoring::timer::due(&session, authority.id, moment).await?
                || annual_value::ceilings_due(&session, authority.id, moment.today()).await?
                || spot::due(&session, authority.id, moment.today()).await?
                || check::due(&session, authority.id, moment.today()).await?;
            if !due || session.job_waits(authority.id, TIMER).await? {
                continue;
            }
            drop(session);
            let mut work = self.store.begin(authority.id, moment).await?;
            work.enqueue(Job::new(TIMER, &serde_json::json!({})));
            work.commit(Machine::now()).await?;
            left += 1;
        }
        Ok(left)
    }
}

/// Does what is due: each record in a transaction of its own, so that one that fails keeps none of the others.
pub(crate) async fn run(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let lapsed = invitation::lapsing::lapse_due(app, job.organisation).await;
    let expired = offer::expiring::expire_due(app, job.organisation).await;
    let chased = approval::chase_due(app, job.organisation).await;
    let rolled = agreement::roll_overdue(app, job.organisation).await;
    let reminded = agreement::remind_due(app, job.organisation).await;
    let spots = spot::chase_due(app, job.organisation).await;
    let set = annual_value::follow_decisions(app, job.organisation).await;
    let blocks = block::run_due(app, job.organisation).await;
    let lapses = check::tell_due(app, job.organisation).await;
    let warned = arrangement::warn_of_term(app, job.organisation).await;
    let lapsing_papers = lapsing::run_due(app, job.organisation).await;
    let reminded_of_terms = arrangement::remind_due(app, job.organisation).await;
    let stops = standing::rules::chase_due(app, job.organisation).await;
    let watched = monitoring::timer::run_due(app, job.organisation).await;
    lapsed
        .and(stops)
        .and(watched)
        .and(lapses)
        .and(warned)
        .and(reminded_of_terms)
        .and(lapsing_papers)
        .and(expired)
        .and(rolled.map(|_| ()))
        .and(reminded)
        .and(chased)
        .and(spots)
        .and(set)
        .and(blocks)
}
