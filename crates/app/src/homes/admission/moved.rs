//! A home that changed hands: what goes on about it goes along to whoever has it now, and what was written of it, admitted and
//! asked for because of whoever had it ends.

use std::sync::Arc;

use placewell_domain::homes::admission::AdmissionEnd;
use placewell_domain::homes::home::alert::{Alert, AlertKind};
use placewell_domain::homes::standing::measure::{Measure, worst};
use placewell_domain::homes::standing::{Standing, StandingSubject, admitted_provider};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_domain::office::access::Role;
use placewell_store::Work;
use placewell_store::outbox::{Job, TakenJob};
use serde::{Deserialize, Serialize};

use super::joining::{come_under, on_lot};
use super::leaving::leave;
use crate::answer::Answer;
use crate::command::{App, ended};
use crate::homes::home::alert::{finding, raise, tell_later};
use crate::office::message::Notice;
use crate::power::arrangement::lot_named;

/// The job by which an authority moves its concern about a home to whoever has the home now.
pub const FOLLOW_CONCERN: &str = "home_concern.follow_home";

/// Whose concern, and which.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct ToMove {
    raised_by: i64,
    concern: i64,
}

/// Does what follows for homes that changed hands, each with the provider that had it. What goes on about a home goes along to
/// its provider now, before anything takes the organisation's lock. On each lot that a home is on it comes
/// under what is in force about its provider now, and under what is about the other no more; it comes off its lots where its
/// provider is not in the arrangement. What is in force about a provider as a whole is read of every home that is its own, and
/// is written of none.
pub(crate) async fn changed_hands(work: &mut Work, moved: &[(HomeId, OrganisationId)]) -> Answer<()> {
    let today = work.moment().today();
    let (mut on, mut told) = (Vec::new(), Vec::new());
    for (home, _) in moved {
        goes_along(work, *home).await?;
    }
    for (home, was) in moved {
        left_behind(work, *home, *was).await?;
        told.extend(off_its_lots(work, *home, *was).await?);
        on.extend(work.admissions_of(*home).await?.into_iter().filter(|one| one.until > today));
    }
    tell_later(work, &told, "Homes that changed hands").await?;
    come_under(work, &on).await
}

/// Measures about a home, open concerns and returns that wait for it are its provider's to read and to answer from now on, who
/// is told; what the other asked for in price is decided no more. A concern of an authority is moved in its own transaction.
async fn goes_along(work: &mut Work, id: HomeId) -> Answer<()> {
    let home = work.home(id).await?;
    let (region, provider) = (work.org(), home.provider);
    let mut measures = work.open_measures().await?;
    measures.retain(|one| one.subject == StandingSubject::Home(id) && one.region == region && one.provider != provider);
    let mut returns = work.quality_returns_of(id).await?;
    returns.retain(|one| one.waits_for_home() && one.region == region && one.provider != provider);
    let mut concerns = work.concerns_of(id).await?;
    concerns.retain(|one| one.open() && one.provider != provider);
    let lines =
        [(measures.len(), "measures"), (concerns.len(), "concerns"), (returns.len(), "quality returns to send")];
    let lines: Vec<String> =
        lines.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    for measure in measures {
        work.apply(measure.follow_home(provider)?).await?;
    }
    for of in returns {
        work.apply(of.follow_home(provider)?).await?;
    }
    for of in concerns {
        if of.raised_by == region {
            work.apply(of.follow_home(provider)?).await?;
        } else {
            let to = ToMove { raised_by: of.raised_by.0, concern: of.id };
            work.enqueue(Job::new(FOLLOW_CONCERN, &serde_json::to_value(to)?).about("home_concern", of.id));
        }
    }
    if !lines.is_empty() {
        let (to, role) = (provider.0, Role::ProviderManager);
        let subject = format!("{}: what goes on about a home that is yours now", home.name);
        work.enqueue(Notice { to, role, subject, lines, path: "/provider/monitoring".to_owned() }.job()?);
    }
    rises_fall_away(work, id, provider).await
}

