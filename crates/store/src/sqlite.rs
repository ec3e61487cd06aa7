//! SQLite's connections: one that writes and a few that read, each asked on the caller's own thread. A statement takes
//! microseconds; handing it to another thread and waiting for the answer took several times as long.
//!
//! Only a commit, which waits for the disk, goes to a thread that may wait.

use std::any::Any;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use placewell_domain::id::OrganisationId;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value as Bindable, ValueRef};
use rusqlite::{Connection, OpenFlags, Statement};
use sea_orm::Value;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::StoreError;
use crate::kept::{Kept, Question};

/// Statements that a connection keeps prepared: more than there are, since each is prepared again when it fell out.
const STATEMENTS: usize = 600;
/// How many pages the log of writes grows to before a commit moves them into the file: 16 MB. What many commits changed of one
/// page is moved once.
const LOG: i64 = 4_000;
/// How long a caller waits for a connection.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a file is opened.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    /// The file.
    pub path: PathBuf,
    /// How much of the file a connection keeps to itself; negative in kilobytes, as the pragma has it.
    pub cache: i64,
    /// Whether it may be written.
    pub writes: bool,
    /// Whether it may be made.
    pub make: bool,
    /// What each new connection runs first.
    pub first: Arc<str>,
}

impl Opening {
    /// Opens a connection with the pragmas of every connection. `recursive_triggers` keeps `INSERT OR REPLACE` from
    /// passing append-only triggers.
    pub(crate) fn open(&self) -> Result<Connection, StoreError> {
        let mut flags = OpenFlags::SQLITE_OPEN_NO_MUTEX;
        flags |= if self.writes { OpenFlags::SQLITE_OPEN_READ_WRITE } else { OpenFlags::SQLITE_OPEN_READ_ONLY };
        if self.make {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let connection = Connection::open_with_flags(&self.path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // Else a statement is prepared anew for each other value of a LIMIT or a LIKE.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.pragma_update(None, "cache_size", self.cache)?;
        if self.writes {
            connection.pragma_update(None, "journal_mode", "wal")?;
            // What a savepoint takes back is kept in memory: each turn has two, and in a file of its own, which it else
            // becomes beyond 64 kB, every page that a turn touches is written once more.
            connection.pragma_update(None, "temp_store", "memory")?;
            connection.pragma_update(None, "wal_autocheckpoint", LOG)?;
        }
        connection.pragma_update(None, "synchronous", "full")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "recursive_triggers", true)?;
        // What is deleted is overwritten: a destroyed key leaves no bytes in the file.
        connection.pragma_update(None, "secure_delete", true)?;
        if !self.first.is_empty() {
            connection.execute_batch(&self.first)?;
        }
        Ok(connection)
    }
}

/// An open connection, with what it has read where it reads.
struct Opened {
    connection: Connection,
    /// The organisation whose rows a reading connection shows, as `temp.reader_org` has it.
    organisation: Option<i64>,
    kept: Kept,
}

impl Opened {
    fn new(connection: Connection) -> Self {
        Self { connection, organisation: None, kept: Kept::default() }
    }

    /// Begins to read as an organisation. Whom the connection read for before is never left standing.
    fn begin_reading(&mut self, organisation: Option<i64>) -> Result<(), StoreError> {
        if self.organisation != organisation {
            self.connection.prepare_cached("UPDATE temp.reader_org SET org_id = ?1")?.execute([organisation])?;
            self.organisation = organisation;
        }
        self.connection.prepare_cached("BEGIN")?.execute([])?;
        let version: i64 = self.connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        self.kept.at(version);
        Ok(())
    }

    fn rows(&self, sql: &str, values: &[Value], first: bool) -> Result<Vec<Arc<Cells>>, rusqlite::Error> {
        let mut statement = self.connection.prepare_cached(sql)?;
        bind(&mut statement, values)?;
        let columns: Arc<[String]> = statement.column_names().into_iter().map(str::to_owned).collect();
        // What a writing statement returns is read to its end, without which it is taken back.
        let first = first && statement.readonly();
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            found.push(Arc::new(Cells::of_row(Arc::clone(&columns), row)?));
            if first {
                break;
            }
        }
        Ok(found)
    }
}

/// Connections to one file, opened as they are needed.
pub(crate) struct Pool {
    opening: Opening,
    idle: Mutex<Vec<Opened>>,
    seats: Arc<Semaphore>,
    closed: AtomicBool,
}

