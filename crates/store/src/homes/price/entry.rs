//! By what each price came into a schedule, in the order of recording.

use jiff::civil::Date;
use placewell_domain::homes::price::ScheduleSource;
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::nights::Nights;

use crate::error::StoreError;
use crate::homes::home::coded;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// By what a price is recorded, the record behind it, and what the price includes in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceBy {
    /// By what.
    pub source: ScheduleSource,
    /// The evaluation or the request; 0 where there is none.
    pub record: i64,
    /// What is included; empty where nothing is said.
    pub includes: String,
}

impl PriceBy {
    /// Recorded by the regional team itself.
    #[must_use]
    pub const fn hand() -> Self {
        Self { source: ScheduleSource::Hand, record: 0, includes: String::new() }
    }
}

/// A price as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceEntry {
    /// The lot's code.
    pub lot: String,
    /// The schedule's line.
    pub line: String,
    /// A week; none where the price was taken away.
    pub weekly: Option<Pence>,
    /// The first night.
    pub from: Date,
    /// The day after the last night.
    pub to: Date,
    /// On which day it was recorded.
    pub on: Date,
    /// By what.
    pub by: PriceBy,
}

fn entry(row: &Row) -> Result<PriceEntry, StoreError> {
    let source = row.text("source")?;
    Ok(PriceEntry {
        lot: row.text("lot")?,
        line: row.text("line")?,
        weekly: row.opt_int("weekly_pence")?.map(Pence),
        from: row.date("from_night")?,
        to: row.date("to_night")?,
        on: row.date("recorded_on")?,
        by: PriceBy {
            source: coded(ScheduleSource::from_code(&source), "schedule source", &source)?,
            record: row.int("source_id")?,
            includes: row.text("includes")?,
        },
    })
}

impl Session {
    /// What was ever recorded of a home's prices, the latest first.
    pub async fn price_entries(&self, home: HomeId) -> Result<Vec<PriceEntry>, StoreError> {
        let sql = "SELECT lot, line, weekly_pence, from_night, to_night, recorded_on, source, source_id, includes \
                   FROM price_entry WHERE home_id = $1 ORDER BY known_from DESC, id DESC";
        self.all(sql, values![home]).await?.iter().map(entry).collect()
    }
}

impl Work {
    pub(super) async fn keep_price_entry(
        &self,
        home: HomeId,
        (lot, line): (&str, &str),
        (nights, weekly): (Nights, Option<Pence>),
        (seq, by): (i64, &PriceBy),
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO price_entry (id, org_id, home_id, lot, line, weekly_pence, from_night, to_night, \
                   known_from, recorded_on, source, source_id, includes) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let values = values![
            self.new_id(),
            self.org(),
            home,
            lot,
            line,
            weekly.map(|weekly| weekly.0),
            nights.from(),
            nights.to(),
            seq,
            self.moment().today(),
            by.source.code(),
            by.record,
            by.includes
        ];
        self.execute(sql, values).await?;
        Ok(())
    }
}
