//! Quality returns: the region's rows, which the home's provider fills and the region's members read.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::quality_return::QualityReturn;
use placewell_domain::id::{HomeId, OrganisationId};

use super::{bodies, changed};
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Record;

impl Record for QualityReturn {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state.name());
        if self.version == 1 {
            let sql = "INSERT INTO quality_return (id, org_id, provider_id, version, home_id, quarter, due_on, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8)";
            let values = values![self.id, self.region, self.provider, self.home, self.quarter, self.due, state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE quality_return SET version = $1, provider_id = $2, state = $3, body = $4 \
                   WHERE org_id = $5 AND id = $6 AND version = $1 - 1";
        let values = values![self.version, self.provider, state, body, self.region, self.id];
        changed(session.execute(sql, values).await?)
    }
}

impl Session {
    /// One return that this organisation may read.
    pub async fn quality_return(&self, id: i64) -> Result<QualityReturn, StoreError> {
        self.one("SELECT body FROM quality_return WHERE id = $1", values![id]).await?.json("body")
    }

    /// The returns of a quarter, by home.
    pub async fn quality_returns(&self, quarter: Date) -> Result<Vec<QualityReturn>, StoreError> {
        let sql = "SELECT body FROM quality_return WHERE quarter = $1 ORDER BY home_id";
        bodies(&self.all(sql, values![quarter]).await?)
    }

    /// Every return since a quarter, the earliest first.
    pub async fn quality_returns_since(&self, quarter: Date) -> Result<Vec<QualityReturn>, StoreError> {
        let sql = "SELECT body FROM quality_return WHERE quarter >= $1 ORDER BY quarter, home_id";
        bodies(&self.all(sql, values![quarter]).await?)
    }

    /// A home's returns, the latest first.
    pub async fn quality_returns_of(&self, home: HomeId) -> Result<Vec<QualityReturn>, StoreError> {
        let sql = "SELECT body FROM quality_return WHERE home_id = $1 ORDER BY quarter DESC";
        bodies(&self.all(sql, values![home]).await?)
    }

    /// A provider's returns: those that wait for it first, by their day.
    pub async fn own_quality_returns(&self, provider: OrganisationId) -> Result<Vec<QualityReturn>, StoreError> {
        let sql = "SELECT body FROM quality_return WHERE provider_id = $1 \
                   ORDER BY CASE WHEN state IN ('due', 'asked_again') THEN 0 ELSE 1 END, due_on DESC, home_id";
        bodies(&self.all(sql, values![provider]).await?)
    }

    /// A region's returns that wait for the home and are due by a day.
    pub async fn quality_returns_due(
        &self,
        region: OrganisationId,
        by: Date,
    ) -> Result<Vec<QualityReturn>, StoreError> {
        let sql = "SELECT body FROM quality_return WHERE org_id = $1 AND state = 'due' AND due_on <= $2 ORDER BY id";
        bodies(&self.all(sql, values![region, by]).await?)
    }

    /// The latest quarter for which a region scheduled returns; none before the first.
    pub async fn latest_quarter(&self, region: OrganisationId) -> Result<Option<Date>, StoreError> {
        let sql = "SELECT max(quarter) AS quarter FROM quality_return WHERE org_id = $1";
        self.one(sql, values![region]).await?.opt_date("quarter")
    }
}
