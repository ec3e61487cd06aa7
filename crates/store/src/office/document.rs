//! Documents: sealed in the database, so that one backup and one transaction hold everything.

use jiff::Timestamp;
use placewell_domain::id::{DocumentId, OrganisationId};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// The largest document, in bytes.
pub const LARGEST: usize = 25 * 1024 * 1024;

/// What is known of a document without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentEntry {
    /// Its id.
    pub id: DocumentId,
    /// Its file name.
    pub name: String,
    /// Such as `application/pdf`.
    pub media_type: String,
    /// Its length.
    pub bytes: i64,
    /// SHA-256 of its content, in hexadecimal digits.
    pub digest: String,
    /// When it was stored.
    pub made_at: Timestamp,
}

/// A document to store, about one record of a room.
pub struct NewDocument<'a> {
    /// The other party that may read it, such as the provider of an agreement.
    pub provider: Option<OrganisationId>,
    /// The room of the record it belongs to.
    pub room: &'a str,
    /// The record.
    pub record: i64,
    /// Its file name.
    pub name: &'a str,
    /// Such as `application/pdf`.
    pub media_type: &'a str,
    /// Its content.
    pub content: &'a [u8],
}

fn entry(row: &Row) -> Result<DocumentEntry, StoreError> {
    Ok(DocumentEntry {
        id: DocumentId(row.int("id")?),
        name: row.text("name")?,
        media_type: row.text("media_type")?,
        bytes: row.int("bytes")?,
        digest: row.text("digest")?,
        made_at: row.moment("made_at")?,
    })
}

impl Session {
    /// The documents of a record, newest first; those of another organisation do not show.
    pub async fn documents(
        &self,
        organisation: OrganisationId,
        room: &str,
        record: i64,
    ) -> Result<Vec<DocumentEntry>, StoreError> {
        let sql = "SELECT id, name, media_type, bytes, digest, made_at FROM document \
                   WHERE (org_id = $1 OR provider_id = $1) AND room = $2 AND record = $3 ORDER BY made_at DESC, id DESC";
        let rows = self.all(sql, values![organisation, room, record]).await?;
        rows.iter().map(entry).collect()
    }

    /// A document's content, opened.
    pub async fn document_content(&self, organisation: OrganisationId, id: DocumentId) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT sealed FROM document WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        let sealed = self.one(sql, values![organisation, id]).await?.bytes("sealed")?;
        self.master().open(id.0, &sealed)
    }
}

impl Work {
    /// Stores a document, sealed.
    pub async fn add_document(&self, new: &NewDocument<'_>) -> Result<DocumentId, StoreError> {
        let id = DocumentId(self.new_id());
        let sealed = self.master().seal(id.0, new.content)?;
        let digest = hex::encode(Sha256::digest(new.content));
        let length = i64::try_from(new.content.len()).map_err(StoreError::fault)?;
        let sql = "INSERT INTO document (id, org_id, provider_id, room, record, name, media_type, bytes, digest, made_at, sealed) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let at = self.moment().at;
        let values = values![
            id,
            self.org(),
            new.provider,
            new.room,
            new.record,
            new.name,
            new.media_type,
            length,
            digest,
            at,
            sealed
        ];
        self.execute(sql, values).await?;
        Ok(id)
    }
}
