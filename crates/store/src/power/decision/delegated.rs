//! Officers' decisions: an authority's own to write, published and withdrawn ones for everybody to find.

use placewell_domain::id::OrganisationId;
use placewell_domain::power::decision::{DelegatedDecision, DelegatedState};

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Record;

/// An officer's decision that is or was public, with whose it is.
#[derive(Debug, Clone)]
pub struct PublishedDelegated {
    /// The decision.
    pub decision: DelegatedDecision,
    /// The authority's code.
    pub code: String,
    /// The authority's name.
    pub authority: String,
}

impl Record for DelegatedDecision {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let body = serde_json::to_string(self)?;
        let (state, public) = (self.state.name(), self.state != DelegatedState::Draft);
        let taken = self.page.taken_on;
        if self.version == 1 {
            let sql = "INSERT INTO delegated_decision (id, org_id, version, reference, under_id, state, public, taken_on, body) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8)";
            let values = values![self.id, self.authority, self.reference, self.under, state, public, taken, body];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE delegated_decision SET version = $1, state = $2, public = $3, taken_on = $4, body = $5 \
                   WHERE org_id = $6 AND id = $7 AND version = $1 - 1";
        let values = values![self.version, state, public, taken, body, self.authority, self.id];
        if session.execute(sql, values).await? == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }
}

const PUBLIC: &str = "SELECT d.body, o.code, o.name FROM delegated_decision d JOIN organisation o ON o.id = d.org_id \
                      WHERE d.public = 1";

impl Session {
    /// Every officer's decision that is public, the latest first.
    pub async fn published_delegated(&self) -> Result<Vec<PublishedDelegated>, StoreError> {
        let sql = format!("{PUBLIC} AND d.state = 'published' ORDER BY d.taken_on DESC, d.id DESC");
        self.all(&sql, values![]).await?.iter().map(published).collect()
    }

    /// An officer's decision that is or was public, by its reference.
    pub async fn public_delegated(&self, reference: &str) -> Result<PublishedDelegated, StoreError> {
        published(&self.one(&format!("{PUBLIC} AND d.reference = $1"), values![reference]).await?)
    }

    /// The officers' decisions of an authority, drafts included, the latest first.
    pub async fn delegated_decisions(&self, org: OrganisationId) -> Result<Vec<DelegatedDecision>, StoreError> {
        let sql = "SELECT body FROM delegated_decision WHERE org_id = $1 ORDER BY taken_on DESC, id DESC";
        self.all(sql, values![org]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// The officers' decisions of an authority after a reference, in the order of their references.
    pub async fn delegated_decisions_after(
        &self,
        org: OrganisationId,
        (after, limit): (&str, u32),
    ) -> Result<Vec<DelegatedDecision>, StoreError> {
        let sql =
            "SELECT body FROM delegated_decision WHERE org_id = $1 AND reference > $2 ORDER BY reference LIMIT $3";
        self.all(sql, values![org, after, limit]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// An officer's decision of an authority, by its reference.
    pub async fn delegated_decision(
        &self,
        org: OrganisationId,
        reference: &str,
    ) -> Result<DelegatedDecision, StoreError> {
        let sql = "SELECT body FROM delegated_decision WHERE org_id = $1 AND reference = $2";
        self.one(sql, values![org, reference]).await?.json("body")
    }
}

fn published(row: &Row) -> Result<PublishedDelegated, StoreError> {
    Ok(PublishedDelegated { decision: row.json("body")?, code: row.text("code")?, authority: row.text("name")? })
}
