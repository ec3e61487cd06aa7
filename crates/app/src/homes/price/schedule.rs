//! A home's price schedule: what holds, what was ever recorded and by what, and what a night's price was as it was known at
//! a time. Also what an award and a granted rise write into it.

use jiff::civil::{Date, DateTime};
use placewell_domain::homes::admission::criteria::PricePart;
use placewell_domain::homes::home::Home;
use placewell_domain::homes::price::uplift::{Grant, Uplift};
use placewell_domain::homes::price::{KNOWN_OPEN, LineKind, LinePrices, ScheduleSource, split_parts};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::nights::{Nights, OPEN_END, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_exchange::sheet::{Cell, Sheet};
use placewell_store::homes::price::{PriceBy, PriceEntry, PriceFact};
use placewell_store::{Session, Work};

use crate::answer::{Answer, Outcome};
use crate::clock::moment_of;
use crate::command::App;
use crate::homes::home::home_by_text;

/// A home's schedule.
#[derive(Debug, Clone)]
pub struct HomeSchedule {
    /// The home.
    pub home: Home,
    /// What is believed now, by lot, line and night.
    pub current: Vec<PriceFact>,
    /// What was ever recorded, the latest first.
    pub entries: Vec<PriceEntry>,
    /// Requests for a rise, the latest first.
    pub uplifts: Vec<Uplift>,
}

/// What a price was for a night: lot, line, and the price of a week.
pub type NightPrices = Vec<(String, String, Pence)>;

/// The line's name on a page: a line of price or a part of the core price.
#[must_use]
pub fn line_label(line: &str) -> &'static str {
    let part = || PricePart::from_code(line).map(PricePart::label);
    LineKind::from_code(line).map(LineKind::label).or_else(part).unwrap_or("Other")
}

impl App {
    /// A home's price schedule, for those who buy, the regional team, and the home's own provider.
    pub async fn price_schedule(&self, actor: &Actor, urn: &str) -> Answer<HomeSchedule> {
        let own = actor.kind == OrganisationKind::Provider;
        let session = self.see(actor, if own { Action::KeepOwnHomes } else { Action::SeeHomes }).await?;
        let home = home_by_text(&session, urn).await?;
        if own && home.provider != actor.organisation {
            return Err(Outcome::NotFound);
        }
        let mut current = session.price_history(home.id).await?;
        current.retain(|fact| fact.price.known_to == KNOWN_OPEN);
        current.sort_by_key(|fact| (fact.lot.clone(), fact.line.clone(), fact.price.from));
        let entries = session.price_entries(home.id).await?;
        let uplifts = session.uplifts_of_home(home.id).await?;
        Ok(HomeSchedule { home, current, entries, uplifts })
    }

    /// The prices of a night as they are known now, or as they were known at a time.
    pub async fn price_known(
        &self,
        actor: &Actor,
        urn: &str,
        (night, known): (Date, Option<DateTime>),
    ) -> Answer<NightPrices> {
        let home = self.price_schedule(actor, urn).await?.home;
        let now = self.calendar.now();
        if known.is_some_and(|known| known > now.local) {
            return Err(Invalid::one("known", "Enter a day that has come: nobody knows yet what will be known").into());
        }
        let session = self.store.read(Some(actor.organisation)).await?;
        let seq = match known {
            Some(known) => session.known_by(home.region, moment_of(known).at).await?,
            None => KNOWN_OPEN - 1,
        };
        let Some(nights) = Nights::new(night, plus_days(night, 1)) else { return Ok(Vec::new()) };
        let facts = session.prices_known(home.id, nights, seq).await?;
        Ok(facts.into_iter().map(|fact| (fact.lot, fact.line, fact.price.value)).collect())
    }

    /// The schedules of every home that the regional team keeps, as a table.
    pub async fn schedules_sheet(&self, actor: &Actor) -> Answer<Sheet> {
        let session = self.see(actor, Action::KeepHomes).await?;
        let today = self.calendar.now().today();
        let homes = session.homes().await?;
        let mut rows = Vec::new();
        for fact in session.prices_from(today).await? {
            let Some(home) = homes.iter().find(|home| home.id == fact.home && home.region == actor.organisation) else {
                continue;
            };
            rows.push(sheet_row(home, &fact));
        }
        Ok(sheet("Price schedules", rows))
    }
}

