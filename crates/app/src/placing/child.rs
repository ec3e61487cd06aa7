//! Who a child is: opened only for somebody who asked to see it, and every reading is an event.

pub mod held;
pub mod retention;
pub mod sealing;
pub(crate) mod siblings;

use std::sync::Arc;

use placewell_domain::office::access::{Action, may};
use placewell_domain::office::person::Actor;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::disclosure::Reader;

use crate::answer::{Answer, Outcome};
use crate::clock::Machine;
use crate::command::App;

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
        sealing::readable(&work, actor, child.id, work.moment()).await?;
        child.kept()?;
        let identity = Reader::of(actor, child.authority).identity(work.read_identity(&child).await?);
        work.commit(Machine::now()).await?;
        Ok((child.version, identity.ok_or(Outcome::Forbidden(Action::SeeChild))?))
    }
}
