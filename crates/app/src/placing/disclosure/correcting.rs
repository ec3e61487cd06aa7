//! Who a child is, put right: in the authority's own record, and in what the chosen home was told.

use placewell_domain::change::Event;
use placewell_domain::id::ChildId;
use placewell_domain::office::access::{Action, Role, may};
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::disclosure::{DisclosedIdentity, Reader, Stage};
use placewell_store::Work;
use serde::Serialize;

use super::stage_of;
use crate::answer::{Answer, Outcome};
use crate::command::{Command, Receipt};
use crate::office::message::Notice;
use crate::placing::child::sealing::readable;

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
        readable(work, actor, child.id, work.moment()).await?;
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
        let child = work.apply(change).await?;
        tell_chosen(work, child.id, &identity).await?;
        Ok(Receipt::at(format!("/referrals/{}", referral.reference)))
    }
}

/// The home that was told and may still read is told anew, where what it was told is no longer so.
async fn tell_chosen(work: &mut Work, child: ChildId, identity: &ChildIdentity) -> Answer<()> {
    let Some(now) = Reader::Home(Stage::Chosen).disclosed(identity) else { return Ok(()) };
    for id in work.disclosed_on(work.org(), child, Stage::Chosen).await? {
        let told: Option<DisclosedIdentity> = work.disclosed(work.org(), id, Stage::Chosen).await?;
        if stage_of(work, work.org(), id).await? != Some(Stage::Chosen) || told.as_ref() == Some(&now) {
            continue;
        }
        let invitation = work.invitation(work.org(), id).await?;
        work.disclose_again(&invitation, Stage::Chosen, &now).await?;
        work.record(
            Event::new("disclosure.corrected", "disclosure", id.0, 0)
                .with("stage", Stage::Chosen.code())
                .with("home", invitation.home),
        );
        let notice = Notice {
            to: invitation.provider.0,
            role: Role::ProviderManager,
            subject: format!("{}: what you were told of the child is put right", invitation.reference),
            lines: vec!["Read it again. Each reading is recorded and shown to the authority.".to_owned()],
            path: format!("/provider/referrals/{}", invitation.reference),
        };
        work.enqueue(notice.job()?);
    }
    Ok(())
}
