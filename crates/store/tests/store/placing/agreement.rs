//! An agreement is moved to a successor once: writers who have all looked first and then write are held to one by the
//! database; beside it the same writers without its key, who move it as often as they are.

use std::sync::Arc;

use placewell_store::Backend;
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{Connection, Executor, Row as _};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const WRITERS: usize = 12;
const ROUNDS: i64 = 20;
/// Past the store: no agreement stands behind these moves, and the writer is the authority itself.
const SQLITE: &[&str] = &["PRAGMA foreign_keys = off", "UPDATE writer_org SET org_id = 1"];
const POSTGRES: &[&str] = &["SET session_replication_role = replica"];
/// The same table without its key.
const SQLITE_TWIN: &str = "DROP TABLE agreement_move; CREATE TABLE agreement_move (org_id INTEGER, agreement_id INTEGER, \
                           provider_id INTEGER, arrangement_id INTEGER, moved_on TEXT) STRICT";
const POSTGRES_TWIN: &str = "ALTER TABLE agreement_move DROP CONSTRAINT agreement_moved_once";

/// How often each agreement was moved after each writer has looked, found no move, and written one; and who was refused.
macro_rules! moved {
    ($connection:ty, $database:expr, $prepare:expr) => {{
        let mut most = 0;
        let mut refused: Vec<String> = Vec::new();
        for round in 1..=ROUNDS {
            let looking = format!("SELECT count(*) FROM agreement_move WHERE org_id = 1 AND agreement_id = {round}");
            let insert = format!("INSERT INTO agreement_move VALUES (1, {round}, 2, 3, '2022-01-01')");
            let (mut writers, looked) = (JoinSet::new(), Arc::new(Barrier::new(WRITERS)));
            for _ in 0..WRITERS {
                let (url, looked) = ($database.url.clone(), Arc::clone(&looked));
                let (looking, insert) = (looking.clone(), insert.clone());
                writers.spawn(async move {
                    let mut connection = <$connection>::connect(&url).await.unwrap();
                    for statement in $prepare {
                        connection.execute(*statement).await.unwrap();
                    }
                    let looking = sqlx::AssertSqlSafe(looking);
                    let moved: i64 = sqlx::query(looking).fetch_one(&mut connection).await.unwrap().get(0);
                    looked.wait().await;
                    assert_eq!(moved, 0, "somebody wrote before everybody had looked");
                    let insert = sqlx::query(sqlx::AssertSqlSafe(insert));
                    insert.execute(&mut connection).await.map(|_| ()).map_err(|error| error.to_string())
                });
            }
            refused.extend(writers.join_all().await.into_iter().filter_map(Result::err));
            let mut owner = <$connection>::connect(&$database.url).await.unwrap();
            let found: i64 = sqlx::query(sqlx::AssertSqlSafe(looking)).fetch_one(&mut owner).await.unwrap().get(0);
            most = most.max(usize::try_from(found).unwrap());
        }
        (most, refused)
    }};
}

async fn moved(database: &TestDatabase) -> (usize, Vec<String>) {
    match database.backend {
        Backend::Sqlite => moved!(sqlx::SqliteConnection, database, SQLITE),
        Backend::Postgres => moved!(sqlx::PgConnection, database, POSTGRES),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_agreement_is_moved_once_though_all_looked_before_one_moved_it() {
    both(async |database| {
        let (most, refused) = moved(&database).await;
        assert_eq!(most, 1);
        assert_eq!(refused.len(), (WRITERS - 1) * usize::try_from(ROUNDS).unwrap());
        let by_key = |words: &String| {
            words.contains("agreement_moved_once")
                || words.contains("UNIQUE constraint failed: agreement_move.org_id, agreement_move.agreement_id")
        };
        assert!(refused.iter().all(by_key), "{:?}", refused.first());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_without_the_key_moves_an_agreement_for_each_writer() {
    both(async |database| {
        match database.backend {
            Backend::Sqlite => {
                let mut owner = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
                owner.execute(sqlx::raw_sql(SQLITE_TWIN)).await.unwrap();
            }
            Backend::Postgres => {
                let mut owner = sqlx::PgConnection::connect(&database.url).await.unwrap();
                owner.execute(POSTGRES_TWIN).await.unwrap();
            }
        }
        let (most, refused) = moved(&database).await;
        assert_eq!((most, refused), (WRITERS, Vec::new()), "the twin held: the race does not race");
    })
    .await;
}
