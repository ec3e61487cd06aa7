//! Recalls: rows of two organisations. The authority reads the whole; the provider, what it needs to stop and to confirm.

use placewell_domain::id::{InvitationId, OrganisationId};
use placewell_domain::placing::disclosure::recall::Recall;

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Record;

impl Record for Recall {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        if self.version == 1 {
            let sql = "INSERT INTO disclosure_recall (id, org_id, provider_id, version, invitation_id, state, body) \
                       VALUES ($1, $2, $3, 1, $4, $5, $6)";
            let state = self.state.name();
            let values = values![self.id, self.authority, self.provider, self.invitation, state, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE disclosure_recall SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        match session.execute(sql, values![self.version, self.state.name(), body, self.authority, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

impl Session {
    /// One recall, of either organisation.
    pub async fn recall(&self, organisation: OrganisationId, id: i64) -> Result<Recall, StoreError> {
        let sql = "SELECT body FROM disclosure_recall WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        self.one(sql, values![organisation, id]).await?.json("body")
    }

    /// The recalls on an invitation, oldest first.
    pub async fn recalls_on(
        &self,
        organisation: OrganisationId,
        invitation: InvitationId,
    ) -> Result<Vec<Recall>, StoreError> {
        let sql = "SELECT body FROM disclosure_recall WHERE (org_id = $1 OR provider_id = $1) AND invitation_id = $2 \
                   ORDER BY id";
        let rows = self.all(sql, values![organisation, invitation]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }

    /// An organisation's latest recalls, newest first.
    pub async fn recalls(&self, organisation: OrganisationId, limit: u32) -> Result<Vec<Recall>, StoreError> {
        let sql = "SELECT body FROM disclosure_recall WHERE org_id = $1 OR provider_id = $1 ORDER BY id DESC LIMIT $2";
        let rows = self.all(sql, values![organisation, limit]).await?;
        rows.iter().map(|row| row.json("body")).collect()
    }
}
