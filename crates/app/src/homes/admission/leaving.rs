//! A home comes off a lot: what was tendered and placed before stays as it was, and each authority ends by a job of its own
//! what it asked of the home from that day on.

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::homes::admission::{AdmissionEnd, going_on, leaves_by_itself};
use placewell_domain::homes::home::Home;
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_store::Work;
use placewell_store::outbox::Job;
use serde::{Deserialize, Serialize};

use crate::answer::Answer;
use crate::command::{Command, Receipt};
use crate::homes::home::kept_home;
use crate::power::arrangement::lot_named;

/// The job that does in one authority what follows when a home comes off a lot.
pub const FOLLOW: &str = "admission.follow_leaving";

/// In which authority, which home came off which lot, and why.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Left {
    /// The authority.
    pub authority: i64,
    /// The home.
    pub home: i64,
    /// The lot's code.
    pub lot: String,
    /// The first day off it.
    pub until: Date,
    /// Why.
    pub why: AdmissionEnd,
}

/// Ends a home's admission to a lot from a day on, and leaves each authority a job to do what follows.
pub(super) async fn leave(
    work: &mut Work,
    (home, lot): (&Home, &str),
    (until, why): (Date, AdmissionEnd),
) -> Answer<()> {
    work.end_admission(home.id, lot, until, why).await?;
    for authority in work.organisations().await? {
        if authority.kind == OrganisationKind::Authority {
            let to = Left { authority: authority.id.0, home: home.id.0, lot: lot.to_owned(), until, why };
            work.enqueue(Job::new(FOLLOW, &serde_json::to_value(to)?).about("admission", home.id));
        }
    }
    Ok(())
}

/// Takes a home off a lot that its provider withdraws it from; one that is removed goes by a measure.
#[derive(Debug, Clone, Serialize)]
pub struct LeaveLot {
    /// The home's number.
    pub urn: String,
    /// The lot's code.
    pub lot: String,
    /// The first day on which it is no longer on the lot; its first day there takes the admission back.
    pub until: Date,
    /// Why.
    pub why: AdmissionEnd,
}

impl Command for LeaveLot {
    const ACTION: Action = Action::KeepHomes;
    const NAME: &'static str = "admission.leave_lot";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = kept_home(work, &self.urn).await?;
        // Before the organisation's lock, as whoever confirms a measure takes the two; a sending to the home waits, and then
        // sees it off the lot.
        work.lock_standing(&[home.id], true).await?;
        let held = work.admissions_of(home.id).await?;
        let named = lot_named(work, &self.lot).await?;
        let admission = going_on(&held, &home, (&self.lot, &named))?;
        leaves_by_itself(&home, &named, self.why)?;
        if self.until < admission.from {
            let words = format!("Enter {}, its first day on the lot, or a later day", long_date(admission.from));
            return Err(Invalid::one("until", words).into());
        }
        leave(work, (&home, &self.lot), (self.until, self.why)).await?;
        Ok(Receipt::at(format!("/region/homes/{}", home.urn)))
    }
}
