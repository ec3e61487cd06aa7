//! What the row of a record or of a fact holds, as the database has it: one text of all its columns, whose digest the event
//! carries that wrote it. `verify` makes the text again, so that a row that was changed past the product is found.
//!
//! The digest is under the key of the indexes: nobody tries contents against what an event keeps, also after a child's key
//! went, and nobody with the database alone makes one that fits. A column that a later migration adds stands after the
//! others, and is not in the digests from before it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::postgres::PgRow;
use sqlx::{PgPool, Row as _};
use subtle::ConstantTimeEq as _;

use crate::connect::Backend;
use crate::error::StoreError;
use crate::facts::{self, Added, FACTS};
use crate::keys::{MasterKey, written};
use crate::row::Row;

/// A column, the type that the database gives it, and whether the row's key has it.
struct Column {
    name: String,
    kind: String,
    key: bool,
}

/// A table of records with versions, or of facts, which have no room here; and its columns in order.
pub(crate) struct Table {
    name: String,
    room: Option<String>,
    columns: Vec<Column>,
}

impl Table {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// How many columns it has.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// What tells its rows of one organisation apart: columns, each with its type.
    pub(crate) fn key(&self) -> impl Iterator<Item = (&str, &str)> {
        let key = self.columns.iter().filter(|column| column.key && column.name != "org_id");
        key.map(|column| (column.name.as_str(), column.kind.as_str()))
    }
}

/// Every table of records with versions and of facts, by its name.
pub(crate) struct Contents {
    backend: Backend,
    tables: HashMap<String, Table>,
}

/// A column as the catalogue tells it: its table, the table's room, its name, its type, and whether the key has it.
type Told = (String, Option<String>, String, String, bool);

const SQLITE: &str = "SELECT t.name, t.room, c.name, c.type, c.pk > 0 FROM table_class t \
                      JOIN pragma_table_info(t.name) c ORDER BY t.name, c.cid";
const POSTGRES: &str = "SELECT t.name, t.room, a.attname::text, format_type(a.atttypid, NULL), \
                        coalesce(a.attnum = ANY(i.indkey), false) FROM table_class t \
                        JOIN pg_class r ON r.relname = t.name AND r.relnamespace = 'public'::regnamespace \
                        JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped \
                        LEFT JOIN pg_index i ON i.indrelid = r.oid AND i.indisprimary ORDER BY t.name, a.attnum";

impl Contents {
    pub(crate) fn of_sqlite(connection: &rusqlite::Connection) -> Result<Self, StoreError> {
        let mut statement = connection.prepare(SQLITE)?;
        let read = |row: &rusqlite::Row<'_>| -> rusqlite::Result<Told> {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        };
        let columns = statement.query_map([], read)?.collect::<Result<Vec<Told>, _>>()?;
        Ok(Self::of(Backend::Sqlite, columns))
    }

