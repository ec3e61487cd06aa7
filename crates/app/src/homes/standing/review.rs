//! An authority's own side of a measure: what was done in it, and a review to record for every child placed there.

use placewell_domain::homes::standing::measure::Measure;
use placewell_domain::homes::standing::review::{PlacementReview, Reviewed};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_store::Work;
use placewell_store::homes::standing::Followed;
use serde::Serialize;

use crate::answer::Answer;
use crate::command::{App, Command, Receipt};

/// What measures mean for one authority.
#[derive(Debug, Clone)]
pub struct OwnStanding {
    /// Measures in force, with what was done here; those that touched nothing here are left out.
    pub measures: Vec<(Measure, Followed)>,
    /// Reviews, those to be recorded first.
    pub reviews: Vec<PlacementReview>,
}

impl App {
    /// An authority's own measures and reviews.
    pub async fn own_standing(&self, actor: &Actor) -> Answer<OwnStanding> {
        let session = self.see(actor, Action::SeeReferrals).await?;
        let mut measures = Vec::new();
        for measure in session.measures().await? {
            for done in session.followed(measure.id).await? {
                if done.done.authority == actor.organisation {
                    measures.push((measure.clone(), done));
                }
            }
        }
        let reviews = session.placement_reviews(actor.organisation).await?;
        Ok(OwnStanding { measures, reviews })
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
