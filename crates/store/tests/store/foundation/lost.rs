//! No lost update: everybody has read the same version before one writes, and one of them wins; beside it the twin that
//! writes what it read plus one.

use std::sync::Arc;

use placewell_app::clock::Machine;
use placewell_domain::id::HomeId;
use placewell_store::{Backend, Store, StoreError};
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{Connection, Row as _};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::homes::home::given::{PROVIDER, REGION, moment, region};

const CLIENTS: usize = 64;
const ROUNDS: usize = 20;

/// Writes what a reader makes of the home; whether it was still the version that was read.
async fn confirm(store: &Store, home: placewell_domain::homes::home::Home) -> bool {
    for _ in 0..20 {
        let mut work = store.begin(REGION, moment()).await.unwrap();
        match work.apply(home.clone().confirm_beds(moment()).unwrap()).await {
            Ok(_) => match work.commit(Machine::now()).await {
                Ok(()) => return true,
                Err(StoreError::Retry | StoreError::Busy) => {}
                Err(error) => panic!("{error}"),
            },
            Err(StoreError::Conflict) => {
                work.roll_back().await.unwrap();
                return false;
            }
            Err(StoreError::Retry | StoreError::Busy) => work.roll_back().await.unwrap(),
            Err(error) => panic!("{error}"),
        }
    }
    panic!("gave up");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_read_one_version_one_writes_the_next_and_no_update_is_lost() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        region(&store, 1, 1).await;
        let before = store.read(Some(PROVIDER)).await.unwrap().home(HomeId(1)).await.unwrap().version;
        for _ in 0..ROUNDS {
            let (mut clients, read) = (JoinSet::new(), Arc::new(Barrier::new(CLIENTS)));
            for _ in 0..CLIENTS {
                let (store, read) = (Arc::clone(&store), Arc::clone(&read));
                clients.spawn(async move {
                    let home = store.read(Some(PROVIDER)).await.unwrap().home(HomeId(1)).await.unwrap();
                    read.wait().await;
                    confirm(&store, home).await
                });
            }
            let won = clients.join_all().await.into_iter().filter(|won| *won).count();
            assert_eq!(won, 1, "one of those who read a version writes the next");
        }
        let session = store.read(Some(REGION)).await.unwrap();
        let after = session.home(HomeId(1)).await.unwrap().version;
        assert_eq!(after - before, i64::try_from(ROUNDS).unwrap());
        let events = session.timeline(REGION, "home", 1).await.unwrap();
        assert_eq!(i64::try_from(events.len()).unwrap(), after, "an event of each version");
    })
    .await;
}

/// Reads a number and writes the next; all have read before one writes.
macro_rules! naive_twin {
    ($connection:ty, $database:expr) => {{
        let url = $database.url.clone();
        let mut first = <$connection>::connect(&url).await.unwrap();
        sqlx::query("CREATE TABLE naive_count (n BIGINT NOT NULL)").execute(&mut first).await.unwrap();
        sqlx::query("INSERT INTO naive_count (n) VALUES (0)").execute(&mut first).await.unwrap();
        let (mut clients, read) = (JoinSet::new(), Arc::new(Barrier::new(CLIENTS)));
        for _ in 0..CLIENTS {
            let (url, read) = (url.clone(), Arc::clone(&read));
            clients.spawn(async move {
                let mut connection = <$connection>::connect(&url).await.unwrap();
                let n = sqlx::query("SELECT n FROM naive_count").fetch_one(&mut connection).await.unwrap();
                let n: i64 = n.get(0);
                read.wait().await;
                let update = sqlx::query("UPDATE naive_count SET n = $1").bind(n + 1);
                update.execute(&mut connection).await.unwrap();
            });
        }
        clients.join_all().await;
        let n = sqlx::query("SELECT n FROM naive_count").fetch_one(&mut first).await.unwrap();
        n.get::<i64, _>(0)
    }};
}

async fn naive(database: &TestDatabase) -> i64 {
    match database.backend {
        Backend::Sqlite => naive_twin!(sqlx::SqliteConnection, database),
        Backend::Postgres => naive_twin!(sqlx::PgConnection, database),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_that_writes_what_it_read_plus_one_loses_all_updates_but_one() {
    both(async |database| {
        assert_eq!(naive(&database).await, 1, "the naive twin lost nothing: the race does not race");
    })
    .await;
}
