//! A session with the database: one transaction, bound to one organisation. Rooms add their reads to it.
//!
//! A reading session rolls back when dropped; a writing one is held by [`crate::Work`] and ends there.

use std::sync::Arc;

use placewell_domain::id::OrganisationId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};

use crate::alone::Alone;
use crate::connect::Backend;
use crate::contents::Written;
use crate::error::StoreError;
use crate::kept::is_kept;
use crate::keys::MasterKey;
use crate::memo::Memo;
use crate::row::Row;
use crate::sqlite;

/// The transaction itself, on either database.
#[derive(Clone)]
pub(crate) enum Link {
    Sqlite(Arc<sqlite::Transaction>),
    Postgres(Arc<DatabaseTransaction>),
}

impl Link {
    async fn rows(&self, sql: &str, values: Vec<Value>, first: bool) -> Result<Vec<Row>, StoreError> {
        let transaction = match self {
            Self::Sqlite(transaction) => {
                let rows = transaction.rows(sql, &values, first)?;
                return Ok(rows.into_iter().map(Row::Sqlite).collect());
            }
            Self::Postgres(transaction) => transaction,
        };
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
        let rows = if first {
            transaction.query_one_raw(statement).await?.into_iter().collect()
        } else {
            transaction.query_all_raw(statement).await?
        };
        Ok(rows.into_iter().map(|row| Row::Postgres(Arc::new(row))).collect())
    }

    /// Whether the connection keeps what was read; see [`crate::kept`].
    fn keeps(&self) -> bool {
        match self {
            Self::Sqlite(transaction) => transaction.keeps(),
            Self::Postgres(_) => false,
        }
    }

    async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.execute(sql, &values),
            Self::Postgres(transaction) => {
                let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
                Ok(transaction.execute_raw(statement).await?.rows_affected())
            }
        }
    }

    async fn run(&self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(transaction) => transaction.execute(sql, &[]).map(|_| ()),
            Self::Postgres(transaction) => Ok(transaction.execute_unprepared(sql).await.map(|_| ())?),
        }
    }
}

/// One transaction, seen by the organisation it was begun for.
pub struct Session {
    pub(crate) link: Link,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) master: Arc<MasterKey>,
    /// What a unit of work wrote of records; a reading session has none.
    written: Option<Written>,
    memo: Memo,
    alone: Alone,
}

impl Session {
    pub(crate) fn new(link: Link, organisation: Option<OrganisationId>, master: Arc<MasterKey>) -> Self {
        Self { link, organisation, master, written: None, memo: Memo::default(), alone: Alone::new() }
    }

    /// Leaves what is left to do to another task.
    pub(crate) fn let_go(&mut self) {
        self.alone.let_go();
    }

    /// The same for a unit of work: it remembers what the rows of records hold that it writes.
    pub(crate) fn writing(self, written: Written) -> Self {
        Self { written: Some(written), ..self }
    }

    pub(crate) fn written(&self) -> Option<&Written> {
        self.written.as_ref()
    }

    /// The organisation it acts for; none for a visitor who has not signed in.
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.organisation
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        match self.link {
            Link::Sqlite(_) => Backend::Sqlite,
            Link::Postgres(_) => Backend::Postgres,
        }
    }

    pub(crate) fn master(&self) -> &MasterKey {
        &self.master
    }

    /// All rows of a query; those of a query that this transaction has made before, where nothing has touched them since.
    pub(crate) async fn all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        self.rows(sql, values, true).await
    }

    async fn rows(&self, sql: &str, values: Vec<Value>, whole: bool) -> Result<Vec<Row>, StoreError> {
        if self.link.keeps() && is_kept(sql) {
            return self.link.rows(sql, values, !whole).await;
        }
        if let Some(rows) = self.memo.find(sql, &values, whole) {
            return Ok(rows);
        }
        let rows = self.link.rows(sql, values.clone(), !whole).await?;
        self.memo.after(sql, values, &rows, whole);
        Ok(rows)
    }

    /// The first row, if there is one.
    pub(crate) async fn maybe(&self, sql: &str, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        Ok(self.rows(sql, values, false).await?.into_iter().next())
    }

    /// The one row; `NotFound` where there is none.
    pub(crate) async fn one(&self, sql: &str, values: Vec<Value>) -> Result<Row, StoreError> {
        self.maybe(sql, values).await?.ok_or(StoreError::NotFound)
    }

    /// Runs a statement; the number of rows it touched.
    pub(crate) async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        self.memo.after(sql, Vec::new(), &[], false);
        if let Some(written) = &self.written
            && let Some(giving) = written.giving_back(sql)
        {
            let rows = self.link.rows(&giving, values, false).await?;
            written.keep(&self.master, sql, &rows)?;
            return u64::try_from(rows.len()).map_err(StoreError::fault);
        }
        self.link.execute(sql, values).await
    }

    /// Runs two statements that add to tables of facts as one, the places of the second counting on: PostgreSQL's alone, while
    /// others wait for a lock.
    pub(crate) async fn add_both(&self, both: [&str; 2], values: Vec<Value>) -> Result<(), StoreError> {
        for sql in both {
            self.memo.after(sql, Vec::new(), &[], false);
        }
        let [one, two] = both;
        let unkept = || StoreError::fault("two statements at once add to tables of facts alone");
        let written = self.written.as_ref().ok_or_else(unkept)?;
        let (first, second) = written.giving_back(one).zip(written.giving_back(two)).ok_or_else(unkept)?;
        let sql = format!(
            "WITH one AS ({first}), two AS ({second}) SELECT CAST(1 AS BIGINT) AS which, row_text FROM one \
             UNION ALL SELECT CAST(2 AS BIGINT), row_text FROM two"
        );
        for row in self.link.rows(&sql, values, false).await? {
            let sql = if row.int("which")? == 1 { one } else { two };
            written.keep(&self.master, sql, std::slice::from_ref(&row))?;
        }
        Ok(())
    }

    /// What was read of a table is read anew from here on, with what others have committed meanwhile; on SQLite nobody writes
    /// beside the one writer.
    pub(crate) fn read_anew(&self, table: &str) {
        if self.backend() == Backend::Postgres {
            self.memo.forget_of(table);
        }
    }

    /// Runs one statement without values, as written.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), StoreError> {
        self.memo.forget();
        self.link.run(sql).await
    }
}
