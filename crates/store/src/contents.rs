//! What the row of a record holds, as the database has it: one text of all its columns, whose digest the event of the row's
//! version carries. `verify` makes the text again, so that a row that was changed past the product is found.
//!
//! The digest is under the key of the indexes: nobody tries contents against what an event keeps, also after a child's key
//! went, and nobody with the database alone makes one that fits. A column that a later migration adds stands after the
//! others, and is not in the digests from before it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use placewell_domain::id::OrganisationId;
use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row as _};

use crate::connect::Backend;
use crate::error::StoreError;
use crate::keys::MasterKey;
use crate::row::Row;

/// A table of records with versions, and its columns in order, each with the type that the database gives it.
struct Table {
    name: String,
    room: String,
    columns: Vec<(String, String)>,
}

/// Every table of records with versions.
pub(crate) struct Contents {
    backend: Backend,
    tables: Vec<Table>,
}

const SQLITE: &str = "SELECT t.name, t.room, c.name, c.type FROM table_class t JOIN pragma_table_info(t.name) c \
                      WHERE t.room IS NOT NULL ORDER BY t.name, c.cid";
const POSTGRES: &str = "SELECT t.name, t.room, a.attname::text, format_type(a.atttypid, NULL) FROM table_class t \
                        JOIN pg_class r ON r.relname = t.name AND r.relnamespace = 'public'::regnamespace \
                        JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped \
                        WHERE t.room IS NOT NULL ORDER BY t.name, a.attnum";

impl Contents {
    pub(crate) fn of_sqlite(connection: &rusqlite::Connection) -> Result<Self, StoreError> {
        let mut statement = connection.prepare(SQLITE)?;
        let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
        Ok(Self::of(Backend::Sqlite, rows.collect::<Result<Vec<[String; 4]>, _>>()?))
    }

    pub(crate) async fn of_postgres(pool: &PgPool) -> Result<Self, StoreError> {
        let rows = sqlx::query(POSTGRES).fetch_all(pool).await?;
        let read = |row: &PgRow| -> Result<[String; 4], sqlx::Error> {
            Ok([row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?])
        };
        Ok(Self::of(Backend::Postgres, rows.iter().map(read).collect::<Result<_, _>>()?))
    }

    fn of(backend: Backend, columns: Vec<[String; 4]>) -> Self {
        let mut tables: Vec<Table> = Vec::new();
        for [name, room, column, kind] in columns {
            match tables.last_mut().filter(|table| table.name == name) {
                Some(table) => table.columns.push((column, kind)),
                None => tables.push(Table { name, room, columns: vec![(column, kind)] }),
            }
        }
        Self { backend, tables }
    }

    /// The table that a statement adds a row to or changes a row of, where its rows have versions.
    fn written(&self, sql: &str) -> Option<&Table> {
        let rest = sql.strip_prefix("INSERT INTO ").or_else(|| sql.strip_prefix("UPDATE "))?;
        let name = rest.split([' ', '(']).next()?;
        self.tables.iter().find(|table| table.name == name)
    }

    /// The text of the first so many columns of a table; none where it has fewer.
    pub(crate) fn text(&self, table: &str, first: usize) -> Option<String> {
        let table = self.tables.iter().find(|one| one.name == table)?;
        (first > 0 && first <= table.columns.len()).then(|| {
            let columns = table.columns.iter().take(first);
            columns.map(|(column, kind)| self.one(&table.name, column, kind)).collect::<Vec<_>>().join(" || ',' || ")
        })
    }

    /// One column as a text that no setting of the database changes.
    fn one(&self, table: &str, column: &str, kind: &str) -> String {
        let named = format!("{table}.{column}");
        match (self.backend, kind) {
            (Backend::Sqlite, _) => format!("quote({column})"),
            (Backend::Postgres, "bigint") => format!("coalesce({named}::text, 'NULL')"),
            (Backend::Postgres, "date") => format!("coalesce(to_char({named}, 'YYYY-MM-DD'), 'NULL')"),
            (Backend::Postgres, "bytea") => format!("coalesce(encode({named}, 'hex'), 'NULL')"),
            (Backend::Postgres, _) => format!("quote_nullable({named}::text)"),
        }
    }
}

/// The digest of a row's text, with how many columns it is of.
pub(crate) fn digest(master: &MasterKey, table: &str, columns: usize, text: &str) -> String {
    format!("{columns}:{}", master.digest(&format!("row of {table}"), OrganisationId(0), text))
}

/// The rows of records that a transaction wrote: room, record and version, with the digest of what the row then held.
pub(crate) struct Written {
    contents: Arc<Contents>,
    rows: Mutex<HashMap<(String, i64, i64), String>>,
}

impl Written {
    pub(crate) fn new(contents: Arc<Contents>) -> Self {
        Self { contents, rows: Mutex::default() }
    }

    /// The same statement, giving back what the rows then hold; none where it writes no record.
    pub(crate) fn giving_back(&self, sql: &str) -> Option<String> {
        let table = self.contents.written(sql)?;
        let text = self.contents.text(&table.name, table.columns.len())?;
        let of = if self.contents.backend == Backend::Postgres { format!("{}.", table.name) } else { String::new() };
        Some(format!("{sql} RETURNING {of}id AS row_id, {of}version AS row_version, {text} AS row_text"))
    }

    /// Keeps what a statement gave back.
    pub(crate) fn keep(&self, master: &MasterKey, sql: &str, found: &[Row]) -> Result<(), StoreError> {
        let Some(table) = self.contents.written(sql) else { return Ok(()) };
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        for row in found {
            let key = (table.room.clone(), row.int("row_id")?, row.int("row_version")?);
            rows.insert(key, digest(master, &table.name, table.columns.len(), &row.text("row_text")?));
        }
        Ok(())
    }

    /// What was kept until now, which is forgotten here.
    pub(crate) fn take(&self) -> HashMap<(String, i64, i64), String> {
        std::mem::take(&mut *self.rows.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(backend: Backend) -> Contents {
        let columns = [("id", "bigint"), ("version", "bigint"), ("born", "date"), ("words", "bytea"), ("body", "text")];
        let row = |(name, kind): (&str, &str)| ["offer", "offer", name, kind].map(str::to_owned);
        Contents::of(backend, columns.map(row).to_vec())
    }

    #[test]
    fn a_statement_that_writes_a_record_gives_its_row_back_and_no_other_does() {
        let written = Written::new(Arc::new(contents(Backend::Sqlite)));
        let giving = written.giving_back("UPDATE offer SET body = $1 WHERE id = $2").unwrap();
        assert!(giving.ends_with("RETURNING id AS row_id, version AS row_version, quote(id) || ',' || quote(version) || ',' || quote(born) || ',' || quote(words) || ',' || quote(body) AS row_text"), "{giving}");
        assert!(written.giving_back("INSERT INTO offer (id) VALUES ($1)").is_some());
        for other in ["UPDATE offer_line SET a = 1", "DELETE FROM offer", "SELECT * FROM offer"] {
            assert_eq!(written.giving_back(other), None, "{other}");
        }
    }

    #[test]
    fn a_digest_from_before_a_column_is_of_the_columns_before_it() {
        let contents = contents(Backend::Postgres);
        assert_eq!(
            contents.text("offer", 3).unwrap(),
            "coalesce(offer.id::text, 'NULL') || ',' || coalesce(offer.version::text, 'NULL') || ',' || \
             coalesce(to_char(offer.born, 'YYYY-MM-DD'), 'NULL')"
        );
        assert_eq!((contents.text("offer", 6), contents.text("bid", 1)), (None, None));
    }
}
