//! What rules propose, and what the calendar chases: a suspension by rule is proposed at once and confirmed by a person
//! within four working hours.

use std::sync::Arc;

use placewell_domain::homes::home::Home;
use placewell_domain::homes::monitoring::concern::Concern;
use placewell_domain::homes::standing::measure::{Measure, MeasureState, Proposal, Source};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingReason, StandingSource, StandingSubject};
use placewell_domain::id::{MeasureId, OrganisationId, PersonId};
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_store::outbox::{Job, TakenJob};
use placewell_store::{Session, Work};
use serde::{Deserialize, Serialize};

use super::ending::stands;
use super::measure::{have_counted, held_homes_of, page, propose_as};
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::office::message::{Notice, deliver};

/// The job by which the region looks at a concern that was raised.
pub const CONCERN: &str = "standing.concern";

/// The measures about the whole of a home for this reason that wait or are in force.
async fn held(session: &Session, home: &Home, reason: StandingReason) -> Answer<Vec<Measure>> {
    let mut all = session.open_measures().await?;
    all.retain(|one| one.about(home.id, home.provider) && one.lot.is_none() && one.reason == reason);
    Ok(all)
}

/// Lets milder measures about the very subject of a rule give way to what it proposes for the same reason, under the id that
/// is answered; one about a home's provider stays beside it.
async fn make_room(work: &mut Work, subject: StandingSubject, milder: Vec<Measure>) -> Answer<MeasureId> {
    let to = MeasureId(work.new_id());
    for one in milder.into_iter().filter(|one| one.subject == subject) {
        let by = work.person().or(one.source.by).unwrap_or(PersonId(0));
        let change = one.give_way(to, by, work.moment())?;
        work.apply(change).await?;
    }
    Ok(to)
}

/// Lets the measure that gave way to one stand again as it did, once that one was dropped: no subject stays written without
/// a measure that evidence can end. Where something else was written of it meanwhile, it is written again.
pub(super) async fn stand_again(work: &mut Work, dropped: MeasureId) -> Answer<()> {
    let gave_way = |one: &Measure| one.gave_way().is_some_and(|gave_way| gave_way.to == dropped);
    let Some(milder) = work.measures().await?.into_iter().find(gave_way) else { return Ok(()) };
    let homes = held_homes_of(work, &milder).await?;
    let mut milder = work.apply(milder.stand_again()?).await?;
    if let StandingSubject::Home(home) = milder.subject {
        // The home may have changed hands meanwhile.
        let provider = work.home(home).await?.provider;
        if provider != milder.provider {
            milder = work.apply(milder.follow_home(provider)?).await?;
        }
    }
    if milder.state == MeasureState::Proposed {
        return have_counted(work, &milder).await;
    }
    let today = work.moment().today();
    let says = |fact: &StandingFact| {
        let holds = fact.from <= today && fact.until == OPEN_END && fact.standing >= milder.standing;
        holds && fact.subject == milder.subject && fact.source == StandingSource::Region
    };
    if !work.standing_facts().await?.iter().any(says) {
        stands(work, &milder, &homes).await?;
    }
    Ok(())
}

/// Proposes what a rule says about a home, unless a measure for that reason that is at least as strong waits or is in force.
/// One that was entered by hand is then confirmed by the register, where that is the source.
pub(crate) async fn by_rule(
    work: &mut Work,
    home: &Home,
    (standing, reason): (Standing, StandingReason),
    source: Source,
) -> Answer<Option<Measure>> {
    let mut all = held(work, home, reason).await?;
    if let Some(at) = all.iter().position(|one| one.answers(standing, reason)) {
        let held = all.swap_remove(at);
        if source.by.is_none() && held.in_register.is_none() {
            let change = held.found_in_register(source.dated)?;
            return Ok(Some(work.apply(change).await?));
        }
        return Ok(None);
    }
    let subject = StandingSubject::Home(home.id);
    let id = make_room(work, subject, all).await?;
    let proposal = Proposal {
        region: work.org(),
        subject,
        lot: None,
        provider: home.provider,
        name: home.name.clone(),
        standing,
        reason,
        source,
    };
    Ok(Some(propose_as(work, id, proposal).await?))
}

/// Proposes what Ofsted's notice about a home or a provider, or a condition that was not met, gives cause for, unless a
/// measure for it that is at least as strong waits or is in force.
pub(super) async fn by_notice(
    work: &mut Work,
    (subject, provider, name): (StandingSubject, OrganisationId, &str),
    (standing, reason): (Standing, StandingReason),
    source: Source,
) -> Answer<()> {
    if let StandingSubject::Home(home) = subject {
        let home = work.home(home).await?;
        by_rule(work, &home, (standing, reason), source).await?;
        return Ok(());
    }
    let mut all = work.open_measures().await?;
    all.retain(|one| one.subject == subject && one.lot.is_none() && one.reason == reason);
    if all.iter().any(|one| one.answers(standing, reason)) {
        return Ok(());
    }
    let id = make_room(work, subject, all).await?;
    let (region, name) = (work.org(), name.to_owned());
    propose_as(work, id, Proposal { region, subject, lot: None, provider, name, standing, reason, source }).await?;
    Ok(())
}

/// Of which region, which concern, raised by whom.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct OfConcern {
    region: i64,
    concern: i64,
    by: i64,
}

/// Leaves the region to propose at once what a grave concern gives cause for; an authority may have raised it, and only the
/// region's own transaction writes a measure.
pub(crate) fn concern_later(work: &mut Work, region: OrganisationId, of: &Concern, by: PersonId) -> Answer<()> {
    if of.by_rule().is_none() {
        return Ok(());
    }
    let to = OfConcern { region: region.0, concern: of.id, by: by.0 };
    work.enqueue(Job::new(CONCERN, &serde_json::to_value(to)?).about("standing", of.home));
    Ok(())
}

/// The job: the region proposes it, unless a measure for that reason waits or is in force.
pub(crate) async fn of_concern(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: OfConcern = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.region), app.calendar.now()).await?;
    let done = propose_of(&mut work, to).await;
    ended(work, done).await
}

async fn propose_of(work: &mut Work, to: OfConcern) -> Answer<()> {
    let of = work.concern(to.concern).await?;
    let Some(why) = of.by_rule() else { return Ok(()) };
    if !work.measures_of_concern(of.id).await?.is_empty() {
        return Ok(());
    }
    let home = work.home(of.home).await?;
    let source = Source::of_concern(PersonId(to.by), of.id, of.raised.date());
    if let Some(measure) = by_rule(work, &home, why, source).await? {
        work.tie_measure(of.id, measure.id).await?;
    }
    Ok(())
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
