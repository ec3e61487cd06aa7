//! What rules propose, and what the calendar chases: a suspension by rule is proposed at once and confirmed by a person
//! within four working hours.

use std::sync::Arc;

use placewell_domain::homes::home::Home;
use placewell_domain::homes::standing::measure::{Measure, Proposal, Source};
use placewell_domain::homes::standing::scorecard::{ANSWER_DAYS, repeated};
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSubject};
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_store::{Session, Work};

use super::measure::{page, propose};
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::office::message::{Notice, deliver};

/// The measure about a home for this reason that waits or is in force.
async fn held(session: &Session, home: &Home, reason: StandingReason) -> Answer<Option<Measure>> {
    let all = session.open_measures().await?;
    let fits = |one: &Measure| one.about(home.id, home.provider) && one.lot.is_none() && one.reason == reason;
    Ok(all.into_iter().find(fits))
}

/// Proposes what a rule says about a home, unless a measure for that reason waits or is in force. One that was entered by
/// hand is then confirmed by the register, where that is the source.
pub(crate) async fn by_rule(
    work: &mut Work,
    home: &Home,
    (standing, reason): (Standing, StandingReason),
    source: Source,
) -> Answer<Option<Measure>> {
    if let Some(held) = held(work, home, reason).await? {
        if source.by.is_none() && held.in_register.is_none() {
            let change = held.found_in_register(source.dated)?;
            return Ok(Some(work.apply(change).await?));
        }
        return Ok(None);
    }
    let proposal = Proposal {
        region: work.org(),
        subject: StandingSubject::Home(home.id),
        lot: None,
        provider: home.provider,
        name: home.name.clone(),
        standing,
        reason,
        source,
    };
    Ok(Some(propose(work, proposal).await?))
}

/// Whether a measure of this regional team waits longer than it may, and nobody was told.
pub async fn due(session: &Session, org: OrganisationId, now: jiff::civil::DateTime) -> Answer<bool> {
    for measure in session.measures_overdue(org, now).await? {
        if !session.is_chased(org, "standing", measure.id.0, &chase_key(&measure)).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn chase_key(measure: &Measure) -> String {
    format!("confirm {}", measure.confirm_by)
}

/// Tells the regional team, once for each, each in a transaction of its own.
pub(crate) async fn chase_due(app: &Arc<App>, org: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let session = app.store.read(Some(org)).await?;
    let overdue = session.measures_overdue(org, moment.local).await?;
    drop(session);
    let mut result = Ok(());
    for measure in overdue {
        let key = chase_key(&measure);
        if app.store.read(Some(org)).await?.is_chased(org, "standing", measure.id.0, &key).await? {
            continue;
        }
        let mut work = app.store.begin(org, moment).await?;
        let done: Answer<()> = async {
            let notice = Notice {
                to: org.0,
                role: Role::CommissioningLead,
                subject: format!("{}: not confirmed within 4 working hours", measure.name),
                lines: vec![
                    format!("{}: {}.", measure.standing.label(), measure.reason.label()),
                    "New referrals still wait. Confirm it or drop it now.".to_owned(),
                ],
                path: page(measure.id),
            };
            deliver(&mut work, &notice, &format!("standing/{}/{key}", measure.id)).await?;
            Ok(work.chased("standing", measure.id.0, &key).await?)
        }
        .await;
        result = result.and(ended(work, done).await);
    }
    result
}

impl App {
    /// Proposes what the calendar and the answers of the last months give cause for, once a day: a provider whose insurance
    /// has lapsed is suspended, one that repeatedly does not answer is watched.
    pub async fn propose_by_calendar(&self) -> Answer<()> {
        let moment = self.calendar.now();
        let visit = self.visit().await?;
        let Some(kept) = visit.current_arrangement().await? else { return Ok(()) };
        let organisations = visit.organisations().await?;
        drop(visit);
        let since = plus_days(moment.today(), -ANSWER_DAYS).to_datetime(jiff::civil::Time::midnight());
        let mut counted: std::collections::BTreeMap<OrganisationId, (u32, u32)> = std::collections::BTreeMap::new();
        for one in organisations.iter().filter(|one| one.kind == OrganisationKind::Authority) {
            let session = self.store.read(Some(one.id)).await?;
            for (provider, asked, late) in session.answers_since(one.id, since, moment.local).await? {
                let sum = counted.entry(provider).or_default();
                *sum = (sum.0.saturating_add(asked), sum.1.saturating_add(late));
            }
        }
        let mut work = self.store.begin(kept.region, moment).await?;
        let done: Answer<()> = async {
            for one in organisations.iter().filter(|one| one.kind == OrganisationKind::Provider) {
                if counted.get(&one.id).is_some_and(|(asked, late)| repeated(*asked, *late)) {
                    let why = (Standing::OnWatch, StandingReason::Responses);
                    about_provider(&mut work, (one.id, &one.name), why).await?;
                }
            }
            let today = moment.today();
            for fact in work.standing_facts().await? {
                let StandingSubject::Provider(id) = fact.subject else { continue };
                let began = fact.from <= today && today < fact.until && fact.from > plus_days(today, -2);
                if fact.reason == StandingReason::InsuranceLapsed && began {
                    let name = organisations.iter().find(|one| one.id == id).map(|one| one.name.as_str());
                    let why = (Standing::Suspended, StandingReason::InsuranceLapsed);
                    about_provider(&mut work, (id, name.unwrap_or_default()), why).await?;
                }
            }
            Ok(())
        }
        .await;
        ended(work, done).await
    }
}

/// The same about a provider, unless a measure for that reason is known: a dropped one is not proposed again that day.
async fn about_provider(
    work: &mut Work,
    (provider, name): (OrganisationId, &str),
    (standing, reason): (Standing, StandingReason),
) -> Answer<()> {
    let subject = StandingSubject::Provider(provider);
    let today = work.moment().today();
    let recent = |one: &Measure| one.open() || one.proposed.date() > plus_days(today, -ANSWER_DAYS);
    let known = work.measures().await?;
    if known.iter().any(|one| one.subject == subject && one.reason == reason && recent(one)) {
        return Ok(());
    }
    let proposal = Proposal {
        region: work.org(),
        subject,
        lot: None,
        provider,
        name: name.to_owned(),
        standing,
        reason,
        source: Source { by: None, link: None, dated: today },
    };
    propose(work, proposal).await?;
    Ok(())
}
