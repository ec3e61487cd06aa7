//! Every row of a test's database as text, so that what was written shows itself, and what was not.

use std::collections::BTreeMap;

use placewell_store::Backend;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::SqlitePoolOptions;
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlitePool};

use super::{PathBuf, TestDatabase};

/// Reads every row again and again over one connection, by one statement that is prepared once: a test that looks after each
/// request would else spend more on connecting and preparing than on all that it asks.
pub struct Reader {
    pool: Pool,
    sql: String,
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Reader {
    async fn of_sqlite(url: &str) -> Self {
        let pool = SqlitePoolOptions::new().max_connections(1).connect(url).await.unwrap();
        let columns = "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c \
                       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' ORDER BY t.name, c.cid";
        let columns: Vec<(String, String)> = sqlx::query_as(columns).fetch_all(&pool).await.unwrap();
        let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (table, column) in columns {
            tables.entry(table).or_default().push(format!("quote(\"{column}\")"));
        }
        assert!(tables.len() > 30, "the tables were not read: {tables:?}");
        let each = tables.iter().map(|(table, row)| {
            let row = row.join("||','||");
            format!("SELECT '{table}', coalesce(group_concat({row}, char(10)), '') FROM \"{table}\"")
        });
        Self { sql: each.collect::<Vec<_>>().join(" UNION ALL "), pool: Pool::Sqlite(pool) }
    }

    async fn of_postgres(url: &str) -> Self {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await.unwrap();
        let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' \
                      AND table_type = 'BASE TABLE' ORDER BY table_name";
        let tables: Vec<(String,)> = sqlx::query_as(tables).fetch_all(&pool).await.unwrap();
        assert!(tables.len() > 30, "the tables were not read: {tables:?}");
        let each = tables
            .iter()
            .map(|(table,)| format!("SELECT '{table}', coalesce(string_agg(t::text, E'\\n'), '') FROM {table} t"));
        Self { sql: each.collect::<Vec<_>>().join(" UNION ALL ") + " ORDER BY 1", pool: Pool::Postgres(pool) }
    }

    /// Every row as text, by table, as a reader sees it: what was not written stays the same, whatever the files do.
    pub async fn rows(&self) -> Vec<(String, Vec<u8>)> {
        let sql = AssertSqlSafe(self.sql.clone());
        let all: Vec<(String, String)> = match &self.pool {
            Pool::Sqlite(pool) => sqlx::query_as(sql).fetch_all(pool).await.unwrap(),
            Pool::Postgres(pool) => {
                // The tables' owner sees every organisation's rows only with row security off.
                let mut connection = pool.acquire().await.unwrap();
                connection.execute("SET row_security = off").await.unwrap();
                sqlx::query_as(sql).fetch_all(&mut *connection).await.unwrap()
            }
        };
        all.into_iter().map(|(table, rows)| (table, rows.into_bytes())).collect()
    }
}

impl TestDatabase {
    /// For a test that reads every row again and again, of the tables that are there now.
    pub async fn reader(&self) -> Reader {
        match self.backend {
            Backend::Sqlite => Reader::of_sqlite(&self.url).await,
            Backend::Postgres => Reader::of_postgres(&self.url).await,
        }
    }

    /// Every row as text, by table, once.
    pub async fn rows(&self) -> Vec<(String, Vec<u8>)> {
        self.reader().await.rows().await
    }

    /// Everything that it stores, by table: every row as text, of SQLite the file's own bytes instead, so that what was
    /// deleted or only written ahead counts too.
    pub async fn everything(&self) -> Vec<(String, Vec<u8>)> {
        if self.backend == Backend::Postgres {
            return self.rows().await;
        }
        let path = PathBuf::from(self.url.trim_start_matches("sqlite://"));
        let files = ["", "-wal"].map(|suffix| format!("{}{suffix}", path.display()));
        files.into_iter().filter_map(|file| Some((file.clone(), std::fs::read(file).ok()?))).collect()
    }
}
