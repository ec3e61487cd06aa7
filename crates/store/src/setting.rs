//! Settings as dated facts: a past calculation reads the value that was in force, and known, then.

use jiff::Timestamp;
use jiff::civil::Date;
use placewell_domain::id::OrganisationId;
use placewell_domain::setting::{Key, SettingValue};

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
        // All of them at once: a command asks for several.
        let sql = "SELECT key, value FROM setting_fact WHERE org_id = $1 AND from_date <= $2 \
                   ORDER BY key, from_date DESC, known_from DESC";
        for row in self.all(sql, values![organisation, on]).await? {
            if row.text("key")? == key {
                return Ok(Some(row.text("value")?));
            }
        }
        Ok(None)
    }

    /// The typed value of a setting on a date; the key's default where the organisation never set one.
    pub async fn value_of<T: SettingValue>(
        &self,
        organisation: OrganisationId,
        key: &Key<T>,
        on: Date,
    ) -> Result<T, StoreError> {
        match self.setting(organisation, key.name, on).await? {
            Some(text) => {
                T::read(&text).ok_or_else(|| StoreError::Fault(format!("the setting {} holds no such value", key.name)))
            }
            None => Ok((key.default)()),
        }
    }

    /// Every value that an organisation gave a setting, the latest recorded first.
    pub async fn setting_facts(&self, organisation: OrganisationId, key: &str) -> Result<Vec<SettingFact>, StoreError> {
        let sql = "SELECT f.from_date, f.value, e.moment FROM setting_fact f \
                   LEFT JOIN event e ON e.org_id = f.org_id AND e.seq = f.known_from \
                   WHERE f.org_id = $1 AND f.key = $2 ORDER BY f.known_from DESC, f.from_date DESC";
        let rows = self.all(sql, values![organisation, key]).await?;
        let fact = |row: crate::row::Row| {
            Ok(SettingFact {
                from: row.date("from_date")?,
                value: row.text("value")?,
                recorded: row.opt_moment("moment")?,
            })
        };
        rows.into_iter().map(fact).collect()
    }
}

/// A value that an organisation once gave a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingFact {
    /// From which date it holds.
    pub from: Date,
    /// As it is stored.
    pub value: String,
    /// When it was recorded, where the reader may see the organisation's record.
    pub recorded: Option<Timestamp>,
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
