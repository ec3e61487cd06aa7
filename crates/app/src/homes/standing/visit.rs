//! The regional team records a visit of Ofsted's by hand, between two of its files.

use placewell_domain::calendar::long_date;
use placewell_domain::homes::home::{Grade, Inspection};
use placewell_domain::homes::standing::measure::Source;
use placewell_domain::homes::standing::{Standing, StandingReason};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::Work;
use serde::Serialize;

use super::rules::by_rule;
use crate::answer::Answer;
use crate::command::{Command, Receipt};
use crate::homes::home::kept_home;

/// Records a visit; nothing that is held is overwritten.
#[derive(Debug, Clone, Serialize)]
pub struct RecordInspection {
    /// The home's number.
    pub urn: String,
    /// What was found.
    pub seen: Inspection,
}

impl Command for RecordInspection {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "home.record_inspection";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = kept_home(work, &self.urn).await?;
        let seen = self.seen.clone().checked(work.moment().today())?;
        let held = work.inspections(home.id).await?;
        if held.iter().any(|one| (one.kind, one.inspected_on) == (seen.kind, seen.inspected_on)) {
            return Err(Refusal::new(
                "inspection_held",
                "A visit of Ofsted's is recorded once",
                format!("A visit of this kind to {} on that day is recorded already.", home.name),
                "Nobody: what was found is Ofsted's, and is not overwritten",
            )
            .found(format!("{}, {}", seen.kind.label(), long_date(seen.inspected_on)))
            .into());
        }
        work.add_inspection(&home, &seen).await?;
        work.record(seen.recorded(&home));
        let why = match (seen.grade, seen.serious_concerns) {
            (Some(Grade::Inadequate), _) => Some((Standing::Suspended, StandingReason::Inadequate)),
            (_, true) => Some((Standing::OnWatch, StandingReason::SeriousConcerns)),
            _ => None,
        };
        if let Some(why) = why {
            let dated = seen.published_on.unwrap_or(seen.inspected_on);
            by_rule(work, &home, why, Source::entered(actor.person, (seen.link.clone(), None), dated)).await?;
        }
        Ok(Receipt::at(format!("/region/homes/{}", home.urn)))
    }
}
