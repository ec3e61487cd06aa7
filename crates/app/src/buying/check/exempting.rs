//! Recording an exemption from a grade of Inadequate: by the director of children's services in person, counted with the
//! checks at once.

use placewell_domain::buying::spot::exemption::{ExemptionReason, GradeExemption, check_words};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_domain::power::delegation::{StatutoryOffice, find_statutory};
use placewell_store::Work;
use serde::Serialize;

use super::table::keep_clearance;
use crate::answer::{Answer, Outcome};
use crate::buying::spot::{judged_inadequate, page_of};
use crate::command::{Command, Receipt};
use crate::office::message::Notice;

/// Records the exemption.
#[derive(Debug, Clone, Serialize)]
pub struct ExemptGrade {
    /// The spot purchase.
    pub spot: i64,
    /// The version that the page showed.
    pub version: i64,
    /// Why.
    pub reason: ExemptionReason,
    /// What keeps the child safe there; sealed.
    pub words: String,
}

impl Command for ExemptGrade {
    const ACTION: Action = Action::Decide;
    const NAME: &'static str = "spot.exempt_grade";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let moment = work.moment();
        let spot = work.spot(work.org(), self.spot).await?;
        if spot.version != self.version {
            return Err(Outcome::Conflict);
        }
        check_words(&self.words)?;
        let child = work.child(work.org(), spot.child).await?;
        let office = StatutoryOffice::DirectorOfChildrensServices;
        let appointments = work.statutory_appointments(child.responsible).await?;
        find_statutory(office, actor.person, child.responsible, &appointments, moment)?;
        let home = work.home(spot.home).await?;
        let judged_on = judged_inadequate(work, &home, moment.today()).await?;
        let words = work.child_key(work.org(), child.id).await?.seal(&self.words.trim().to_owned())?;
        let said = (self.reason, words);
        let of = (&spot, child.responsible);
        let change = GradeExemption::exempt(work.new_id(), of, judged_on, said, actor.person, moment)?;
        work.apply(change).await?;
        let referral = work.referral(work.org(), spot.referral).await?;
        keep_clearance(work, &referral, &home).await?;
        let notice = Notice {
            to: work.org().0,
            role: Role::PlacementOfficer,
            subject: format!("{}: the exemption is recorded", spot.reference),
            lines: vec![format!("The spot purchase at {} can go on.", home.name)],
            path: format!("/referrals/{}/spot", spot.reference),
        };
        work.enqueue(notice.job()?);
        Ok(page_of(&spot))
    }
}
