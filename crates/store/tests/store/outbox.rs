//! Jobs that go wrong, on both databases: the order within a record, a job that takes the process with it, a late mark.

use jiff::{SignedDuration, Timestamp};
use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_store::Store;
use placewell_store::outbox::{Job, TRIES};
use placewell_testkit::databases::both;

use crate::foundation::{HEREFORDSHIRE, moment, two_authorities};

async fn left(store: &Store, jobs: &[(&str, i64)], machine: Timestamp) {
    two_authorities(store).await;
    leave(store, jobs, machine).await;
}

async fn leave(store: &Store, jobs: &[(&str, i64)], machine: Timestamp) {
    let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
    work.record(Event::new("test.happened", "test", 1, 1));
    for (payload, record) in jobs {
        work.enqueue(Job::new("test", &serde_json::json!(payload)).about("test", record));
    }
    work.commit(machine).await.unwrap();
}

async fn taken(store: &Store, machine: Timestamp) -> Option<String> {
    let job = store.take_job(machine).await.unwrap()?;
    store.job_done(&job, machine).await.unwrap();
    Some(job.payload)
}

#[tokio::test]
async fn later_jobs_of_a_record_wait_for_one_that_failed() {
    both(async |database| {
        let store = database.store().await;
        let now = Machine::now();
        left(&store, &[("first", 1), ("second", 1), ("other", 2)], now).await;
        let first = store.take_job(now).await.unwrap().unwrap();
        store.job_failed(&first, "fault", now).await.unwrap();
        assert_eq!(taken(&store, now).await.as_deref(), Some("\"other\""), "another record goes on");
        assert_eq!(taken(&store, now).await, None, "the second waits although it is due");
        let later = now + SignedDuration::from_mins(1);
        assert_eq!(taken(&store, later).await.as_deref(), Some("\"first\""));
        assert_eq!(taken(&store, later).await.as_deref(), Some("\"second\""));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_takes_the_process_with_it_is_given_up() {
    both(async |database| {
        let store = database.store().await;
        let mut now = Machine::now();
        left(&store, &[("poison", 1), ("after", 1)], now).await;
        for attempt in 1..=TRIES {
            let job = store.take_job(now).await.unwrap().expect("taken again, since its lease ran out");
            assert_eq!((job.payload.as_str(), job.attempt), ("\"poison\"", attempt));
            now += SignedDuration::from_secs(61);
        }
        assert_eq!(taken(&store, now).await.as_deref(), Some("\"after\""));
        let jobs = store.read(None).await.unwrap().jobs(None, 10).await.unwrap();
        let shown: Vec<_> = jobs.iter().map(|job| (job.gave_up, job.attempts, job.last_error.as_deref())).collect();
        assert_eq!(shown, [(true, TRIES, Some("stopped"))]);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_is_given_up_with_no_other_behind_it_stays_so_and_a_later_one_is_taken() {
    both(async |database| {
        let store = database.store().await;
        let mut now = Machine::now();
        left(&store, &[("poison", 1)], now).await;
        for _ in 1..=TRIES {
            store.take_job(now).await.unwrap().expect("taken again, since its lease ran out");
            now += SignedDuration::from_secs(61);
        }
        assert_eq!(taken(&store, now).await, None);
        let jobs = store.read(None).await.unwrap().jobs(None, 10).await.unwrap();
        assert!(jobs.iter().all(|job| job.gave_up) && jobs.len() == 1, "{jobs:?}");
        leave(&store, &[("after", 1)], now).await;
        assert_eq!(taken(&store, now).await.as_deref(), Some("\"after\""));
    })
    .await;
}

#[tokio::test]
async fn a_try_whose_lease_ran_out_marks_nothing() {
    both(async |database| {
        let store = database.store().await;
        let now = Machine::now();
        left(&store, &[("slow", 1)], now).await;
        let slow = store.take_job(now).await.unwrap().unwrap();
        let later = now + SignedDuration::from_secs(61);
        let again = store.take_job(later).await.unwrap().unwrap();
        store.job_failed(&slow, "fault", later).await.unwrap();
        store.job_done(&slow, later).await.unwrap();
        let session = store.read(None).await.unwrap();
        let jobs = session.jobs(None, 10).await.unwrap();
        assert_eq!(jobs.iter().map(|job| (job.attempts, job.last_error.clone())).collect::<Vec<_>>(), [(2, None)]);
        drop(session);
        store.job_done(&again, later).await.unwrap();
        assert!(store.read(None).await.unwrap().jobs(None, 10).await.unwrap().is_empty());
    })
    .await;
}
