//! Nobody is admitted past a removal: it ends by its measure, on evidence. Whoever asks first waits for a removal that is
//! being confirmed, so that the two never pass each other.

use jiff::civil::Date;
use placewell_domain::calendar::long_date;
use placewell_domain::homes::admission::evaluation::{Evaluation, outcome};
use placewell_domain::homes::home::Home;
use placewell_domain::homes::standing::measure::{Measure, MeasureState};
use placewell_domain::homes::standing::removed::{keeps_out, of_home, of_provider};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingSource, StandingSubject};
use placewell_domain::id::OrganisationId;
use placewell_domain::outcome::Refusal;
use placewell_store::Work;

use crate::answer::Answer;
use crate::power::arrangement::lot_named;

/// The worse standing that is held ends by its measure, and by nothing else; `sentence` says what is refused.
pub(crate) fn lifted_by_evidence(held: &StandingFact, sentence: String) -> Refusal {
    Refusal::new(
        "lifted_by_evidence",
        "Good standing comes back on evidence that speaks to why it was lost",
        sentence,
        "Commissioning lead of the regional team, by ending the measure with its evidence; where none is recorded for it, \
         by proposing it first",
    )
    .found(format!("{} from {}", held.standing.label(), long_date(held.from)))
}

/// Refused where the removal of a provider waits, or is in force on a day or later and is not over.
pub(crate) async fn provider_may_come(work: &Work, (provider, name): (OrganisationId, &str), from: Date) -> Answer<()> {
    let homes: Vec<_> = work.homes_of(provider).await?.iter().map(|home| home.id).collect();
    work.lock_standing(&homes, true).await?;
    let open = work.open_measures().await?;
    if let Some(removal) = of_provider(&open, provider) {
        return Err(keeps_out(removal, None).into());
    }
    // One that is over keeps nobody out, from whatever earlier day the provider is admitted.
    let today = work.moment().today();
    let held = work.standing_facts().await?.into_iter().find(|fact| {
        fact.subject == StandingSubject::Provider(provider)
            && fact.source == StandingSource::Region
            && fact.standing == Standing::Removed
            && fact.until > from.max(today)
    });
    let Some(held) = held else { return Ok(()) };
    let sentence = format!("{name} is removed from the arrangement: {}.", held.reason.label());
    Err(lifted_by_evidence(&held, sentence).into())
}

/// Refused where the removal of a home, or of its provider, from a lot waits or is in force.
pub(crate) async fn home_may_come(work: &Work, home: &Home, lot: &str) -> Answer<()> {
    work.lock_standing(&[home.id], true).await?;
    let open = work.open_measures().await?;
    match of_home(&open, (home.id, home.provider), lot) {
        Some(removal) => Err(kept_out(work, removal).await?.into()),
        None => Ok(()),
    }
}

/// Why a home is not admitted past its removal, with what the lot is called where it is removed from one alone.
async fn kept_out(work: &Work, removal: &Measure) -> Answer<Refusal> {
    let lot = match &removal.lot {
        Some(code) => Some(lot_named(work, code).await?),
        None => None,
    };
    Ok(keeps_out(removal, lot.as_deref()))
}

/// Refused where an outcome would admit a provider whose removal waits or is in force, or a home of which somebody still
/// has to confirm or drop the removal. A home that is removed is left out, and the others go on.
pub(crate) async fn outcome_may_come(work: &Work, evaluation: &Evaluation) -> Answer<()> {
    let found = outcome(evaluation);
    if !found.passes() {
        return Ok(());
    }
    let provider = evaluation.provider;
    provider_may_come(work, (provider, &evaluation.provider_name), work.moment().today()).await?;
    let open = work.open_measures().await?;
    for lot in found.lots {
        for urn in &lot.admitted {
            let home = work.home_by_urn(urn).await?;
            let removal = of_home(&open, (home.id, provider), &lot.lot);
            if let Some(waits) = removal.filter(|one| one.state == MeasureState::Proposed) {
                return Err(kept_out(work, waits).await?.into());
            }
        }
    }
    Ok(())
}
