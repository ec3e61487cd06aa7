//! The regional arrangement: the regional team's to write, everybody's to read.

use placewell_domain::id::OrganisationId;
use placewell_domain::power::arrangement::{Arrangement, OwnUse};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

/// An arrangement as the regional team that keeps it writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptArrangement {
    /// The regional team.
    pub region: OrganisationId,
    /// The arrangement.
    pub arrangement: Arrangement,
}

impl Record for Arrangement {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let org = session.organisation().ok_or(StoreError::NotFound)?;
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql =
                "INSERT INTO arrangement (id, org_id, version, slug, starts_on, body) VALUES ($1, $2, 1, $3, $4, $5)";
            session.execute(sql, values![self.id, org, self.slug, self.term.start, body]).await?;
            return Ok(());
        }
        let sql = "UPDATE arrangement SET version = $1, body = $2 WHERE org_id = $3 AND id = $4 AND version = $1 - 1";
        match session.execute(sql, values![self.version, body, org, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Record for OwnUse {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO arrangement_use (id, org_id, arrangement_id, act, subject, body) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let (act, subject) = (self.decision.act().code(), self.decision.subject());
        let body = serde_json::to_string(self)?;
        session.execute(sql, values![self.id, self.authority, self.arrangement, act, subject, body]).await?;
        Ok(())
    }
}

impl Session {
    /// What authorities decided for themselves about the arrangement, oldest first.
    pub async fn arrangement_uses(&self) -> Result<Vec<OwnUse>, StoreError> {
        let rows = self.all("SELECT body FROM arrangement_use ORDER BY id", vec![]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// The arrangement that began last; none before the region has recorded one.
    pub async fn current_arrangement(&self) -> Result<Option<KeptArrangement>, StoreError> {
        let row = self.maybe("SELECT org_id, body FROM arrangement ORDER BY starts_on DESC LIMIT 1", vec![]).await?;
        row.map(|row| {
            Ok(KeptArrangement { region: OrganisationId(row.int("org_id")?), arrangement: row.json("body")? })
        })
        .transpose()
    }

    /// The arrangement with this slug.
    pub async fn arrangement(&self, slug: &str) -> Result<KeptArrangement, StoreError> {
        let row = self.one("SELECT org_id, body FROM arrangement WHERE slug = $1", values![slug]).await?;
        Ok(KeptArrangement { region: OrganisationId(row.int("org_id")?), arrangement: row.json("body")? })
    }
}

impl Work {
    /// The arrangement with this slug that this organisation keeps.
    pub async fn own_arrangement(&self, slug: &str) -> Result<Arrangement, StoreError> {
        let sql = "SELECT body FROM arrangement WHERE org_id = $1 AND slug = $2";
        self.one(sql, values![self.org(), slug]).await?.json("body")
    }
}
