//! Ofsted's register brought in with what follows from it: every change raises an alert or folds into one, and a rule that
//! stops a home is proposed at once. The first file of a region raises none: nothing was held that could have changed.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use placewell_domain::homes::home::alert::{Alert, AlertKind};
use placewell_domain::homes::home::{Grade, Home, Inspection, InspectionKind};
use placewell_domain::homes::standing::measure::Source;
use placewell_domain::homes::standing::{Standing, StandingReason};
use placewell_domain::id::{HomeId, OrganisationId};
use placewell_exchange::homes::home::{ChangeKind, HomeChange, RegisterRead};
use placewell_store::Work;
use serde::{Deserialize, Serialize};

use super::rules::by_rule;
use crate::answer::Answer;
use crate::homes::admission::changed_hands;
use crate::homes::home::alert::{finding, raise, tell_later};
use crate::homes::home::import;

/// What followed a file, so that every change can be accounted for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounted {
    /// Alerts, raised or found again.
    pub alerts: usize,
    /// Reports and visits that the file brought and that changed no judgement.
    #[serde(default)]
    pub visits: usize,
    /// Measures that a rule proposed, or that the file confirmed.
    pub measures: usize,
}

/// Brings a file in and raises what changed, in the same transaction.
pub async fn bring_in(work: &mut Work, read: &mut RegisterRead, as_at: Date) -> Answer<Accounted> {
    Ok(take_in(work, read, as_at).await?.0)
}

/// The same, and the homes of which something was written. A home that moved to another provider comes under what is in force
/// about that one, and under what is about the other no more.
pub(crate) async fn take_in(
    work: &mut Work,
    read: &mut RegisterRead,
    as_at: Date,
) -> Answer<(Accounted, BTreeSet<String>)> {
    // Before the organisation's lock, as whoever confirms a measure or admits a home takes the two.
    let homes: Vec<HomeId> = own_homes(work).await?.values().map(|home| home.id).collect();
    work.lock_standing(&homes, true).await?;
    let first = work.register_lines(work.org()).await?.iter().all(|line| line.region != read.region);
    let before: HashMap<String, Home> = own_homes(work).await?;
    let seen_before = held_visits(work).await?;
    let touched = import::bring_in(work, read, as_at).await?;
    if read.refused.is_some() {
        return Ok((Accounted::default(), touched));
    }
    let after = own_homes(work).await?;
    let had = |(urn, home): (&String, &Home)| {
        let was = before.get(urn).filter(|was| was.provider != home.provider)?;
        Some((home.id, was.provider))
    };
    let mut moved: Vec<(HomeId, OrganisationId)> = after.iter().filter_map(had).collect();
    moved.sort_unstable();
    changed_hands(work, &moved).await?;
    if first {
        return Ok((Accounted::default(), touched));
    }
    let changes: Vec<HomeChange> = read.summary.changes.iter().flat_map(|changes| changes.each.clone()).collect();
    let mut told: Vec<Alert> = Vec::new();
    let mut measures = 0;
    for change in &changes {
        let Some(home) = after.get(&change.urn) else { continue };
        told.push(raise(work, of_change(home, change, as_at)).await?);
        if let Some(why) = stops(change) {
            measures += usize::from(by_rule(work, home, why, Source::found(as_at)).await?.is_some());
        }
    }
    for (urn, home) in &after {
        let Some(was) = before.get(urn).filter(|was| was.state.name() != home.state.name()) else { continue };
        let (was, now) = (was.state.name(), home.state.name());
        if (was, now) == ("registered", "suspended") || (was, now) == ("suspended", "registered") {
            let words = (Some(was.to_owned()), Some(now.to_owned()));
            told.push(raise(work, finding(home, AlertKind::Registration, words, source(as_at))).await?);
            if now == "suspended" {
                let why = (Standing::Suspended, StandingReason::RegistrationCancelled);
                measures += usize::from(by_rule(work, home, why, Source::found(as_at)).await?.is_some());
            }
        }
    }
    let alerts = told.len();
    let judged = changes.iter().filter(|change| change.kind == ChangeKind::Judgement).map(|change| change.urn.as_str());
    let (visits, by_visits) = visits(work, (&before, &seen_before), &judged.collect(), as_at).await?;
    told.extend(visits);
    measures += by_visits;
    tell_later(work, &told, "Ofsted's register").await?;
    Ok((Accounted { alerts, visits: told.len() - alerts, measures }, touched))
}

