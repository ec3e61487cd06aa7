//! Settings as dated facts: a past calculation reads the value that was in force, and known, then.

use jiff::civil::Date;
use placewell_domain::id::OrganisationId;

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

impl Session {
    /// The value of a setting on a date: the organisation's own fact, latest known; none where it never set one.
    pub async fn setting(
        &self,
        organisation: OrganisationId,
        key: &str,
        on: Date,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT value FROM setting_fact WHERE org_id = $1 AND key = $2 AND from_date <= $3 \
                   ORDER BY from_date DESC, known_from DESC LIMIT 1";
        self.maybe(sql, values![organisation, key, on]).await?.map(|row| row.text("value")).transpose()
    }
}

impl Work {
    /// Sets a value from a date on. The caller records the event.
    pub async fn set(&mut self, key: &str, from: Date, value: &str) -> Result<(), StoreError> {
        let known = self.sequence().await?;
        let sql = "INSERT INTO setting_fact (org_id, key, from_date, known_from, value) VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, values![self.org(), key, from, known, value]).await?;
        Ok(())
    }
}
