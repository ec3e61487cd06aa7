//! The forward plan: a row for each step of a notice, public from the first; the latest of a decision stands.

use placewell_domain::power::decision::{Decision, PlanEntry};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// What stands on the forward plan, with whose it is.
#[derive(Debug, Clone)]
pub struct PlannedDecision {
    /// What the plan says.
    pub entry: PlanEntry,
    /// The authority's code.
    pub code: String,
    /// The authority's name.
    pub authority: String,
}

impl Session {
    /// The forward plan of every authority, the next decision first: public.
    pub async fn forward_plan(&self) -> Result<Vec<PlannedDecision>, StoreError> {
        let sql = "SELECT p.body, o.code, o.name FROM forward_plan p JOIN organisation o ON o.id = p.org_id \
                   WHERE p.version = (SELECT max(q.version) FROM forward_plan q \
                   WHERE q.org_id = p.org_id AND q.decision_id = p.decision_id) ORDER BY p.expected_on, p.decision_id";
        let rows = self.all(sql, values![]).await?;
        rows.iter()
            .map(|row| {
                Ok(PlannedDecision { entry: row.json("body")?, code: row.text("code")?, authority: row.text("name")? })
            })
            .collect()
    }
}

impl Work {
    /// Keeps what the forward plan says of a decision from this version on.
    pub async fn keep_plan_entry(&self, decision: &Decision, entry: &PlanEntry) -> Result<(), StoreError> {
        let sql = "INSERT INTO forward_plan (org_id, decision_id, version, step, expected_on, body) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let body = serde_json::to_string(entry)?;
        let (step, expected) = (entry.step.name(), entry.notice.expected);
        self.execute(sql, values![decision.authority, decision.id, decision.version, step, expected, body]).await?;
        Ok(())
    }
}
