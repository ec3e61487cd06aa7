//! How long is left to confirm or drop what is proposed, in the region's own working hours.

use placewell_domain::clock::Moment;
use placewell_domain::homes::standing::hours::Countdown;
use placewell_domain::homes::standing::measure::{Measure, MeasureState};
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

/// How the working time of a measure's region to confirm or drop it stands; none where it no longer waits.
pub(super) async fn countdown(session: &Session, of: &Measure, now: Moment) -> Answer<Option<Countdown>> {
    if of.state != MeasureState::Proposed {
        return Ok(None);
    }
    let days = call_in_rule(session, of.region, now.today()).await?.calendar;
    Ok(of.countdown(&days, now.local))
}

/// Each measure with how its time stands, in their order.
async fn timed(session: &Session, measures: Vec<Measure>, now: Moment) -> Answer<Vec<Timed>> {
    let mut all = Vec::with_capacity(measures.len());
    for measure in measures {
        let left = countdown(session, &measure, now).await?;
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
