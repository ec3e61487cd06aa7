//! No job is missed and none is done twice: writers that stall between insert and commit, one in ten that rolls back,
//! three readers at once; beside them, on PostgreSQL, the reader that remembers the last number it has seen and misses.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_domain::id::OrganisationId;
use placewell_store::outbox::Job;
use placewell_store::{Backend, Store, StoreError};
use placewell_testkit::databases::{both, fresh};
use serde_json::json;
use sqlx::{Connection, Executor, PgConnection, Row as _};
use tokio::task::JoinSet;

use super::{HEREFORDSHIRE, SHROPSHIRE, moment, two_authorities};

const WRITERS: usize = 32;
const JOBS: usize = 5;
const READERS: usize = 3;

/// One writer's jobs; every tenth is rolled back. Gives how many were left to be done.
async fn write(store: &Store, writer: usize) -> usize {
    let organisation = if writer.is_multiple_of(2) { HEREFORDSHIRE } else { SHROPSHIRE };
    let mut left = 0;
    for number in 0..JOBS {
        for _ in 0..20 {
            let mut work = store.begin(organisation, moment()).await.unwrap();
            let record = i64::try_from(writer * JOBS + number).unwrap();
            work.record(Event::new("test.happened", "test", record, 1));
            work.enqueue(Job::new("test", &json!(record)));
            if record % 10 == 7 {
                work.roll_back().await.unwrap();
                break;
            }
            match work.commit(Machine::now()).await {
                Ok(()) => {
                    left += 1;
                    break;
                }
                Err(StoreError::Retry | StoreError::Busy) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
    left
}

type Done = Arc<Mutex<BTreeMap<OrganisationId, Vec<i64>>>>;

/// Takes jobs and does them until the writers are gone and nothing is left.
async fn read(store: &Store, writing: &AtomicUsize, done: &Done) {
    loop {
        let over = writing.load(Ordering::SeqCst) == 0;
        match store.take_job(Machine::now()).await {
            Ok(Some(job)) => {
                done.lock().unwrap().entry(job.organisation).or_default().push(job.id);
                while let Err(error) = store.job_done(&job, Machine::now()).await {
                    assert!(matches!(error, StoreError::Retry | StoreError::Busy), "{error}");
                }
            }
            // Another reader may hold the last one: it does it.
            Ok(None) if over => return,
            Ok(None) | Err(StoreError::Retry | StoreError::Busy) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// Every third insert into the outbox stalls before its commit.
async fn stall(url: &str) {
    let mut owner = PgConnection::connect(url).await.unwrap();
    let function = "CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS \
                    $$ BEGIN IF NEW.id % 3 = 0 THEN PERFORM pg_sleep(0.01); END IF; RETURN NEW; END $$";
    owner.execute(function).await.unwrap();
    let trigger = "CREATE TRIGGER stall AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION stall()";
    owner.execute(trigger).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_job_is_done_once_and_in_order_beside_writers_that_stall_or_roll_back_and_three_readers() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        two_authorities(&store).await;
        if database.backend == Backend::Postgres {
            stall(&database.url).await;
        }
        let (writing, done) = (Arc::new(AtomicUsize::new(WRITERS)), Done::default());
        let mut readers = JoinSet::new();
        for _ in 0..READERS {
            let (store, writing, done) = (Arc::clone(&store), Arc::clone(&writing), Arc::clone(&done));
            readers.spawn(async move { read(&store, &writing, &done).await });
        }
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            let (store, writing) = (Arc::clone(&store), Arc::clone(&writing));
            writers.spawn(async move {
                let left = write(&store, writer).await;
                writing.fetch_sub(1, Ordering::SeqCst);
                left
            });
        }
        let left: usize = writers.join_all().await.into_iter().sum();
        readers.join_all().await;
        assert_eq!(left, WRITERS * JOBS - WRITERS * JOBS / 10);
        let done = std::mem::take(&mut *done.lock().unwrap());
        assert_eq!(done.values().map(Vec::len).sum::<usize>(), left, "each job once");
        for (organisation, jobs) in &done {
            assert!(jobs.is_sorted_by(|one, next| one < next), "jobs of {organisation} out of order: {jobs:?}");
        }
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        assert!(session.jobs(None, 10).await.unwrap().is_empty(), "a job was missed");
    })
    .await;
}

/// A lock of the test's own, on which the insert of a job waits.
const GATE: &str = "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS \
    $$ BEGIN IF NEW.kind = 'waits' THEN PERFORM pg_advisory_xact_lock(4242); END IF; RETURN NEW; END $$";

async fn leave(store: &Store, organisation: OrganisationId, kind: &str) {
    let mut work = store.begin(organisation, moment()).await.unwrap();
    work.record(Event::new("test.happened", "test", 1, 1));
    work.enqueue(Job::new(kind, &json!(kind)));
    work.commit(Machine::now()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_whose_number_is_lower_than_one_already_done_is_not_missed_and_the_naive_cursor_misses_it() {
    let database = fresh(Backend::Postgres).await;
    let store = Arc::new(database.store().await);
    two_authorities(&store).await;
    let mut owner = PgConnection::connect(&database.url).await.unwrap();
    owner.execute(GATE).await.unwrap();
    owner.execute("CREATE TRIGGER gate AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION gate()").await.unwrap();
    owner.execute("SELECT pg_advisory_lock(4242)").await.unwrap();
    let waiting = Arc::clone(&store);
    let mut first = JoinSet::new();
    first.spawn(async move { leave(&waiting, HEREFORDSHIRE, "waits").await });
    // It has its number and waits for the gate, as this other session can see.
    let stands = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4242 AND NOT granted";
    while owner.fetch_one(stands).await.unwrap().get::<i64, _>(0) == 0 {
        tokio::task::yield_now().await;
    }
    leave(&store, SHROPSHIRE, "goes on").await;

    let naive = "SELECT coalesce(max(id), 0) FROM outbox WHERE id > $1";
    let cursor: i64 = sqlx::query_scalar(naive).bind(0_i64).fetch_one(&mut owner).await.unwrap();
    let job = store.take_job(Machine::now()).await.unwrap().unwrap();
    assert_eq!((job.organisation, job.id), (SHROPSHIRE, cursor));
    store.job_done(&job, Machine::now()).await.unwrap();
    assert!(store.take_job(Machine::now()).await.unwrap().is_none(), "what is not committed is not there yet");

    owner.execute("SELECT pg_advisory_unlock(4242)").await.unwrap();
    first.join_all().await;
    let missed: i64 = sqlx::query_scalar(naive).bind(cursor).fetch_one(&mut owner).await.unwrap();
    assert_eq!(missed, 0, "the naive cursor saw the earlier job: the writer did not stall");
    let job = store.take_job(Machine::now()).await.unwrap().unwrap();
    assert_eq!(job.organisation, HEREFORDSHIRE);
    assert!(job.id < cursor);
}
