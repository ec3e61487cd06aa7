//! What a database says of itself before anything is opened: whether it is one of ours, its marks, and who is in it.
//!
//! Nothing is migrated, written or made here, and no key is needed.

use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr as _;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Row as _};

use crate::error::StoreError;
use crate::sqlite::Opening;

/// The mark under which the check of the master key is kept.
pub const KEY_CHECK: &str = "key_check";
/// The mark under which the key of the indexes is kept, sealed.
pub const INDEX_KEY: &str = "index_key";

const MARKS: &str = "SELECT key, value FROM meta";
const ORGANISATIONS: &str = "SELECT count(*) FROM organisation";

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Peek {
    marks: BTreeMap<String, String>,
    /// How many organisations it holds.
    pub organisations: i64,
}

impl Peek {
    /// A mark that the database was given, such as that it is a demonstration.
    #[must_use]
    pub fn mark(&self, key: &str) -> Option<&str> {
        self.marks.get(key).map(String::as_str)
    }

    /// Whether a master key has sealed in it already.
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.marks.contains_key(KEY_CHECK)
    }
}

/// Looks into a database; nothing where there is none, or none of ours yet.
pub async fn peek(url: &str) -> Result<Option<Peek>, StoreError> {
    if url.starts_with("postgres") {
        let mut connection = sqlx::PgConnection::connect_with(&PgConnectOptions::from_str(url)?).await?;
        let made: bool = sqlx::query_scalar(
            "SELECT to_regclass('public.meta') IS NOT NULL AND to_regclass('public.organisation') IS NOT NULL",
        )
        .fetch_one(&mut connection)
        .await?;
        if !made {
            return Ok(None);
        }
        let rows = sqlx::query(MARKS).fetch_all(&mut connection).await?;
        let marks =
            rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<Result<_, sqlx::Error>>()?;
        let organisations = sqlx::query_scalar(ORGANISATIONS).fetch_one(&mut connection).await?;
        connection.close().await?;
        return Ok(Some(Peek { marks, organisations }));
    }
    let path = Path::new(url.strip_prefix("sqlite://").unwrap_or(url));
    if !path.metadata().is_ok_and(|file| file.len() > 0) {
        return Ok(None);
    }
    let opening = Opening { path: path.to_owned(), cache: 0, writes: false, make: false, first: "".into() };
    let connection = opening.open()?;
    let made: i64 = connection.query_row(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('meta', 'organisation')",
        [],
        |row| row.get(0),
    )?;
    if made < 2 {
        return Ok(None);
    }
    let mut statement = connection.prepare(MARKS)?;
    let marks = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    let organisations = connection.query_row(ORGANISATIONS, [], |row| row.get(0))?;
    Ok(Some(Peek { marks, organisations }))
}
