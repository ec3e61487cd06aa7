//! What each authority counts of itself for the region every day of the calendar, from its own record and in its own
//! transaction: what its routes take, how its year stands, what rises in price cost it, where an appraisal of it starts, what it bought in years that are
//! over. Nobody reads another's record.

use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_store::power::arrangement::KeptArrangement;

use crate::answer::Answer;
use crate::command::{App, ended};
use crate::homes::standing::count_proposed;
use crate::placing::agreement::count_uplifts;
use crate::power::annual_value::count_value;
use crate::reporting::appraisal::own_start;
use crate::reporting::comparison::count_burdens;
use crate::reporting::publication::tell_years;

impl App {
    /// Every authority counts what it tells the region. One that fails keeps none of the others from it.
    pub async fn count_for_region(&self) -> Answer<()> {
        let visit = self.visit().await?;
        let kept = visit.current_arrangement().await?;
        let authorities =
            visit.organisations().await?.into_iter().filter(|one| one.kind == OrganisationKind::Authority);
        let authorities: Vec<OrganisationId> = authorities.map(|one| one.id).collect();
        drop(visit);
        let mut all = Ok(());
        for org in authorities {
            let counted = self.count_of(org, kept.as_ref()).await;
            all = all.and(counted);
        }
        all
    }

    async fn count_of(&self, org: OrganisationId, kept: Option<&KeptArrangement>) -> Answer<()> {
        let work = self.store.begin(org, self.calendar.now()).await?;
        let done: Answer<()> = async {
            count_burdens(&work).await?;
            count_value(&work).await?;
            count_uplifts(&work).await?;
            count_proposed(&work).await?;
            if let Some(kept) = kept {
                let start = own_start(&work, org, work.moment().today()).await?;
                work.tell_appraisal_start(kept.region, &start).await?;
                tell_years(&work, kept).await?;
            }
            Ok(())
        }
        .await;
        ended(work, done).await
    }
}
