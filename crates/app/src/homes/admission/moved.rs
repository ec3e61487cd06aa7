//! A home that changed hands: what was written of it, and what it is admitted to, because of whoever had it, ends.

use placewell_domain::homes::admission::AdmissionEnd;
use placewell_domain::homes::home::alert::{Alert, AlertKind};
use placewell_domain::homes::standing::measure::{Measure, worst};
use placewell_domain::homes::standing::{Standing, StandingSubject, admitted_provider};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_store::Work;

use super::joining::{come_under, on_lot};
use super::leaving::leave;
use crate::answer::Answer;
use crate::homes::home::alert::{finding, raise, tell_later};

/// Does what follows for homes that changed hands, each with the provider that had it. On each lot that a home is on it comes
/// under what is in force about its provider now, and under what is about the other no more; it comes off its lots where its
/// provider is not in the arrangement. What is in force about a provider as a whole is read of every home that is its own, and
/// is written of none.
pub(crate) async fn changed_hands(work: &mut Work, moved: &[(HomeId, OrganisationId)]) -> Answer<()> {
    let today = work.moment().today();
    let (mut on, mut told) = (Vec::new(), Vec::new());
    for (home, was) in moved {
        left_behind(work, *home, *was).await?;
        told.extend(off_its_lots(work, *home, *was).await?);
        on.extend(work.admissions_of(*home).await?.into_iter().filter(|one| one.until > today));
    }
    tell_later(work, &told, "Homes that changed hands").await?;
    come_under(work, &on).await
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
    for lot in &lots {
        leave(work, (&home, lot), (today, AdmissionEnd::NewProvider)).await?;
    }
    let before = work.organisation_by_id(was).await?.name;
    let after = format!("{provider}, not admitted: off lot {}", lots.join(", "));
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