impl Pool {
    pub(crate) fn new(opening: Opening, most: usize) -> Arc<Self> {
        let seats = Arc::new(Semaphore::new(most));
        Arc::new(Self { opening, idle: Mutex::default(), seats, closed: AtomicBool::new(false) })
    }

    /// Of one connection, which is open already.
    pub(crate) fn with(opening: Opening, connection: Connection) -> Arc<Self> {
        let pool = Self::new(opening, 1);
        pool.give_back(Opened::new(connection));
        pool
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(self: &Arc<Self>) -> Result<Transaction, StoreError> {
        let seat = self.seat().await?;
        let transaction = self.transaction(self.free(None)?, seat);
        transaction.execute("BEGIN IMMEDIATE", &[])?;
        Ok(transaction)
    }

    /// Begins a transaction that reads as an organisation, or as a visitor, on the connection that did so last where it is
    /// free.
    pub(crate) async fn begin_reading(
        self: &Arc<Self>,
        organisation: Option<OrganisationId>,
    ) -> Result<Transaction, StoreError> {
        let organisation = organisation.map(|id| id.0);
        let seat = self.seat().await?;
        let mut opened = self.free(organisation)?;
        opened.begin_reading(organisation)?;
        Ok(self.transaction(opened, seat))
    }

    async fn seat(&self) -> Result<OwnedSemaphorePermit, StoreError> {
        let seat = tokio::time::timeout(PATIENCE, Arc::clone(&self.seats).acquire_owned());
        seat.await.map_err(|_late| StoreError::Busy)?.map_err(StoreError::fault)
    }

    fn free(&self, organisation: Option<i64>) -> Result<Opened, StoreError> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match idle.iter().rposition(|one| one.organisation == organisation) {
            Some(at) => Some(idle.swap_remove(at)),
            None => idle.pop(),
        };
        drop(idle);
        match found {
            Some(opened) => Ok(opened),
            None => Ok(Opened::new(self.opening.open()?)),
        }
    }

    fn transaction(self: &Arc<Self>, opened: Opened, seat: OwnedSemaphorePermit) -> Transaction {
        Transaction { opened: Mutex::new(Some(opened)), pool: Arc::clone(self), _seat: seat }
    }

    /// Moves the log of writes into the file and cuts it to nothing; false where somebody still reads from it.
    #[allow(clippy::disallowed_methods)]
    pub(crate) async fn cut_log(&self) -> Result<bool, StoreError> {
        let opening = self.opening.clone();
        let cut = move || {
            let connection = opening.open()?;
            let busy: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            Ok(busy == 0)
        };
        tokio::task::spawn_blocking(cut).await.map_err(StoreError::fault)?
    }

    fn give_back(&self, opened: Opened) {
        if !self.closed.load(Ordering::SeqCst) {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(opened);
        }
    }

    /// Closes what is idle now, and the rest as it comes back.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// One transaction; dropped without a commit, it leaves nothing.
pub(crate) struct Transaction {
    opened: Mutex<Option<Opened>>,
    pool: Arc<Pool>,
    _seat: OwnedSemaphorePermit,
}

impl Transaction {
    fn on<T>(&self, ask: impl FnOnce(&mut Opened) -> Result<T, rusqlite::Error>) -> Result<T, StoreError> {
        let mut held = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = held.as_mut().ok_or_else(|| StoreError::fault("the transaction has ended"))?;
        Ok(ask(opened)?)
    }

    /// Whether its connection keeps what was read, so that nobody else need.
    pub(crate) fn keeps(&self) -> bool {
        !self.pool.opening.writes
    }

    /// The rows of a statement; the first alone where no more are wanted.
    pub(crate) fn rows(&self, sql: &str, values: &[Value], first: bool) -> Result<Vec<Arc<Cells>>, StoreError> {
        self.on(|opened| {
            if !self.keeps() {
                return opened.rows(sql, values, first);
            }
            let asked = Question { organisation: opened.organisation, sql, values, first };
            if let Some(rows) = opened.kept.find(asked) {
                return Ok(rows);
            }
            let rows = opened.rows(sql, values, first)?;
            opened.kept.keep(asked, &rows);
            Ok(rows)
        })
    }

