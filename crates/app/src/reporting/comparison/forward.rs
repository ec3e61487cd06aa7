//! Searches that were lost before the region counted them are brought forward from each authority's own record: once for a
//! database, and again without harm, because each stands under the number of the search that it comes from.

use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::placing::referral::{LostBy, LostSearches, ReferralState};
use placewell_store::Work;

use crate::answer::Answer;
use crate::clock::Machine;
use crate::command::{App, ended};
use crate::placing::referral::ending::lose;

/// The mark that says that it was done.
pub const BROUGHT_FORWARD: &str = "lost_searches_brought_forward";

impl App {
    /// Brings lost searches forward where that was never done; how many authorities it was done for.
    pub async fn bring_lost_searches_forward(&self) -> Answer<u32> {
        let visit = self.visit().await?;
        if visit.mark(BROUGHT_FORWARD).await?.is_some_and(|done| !done.is_empty()) {
            return Ok(0);
        }
        let all = visit.organisations().await?;
        drop(visit);
        let mut done = 0;
        for authority in all.iter().filter(|one| one.kind == OrganisationKind::Authority) {
            let work = self.store.begin(authority.id, self.calendar.now()).await?;
            let brought = bring_forward(&work).await;
            ended(work, brought).await?;
            done += 1;
        }
        if let Some(keeper) = all.first() {
            let work = self.store.begin(keeper.id, self.calendar.now()).await?;
            work.set_mark(BROUGHT_FORWARD, &self.calendar.now().today().to_string()).await?;
            work.commit(Machine::now()).await?;
        }
        Ok(done)
    }
}

/// One authority's, in its own transaction: searches that ended without a home, then those that a spot purchase ended.
async fn bring_forward(work: &Work) -> Answer<()> {
    for referral in work.referrals_not_placed(work.org()).await? {
        if let ReferralState::NotPlaced { reason, .. } = &referral.state {
            lose(work, &referral, *reason).await?;
        }
    }
    for (referral, reason) in work.referrals_bought_by_spot(work.org()).await? {
        work.lose_search(referral.id.0, &LostSearches::one(&referral, LostBy::Spot, reason.code())).await?;
    }
    Ok(())
}
