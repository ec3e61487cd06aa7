//! Offers whose validity ran out become expired; both sides hear of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use placewell_domain::id::{OfferId, OrganisationId};
use placewell_domain::office::access::Role;
use placewell_store::Work;
use placewell_store::placing::approval::gone_job;

use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;
use crate::office::message::Notice;
use crate::placing::invitation::officer_notice;

/// How many offers are looked at together.
const AT_ONCE: u32 = 500;

/// Expires what is due of an authority, offer by offer; gives the first failure once all others are done.
pub(crate) async fn expire_due(app: &Arc<App>, authority: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let mut seen: BTreeSet<OfferId> = BTreeSet::new();
    let mut result = Ok(());
    loop {
        let session = app.store.read(Some(authority)).await?;
        let due = session.offers_past_validity(authority, moment.local, AT_ONCE).await?;
        drop(session);
        let fresh: Vec<OfferId> = due.iter().map(|one| one.id).filter(|id| seen.insert(*id)).collect();
        if fresh.is_empty() {
            return result;
        }
        for offer in fresh {
            let mut work = app.store.begin(authority, moment).await?;
            let done = match expire(&mut work, offer).await {
                Ok(()) => work.commit(Machine::now()).await.map_err(Into::into),
                Err(outcome) => work.roll_back().await.map_err(Into::into).and(Err(outcome)),
            };
            result = result.and(done);
        }
    }
}

async fn expire(work: &mut Work, id: OfferId) -> Answer<()> {
    let offer = work.offer(work.org(), id).await?;
    if !offer.expired(work.moment()) {
        return Ok(());
    }
    let waited = offer.state.name() == "recommended";
    let change = offer.expire(work.moment())?;
    let offer = work.apply(change).await?;
    if waited {
        work.enqueue(gone_job(&offer)?);
    }
    let invitation = work.invitation(work.org(), offer.invitation).await?;
    let act = if waited { "A recommended offer is no longer valid" } else { "An offer is no longer valid" };
    work.enqueue(officer_notice(&invitation, act, "/offers").job()?);
    let notice = Notice {
        to: invitation.provider.0,
        role: Role::ProviderManager,
        subject: format!("{}: your offer is no longer valid", invitation.reference),
        lines: vec!["You can offer again while the referral is open.".to_owned()],
        path: format!("/provider/referrals/{}", invitation.reference),
    };
    work.enqueue(notice.job()?);
    Ok(())
}
