//! What each authority counts of itself for the region every day of the calendar, from its own record and in its own
//! transaction: what its routes take, how its year stands, where an appraisal of it starts. Nobody reads another's record.

use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::OrganisationKind;

use crate::answer::Answer;
use crate::command::{App, ended};
use crate::power::annual_value::count_value;
use crate::reporting::appraisal::own_start;
use crate::reporting::comparison::count_burdens;

impl App {
    /// Every authority counts what it tells the region. One that fails keeps none of the others from it.
    pub async fn count_for_region(&self) -> Answer<()> {
        let visit = self.visit().await?;
        let region = visit.current_arrangement().await?.map(|kept| kept.region);
        let authorities =
            visit.organisations().await?.into_iter().filter(|one| one.kind == OrganisationKind::Authority);
        let authorities: Vec<OrganisationId> = authorities.map(|one| one.id).collect();
        drop(visit);
        let mut all = Ok(());
        for org in authorities {
            let counted = self.count_of(org, region).await;
            all = all.and(counted);
        }
        all
    }

    async fn count_of(&self, org: OrganisationId, region: Option<OrganisationId>) -> Answer<()> {
        let work = self.store.begin(org, self.calendar.now()).await?;
        let done: Answer<()> = async {
            count_burdens(&work).await?;
            count_value(&work).await?;
            if let Some(region) = region {
                let start = own_start(&work, org, work.moment().today()).await?;
                work.tell_appraisal_start(region, &start).await?;
            }
            Ok(())
        }
        .await;
        ended(work, done).await
    }
}
