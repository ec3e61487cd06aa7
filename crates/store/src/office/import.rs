//! Files that are brought in: the record of each, and its rows, sealed in parts under a key of the file's own.

use jiff::civil::Date;
use placewell_domain::id::{OrganisationId, UploadId};
use placewell_domain::office::import::{FileKind, Tally, Upload};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::connect::Backend;
use crate::error::StoreError;
use crate::keys::RecordKey;
use crate::row::Row;
use crate::session::Session;
use crate::values;
use crate::work::{Record, Work};

/// Where one part of a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartEntry {
    /// Its number, from 0.
    pub part: i64,
    /// What became of its rows.
    pub tally: Tally,
}

/// How far a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Its parts.
    pub parts: i64,
    /// Those that are checked.
    pub checked: i64,
    /// Those that went in.
    pub done: i64,
    /// The rows of the parts that are checked.
    pub rows_checked: i64,
    /// The rows of the parts that went in.
    pub rows_done: i64,
}

impl Record for Upload {
    async fn write(&self, session: &Session) -> Result<(), StoreError> {
        // The first version is written by `Work::stage_upload`, with the sealed name.
        let sql = "UPDATE upload SET version = $1, state = $2, body = $3 \
                   WHERE org_id = $4 AND id = $5 AND version = $1 - 1";
        let body = serde_json::to_string(self)?;
        match session.execute(sql, values![self.version, self.state.name(), body, self.organisation, self.id]).await? {
            0 => Err(StoreError::Conflict),
            _ => Ok(()),
        }
    }
}

fn count(row: &Row, column: &str) -> Result<u32, StoreError> {
    u32::try_from(row.int(column)?).map_err(StoreError::fault)
}

/// What became of rows, over parts of a file.
const SUMS: &str = "SELECT CAST(COALESCE(sum(changes), 0) AS BIGINT) AS changes, \
                    CAST(COALESCE(sum(unchanged), 0) AS BIGINT) AS unchanged, \
                    CAST(COALESCE(sum(wrong), 0) AS BIGINT) AS wrong \
                    FROM upload_part WHERE org_id = $1 AND upload_id = $2";

fn tally(row: &Row) -> Result<Tally, StoreError> {
    Ok(Tally { changes: count(row, "changes")?, unchanged: count(row, "unchanged")?, wrong: count(row, "wrong")? })
}

impl Session {
    /// A file by its number; `NotFound` where the organisation has none of it.
    pub async fn upload(&self, org: OrganisationId, number: u32) -> Result<Upload, StoreError> {
        self.one("SELECT body FROM upload WHERE org_id = $1 AND number = $2", values![org, number]).await?.json("body")
    }

    /// A file by its id.
    pub async fn upload_by_id(&self, org: OrganisationId, id: UploadId) -> Result<Upload, StoreError> {
        self.one("SELECT body FROM upload WHERE org_id = $1 AND id = $2", values![org, id]).await?.json("body")
    }

    /// The files of these kinds that an organisation brought, the latest first, from below a number on.
    pub async fn uploads(
        &self,
        org: OrganisationId,
        kinds: &[FileKind],
        (below, limit): (u32, u32),
    ) -> Result<Vec<Upload>, StoreError> {
        if kinds.is_empty() {
            return Ok(Vec::new());
        }
        let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{}'", kind.code())).collect();
        let sql = format!(
            "SELECT body FROM upload WHERE org_id = $1 AND number < $2 AND kind IN ({}) ORDER BY number DESC LIMIT $3",
            kinds.join(", ")
        );
        self.all(&sql, values![org, below, limit]).await?.iter().map(|row| row.json("body")).collect()
    }

    /// The key of a file; none once its text was forgotten.
    pub async fn upload_key(&self, org: OrganisationId, id: UploadId) -> Result<Option<RecordKey>, StoreError> {
        let sql = "SELECT org_id, wrapped FROM upload_key WHERE org_id = $1 AND upload_id = $2";
        match self.maybe(sql, values![org, id]).await? {
            Some(row) => Ok(Some(self.record_key(&row, id.0).await?)),
            None => Ok(None),
        }
    }

    /// The name that a file came with, opened; none once its text was forgotten.
    pub async fn upload_name(&self, org: OrganisationId, id: UploadId) -> Result<Option<String>, StoreError> {
        let Some(key) = self.upload_key(org, id).await? else { return Ok(None) };
        let row = self.one("SELECT name FROM upload WHERE org_id = $1 AND id = $2", values![org, id]).await?;
        Ok(Some(String::from_utf8_lossy(&key.open_raw(&row.bytes("name")?)?).into_owned()))
    }

    /// How far a file is.
    pub async fn upload_progress(&self, org: OrganisationId, id: UploadId) -> Result<Progress, StoreError> {
        let sql = "SELECT state, CAST(count(*) AS BIGINT) AS parts, \
                   CAST(sum(changes + unchanged + wrong) AS BIGINT) AS counted FROM upload_part \
                   WHERE org_id = $1 AND upload_id = $2 GROUP BY state";
        let mut progress = Progress::default();
        for row in self.all(sql, values![org, id]).await? {
            let (parts, counted) = (row.int("parts")?, row.int("counted")?);
            progress.parts += parts;
            match row.text("state")?.as_str() {
                "checked" => {
                    progress.checked += parts;
                    progress.rows_checked += counted;
                }
                "done" => {
                    progress.checked += parts;
                    progress.rows_checked += counted;
                    progress.done += parts;
                    progress.rows_done += counted;
                }
                _ => {}
            }
        }
        Ok(progress)
    }

