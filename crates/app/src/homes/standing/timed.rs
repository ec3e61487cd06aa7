//! How long is left to confirm or drop what is proposed, in the region's own working hours.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use placewell_domain::calendar::WorkingDays;
use placewell_domain::clock::Moment;
use placewell_domain::homes::standing::hours::Countdown;
use placewell_domain::homes::standing::measure::{Measure, MeasureState};
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_store::Session;

use crate::answer::Answer;
use crate::command::App;
use crate::power::decision::call_in_rule;

/// A measure with how the time to confirm it stands.
#[derive(Debug, Clone)]
pub struct Timed {
    /// The measure.
    pub measure: Measure,
    /// How the region's working time to confirm or drop it stands; none where it no longer waits.
    pub left: Option<Countdown>,
}

/// How the time of many measures stands at a moment; the working days of each region are read once.
pub(super) struct Countdowns {
    now: Moment,
    days: BTreeMap<OrganisationId, WorkingDays>,
}

impl Countdowns {
    /// At this moment.
    pub(super) const fn at(now: Moment) -> Self {
        Self { now, days: BTreeMap::new() }
    }

    /// How the working time of a measure's region to confirm or drop it stands; none where it no longer waits.
    pub(super) async fn of(&mut self, session: &Session, measure: &Measure) -> Answer<Option<Countdown>> {
        if measure.state != MeasureState::Proposed {
            return Ok(None);
        }
        let days = match self.days.entry(measure.region) {
            Entry::Occupied(held) => held.into_mut(),
            Entry::Vacant(place) => {
                place.insert(call_in_rule(session, measure.region, self.now.today()).await?.calendar)
            }
        };
        Ok(measure.countdown(days, self.now.local))
    }
}

/// The same of one measure.
pub(super) async fn countdown(session: &Session, of: &Measure, now: Moment) -> Answer<Option<Countdown>> {
    Countdowns::at(now).of(session, of).await
}

/// Each measure with how its time stands, in their order.
async fn timed(session: &Session, measures: Vec<Measure>, now: Moment) -> Answer<Vec<Timed>> {
    let (mut all, mut countdowns) = (Vec::with_capacity(measures.len()), Countdowns::at(now));
    for measure in measures {
        let left = countdowns.of(session, &measure).await?;
        all.push(Timed { measure, left });
    }
    Ok(all)
}

impl App {
    /// Every measure of the region: those that wait, the one whose time ends first at the top; then the latest of the rest.
    pub async fn timed_measures(&self, actor: &Actor) -> Answer<Vec<Timed>> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let mut all = timed(&session, session.measures().await?, self.calendar.now()).await?;
        // Stable: what no longer waits stays as it was read, the latest first.
        all.sort_by_key(|one| {
            let waits = one.left.map(|_| (one.measure.confirm_by, one.measure.id));
            (waits.is_none(), waits)
        });
        Ok(all)
    }

    /// The measures about a provider and its homes, for its own people, the latest first.
    pub async fn own_timed_measures(&self, actor: &Actor) -> Answer<Vec<Timed>> {
        let measures = self.own_measures(actor).await?;
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        timed(&session, measures, self.calendar.now()).await
    }
}
