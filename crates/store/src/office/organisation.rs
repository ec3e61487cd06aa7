//! Organisations: few, read by all, made by `init` and the demonstration.

use placewell_domain::id::OrganisationId;
use placewell_domain::office::organisation::{Organisation, OrganisationKind};

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::tagged::Covered;
use crate::values;
use crate::work::Work;

const COLUMNS: &str = "id, code, name, kind, area, placing_body";

fn organisation(row: &Row) -> Result<Organisation, StoreError> {
    let kind = row.text("kind")?;
    Ok(Organisation {
        id: OrganisationId(row.int("id")?),
        code: row.text("code")?,
        name: row.text("name")?,
        kind: OrganisationKind::from_code(&kind)
            .ok_or_else(|| StoreError::Fault(format!("organisation kind {kind}")))?,
        area: row.opt_text("area")?,
        placing_body: row.opt_text("placing_body")?,
    })
}

/// A mark is tagged: whoever writes the database makes no demonstration of it, in which everybody is whom they choose.
fn covered(key: &str, value: &str) -> Covered {
    Covered::of("meta").with(key).with(value)
}

impl Session {
    /// Every organisation, by name.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        let rows = self.all(&format!("SELECT {COLUMNS} FROM organisation ORDER BY name"), vec![]).await?;
        rows.iter().map(organisation).collect()
    }

    /// One organisation.
    pub async fn organisation_by_id(&self, id: OrganisationId) -> Result<Organisation, StoreError> {
        organisation(&self.one(&format!("SELECT {COLUMNS} FROM organisation WHERE id = $1"), values![id]).await?)
    }

    /// The organisation with this code, such as `HEF`.
    pub async fn organisation_by_code(&self, code: &str) -> Result<Organisation, StoreError> {
        organisation(&self.one(&format!("SELECT {COLUMNS} FROM organisation WHERE code = $1"), values![code]).await?)
    }

    /// The organisation that operates the service; none before it was made.
    pub async fn operator(&self) -> Result<Option<OrganisationId>, StoreError> {
        let sql = "SELECT id FROM organisation WHERE kind = $1 ORDER BY id LIMIT 1";
        let row = self.maybe(sql, values![OrganisationKind::Operator.code()]).await?;
        row.map(|row| row.int("id").map(OrganisationId)).transpose()
    }

    /// Whether anybody works, or worked, for an organisation.
    pub async fn has_people(&self, organisation: OrganisationId) -> Result<bool, StoreError> {
        let sql = "SELECT person_id FROM membership WHERE org_id = $1 LIMIT 1";
        Ok(self.maybe(sql, values![organisation]).await?.is_some())
    }

    /// A mark that the database was given when it was made, such as that it is a demonstration.
    pub async fn mark(&self, key: &str) -> Result<Option<String>, StoreError> {
        let Some(row) = self.maybe("SELECT value, tag FROM meta WHERE key = $1", values![key]).await? else {
            return Ok(None);
        };
        let value = row.text("value")?;
        Ok(covered(key, &value).fits(self.master(), &row.text("tag")?).then_some(value))
    }
}

impl Work {
    /// Adds an organisation.
    pub async fn add_organisation(&self, new: &Organisation) -> Result<(), StoreError> {
        let sql = "INSERT INTO organisation (id, code, name, kind, area, placing_body) VALUES ($1, $2, $3, $4, $5, $6)";
        let values = values![new.id, new.code, new.name, new.kind.code(), new.area, new.placing_body];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Gives this work's own organisation the name and code that it was made for.
    pub async fn name_organisation(&self, code: &str, name: &str) -> Result<(), StoreError> {
        match self
            .execute("UPDATE organisation SET code = $2, name = $3 WHERE id = $1", values![self.org(), code, name])
            .await?
        {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }

    /// Sets a mark of the database itself.
    pub async fn set_mark(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO meta (key, value, tag) VALUES ($1, $2, $3) \
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value, tag = excluded.tag";
        self.execute(sql, values![key, value, covered(key, value).tag(self.master())]).await?;
        Ok(())
    }

    /// Sets a mark of the database itself unless it says the same already; whether it was set. Whoever sets the same one
    /// meanwhile waits until this work ends.
    pub async fn set_mark_once(&self, key: &str, value: &str) -> Result<bool, StoreError> {
        let sql = "INSERT INTO meta (key, value, tag) VALUES ($1, $2, $3) \
                   ON CONFLICT (key) DO UPDATE SET value = excluded.value, tag = excluded.tag \
                   WHERE meta.value <> excluded.value OR meta.tag <> excluded.tag";
        Ok(self.execute(sql, values![key, value, covered(key, value).tag(self.master())]).await? > 0)
    }
}
