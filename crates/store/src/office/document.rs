//! Documents: sealed in the database, so that one backup and one transaction hold everything.

use jiff::Timestamp;
use jiff::civil::DateTime;
use placewell_domain::id::{ChildId, DocumentId, OrganisationId, PersonId};
use sha2::{Digest, Sha256};

use crate::error::StoreError;
use crate::keys::RecordKey;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::Work;

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
    /// Its key is gone, so that nobody can read it again: it was taken away, or the child was forgotten.
    pub gone: bool,
}

/// One reading of a document about a child by the home that was given it: the authority's receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentReading {
    /// Which document.
    pub document: DocumentId,
    /// Who read it.
    pub person: PersonId,
    /// When, on the clock in London.
    pub at: DateTime,
}

/// A document to store, about one record of a room.
pub struct NewDocument<'a> {
    /// The other party that may read it, such as the provider of an agreement.
    pub provider: Option<OrganisationId>,
    /// The child whom it is about; the document is readable only as long as the child's key is there.
    pub child: Option<ChildId>,
    /// The room of the record it belongs to.
    pub room: &'a str,
    /// The record.
    pub record: i64,
    /// Its file name.
    pub name: &'a str,
    /// The name that it came with, kept sealed since it may name a child.
    pub label: Option<&'a str>,
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
        gone: row.int("has_key")? == 0,
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
        let sql = "SELECT id, name, media_type, bytes, digest, made_at, CAST((SELECT count(*) FROM document_key k \
                   WHERE k.org_id = document.org_id AND k.document_id = document.id) AS BIGINT) AS has_key FROM document \
                   WHERE (org_id = $1 OR provider_id = $1) AND room = $2 AND record = $3 ORDER BY made_at DESC, id DESC";
        let rows = self.all(sql, values![organisation, room, record]).await?;
        rows.iter().map(entry).collect()
    }

    /// The documents of all records of a room that an organisation keeps, each with its record; of one record the newest first.
    pub async fn documents_of_room(
        &self,
        organisation: OrganisationId,
        room: &str,
    ) -> Result<Vec<(i64, DocumentEntry)>, StoreError> {
        let sql = "SELECT record, id, name, media_type, bytes, digest, made_at, \
                   CAST((SELECT count(*) FROM document_key k WHERE k.org_id = document.org_id \
                   AND k.document_id = document.id) AS BIGINT) AS has_key \
                   FROM document WHERE org_id = $1 AND room = $2 ORDER BY record, made_at DESC, id DESC";
        let rows = self.all(sql, values![organisation, room]).await?;
        rows.iter().map(|row| Ok((row.int("record")?, entry(row)?))).collect()
    }

    /// Every document about a child, whatever record it belongs to, oldest first.
    pub async fn documents_about(
        &self,
        organisation: OrganisationId,
        child: ChildId,
    ) -> Result<Vec<DocumentEntry>, StoreError> {
        let sql = "SELECT d.id, d.name, d.media_type, d.bytes, d.digest, d.made_at, CAST(1 AS BIGINT) AS has_key \
                   FROM document d JOIN document_key k ON k.org_id = d.org_id AND k.document_id = d.id \
                   WHERE d.org_id = $1 AND k.child_id = $2 ORDER BY d.made_at, d.id";
        self.all(sql, values![organisation, child]).await?.iter().map(entry).collect()
    }

    /// The readings of a record's documents by the other organisation that has them, the latest first.
    pub async fn document_readings(
        &self,
        organisation: OrganisationId,
        (room, record): (&str, i64),
        limit: u32,
    ) -> Result<Vec<DocumentReading>, StoreError> {
        let sql = "SELECT r.document_id, r.person_id, r.at FROM document_read r JOIN document d ON d.org_id = r.org_id \
                   AND d.id = r.document_id WHERE r.org_id = $1 AND d.room = $2 AND d.record = $3 \
                   ORDER BY r.id DESC LIMIT $4";
        let rows = self.all(sql, values![organisation, room, record, limit]).await?;
        let reading = |row: &Row| {
            Ok(DocumentReading {
                document: DocumentId(row.int("document_id")?),
                person: PersonId(row.int("person_id")?),
                at: row.text("at")?.parse().map_err(StoreError::fault)?,
            })
        };
        rows.iter().map(reading).collect()
    }

    /// A document's own key, for either of its organisations; `NotFound` once the child was forgotten.
    async fn document_key(&self, organisation: OrganisationId, id: DocumentId) -> Result<RecordKey, StoreError> {
        let sql = "SELECT k.org_id, k.child_id, k.wrapped, c.wrapped AS child_wrapped FROM document_key k \
                   LEFT JOIN child_key c ON c.org_id = k.org_id AND c.child_id = k.child_id \
                   WHERE (k.org_id = $1 OR k.provider_id = $1) AND k.document_id = $2";
        self.record_key(&self.one(sql, values![organisation, id]).await?, id.0).await
    }

    /// The name that a document came with, opened.
    pub async fn document_label(
        &self,
        organisation: OrganisationId,
        id: DocumentId,
    ) -> Result<Option<String>, StoreError> {
        let sql = "SELECT label FROM document WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        let Some(sealed) = self.one(sql, values![organisation, id]).await?.opt_bytes("label")? else { return Ok(None) };
        match self.document_key(organisation, id).await {
            Ok(key) => Ok(Some(String::from_utf8_lossy(&key.open_raw(&sealed)?).into_owned())),
            Err(StoreError::NotFound) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A document's content, opened; `NotFound` once the child whom it was about was forgotten.
    pub async fn document_content(&self, organisation: OrganisationId, id: DocumentId) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT sealed FROM document WHERE (org_id = $1 OR provider_id = $1) AND id = $2";
        let sealed = self.one(sql, values![organisation, id]).await?.bytes("sealed")?;
        self.document_key(organisation, id).await?.open_raw(&sealed)
    }
}

