//! Migrations: applied on opening a SQLite file, by `placewell migrate` on PostgreSQL; an unknown version refuses to start.

use rusqlite::{OptionalExtension as _, TransactionBehavior};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, Row as _};

use crate::connect::{APP_ROLE, Backend};
use crate::error::StoreError;
use crate::keys::MasterKey;
use crate::peek::{INDEX_KEY, KEY_CHECK};
use crate::tagged::before;
use crate::{dialect, ids};

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
    ("0017_buying_rest", include_str!("../migrations/0017_buying_rest.sql")),
    ("0018_region_figures", include_str!("../migrations/0018_region_figures.sql")),
    ("0019_signing_in", include_str!("../migrations/0019_signing_in.sql")),
    ("0020_disclosure_stages", include_str!("../migrations/0020_disclosure_stages.sql")),
    ("0021_keys_and_checkpoints", include_str!("../migrations/0021_keys_and_checkpoints.sql")),
    ("0022_retention", include_str!("../migrations/0022_retention.sql")),
    ("0023_admission", include_str!("../migrations/0023_admission.sql")),
    ("0024_evaluation", include_str!("../migrations/0024_evaluation.sql")),
    ("0025_standing", include_str!("../migrations/0025_standing.sql")),
    ("0026_regulator", include_str!("../migrations/0026_regulator.sql")),
    ("0027_uplift", include_str!("../migrations/0027_uplift.sql")),
    ("0028_monitoring", include_str!("../migrations/0028_monitoring.sql")),
    ("0029_import", include_str!("../migrations/0029_import.sql")),
    ("0030_narrower", include_str!("../migrations/0030_narrower.sql")),
    ("0031_attempts_and_retention", include_str!("../migrations/0031_attempts_and_retention.sql")),
    ("0033_register_files", include_str!("../migrations/0033_register_files.sql")),
    ("0034_invited_by", include_str!("../migrations/0034_invited_by.sql")),
    ("0037_texts_and_audiences", include_str!("../migrations/0037_texts_and_audiences.sql")),
    ("0038_alert_done", include_str!("../migrations/0038_alert_done.sql")),
    ("0040_scoring", include_str!("../migrations/0040_scoring.sql")),
    ("0041_postcodes", include_str!("../migrations/0041_postcodes.sql")),
    ("0042_voids_and_claims", include_str!("../migrations/0042_voids_and_claims.sql")),
    ("0043_told_shares", include_str!("../migrations/0043_told_shares.sql")),
    ("0045_each_resident", include_str!("../migrations/0045_each_resident.sql")),
    ("0046_registration", include_str!("../migrations/0046_registration.sql")),
    ("0047_grounds", include_str!("../migrations/0047_grounds.sql")),
    ("0048_named", include_str!("../migrations/0048_named.sql")),
    ("0049_wording", include_str!("../migrations/0049_wording.sql")),
    ("0050_registration_history", include_str!("../migrations/0050_registration_history.sql")),
    ("0051_seats", include_str!("../migrations/0051_seats.sql")),
    ("0053_exemption_until", include_str!("../migrations/0053_exemption_until.sql")),
    ("0054_people", include_str!("../migrations/0054_people.sql")),
    ("0055_found_by_index", include_str!("../migrations/0055_found_by_index.sql")),
    ("0056_exemption_request", include_str!("../migrations/0056_exemption_request.sql")),
    ("0061_nothing_in_the_clear", include_str!("../migrations/0061_nothing_in_the_clear.sql")),
    ("0064_released_seats", include_str!("../migrations/0064_released_seats.sql")),
    ("0065_stopped_files", include_str!("../migrations/0065_stopped_files.sql")),
    ("0066_two_times", include_str!("../migrations/0066_two_times.sql")),
    ("0067_documents_by_number", include_str!("../migrations/0067_documents_by_number.sql")),
    (TAGS, include_str!("../migrations/0068_tags.sql")),
    ("0069_requests_taken_back", include_str!("../migrations/0069_requests_taken_back.sql")),
    ("0070_uplifts", include_str!("../migrations/0070_uplifts.sql")),
    ("0071_own_ground", include_str!("../migrations/0071_own_ground.sql")),
    ("0073_conditions", include_str!("../migrations/0073_conditions.sql")),
];

/// The migration with which rows carry tags: the run that applies it tags those that stand there, and no other run does.
const TAGS: &str = "0068_tags";

const LEDGER: &str = "CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY)";