/// The visits to each home.
async fn held_visits(work: &Work) -> Answer<HashMap<HomeId, Vec<Inspection>>> {
    let mut held: HashMap<HomeId, Vec<Inspection>> = HashMap::new();
    for (home, seen) in work.all_inspections().await? {
        held.entry(home).or_default().push(seen);
    }
    Ok(held)
}

/// Raises what the visits that the file brought found at homes that were known, whatever later visit was held: a full report
/// that left the judgement as it was, a visit without one, serious concerns; and proposes what a rule says of those.
async fn visits(
    work: &mut Work,
    (known, before): (&HashMap<String, Home>, &HashMap<HomeId, Vec<Inspection>>),
    judged: &BTreeSet<&str>,
    as_at: Date,
) -> Answer<(Vec<Alert>, usize)> {
    let homes: HashMap<HomeId, &Home> = known.values().map(|home| (home.id, home)).collect();
    let (mut told, mut measures) = (Vec::new(), 0);
    for (id, seen) in work.all_inspections().await? {
        let Some(home) = homes.get(&id) else { continue };
        if before.get(&id).is_some_and(|held| held.contains(&seen)) {
            continue;
        }
        let kind = match seen.kind {
            _ if seen.serious_concerns && seen.grade != Some(Grade::Inadequate) => AlertKind::Concerns,
            InspectionKind::Full if judged.contains(home.urn.as_str()) => continue,
            InspectionKind::Full => AlertKind::Report,
            InspectionKind::Assurance | InspectionKind::Monitoring | InspectionKind::Interim => AlertKind::Visited,
        };
        let what = seen.grade.map_or(seen.kind.label(), Grade::label);
        let after = format!("{what}, {}", seen.inspected_on.strftime("%-d %B %Y"));
        told.push(raise(work, finding(home, kind, (None, Some(after)), source(as_at))).await?);
        if kind == AlertKind::Concerns {
            let why = (Standing::OnWatch, StandingReason::SeriousConcerns);
            measures += usize::from(by_rule(work, home, why, Source::found(as_at)).await?.is_some());
        }
    }
    Ok((told, measures))
}

async fn own_homes(work: &Work) -> Answer<HashMap<String, Home>> {
    let own = work.homes().await?.into_iter().filter(|home| home.region == work.org());
    Ok(own.map(|home| (home.urn.to_string(), home)).collect())
}

fn source(as_at: Date) -> (String, Date) {
    (format!("Ofsted's register of {}", as_at.strftime("%-d %B %Y")), as_at)
}

fn of_change(home: &Home, change: &HomeChange, as_at: Date) -> placewell_domain::homes::home::alert::Finding {
    let kind = match change.kind {
        ChangeKind::New => AlertKind::NewHome,
        ChangeKind::Closed => AlertKind::Cancelled,
        ChangeKind::Places => AlertKind::Places,
        ChangeKind::Judgement => AlertKind::Judgement,
        ChangeKind::Organisation => AlertKind::Owner,
    };
    finding(home, kind, (change.before.clone(), change.after.clone()), source(as_at))
}

/// The measure that a change gives cause for.
fn stops(change: &HomeChange) -> Option<(Standing, StandingReason)> {
    match change.kind {
        ChangeKind::Closed => Some((Standing::Removed, StandingReason::RegistrationCancelled)),
        ChangeKind::Judgement if change.after.as_deref() == Some("Inadequate") => {
            Some((Standing::Suspended, StandingReason::Inadequate))
        }
        ChangeKind::Judgement | ChangeKind::New | ChangeKind::Places | ChangeKind::Organisation => None,
    }
}
