//! What authorities tell the region about their annual value: the ledger's totals by trigger, and what each counts of itself.

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::power::annual_value::{CountedValue, RegionYear, YearTotals};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

impl Session {
    /// The year that each of these authorities counted last, with its ceiling and what is committed as they stand. One that
    /// has counted nothing yet stands with the year that holds the day given.
    pub async fn region_years(&self, authorities: &[OrganisationId], day: Date) -> Result<Vec<RegionYear>, StoreError> {
        let mut counted: Vec<(OrganisationId, Timestamp, CountedValue)> = Vec::new();
        for row in self.all("SELECT org_id, counted_at, body FROM counted_value", vec![]).await? {
            counted.push((OrganisationId(row.int("org_id")?), row.moment("counted_at")?, row.json("body")?));
        }
        let sql = "SELECT org_id, year_start, ceiling_pence, committed_pence, over_pence FROM region_year \
                   ORDER BY org_id, year_start";
        let mut years: Vec<(OrganisationId, Date, YearTotals)> = Vec::new();
        for row in self.all(sql, vec![]).await? {
            let totals = YearTotals {
                ceiling: row.pence("ceiling_pence")?,
                committed: row.pence("committed_pence")?,
                over: row.pence("over_pence")?,
            };
            years.push((OrganisationId(row.int("org_id")?), row.date("year_start")?, totals));
        }
        let of = |authority: OrganisationId| {
            let counted = counted.iter().find(|(org, ..)| *org == authority).map(|(_, at, value)| (*at, value.clone()));
            let own = || years.iter().filter(move |(org, ..)| *org == authority);
            let start = counted.as_ref().map(|(_, value)| value.year_start);
            let totals = match start {
                Some(start) => own().find(|(_, year, _)| *year == start),
                None => own().rfind(|(_, year, _)| *year <= day),
            };
            RegionYear { authority, counted, totals: totals.map(|(_, _, totals)| *totals) }
        };
        Ok(authorities.iter().map(|authority| of(*authority)).collect())
    }
}

impl Work {
    /// Keeps what this authority counted of its annual value, in place of what it counted before.
    pub async fn keep_counted_value(&self, value: &CountedValue) -> Result<(), StoreError> {
        let sql = "INSERT INTO counted_value (org_id, counted_at, body) VALUES ($1, $2, $3) \
                   ON CONFLICT (org_id) DO UPDATE SET counted_at = excluded.counted_at, body = excluded.body";
        let values = values![self.org(), self.moment().at, serde_json::to_string(value)?];
        self.execute(sql, values).await?;
        // A ledger from before the region was told of it moves no trigger.
        let sql = "INSERT INTO region_year (org_id, year_start, ceiling_pence, committed_pence, over_pence) \
                   SELECT org_id, year_start, ceiling_pence, committed_pence, over_pence FROM annual_value \
                   WHERE org_id = $1 ON CONFLICT (org_id, year_start) DO NOTHING";
        self.execute(sql, values![self.org()]).await?;
        Ok(())
    }
}