    pub(crate) async fn of_postgres(pool: &PgPool) -> Result<Self, StoreError> {
        let rows = sqlx::query(POSTGRES).fetch_all(pool).await?;
        let read = |row: &PgRow| -> Result<Told, sqlx::Error> {
            Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?, row.try_get(4)?))
        };
        Ok(Self::of(Backend::Postgres, rows.iter().map(read).collect::<Result<Vec<Told>, _>>()?))
    }

    /// What tables of facts there are the code says, not the catalogue, which the tables' owner can change.
    fn of(backend: Backend, columns: Vec<Told>) -> Self {
        let mut tables: HashMap<String, Table> = HashMap::new();
        for (table, room, name, kind, key) in columns {
            let room = room.filter(|_| !facts::is_one(&table));
            if room.is_none() && !facts::is_one(&table) {
                continue;
            }
            let known = tables.entry(table.clone()).or_insert_with(|| Table { name: table, room, columns: Vec::new() });
            known.columns.push(Column { name, kind, key });
        }
        Self { backend, tables }
    }

    /// The tables of facts, each with its place among all.
    pub(crate) fn facts(&self) -> impl Iterator<Item = (usize, &Table)> {
        FACTS.iter().enumerate().filter_map(|(at, name)| Some((at, self.tables.get(*name)?)))
    }

    /// The table that a statement adds a row to or changes a row of, where its rows have versions or are facts.
    fn written(&self, sql: &str) -> Option<&Table> {
        let rest = sql.strip_prefix("INSERT INTO ").or_else(|| sql.strip_prefix("UPDATE "))?;
        self.tables.get(rest.split([' ', '(']).next()?)
    }

    /// The text of the first so many columns of a table; none where it has fewer.
    pub(crate) fn text(&self, table: &str, first: usize) -> Option<String> {
        let table = self.tables.get(table)?;
        (first > 0 && first <= table.width()).then(|| {
            let columns = table.columns.iter().take(first);
            let said = columns.filter(|column| (table.name(), column.name.as_str()) != facts::SEALED_APART);
            said.map(|column| self.one(&table.name, &column.name, &column.kind)).collect::<Vec<_>>().join(" || ',' || ")
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

/// A row's digest as an event says it, with how many columns it is of.
pub(crate) fn said(columns: usize, digest: &[u8; 32]) -> String {
    format!("{columns}:{}", written(digest))
}

/// How many hexadecimal digits of a digest are kept where an event has thousands: 128 bits of a keyed one.
const SHORT: usize = 32;

/// A digest as far as an event about many keeps it.
pub(crate) fn short(digest: &str) -> &str {
    digest.split_at_checked(digest.len().saturating_sub(SHORT)).map_or(digest, |(kept, _)| kept)
}

/// A digest as an event says it, whole or short, and of how many columns; what does not read is of none, so that no row is it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Said {
    columns: u16,
    short: bool,
    digest: [u8; 32],
}

impl Said {
    pub(crate) fn read(said: &str) -> Self {
        let read = || {
            let (columns, digits) = said.split_once(':')?;
            let (short, mut digest) = (digits.len() == SHORT, [0; 32]);
            let kept = if short { digest.get_mut(..SHORT / 2)? } else { &mut digest[..] };
            hex::decode_to_slice(digits, kept).ok()?;
            Some(Self { columns: columns.parse().ok()?, short, digest })
        };
        read().unwrap_or_default()
    }

    /// Of how many columns; 0 where it does not read.
    pub(crate) fn columns(&self) -> usize {
        self.columns.into()
    }

    /// Whether the row of that digest is what the event says.
    pub(crate) fn is(&self, digest: &[u8; 32]) -> bool {
        let kept = if self.short { SHORT / 2 } else { digest.len() };
        self.columns > 0 && bool::from(self.digest[..kept].ct_eq(&digest[..kept]))
    }
}

/// What rows of records hold, by room, record and version.
pub(crate) type Rows = HashMap<(String, i64, i64), String>;

/// What a transaction wrote: the digests of records' rows, and those of facts, each part of them for an event of its own.
#[derive(Default)]
pub(crate) struct Wrote {
    pub(crate) rows: Rows,
    pub(crate) added: Vec<Added>,
}

/// The rows of records and of facts that a transaction writes, by the digests of what they then hold.
pub(crate) struct Written {
    contents: Arc<Contents>,
    wrote: Mutex<Wrote>,
}

impl Written {
    pub(crate) fn new(contents: Arc<Contents>) -> Self {
        Self { contents, wrote: Mutex::default() }
    }

    fn wrote(&self) -> MutexGuard<'_, Wrote> {
        self.wrote.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same statement, giving back what the rows then hold; none where it writes neither a record nor a fact.
    pub(crate) fn giving_back(&self, sql: &str) -> Option<String> {
        let table = self.contents.written(sql)?;
        let text = self.contents.text(&table.name, table.width())?;
        if table.room.is_none() {
            return Some(format!("{sql} RETURNING {text} AS row_text"));
        }
        let of = if self.contents.backend == Backend::Postgres { format!("{}.", table.name) } else { String::new() };
        Some(format!("{sql} RETURNING {of}id AS row_id, {of}version AS row_version, {text} AS row_text"))
    }

    /// Keeps what a statement gave back.
    pub(crate) fn keep(&self, master: &MasterKey, sql: &str, found: &[Row]) -> Result<(), StoreError> {
        let Some(table) = self.contents.written(sql) else { return Ok(()) };
        let mut wrote = self.wrote();
        for row in found {
            let digest = master.of_row(&table.name, row.lent_text("row_text")?);
            if let Some(room) = &table.room {
                let key = (room.clone(), row.int("row_id")?, row.int("row_version")?);
                wrote.rows.insert(key, said(table.width(), &digest));
                continue;
            }
            if wrote.added.is_empty() {
                wrote.added.push(Added::new());
            }
            if let Some(added) = wrote.added.first_mut() {
                added.entry(table.name.clone()).or_default().push(facts::said(table.width(), &digest));
            }
        }
        Ok(())
    }

    /// What the work's events are to say of facts, one part each.
    pub(crate) fn say(&self, added: Vec<Added>) {
        self.wrote().added = added;
    }

    /// What was kept until now, which is forgotten here.
    pub(crate) fn take(&self) -> Wrote {
        std::mem::take(&mut *self.wrote())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(backend: Backend) -> Contents {
        let columns = [("id", "bigint"), ("version", "bigint"), ("born", "date"), ("words", "bytea"), ("body", "text")];
        let row = |(name, kind): (&str, &str)| {
            ("offer".to_owned(), Some("offer".to_owned()), name.to_owned(), kind.to_owned(), name == "id")
        };
        let fact = |table: &str, column: &str| (table.to_owned(), None, column.to_owned(), "bigint".to_owned(), true);
        let others = [
            fact("over_grant", "id"),
            fact("over_grant", "org_id"),
            fact("document", "id"),
            fact("document", "sealed"),
            fact("counter", "last"),
        ];
        Contents::of(backend, columns.map(row).into_iter().chain(others).collect())
    }

    #[test]
    fn a_statement_that_writes_a_record_gives_its_row_back_and_no_other_does() {
        let written = Written::new(Arc::new(contents(Backend::Sqlite)));
        let giving = written.giving_back("UPDATE offer SET body = $1 WHERE id = $2").unwrap();
        assert!(giving.ends_with("RETURNING id AS row_id, version AS row_version, quote(id) || ',' || quote(version) || ',' || quote(born) || ',' || quote(words) || ',' || quote(body) AS row_text"), "{giving}");
        assert!(written.giving_back("INSERT INTO offer (id) VALUES ($1)").is_some());
        for other in [
            "UPDATE offer_line SET a = 1",
            "DELETE FROM offer",
            "SELECT * FROM offer",
            "INSERT INTO counter (last) VALUES (1)",
        ] {
            assert_eq!(written.giving_back(other), None, "{other}");
        }
    }

    #[test]
    fn a_fact_gives_its_text_back_without_what_is_sealed_apart() {
        let written = Written::new(Arc::new(contents(Backend::Sqlite)));
        let giving = written.giving_back("INSERT INTO over_grant (id) VALUES ($1)").unwrap();
        assert!(giving.ends_with(" RETURNING quote(id) || ',' || quote(org_id) AS row_text"), "{giving}");
        let giving = written.giving_back("INSERT INTO document (id) VALUES ($1)").unwrap();
        assert!(giving.ends_with(" RETURNING quote(id) AS row_text"), "{giving}");
        let contents = contents(Backend::Sqlite);
        let keys: Vec<_> = contents.facts().map(|(_, table)| (table.name(), table.key().count())).collect();
        assert_eq!(keys, [("document", 2), ("over_grant", 1)], "beside the organisation");
    }

    #[test]
    fn a_digest_is_said_whole_or_short_and_what_does_not_read_is_no_rows() {
        let master = MasterKey::from_hex(&"07".repeat(32)).unwrap();
        let digest = master.of_row("offer", "1,2");
        let whole = said(5, &digest);
        for one in [whole.as_str(), short(&whole)] {
            assert_eq!(Said::read(one).columns(), 5, "{one}");
            assert!(Said::read(one).is(&digest) && !Said::read(one).is(&master.of_row("offer", "1,3")), "{one}");
        }
        assert!(!Said::read(&whole).is(&master.of_row("bid", "1,2")), "of another table");
        let nothing = format!("0:{}", "00".repeat(32));
        for other in ["", "5:", "5", ":00", nothing.as_str(), &whole[1..], &whole[..20], "5:zz"] {
            assert!(!Said::read(other).is(&digest) && !Said::read(other).is(&[0; 32]), "{other}");
            assert_eq!(Said::read(other).columns(), 0, "{other}");
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
