//! One effect per key under race: 64 clients in 20 rounds send each key by four at once, and one sender in five is killed
//! half-way; beside it the twin that looks for the key and then writes.

use std::sync::Arc;

use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_domain::id::PersonId;
use placewell_store::idempotency::Earlier;
use placewell_store::{Backend, Store, StoreError};
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{Connection, Row as _};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{HEREFORDSHIRE, moment, two_authorities};

const CLIENTS: i64 = 64;
const ROUNDS: i64 = 20;
const SENDERS: i64 = 4;
const KEYS: i64 = CLIENTS * ROUNDS / SENDERS;

/// How a sender ended.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Done,
    Repeated,
    Killed,
}

/// One try: the key, the effect, the result under the key. A killed one leaves in the middle.
async fn send(store: &Store, key: i64, killed: bool) -> Result<Ended, StoreError> {
    let (person, name) = (PersonId(5), format!("key-{key}"));
    let mut work = store.begin(HEREFORDSHIRE, moment()).await?;
    let tried = async {
        match work.claim_key(person, &name, ("test", "same"), moment().at).await? {
            None => {}
            Some(Earlier::Done(place)) => {
                assert_eq!(place, name);
                return Ok(Ended::Repeated);
            }
            Some(other) => panic!("{other:?}"),
        }
        work.next_number("effect").await?;
        work.record(Event::new("test.happened", "test", key, 1));
        work.keep_result(person, &name, Ok(&name))?;
        Ok(Ended::Done)
    }
    .await;
    match tried {
        Ok(_) if killed => {
            drop(work);
            Ok(Ended::Killed)
        }
        Ok(Ended::Done) => work.commit(Machine::now()).await.map(|()| Ended::Done),
        ended => {
            work.roll_back().await?;
            ended
        }
    }
}

/// How each of a round's senders ended; a task has one session at a time, so that each is a task of its own.
async fn round(store: &Arc<Store>, number: i64) -> Vec<Ended> {
    let mut senders = JoinSet::new();
    for sender in number * CLIENTS..(number + 1) * CLIENTS {
        let store = Arc::clone(store);
        senders.spawn(async move {
            for _ in 0..20 {
                match send(&store, sender / SENDERS, sender % 5 == 0).await {
                    Ok(ended) => return ended,
                    Err(StoreError::Retry | StoreError::Busy) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            panic!("sender {sender} gave up");
        });
    }
    senders.join_all().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_has_one_effect_though_four_send_it_at_once_and_one_in_five_is_killed_half_way() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        two_authorities(&store).await;
        let mut ended = Vec::new();
        for number in 0..ROUNDS {
            ended.extend(round(&store, number).await);
        }
        let count = |wanted: Ended| i64::try_from(ended.iter().filter(|one| **one == wanted).count()).unwrap();
        assert_eq!(count(Ended::Done), KEYS, "one effect of each key");
        assert_eq!(count(Ended::Killed), KEYS * SENDERS / 5);
        assert!(count(Ended::Repeated) > 0, "nobody came second: the race does not race");
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        assert_eq!(i64::from(work.next_number("effect").await.unwrap()), KEYS + 1);
        work.roll_back().await.unwrap();
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        let report = session.verify_chain(HEREFORDSHIRE).await.unwrap();
        assert_eq!((report.events, report.faults), (KEYS, vec![]));
    })
    .await;
}

/// Looks for the key, and then writes the effect and the key; all have looked before one writes.
macro_rules! naive_twin {
    ($connection:ty, $database:expr) => {{
        let url = $database.url.clone();
        let mut first = <$connection>::connect(&url).await.unwrap();
        sqlx::query("CREATE TABLE naive_key (key BIGINT NOT NULL)").execute(&mut first).await.unwrap();
        let mut senders = JoinSet::new();
        let looked = Arc::new(Barrier::new(usize::try_from(CLIENTS).unwrap()));
        for _ in 0..CLIENTS {
            let (url, looked) = (url.clone(), Arc::clone(&looked));
            senders.spawn(async move {
                let mut connection = <$connection>::connect(&url).await.unwrap();
                let seen = sqlx::query("SELECT count(*) FROM naive_key WHERE key = 1");
                let seen: i64 = seen.fetch_one(&mut connection).await.unwrap().get(0);
                looked.wait().await;
                if seen == 0 {
                    let insert = sqlx::query("INSERT INTO naive_key (key) VALUES (1)");
                    insert.execute(&mut connection).await.unwrap();
                }
            });
        }
        senders.join_all().await;
        let effects = sqlx::query("SELECT count(*) FROM naive_key").fetch_one(&mut first).await.unwrap();
        effects.get::<i64, _>(0)
    }};
}

async fn naive(database: &TestDatabase) -> i64 {
    match database.backend {
        Backend::Sqlite => naive_twin!(sqlx::SqliteConnection, database),
        Backend::Postgres => naive_twin!(sqlx::PgConnection, database),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_that_looks_for_the_key_and_then_writes_has_an_effect_of_each_sender() {
    both(async |database| {
        assert_eq!(naive(&database).await, CLIENTS, "the naive twin held: the race does not race");
    })
    .await;
}
