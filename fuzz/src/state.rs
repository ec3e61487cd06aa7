//! What the database holds, told by every table's rows and versions: a refused post must leave it as it was.

use anyhow::Context;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Row};
use std::str::FromStr;

/// Tables that a refusal may write: the result kept under its key, and who tried to sign in.
const NOT_COMPARED: &[&str] = &["idempotency", "sign_in", "sqlite_sequence", "sqlite_stat1"];

/// A second look at the database.
pub struct Watch {
    connection: SqliteConnection,
    question: String,
    version: i64,
    held: Vec<(String, i64, i64)>,
}

impl Watch {
    /// Opens the database for reading beside the application.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let mut connection = SqliteConnectOptions::from_str(url)?.read_only(true).connect().await?;
        let tables = "SELECT name, EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'version') \
                      FROM sqlite_master m WHERE type = 'table' ORDER BY name";
        let mut parts = Vec::new();
        for row in sqlx::query(tables).fetch_all(&mut connection).await? {
            let (name, versioned): (String, bool) = (row.get(0), row.get(1));
            if !NOT_COMPARED.contains(&name.as_str()) {
                let versions = if versioned { "coalesce(sum(version), 0)" } else { "0" };
                parts.push(format!("SELECT '{name}', count(*), {versions} FROM \"{name}\""));
            }
        }
        let question = parts.join(" UNION ALL ");
        let mut watch = Self { connection, question, version: 0, held: Vec::new() };
        watch.look().await?;
        Ok(watch)
    }

    /// What changed since the last look, by table; empty where nothing did.
    pub async fn look(&mut self) -> anyhow::Result<String> {
        let version = sqlx::query("PRAGMA data_version").fetch_one(&mut self.connection).await?.get(0);
        if std::mem::replace(&mut self.version, version) == version {
            return Ok(String::new());
        }
        let rows = sqlx::query(AssertSqlSafe(self.question.clone())).fetch_all(&mut self.connection).await;
        let now: Vec<(String, i64, i64)> =
            rows.context("the tables")?.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
        let changed = now.iter().zip(&self.held).filter(|(now, held)| now != held);
        let told = changed.map(|(now, held)| format!("{} {:+}", now.0, now.1 - held.1)).collect::<Vec<_>>().join(", ");
        self.held = now;
        Ok(told)
    }
}
