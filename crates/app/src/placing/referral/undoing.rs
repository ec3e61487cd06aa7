//! Undoing a sending within ten minutes: the referral is a draft again, and no mail that has not gone goes.

use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::invitation::{InvitationState, grouped_by_provider};
use placewell_domain::placing::offer::NotChosenReason;
use placewell_store::Work;
use serde::Serialize;

use super::ending::{not_choose, not_recommended};
use super::sending::{provider_notice, released_as};
use super::{current, page_of};
use crate::answer::Answer;
use crate::command::{Command, Receipt};

/// Takes a sending back. What no home has opened is withdrawn silently; a home that opened it, or has its mail, is told.
#[derive(Debug, Clone, Serialize)]
pub struct UndoSending {
    /// The referral.
    pub reference: String,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for UndoSending {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.undo_sending";

    async fn run(&self, _actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let referral = current(work, &self.reference, self.version).await?;
        not_recommended(work, &referral).await?;
        let change = referral.undo_sending(work.moment())?;
        let referral = work.apply(change).await?;
        let mut told = Vec::new();
        for invitation in work.invitations_of(work.org(), referral.id).await? {
            if !invitation.state.open() {
                continue;
            }
            let opened = invitation.state != InvitationState::Asked;
            let mailed = work.mail_written(work.org(), &format!("{}/", released_as(invitation.id))).await?;
            let change = invitation.withdraw(work.moment())?;
            let invitation = work.apply(change).await?;
            if opened || mailed {
                told.push(invitation);
            }
        }
        // After the invitations: an offer that came meanwhile waited for its invitation, and is read now.
        for offer in work.open_offers_now(work.org(), referral.id).await? {
            not_choose(work, None, offer, NotChosenReason::ReferralWithdrawn).await?;
        }
        for (provider, _) in grouped_by_provider(&told) {
            let notice = provider_notice(
                provider,
                format!("{}: withdrawn", referral.reference),
                vec!["This referral was withdrawn. You need not answer it.".to_owned()],
                format!("/provider/referrals/{}", referral.reference),
            );
            work.enqueue(notice.job()?);
        }
        Ok(page_of(&referral))
    }
}
