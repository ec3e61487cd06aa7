//! Decisions: an authority's own to write, published ones for everybody to read, with every version of the page kept.

use jiff::Timestamp;
use placewell_domain::id::{DecisionId, OrganisationId};
use placewell_domain::power::decision::{Decision, DecisionPage};

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

mod delegated;
mod exempt;
mod plan;

pub use delegated::PublishedDelegated;
pub use plan::PlannedDecision;

/// A published decision with the code and name of whose it is.
#[derive(Debug, Clone)]
pub struct PublishedDecision {
    /// The decision.
    pub decision: Decision,
    /// The authority's code.
    pub code: String,
    /// The authority's name.
    pub authority: String,
}

/// An earlier or present text of a decision.
#[derive(Debug, Clone)]
pub struct DecisionText {
    /// The version that the record had with it.
    pub version: i64,
    /// The state that it had.
    pub state: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The page as it said.
    pub page: DecisionPage,
    /// Why it was corrected, where it was.
    pub why: Option<String>,
}

impl Record for Decision {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        let publication = self.state.publication();
        let published_on = publication.map(|publication| publication.published_on);
        let (state, body) = (self.state.name(), serde_json::to_string(self)?);
        let public = publication.is_some();
        if self.version == 1 {
            let sql = "INSERT INTO decision (id, org_id, version, reference, state, public, published_on, effective_on, body) \
                       VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8)";
            let values = values![
                self.id,
                self.authority,
                self.reference,
                state,
                public,
                published_on,
                self.effective_on(),
                body
            ];
            session.execute(sql, values).await?;
            return Ok(());
        }
        let sql = "UPDATE decision SET version = $1, reference = $2, state = $3, public = $4, published_on = $5, \
                   effective_on = $6, body = $7 WHERE org_id = $8 AND id = $9 AND version = $1 - 1";
        let values = values![
            self.version,
            self.reference,
            state,
            public,
            published_on,
            self.effective_on(),
            body,
            self.authority,
            self.id
        ];
        if session.execute(sql, values).await? == 0 { Err(StoreError::Conflict) } else { Ok(()) }
    }
}

const PUBLISHED: &str = "SELECT d.body, o.code, o.name FROM decision d JOIN organisation o ON o.id = d.org_id \
                         WHERE d.public = 1";

impl Session {
    /// Every decision of an organisation, the latest first.
    pub async fn decisions(&self, org: OrganisationId) -> Result<Vec<Decision>, StoreError> {
        let rows = self.all("SELECT body FROM decision WHERE org_id = $1 ORDER BY id DESC", values![org]).await?;
        rows.iter().map(Row::body).collect()
    }

    /// One decision of an organisation.
    pub async fn decision(&self, org: OrganisationId, id: DecisionId) -> Result<Decision, StoreError> {
        self.one("SELECT body FROM decision WHERE org_id = $1 AND id = $2", values![org, id]).await?.json("body")
    }

    /// One decision of an organisation, by its reference.
    pub async fn decision_by_reference(&self, org: OrganisationId, reference: &str) -> Result<Decision, StoreError> {
        let sql = "SELECT body FROM decision WHERE org_id = $1 AND reference = $2";
        self.one(sql, values![org, reference]).await?.json("body")
    }

    /// Every published decision of every organisation, the latest first: public.
    pub async fn published_decisions(&self) -> Result<Vec<PublishedDecision>, StoreError> {
        let rows = self.all(&format!("{PUBLISHED} ORDER BY d.published_on DESC, d.id DESC"), vec![]).await?;
        rows.iter().map(published).collect()
    }

    /// The published decisions after a reference, in the order of their references: public.
    pub async fn published_decisions_after(
        &self,
        (after, limit): (&str, u32),
    ) -> Result<Vec<PublishedDecision>, StoreError> {
        let sql = format!("{PUBLISHED} AND d.reference > $1 ORDER BY d.reference LIMIT $2");
        self.all(&sql, values![after, limit]).await?.iter().map(published).collect()
    }

    /// The decisions of an organisation after a reference, in the order of their references.
    pub async fn decisions_after(
        &self,
        org: OrganisationId,
        (after, limit): (&str, u32),
    ) -> Result<Vec<Decision>, StoreError> {
        let sql = "SELECT body FROM decision WHERE org_id = $1 AND reference > $2 ORDER BY reference LIMIT $3";
        self.all(sql, values![org, after, limit]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// A published decision by its reference: public. Drafts are not found.
    pub async fn published_decision(&self, reference: &str) -> Result<PublishedDecision, StoreError> {
        published(&self.one(&format!("{PUBLISHED} AND d.reference = $1"), values![reference]).await?)
    }

    /// The published decisions of one organisation: public.
    pub async fn published_decisions_of(&self, org: OrganisationId) -> Result<Vec<Decision>, StoreError> {
        let sql = "SELECT body FROM decision WHERE org_id = $1 AND public = 1 ORDER BY id";
        self.all(sql, values![org]).await?.iter().map(Row::body).collect()
    }

    /// When the public text of each decision last changed: public.
    pub async fn decision_changes(&self) -> Result<Vec<(DecisionId, Timestamp)>, StoreError> {
        let sql = "SELECT decision_id, max(recorded_at) AS recorded_at FROM decision_text GROUP BY org_id, decision_id";
        let rows = self.all(sql, vec![]).await?;
        rows.iter().map(|row| Ok((DecisionId(row.int("decision_id")?), row.moment("recorded_at")?))).collect()
    }

    /// The texts of a decision, the latest first.
    pub async fn decision_texts(&self, org: OrganisationId, id: DecisionId) -> Result<Vec<DecisionText>, StoreError> {
        let sql = "SELECT version, state, recorded_at, page, why FROM decision_text \
                   WHERE org_id = $1 AND decision_id = $2 ORDER BY version DESC";
        let rows = self.all(sql, values![org, id]).await?;
        rows.iter()
            .map(|row| {
                Ok(DecisionText {
                    version: row.int("version")?,
                    state: row.text("state")?,
                    recorded_at: row.moment("recorded_at")?,
                    page: row.json("page")?,
                    why: row.opt_text("why")?,
                })
            })
            .collect()
    }
}

impl Work {
    /// Keeps the text of a decision as it now is; called with each publication and what follows.
    pub async fn keep_decision_text(&self, decision: &Decision) -> Result<(), StoreError> {
        self.keep_text(decision, None).await
    }

    /// Keeps the corrected text of a published decision, with why it was corrected.
    pub async fn keep_corrected_text(&self, decision: &Decision, why: &str) -> Result<(), StoreError> {
        self.keep_text(decision, Some(why)).await
    }

    async fn keep_text(&self, decision: &Decision, why: Option<&str>) -> Result<(), StoreError> {
        let sql = "INSERT INTO decision_text (org_id, decision_id, version, state, recorded_at, page, why) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let page = serde_json::to_string(&decision.page)?;
        let (version, state, at) = (decision.version, decision.state.name(), self.moment().at);
        let why = why.map(str::to_owned);
        self.execute(sql, values![decision.authority, decision.id, version, state, at, page, why]).await?;
        Ok(())
    }
}

fn published(row: &Row) -> Result<PublishedDecision, StoreError> {
    Ok(PublishedDecision { decision: row.json("body")?, code: row.text("code")?, authority: row.text("name")? })
}
