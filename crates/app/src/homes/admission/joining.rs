//! A home that comes to a lot comes under what the region has in force about its provider, or about itself, on that lot. That
//! was written home by home when it was confirmed, of the homes that there were.

use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::standing::Standing;
use placewell_domain::homes::standing::measure::{Measure, worst};
use placewell_domain::id::HomeId;
use placewell_domain::nights::OPEN_END;
use placewell_store::Work;
use placewell_store::homes::standing::LotFact;

use crate::answer::Answer;

/// Records from today on how each of these homes stands on the lot that it was admitted to, where that is worse than good and
/// nothing as bad is recorded of it there.
pub(crate) async fn come_under(work: &mut Work, admitted: &[Admission]) -> Answer<()> {
    let mut measures = work.open_measures().await?;
    measures.retain(|one| one.lot.is_some());
    if measures.is_empty() {
        return Ok(());
    }
    let today = work.moment().today();
    for one in admitted {
        let home = work.home(one.home).await?;
        let about = |of: &&Measure| of.lot.as_deref() == Some(one.lot.as_str()) && of.about(home.id, home.provider);
        let (standing, reason) = worst(measures.iter().filter(about));
        let held = work.lot_facts_of(home.id).await?;
        let as_bad = held.iter().any(|of| of.lot == one.lot && of.until > today && of.standing >= standing);
        if standing == Standing::Good || as_bad {
            continue;
        }
        let (home, lot, from, until) = (home.id, one.lot.clone(), today, OPEN_END);
        work.record_lot_standing(&LotFact { home, lot, standing, reason, from, until }).await?;
    }
    Ok(())
}

/// The same of homes that came to another provider, on each lot that they are on. What is in force about that provider as a
/// whole is read of every home that is its own, and is written of none.
pub(crate) async fn come_under_owner(work: &mut Work, moved: &[HomeId]) -> Answer<()> {
    let today = work.moment().today();
    let mut on = Vec::new();
    for home in moved {
        on.extend(work.admissions_of(*home).await?.into_iter().filter(|one| one.until > today));
    }
    come_under(work, &on).await
}