/// Nobody decides a rise for a provider that has the home no more; it is told.
async fn rises_fall_away(work: &mut Work, home: HomeId, provider: OrganisationId) -> Answer<()> {
    for uplift in work.uplifts_of_home(home).await? {
        if !uplift.waits() || uplift.provider == provider || uplift.region != work.org() {
            continue;
        }
        let moment = work.moment();
        let uplift = work.apply(uplift.fall_away(moment)?).await?;
        let (to, role) = (uplift.provider.0, Role::ProviderManager);
        let subject = format!("{}: falls away", uplift.reference);
        let lines = vec!["The home has another provider. What was decided before stands.".to_owned()];
        work.enqueue(Notice { to, role, subject, lines, path: format!("/provider/uplifts/{}", uplift.id) }.job()?);
    }
    Ok(())
}

/// The job: whoever raised the concern moves it, where it is open still.
pub(crate) async fn follow_concern(app: &Arc<App>, job: &TakenJob) -> Answer<()> {
    let to: ToMove = serde_json::from_str(&job.payload)?;
    let mut work = app.store.begin(OrganisationId(to.raised_by), app.calendar.now()).await?;
    let done: Answer<()> = async {
        let of = work.concern(to.concern).await?;
        let provider = work.home(of.home).await?.provider;
        if of.open() && of.provider != provider {
            work.apply(of.follow_home(provider)?).await?;
        }
        Ok(())
    }
    .await;
    ended(work, done).await
}

/// Nobody evaluated a provider that is not in the arrangement: a home that it takes over comes off its lots from today on, and
/// the region looks. Placements that are agreed go on.
async fn off_its_lots(work: &mut Work, home: HomeId, was: OrganisationId) -> Answer<Option<Alert>> {
    let today = work.moment().today();
    let home = work.home(home).await?;
    let provider = work.organisation_by_id(home.provider).await?.name;
    let grounds = work.admission_grounds(Some(home.provider)).await?;
    let facts = work.standing_of(home.id, home.provider).await?;
    if admitted_provider((&grounds, &facts), home.provider, &provider, today).is_ok() {
        return Ok(None);
    }
    let mut lots: Vec<String> =
        work.admissions_of(home.id).await?.into_iter().filter(|one| one.until > today).map(|one| one.lot).collect();
    lots.dedup();
    if lots.is_empty() {
        return Ok(None);
    }
    let mut named = Vec::with_capacity(lots.len());
    for lot in &lots {
        leave(work, (&home, lot), (today, AdmissionEnd::NewProvider)).await?;
        named.push(lot_named(work, lot).await?);
    }
    let before = work.organisation_by_id(was).await?.name;
    let after = format!("{provider}, not admitted: off lot {}", named.join(", "));
    let source = ("Whose the home is".to_owned(), today);
    let found = finding(&home, AlertKind::Owner, (Some(before), Some(after)), source);
    Ok(Some(raise(work, found).await?))
}

/// Ends what was written of a home on single lots by measures about a provider that has it no more: there the home stands as
/// the measures say that are about it now.
async fn left_behind(work: &mut Work, home: HomeId, was: OrganisationId) -> Answer<()> {
    let mut measures = work.open_measures().await?;
    measures.retain(|one| one.lot.is_some());
    let today = work.moment().today();
    let home = work.home(home).await?;
    let mut held = work.lot_facts_of(home.id).await?;
    held.retain(|fact| fact.until > today && fact.standing != Standing::Good);
    for fact in held {
        let there: Vec<&Measure> =
            measures.iter().filter(|one| one.lot.as_deref() == Some(fact.lot.as_str())).collect();
        let left = worst(there.iter().copied().filter(|one| one.subject == StandingSubject::Provider(was)));
        if left == (fact.standing, fact.reason) {
            let now = worst(there.iter().copied().filter(|one| one.about(home.id, home.provider)));
            on_lot(work, (&home, &fact.lot), (now, Some(left)), today).await?;
        }
    }
    Ok(())
}
