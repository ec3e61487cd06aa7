//! Tenancy, table by table as the catalogue has them: in a filled region a stranger sees no row of another organisation,
//! changes none, takes none away and adds none in its name; and no connection keeps an organisation after an error.

use placewell_app::clock::Machine;
use placewell_app::demonstration::{Scale, calendar, fill_at};
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_store::{Backend, StoreError};
use placewell_testkit::databases::{both, fresh};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row as _, SqliteConnection};

use super::{HEREFORDSHIRE, SHROPSHIRE, moment, two_authorities};

/// An organisation that nothing belongs to.
const STRANGER: i64 = 4_242;

/// The tables that belong to somebody: each with its class.
const CATALOGUE: &str =
    "SELECT name, class FROM table_class WHERE class IN ('tenant', 'two_party', 'owned') ORDER BY name";
/// So many of them must hold rows, or the test would show nothing.
const LEAST_FILLED: usize = 30;

#[tokio::test(flavor = "multi_thread")]
async fn on_postgresql_a_stranger_sees_changes_removes_and_adds_no_row_of_any_table_of_the_catalogue() {
    let database = fresh(Backend::Postgres).await;
    let app = database.app(calendar()).await;
    fill_at(&app, Scale::SMALL, &mut |_| {}).await.unwrap();
    let mut owner = PgConnection::connect(&database.url).await.unwrap();
    let (mut amiss, mut filled) = (Vec::new(), 0);
    for row in owner.fetch_all(CATALOGUE).await.unwrap() {
        let (table, class): (String, String) = (row.get(0), row.get(1));
        let count = format!("SELECT count(*) FROM {table}");
        let rows: i64 = owner.fetch_one(AssertSqlSafe(count.clone())).await.unwrap().get(0);
        if rows == 0 {
            continue;
        }
        filled += 1;
        let mut transaction = owner.begin().await.unwrap();
        let copy = format!(
            "CREATE TEMP TABLE copy ON COMMIT DROP AS SELECT * FROM {table} LIMIT 1; GRANT SELECT ON copy TO PUBLIC"
        );
        transaction.execute(sqlx::raw_sql(AssertSqlSafe(copy))).await.unwrap();
        let stranger = format!("SET LOCAL ROLE placewell_app; SET LOCAL app.org = '{STRANGER}'");
        transaction.execute(sqlx::raw_sql(AssertSqlSafe(stranger))).await.unwrap();
        let seen: i64 = transaction.fetch_one(AssertSqlSafe(count)).await.unwrap().get(0);
        if seen != 0 && class != "owned" {
            amiss.push(format!("{table}: {seen} of {rows} rows are seen"));
        }
        for act in [
            format!("UPDATE {table} SET org_id = org_id"),
            format!("DELETE FROM {table}"),
            format!("INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM copy"),
        ] {
            let mut tried = transaction.begin().await.unwrap();
            match tried.execute(AssertSqlSafe(act.clone())).await {
                Ok(done) if done.rows_affected() > 0 => amiss.push(format!("{act}: {} rows", done.rows_affected())),
                Ok(_) => {}
                // The role may not, or the policy of the row says no: any other word means that it got further.
                Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("42501") => {}
                Err(error) => amiss.push(format!("{act}: {error}")),
            }
            tried.rollback().await.unwrap();
        }
        transaction.rollback().await.unwrap();
    }
    assert!(amiss.is_empty(), "{amiss:#?}");
    assert!(filled >= LEAST_FILLED, "only {filled} tables of the catalogue hold rows");
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_a_stranger_changes_removes_and_adds_no_row_of_any_table_of_the_catalogue() {
    let database = fresh(Backend::Sqlite).await;
    let app = database.app(calendar()).await;
    fill_at(&app, Scale::SMALL, &mut |_| {}).await.unwrap();
    let mut owner = SqliteConnection::connect(&database.url).await.unwrap();
    let (mut amiss, mut filled) = (Vec::new(), 0);
    for row in owner.fetch_all(CATALOGUE).await.unwrap() {
        let table: String = row.get(0);
        let one = format!("SELECT rowid, org_id FROM {table} LIMIT 1");
        let Some(held) = owner.fetch_optional(AssertSqlSafe(one)).await.unwrap() else { continue };
        let (rowid, org): (i64, i64) = (held.get(0), held.get(1));
        filled += 1;
        for act in [
            format!("UPDATE {table} SET org_id = org_id WHERE rowid = {rowid}"),
            format!("UPDATE {table} SET org_id = {STRANGER} WHERE rowid = {rowid}"),
            format!("DELETE FROM {table} WHERE rowid = {rowid}"),
            format!("INSERT INTO {table} SELECT * FROM {table} WHERE rowid = {rowid}"),
        ] {
            let mut tried = owner.begin().await.unwrap();
            let stranger = format!("UPDATE writer_org SET org_id = {STRANGER}");
            tried.execute(AssertSqlSafe(stranger)).await.unwrap();
            let said = tried.execute(AssertSqlSafe(act.clone())).await.map(|done| done.rows_affected());
            let words = said.as_ref().map_or_else(ToString::to_string, |rows| format!("{rows} rows"));
            // A table that only grows says so before it asks whose it is.
            if !["other_organisation", "append_only", "version_skipped"].iter().any(|word| words.contains(word)) {
                amiss.push(format!("{act} (of {org}): {words}"));
            }
            tried.rollback().await.unwrap();
        }
    }
    assert!(amiss.is_empty(), "{amiss:#?}");
    assert!(filled >= LEAST_FILLED, "only {filled} tables of the catalogue hold rows");
}

#[tokio::test]
async fn no_connection_keeps_an_organisation_after_an_error() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.new_child_key(HEREFORDSHIRE, ChildId(7)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let new = |id| {
            let (code, kind) = ("HEF".to_owned(), OrganisationKind::Authority);
            Organisation { id, code: code.clone(), name: code, kind, area: None, placing_body: None }
        };
        for number in 0..20 {
            // The code is taken: the transaction fails, and its connection goes back into the pool.
            let failing = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
            assert!(failing.add_organisation(&new(OrganisationId(90 + number))).await.is_err());
            if number % 2 == 0 {
                failing.roll_back().await.unwrap();
            } else {
                drop(failing);
            }
            for stranger in [Some(SHROPSHIRE), None] {
                let session = store.read(stranger).await.unwrap();
                let key = session.child_key(HEREFORDSHIRE, ChildId(7)).await;
                assert!(matches!(key, Err(StoreError::NotFound)), "{stranger:?} reads Herefordshire's key");
            }
            let work = store.begin(SHROPSHIRE, moment()).await.unwrap();
            assert!(work.new_child_key(HEREFORDSHIRE, ChildId(8)).await.is_err(), "a write for another went in");
            work.roll_back().await.unwrap();
        }
    })
    .await;
}
