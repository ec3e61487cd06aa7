//! Beds night by night: the month of a home, and a provider's beds out of service and back.

use jiff::civil::Date;
use placewell_domain::homes::home::{Bed, Home};
use placewell_domain::id::{BedId, BedUseId};
use placewell_domain::nights::{Nights, OPEN_END, plus_days};
use placewell_domain::office::access::Action;
use placewell_domain::office::person::Actor;
use placewell_domain::outcome::Invalid;
use placewell_domain::placing::occupancy::{
    BedUse, ClosedReason, NightCount, NightState, UseState, bed_nights, count_nights, fits, nights_in_words,
};
use placewell_store::{Session, Work};
use serde::Serialize;

use crate::answer::{Answer, Outcome};
use crate::command::{App, Command, Receipt};
use crate::homes::home::{home_by_text, own_home};

/// A home's beds over a month.
#[derive(Debug, Clone)]
pub struct Month {
    /// The home.
    pub home: Home,
    /// Its beds.
    pub beds: Vec<Bed>,
    /// The first night.
    pub first: Date,
    /// Each bed's state on each night.
    pub nights: Vec<Vec<NightState>>,
    /// The counts of each night.
    pub counts: Vec<NightCount>,
    /// The month in one sentence.
    pub words: String,
    /// Uses that touch the month or lie ahead of it.
    pub uses: Vec<BedUse>,
}

/// The month that `2021-09` names; the month of `today` for anything else.
#[must_use]
pub fn month_of(text: &str, today: Date) -> Date {
    let named =
        text.split_once('-').and_then(|(year, month)| Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok());
    named.filter(|day| (2000..=2100).contains(&day.year())).unwrap_or_else(|| today.first_of_month())
}

async fn month(session: &Session, home: Home, first: Date) -> Answer<Month> {
    let beds = session.beds(home.id).await?;
    let uses = session.bed_uses(home.id, first).await?;
    let until = plus_days(first.last_of_month(), 1);
    let rows = Nights::new(first, until).map(|nights| bed_nights(&beds, &uses, nights)).unwrap_or_default();
    let counts = count_nights(&rows);
    let words = nights_in_words(first, &counts);
    let nights = rows.into_iter().map(|(_, states)| states).collect();
    Ok(Month { home, beds, first, nights, counts, words, uses })
}

/// One night of a home, for members: counts, and the reader's own agreements.
#[derive(Debug, Clone)]
pub struct Night {
    /// The home.
    pub home: Home,
    /// The evening.
    pub night: Date,
    /// How many beds are how.
    pub count: NightCount,
    /// The reader's own agreements that night: reference, and what the bed is used for.
    pub own: Vec<(String, UseState, Nights)>,
}

impl App {
    /// One night of a home. Another authority's child is a count and nothing more.
    pub async fn home_night(&self, actor: &Actor, urn: &str, night: &str) -> Answer<Night> {
        let session = self.see(actor, Action::SeeHomes).await?;
        let home = home_by_text(&session, urn).await?;
        let night: Date = night.parse().map_err(|_| Outcome::NotFound)?;
        let nights = Nights::new(night, plus_days(night, 1)).filter(|_| (2000..=2100).contains(&night.year()));
        let Some(nights) = nights else { return Err(Outcome::NotFound) };
        let (beds, uses) = (session.beds(home.id).await?, session.bed_uses(home.id, night).await?);
        let count = count_nights(&bed_nights(&beds, &uses, nights)).first().copied().unwrap_or_default();
        let mut own = Vec::new();
        for used in uses.iter().filter(|used| used.nights.contains(night)) {
            let Some(id) = used.agreement else { continue };
            if let Ok(agreement) = session.agreement_by_id(actor.organisation, id).await {
                own.push((agreement.reference.to_string(), used.state, used.nights));
            }
        }
        Ok(Night { home, night, count, own })
    }

    /// A home's month, for members: how many beds are free each night; nothing about who lives there.
    pub async fn home_month(&self, actor: &Actor, urn: &str, month_text: &str) -> Answer<Month> {
        let session = self.see(actor, Action::SeeHomes).await?;
        let home = home_by_text(&session, urn).await?;
        month(&session, home, month_of(month_text, self.calendar.now().today())).await
    }

    /// A provider's own home's month with its uses.
    pub async fn own_month(&self, actor: &Actor, urn: &str, month_text: &str) -> Answer<Month> {
        let session = self.see(actor, Action::KeepOwnHomes).await?;
        let home = own_home(&session, actor, urn).await?;
        month(&session, home, month_of(month_text, self.calendar.now().today())).await
    }
}

/// Takes a bed out of service.
#[derive(Debug, Clone, Serialize)]
pub struct CloseBed {
    /// The home's number.
    pub urn: String,
    /// The bed.
    pub bed: i64,
    /// The first night out of service.
    pub from: Date,
    /// The first night back in service, where it is known.
    pub until: Option<Date>,
    /// Why.
    pub reason: ClosedReason,
}

impl Command for CloseBed {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "occupancy.close_bed";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = own_home(work, actor, &self.urn).await?;
        let Some(nights) = Nights::new(self.from, self.until.unwrap_or(OPEN_END)) else {
            return Err(Invalid::one("until", "Enter a day after the first night out of service").into());
        };
        let beds = work.beds(home.id).await?;
        let Some(bed) = beds.iter().find(|bed| bed.id == BedId(self.bed)) else {
            return Err(Invalid::one("bed", "Select one of the home's beds").into());
        };
        work.lock_homes(&[home.id]).await?;
        let change = BedUse::take_out(BedUseId(work.new_id()), &home, bed.id, nights, self.reason);
        fits(&work.bed_uses(home.id, self.from).await?, change.next())?;
        work.apply(change).await?;
        Ok(Receipt::at(format!("/provider/homes/{}/beds", home.urn)))
    }
}

/// Brings a bed back into service.
#[derive(Debug, Clone, Serialize)]
pub struct ReopenBed {
    /// The home's number.
    pub urn: String,
    /// The closure.
    pub closure: i64,
    /// The version that the form was made from.
    pub version: i64,
    /// The first night back in service.
    pub on: Date,
}

impl Command for ReopenBed {
    const ACTION: Action = Action::KeepOwnHomes;
    const NAME: &'static str = "occupancy.reopen_bed";

    async fn run(&self, actor: &Actor, work: &mut Work) -> Answer<Receipt> {
        let home = own_home(work, actor, &self.urn).await?;
        work.lock_homes(&[home.id]).await?;
        let closure = work.bed_use(BedUseId(self.closure)).await?;
        if closure.home != home.id || !matches!(closure.state, UseState::OutOfService(_)) {
            return Err(Outcome::NotFound);
        }
        if closure.version != self.version {
            return Err(Outcome::Conflict);
        }
        let today = work.moment().today();
        let change = if self.on <= closure.nights.from() { closure.cancel(today)? } else { closure.end_on(self.on)? };
        work.apply(change).await?;
        Ok(Receipt::at(format!("/provider/homes/{}/beds", home.urn)))
    }
}