/// A home's schedule as a table.
#[must_use]
pub fn schedule_sheet(schedule: &HomeSchedule) -> Sheet {
    let rows = schedule.current.iter().map(|fact| sheet_row(&schedule.home, fact)).collect();
    sheet("Price schedule", rows)
}

fn sheet(name: &str, rows: Vec<Vec<Cell>>) -> Sheet {
    let heads = ["Home", "Number", "Lot", "Line", "Price a week (£)", "First night", "Until"];
    let mut sheet = Sheet::new(name, heads);
    sheet.rows = rows;
    sheet
}

fn sheet_row(home: &Home, fact: &PriceFact) -> Vec<Cell> {
    let until = if fact.price.to == OPEN_END { Cell::Empty } else { Cell::Day(fact.price.to) };
    vec![
        home.name.as_str().into(),
        home.urn.to_string().into(),
        fact.lot.as_str().into(),
        line_label(&fact.line).into(),
        Cell::Money(fact.price.value),
        Cell::Day(fact.price.from),
        until,
    ]
}

/// Records a granted rise: the line from the granted night on, where it has a price.
pub(crate) async fn record_grant(work: &mut Work, uplift: &Uplift, grant: &Grant) -> Answer<()> {
    let nights = Nights::open(grant.from);
    let held = work.prices_between(uplift.home, &uplift.lot, uplift.line.code(), nights).await?;
    let risen = held.iter().filter_map(|price| Nights::new(price.from, price.to)?.overlap(nights));
    let risen: Vec<_> = risen.map(|nights| (nights, Some(grant.now))).collect();
    let by = PriceBy { source: ScheduleSource::Uplift, record: uplift.id.0, includes: String::new() };
    record_line(work, uplift.home, (&uplift.lot, uplift.line), &risen, &by).await
}

/// Gives the schedule back what stood before a grant that was revoked.
pub(crate) async fn record_revoked(work: &mut Work, uplift: &Uplift) -> Answer<()> {
    let scheduled = work.scheduled_for(uplift).await?;
    let back = uplift.given_back(&scheduled);
    if back.is_empty() {
        return Ok(());
    }
    record_line(work, uplift.home, (&uplift.lot, uplift.line), &back, &PriceBy::hand()).await
}

/// Records prices of a line. A core price takes its parts along for the same nights, in proportion and summing to it; where it
/// is taken away, they are.
pub(crate) async fn record_line(
    work: &mut Work,
    home: HomeId,
    (lot, line): (&str, LineKind),
    prices: &[(Nights, Option<Pence>)],
    by: &PriceBy,
) -> Answer<()> {
    if line == LineKind::Core {
        let parts = parts_with(work, (home, lot), prices).await?;
        for (part, split) in PricePart::CORE.iter().zip(parts) {
            if !split.is_empty() {
                work.record_prices(home, (lot, part.code()), &split, by).await?;
            }
        }
    }
    work.record_prices(home, (lot, line.code()), prices, by).await?;
    Ok(())
}

/// What each part of a core price becomes with it, over all of the nights: a line is recorded once in a piece of work.
async fn parts_with(
    session: &Session,
    (home, lot): (HomeId, &str),
    prices: &[(Nights, Option<Pence>)],
) -> Answer<Vec<LinePrices>> {
    let mut parts = vec![LinePrices::new(); PricePart::CORE.len()];
    for (nights, weekly) in prices {
        let mut held = Vec::with_capacity(parts.len());
        for part in PricePart::CORE {
            held.push(session.prices_between(home, lot, part.code(), *nights).await?);
        }
        for (part, split) in parts.iter_mut().zip(split_parts(&held, (*nights, *weekly))) {
            part.extend(split);
        }
    }
    Ok(parts)
}
