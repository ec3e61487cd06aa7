//! Homes: the list, one home's page, the public's list of providers, and what a provider says of its own homes.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::home::{Home, Inspection, Urn};
use placewell_domain::homes::standing::StandingFact;
use placewell_domain::id::OrganisationId;
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::occupancy::{NightCount, bed_nights, count_nights};
use placewell_domain::power::arrangement::Lot;
use placewell_insight::placing::referral::{HomeFacts, Index, Records};
use placewell_store::Session;

use crate::answer::{Answer, Outcome};
use crate::command::App;

pub mod alert;
pub mod import;
pub mod index;
pub mod keep;
pub mod voice;

pub use keep::{ConfirmBeds, StatePurpose, SupplyPostcode};
pub use placewell_store::homes::price::{CORE, PriceFact};

/// Below this a number is not published.
pub const SMALLEST_PUBLISHED: usize = 5;

/// One home with everything its page shows.
#[derive(Debug, Clone)]
pub struct HomePage {
    /// What is known of it today.
    pub facts: HomeFacts,
    /// Its inspections, the latest first.
    pub inspections: Vec<Inspection>,
    /// Standing facts of the home and of its provider.
    pub standing: Vec<StandingFact>,
    /// Its admissions.
    pub admissions: Vec<Admission>,
    /// All that was ever said of its prices, in the order of recording.
    pub prices: Vec<PriceFact>,
    /// How its beds are tonight.
    pub tonight: NightCount,
}

/// One home as the regional team keeps it.
#[derive(Debug, Clone)]
pub struct RegionHome {
    /// The home.
    pub page: HomePage,
    /// The lots of the arrangement.
    pub lots: Vec<Lot>,
    /// Its provider's code.
    pub provider: String,
}

/// One provider as the public sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderRow {
    /// Its name, or the words for all small ones together.
    pub name: String,
    /// Its open homes.
    pub homes: usize,
    /// Their registered places.
    pub places: usize,
}

/// What is known of one home on a day, from its own records.
pub async fn facts_of(session: &Session, home: Home, day: Date) -> Answer<HomeFacts> {
    let provider = session.organisation_by_id(home.provider).await?.name;
    let inspections = session.inspections(home.id).await?;
    let standing = session.standing_of(home.id, home.provider).await?;
    let admissions = session.admissions_of(home.id).await?;
    let beds = session.beds(home.id).await?;
    let uses = session.bed_uses(home.id, day).await?;
    let prices = session.price_history(home.id).await?;
    let records =
        Records { inspections: &inspections, standing: &standing, admissions: &admissions, beds: &beds, uses: &uses };
    let id = home.id;
    let tied = index::tied_beds(session, day).await?;
    let tied: Vec<_> = tied.into_iter().filter(|(at, _)| *at == id).map(|(_, one)| one).collect();
    let facts = HomeFacts::on(day, home, provider, &records, |lot| index::core_price(&prices, lot, day));
    Ok(facts.with_blocks(&tied, &beds, &uses))
}

/// The home with this number; `NotFound` for a text that is none.
pub async fn home_by_text(session: &Session, urn: &str) -> Answer<Home> {
    let urn: Urn = urn.parse().map_err(|_| Outcome::NotFound)?;
    Ok(session.home_by_urn(&urn).await?)
}

/// A home of the actor's own organisation; another provider's reads as `NotFound`.
pub async fn own_home(session: &Session, actor: &Actor, urn: &str) -> Answer<Home> {
    let home = home_by_text(session, urn).await?;
    if home.provider == actor.organisation { Ok(home) } else { Err(Outcome::NotFound) }
}

/// A home of the regional team's own register; another team's reads as `NotFound`.
pub(crate) async fn kept_home(session: &Session, urn: &str) -> Answer<Home> {
    let home = home_by_text(session, urn).await?;
    if Some(home.region) == session.organisation() { Ok(home) } else { Err(Outcome::NotFound) }
}