    /// What became of all rows of a file so far.
    pub async fn upload_tally(&self, org: OrganisationId, id: UploadId) -> Result<Tally, StoreError> {
        tally(&self.one(SUMS, values![org, id]).await?)
    }

    /// What became of the rows that went in.
    pub async fn upload_done(&self, org: OrganisationId, id: UploadId) -> Result<Tally, StoreError> {
        tally(&self.one(&format!("{SUMS} AND state = 'done'"), values![org, id]).await?)
    }

    /// The first part of a file that stands in this state.
    pub async fn next_part(&self, org: OrganisationId, id: UploadId, state: &str) -> Result<Option<i64>, StoreError> {
        let sql =
            "SELECT part FROM upload_part WHERE org_id = $1 AND upload_id = $2 AND state = $3 ORDER BY part LIMIT 1";
        self.maybe(sql, values![org, id, state]).await?.map(|row| row.int("part")).transpose()
    }

    /// The parts of a file that have rows which cannot be used, and the number of those.
    pub async fn wrong_parts(&self, org: OrganisationId, id: UploadId) -> Result<Vec<PartEntry>, StoreError> {
        let sql = "SELECT part, changes, unchanged, wrong FROM upload_part \
                   WHERE org_id = $1 AND upload_id = $2 AND wrong > 0 ORDER BY part";
        let rows = self.all(sql, values![org, id]).await?;
        rows.iter().map(|row| Ok(PartEntry { part: row.int("part")?, tally: tally(row)? })).collect()
    }

    /// The rows of a part, opened.
    pub async fn part_rows<T: DeserializeOwned>(
        &self,
        (org, id): (OrganisationId, UploadId),
        part: i64,
        key: &RecordKey,
    ) -> Result<T, StoreError> {
        let sql = "SELECT sealed FROM upload_part WHERE org_id = $1 AND upload_id = $2 AND part = $3";
        key.open_bytes(&self.one(sql, values![org, id, part]).await?.bytes("sealed")?)
    }
}

impl Work {
    /// Writes a file that was just brought, with its key and its name sealed; the caller records the change.
    pub async fn stage_upload(&self, upload: &Upload, name: &str) -> Result<RecordKey, StoreError> {
        let (key, wrapped) = self.new_record_key(self.org(), None, upload.id.0).await?;
        let sql = "INSERT INTO upload (id, org_id, version, number, kind, state, name, body) \
                   VALUES ($1, $2, 1, $3, $4, $5, $6, $7)";
        let (kind, state) = (upload.kind.code(), upload.state.name());
        let (name, body) = (key.seal_raw(name.as_bytes())?, serde_json::to_string(upload)?);
        self.execute(sql, values![upload.id, self.org(), upload.number, kind, state, name, body]).await?;
        let sql = "INSERT INTO upload_key (org_id, upload_id, wrapped, made_on) VALUES ($1, $2, $3, $4)";
        self.execute(sql, values![self.org(), upload.id, wrapped, self.moment().today()]).await?;
        Ok(key)
    }

    /// Adds one part of a file's rows, as JSON.
    pub async fn stage_part(
        &self,
        (id, part): (UploadId, i64),
        rows: &[u8],
        key: &RecordKey,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO upload_part (org_id, upload_id, part, state, changes, unchanged, wrong, sealed) \
                   VALUES ($1, $2, $3, 'staged', 0, 0, 0, $4)";
        self.execute(sql, values![self.org(), id, part, key.seal_raw(rows)?]).await?;
        Ok(())
    }

    /// Takes the lock of a file, before its state is read to take a part of it further; SQLite's one writer needs none.
    pub async fn lock_upload(&self, id: UploadId) -> Result<(), StoreError> {
        if self.backend() == Backend::Postgres {
            self.execute("SELECT pg_advisory_xact_lock(13, hashint8($1))", values![id]).await?;
        }
        Ok(())
    }

    /// Takes a part from one state to the next, for whoever comes first; false where somebody else has.
    pub async fn claim_part(&self, (id, part): (UploadId, i64), from: &str, to: &str) -> Result<bool, StoreError> {
        let sql = "UPDATE upload_part SET state = $1 WHERE org_id = $2 AND upload_id = $3 AND part = $4 AND state = $5";
        Ok(self.execute(sql, values![to, self.org(), id, part, from]).await? == 1)
    }

    /// Keeps what became of a part's rows.
    pub async fn keep_part<T: Serialize>(
        &self,
        (id, part): (UploadId, i64),
        tally: Tally,
        rows: &T,
        key: &RecordKey,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE upload_part SET changes = $1, unchanged = $2, wrong = $3, sealed = $4 \
                   WHERE org_id = $5 AND upload_id = $6 AND part = $7";
        let sealed = key.seal_bytes(rows)?;
        let values = values![tally.changes, tally.unchanged, tally.wrong, sealed, self.org(), id, part];
        self.execute(sql, values).await?;
        Ok(())
    }

    /// Forgets a file's text: without its key nobody can read it again.
    pub async fn forget_upload(&self, id: UploadId) -> Result<(), StoreError> {
        self.execute("DELETE FROM upload_key WHERE org_id = $1 AND upload_id = $2", values![self.org(), id]).await?;
        Ok(())
    }

    /// Forgets the text of every file that was brought before a day, but for one that is being brought in; how many there were.
    pub async fn forget_uploads(&self, before: Date) -> Result<u64, StoreError> {
        let sql = "DELETE FROM upload_key WHERE org_id = $1 AND made_on < $2 AND NOT EXISTS (SELECT 1 FROM upload u \
                   WHERE u.org_id = upload_key.org_id AND u.id = upload_key.upload_id AND u.state = 'bringing_in')";
        self.execute(sql, values![self.org(), before]).await
    }
}
