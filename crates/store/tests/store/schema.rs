//! The whole schema of each database, generated and compared: nobody changes it unseen.

use placewell_store::Backend;
use placewell_testkit::databases::fresh;
use sqlx::{Connection, Row};

const SQLITE: &str = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master \
                      WHERE name NOT LIKE 'sqlite_%' ORDER BY type, name";

const POSTGRES: &str = "
SELECT line FROM (
  SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') AS line
    FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
  UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT 'policy ' || tablename || ' ' || policyname || ' ' || cmd || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
    FROM pg_policies WHERE schemaname = 'public'
  UNION ALL SELECT 'forced ' || relname FROM pg_class WHERE relforcerowsecurity
  UNION ALL SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p
    WHERE pronamespace = 'public'::regnamespace AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')
) s ORDER BY line COLLATE \"C\"";

#[tokio::test]
async fn the_schema_is_the_one_that_was_agreed() {
    let sqlite = fresh(Backend::Sqlite).await;
    let mut connection = sqlx::SqliteConnection::connect(&sqlite.url).await.unwrap();
    let rows = sqlx::query(SQLITE).fetch_all(&mut connection).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    insta::assert_snapshot!("sqlite", lines.join("\n"));

    let postgres = fresh(Backend::Postgres).await;
    let mut connection = sqlx::PgConnection::connect(&postgres.url).await.unwrap();
    let rows = sqlx::query(POSTGRES).fetch_all(&mut connection).await.unwrap();
    let lines: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    insta::assert_snapshot!("postgres", lines.join("\n"));
}

#[tokio::test]
async fn every_table_says_whose_it_is() {
    let database = fresh(Backend::Sqlite).await;
    let mut connection = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
               AND name NOT IN ('migration', 'writer_org') AND name NOT IN (SELECT name FROM table_class)";
    let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
    let unclassed: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_eq!(unclassed, Vec::<String>::new());
}
