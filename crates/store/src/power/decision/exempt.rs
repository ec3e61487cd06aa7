//! The exempt part of a decision: its authority's own to read, and in no public text.

use placewell_domain::id::{DecisionId, OrganisationId};
use placewell_domain::power::decision::ExemptPart;

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Record;

impl Record for ExemptPart {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let sql = "INSERT INTO decision_exempt (id, org_id, decision_id, body) VALUES ($1, $2, $3, $4)";
        let body = serde_json::to_string(self)?;
        session.execute(sql, values![self.id, self.authority, self.decision, body]).await?;
        Ok(())
    }
}

impl Session {
    /// What was recorded of a decision's exempt part, the latest first.
    pub async fn exempt_parts(&self, org: OrganisationId, id: DecisionId) -> Result<Vec<ExemptPart>, StoreError> {
        let sql = "SELECT body FROM decision_exempt WHERE org_id = $1 AND decision_id = $2 ORDER BY id DESC";
        self.all(sql, values![org, id]).await?.iter().map(|row| row.json("body")).collect()
    }
}
