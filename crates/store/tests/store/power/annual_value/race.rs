//! The ceiling under race: 64 clients award, vary, end and except on one ceiling, 20 rounds each, on both databases;
//! beside it the naive twin that checks and then writes, and must breach.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use placewell_app::clock::Machine;
use placewell_domain::id::PersonId;
use placewell_domain::money::Pence;
use placewell_domain::power::annual_value::{ExceptionReason, Reading};
use placewell_store::power::annual_value::Excepted;
use placewell_store::{Store, StoreError};
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{Connection, Row as _};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::power::{HEF, TERM_END, YEAR, adopted, authorities, placement, work};

const CLIENTS: i64 = 64;
const ROUNDS: i64 = 20;
const CEILING: i64 = 4_000_000;

/// One try of one client: an award, a rise, a fall, an ending, and now and then an exception.
async fn act(store: &Store, client: i64, round: i64) -> Result<(), StoreError> {
    let weekly = Pence(7_000 + 700 * ((client + round) % 5));
    let weeks = if round % 4 == 3 { 0 } else { 1 + (client * 7 + round * 3) % 11 };
    let mut work = work(store, HEF).await;
    let commitment = placement(1_000 + client * 4 + round % 4, weekly, weeks);
    let grant = if round == 7 && client % 16 == 0 {
        let words = "Constitution 3.7";
        Some(
            work.grant_over(Excepted::Entries(commitment.agreement), ExceptionReason::Urgency, words, PersonId(client))
                .await?,
        )
    } else {
        None
    };
    match work.commit_value(&commitment, &Reading::default(), TERM_END, grant).await {
        Ok(_) => work.commit(Machine::now()).await,
        Err(error) => {
            work.roll_back().await?;
            Err(error)
        }
    }
}

async fn insist(store: &Store, client: i64, round: i64, refused: &AtomicUsize) {
    for _ in 0..20 {
        match act(store, client, round).await {
            Ok(()) => return,
            Err(StoreError::Constraint(name)) => {
                assert_eq!(name, "within_ceiling");
                refused.fetch_add(1, Ordering::Relaxed);
                return;
            }
            Err(StoreError::Retry | StoreError::Busy) => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("client {client} gave up in round {round}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rule_3_2_the_ceiling_holds_under_64_clients_and_20_rounds() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        authorities(&store).await;
        adopted(&store, HEF, Pence(CEILING)).await;
        let refused = Arc::new(AtomicUsize::new(0));
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let (store, refused) = (Arc::clone(&store), Arc::clone(&refused));
            clients.spawn(async move {
                for round in 0..ROUNDS {
                    insist(&store, client, round, &refused).await;
                }
            });
        }
        clients.join_all().await;
        let session = store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.ledger_faults(HEF).await.unwrap(), [], "totals = sums of entries, over = excess");
        let totals = session.ledger_year(HEF, YEAR).await.unwrap().unwrap().totals;
        assert!(totals.committed <= totals.ceiling + totals.over);
        assert!(refused.load(Ordering::Relaxed) > 0, "the ceiling was never reached");
        assert!(session.verify_chain(HEF).await.unwrap().faults.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rule_3_1_released_headroom_is_awarded_again_once_and_never_twice() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        authorities(&store).await;
        adopted(&store, HEF, Pence(80_000)).await;
        let mut full = work(&store, HEF).await;
        full.commit_value(&placement(1, Pence(10_000), 8), &Reading::default(), TERM_END, None).await.unwrap();
        full.commit(Machine::now()).await.unwrap();
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let store = Arc::clone(&store);
            clients.spawn(async move {
                let id = if client == 0 { 1 } else { 100 + client };
                for _ in 0..20 {
                    let mut work = work(&store, HEF).await;
                    let wanted = placement(id, Pence(10_000), 4);
                    match work.commit_value(&wanted, &Reading::default(), TERM_END, None).await {
                        Ok(_) => {
                            if work.commit(Machine::now()).await.is_ok() {
                                return true;
                            }
                        }
                        Err(StoreError::Constraint(_)) => {
                            work.roll_back().await.unwrap();
                            return false;
                        }
                        Err(_) => work.roll_back().await.unwrap(),
                    }
                }
                panic!("gave up");
            });
        }
        let awarded = clients.join_all().await.into_iter().filter(|done| *done).count();
        assert!((1..=2).contains(&awarded), "the ending, and at most one award in its place: {awarded}");
        let session = store.read(Some(HEF)).await.unwrap();
        assert!(session.ledger_year(HEF, YEAR).await.unwrap().unwrap().totals.committed <= Pence(80_000));
        assert_eq!(session.ledger_faults(HEF).await.unwrap(), []);
    })
    .await;
}

/// Checks, then writes, each a statement of its own; every client has checked before one writes.
macro_rules! naive_twin {
    ($connection:ty, $url:expr) => {{
        let url: String = $url;
        let mut first = <$connection>::connect(&url).await.unwrap();
        sqlx::query("CREATE TABLE naive (pence BIGINT NOT NULL)").execute(&mut first).await.unwrap();
        let mut clients = JoinSet::new();
        let checked = Arc::new(Barrier::new(16));
        for _ in 0..16 {
            let (url, checked) = (url.clone(), Arc::clone(&checked));
            clients.spawn(async move {
                let mut connection = <$connection>::connect(&url).await.unwrap();
                for _ in 0..ROUNDS {
                    let sql = "SELECT CAST(coalesce(sum(pence), 0) AS BIGINT) FROM naive";
                    let used: i64 = sqlx::query(sql).fetch_one(&mut connection).await.unwrap().get(0);
                    checked.wait().await;
                    if used + 10 <= 100 {
                        let insert = sqlx::query("INSERT INTO naive (pence) VALUES (10)");
                        let _busy = insert.execute(&mut connection).await;
                    }
                }
            });
        }
        clients.join_all().await;
        let sql = "SELECT CAST(coalesce(sum(pence), 0) AS BIGINT) FROM naive";
        let used: i64 = sqlx::query(sql).fetch_one(&mut first).await.unwrap().get(0);
        used
    }};
}

async fn naive(database: &TestDatabase) -> i64 {
    match database.backend {
        placewell_store::Backend::Sqlite => naive_twin!(sqlx::SqliteConnection, database.url.clone()),
        placewell_store::Backend::Postgres => naive_twin!(sqlx::PgConnection, database.url.clone()),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_that_checks_and_then_writes_breaches_the_ceiling() {
    both(async |database| {
        let used = naive(&database).await;
        assert!(used > 100, "the naive twin held: the race does not race ({used})");
    })
    .await;
}
