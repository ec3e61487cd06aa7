//! Migrations: applied on opening a SQLite file, by `placewell migrate` on PostgreSQL; an unknown version refuses to start.

use sqlx::{AssertSqlSafe, Connection, Executor, PgPool, Row as _, SqliteConnection, SqlitePool};

use crate::connect::{APP_ROLE, Backend};
use crate::dialect;
use crate::error::StoreError;

/// Every migration, in order. A landed one is never edited.
pub const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_foundation", include_str!("../migrations/0001_foundation.sql")),
    ("0002_power", include_str!("../migrations/0002_power.sql")),
    ("0003_homes", include_str!("../migrations/0003_homes.sql")),
    ("0004_placing", include_str!("../migrations/0004_placing.sql")),
    ("0005_award", include_str!("../migrations/0005_award.sql")),
    ("0006_confirmations", include_str!("../migrations/0006_confirmations.sql")),
    ("0007_disclosure", include_str!("../migrations/0007_disclosure.sql")),
];

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY)";

/// Runs a script of several statements.
pub(crate) async fn run_script(connection: &mut SqliteConnection, script: &str) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(AssertSqlSafe(script.to_owned()))).await?;
    Ok(())
}

/// Brings a SQLite file up to date.
pub(crate) async fn sqlite(pool: &SqlitePool) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    run_script(&mut connection, LEDGER).await?;
    let rows = connection.fetch_all("SELECT name FROM migration ORDER BY name").await?;
    let done: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    for (name, script) in pending(&done)? {
        let script = dialect::expand(script, Backend::Sqlite);
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        run_script(&mut transaction, &script).await.map_err(|error| StoreError::Fault(format!("{name}: {error}")))?;
        run_script(&mut transaction, &format!("INSERT INTO migration (name) VALUES ('{name}')")).await?;
        transaction.commit().await?;
    }
    Ok(())
}

/// The script that makes a reading connection see one organisation.
pub(crate) async fn reader_views(pool: &SqlitePool) -> Result<String, StoreError> {
    let mut script =
        String::from("CREATE TEMP TABLE reader_org (org_id INTEGER); INSERT INTO reader_org VALUES (NULL);\n");
    let rows = pool
        .fetch_all("SELECT name, columns FROM table_class WHERE class IN ('tenant', 'two_party') ORDER BY name")
        .await?;
    for row in rows {
        let (name, columns): (String, String) = (row.try_get(0)?, row.try_get(1)?);
        script.push_str(&dialect::reader_view(&name, &columns));
    }
    Ok(script)
}

/// Brings a PostgreSQL database up to date, as the tables' owner. Says which migrations it applied.
pub async fn postgres(url: &str) -> Result<Vec<String>, StoreError> {
    let pool = PgPool::connect(url).await?;
    let mut connection = pool.acquire().await?;
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
    Ok(news)
}

/// Refuses a database whose schema is behind or ahead of this executable.
pub(crate) async fn check_postgres(pool: &PgPool) -> Result<(), StoreError> {
    let mut connection = pool.acquire().await?;
    let done = applied(&mut connection).await.map_err(|_| {
        StoreError::Fault("the database has no schema: run `placewell migrate --database URL` first".into())
    })?;
    if pending(&done)?.is_empty() {
        Ok(())
    } else {
        Err(StoreError::Fault("the database's schema is behind: run `placewell migrate --database URL` first".into()))
    }
}

async fn applied(connection: &mut sqlx::PgConnection) -> Result<Vec<String>, StoreError> {
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
