//! What is published by the year: totals with every small number out of them, kept once and for good, for everybody; and
//! what they are reckoned from, which an authority's own session alone can read.

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::placing::agreement::Agreement;
use placewell_domain::reporting::publication::{Begun, Bought, YearTotals};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// A year that is published.
#[derive(Debug, Clone)]
pub struct PublishedYear {
    /// Its totals.
    pub totals: YearTotals,
    /// When.
    pub published_at: Timestamp,
}

/// What one authority told the regional team of a year.
#[derive(Debug, Clone)]
pub struct ToldYear {
    /// The authority.
    pub authority: OrganisationId,
    /// What it bought at each provider.
    pub bought: Vec<Bought>,
    /// Its placements that began; none where it told before shares were published.
    pub begun: Option<Begun>,
}

impl Session {
    /// The years that are published, the latest first: public.
    pub async fn published_years(&self) -> Result<Vec<PublishedYear>, StoreError> {
        let sql = "SELECT body, published_at FROM published_year ORDER BY year_start DESC";
        let rows = self.all(sql, values![]).await?;
        rows.iter()
            .map(|row| Ok(PublishedYear { totals: row.json("body")?, published_at: row.moment("published_at")? }))
            .collect()
    }

    /// What each authority that did told the regional team of a year.
    pub async fn told_years(&self, year_start: Date) -> Result<Vec<ToldYear>, StoreError> {
        let sql = "SELECT org_id, body, begun FROM told_year WHERE year_start = $1 ORDER BY org_id";
        let rows = self.all(sql, values![year_start]).await?;
        rows.iter()
            .map(|row| {
                let begun = row.opt_text("begun")?.map(|text| serde_json::from_str(&text)).transpose()?;
                Ok(ToldYear { authority: OrganisationId(row.int("org_id")?), bought: row.json("body")?, begun })
            })
            .collect()
    }

    /// An authority's agreements under which a child slept somewhere between two days, the second left out.
    pub async fn agreements_between(
        &self,
        org: OrganisationId,
        (from, until): (Date, Date),
    ) -> Result<Vec<Agreement>, StoreError> {
        let sql = "SELECT body FROM agreement WHERE org_id = $1 AND start_on < $3 AND planned_end >= $2 \
                   AND state IN ('started', 'notice_given', 'ended') ORDER BY id";
        self.all(sql, values![org, from, until]).await?.iter().map(|row| row.json("body")).collect()
    }
}

impl Work {
    /// Tells the regional team what this authority bought in a year and what began, in place of what it told before.
    pub async fn tell_year(
        &self,
        region: OrganisationId,
        year_start: Date,
        (bought, begun): (&[Bought], &Begun),
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO told_year (org_id, region_id, year_start, told_at, body, begun) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org_id, year_start) DO UPDATE SET \
                   region_id = excluded.region_id, told_at = excluded.told_at, body = excluded.body, \
                   begun = excluded.begun";
        let (body, begun) = (serde_json::to_string(bought)?, serde_json::to_string(begun)?);
        self.execute(sql, values![self.org(), region, year_start, self.moment().at, body, begun]).await?;
        Ok(())
    }

    /// Keeps a year's totals. The database refuses a second version.
    pub async fn publish_year(&self, totals: &YearTotals, person: PersonId) -> Result<(), StoreError> {
        let sql = "INSERT INTO published_year (org_id, year_start, published_at, person_id, body) \
                   VALUES ($1, $2, $3, $4, $5)";
        let body = serde_json::to_string(totals)?;
        self.execute(sql, values![self.org(), totals.year_start, self.moment().at, person, body]).await?;
        Ok(())
    }
}
