//! Visits: their authority's rows; the database itself keeps an unannounced one from the home.

use jiff::civil::Date;
use placewell_domain::homes::monitoring::visit::Visit;
use placewell_domain::id::{HomeId, OrganisationId};

use super::{bodies, changed};
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Record;

impl Record for Visit {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state.name());
        if self.version == 1 {
            let sql = "INSERT INTO home_visit (id, org_id, version, home_id, planned_on, home_knows, state, body) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6, $7)";
            let values = values![self.id, self.authority, self.home, self.planned, self.home_knows(), state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE home_visit SET version = $1, home_knows = $2, state = $3, body = $4 \
                   WHERE org_id = $5 AND id = $6 AND version = $1 - 1";
        let values = values![self.version, self.home_knows(), state, body, self.authority, self.id];
        changed(session.execute(sql, values).await?)
    }
}

impl Session {
    /// One visit that this organisation may read.
    pub async fn home_visit(&self, id: i64) -> Result<Visit, StoreError> {
        self.one("SELECT body FROM home_visit WHERE id = $1", values![id]).await?.json("body")
    }

    /// Every visit that this organisation may read, the latest first.
    pub async fn home_visits(&self) -> Result<Vec<Visit>, StoreError> {
        bodies(&self.all("SELECT body FROM home_visit ORDER BY planned_on DESC, id DESC", vec![]).await?)
    }

    /// An authority's visits of a day and before it that are planned and not yet recorded or called off, the latest first.
    pub async fn home_visits_due(&self, org: OrganisationId, today: Date) -> Result<Vec<Visit>, StoreError> {
        let sql = "SELECT body FROM home_visit WHERE org_id = $1 AND state = 'planned' AND planned_on <= $2 \
                   ORDER BY planned_on DESC, id DESC";
        bodies(&self.all(sql, values![org, today]).await?)
    }

    /// The visits to a home that this organisation may read, the latest first.
    pub async fn home_visits_of(&self, home: HomeId) -> Result<Vec<Visit>, StoreError> {
        let sql = "SELECT body FROM home_visit WHERE home_id = $1 ORDER BY planned_on DESC, id DESC";
        bodies(&self.all(sql, values![home]).await?)
    }

    /// Whether an authority has a child placed at a home now.
    pub async fn has_child_at(&self, org: OrganisationId, home: HomeId) -> Result<bool, StoreError> {
        let sql = "SELECT id FROM agreement WHERE org_id = $1 AND home_id = $2 \
                   AND state IN ('started', 'notice_given') LIMIT 1";
        Ok(self.maybe(sql, values![org, home]).await?.is_some())
    }
}
