//! One open offer of a home for a referral: writers who have all looked first and then write are held to one by the
//! database; beside it the same writers without its index, who write as many as they are.

use std::sync::Arc;

use placewell_store::Backend;
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{Connection, Executor, Row as _};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const WRITERS: usize = 12;
/// Past the store: no invitation stands behind these offers, and the writer is the authority itself.
const SQLITE: &[&str] = &["PRAGMA foreign_keys = off", "UPDATE writer_org SET org_id = 1"];
const POSTGRES: &[&str] = &["SET session_replication_role = replica"];

const OPEN: &str = "SELECT count(*) FROM offer WHERE org_id = 1 AND referral_id = 5 AND home_id = 9 \
                    AND state IN ('draft', 'sent', 'shortlisted', 'recommended')";
const INSERT: &str = "INSERT INTO offer (id, org_id, provider_id, version, number, referral_id, invitation_id, home_id, \
                      state, weekly_pence, start_on, valid_until, words, body) VALUES \
                      ($1, 1, 2, 1, 1, 5, 7, 9, 'sent', 415000, '2021-09-20', '2021-09-30T17:00', $2, '{}')";

/// How many offers are open after each writer has looked, found none, and written one.
macro_rules! written {
    ($connection:ty, $database:expr, $prepare:expr) => {{
        let (mut writers, looked) = (JoinSet::new(), Arc::new(Barrier::new(WRITERS)));
        for id in 1..=i64::try_from(WRITERS).unwrap() {
            let (url, looked) = ($database.url.clone(), Arc::clone(&looked));
            writers.spawn(async move {
                let mut connection = <$connection>::connect(&url).await.unwrap();
                for statement in $prepare {
                    connection.execute(*statement).await.unwrap();
                }
                let open: i64 = connection.fetch_one(OPEN).await.unwrap().get(0);
                looked.wait().await;
                assert_eq!(open, 0, "somebody wrote before everybody had looked");
                let insert = sqlx::query(INSERT).bind(id).bind(Vec::<u8>::new());
                insert.execute(&mut connection).await.map(|_| ()).map_err(|error| error.to_string())
            });
        }
        let ends = writers.join_all().await;
        let mut owner = <$connection>::connect(&$database.url).await.unwrap();
        let open: i64 = owner.fetch_one(OPEN).await.unwrap().get(0);
        let refused = ends.into_iter().filter_map(Result::err).collect::<Vec<String>>();
        (usize::try_from(open).unwrap(), refused)
    }};
}

async fn written(database: &TestDatabase) -> (usize, Vec<String>) {
    match database.backend {
        Backend::Sqlite => written!(sqlx::SqliteConnection, database, SQLITE),
        Backend::Postgres => written!(sqlx::PgConnection, database, POSTGRES),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_home_has_one_open_offer_though_all_looked_before_one_wrote() {
    both(async |database| {
        let (open, refused) = written(&database).await;
        assert_eq!((open, refused.len()), (1, WRITERS - 1));
        let by_index =
            |words: &String| words.contains("one_open_offer") || words.contains("UNIQUE constraint failed: offer");
        assert!(refused.iter().all(by_index), "{refused:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_without_the_index_has_an_open_offer_of_each_writer() {
    both(async |database| {
        let drop_index = "DROP INDEX one_open_offer";
        match database.backend {
            Backend::Sqlite => {
                sqlx::SqliteConnection::connect(&database.url).await.unwrap().execute(drop_index).await.unwrap();
            }
            Backend::Postgres => {
                sqlx::PgConnection::connect(&database.url).await.unwrap().execute(drop_index).await.unwrap();
            }
        }
        let (open, refused) = written(&database).await;
        assert_eq!((open, refused), (WRITERS, Vec::new()), "the twin held: the race does not race");
    })
    .await;
}
