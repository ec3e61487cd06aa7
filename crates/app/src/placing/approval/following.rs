//! What an emergency let follow (rule 1.5): owed with the recommendation, recorded when it is done, listed on the
//! officer's day, and chased once it is late; and confirmations that are late, told to whoever owes them.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId, Reference};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::approval::{Approval, Consultation, FollowRefusal, FollowUp, Follows, Recommendation};
use placewell_domain::power::delegation::{PostGrade, to_alert};
use placewell_store::Work;
use serde::Serialize;

use super::{current, page_of};
use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt, ended};
use crate::office::message::{Notice, deliver, deliver_to};

/// Owes what an emergency's recommendation lets follow.
pub(super) async fn owe(work: &mut Work, of: &Recommendation, first: &Reference, follows: &[Follows]) -> Answer<()> {
    for each in follows {
        let change = FollowUp::owe(work.new_id(), of, first.clone(), each);
        work.apply(change).await?;
    }
    Ok(())
}

/// Records that a consultation that was to follow was done.
#[derive(Debug, Clone, Serialize)]
pub struct RecordFollowUp {
    /// A request of the recommendation.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
    /// What was done.
    pub what: Consultation,
    /// On which day.
    pub on: Date,
}

impl Command for RecordFollowUp {
    const ACTION: Action = Action::Recommend;
    const NAME: &'static str = "approval.follow_up";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let approval = current(work, &self.reference, self.version).await?;
        let all = work.follow_ups_of(work.org(), approval.recommendation).await?;
        let found = all.into_iter().find(|follow| follow.what == self.what).ok_or(Outcome::NotFound)?;
        let change = found.done(self.on, actor.person, work.moment()).map_err(|refusal| match refusal {
            FollowRefusal::Invalid(invalid) => Outcome::from(invalid),
            FollowRefusal::Refused(refusal) => Outcome::Refused(refusal),
        })?;
        work.apply(change).await?;
        Ok(page_of(&approval))
    }
}

/// A consultation that is still to do, for the officer's day.
#[derive(Debug, Clone)]
pub struct FollowLine {
    /// The follow-up.
    pub follow_up: FollowUp,
    /// The referral's reference.
    pub referral: Reference,
    /// Its day has passed.
    pub overdue: bool,
}

impl App {
    /// Every consultation that an emergency let follow and that is still to do, the earliest first.
    pub async fn follow_ups(&self, actor: &Actor) -> Answer<Vec<FollowLine>> {
        let session = self.see(actor, Action::SeeApprovals).await?;
        let today = self.calendar.now().today();
        let mut lines = Vec::new();
        for follow_up in session.follow_ups_due(actor.organisation).await? {
            let referral = session.referral(actor.organisation, follow_up.referral).await?.reference;
            lines.push(FollowLine { overdue: follow_up.overdue(today), referral, follow_up });
        }
        Ok(lines)
    }
}

/// Tells each person once of what is late: confirmations to whoever gave the approval and the Director, follow-ups to the
/// officers. Each in a transaction of its own.
pub(crate) async fn chase_due(app: &Arc<App>, authority: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(authority)).await?;
    let late = session.confirmations_to_chase(authority, moment.local).await?;
    let follow_ups = session.follow_ups_to_chase(authority, moment.today()).await?;
    drop(session);
    let mut result = Ok(());
    for approval in &late {
        let mut work = app.store.begin(authority, moment).await?;
        let done = chase_confirmation(&mut work, approval).await;
        result = result.and(ended(work, done).await);
    }
    for follow in &follow_ups {
        let mut work = app.store.begin(authority, moment).await?;
        let done = chase_follow_up(&mut work, follow).await;
        result = result.and(ended(work, done).await);
    }
    result
}

async fn chase_confirmation(work: &mut Work, approval: &Approval) -> Answer<()> {
    let today = work.moment().today();
    let scheme = work.scheme(work.org()).await?;
    let mut people: Vec<PersonId> = to_alert(&[PostGrade::Director], &scheme.posts, &scheme.holdings, today);
    let due = approval.to_confirm();
    people.extend(due.iter().filter_map(|due| due.person));
    people.sort_unstable();
    people.dedup();
    let Some(first) = due.first() else { return Ok(()) };
    let lines = due
        .iter()
        .filter(|due| due.overdue(work.moment()))
        .map(|due| format!("{}. It was due at noon on {}.", due.kind.label(), due.by.date().strftime("%-d %B %Y")));
    let notice = Notice {
        to: approval.responsible.0,
        role: Role::Approver,
        subject: format!("{}: a confirmation is overdue", approval.reference),
        lines: lines.collect(),
        path: format!("/approvals/{}", approval.reference),
    };
    for person in people {
        deliver_to(work, person, &notice, &format!("overdue/{}/{}", approval.id, first.by)).await?;
    }
    work.chased("approval", approval.id.0, &first.by.to_string()).await?;
    Ok(())
}

async fn chase_follow_up(work: &mut Work, follow: &FollowUp) -> Answer<()> {
    let by = follow.by.strftime("%-d %B %Y");
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: a consultation is overdue", follow.approval),
        lines: vec![format!("{}. It was to follow by {by}.", follow.what.label())],
        path: format!("/approvals/{}", follow.approval),
    };
    deliver(work, &notice, &format!("overdue/follow_up/{}", follow.id)).await?;
    work.chased("follow_up", follow.id, &follow.by.to_string()).await?;
    Ok(())
}
