//! What the calendar asks of monitoring: the next round of returns, reminders, overdue actions, meetings that were not held.
//! Each is told once; no mail says anything of a child.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::calendar::{WorkingDays, quarter_of};
use placewell_domain::clock::Moment;
use placewell_domain::homes::monitoring::quality_return::{QualityReturn, REMIND_DAYS, next_quarter};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_store::{Session, Work};

use super::chasing;
use super::returns::open_round;
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::office::message::{Notice, deliver};
use crate::power::decision::call_in_rule;

/// One thing to be told: of which record, under which key, and the mail.
pub(super) struct Told {
    room: &'static str,
    record: i64,
    key: String,
    notices: Vec<Notice>,
}

impl Told {
    pub(super) fn new(room: &'static str, record: i64, key: String, notices: Vec<Notice>) -> Self {
        Self { room, record, key, notices }
    }
}

pub(super) fn notice(to: OrganisationId, role: Role, subject: String, line: &str, path: String) -> Notice {
    Notice { to: to.0, role, subject, lines: vec![line.to_owned()], path }
}

/// The last quarter that is over, where rounds have begun and it was not asked for.
async fn next_round(session: &Session, org: OrganisationId, today: Date) -> Answer<Option<Date>> {
    let Some(latest) = session.latest_quarter(org).await? else { return Ok(None) };
    let next = next_quarter(latest);
    Ok((next_quarter(next) <= today && next < quarter_of(today)).then_some(next))
}

fn of_return(one: &QualityReturn, days: &WorkingDays, today: Date) -> Option<Told> {
    let remind = days.clear_working_days_before(one.due, REMIND_DAYS);
    let subject = |what: &str| format!("{}: the quality return {what}", one.urn);
    let path = format!("/provider/monitoring/returns/{}", one.id);
    let due = one.due.strftime("%-d %B %Y");
    if one.overdue(today) {
        let late =
            notice(one.provider, Role::ProviderManager, subject("is overdue"), &format!("It was due on {due}."), path);
        let kept = format!("/monitoring/returns/{}", one.id);
        let told = notice(one.region, Role::CommissioningLead, subject("is overdue"), "The home was told.", kept);
        return Some(Told {
            room: "quality_return",
            record: one.id,
            key: format!("late {}", one.due),
            notices: vec![late, told],
        });
    }
    let soon = notice(one.provider, Role::ProviderManager, subject("is due"), &format!("Send it by {due}."), path);
    let told = Told { room: "quality_return", record: one.id, key: format!("soon {}", one.due), notices: vec![soon] };
    (remind <= today).then_some(told)
}

/// All that is to be told of an organisation's records now, told or not.
async fn to_tell(session: &Session, org: OrganisationId, now: Moment) -> Answer<Vec<Told>> {
    let today = now.today();
    let mut told = Vec::new();
    let kind = session.organisation_by_id(org).await?.kind;
    if kind == OrganisationKind::RegionalTeam {
        let days = call_in_rule(session, org, today).await?.calendar;
        let by = days.nth_working_day_after(today, REMIND_DAYS + 1);
        let due = session.quality_returns_due(org, by).await?;
        told.extend(due.iter().filter_map(|one| of_return(one, &days, today)));
        told.extend(chasing::of_region(session, org, (&days, now)).await?);
    }
    for one in session.concerns_overdue(org, today).await? {
        let subject = format!("{}: an action of the plan is overdue", one.urn);
        let line = format!("It was due on {}.", one.next_due().strftime("%-d %B %Y"));
        let role =
            if kind == OrganisationKind::RegionalTeam { Role::CommissioningLead } else { Role::PlacementOfficer };
        let own = notice(org, role, subject.clone(), &line, format!("/monitoring/concerns/{}", one.id));
        let path = format!("/provider/monitoring/concerns/{}", one.id);
        let provider = notice(one.provider, Role::ProviderManager, subject, &line, path);
        let key = format!("overdue {}", one.next_due());
        told.push(Told { room: "home_concern", record: one.id, key, notices: vec![own, provider] });
    }
    if kind == OrganisationKind::Authority {
        for one in session.stability_alerts(org).await?.into_iter().filter(|one| one.overdue(today)) {
            let subject = format!("{}: you have not met about the strain", one.reference);
            let line = format!("It was to be by {}.", one.meet_by.strftime("%A %-d %B"));
            let path = format!("/stability/{}", one.id);
            let notices = [(org, Role::PlacementOfficer), (one.provider, Role::ProviderManager)]
                .map(|(to, role)| notice(to, role, subject.clone(), &line, path.clone()));
            let key = format!("meet {}", one.meet_by);
            told.push(Told { room: "stability_alert", record: one.id, key, notices: notices.to_vec() });
        }
        told.extend(chasing::of_authority(session, org, today).await?);
    }
    Ok(told)
}

/// Whether something is to be done now that was not.
pub async fn due(session: &Session, org: OrganisationId, now: Moment) -> Answer<bool> {
    if next_round(session, org, now.today()).await?.is_some() {
        return Ok(true);
    }
    for told in to_tell(session, org, now).await? {
        if !session.is_chased(org, told.room, told.record, &told.key).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Does it, each in a transaction of its own.
pub(crate) async fn run_due(app: &Arc<App>, org: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    let (round, told) = (next_round(&session, org, moment.today()).await?, to_tell(&session, org, moment).await?);
    drop(session);
    let mut result = Ok(());
    if let Some(quarter) = round {
        let mut work = app.store.begin(org, moment).await?;
        let done = open_round(&mut work, quarter).await.map(|_| ());
        result = ended(work, done).await;
    }
    for one in told {
        if app.store.read(Some(org)).await?.is_chased(org, one.room, one.record, &one.key).await? {
            continue;
        }
        let mut work = app.store.begin(org, moment).await?;
        let done = tell(&mut work, &one).await;
        result = result.and(ended(work, done).await);
    }
    result
}

async fn tell(work: &mut Work, one: &Told) -> Answer<()> {
    for notice in &one.notices {
        let dedupe = format!("{}/{}/{}/{}", one.room, one.record, one.key, notice.to);
        deliver(work, notice, &dedupe).await?;
    }
    Ok(work.chased(one.room, one.record, &one.key).await?)
}
