//! Concerns and their plans; and the measures that they gave cause for.

use placewell_domain::homes::monitoring::concern::Concern;
use placewell_domain::id::{HomeId, MeasureId, OrganisationId};

use super::{bodies, changed};
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

impl Record for Concern {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let (body, state) = (serde_json::to_string(self)?, self.state.name());
        if self.version == 1 {
            let sql = "INSERT INTO home_concern (id, org_id, provider_id, version, home_id, severity, next_due, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8)";
            let severity = self.severity.code();
            let values =
                values![self.id, self.raised_by, self.provider, self.home, severity, self.next_due(), state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE home_concern SET version = $1, provider_id = $2, next_due = $3, state = $4, body = $5 \
                   WHERE org_id = $6 AND id = $7 AND version = $1 - 1";
        let values = values![self.version, self.provider, self.next_due(), state, body, self.raised_by, self.id];
        changed(session.execute(sql, values).await?)
    }
}

impl Session {
    /// One concern that this organisation may read.
    pub async fn concern(&self, id: i64) -> Result<Concern, StoreError> {
        self.one("SELECT body FROM home_concern WHERE id = $1", values![id]).await?.json("body")
    }

    /// Every concern that this organisation may read: the open ones first, those with the earliest action first.
    pub async fn concerns(&self) -> Result<Vec<Concern>, StoreError> {
        let sql = "SELECT body FROM home_concern ORDER BY CASE WHEN state = 'closed' THEN 1 ELSE 0 END, next_due, id";
        bodies(&self.all(sql, vec![]).await?)
    }

    /// The open concerns that an organisation raised, or that are about a home of its own: those with the earliest action
    /// first.
    pub async fn open_concerns(&self, org: OrganisationId) -> Result<Vec<Concern>, StoreError> {
        let sql = "SELECT body FROM home_concern WHERE (org_id = $1 OR provider_id = $1) AND state <> 'closed' \
                   ORDER BY next_due, id";
        bodies(&self.all(sql, values![org]).await?)
    }

    /// The concerns about a home, in the same order.
    pub async fn concerns_of(&self, home: HomeId) -> Result<Vec<Concern>, StoreError> {
        let sql = "SELECT body FROM home_concern WHERE home_id = $1 \
                   ORDER BY CASE WHEN state = 'closed' THEN 1 ELSE 0 END, next_due, id";
        bodies(&self.all(sql, values![home]).await?)
    }

    /// The concerns that an organisation raised and of which an action is overdue on a day.
    pub async fn concerns_overdue(
        &self,
        org: OrganisationId,
        today: jiff::civil::Date,
    ) -> Result<Vec<Concern>, StoreError> {
        let sql = "SELECT body FROM home_concern WHERE org_id = $1 AND next_due < $2 ORDER BY id";
        bodies(&self.all(sql, values![org, today]).await?)
    }

    /// The measures that a concern gave cause for.
    pub async fn measures_of_concern(&self, concern: i64) -> Result<Vec<MeasureId>, StoreError> {
        let sql = "SELECT measure_id FROM concern_measure WHERE concern_id = $1 ORDER BY measure_id";
        let rows = self.all(sql, values![concern]).await?;
        rows.iter().map(|row| Ok(MeasureId(row.int("measure_id")?))).collect()
    }
}

impl Work {
    /// Notes that a concern gave cause for a measure.
    pub async fn tie_measure(&self, concern: i64, measure: MeasureId) -> Result<(), StoreError> {
        let sql = "INSERT INTO concern_measure (org_id, concern_id, measure_id) VALUES ($1, $2, $3)";
        self.execute(sql, values![self.org(), concern, measure]).await?;
        Ok(())
    }
}