impl Work {
    /// Stores a document, sealed under a key of its own.
    pub async fn add_document(&self, new: &NewDocument<'_>) -> Result<DocumentId, StoreError> {
        let id = DocumentId(self.new_id());
        let (key, wrapped) = self.new_record_key(self.org(), new.child, id.0).await?;
        let sealed = key.seal_raw(new.content)?;
        let label = new.label.map(|label| key.seal_raw(label.as_bytes())).transpose()?;
        let digest = hex::encode(Sha256::digest(new.content));
        let length = i64::try_from(new.content.len()).map_err(StoreError::fault)?;
        let sql = "INSERT INTO document (id, org_id, provider_id, room, record, name, media_type, bytes, digest, made_at, sealed, \
                   label) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
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
            sealed,
            label
        ];
        self.execute(sql, values).await?;
        let sql = "INSERT INTO document_key (org_id, provider_id, document_id, child_id, wrapped) VALUES ($1, $2, $3, $4, $5)";
        self.execute(sql, values![self.org(), new.provider, id, new.child, wrapped]).await?;
        Ok(id)
    }

    /// Notes that somebody of the home reads a document about a child that another organisation keeps; whoever keeps it reads
    /// its own without a receipt, by its own events.
    pub async fn note_document_reading(&self, document: DocumentId, person: PersonId) -> Result<(), StoreError> {
        let sql = "SELECT d.org_id FROM document d JOIN document_key k ON k.org_id = d.org_id AND k.document_id = d.id \
                   WHERE d.provider_id = $1 AND d.org_id <> $1 AND d.id = $2 AND k.child_id IS NOT NULL";
        let Some(kept) = self.maybe(sql, values![self.org(), document]).await? else { return Ok(()) };
        let sql = "INSERT INTO document_read (id, org_id, provider_id, document_id, person_id, at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let at = self.moment().local.to_string();
        let values = values![self.new_id(), kept.int("org_id")?, self.org(), document, person, at];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Takes a document of ours away: its key is destroyed, so that its content can never be read again; that it was
    /// there stays on record.
    pub async fn destroy_document_key(&self, id: DocumentId) -> Result<(), StoreError> {
        let sql = "DELETE FROM document_key WHERE org_id = $1 AND document_id = $2";
        match self.execute(sql, values![self.org(), id]).await? {
            0 => Err(StoreError::NotFound),
            _ => Ok(()),
        }
    }
}
