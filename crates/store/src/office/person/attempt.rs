//! Sign-in attempts that failed, kept by a digest of account and address, so that every node counts the same.

use jiff::Timestamp;

use crate::connect::Backend;
use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

impl Session {
    /// What is remembered under a digest; none where nothing is.
    pub async fn attempts(&self, key: &str) -> Result<Option<String>, StoreError> {
        let row = self.maybe("SELECT body FROM sign_in_attempt WHERE key = $1", values![key]).await?;
        row.map(|row| row.text("body")).transpose()
    }
}

impl Work {
    /// What is remembered under a digest, held until this work ends; an empty object where nothing was.
    pub async fn hold_attempts(&self, key: &str, machine: Timestamp) -> Result<String, StoreError> {
        let sql = "INSERT INTO sign_in_attempt (key, body, last_at) VALUES ($1, '{}', $2) ON CONFLICT (key) DO NOTHING";
        self.execute(sql, values![key, machine]).await?;
        let held = if self.backend() == Backend::Postgres { " FOR UPDATE" } else { "" };
        self.one(&format!("SELECT body FROM sign_in_attempt WHERE key = $1{held}"), values![key]).await?.text("body")
    }

    /// Remembers anew what was held.
    pub async fn keep_attempts(&self, key: &str, body: &str, machine: Timestamp) -> Result<(), StoreError> {
        let sql = "UPDATE sign_in_attempt SET body = $2, last_at = $3 WHERE key = $1";
        self.execute(sql, values![key, body, machine]).await?;
        Ok(())
    }

    /// Forgets what nobody has added to since an instant; how many there were.
    pub async fn forget_attempts(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.execute("DELETE FROM sign_in_attempt WHERE last_at < $1", values![before]).await
    }
}
