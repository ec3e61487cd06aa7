//! What each authority counts of itself for the region every day of the calendar, from its own record and in its own
//! transaction: what its routes take, how its year stands, what rises in price cost it, where an appraisal of it starts, what it bought in years that are
//! over. Nobody reads another's record.

use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_store::power::arrangement::KeptArrangement;

use crate::answer::Answer;
use crate::command::{App, ended};
use crate::daily::DaysCount;
use crate::homes::standing::count_proposed;
use crate::placing::agreement::count_uplifts;
use crate::power::annual_value::count_value;
use crate::reporting::appraisal::own_start;
use crate::reporting::comparison::count_burdens;
use crate::reporting::publication::tell_years;

impl App {
    /// Every authority counts what it tells the region. One that fails keeps none of the others from it.
    pub async fn count_for_region(&self) -> Answer<()> {
        self.count_of_each(true).await
    }

    /// The same, by those that have not counted today; done each day.
    pub async fn count_for_region_today(&self) -> Answer<()> {
        self.count_of_each(false).await
    }

    async fn count_of_each(&self, again: bool) -> Answer<()> {
        let today = self.calendar.now().today();
        let visit = self.visit().await?;
        let kept = visit.current_arrangement().await?;
        let mut counts = Vec::new();
        for one in visit.organisations().await?.iter().filter(|one| one.kind == OrganisationKind::Authority) {
            let count = DaysCount::of("region", one.id, today);
            if again || !count.is_made(&visit).await? {
                counts.push((one.id, count));
            }
        }
        drop(visit);
        let mut all = Ok(());
        for (org, count) in counts {
            let counted = self.count_of(org, kept.as_ref(), (&count, again)).await;
            all = all.and(counted);
        }
        all
    }

    async fn count_of(
        &self,
        org: OrganisationId,
        kept: Option<&KeptArrangement>,
        (count, again): (&DaysCount, bool),
    ) -> Answer<()> {
        let work = self.store.begin(org, self.calendar.now()).await?;
        let done: Answer<()> = async {
            if !count.make(&work).await? && !again {
                return Ok(());
            }
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
