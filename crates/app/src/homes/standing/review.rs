//! An authority's own side of a measure: what was done in it, and a review to record for every child placed there.

use placewell_domain::homes::standing::hours::Countdown;
use placewell_domain::homes::standing::measure::{Affected, Measure};
use placewell_domain::homes::standing::review::{PlacementReview, Reviewed};
use placewell_domain::id::MeasureId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_store::homes::standing::Followed;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::timed::Countdowns;
use crate::answer::Answer;
use crate::command::{App, Command, Receipt};

/// A proposed measure, which waits for a person of the regional team.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The measure.
    pub measure: Measure,
    /// What stands open in this authority because of it; none where it has not told yet.
    pub open: Option<Affected>,
    /// How the region's working time to confirm or drop it stands.
    pub left: Countdown,
}

/// What measures mean for one authority.
#[derive(Debug, Clone)]
pub struct OwnStanding {
    /// Measures that wait to be confirmed or dropped, whomever they touch: new referrals to these homes wait too. The one
    /// whose time ends first stands first.
    pub waiting: Vec<Waiting>,
    /// The measure that a mail led to, wherever it stands by now.
    pub asked: Option<Measure>,
    /// Measures in force, with what was done here; those that touched nothing here are left out.
    pub measures: Vec<(Measure, Followed)>,
    /// Reviews, those to be recorded first.
    pub reviews: Vec<PlacementReview>,
}

impl App {
    /// An authority's own measures and reviews; `asked` is the measure that a mail led to.
    pub async fn own_standing(&self, actor: &Actor, asked: Option<MeasureId>) -> Answer<OwnStanding> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let mut measures = Vec::new();
        let all = session.measures().await?;
        let waiting = self.waiting(&session, actor, &all).await?;
        let asked = all.iter().find(|one| Some(one.id) == asked).cloned();
        for measure in all {
            for done in session.followed(measure.id).await? {
                if done.done.authority == actor.organisation {
                    measures.push((measure.clone(), done));
                }
            }
        }
        let reviews = session.placement_reviews(actor.organisation).await?;
        Ok(OwnStanding { waiting, asked, measures, reviews })
    }

    /// The measures that wait, with what stands open in the actor's own authority.
    async fn waiting(&self, session: &Session, actor: &Actor, all: &[Measure]) -> Answer<Vec<Waiting>> {
        let (told, now) = (session.told_here(actor.organisation).await?, self.calendar.now());
        let (mut waiting, mut countdowns) = (Vec::new(), Countdowns::at(now));
        for measure in all {
            let Some(left) = countdowns.of(session, measure).await? else { continue };
            let open = told.iter().find(|(of, _)| *of == measure.id).map(|(_, open)| *open);
            waiting.push(Waiting { measure: measure.clone(), open, left });
        }
        waiting.sort_by_key(|one| (one.measure.confirm_by, one.measure.id));
        Ok(waiting)
    }

    /// One review of the authority.
    pub async fn own_review(&self, actor: &Actor, id: i64) -> Answer<PlacementReview> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        Ok(session.placement_review(actor.organisation, id).await?)
    }
}

/// Records a review of a placement.
#[derive(Debug, Clone, Serialize)]
pub struct RecordReview {
    /// The review.
    pub review: i64,
    /// The version that the page showed.
    pub version: i64,
    /// What was found.
    pub found: Reviewed,
}

impl Command for RecordReview {
    const ACTION: Action = Action::RunAgreement;
    const NAME: &'static str = "standing.record_review";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let review = work.placement_review(work.org(), self.review).await?;
        if review.version != self.version {
            return Err(crate::answer::Outcome::Conflict);
        }
        let change = review.record(self.found, actor.person, work.moment())??;
        let review = work.apply(change).await?;
        work.count_review(review.measure).await?;
        Ok(Receipt::at("/standing"))
    }
}
