//! What changes in the database: a trigger on each table notes every row that is added, taken away or becomes another
//! one, so that a refused post is caught whatever it writes, in tables with a version or without.

use anyhow::Context;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};
use std::str::FromStr;

/// Tables that a refusal may write: the result kept under its key, who tried to sign in, the question that a device is to
/// answer next, and whose turn it is to write.
const NOT_COMPARED: &[&str] = &["ceremony", "idempotency", "sign_in", "writer_org"];

/// A second look at the database.
pub struct Watch {
    connection: SqliteConnection,
    version: i64,
    last: i64,
}

impl Watch {
    /// Puts the triggers into the database, and opens it for reading beside the application.
    pub async fn open(url: &str) -> anyhow::Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?;
        let mut writer = options.clone().connect().await?;
        let notes = "CREATE TABLE fuzz_change (id INTEGER PRIMARY KEY, what TEXT NOT NULL)";
        sqlx::query(notes).execute(&mut writer).await?;
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
        for row in sqlx::query(tables).fetch_all(&mut writer).await? {
            let table: String = row.get(0);
            if table == "fuzz_change" || NOT_COMPARED.contains(&table.as_str()) {
                continue;
            }
            for trigger in triggers(&mut writer, &table).await? {
                sqlx::query(AssertSqlSafe(trigger)).execute(&mut writer).await.context("a trigger that watches")?;
            }
        }
        writer.close().await?;
        let connection = options.read_only(true).connect().await?;
        let mut watch = Self { connection, version: 0, last: 0 };
        watch.look().await?;
        Ok(watch)
    }

    /// What changed since the last look, by table; empty where nothing did.
    pub async fn look(&mut self) -> anyhow::Result<String> {
        let version = sqlx::query("PRAGMA data_version").fetch_one(&mut self.connection).await?.get(0);
        if std::mem::replace(&mut self.version, version) == version {
            return Ok(String::new());
        }
        let noted = "SELECT what, max(id) FROM fuzz_change WHERE id > ? GROUP BY what ORDER BY what";
        let rows = sqlx::query(noted).bind(self.last).fetch_all(&mut self.connection).await.context("what changed")?;
        let mut told = Vec::new();
        for row in rows {
            told.push(row.get::<String, _>(0));
            self.last = self.last.max(row.get(1));
        }
        Ok(told.join(", "))
    }
}

/// The three triggers of a table; one that is changed into itself is not noted.
async fn triggers(connection: &mut SqliteConnection, table: &str) -> anyhow::Result<[String; 3]> {
    let columns = sqlx::query("SELECT name FROM pragma_table_info(?)").bind(table).fetch_all(connection).await?;
    let differs = columns.iter().map(|row| {
        let column: String = row.get(0);
        format!("OLD.\"{column}\" IS NOT NEW.\"{column}\"")
    });
    let differs = differs.collect::<Vec<_>>().join(" OR ");
    let note = |act: &str, when: &str, word: &str| {
        format!(
            "CREATE TRIGGER fuzz_{table}_{act} AFTER {act} ON \"{table}\" {when} \
             BEGIN INSERT INTO fuzz_change (what) VALUES ('{table} {word}'); END"
        )
    };
    let when = format!("WHEN {differs}");
    Ok([note("INSERT", "", "added"), note("DELETE", "", "removed"), note("UPDATE", &when, "changed")])
}
