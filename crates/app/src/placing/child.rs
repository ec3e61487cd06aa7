//! Who a child is: opened only for somebody who asked to see it, and every reading is an event.

pub mod held;
pub mod retention;

use std::sync::Arc;

use placewell_domain::office::access::{Action, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::child::ChildIdentity;
use placewell_store::Work;
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::{App, Command, Receipt};

/// Corrects who a child is: name, other names, date of birth, school and what else is sealed.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectChild {
    /// A referral of the child.
    pub reference: String,
    /// The version of the child's record that the form was made from.
    pub version: i64,
    /// Who the child is.
    pub identity: ChildIdentity,
}

impl Command for CorrectChild {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "child.correct";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        if !may(actor.role, Action::SeeChild) {
            return Err(Outcome::Forbidden(Action::SeeChild));
        }
        let identity = self.identity.clone().checked(work.moment().today())?;
        let referral = work.referral_by_reference(work.org(), &self.reference).await?;
        let child = work.child(work.org(), referral.child).await?;
        if child.version != self.version {
            return Err(Outcome::Conflict);
        }
        if work.open_identity(&child).await? == identity {
            return Err(Refusal::new(
                "nothing_corrected",
                "A correction changes the record",
                "Nothing differs from what is recorded.",
                "you, by changing a field",
            )
            .into());
        }
        let sealed = work.child_key(work.org(), child.id).await?.seal(&identity)?;
        work.index_child(child.id, &identity.case_number).await?;
        let change = child.correct(sealed)?;
        work.apply(change).await?;
        Ok(Receipt::at(format!("/referrals/{}", referral.reference)))
    }
}

impl App {
    /// The identity of a referral's child, shown to the person who asks and recorded as read.
    pub async fn see_child(self: &Arc<Self>, actor: &Actor, reference: &str) -> Answer<ChildIdentity> {
        Ok(self.see_child_record(actor, reference).await?.1)
    }

    /// The same with the version of the child's record, for a correction.
    pub async fn see_child_record(self: &Arc<Self>, actor: &Actor, reference: &str) -> Answer<(i64, ChildIdentity)> {
        if !may(actor.role, Action::SeeChild) {
            return Err(Outcome::Forbidden(Action::SeeChild));
        }
        let mut work = self.store.begin(actor.organisation, self.calendar.now()).await?;
        work.by(actor.person);
        let referral = work.referral_by_reference(actor.organisation, reference).await?;
        let child = work.child(actor.organisation, referral.child).await?;
        let identity = work.read_identity(&child).await?;
        work.commit(Machine::now()).await?;
        Ok((child.version, identity))
    }
}
