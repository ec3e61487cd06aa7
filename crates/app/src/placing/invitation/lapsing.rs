//! Invitations whose deadline passed without an answer become "no reply", and their officers hear of it once.

use std::collections::BTreeSet;
use std::sync::Arc;

use placewell_domain::id::{OrganisationId, ReferralId};
use placewell_domain::office::access::Role;
use placewell_store::Work;

use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::App;
use crate::office::message::Notice;
use crate::timer::lapsed_before;

/// How many invitations are looked at together.
const AT_ONCE: u32 = 500;

/// Lapses what is due of an authority, referral by referral; gives the first failure once all others are done.
pub(crate) async fn lapse_due(app: &Arc<App>, authority: OrganisationId) -> Answer<()> {
    let moment = app.calendar.now();
    let mut seen: BTreeSet<ReferralId> = BTreeSet::new();
    let mut result = Ok(());
    loop {
        let session = app.store.read(Some(authority)).await?;
        let due = session.lapsed_invitations(authority, lapsed_before(moment.local), AT_ONCE).await?;
        drop(session);
        let fresh: BTreeSet<ReferralId> =
            due.iter().map(|one| one.referral).filter(|referral| !seen.contains(referral)).collect();
        if fresh.is_empty() {
            return result;
        }
        for referral in fresh {
            seen.insert(referral);
            let mut work = app.store.begin(authority, moment).await?;
            let done = match lapse(&mut work, referral).await {
                Ok(()) => work.commit(Machine::now()).await.map_err(Into::into),
                Err(outcome) => work.roll_back().await.map_err(Into::into).and(Err(outcome)),
            };
            result = result.and(done);
        }
    }
}

async fn lapse(work: &mut Work, referral: ReferralId) -> Answer<()> {
    let moment = work.moment();
    let mut silent = 0;
    for one in work.invitations_of(work.org(), referral).await? {
        let waits = matches!(one.state.name(), "asked" | "opened");
        if waits && moment.local > one.lapses() {
            let change = one.lapse(moment)?;
            work.apply(change).await?;
            silent += 1;
        }
    }
    let line = work.referral_line(work.org(), referral).await?;
    if silent == 0 || line.state != "out" {
        return Ok(());
    }
    let count = |n: i64, one: &str, many: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {many}") };
    let notice = Notice {
        to: work.org().0,
        role: Role::PlacementOfficer,
        subject: format!("{}: the deadline has passed", line.reference),
        lines: vec![format!(
            "{} in. {} not reply.",
            count(line.offers, "offer is", "offers are"),
            count(silent, "home did", "homes did")
        )],
        path: format!("/referrals/{}/offers", line.reference),
    };
    work.enqueue(notice.job()?);
    Ok(())
}
