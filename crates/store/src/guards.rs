//! The database's own guards, as `doctor` shows them: each met, or with what was found instead.

use placewell_domain::clock::Moment;
use placewell_domain::id::OrganisationId;

use crate::connect::{APP_ROLE, Backend, Store};
use crate::error::StoreError;
use crate::session::Session;

/// What is looked at, the query that finds it, and what is expected.
type Check = (&'static str, &'static str, &'static str);
/// A guard by its name: what was found where it is met, what is wrong where it is not.
pub type Guard = (&'static str, Result<String, String>);

const CONNECTION: &[Check] = &[
    ("write-ahead log", "SELECT CAST(journal_mode AS TEXT) AS found FROM pragma_journal_mode", "wal"),
    ("every commit on disk", "SELECT CAST(synchronous AS TEXT) AS found FROM pragma_synchronous", "2"),
    ("foreign keys", "SELECT CAST(foreign_keys AS TEXT) AS found FROM pragma_foreign_keys", "1"),
    (
        "triggers within triggers",
        "SELECT CAST(recursive_triggers AS TEXT) AS found FROM pragma_recursive_triggers",
        "1",
    ),
    ("what is deleted is overwritten", "SELECT CAST(secure_delete AS TEXT) AS found FROM pragma_secure_delete", "1"),
];

const FILE: &[Check] = &[
    (
        "tables that take values of any type",
        "SELECT CAST(count(*) AS TEXT) AS found FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
         AND strict = 0 AND name NOT LIKE 'sqlite_%' AND name <> 'migration'",
        "0",
    ),
    ("the file is whole", "SELECT CAST(quick_check AS TEXT) AS found FROM pragma_quick_check LIMIT 1", "ok"),
];

const POSTGRES: &[Check] = &[
    ("every commit on disk", "SELECT current_setting('fsync') AS found", "on"),
    ("commits wait for the disk", "SELECT current_setting('synchronous_commit') AS found", "on"),
    ("serving role", "SELECT current_user::text AS found", APP_ROLE),
    (
        "role bypasses no row security",
        "SELECT (rolbypassrls OR rolsuper)::text AS found FROM pg_roles WHERE rolname = current_user",
        "false",
    ),
    (
        "tables without forced row security",
        "SELECT count(*)::text AS found FROM table_class t JOIN pg_class c ON c.relname = t.name \
         WHERE t.class NOT IN ('open', 'system') AND NOT (c.relrowsecurity AND c.relforcerowsecurity)",
        "0",
    ),
    (
        "policies that let pass a transaction which says no organisation",
        "SELECT count(*)::text AS found FROM pg_policies WHERE schemaname = 'public' \
         AND coalesce(qual, '') || coalesce(with_check, '') LIKE '%current_setting%'",
        "0",
    ),
];

/// What a visitor sees of tables whose rows are somebody's own.
const OF_OTHERS: &str = "rows of somebody's own that a visitor sees";
/// The classes of tables of which a visitor sees nothing; of the others everybody reads, or what is published.
const CLOSED: &[&str] = &["tenant", "two_party", "members"];

/// A table that belongs to somebody, as one session sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenTable {
    /// Its name.
    pub table: String,
    /// Its class in the catalogue of tables.
    pub class: String,
    /// How many of its rows the session sees.
    pub rows: i64,
}

/// Who has signed in to the server can leave the serving role again, so the login itself must be as weak.
const LOGIN: &[Check] = &[
    (
        "login is no superuser",
        "SELECT (NOT rolsuper)::text AS found FROM pg_roles WHERE rolname = session_user",
        "true",
    ),
    (
        "login bypasses no row security",
        "SELECT (NOT rolbypassrls)::text AS found FROM pg_roles WHERE rolname = session_user",
        "true",
    ),
    (
        "tables that the login owns, or could take over",
        "SELECT count(*)::text AS found FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(session_user, tableowner, 'MEMBER')",
        "0",
    ),
];

impl Store {
    /// Every guard of this database. On SQLite the write connection is looked at beside one that reads.
    pub async fn guards(&self) -> Result<Vec<Guard>, StoreError> {
        let session = self.read(None).await?;
        let mut found = Vec::new();
        let seen: i64 = session
            .rows_seen()
            .await?
            .iter()
            .filter(|one| CLOSED.contains(&one.class.as_str()))
            .map(|one| one.rows)
            .sum();
        found.push((OF_OTHERS, if seen == 0 { Ok("0".to_owned()) } else { Err(format!("{seen}, expected 0")) }));
        match self.backend() {
            Backend::Sqlite => {
                look(&session, CONNECTION, &mut found).await?;
                look(&session, FILE, &mut found).await?;
                drop(session);
                let at = jiff::Timestamp::UNIX_EPOCH;
                let moment = Moment { at, local: jiff::tz::TimeZone::UTC.to_datetime(at) };
                let work = self.begin(OrganisationId(0), moment).await?;
                let looked = look(&work, CONNECTION, &mut found).await;
                work.roll_back().await?;
                looked?;
            }
            Backend::Postgres => {
                look(&session, POSTGRES, &mut found).await?;
                look(&session, LOGIN, &mut found).await?;
            }
        }
        Ok(found)
    }

    /// The guards of the login alone that are not met; `serve` warns of them.
    pub async fn unmet_by_login(&self) -> Result<Vec<(&'static str, String)>, StoreError> {
        let mut found = Vec::new();
        if self.backend() == Backend::Postgres {
            look(&self.read(None).await?, LOGIN, &mut found).await?;
        }
        Ok(found.into_iter().filter_map(|(what, met)| Some((what, met.err()?))).collect())
    }
}

impl Session {
    /// Every table that belongs to somebody, by the catalogue of tables, with how many of its rows this session sees.
    pub async fn rows_seen(&self) -> Result<Vec<SeenTable>, StoreError> {
        let catalogue = "SELECT name, class FROM table_class WHERE class NOT IN ('open', 'system') ORDER BY name";
        let mut seen = Vec::new();
        for row in self.all(catalogue, vec![]).await? {
            let (table, class) = (row.text("name")?, row.text("class")?);
            let rows = self.one(&format!("SELECT count(*) AS found FROM {table}"), vec![]).await?.int("found")?;
            seen.push(SeenTable { table, class, rows });
        }
        Ok(seen)
    }
}

async fn look(session: &Session, checks: &[Check], found: &mut Vec<Guard>) -> Result<(), StoreError> {
    for (what, sql, expected) in checks {
        let value = session.one(sql, vec![]).await?.text("found")?;
        let met = if value == *expected { Ok(value) } else { Err(format!("{value}, expected {expected}")) };
        found.push((*what, met));
    }
    Ok(())
}
