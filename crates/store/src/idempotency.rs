//! One effect per key: the key's row, the effect and the stored result are one transaction.

use jiff::Timestamp;
use placewell_domain::id::PersonId;
use placewell_domain::outcome::Refusal;

use crate::error::StoreError;
use crate::values;
use crate::work::Work;

/// What an earlier request with the same key ended with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Earlier {
    /// It was done; the place to look.
    Done(String),
    /// It was refused.
    Refused(Refusal),
    /// The key was used for something else.
    OtherRequest,
}

/// The statement that stores a result, whose values stand after so many others.
pub(crate) fn storing(before: usize) -> String {
    let [org, person, key, location, refusal] = [1, 2, 3, 4, 5].map(|at| before + at);
    format!(
        "UPDATE idempotency SET location = ${location}, refusal = ${refusal} \
         WHERE org_id = ${org} AND actor_id = ${person} AND key = ${key}"
    )
}

impl Work {
    /// Claims a key for this request; an earlier result where the key was used before.
    /// Waits for an earlier request that is still running. The key ages by the machine's clock.
    pub async fn claim_key(
        &self,
        person: PersonId,
        key: &str,
        (route, request_hash): (&str, &str),
        machine: Timestamp,
    ) -> Result<Option<Earlier>, StoreError> {
        let sql = "INSERT INTO idempotency (org_id, actor_id, key, route, request_hash, recorded_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org_id, actor_id, key) DO NOTHING";
        let fresh = self.execute(sql, values![self.org(), person, key, route, request_hash, machine]).await?;
        if fresh == 1 {
            return Ok(None);
        }
        let sql = "SELECT route, request_hash, location, refusal FROM idempotency WHERE org_id = $1 AND actor_id = $2 AND key = $3";
        let row = self.one(sql, values![self.org(), person, key]).await?;
        if row.text("route")? != route || row.text("request_hash")? != request_hash {
            return Ok(Some(Earlier::OtherRequest));
        }
        Ok(Some(match row.opt_text("refusal")? {
            Some(refusal) => Earlier::Refused(serde_json::from_str(&refusal)?),
            None => Earlier::Done(row.opt_text("location")?.unwrap_or_default()),
        }))
    }

    /// Stores the result under the key with the commit: a place to look, or a refusal. Never a body.
    pub fn keep_result(
        &mut self,
        person: PersonId,
        key: &str,
        result: Result<&str, &Refusal>,
    ) -> Result<(), StoreError> {
        let (location, refusal) = match result {
            Ok(location) => (Some(location.to_owned()), None),
            Err(refusal) => (None, Some(serde_json::to_string(refusal)?)),
        };
        self.leave_result(values![self.org(), person, key, location, refusal]);
        Ok(())
    }

    /// Forgets the organisation's keys recorded before an instant; how many there were.
    pub async fn forget_keys(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.execute("DELETE FROM idempotency WHERE org_id = $1 AND recorded_at < $2", values![self.org(), before])
            .await
    }
}
