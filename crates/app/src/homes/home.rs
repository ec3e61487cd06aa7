//! Homes: the list, one home's page, and what a provider says of its own homes.

use std::sync::Arc;

use jiff::civil::Date;
use placewell_domain::homes::admission::Admission;
use placewell_domain::homes::admission::ground::{AdmissionGround, carried};
use placewell_domain::homes::home::link::ReadAt;
use placewell_domain::homes::home::{Home, Inspection, Urn};
use placewell_domain::homes::standing::measure::Measure;
use placewell_domain::homes::standing::{StandingFact, StandingSource, StandingSubject};
use placewell_domain::nights::{Nights, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::occupancy::{NightCount, bed_nights, count_nights};
use placewell_domain::power::arrangement::Lot;
use placewell_insight::placing::referral::{HomeFacts, Index, Records};
use placewell_store::Session;
use placewell_store::homes::home::RegistrationLine;

use crate::answer::{Answer, Outcome};
use crate::command::App;

pub mod alert;
pub mod import;
pub mod index;
pub mod keep;
pub(crate) mod lapsing;
pub mod named;
pub mod paper;
mod tied;
pub mod voice;

pub use keep::{ConfirmBeds, StatePurpose, SupplyPostcode};
pub use placewell_store::homes::price::{CORE, PriceFact};

/// One home with everything its page shows.
#[derive(Debug, Clone)]
pub struct HomePage {
    /// What is known of it today.
    pub facts: HomeFacts,
    /// Its inspections, the latest first.
    pub inspections: Vec<Inspection>,
    /// Standing facts of the home and of its provider.
    pub standing: Vec<StandingFact>,
    /// Where its registration stood and stands, the latest first.
    pub registration: Vec<RegistrationLine>,
    /// Its admissions.
    pub admissions: Vec<Admission>,
    /// All that was ever said of its prices, in the order of recording.
    pub prices: Vec<PriceFact>,
    /// How its beds are tonight.
    pub tonight: NightCount,
    /// Proposed measures that hold new referrals.
    pub held: Vec<Measure>,
    /// The lots of every arrangement, the latest first.
    pub lots: Vec<Lot>,
}

impl HomePage {
    /// What the arrangement calls a lot; the code where none has it any more.
    #[must_use]
    pub fn lot_named<'a>(&'a self, code: &'a str) -> &'a str {
        self.lots.iter().find(|lot| lot.code == code).map_or(code, |lot| lot.name.as_str())
    }
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
    /// Where what was entered by hand of the home's standing can be read: who says it, and from which day.
    pub read_at: Vec<(StandingSource, Date, ReadAt)>,
    /// On what its provider's admissions rest.
    pub grounds: Vec<AdmissionGround>,
}

/// What is known of one home on a day, from its own records.
pub async fn facts_of(session: &Session, home: Home, day: Date) -> Answer<HomeFacts> {
    let provider = session.organisation_by_id(home.provider).await?.name;
    let inspections = session.inspections(home.id).await?;
    let standing = session.standing_of(home.id, home.provider).await?;
    let grounds = session.admission_grounds(Some(home.provider)).await?;
    let mut admissions = carried(&grounds, home.provider, session.admissions_of(home.id).await?);
    let stops = session.lot_facts().await?;
    let held = held(session, &home).await?;
    admissions.retain(|one| {
        let held = held.iter().any(|hold| hold.lot.as_ref() == Some(&one.lot));
        !held && !stops.iter().any(|fact| fact.stops(one.home, &one.lot, day))
    });
    let beds = session.beds(home.id).await?;
    let uses = session.bed_uses(home.id, day).await?;
    let prices = session.price_history(home.id).await?;
    let records =
        Records { inspections: &inspections, standing: &standing, admissions: &admissions, beds: &beds, uses: &uses };
    let id = home.id;
    let tied = tied::tied_beds(session, day, Some(id)).await?;
    let tied: Vec<_> = tied.into_iter().filter(|(at, _)| *at == id).map(|(_, one)| one).collect();
    let facts = HomeFacts::on(day, home, provider, &records, |lot| index::core_price(&prices, lot, day));
    Ok(facts.with_blocks(&tied, &beds, &uses))
}

/// The proposed measures that hold new referrals to a home, on one of its lots or on all.
pub(crate) async fn held(session: &Session, home: &Home) -> Answer<Vec<Measure>> {
    let mut holds = session.proposed_measures().await?;
    holds.retain(|one| one.holds() && one.about(home.id, home.provider));
    Ok(holds)
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
        let read_at = session.standing_read_at(StandingSubject::Home(home.id)).await?;
        let grounds = session.admission_grounds(Some(home.provider)).await?;
        drop(session);
        Ok(RegionHome { page: self.home_page(actor, urn).await?, lots, provider, read_at, grounds })
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
        let held = held(&session, &home).await?;
        let facts = facts_of(&session, home, self.calendar.now().today()).await?;
        let mut inspections = session.inspections(id).await?;
        inspections.sort_by_key(|seen| std::cmp::Reverse(seen.inspected_on));
        let standing = session.standing_of(id, provider).await?;
        let registration = session.registration_history(id).await?;
        let admissions = session.admissions_of(id).await?;
        let prices = session.price_history(id).await?;
        let today = facts.as_of;
        let (beds, uses) = (session.beds(id).await?, session.bed_uses(id, today).await?);
        let rows = Nights::new(today, plus_days(today, 1)).map(|night| bed_nights(&beds, &uses, night));
        let tonight = count_nights(&rows.unwrap_or_default()).first().copied().unwrap_or_default();
        let arrangements = session.arrangements().await?;
        let lots = arrangements.into_iter().flat_map(|kept| kept.arrangement.lots).collect();
        Ok(HomePage { facts, inspections, standing, registration, admissions, prices, tonight, held, lots })
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
}
