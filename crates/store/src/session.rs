//! A session with the database: one transaction, bound to one organisation. Rooms add their reads to it.
//!
//! A reading session rolls back when dropped; a writing one is held by [`crate::Work`] and ends there.

use std::sync::Arc;

use placewell_domain::id::OrganisationId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement, Value};

use crate::connect::Backend;
use crate::error::StoreError;
use crate::keys::MasterKey;
use crate::memo::Memo;
use crate::row::Row;

/// One transaction, seen by the organisation it was begun for.
pub struct Session {
    pub(crate) transaction: Arc<DatabaseTransaction>,
    pub(crate) backend: Backend,
    pub(crate) organisation: Option<OrganisationId>,
    pub(crate) master: Arc<MasterKey>,
    memo: Memo,
}

impl Session {
    pub(crate) fn new(
        transaction: Arc<DatabaseTransaction>,
        backend: Backend,
        organisation: Option<OrganisationId>,
        master: Arc<MasterKey>,
    ) -> Self {
        Self { transaction, backend, organisation, master, memo: Memo::default() }
    }

    /// The organisation it acts for; none for a visitor who has not signed in.
    pub fn organisation(&self) -> Option<OrganisationId> {
        self.organisation
    }

    /// Which database this is.
    pub fn backend(&self) -> Backend {
        self.backend
    }

    pub(crate) fn master(&self) -> &MasterKey {
        &self.master
    }

    fn statement(&self, sql: &str, values: Vec<Value>) -> Statement {
        Statement::from_sql_and_values(self.backend.sea(), sql, values)
    }

    /// All rows of a query; those of a query that this transaction has made before, where nothing has touched them since.
    pub(crate) async fn all(&self, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        if let Some(rows) = self.memo.find(sql, &values, true) {
            return Ok(rows);
        }
        let rows = self.transaction.query_all_raw(self.statement(sql, values.clone())).await?;
        let rows: Vec<Row> = rows.into_iter().map(|row| Row(Arc::new(row))).collect();
        self.memo.after(sql, values, &rows, true);
        Ok(rows)
    }

    /// The first row, if there is one.
    pub(crate) async fn maybe(&self, sql: &str, values: Vec<Value>) -> Result<Option<Row>, StoreError> {
        if let Some(rows) = self.memo.find(sql, &values, false) {
            return Ok(rows.into_iter().next());
        }
        let row = self.transaction.query_one_raw(self.statement(sql, values.clone())).await?;
        let rows: Vec<Row> = row.into_iter().map(|row| Row(Arc::new(row))).collect();
        self.memo.after(sql, values, &rows, false);
        Ok(rows.into_iter().next())
    }

    /// The one row; `NotFound` where there is none.
    pub(crate) async fn one(&self, sql: &str, values: Vec<Value>) -> Result<Row, StoreError> {
        self.maybe(sql, values).await?.ok_or(StoreError::NotFound)
    }

    /// Runs a statement; the number of rows it touched.
    pub(crate) async fn execute(&self, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        self.memo.after(sql, Vec::new(), &[], false);
        Ok(self.transaction.execute_raw(self.statement(sql, values)).await?.rows_affected())
    }

    /// Runs a statement without values, as written.
    pub(crate) async fn run(&self, sql: &str) -> Result<(), StoreError> {
        self.memo.forget();
        self.transaction.execute_unprepared(sql).await?;
        Ok(())
    }
}
