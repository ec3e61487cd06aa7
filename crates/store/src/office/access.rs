//! Covers, each of which lends a role for its days; and broken glass, a row of two organisations.

use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::access::cover::Cover;
use placewell_domain::office::access::glass::BrokenGlass;

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Record;

impl Record for Cover {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO cover (id, org_id, version, absent_id, covering_id, until_date, state, body) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6, $7)";
            let (org, state) = (self.organisation, self.state.name());
            let values = values![self.id, org, self.absent, self.covering, self.until, state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql =
            "UPDATE cover SET version = $1, state = $2, body = $3 WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.organisation, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Record for BrokenGlass {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO broken_glass (id, org_id, holder_id, version, person_id, until_at, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6, $7)";
            let (until, state) = (self.until.as_microsecond(), self.state.name());
            let values = values![self.id, self.authority, self.holder, self.person, until, state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE broken_glass SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.authority, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Session {
    /// One cover of an organisation.
    pub async fn cover(&self, organisation: OrganisationId, id: i64) -> Result<Cover, StoreError> {
        let sql = "SELECT body FROM cover WHERE org_id = $1 AND id = $2";
        self.one(sql, values![organisation, id]).await?.json("body")
    }

    /// An organisation's latest covers, those that end last first.
    pub async fn covers(&self, organisation: OrganisationId, limit: u32) -> Result<Vec<Cover>, StoreError> {
        let sql = "SELECT body FROM cover WHERE org_id = $1 ORDER BY until_date DESC, id DESC LIMIT $2";
        let rows = self.all(sql, values![organisation, limit]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// An organisation's covers whose days, as they were arranged, go on beyond a date.
    pub async fn covers_ending_after(&self, organisation: OrganisationId, on: Date) -> Result<Vec<Cover>, StoreError> {
        let sql = "SELECT body FROM cover WHERE org_id = $1 AND until_date > $2 ORDER BY until_date, id";
        let rows = self.all(sql, values![organisation, on]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// The covers that a person of an organisation gives, those that were ended aside.
    pub async fn covers_by(&self, organisation: OrganisationId, covering: PersonId) -> Result<Vec<Cover>, StoreError> {
        let sql = "SELECT body FROM cover WHERE org_id = $1 AND covering_id = $2 AND state = 'arranged' ORDER BY id";
        let rows = self.all(sql, values![organisation, covering]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// The covers for a person of an organisation, those that were ended aside.
    pub async fn covers_for(&self, organisation: OrganisationId, absent: PersonId) -> Result<Vec<Cover>, StoreError> {
        let sql = "SELECT body FROM cover WHERE org_id = $1 AND absent_id = $2 AND state = 'arranged' ORDER BY id";
        let rows = self.all(sql, values![organisation, absent]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// One breaking of the glass, of either organisation.
    pub async fn broken_glass(&self, organisation: OrganisationId, id: i64) -> Result<BrokenGlass, StoreError> {
        let sql = "SELECT body FROM broken_glass WHERE (org_id = $1 OR holder_id = $1) AND id = $2";
        self.one(sql, values![organisation, id]).await?.json("body")
    }

    /// The latest breakings of the glass that an organisation is a party of, newest first.
    pub async fn broken_glasses(
        &self,
        organisation: OrganisationId,
        limit: u32,
    ) -> Result<Vec<BrokenGlass>, StoreError> {
        let sql = "SELECT body FROM broken_glass WHERE org_id = $1 OR holder_id = $1 ORDER BY id DESC LIMIT $2";
        let rows = self.all(sql, values![organisation, limit]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }
}
