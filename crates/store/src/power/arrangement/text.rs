//! The text of a version of the terms or of the specification: the regional team's to keep, once; everybody's to read.

use jiff::civil::Date;
use placewell_domain::id::ArrangementId;
use placewell_domain::power::arrangement::Instrument;
use sha2::{Digest as _, Sha256};

use crate::error::StoreError;
use crate::session::Session;
use crate::values;
use crate::work::Work;

/// What is known of a text without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsText {
    /// Such as `application/pdf`.
    pub media_type: String,
    /// Its length.
    pub bytes: i64,
    /// SHA-256 of its content, in hexadecimal digits.
    pub digest: String,
    /// When it was kept.
    pub kept_on: Date,
}

impl Session {
    /// What is known of the text of a version; none where none was kept.
    pub async fn terms_text(
        &self,
        arrangement: ArrangementId,
        (of, version): (Instrument, &str),
    ) -> Result<Option<TermsText>, StoreError> {
        let sql = "SELECT media_type, bytes, digest, kept_on FROM terms_text WHERE arrangement_id = $1 \
                   AND instrument = $2 AND terms = $3";
        let Some(row) = self.maybe(sql, values![arrangement, of.code(), version]).await? else { return Ok(None) };
        Ok(Some(TermsText {
            media_type: row.text("media_type")?,
            bytes: row.int("bytes")?,
            digest: row.text("digest")?,
            kept_on: row.date("kept_on")?,
        }))
    }

    /// The text itself.
    pub async fn terms_text_content(
        &self,
        arrangement: ArrangementId,
        (of, version): (Instrument, &str),
    ) -> Result<Vec<u8>, StoreError> {
        let sql = "SELECT content FROM terms_text WHERE arrangement_id = $1 AND instrument = $2 AND terms = $3";
        self.one(sql, values![arrangement, of.code(), version]).await?.bytes("content")
    }
}

impl Work {
    /// Keeps the text of a version; gives its SHA-256. The caller records the event.
    pub async fn keep_terms_text(
        &self,
        arrangement: ArrangementId,
        (of, version): (Instrument, &str),
        (media_type, content): (&str, &[u8]),
    ) -> Result<String, StoreError> {
        let digest = hex::encode(Sha256::digest(content));
        let length = i64::try_from(content.len()).map_err(StoreError::fault)?;
        let sql = "INSERT INTO terms_text (org_id, arrangement_id, instrument, terms, media_type, bytes, digest, \
                   kept_on, content) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let on = self.moment().today();
        let content = content.to_vec();
        let values = values![self.org(), arrangement, of.code(), version, media_type, length, digest, on, content];
        self.execute(sql, values).await?;
        Ok(digest)
    }
}
