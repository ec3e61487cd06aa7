//! Prices in two times: a correction closes what it overlaps and keeps what was believed before.

use jiff::civil::Date;
use placewell_domain::change::Event;
use placewell_domain::homes::price::{KNOWN_OPEN, Rectangle, correct};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

mod entry;
mod uplift;

pub use entry::{PriceBy, PriceEntry};
pub use uplift::{APPEAL, REQUEST, UpliftEffect};

/// The line of a tendered core price.
pub const CORE: &str = "core";

/// A price as recorded, with what it is a price of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceFact {
    /// The home.
    pub home: HomeId,
    /// The lot's code.
    pub lot: String,
    /// The schedule's line, such as [`CORE`].
    pub line: String,
    /// The price in two times.
    pub price: Rectangle<Pence>,
}

fn fact(row: &Row) -> Result<PriceFact, StoreError> {
    Ok(PriceFact {
        home: HomeId(row.int("home_id")?),
        lot: row.text("lot")?,
        line: row.text("line")?,
        price: Rectangle {
            from: row.date("from_night")?,
            to: row.date("to_night")?,
            origin: row.date("origin_night")?,
            known_from: row.int("known_from")?,
            known_to: row.int("known_to")?,
            value: row.pence("weekly_pence")?,
        },
    })
}

const COLUMNS: &str = "home_id, lot, line, weekly_pence, origin_night, from_night, to_night, known_from, known_to";

impl Session {
    /// All that was ever said of a home's prices, in the order of recording.
    pub async fn price_history(&self, home: HomeId) -> Result<Vec<PriceFact>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM price_fact WHERE home_id = $1 ORDER BY known_from, from_night, id");
        self.all(&sql, values![home]).await?.iter().map(fact).collect()
    }

    /// The tendered price of a home's line on a lot for a night, as it is believed now.
    pub async fn price_on(
        &self,
        home: HomeId,
        lot: &str,
        line: &str,
        night: Date,
    ) -> Result<Option<Pence>, StoreError> {
        let sql = "SELECT weekly_pence FROM price_fact WHERE home_id = $1 AND lot = $2 AND line = $3 \
                   AND from_night <= $4 AND to_night > $4 AND known_to = $5";
        let row = self.maybe(sql, values![home, lot, line, night, KNOWN_OPEN]).await?;
        row.map(|row| row.pence("weekly_pence")).transpose()
    }

    /// The tendered prices of a home's line on a lot that touch these nights, as they are believed now, in their order.
    pub async fn prices_between(
        &self,
        home: HomeId,
        lot: &str,
        line: &str,
        nights: Nights,
    ) -> Result<Vec<Rectangle<Pence>>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM price_fact WHERE home_id = $1 AND lot = $2 AND line = $3 AND from_night < $4 \
             AND to_night > $5 AND known_to = $6 ORDER BY from_night"
        );
        let values = values![home, lot, line, nights.to(), nights.from(), KNOWN_OPEN];
        self.all(&sql, values).await?.iter().map(|row| fact(row).map(|fact| fact.price)).collect()
    }

    /// A home's prices that touch these nights, as they were believed at a number of the region's sequence.
    pub async fn prices_known(&self, home: HomeId, nights: Nights, seq: i64) -> Result<Vec<PriceFact>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM price_fact WHERE home_id = $1 AND from_night < $2 AND to_night > $3 \
             AND known_from <= $4 AND known_to > $4 ORDER BY lot, line, from_night"
        );
        self.all(&sql, values![home, nights.to(), nights.from(), seq]).await?.iter().map(fact).collect()
    }

    /// Every home's prices that are believed now and hold on or after the day.
    pub async fn prices_from(&self, day: Date) -> Result<Vec<PriceFact>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM price_fact WHERE known_to = $1 AND to_night > $2 ORDER BY home_id, lot, line, from_night"
        );
        self.all(&sql, values![KNOWN_OPEN, day]).await?.iter().map(fact).collect()
    }
}

impl Work {
    /// "For these nights the price is w" (or none): recorded under this work's sequence with an event of its own.
    pub async fn record_price(
        &mut self,
        home: HomeId,
        lot: &str,
        line: &str,
        nights: Nights,
        weekly: Option<Pence>,
    ) -> Result<(), StoreError> {
        self.record_prices(home, (lot, line), &[(nights, weekly)], &PriceBy::hand()).await
    }

    /// Several such prices of one line, in their order. What one of them leaves of a row and the next takes away is never
    /// written: a row is believed for at least one sequence.
    pub async fn record_prices(
        &mut self,
        home: HomeId,
        (lot, line): (&str, &str),
        prices: &[(Nights, Option<Pence>)],
        by: &PriceBy,
    ) -> Result<(), StoreError> {
        let seq = self.sequence().await?;
        self.note_known(seq).await?;
        let sql = "SELECT id, home_id, lot, line, weekly_pence, origin_night, from_night, to_night, known_from, known_to \
                   FROM price_fact WHERE org_id = $1 AND home_id = $2 AND lot = $3 AND line = $4 AND known_to = $5";
        let rows = self.all(sql, values![self.org(), home, lot, line, KNOWN_OPEN]).await?;
        let mut current: Vec<(Option<i64>, Rectangle<Pence>)> = Vec::with_capacity(rows.len());
        for row in &rows {
            current.push((Some(row.int("id")?), fact(row)?.price));
        }
        let mut closed = Vec::new();
        for (nights, weekly) in prices {
            let believed: Vec<_> = current.iter().map(|(_, price)| price.clone()).collect();
            let correction = correct(&believed, *nights, None, *weekly, seq);
            for at in correction.close.iter().rev() {
                closed.extend(current.remove(*at).0);
            }
            current.extend(correction.insert.into_iter().map(|new| (None, new)));
        }
        for id in closed {
            let sql = "UPDATE price_fact SET known_to = $1 WHERE org_id = $2 AND id = $3";
            self.execute(sql, values![seq, self.org(), id]).await?;
        }
        for (_, new) in current.into_iter().filter(|(held, _)| held.is_none()) {
            self.insert_price(home, lot, line, &new).await?;
        }
        for (nights, weekly) in prices {
            let event = Event::new("price.recorded", "price", home.0, 1)
                .with("lot", lot)
                .with("line", line)
                .with("from", nights.from())
                .with("to", nights.to())
                .with("by", by.source.code())
                .with("weekly_pence", weekly.map_or_else(|| "none".to_owned(), |weekly| weekly.0.to_string()));
            self.record(event);
            self.keep_price_entry(home, (lot, line), (*nights, *weekly), (seq, by)).await?;
        }
        Ok(())
    }

    async fn insert_price(
        &self,
        home: HomeId,
        lot: &str,
        line: &str,
        new: &Rectangle<Pence>,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO price_fact (id, org_id, home_id, lot, line, weekly_pence, origin_night, from_night, \
                   to_night, known_from, known_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let (id, org) = (self.new_id(), self.org());
        let values =
            values![id, org, home, lot, line, new.value, new.origin, new.from, new.to, new.known_from, new.known_to];
        self.execute(sql, values).await?;
        Ok(())
    }
}