    /// Runs one statement; the number of rows it touched.
    pub(crate) fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, StoreError> {
        self.on(|opened| {
            let mut statement = opened.connection.prepare_cached(sql)?;
            bind(&mut statement, values)?;
            let mut rows = statement.raw_query();
            while rows.next()?.is_some() {}
            Ok(opened.connection.changes())
        })
    }

    /// Commits, on a thread that may wait for the disk.
    #[allow(clippy::disallowed_methods)]
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let commit = move || self.execute("COMMIT", &[]).map(|_| ());
        tokio::task::spawn_blocking(commit).await.map_err(StoreError::fault)?
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let held = self.opened.get_mut().unwrap_or_else(PoisonError::into_inner).take();
        let Some(opened) = held else { return };
        let taken_back = || opened.connection.prepare_cached("ROLLBACK").and_then(|mut end| end.execute([]));
        if opened.connection.is_autocommit() || taken_back().is_ok() {
            self.pool.give_back(opened);
        }
    }
}

/// A value as a row keeps it: of a text or of bytes, where among the row's own bytes it ends.
enum Cell {
    Null,
    Integer(i64),
    Real(f64),
    Text(usize),
    Blob(usize),
}

/// One row under the names of its columns.
pub struct Cells {
    columns: Arc<[String]>,
    values: Box<[Cell]>,
    /// What all its texts and bytes hold, in their order: one piece of memory, however many there are.
    bytes: Box<[u8]>,
    /// The record that was made of it, where many ask for it.
    made: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl Cells {
    fn of_row(columns: Arc<[String]>, row: &rusqlite::Row<'_>) -> Result<Self, rusqlite::Error> {
        let all = || (0..columns.len()).map(|at| row.get_ref(at));
        let held = |value| match value {
            Ok(ValueRef::Text(bytes) | ValueRef::Blob(bytes)) => bytes.len(),
            _ => 0,
        };
        let mut bytes = Vec::with_capacity(all().map(held).sum());
        let mut values = Vec::with_capacity(columns.len());
        for value in all() {
            values.push(match value? {
                ValueRef::Null => Cell::Null,
                ValueRef::Integer(number) => Cell::Integer(number),
                ValueRef::Real(number) => Cell::Real(number),
                ValueRef::Text(text) => {
                    bytes.extend_from_slice(text);
                    Cell::Text(bytes.len())
                }
                ValueRef::Blob(blob) => {
                    bytes.extend_from_slice(blob);
                    Cell::Blob(bytes.len())
                }
            });
        }
        let (values, bytes) = (values.into_boxed_slice(), bytes.into_boxed_slice());
        Ok(Self { columns, values, bytes, made: OnceLock::new() })
    }

    /// One text under a name.
    #[cfg(test)]
    pub(crate) fn of(column: &str, text: &str) -> Self {
        let values = Box::new([Cell::Text(text.len())]);
        Self { columns: [column.to_owned()].into(), values, bytes: text.as_bytes().into(), made: OnceLock::new() }
    }

    /// How many bytes it takes, about.
    pub(crate) fn size(&self) -> usize {
        size_of_val(&*self.values) + self.bytes.len()
    }

    /// What was made of the row before; the first time it is made.
    pub(crate) fn once<T: Clone + Send + Sync + 'static>(
        &self,
        make: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(made) = self.made.get().and_then(|made| made.downcast_ref::<T>()) {
            return Ok(made.clone());
        }
        let value = make()?;
        let _first = self.made.set(Box::new(value.clone()));
        Ok(value)
    }

    /// What stands in a column.
    pub(crate) fn get(&self, column: &str) -> Result<ValueRef<'_>, StoreError> {
        let at = self.columns.iter().position(|name| name == column);
        let found = at.and_then(|at| self.at(at));
        found.ok_or_else(|| StoreError::Fault(format!("no column {column}")))
    }

    fn at(&self, at: usize) -> Option<ValueRef<'_>> {
        let (before, rest) = self.values.split_at_checked(at)?;
        let begins = || {
            let ends = before.iter().rev().find_map(|value| match value {
                Cell::Text(end) | Cell::Blob(end) => Some(*end),
                Cell::Null | Cell::Integer(_) | Cell::Real(_) => None,
            });
            ends.unwrap_or_default()
        };
        Some(match rest.first()? {
            Cell::Null => ValueRef::Null,
            Cell::Integer(number) => ValueRef::Integer(*number),
            Cell::Real(number) => ValueRef::Real(*number),
            Cell::Text(end) => ValueRef::Text(self.bytes.get(begins()..*end)?),
            Cell::Blob(end) => ValueRef::Blob(self.bytes.get(begins()..*end)?),
        })
    }
}

