//! The end of the term is warned of 12, 9, 6 and 3 months before: on the homes of those who decide, and by one mail each.

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::{Arrangement, Term, warnings};
use placewell_domain::power::decision::{Decision, in_force_among};
use placewell_store::{Session, Work};

use super::leaves_on;
use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;
use crate::office::message::Notice;

/// The end of a term that is warned of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermEnd {
    /// The arrangement's title.
    pub title: String,
    /// The last day, for this organisation.
    pub ends_on: Date,
    /// Fewer than so many months are left.
    pub months: u8,
    /// Days left.
    pub days: i64,
}

/// One of the warnings before the end of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermWarning {
    /// Fewer than so many months are left.
    pub months: u8,
    /// From which day on.
    pub from: Date,
    /// Whether that day has come.
    pub passed: bool,
    /// Whether it is the one that holds today.
    pub now: bool,
    /// Whether those who decide were told by mail.
    pub told: bool,
}

/// The end that is warned of today; for an authority that of its own term, unless it leaves before.
pub async fn term_end(session: &Session, org: OrganisationId, today: Date) -> Answer<Option<TermEnd>> {
    Ok(due(session, org, today).await?.map(|(_, end)| end))
}

/// The term as it stands for an organisation; none where it leaves before.
async fn own_term(session: &Session, org: OrganisationId, today: Date) -> Answer<Option<(Arrangement, Term)>> {
    let Some(kept) = session.current_arrangement().await? else { return Ok(None) };
    let arrangement = kept.arrangement;
    if leaves_on(session, arrangement.id, org).await?.is_some() {
        return Ok(None);
    }
    let decisions = session.published_decisions_of(org).await?;
    let own = in_force_among(&decisions, today).filter_map(Decision::ends_on).max();
    let mut term = arrangement.term.clone();
    if let Some(own) = own.filter(|own| *own < term.current_end()) {
        (term.end, term.steps) = (own, Vec::new());
    }
    Ok(Some((arrangement, term)))
}

async fn due(session: &Session, org: OrganisationId, today: Date) -> Answer<Option<(Arrangement, TermEnd)>> {
    let Some((arrangement, term)) = own_term(session, org, today).await? else { return Ok(None) };
    let bar = term.bar(today);
    Ok(bar.warning.map(|months| {
        let end = TermEnd { title: arrangement.title.clone(), ends_on: bar.end, months, days: bar.days_left };
        (arrangement, end)
    }))
}

impl App {
    /// The four warnings before the end of the term of the actor's organisation, the earliest first; none where it leaves.
    pub async fn term_warnings(&self, actor: &Actor) -> Answer<Vec<TermWarning>> {
        let session = self.see(actor, Action::SeeArrangement).await?;
        let (org, today) = (actor.organisation, self.calendar.now().today());
        let Some((arrangement, term)) = own_term(&session, org, today).await? else { return Ok(Vec::new()) };
        let (end, now) = (term.current_end(), term.bar(today).warning);
        let mut all = Vec::new();
        for (months, from) in warnings(end) {
            let told = session.term_warned(org, arrangement.id, (end, months)).await?;
            all.push(TermWarning { months, from, passed: from <= today, now: now == Some(months), told });
        }
        Ok(all)
    }
}

/// Whether a warning has to be sent, for the timer.
pub(crate) async fn term_warning_due(session: &Session, org: OrganisationId, today: Date) -> Answer<bool> {
    let Some((arrangement, end)) = due(session, org, today).await? else { return Ok(false) };
    Ok(!session.term_warned(org, arrangement.id, (end.ends_on, end.months)).await?)
}

/// Sends the warning that is due, once.
pub(crate) async fn warn_of_term(app: &App, org: OrganisationId) -> Answer<()> {
    let mut work = app.store.begin(org, app.calendar.now()).await?;
    let today = work.moment().today();
    let Some((arrangement, end)) = due(&work, org, today).await? else { return Ok(work.roll_back().await?) };
    if !work.warn_of_term(arrangement.id, (end.ends_on, end.months)).await? {
        return Ok(work.roll_back().await?);
    }
    tell(&mut work, &end).await?;
    let event = Event::new("arrangement.end_warned", "term_warning", arrangement.id.0, 1)
        .with("months", end.months)
        .with("end", end.ends_on);
    work.record(event);
    Ok(work.commit(Machine::now()).await?)
}

async fn tell(work: &mut Work, end: &TermEnd) -> Answer<()> {
    let org = work.org();
    let region = work.organisation_by_id(org).await?.kind == OrganisationKind::RegionalTeam;
    let (roles, path): (&[Role], &str) = if region {
        (&[Role::CommissioningLead], "/region/arrangement/extend")
    } else {
        (&[Role::Approver, Role::DemocraticServices], "/arrangement/own")
    };
    for role in roles {
        let notice = Notice {
            to: org.0,
            role: *role,
            subject: format!("Arrangement: fewer than {} months to the end of the term", end.months),
            lines: vec![
                format!("The term ends on {}, in {} days.", long_date(end.ends_on), end.days),
                "An option to extend gives no power to use it: each authority decides for itself.".to_owned(),
            ],
            path: path.to_owned(),
        };
        work.enqueue(notice.job()?);
    }
    Ok(())
}