/// Brings a SQLite file up to date.
pub(crate) fn sqlite(connection: &mut rusqlite::Connection, master: &MasterKey) -> Result<(), StoreError> {
    connection.execute_batch(LEDGER)?;
    for (name, script) in pending(&names(connection)?)? {
        let script = dialect::expand(script, Backend::Sqlite);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(&script).map_err(|error| StoreError::Fault(format!("{name}: {error}")))?;
        if name == TAGS {
            before::sqlite(&transaction, master)?;
        }
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

const KEEP: &str = "INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO NOTHING";
const KEPT: &str = "SELECT value FROM meta WHERE key = $1";
const CHECKS: &str = "SELECT value, retired_at IS NOT NULL FROM master_check ORDER BY id";
const ADD_CHECK: &str = "INSERT INTO master_check (id, value) VALUES ($1, $2)";

/// A mark by its name, and its value.
type Mark = (&'static str, String);

/// What a database keeps of its master keys.
pub(crate) struct KeptKeys {
    /// The check of the first.
    first: Option<String>,
    /// The checks of those after it, and of any that is retired.
    checks: Vec<(String, bool)>,
    index: Option<String>,
}

impl KeptKeys {
    /// Refuses keys without one that this database was sealed under: what they seal could never be read together.
    fn check(&self, master: &MasterKey) -> Result<(), StoreError> {
        if self.in_use().all(|check| master.made(check)) {
            return Ok(());
        }
        Err(StoreError::fault(
            "the master key is not the one that this database was made with: nothing sealed would open, so it stays closed",
        ))
    }

    /// The checks of the master keys that something may still be sealed under.
    fn in_use(&self) -> impl Iterator<Item = &str> {
        let retired = |check: &str| self.checks.iter().any(|(value, retired)| *retired && value == check);
        let first = self.first.as_deref().filter(|first| !retired(first));
        first.into_iter().chain(self.checks.iter().filter(|(_, retired)| !retired).map(|(value, _)| value.as_str()))
    }

    /// What has to be kept of keys that this database sees for the first time: marks, and the check of a key that follows another.
    fn news(&self, master: &MasterKey) -> Result<(Vec<Mark>, Option<String>), StoreError> {
        let mut marks = Vec::new();
        if self.first.is_none() {
            marks.push((KEY_CHECK, master.check()?));
        }
        if self.index.is_none() {
            marks.push((INDEX_KEY, master.new_index(self.first.as_deref())?));
        }
        let known = self.first.is_none() || self.in_use().any(|check| master.made_now(check));
        Ok((marks, if known { None } else { Some(master.check()?) }))
    }
}

fn kept_by_sqlite(connection: &rusqlite::Connection) -> Result<KeptKeys, StoreError> {
    let mark = |key: &str| connection.query_row(KEPT, [key], |row| row.get(0)).optional();
    let mut statement = connection.prepare(CHECKS)?;
    let checks = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(KeptKeys { first: mark(KEY_CHECK)?, checks, index: mark(INDEX_KEY)? })
}

/// The master key as this database knows it; what it has to keep of it is kept, where something may be made.
pub(crate) fn sqlite_master(
    connection: &rusqlite::Connection,
    master: MasterKey,
    make: bool,
) -> Result<MasterKey, StoreError> {
    let mut kept = kept_by_sqlite(connection)?;
    kept.check(&master)?;
    if make {
        let (marks, check) = kept.news(&master)?;
        for (key, value) in &marks {
            connection.execute(KEEP, [key, value.as_str()])?;
        }
        if let Some(check) = &check {
            connection.execute(ADD_CHECK, rusqlite::params![ids::next(), check])?;
        }
        kept = kept_by_sqlite(connection)?;
        kept.check(&master)?;
    }
    master.with_index(kept.index.as_deref())
}

async fn kept_by_postgres(connection: &mut PgConnection) -> Result<KeptKeys, StoreError> {
    let checks = sqlx::query_as(CHECKS).fetch_all(&mut *connection).await?;
    let first = sqlx::query_scalar(KEPT).bind(KEY_CHECK).fetch_optional(&mut *connection).await?;
    let index = sqlx::query_scalar(KEPT).bind(INDEX_KEY).fetch_optional(&mut *connection).await?;
    Ok(KeptKeys { first, checks, index })
}

/// The same on PostgreSQL.
pub(crate) async fn postgres_master(
    connection: &mut PgConnection,
    master: MasterKey,
    make: bool,
) -> Result<MasterKey, StoreError> {
    let mut kept = kept_by_postgres(connection).await?;
    kept.check(&master)?;
    if make {
        let (marks, check) = kept.news(&master)?;
        for (key, value) in marks {
            sqlx::query(KEEP).bind(key).bind(value).execute(&mut *connection).await?;
        }
        if let Some(check) = check {
            sqlx::query(ADD_CHECK).bind(ids::next()).bind(check).execute(&mut *connection).await?;
        }
        kept = kept_by_postgres(connection).await?;
        kept.check(&master)?;
    }
    master.with_index(kept.index.as_deref())
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

/// Brings a PostgreSQL database up to date, as the tables' owner. Says which migrations it applied. The master key is needed
/// where people stand in a database from before their rows were tagged.
pub async fn postgres(url: &str, master: Option<&MasterKey>) -> Result<Vec<String>, StoreError> {
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
        if name == TAGS {
            before::postgres(&mut transaction, master).await?;
        }
        transaction.execute(sqlx::query("INSERT INTO migration (name) VALUES ($1)").bind(name)).await?;
        transaction.commit().await?;
        news.push(name.to_owned());
    }
    connection.execute(sqlx::raw_sql(dialect::POLICIES_FAIL_WHEN_UNSET)).await?;
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