impl App {
    /// One home as the regional team keeps it.
    pub async fn region_home(&self, actor: &Actor, urn: &str) -> Answer<RegionHome> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let home = kept_home(&session, urn).await?;
        let lots = session.current_arrangement().await?.map(|kept| kept.arrangement.lots).unwrap_or_default();
        let provider = session.organisation_by_id(home.provider).await?.code;
        drop(session);
        Ok(RegionHome { page: self.home_page(actor, urn).await?, lots, provider })
    }

    /// All homes as they are known today, ready to be listed and searched.
    pub async fn homes(&self, actor: &Actor) -> Answer<Arc<Index>> {
        let session = self.see(actor, Action::SeeHomes).await?;
        self.homes.current(&session, self.calendar.now().today()).await
    }

    /// One home's page.
    pub async fn home_page(&self, actor: &Actor, urn: &str) -> Answer<HomePage> {
        let session = self.see(actor, Action::SeeHomes).await?;
        let home = home_by_text(&session, urn).await?;
        let (id, provider) = (home.id, home.provider);
        let facts = facts_of(&session, home, self.calendar.now().today()).await?;
        let mut inspections = session.inspections(id).await?;
        inspections.sort_by_key(|seen| std::cmp::Reverse(seen.inspected_on));
        let standing = session.standing_of(id, provider).await?;
        let admissions = session.admissions_of(id).await?;
        let prices = session.price_history(id).await?;
        let today = facts.as_of;
        let (beds, uses) = (session.beds(id).await?, session.bed_uses(id, today).await?);
        let rows = Nights::new(today, plus_days(today, 1)).map(|night| bed_nights(&beds, &uses, night));
        let tonight = count_nights(&rows.unwrap_or_default()).first().copied().unwrap_or_default();
        Ok(HomePage { facts, inspections, standing, admissions, prices, tonight })
    }

    /// One of a provider's own homes, to be described.
    pub async fn own_home(&self, actor: &Actor, urn: &str) -> Answer<Home> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        own_home(&session, actor, urn).await
    }

    /// A provider's own homes with their beds.
    pub async fn own_homes(&self, actor: &Actor) -> Answer<Vec<HomeFacts>> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        let mut homes = Vec::new();
        for home in session.homes_of(actor.organisation).await? {
            homes.push(facts_of(&session, home, self.calendar.now().today()).await?);
        }
        Ok(homes)
    }

    /// Providers with homes on the register, for the public: no addresses, nothing below five homes by itself.
    pub async fn public_providers(&self) -> Answer<Vec<ProviderRow>> {
        let session = self.visit().await?;
        let mut names = BTreeMap::new();
        for organisation in session.organisations().await? {
            names.insert(organisation.id, organisation.name);
        }
        let mut rows: BTreeMap<OrganisationId, ProviderRow> = BTreeMap::new();
        for home in session.homes().await?.iter().filter(|home| home.may_admit().is_ok()) {
            let name = names.get(&home.provider).cloned().unwrap_or_default();
            let row = rows.entry(home.provider).or_insert(ProviderRow { name, homes: 0, places: 0 });
            row.homes += 1;
            row.places += usize::from(home.places);
        }
        Ok(publishable(rows.into_values().collect()))
    }
}

/// Providers with at least five homes by name, all others together. Where the others have fewer than five homes in
/// all, or are one provider alone, the smallest named one joins them: no total may reveal a hidden number (rule 9.1).
fn publishable(mut rows: Vec<ProviderRow>) -> Vec<ProviderRow> {
    rows.sort_by(|a, b| b.homes.cmp(&a.homes).then_with(|| a.name.cmp(&b.name)));
    let mut named = rows.iter().take_while(|row| row.homes >= SMALLEST_PUBLISHED).count();
    let hidden = |named: usize| {
        let rest = rows.get(named..).unwrap_or_default();
        (rest.len(), rest.iter().map(|row| row.homes).sum::<usize>())
    };
    while named > 0 && hidden(named).0 > 0 && (hidden(named).0 < 2 || hidden(named).1 < SMALLEST_PUBLISHED) {
        named -= 1;
    }
    let rest = rows.split_off(named);
    if let (providers @ 1.., homes) = (rest.len(), rest.iter().map(|row| row.homes).sum::<usize>())
        && homes >= SMALLEST_PUBLISHED
    {
        let places = rest.iter().map(|row| row.places).sum();
        rows.push(ProviderRow { name: format!("{providers} other providers"), homes, places });
    }
    rows
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn row(name: &str, homes: usize) -> ProviderRow {
        ProviderRow { name: name.to_owned(), homes, places: homes * 3 }
    }

    fn shown(rows: Vec<ProviderRow>) -> Vec<(String, usize)> {
        publishable(rows).into_iter().map(|row| (row.name, row.homes)).collect()
    }

    #[test]
    fn rule_9_1_owners_with_fewer_than_five_homes_roll_into_other() {
        let rows = vec![row("Ash", 4), row("Birch", 9), row("Cedar", 1), row("Dell", 5)];
        let expected = [("Birch".to_owned(), 9), ("Dell".to_owned(), 5), ("2 other providers".to_owned(), 5)];
        assert_eq!(shown(rows), expected);
    }

    #[test]
    fn rule_9_1_a_total_does_not_reveal_the_one_that_is_hidden() {
        let one_hidden = vec![row("Ash", 4), row("Birch", 9), row("Dell", 6)];
        assert_eq!(shown(one_hidden), [("Birch".to_owned(), 9), ("2 other providers".to_owned(), 10)]);
        let few_hidden = vec![row("Ash", 1), row("Birch", 9), row("Cedar", 2), row("Dell", 6)];
        assert_eq!(shown(few_hidden), [("Birch".to_owned(), 9), ("3 other providers".to_owned(), 9)]);
        assert_eq!(shown(vec![row("Ash", 1), row("Cedar", 2)]), []);
    }
}
