//! Row-level security as PostgreSQL's own catalogue has it: forced on every table with an organisation, under a role that
//! cannot pass it, asking for an organisation that is there inside a transaction only and fails where none was said.

use placewell_store::Backend;
use placewell_testkit::databases::{both, filled, fresh};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool, Row as _};
use std::str::FromStr as _;

use super::{HEREFORDSHIRE, SHROPSHIRE, two_authorities};

/// Tables that name an organisation and belong to nobody, each with its reason.
const OPEN_TO_ALL: &[(&str, &str)] = &[
    ("membership", "a person may serve two organisations: read to sign in, before any organisation is known"),
    ("sign_in", "a session is found by the digest of its token, before any organisation is known"),
    ("outbox", "the worker takes the next job of any organisation, then acts for that one alone"),
    ("one_time_link", "a link is found by its digest, before any organisation is known"),
];

async fn through_the_pool(url: &str) -> PgPool {
    let options = PgConnectOptions::from_str(url).unwrap().options([("role", "placewell_app")]);
    PgPoolOptions::new().max_connections(1).connect_with(options).await.unwrap()
}

#[tokio::test]
async fn every_table_with_an_organisation_has_forced_row_security_in_the_catalogue() {
    let database = fresh(Backend::Postgres).await;
    let mut owner = PgConnection::connect(&database.url).await.unwrap();
    let sql = "SELECT c.relname::text, c.relrowsecurity AND c.relforcerowsecurity, \
               (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid), t.class FROM pg_class c \
               JOIN table_class t ON t.name = c.relname \
               WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND EXISTS \
               (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'org_id' AND NOT a.attisdropped) \
               ORDER BY 1";
    let (mut amiss, mut forced) = (Vec::new(), 0);
    for row in owner.fetch_all(sql).await.unwrap() {
        let (table, is_forced, policies, class): (String, bool, i64, String) =
            (row.get(0), row.get(1), row.get(2), row.get(3));
        let open = ["open", "system"].contains(&class.as_str());
        if open != OPEN_TO_ALL.iter().any(|(name, _)| *name == table) {
            amiss.push(format!("{table} is {class}, and the list of tables without an owner says otherwise"));
        }
        if !open && (!is_forced || policies == 0) {
            amiss.push(format!("{table}: forced {is_forced}, {policies} policies"));
        }
        forced += i64::from(is_forced);
    }
    assert!(amiss.is_empty(), "{amiss:#?}");
    assert!(forced >= 50, "only {forced} tables are forced");
}

#[tokio::test]
async fn the_serving_role_owns_nothing_and_passes_no_policy() {
    let database = fresh(Backend::Postgres).await;
    let mut owner = PgConnection::connect(&database.url).await.unwrap();
    let sql = "SELECT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcanlogin)::text, \
               (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid)::text, \
               (SELECT count(*) FROM pg_views v WHERE v.schemaname = 'public')::text, \
               (SELECT count(*) FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef)::text \
               FROM pg_roles r WHERE rolname = 'placewell_app'";
    let row = owner.fetch_one(sql).await.unwrap();
    let found: Vec<String> = (0..4).map(|at| row.get(at)).collect();
    assert_eq!(found, ["false", "0", "0", "0"], "powers, tables owned, views and functions that run as their owner");
}

/// Ways to begin without an organisation: nothing is said, nothing is what is said, or a transaction before said one.
const UNSAID: [&str; 3] =
    ["", "SELECT set_config('app.org', '', false)", "BEGIN; SELECT set_config('app.org', '1', true); COMMIT"];

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_that_says_no_organisation_fails_on_every_table_that_holds_rows() {
    let database = filled(Backend::Postgres).await;
    let mut owner = PgConnection::connect(&database.url).await.unwrap();
    let pool = through_the_pool(&database.url).await;
    let sql =
        "SELECT name FROM table_class WHERE class IN ('tenant', 'two_party', 'members', 'published') ORDER BY name";
    let (mut asked, mut let_pass) = (0, Vec::new());
    for row in owner.fetch_all(sql).await.unwrap() {
        let table: String = row.get(0);
        let count = format!("SELECT count(*) FROM {table}");
        let rows: i64 = owner.fetch_one(AssertSqlSafe(count.clone())).await.unwrap().get(0);
        if rows == 0 {
            continue; // no policy is asked where there is no row
        }
        asked += 1;
        for unsaid in UNSAID {
            let mut connection = pool.acquire().await.unwrap();
            connection.execute(sqlx::raw_sql(unsaid)).await.unwrap();
            match connection.fetch_one(AssertSqlSafe(count.clone())).await {
                Err(error) if error.to_string().contains("no_organisation") => {}
                other => let_pass.push(format!("{table} after {unsaid:?}: {other:?}")),
            }
        }
    }
    assert!(let_pass.is_empty(), "{let_pass:#?}");
    assert!(asked >= 30, "only {asked} tables hold rows");
}

#[tokio::test]
async fn a_write_that_says_no_organisation_fails() {
    let database = fresh(Backend::Postgres).await;
    let pool = through_the_pool(&database.url).await;
    let write = "INSERT INTO counter (org_id, name, last) VALUES (1, 'x', 1)";
    let error = pool.execute(write).await.unwrap_err().to_string();
    assert!(error.contains("no_organisation"), "{error}");
    let mut transaction = pool.begin().await.unwrap();
    transaction.execute("SELECT set_config('app.org', 'none', true)").await.unwrap();
    let error = transaction.execute(write).await.unwrap_err().to_string();
    assert!(error.contains("row-level security"), "a visitor owns nothing: {error}");
}

#[tokio::test]
async fn the_organisation_is_there_inside_its_transaction_only() {
    let database = fresh(Backend::Postgres).await;
    let pool = through_the_pool(&database.url).await;
    let said = "SELECT coalesce(current_setting('app.org', true), '')";
    for ends in ["COMMIT", "ROLLBACK"] {
        let mut connection = pool.acquire().await.unwrap();
        connection.execute("BEGIN").await.unwrap();
        connection.execute("SELECT set_config('app.org', '1', true)").await.unwrap();
        assert_eq!(connection.fetch_one(said).await.unwrap().get::<String, _>(0), "1");
        connection.execute(ends).await.unwrap();
        assert_eq!(connection.fetch_one(said).await.unwrap().get::<String, _>(0), "", "after {ends}");
    }
}

#[tokio::test]
async fn nobody_and_a_stranger_read_no_counter_of_another_on_either_database() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let work = store.begin(HEREFORDSHIRE, super::moment()).await.unwrap();
        work.next_number("referral").await.unwrap();
        work.commit(placewell_app::clock::Machine::now()).await.unwrap();
        // The store's own handle: another authority begins its own numbers, and sees none of the first's chain.
        let work = store.begin(SHROPSHIRE, super::moment()).await.unwrap();
        assert_eq!(work.next_number("referral").await.unwrap(), 1);
        work.roll_back().await.unwrap();
        for reader in [Some(SHROPSHIRE), None] {
            let session = store.read(reader).await.unwrap();
            assert!(session.events_after(HEREFORDSHIRE, -1, 10).await.unwrap().is_empty(), "{reader:?}");
            assert!(session.timeline(HEREFORDSHIRE, "organisation", HEREFORDSHIRE.0).await.unwrap().is_empty());
        }
    })
    .await;
}
