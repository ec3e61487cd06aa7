//! A lot with what rests on it, for the page that shows what a new name or its closing does before it is done.

use jiff::civil::Date;
use placewell_domain::id::HomeId;
use placewell_domain::nights::plus_days;
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::placing::agreement::BuyingRoute;
use placewell_domain::power::arrangement::{Arrangement, Lot};

use crate::answer::{Answer, Outcome};
use crate::command::App;

/// What rests on a lot, as the regional team may know it: homes, providers, and counts of placements without whose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LotPage {
    /// The arrangement.
    pub arrangement: Arrangement,
    /// The lot.
    pub lot: Lot,
    /// From when it is closed.
    pub closes: Option<Date>,
    /// The homes admitted to it today, and their providers.
    pub admitted: (usize, usize),
    /// Admissions ever: a lot with any is not taken off the list.
    pub ever: usize,
    /// Placements bought on it through the arrangement in the last four quarters, over all authorities.
    pub placements: usize,
}

impl App {
    /// A lot of the arrangement in use, with what rests on it today.
    pub async fn lot_page(&self, actor: &Actor, code: &str) -> Answer<LotPage> {
        let session = self.see(actor, Action::RunArrangement).await?;
        let arrangement = session.current_arrangement().await?.ok_or(Outcome::NotFound)?.arrangement;
        let lot = arrangement.lot(code).ok_or(Outcome::NotFound)?.clone();
        let today = self.calendar.now().today();
        let of_it: Vec<_> = session
            .all_admissions()
            .await?
            .into_iter()
            .filter(|on| on.lot == lot.code && on.arrangement == arrangement.id)
            .collect();
        let now: Vec<HomeId> =
            of_it.iter().filter(|on| on.from <= today && today < on.until).map(|on| on.home).collect();
        let homes = session.homes().await?;
        let mut providers: Vec<_> =
            homes.iter().filter(|home| now.contains(&home.id)).map(|home| home.provider).collect();
        providers.sort_unstable();
        providers.dedup();
        let since = plus_days(today, -365);
        let points = session.price_points().await?;
        let bought = points
            .iter()
            .filter(|point| point.lot == lot.code && point.route == BuyingRoute::Arrangement && point.quarter >= since);
        Ok(LotPage {
            closes: arrangement.closes(&lot.code),
            admitted: (now.len(), providers.len()),
            ever: of_it.len(),
            placements: bought.count(),
            lot,
            arrangement,
        })
    }
}
