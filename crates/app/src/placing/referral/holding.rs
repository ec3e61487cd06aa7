//! A parallel search beside a placement under strain: a copy of the placement's own referral, held until it is released.

use placewell_domain::id::ReferralId;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Refusal;
use placewell_store::{Session, Work};
use serde::Serialize;

use super::copied;
use crate::answer::Answer;
use crate::command::{Command, Receipt};
use crate::homes::monitoring::kept_alert;
use crate::placing::child::sealing;

/// Writes a search beside an alert, which is not sent before it is released.
#[derive(Debug, Clone, Serialize)]
pub struct HoldSearch {
    /// The alert.
    pub alert: i64,
    /// The version that the page showed.
    pub version: i64,
}

impl Command for HoldSearch {
    const ACTION: Action = Action::MakeReferral;
    const NAME: &'static str = "referral.hold";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let alert = kept_alert(work, self.alert, self.version).await?;
        alert.may_search()?;
        let agreement = work.agreement_by_id(work.org(), alert.agreement).await?;
        let from = work.referral(work.org(), agreement.referral).await?;
        sealing::readable(work, actor, agreement.child, work.moment()).await?;
        let draft = copied(actor, work, &from).await?;
        let change = alert.hold_search(draft.id, draft.reference.clone())?;
        let alert = work.apply(change).await?;
        work.hold_referral(draft.id, alert.id).await?;
        Ok(Receipt::at(format!("/stability/{}", alert.id)))
    }
}

/// Refused where a draft is held beside an alert and nobody has said why it goes out.
pub(super) async fn not_held(session: &Session, referral: ReferralId) -> Answer<()> {
    let Some(org) = session.organisation() else { return Ok(()) };
    if session.holds_search(org, referral).await?.is_none() {
        return Ok(());
    }
    Err(Refusal::new(
        "search_held",
        "A search beside a stability alert is held until somebody says why it goes out",
        "This search is held beside a stability alert. It is not sent before it is released.",
        "The placement officer, by releasing it with its reason; once the alert is closed, by withdrawing this draft and \
         writing another",
    )
    .into())
}
