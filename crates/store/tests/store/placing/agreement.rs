//! An agreement is moved to a successor once: writers who have all looked first and then write are held to one by the
//! database; beside it the same writers without its key, who move it as often as they are.

pub mod given;
mod race;

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::clock::{Machine, moment_of};
use placewell_domain::placing::agreement::{Agreement, UnsignedReason};
use placewell_store::Backend;
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{Connection, Executor, Row as _};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::homes::home::given::{HEREFORDSHIRE, region};

const WRITERS: usize = 64;
const ROUNDS: i64 = 20;
const LOOKING: &str = "SELECT count(*) FROM agreement_move WHERE org_id = 1 AND agreement_id = $1";
const INSERT: &str = "INSERT INTO agreement_move VALUES (1, $1, 2, 3, '2022-01-01')";
/// Past the store: no agreement stands behind these moves, and the writer is the authority itself.
const SQLITE: &[&str] =
    &["PRAGMA busy_timeout = 60000", "PRAGMA foreign_keys = off", "UPDATE writer_org SET org_id = 1"];
const POSTGRES: &[&str] = &["SET session_replication_role = replica"];
/// The same table without its key.
const SQLITE_TWIN: &str = "DROP TABLE agreement_move; CREATE TABLE agreement_move (org_id INTEGER, agreement_id INTEGER, \
                           provider_id INTEGER, arrangement_id INTEGER, moved_on TEXT) STRICT";
const POSTGRES_TWIN: &str = "ALTER TABLE agreement_move DROP CONSTRAINT agreement_moved_once";

/// How often each agreement was moved after each writer has looked, found no move, and written one; and who was refused.
macro_rules! moved {
    ($connection:ty, $database:expr, $prepare:expr, $rounds:expr) => {{
        let (mut writers, looked) = (JoinSet::new(), Arc::new(Barrier::new(WRITERS)));
        for _ in 0..WRITERS {
            let (url, looked) = ($database.url.clone(), Arc::clone(&looked));
            writers.spawn(async move {
                let mut connection = <$connection>::connect(&url).await.unwrap();
                for statement in $prepare {
                    connection.execute(*statement).await.unwrap();
                }
                let mut refused: Vec<String> = Vec::new();
                for agreement in 1..=$rounds {
                    let looking = sqlx::query(LOOKING).bind(agreement);
                    let moved: i64 = looking.fetch_one(&mut connection).await.unwrap().get(0);
                    looked.wait().await;
                    assert_eq!(moved, 0, "somebody wrote before everybody had looked");
                    let insert = sqlx::query(INSERT).bind(agreement);
                    refused.extend(insert.execute(&mut connection).await.err().map(|error| error.to_string()));
                }
                refused
            });
        }
        let refused = writers.join_all().await.concat();
        let mut owner = <$connection>::connect(&$database.url).await.unwrap();
        let mut moves = Vec::new();
        for agreement in 1..=$rounds {
            let found: i64 = sqlx::query(LOOKING).bind(agreement).fetch_one(&mut owner).await.unwrap().get(0);
            moves.push(usize::try_from(found).unwrap());
        }
        (moves, refused)
    }};
}

async fn moved(database: &TestDatabase, rounds: i64) -> (Vec<usize>, Vec<String>) {
    match database.backend {
        Backend::Sqlite => moved!(sqlx::SqliteConnection, database, SQLITE, rounds),
        Backend::Postgres => moved!(sqlx::PgConnection, database, POSTGRES, rounds),
    }
}

#[tokio::test]
async fn a_child_who_sleeps_at_a_home_under_another_agreement_lives_there_already() {
    both(async |database| {
        let store = database.store().await;
        region(&store, 1, 1).await;
        given::offered(&database, 2, 1).await;
        let first = date(2021, 9, 20);
        let mut work = store.begin(HEREFORDSHIRE, moment_of(first.at(9, 0, 0, 0))).await.unwrap();
        let before = work.apply(given::agreement(1, 1, given::offer(1, 1))).await.unwrap();
        let after = work.apply(given::agreement(2, 2, given::offer(2, 1))).await.unwrap();
        let lives = async |work: &placewell_store::Work, of: &Agreement, day: Date| {
            work.lives_there_already(of, day).await.unwrap()
        };
        assert!(!lives(&work, &after, date(2021, 9, 27)).await, "nobody has come");
        let change = before.start(first, Some(UnsignedReason::Emergency), work.moment()).unwrap();
        let before = work.apply(change).await.unwrap();
        assert!(!lives(&work, &after, first).await, "on the day of the first night");
        assert!(lives(&work, &after, date(2021, 9, 27)).await, "a week later");
        assert!(!lives(&work, &before, date(2021, 9, 27)).await, "its own nights are not another's");
        work.commit(Machine::now()).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_agreement_is_moved_once_though_all_looked_before_one_moved_it() {
    both(async |database| {
        let (moves, refused) = moved(&database, ROUNDS).await;
        let rounds = usize::try_from(ROUNDS).unwrap();
        assert_eq!((moves, refused.len()), (vec![1; rounds], (WRITERS - 1) * rounds));
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
        let (moves, refused) = moved(&database, 1).await;
        assert_eq!((moves, refused), (vec![WRITERS], Vec::new()), "the twin held: the race does not race");
    })
    .await;
}
