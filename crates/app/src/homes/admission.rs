//! The regional team admits a home to a lot of the arrangement, and takes it off again.

use jiff::civil::Date;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::standing::admitted_provider;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::power::arrangement::Arrangement;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::home::kept_home;
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};

pub mod applying;
pub mod carried;
pub mod doubt;
pub mod evaluating;
pub mod evidence;
pub mod inviting;
mod joining;
pub(crate) mod kept_out;
pub mod leaving;
pub(crate) mod moved;
pub mod opening;
pub mod outcome;
pub mod record;
pub mod registered;
pub mod registering;
pub mod seat;

pub(crate) use joining::{come_under, in_good_standing, on_lot};
pub use leaving::LeaveLot;
pub(crate) use moved::changed_hands;

/// The arrangement that the regional team keeps; refused as not found where it has recorded none.
pub(crate) async fn own_arrangement(session: &Session) -> Answer<Arrangement> {
    let kept = session.current_arrangement().await?.ok_or(Outcome::NotFound)?;
    if Some(kept.region) == session.organisation() { Ok(kept.arrangement) } else { Err(Outcome::NotFound) }
}

/// Admits a home to a lot.
#[derive(Debug, Clone, Serialize)]
pub struct AdmitHome {
    /// The home's number.
    pub urn: String,
    /// The lot's code.
    pub lot: String,
    /// The first day.
    pub from: Date,
}

impl Command for AdmitHome {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "admission.admit_home";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = kept_home(work, &self.urn).await?;
        let arrangement = own_arrangement(work).await?;
        let held = work.admissions_of(home.id).await?;
        let admission = Admission::admit(&home, &arrangement, &held, &self.lot, self.from)?;
        let provider = work.organisation_by_id(home.provider).await?.name;
        let grounds = work.admission_grounds(Some(home.provider)).await?;
        let facts = work.standing_of(home.id, home.provider).await?;
        admitted_provider((&grounds, &facts), home.provider, &provider, self.from)?;
        kept_out::home_may_come(work, &home, &self.lot).await?;
        work.record_admission(&admission).await?;
        come_under(work, &[admission]).await?;
        Ok(Receipt::at(format!("/region/homes/{}", home.urn)))
    }
}
