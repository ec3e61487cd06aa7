//! The homes as columns in memory, made anew when anything about them changed: the database's stamp is looked at, at
//! most once a second, and by the day.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::admission::ground::carried;
use placewell_domain::homes::price::Rectangle;
use placewell_domain::homes::standing::StandingSubject;
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_insight::placing::referral::{HomeFacts, Index, Records};
use placewell_store::Session;
use placewell_store::homes::home::HomesStamp;
use placewell_store::homes::price::{CORE, PriceFact};
use tokio::sync::Mutex;

use super::tied::tied_beds;
use crate::answer::Answer;
use crate::clock::Machine;

/// How long a stamp is believed, in milliseconds.
const BELIEVED: i64 = 1_000;

/// The index that is held.
#[derive(Default)]
pub struct HomesIndex {
    held: Mutex<Option<Held>>,
    /// Held by whoever looks whether anything changed; the others go on with what is held meanwhile.
    looking: Mutex<()>,
}

struct Held {
    day: Date,
    stamp: HomesStamp,
    looked_at: Timestamp,
    index: Arc<Index>,
}

impl HomesIndex {
    /// The homes as they are known on the day: behind what was written by a second at most, and by the time that it
    /// takes to read them all.
    pub async fn current(&self, session: &Session, day: Date) -> Answer<Arc<Index>> {
        let looks = match self.held(day).await {
            Some((index, true)) => return Ok(index),
            Some((index, false)) => match self.looking.try_lock() {
                Ok(looks) => looks,
                Err(_somebody_looks) => return Ok(index),
            },
            None => self.looking.lock().await,
        };
        // Somebody may have looked while this one waited.
        if let Some((index, true)) = self.held(day).await {
            return Ok(index);
        }
        let (now, stamp) = (Machine::now(), session.homes_stamp().await?);
        let unchanged = {
            let mut held = self.held.lock().await;
            let same = held.as_mut().filter(|one| one.day == day && one.stamp == stamp);
            same.map(|one| {
                one.looked_at = now;
                Arc::clone(&one.index)
            })
        };
        let index = match unchanged {
            Some(index) => return Ok(index),
            None => Arc::new(build(session, day).await?),
        };
        *self.held.lock().await = Some(Held { day, stamp, looked_at: now, index: Arc::clone(&index) });
        drop(looks);
        Ok(index)
    }

    /// What is held for the day, and whether it is still believed.
    async fn held(&self, day: Date) -> Option<(Arc<Index>, bool)> {
        let held = self.held.lock().await;
        let one = held.as_ref().filter(|one| one.day == day)?;
        let believed = Machine::now().as_millisecond() - one.looked_at.as_millisecond() < BELIEVED;
        Some((Arc::clone(&one.index), believed))
    }

    /// Forgets what is held, after a change in this process, so that the next look sees it.
    pub async fn forget(&self) {
        *self.held.lock().await = None;
    }
}

fn grouped<K: Hash + Eq, V>(items: impl IntoIterator<Item = (K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, item) in items {
        groups.entry(key).or_default().push(item);
    }
    groups
}

/// Reads all homes as they are known on the day.
pub(crate) async fn build(session: &Session, day: Date) -> Answer<Index> {
    let names: HashMap<_, _> = session.organisations().await?.into_iter().map(|one| (one.id, one.name)).collect();
    let inspections = grouped(session.all_inspections().await?);
    let standing = grouped(session.standing_facts().await?.into_iter().map(|fact| (fact.subject, fact)));
    let (lots, holds) = (session.lot_facts().await?, session.proposed_measures().await?);
    let stopped = |one: &Admission| lots.iter().any(|fact| fact.stops(one.home, &one.lot, day));
    let all = session.all_admissions().await?.into_iter().filter(|one| !stopped(one));
    let mut admissions = grouped(all.map(|one| (one.home, one)));
    let grounds = grouped(session.admission_grounds(None).await?.into_iter().map(|one| (one.provider, one)));
    let beds = grouped(session.all_beds().await?.into_iter().map(|one| (one.home, one)));
    let uses = grouped(session.all_bed_uses(day).await?.into_iter().map(|one| (one.home, one)));
    let prices = grouped(session.prices_from(day).await?.into_iter().map(|one| (one.home, one)));
    let homes = session.homes().await?;
    let tied = grouped(tied_beds(session, day, None).await?);
    let facts = homes.into_iter().map(|home| {
        let id: HomeId = home.id;
        let mut about = standing.get(&StandingSubject::Home(id)).cloned().unwrap_or_default();
        about.extend(standing.get(&StandingSubject::Provider(home.provider)).into_iter().flatten().cloned());
        for hold in holds.iter().filter(|one| one.holds() && one.about(id, home.provider)) {
            match &hold.lot {
                Some(lot) => admissions.entry(id).or_default().retain(|one| one.lot != *lot),
                None => about.push(hold.hold()),
            }
        }
        let carries = grounds.get(&home.provider).map_or(&[][..], Vec::as_slice);
        let on = carried(carries, home.provider, admissions.remove(&id).unwrap_or_default());
        let records = Records {
            inspections: inspections.get(&id).map_or(&[], Vec::as_slice),
            standing: &about,
            admissions: &on,
            beds: beds.get(&id).map_or(&[], Vec::as_slice),
            uses: uses.get(&id).map_or(&[], Vec::as_slice),
        };
        let provider = names.get(&home.provider).cloned().unwrap_or_default();
        let own_prices = prices.get(&id).map_or(&[][..], Vec::as_slice);
        HomeFacts::on(day, home, provider, &records, |lot| core_price(own_prices, lot, day)).with_blocks(
            tied.get(&id).map_or(&[], Vec::as_slice),
            records.beds,
            records.uses,
        )
    });
    Ok(Index::new(day, facts.collect()))
}

/// The tendered core price for a lot as believed now: of the day, else the first that will hold.
pub(crate) fn core_price(prices: &[PriceFact], lot: &str, day: Date) -> Option<Pence> {
    let believed = |price: &Rectangle<Pence>| price.known_to == i64::MAX && price.to > day;
    prices
        .iter()
        .filter(|one| one.lot == lot && one.line == CORE && believed(&one.price))
        .min_by_key(|one| one.price.from)
        .map(|one| one.price.value)
}
