//! The chain cannot fork: whatever the database's own administrator writes beside it, a second successor, a gap, a wrong
//! predecessor and a wrong hash are refused; beside it the twin without the constraints, which forks under race.

use std::sync::Arc;

use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_store::chain::{Position, hash};
use placewell_store::{Backend, Store};
use placewell_testkit::databases::{TestDatabase, both};
use sqlx::{Connection, Row as _};
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::{HEREFORDSHIRE, moment, two_authorities};

const CLIENTS: usize = 64;

async fn three_events(store: &Store) {
    for number in 1..=3 {
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.record(Event::new("test.happened", "test", number, 1));
        work.commit(Machine::now()).await.unwrap();
    }
}

/// An event as an administrator writes it: its number, and the number and the hash of the one before.
struct Forged {
    seq: i64,
    prev: i64,
    prev_hash: Vec<u8>,
    hash: Vec<u8>,
}

const BODY: &str = r#"{"by":null,"facts":{},"kind":"test.forged","record":9,"room":"test","version":1}"#;

/// One that follows the event with this number.
fn after(prev: i64, prev_hash: &[u8], seq: i64) -> Forged {
    let position = Position { previous: prev_hash, organisation: HEREFORDSHIRE, sequence: seq, moment: moment().at };
    Forged { seq, prev, prev_hash: prev_hash.to_vec(), hash: hash(&position, BODY).to_vec() }
}

const INSERT: &str = "INSERT INTO event (org_id, seq, prev_seq, prev_hash, moment, room, record, version, kind, body, hash) \
                      VALUES (1, $1, $2, $3, $4, 'test', 9, 1, 'test.forged', $5, $6)";

/// Writes it past the store; what the database says against it.
macro_rules! forge {
    ($connection:expr, $event:expr) => {{
        let event: &Forged = $event;
        let insert = sqlx::query(INSERT).bind(event.seq).bind(event.prev).bind(event.prev_hash.clone());
        let insert = insert.bind(moment().at.as_microsecond()).bind(BODY).bind(event.hash.clone());
        insert.execute(&mut *$connection).await.map(|_| ()).map_err(|error| error.to_string())
    }};
}

/// The hash of each event, and then what was said against each forged one; the last is an honest successor.
macro_rules! forgeries {
    ($connection:ty, $database:expr) => {{
        let mut owner = <$connection>::connect(&$database.url).await.unwrap();
        if $database.backend == Backend::Sqlite {
            sqlx::query("UPDATE writer_org SET org_id = 1").execute(&mut owner).await.unwrap();
        }
        let rows = sqlx::query("SELECT hash FROM event WHERE org_id = 1 ORDER BY seq").fetch_all(&mut owner).await;
        let hashes: Vec<Vec<u8>> = rows.unwrap().iter().map(|row| row.get(0)).collect();
        let mut said = Vec::new();
        for event in forged(&hashes) {
            said.push(forge!(&mut owner, &event));
        }
        said
    }};
}

fn forged(hashes: &[Vec<u8>]) -> Vec<Forged> {
    let mut wrong = after(2, &hashes[2], 3);
    wrong.hash = vec![7; 32];
    let mut all = vec![
        after(1, &hashes[1], 2), // a second successor of the second event
        after(1, &hashes[1], 3), // the same under the next number
        after(3, &hashes[2], 4), // a gap
        after(2, &hashes[1], 3), // a wrong predecessor
    ];
    all.push(wrong); // its own hash is wrong: PostgreSQL computes it, on SQLite `placewell verify` does
    all.push(after(2, &hashes[2], 3));
    all
}

#[tokio::test]
async fn a_second_successor_a_gap_and_a_wrong_predecessor_are_refused_by_the_database_itself() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        three_events(&store).await;
        let said = match database.backend {
            Backend::Sqlite => forgeries!(sqlx::SqliteConnection, database),
            Backend::Postgres => forgeries!(sqlx::PgConnection, database),
        };
        for (at, said) in said[..4].iter().enumerate() {
            let words = said.as_ref().expect_err("a forged event went in");
            assert!(!words.contains("other_organisation") && !words.contains("row-level"), "{at}: {words}");
        }
        let report = store.read(Some(HEREFORDSHIRE)).await.unwrap().verify_chain(HEREFORDSHIRE).await.unwrap();
        match database.backend {
            // The wrong hash went in, took the number of the honest one, and is found by reading.
            Backend::Sqlite => assert!(said[4].is_ok() && said[5].is_err() && !report.faults.is_empty()),
            Backend::Postgres => {
                assert!(said[4].is_err() && said[5].is_ok(), "{said:?}");
                assert_eq!(report.faults[0], "event 3 was not written by the service");
            }
        }
    })
    .await;
}

/// Reads the last number and writes the next, without a constraint; all have read before one writes.
macro_rules! naive_twin {
    ($connection:ty, $database:expr) => {{
        let url = $database.url.clone();
        let mut first = <$connection>::connect(&url).await.unwrap();
        sqlx::query("CREATE TABLE naive_chain (seq BIGINT NOT NULL)").execute(&mut first).await.unwrap();
        let (mut clients, read) = (JoinSet::new(), Arc::new(Barrier::new(CLIENTS)));
        for _ in 0..CLIENTS {
            let (url, read) = (url.clone(), Arc::clone(&read));
            clients.spawn(async move {
                let mut connection = <$connection>::connect(&url).await.unwrap();
                let last = sqlx::query("SELECT coalesce(max(seq), 0) FROM naive_chain");
                let last: i64 = last.fetch_one(&mut connection).await.unwrap().get(0);
                read.wait().await;
                let insert = sqlx::query("INSERT INTO naive_chain (seq) VALUES ($1)").bind(last + 1);
                insert.execute(&mut connection).await.unwrap();
            });
        }
        clients.join_all().await;
        let heads = sqlx::query("SELECT count(*) FROM naive_chain WHERE seq = 1").fetch_one(&mut first).await.unwrap();
        heads.get::<i64, _>(0)
    }};
}

async fn naive(database: &TestDatabase) -> i64 {
    match database.backend {
        Backend::Sqlite => naive_twin!(sqlx::SqliteConnection, database),
        Backend::Postgres => naive_twin!(sqlx::PgConnection, database),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_naive_twin_that_reads_the_last_number_and_writes_the_next_forks() {
    both(async |database| {
        assert_eq!(naive(&database).await, i64::try_from(CLIENTS).unwrap(), "the naive chain did not fork");
    })
    .await;
}