/// `$2` is the second value, wherever it stands first.
fn bind(statement: &mut Statement<'_>, values: &[Value]) -> Result<(), rusqlite::Error> {
    for at in 1..=statement.parameter_count() {
        let number = statement.parameter_name(at).and_then(|name| name.get(1..)).and_then(|text| text.parse().ok());
        let value = number.and_then(|number: usize| values.get(number.wrapping_sub(1)));
        let value = value.ok_or_else(|| rusqlite::Error::InvalidParameterCount(values.len(), at))?;
        statement.raw_bind_parameter(at, Bound(value))?;
    }
    Ok(())
}

/// A value on its way into a statement: days are ISO text.
struct Bound<'a>(&'a Value);

impl rusqlite::ToSql for Bound<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, rusqlite::Error> {
        Ok(match self.0 {
            Value::BigInt(Some(number)) => ToSqlOutput::Owned(Bindable::Integer(*number)),
            Value::String(Some(text)) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Bytes(Some(bytes)) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Value::ChronoDate(Some(day)) => ToSqlOutput::Owned(Bindable::Text(day.format("%Y-%m-%d").to_string())),
            Value::BigInt(None) | Value::String(None) | Value::Bytes(None) | Value::ChronoDate(None) => {
                ToSqlOutput::Owned(Bindable::Null)
            }
            other => return Err(rusqlite::Error::ToSqlConversionFailure(format!("a value of kind {other:?}").into())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::ToSql as _;

    fn pool(folder: &std::path::Path) -> Arc<Pool> {
        let path = folder.join("numbers.sqlite");
        let opening = Opening {
            path,
            cache: -100,
            writes: true,
            make: true,
            first: "CREATE TABLE IF NOT EXISTS n (a, b)".into(),
        };
        Pool::new(opening, 1)
    }

    #[tokio::test]
    async fn values_go_by_their_number_and_a_dropped_transaction_leaves_nothing() {
        let folder = std::env::temp_dir().join(format!("placewell-sqlite-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let pool = pool(&folder);
        let insert = "INSERT INTO n (a, b) VALUES ($2, $1) RETURNING a, b";
        {
            let dropped = pool.begin().await.unwrap();
            dropped.execute(insert, &[7_i64.to_sql(), "lost".to_sql()]).unwrap();
        }
        let kept = pool.begin().await.unwrap();
        let rows = kept.rows(insert, &[1_i64.to_sql(), "one".to_sql()], true).unwrap();
        assert_eq!(rows[0].get("b").unwrap().as_i64().unwrap(), 1);
        assert_eq!(rows[0].get("a").unwrap().as_str().unwrap(), "one");
        kept.commit().await.unwrap();
        let after = pool.begin().await.unwrap();
        assert_eq!(after.rows("SELECT a FROM n", &[], false).unwrap().len(), 1);
        assert!(after.rows("SELECT a FROM n WHERE b = $2", &[1_i64.to_sql()], true).is_err());
        assert!(rows[0].get("c").is_err());
        drop(after);
        pool.close();
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn each_value_of_a_row_is_its_own_whatever_stands_before_it() {
        let folder = std::env::temp_dir().join(format!("placewell-values-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let pool = pool(&folder);
        let work = pool.begin().await.unwrap();
        let sql = "SELECT 'one' AS a, NULL AS b, x'0102' AS c, 7 AS d, '' AS e, 1.5 AS f, 'two' AS g";
        let row = work.rows(sql, &[], true).unwrap().remove(0);
        let all = ["a", "b", "c", "d", "e", "f", "g"].map(|column| row.get(column).unwrap());
        let held = [
            ValueRef::Text(b"one"),
            ValueRef::Null,
            ValueRef::Blob(&[1, 2]),
            ValueRef::Integer(7),
            ValueRef::Text(b""),
            ValueRef::Real(1.5),
            ValueRef::Text(b"two"),
        ];
        assert_eq!(all, held);
        assert!(row.get("h").is_err());
        drop(work);
        pool.close();
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn what_a_large_savepoint_takes_back_is_kept_in_memory_and_taken_back() {
        let folder = std::env::temp_dir().join(format!("placewell-savepoints-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let pool = pool(&folder);
        let work = pool.begin().await.unwrap();
        let kept = work.rows("SELECT temp_store AS kept FROM pragma_temp_store", &[], true).unwrap();
        assert_eq!(kept[0].get("kept").unwrap().as_i64().unwrap(), 2);
        let add = "INSERT INTO n (a, b) VALUES ($1, $2)";
        for number in 0..200_i64 {
            work.execute(add, &["x".repeat(2_000).to_sql(), number.to_sql()]).unwrap();
        }
        work.execute("SAVEPOINT large", &[]).unwrap();
        work.execute("UPDATE n SET a = $1", &["y".repeat(2_000).to_sql()]).unwrap();
        work.execute("ROLLBACK TO large", &[]).unwrap();
        work.execute("RELEASE large", &[]).unwrap();
        let rows =
            work.rows("SELECT count(*) AS found FROM n WHERE a = $1", &["x".repeat(2_000).to_sql()], true).unwrap();
        assert_eq!(rows[0].get("found").unwrap().as_i64().unwrap(), 200);
        drop(work);
        pool.close();
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn what_readers_keep_is_gone_with_the_next_commit_and_is_each_organisations_own() {
        let folder = std::env::temp_dir().join(format!("placewell-kept-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let writing = pool(&folder);
        let add = async || {
            let work = writing.begin().await.unwrap();
            work.execute("INSERT INTO n (a, b) VALUES ($1, $1)", &[1_i64.to_sql()]).unwrap();
            work.commit().await.unwrap();
        };
        add().await;
        let first = "CREATE TEMP TABLE reader_org (org_id INTEGER); INSERT INTO reader_org VALUES (NULL);".into();
        let opening = Opening { writes: false, make: false, first, ..writing.opening.clone() };
        let reading = Pool::new(opening, 1);
        let seen = async |organisation: Option<i64>| {
            let session = reading.begin_reading(organisation.map(OrganisationId)).await.unwrap();
            let sql = "SELECT count(*) AS n, (SELECT org_id FROM temp.reader_org) AS whose FROM n";
            let rows = session.rows(sql, &[], true).unwrap();
            let again = session.rows(sql, &[], true).unwrap();
            assert!(Arc::ptr_eq(&rows[0], &again[0]), "the second answer was read again");
            let whose = rows[0].get("whose").unwrap().as_i64_or_null().unwrap();
            (rows[0].get("n").unwrap().as_i64().unwrap(), whose)
        };
        for (rows, organisation) in [(1, Some(7)), (1, Some(8)), (1, None), (1, Some(7))] {
            assert_eq!(seen(organisation).await, (rows, organisation));
        }
        add().await;
        for organisation in [Some(7), None] {
            assert_eq!(seen(organisation).await, (2, organisation));
        }
        // What another program commits counts as well.
        let other = Connection::open(folder.join("numbers.sqlite")).unwrap();
        other.execute("DELETE FROM n", []).unwrap();
        assert_eq!(seen(Some(7)).await, (0, Some(7)));
        // A transaction sees what was there when it began, whatever is committed meanwhile.
        let session = reading.begin_reading(None).await.unwrap();
        add().await;
        let rows = session.rows("SELECT count(*) AS late FROM n", &[], true).unwrap();
        assert_eq!(rows[0].get("late").unwrap().as_i64().unwrap(), 0);
        drop(session);
        assert_eq!(seen(None).await, (1, None));
        drop(other);
        reading.close();
        writing.close();
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[tokio::test]
    async fn another_value_does_not_prepare_a_statement_anew() {
        let folder = std::env::temp_dir().join(format!("placewell-plans-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let pool = pool(&folder);
        let work = pool.begin().await.unwrap();
        for limit in 1..=20_i64 {
            work.rows("SELECT a FROM n WHERE a LIKE $1 ORDER BY b LIMIT $2", &["%x%".to_sql(), limit.to_sql()], false)
                .unwrap();
        }
        let again = work.on(|opened| {
            let statement = opened.connection.prepare_cached("SELECT a FROM n WHERE a LIKE $1 ORDER BY b LIMIT $2")?;
            Ok(statement.get_status(rusqlite::StatementStatus::RePrepare))
        });
        assert_eq!(again.unwrap(), 0);
        drop(work);
        pool.close();
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
