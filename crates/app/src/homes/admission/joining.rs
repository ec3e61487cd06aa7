//! A home that comes to a lot comes under what the region has in force about its provider, or about itself, on that lot. That
//! was written home by home when it was confirmed, of the homes that there were.

use jiff::civil::Date;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::standing::measure::{Measure, Stands, worst, written};
use placewell_domain::homes::standing::{Standing, StandingFact, StandingSource, StandingSubject};
use placewell_domain::id::OrganisationId;
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

/// Records that a provider is in good standing from the day on which it is admitted, but for the days on which something worse
/// is held of it: that goes on, until its evidence ends it.
pub(crate) async fn in_good_standing(work: &mut Work, provider: OrganisationId, from: Date) -> Answer<()> {
    let admitted = StandingFact::admitted(provider, from);
    let mut held = work.standing_facts().await?;
    held.retain(|fact| fact.subject == admitted.subject && fact.source == admitted.source);
    for (from, until) in written(&held, (admitted.standing, admitted.reason), None, from) {
        work.record_standing(&StandingFact { from, until, ..admitted.clone() }).await?;
    }
    Ok(())
}

/// Records how a home stands on one lot from a day on. What is held and worse stays, unless it is what has ended.
pub(crate) async fn on_lot(
    work: &mut Work,
    (home, lot): (&Home, &str),
    (now, ended): (Stands, Option<Stands>),
    today: Date,
) -> Answer<()> {
    let facts = work.lot_facts_of(home.id).await?.into_iter().filter(|fact| fact.lot == lot);
    let as_fact = |fact: LotFact| StandingFact {
        subject: StandingSubject::Home(fact.home),
        source: StandingSource::Region,
        standing: fact.standing,
        from: fact.from,
        until: fact.until,
        reason: fact.reason,
    };
    let held: Vec<StandingFact> = facts.map(as_fact).collect();
    for (from, until) in written(&held, now, ended, today) {
        let (standing, reason) = now;
        let fact = LotFact { home: home.id, lot: lot.to_owned(), standing, reason, from, until };
        work.record_lot_standing(&fact).await?;
    }
    Ok(())
}
