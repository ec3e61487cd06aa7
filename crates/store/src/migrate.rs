//! Migrations: applied on opening a SQLite file, by `placewell migrate` on PostgreSQL; an unknown version refuses to start.

use rusqlite::{OptionalExtension as _, TransactionBehavior};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, Row as _};

use crate::connect::{APP_ROLE, Backend};
use crate::dialect;
use crate::error::StoreError;
use crate::peek::KEY_CHECK;

/// Every migration, in order. A landed one is never edited.
pub const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_foundation", include_str!("../migrations/0001_foundation.sql")),
    ("0002_power", include_str!("../migrations/0002_power.sql")),
    ("0003_homes", include_str!("../migrations/0003_homes.sql")),
    ("0004_placing", include_str!("../migrations/0004_placing.sql")),
    ("0005_award", include_str!("../migrations/0005_award.sql")),
    ("0006_confirmations", include_str!("../migrations/0006_confirmations.sql")),
    ("0007_disclosure", include_str!("../migrations/0007_disclosure.sql")),
    ("0008_arrangement", include_str!("../migrations/0008_arrangement.sql")),
    ("0009_publication", include_str!("../migrations/0009_publication.sql")),
    ("0010_spot", include_str!("../migrations/0010_spot.sql")),
    ("0011_block", include_str!("../migrations/0011_block.sql")),
    ("0012_block_nights", include_str!("../migrations/0012_block_nights.sql")),
    ("0013_comparison", include_str!("../migrations/0013_comparison.sql")),
    ("0014_appraisal", include_str!("../migrations/0014_appraisal.sql")),
    ("0015_history", include_str!("../migrations/0015_history.sql")),
    ("0016_keys", include_str!("../migrations/0016_keys.sql")),
];

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY)";

/// Brings a SQLite file up to date.
pub(crate) fn sqlite(connection: &mut rusqlite::Connection) -> Result<(), StoreError> {
    connection.execute_batch(LEDGER)?;
    for (name, script) in pending(&names(connection)?)? {
        let script = dialect::expand(script, Backend::Sqlite);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(&script).map_err(|error| StoreError::Fault(format!("{name}: {error}")))?;
        transaction.execute("INSERT INTO migration (name) VALUES (?1)", [name])?;
        transaction.commit()?;
    }
    Ok(())
}

fn names(connection: &rusqlite::Connection) -> Result<Vec<String>, rusqlite::Error> {
    let mut statement = connection.prepare("SELECT name FROM migration ORDER BY name")?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// Refuses a file whose schema is behind or ahead of this executable, and changes nothing.
pub(crate) fn check_sqlite(connection: &rusqlite::Connection) -> Result<(), StoreError> {
    let done = names(connection).map_err(|_| none_yet())?;
    if pending(&done)?.is_empty() { Ok(()) } else { Err(behind()) }
}

const KEEP_CHECK: &str = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
const KEPT_CHECK: &str = "SELECT value FROM meta WHERE key = $1";

/// The check of the master key, kept now where there is none yet and one is given.
pub(crate) fn sqlite_key_check(
    connection: &rusqlite::Connection,
    new: Option<String>,
) -> Result<Option<String>, StoreError> {
    if let Some(check) = new {
        connection.execute(KEEP_CHECK, [KEY_CHECK, &check])?;
    }
    Ok(connection.query_row(KEPT_CHECK, [KEY_CHECK], |row| row.get(0)).optional()?)
}

/// The same on PostgreSQL.
pub(crate) async fn postgres_key_check(pool: &PgPool, new: Option<String>) -> Result<Option<String>, StoreError> {
    if let Some(check) = new {
        sqlx::query(KEEP_CHECK).bind(KEY_CHECK).bind(check).execute(pool).await?;
    }
    Ok(sqlx::query_scalar(KEPT_CHECK).bind(KEY_CHECK).fetch_optional(pool).await?)
}

/// The script that makes a reading connection see one organisation.
pub(crate) fn reader_views(connection: &rusqlite::Connection) -> Result<String, StoreError> {
    let mut script =
        String::from("CREATE TEMP TABLE reader_org (org_id INTEGER); INSERT INTO reader_org VALUES (NULL);\n");
    let mut statement =
        connection.prepare("SELECT name, columns, reads FROM table_class WHERE reads IS NOT NULL ORDER BY name")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (name, columns, reads): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        script.push_str(&dialect::reader_view(&name, &columns, &reads));
    }
    Ok(script)
}

/// Two migrations at once would meet half-way: the second waits for the first and then finds nothing to do.
const ONE_AT_A_TIME: &str = "SELECT pg_advisory_lock(7013, 1)";
/// Under forced row security a statement of a migration would change no row and say nothing; so it fails instead.
const SEE_ALL_OR_FAIL: &str = "SET row_security = off";

/// Brings a PostgreSQL database up to date, as the tables' owner. Says which migrations it applied.
pub async fn postgres(url: &str) -> Result<Vec<String>, StoreError> {
    let mut connection = PgConnection::connect(url).await?;
    connection.execute(ONE_AT_A_TIME).await?;
    connection.execute(SEE_ALL_OR_FAIL).await?;
    let role = format!(
        "DO $$ BEGIN CREATE ROLE {APP_ROLE} NOLOGIN NOBYPASSRLS; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$; \
         DO $$ BEGIN EXECUTE format('GRANT {APP_ROLE} TO %I', current_user); EXCEPTION WHEN OTHERS THEN NULL; END $$; {LEDGER}"
    );
    connection.execute(sqlx::raw_sql(AssertSqlSafe(role))).await?;
    let done = applied(&mut connection).await?;
    let mut news = Vec::new();
    for (name, script) in pending(&done)? {
        let script = dialect::expand(script, Backend::Postgres);
        let mut transaction = connection.begin().await?;
        transaction
            .execute(sqlx::raw_sql(AssertSqlSafe(script)))
            .await
            .map_err(|error| StoreError::Fault(format!("{name}: {error}")))?;
        transaction.execute(sqlx::query("INSERT INTO migration (name) VALUES ($1)").bind(name)).await?;
        transaction.commit().await?;
        news.push(name.to_owned());
    }
    connection.execute(sqlx::raw_sql(AssertSqlSafe(dialect::grants()))).await?;
    connection.close().await?;
    Ok(news)
}

/// Refuses a database whose schema is behind or ahead of this executable.
pub(crate) async fn check_postgres(pool: &PgPool) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    let done = applied(&mut connection).await.map_err(|_| none_yet())?;
    if pending(&done)?.is_empty() { Ok(()) } else { Err(behind()) }
}

fn none_yet() -> StoreError {
    StoreError::fault("the database has no schema: run `placewell migrate --database URL` first")
}

fn behind() -> StoreError {
    StoreError::fault("the database's schema is behind: run `placewell migrate --database URL` first")
}

async fn applied(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let rows = connection.fetch_all("SELECT name FROM migration ORDER BY name").await?;
    rows.iter().map(|row| row.try_get(0).map_err(StoreError::from)).collect()
}

fn pending(done: &[String]) -> Result<Vec<(&'static str, &'static str)>, StoreError> {
    if let Some(unknown) = done.iter().find(|name| !MIGRATIONS.iter().any(|(known, _)| known == name)) {
        return Err(StoreError::Fault(format!(
            "the database has migration {unknown}, which this version does not know"
        )));
    }
    Ok(MIGRATIONS.iter().filter(|(name, _)| !done.iter().any(|done| done == name)).copied().collect())
}
