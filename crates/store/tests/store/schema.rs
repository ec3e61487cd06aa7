//! The whole schema of each database, generated and compared: nobody changes it unseen.

use placewell_store::Backend;
use placewell_testkit::databases::fresh;
use sqlx::{AssertSqlSafe, Connection, Row};

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

/// What is asked of one record, as the store asks it.
const ASKED: &[&str] = &[
    "SELECT body FROM approval WHERE (org_id = $1 OR responsible_id = $1) AND id = $2",
    "SELECT body FROM approval WHERE (org_id = $1 OR responsible_id = $1) AND recommendation_id = $2 ORDER BY id",
    "SELECT body FROM approval WHERE org_id = $1 AND referral_id = $2 AND state IN ('requested', 'approved') ORDER BY id",
    "SELECT body FROM approval WHERE org_id = $1 AND offer_id = $2 AND state IN ('requested', 'approved') ORDER BY id",
    "SELECT words, body FROM recommendation WHERE (org_id = $1 OR responsible_id = $1) AND id = $2",
    "SELECT wrapped FROM invitation_key WHERE (org_id = $1 OR provider_id = $1) AND invitation_id = $2",
    "SELECT words, body FROM invitation WHERE (org_id = $1 OR provider_id = $1) AND id = $2",
    "SELECT words, body FROM offer WHERE (org_id = $1 OR provider_id = $1) AND id = $2",
    "SELECT words, body FROM offer WHERE (org_id = $1 OR provider_id = $1) AND invitation_id = $2 ORDER BY id DESC",
    "SELECT body FROM question WHERE org_id = $1 AND referral_id = $2 ORDER BY id DESC",
    "SELECT stage FROM disclosure WHERE (org_id = $1 OR provider_id = $1) AND invitation_id = $2 AND stage = $3",
    "SELECT body FROM agreement WHERE (org_id = $1 OR provider_id = $1) AND id = $2",
    "SELECT body FROM agreement WHERE (org_id = $1 OR provider_id = $1) AND planned_end > $2 \
     AND state IN ('started', 'notice_given', 'ended') AND EXISTS (SELECT 1 FROM price_line l \
     WHERE l.org_id = agreement.org_id AND l.agreement_id = agreement.id AND l.kind = 'additional_support') ORDER BY id",
    "SELECT line FROM price_line WHERE (org_id = $1 OR provider_id = $1) AND agreement_id = $2 AND known_to > $3",
    "SELECT weekly_pence FROM price_fact WHERE home_id = $1 AND lot = $2 AND line = $3 AND known_to = $4",
    "SELECT lot FROM admission WHERE home_id = $1 AND known_to = $2 ORDER BY lot, from_date",
    "SELECT label FROM document WHERE (org_id = $1 OR provider_id = $1) AND id = $2",
    "SELECT body FROM home WHERE urn = $1 ORDER BY id",
    "SELECT body FROM paper WHERE org_id = $1 AND state = 'held' AND reference IN ($2, $3)",
];
/// The control: a read of all rows.
const ALL_ROWS: &str = "SELECT body FROM home ORDER BY body";

/// Whether a query looks through a table, or through all rows of one organisation, to find what it asks for.
async fn looks_through(connection: &mut sqlx::SqliteConnection, query: &str) -> bool {
    let rows = sqlx::query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"))).fetch_all(connection).await.unwrap();
    let steps: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
    let owners = ["(org_id=?)", "(provider_id=?)", "(responsible_id=?)"];
    steps.iter().any(|step| step.starts_with("SCAN") || owners.iter().any(|owner| step.ends_with(owner)))
}

#[tokio::test]
async fn what_is_asked_of_one_record_is_found_by_an_index() {
    let database = fresh(Backend::Sqlite).await;
    let mut connection = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
    assert!(looks_through(&mut connection, ALL_ROWS).await);
    assert!(looks_through(&mut connection, "SELECT body FROM approval WHERE org_id = $1 AND body = $2").await);
    for query in ASKED {
        assert!(!looks_through(&mut connection, query).await, "{query}");
    }
}
