//! How a subject stands under the measures about it: the worst that is in force is what is written, and each is ended on
//! its own evidence, whatever else stands beside it.

use placewell_domain::homes::home::Home;
use placewell_domain::homes::home::link::checked_link;
use placewell_domain::homes::standing::measure::{DropReason, Measure, MeasureState, Reinstatement, worst, written};
use placewell_domain::homes::standing::{StandingFact, StandingSource, StandingSubject};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::outbox::Job;
use placewell_store::{Session, Work};
use serde::Serialize;
use serde_json::json;

use super::measure::{current, held_homes_of, own_page, page};
use crate::answer::Answer;
use crate::command::{Command, Receipt};
use crate::homes::admission::on_lot;
use crate::office::access::cover::decided::by_own_role;
use crate::office::message::Notice;

/// The job that looks again at what was agreed and kept back, because a home had lost its standing.
pub const STANDS_AGAIN: &str = "standing.stands_again";

/// Records how the measure's subject stands from today on: the home or provider, or each of its homes on the one lot. What
/// is held and worse stays, unless it is what this measure has ended.
pub(super) async fn stands(work: &mut Work, measure: &Measure, homes: &[Home]) -> Answer<()> {
    let all = work.open_measures().await?;
    let today = work.moment().today();
    let ended = matches!(measure.state, MeasureState::Reinstated { .. });
    let ended = ended.then_some((measure.standing, measure.reason));
    if let Some(lot) = &measure.lot {
        for home in homes {
            let about = |one: &&Measure| one.lot == measure.lot && one.about(home.id, home.provider);
            let now = worst(all.iter().filter(about));
            on_lot(work, (home, lot), (now, ended), today).await?;
        }
        return Ok(());
    }
    let now = worst(all.iter().filter(|one| one.lot.is_none() && one.subject == measure.subject));
    let mut held = work.standing_facts().await?;
    held.retain(|fact| fact.subject == measure.subject && fact.source == StandingSource::Region);
    for (from, until) in written(&held, now, ended, today) {
        let (standing, reason) = now;
        let (subject, source) = (measure.subject, StandingSource::Region);
        work.record_standing(&StandingFact { subject, source, standing, from, until, reason }).await?;
    }
    Ok(())
}

/// The provider that a measure is about, or that has its home now: it may have changed hands since.
async fn provider_now(session: &Session, measure: &Measure) -> Answer<OrganisationId> {
    Ok(match measure.subject {
        StandingSubject::Provider(id) => id,
        StandingSubject::Home(home) => session.home(home).await?.provider,
    })
}

/// Other measures that stop the same homes on the same lot, in force or proposed.
pub(super) async fn beside(session: &Session, measure: &Measure) -> Answer<Vec<Measure>> {
    let mut all = session.open_measures().await?;
    let provider = provider_now(session, measure).await?;
    all.retain(|one| {
        let covers = match measure.subject {
            StandingSubject::Home(home) => one.about(home, provider),
            StandingSubject::Provider(_) => one.subject == measure.subject,
        };
        one.id != measure.id && covers && one.stops() && (one.lot.is_none() || one.lot == measure.lot)
    });
    Ok(all)
}

/// Tells the provider how it or its home stands now.
pub(super) async fn tell_provider(work: &mut Work, measure: &Measure, how: &str) -> Answer<()> {
    let notice = Notice {
        to: provider_now(work, measure).await?.0,
        role: Role::ProviderManager,
        subject: format!("{}: {}", measure.name, how.to_lowercase()),
        lines: vec![
            format!("Why: {}.", measure.reason.label()),
            "Children placed there stay. The page says what can end it.".to_owned(),
        ],
        path: "/provider/standing".to_owned(),
    };
    work.enqueue(notice.job()?);
    Ok(())
}

/// Tells the officers of each authority with a child there, who were told that it is proposed and that referrals wait, that
/// it was dropped, and what still stops new placements.
pub(super) async fn tell_dropped(work: &mut Work, measure: &Measure, why: DropReason) -> Answer<()> {
    let still: Vec<&str> = beside(work, measure).await?.iter().map(|one| one.reason.label()).collect();
    let mut lines = vec![format!("{}. Your children there stay.", why.label())];
    if !still.is_empty() {
        lines.push(format!("New placements still wait: {}.", still.join("; ")));
    } else if measure.stops() {
        lines.push("It holds no new referral back any more.".to_owned());
    }
    for told in work.told_open(measure.id).await?.into_iter().filter(|one| one.placements > 0) {
        let notice = Notice {
            to: told.authority.0,
            role: Role::PlacementOfficer,
            subject: format!("{}: {} is no longer proposed", measure.name, measure.standing.label().to_lowercase()),
            lines: lines.clone(),
            path: own_page(measure.id),
        };
        work.enqueue(notice.job()?);
    }
    Ok(())
}

/// Ends a measure on evidence. The subject then stands as the worst of the measures that remain.
#[derive(Debug, Clone, Serialize)]
pub struct Reinstate {
    /// The measure.
    pub measure: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What shows it.
    pub evidence: Reinstatement,
    /// Where that can be read.
    pub link: Option<String>,
}

impl Command for Reinstate {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "standing.reinstate";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let measure = current(work, self.measure, self.version).await?;
        by_own_role(work, actor).await?;
        let ask = "Enter where the evidence can be read, beginning with https://";
        checked_link(self.link.as_deref().ok_or_else(|| Invalid::one("link", ask))?)?;
        let homes = held_homes_of(work, &measure).await?;
        let today = work.moment().today();
        let change = measure.reinstate(actor.person, (self.evidence, self.link.clone()), today, work.moment())?;
        let measure = work.apply(change).await?;
        stands(work, &measure, &homes).await?;
        tell_ended(work, &measure, self.evidence).await?;
        if measure.stops() {
            work.enqueue(Job::new(STANDS_AGAIN, &json!({})).about("standing", measure.id));
        }
        Ok(Receipt::at(page(measure.id)))
    }
}

/// Tells everybody whom the measure touched that it has ended, and what still stops new placements.
async fn tell_ended(work: &mut Work, measure: &Measure, evidence: Reinstatement) -> Answer<()> {
    let still: Vec<&str> = beside(work, measure).await?.iter().map(|one| one.reason.label()).collect();
    let (how, then) = if still.is_empty() {
        ("reinstated", "New placements can be made again.".to_owned())
    } else {
        ("a measure has ended, another stands", format!("New placements still wait: {}.", still.join("; ")))
    };
    for told in work.followed(measure.id).await? {
        let notice = Notice {
            to: told.done.authority.0,
            role: Role::PlacementOfficer,
            subject: format!("{}: {how}", measure.name),
            lines: vec![format!("{}. {then}", evidence.label())],
            path: own_page(measure.id),
        };
        work.enqueue(notice.job()?);
    }
    tell_provider(work, measure, how).await
}
