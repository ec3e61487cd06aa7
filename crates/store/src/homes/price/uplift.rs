//! Requests for a rise: the request that who buys reads, the book that only provider and region read, and what each
//! authority told of its own agreements.

use placewell_domain::homes::price::Rectangle;
use placewell_domain::homes::price::uplift::{Book, Uplift};
use placewell_domain::id::{HomeId, OrganisationId, UpliftId};
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

/// The part of a request's book that came with the request.
pub const REQUEST: &str = "request";
/// The part that came with the appeal.
pub const APPEAL: &str = "appeal";

/// What a rise would cost, or costs, one authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpliftEffect {
    /// The authority.
    pub authority: OrganisationId,
    /// How many of its agreements it touches.
    pub agreements: u32,
    /// Of them, how many wait for its confirmation.
    pub waiting: u32,
    /// In a year of 365 nights.
    pub a_year: Pence,
}

impl Record for Uplift {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO price_uplift (id, org_id, provider_id, version, home_id, lot, state, was_pence, \
                       asked_pence, asked_on, from_night, body) VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, $10, $11)";
            let values = values![
                self.id,
                self.region,
                self.provider,
                self.home,
                self.lot,
                self.state.name(),
                self.was,
                self.asked,
                self.at.date(),
                self.from,
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE price_uplift SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.region, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

fn bodies(rows: &[Row]) -> Result<Vec<Uplift>, StoreError> {
    rows.iter().map(|row| row.json("body")).collect()
}

fn effect(row: &Row) -> Result<UpliftEffect, StoreError> {
    let count = |column: &str| u32::try_from(row.int(column)?).map_err(StoreError::fault);
    Ok(UpliftEffect {
        authority: OrganisationId(row.int("org_id")?),
        agreements: count("agreements")?,
        waiting: count("waiting")?,
        a_year: row.pence("pence_a_year")?,
    })
}

impl Session {
    /// Every request that this organisation may read, the latest first.
    pub async fn uplifts(&self) -> Result<Vec<Uplift>, StoreError> {
        bodies(&self.all("SELECT body FROM price_uplift ORDER BY asked_on DESC, id DESC", vec![]).await?)
    }

    /// The requests of a home, the latest first.
    pub async fn uplifts_of_home(&self, home: HomeId) -> Result<Vec<Uplift>, StoreError> {
        let sql = "SELECT body FROM price_uplift WHERE home_id = $1 ORDER BY asked_on DESC, id DESC";
        bodies(&self.all(sql, values![home]).await?)
    }

    /// One request.
    pub async fn uplift(&self, id: UpliftId) -> Result<Uplift, StoreError> {
        self.one("SELECT body FROM price_uplift WHERE id = $1", values![id]).await?.json("body")
    }

    /// What is scheduled of a request's line from the night asked for on, as it is believed now.
    pub async fn scheduled_for(&self, uplift: &Uplift) -> Result<Vec<Rectangle<Pence>>, StoreError> {
        let nights = Nights::open(uplift.from);
        self.prices_between(uplift.home, &uplift.lot, uplift.line.code(), nights).await
    }

    /// What came with a request and with its appeal, in that order, where this organisation may read it.
    pub async fn uplift_book(&self, id: UpliftId) -> Result<(Option<Book>, Option<Book>), StoreError> {
        let rows = self.all("SELECT part, body FROM price_uplift_book WHERE uplift_id = $1", values![id]).await?;
        let (mut request, mut appeal) = (None, None);
        for row in &rows {
            let book = Some(row.json("body")?);
            if row.text("part")? == APPEAL { appeal = book } else { request = book }
        }
        Ok((request, appeal))
    }

    /// What each authority told of a request, by authority; an authority reads its own.
    pub async fn uplift_effects(&self, id: UpliftId) -> Result<Vec<UpliftEffect>, StoreError> {
        let sql = "SELECT org_id, agreements, waiting, pence_a_year FROM price_uplift_effect WHERE uplift_id = $1 \
                   ORDER BY org_id";
        self.all(sql, values![id]).await?.iter().map(effect).collect()
    }
}

impl Work {
    /// Keeps what only provider and region read of a request: once with it, and once with its appeal.
    pub async fn keep_uplift_book(&self, uplift: &Uplift, part: &str, book: &Book) -> Result<(), StoreError> {
        let sql = "INSERT INTO price_uplift_book (id, org_id, provider_id, uplift_id, part, body) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let body = serde_json::to_string(book)?;
        self.execute(sql, values![self.new_id(), uplift.region, uplift.provider, uplift.id, part, body]).await?;
        Ok(())
    }

    /// Tells the region what a request would cost this authority, or costs it; what was told before is replaced.
    pub async fn tell_uplift_effect(&self, uplift: &Uplift, told: &UpliftEffect) -> Result<(), StoreError> {
        let sql = "INSERT INTO price_uplift_effect (org_id, region_id, uplift_id, agreements, waiting, pence_a_year, \
                   told_at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (org_id, uplift_id) DO UPDATE SET \
                   agreements = excluded.agreements, waiting = excluded.waiting, \
                   pence_a_year = excluded.pence_a_year, told_at = excluded.told_at";
        let (org, at) = (self.org(), self.moment().local.to_string());
        let values = values![org, uplift.region, uplift.id, told.agreements, told.waiting, told.a_year, at];
        self.execute(sql, values).await?;
        Ok(())
    }
}
