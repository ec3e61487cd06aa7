//! The unit of work, the chain, tenancy, keys, counters and the outbox, each on both databases.

mod catalogue;
mod chain;
mod keys;
mod lost;
mod outbox;
mod tenancy;

use std::sync::Arc;

use jiff::SignedDuration;
use placewell_app::clock::{Machine, moment_of};
use placewell_domain::change::Event;
use placewell_domain::clock::Moment;
use placewell_domain::id::{ChildId, OrganisationId, PersonId};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_store::idempotency::Earlier;
use placewell_store::outbox::Job;
use placewell_store::{Store, StoreError};
use placewell_testkit::databases::both;

pub const HEREFORDSHIRE: OrganisationId = OrganisationId(1);
pub const SHROPSHIRE: OrganisationId = OrganisationId(2);

pub fn moment() -> Moment {
    moment_of(jiff::civil::date(2021, 9, 13).at(10, 20, 0, 0))
}

pub async fn two_authorities(store: &Store) {
    for (id, code) in [(HEREFORDSHIRE, "HEF"), (SHROPSHIRE, "SHR")] {
        let work = store.begin(id, moment()).await.unwrap();
        let kind = OrganisationKind::Authority;
        let new = Organisation { id, code: code.into(), name: code.into(), kind, area: None, placing_body: None };
        work.add_organisation(&new).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
    }
}

#[tokio::test]
async fn work_that_is_not_committed_leaves_nothing() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.next_number("referral").await.unwrap();
        work.record(Event::new("test.happened", "test", 1, 1));
        work.roll_back().await.unwrap();
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        assert_eq!(work.next_number("referral").await.unwrap(), 1);
        work.roll_back().await.unwrap();
        let report = store.read(Some(HEREFORDSHIRE)).await.unwrap().verify_chain(HEREFORDSHIRE).await.unwrap();
        assert_eq!((report.events, report.faults), (0, vec![]));
    })
    .await;
}

#[tokio::test]
async fn nothing_of_a_trial_stays_and_what_comes_after_it_does() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.trial().await.unwrap();
        assert_eq!(work.next_number("referral").await.unwrap(), 1);
        work.record(Event::new("test.tried", "test", 1, 1));
        work.undo().await.unwrap();
        assert_eq!(work.next_number("referral").await.unwrap(), 1);
        work.record(Event::new("test.happened", "test", 1, 1));
        work.commit(Machine::now()).await.unwrap();
        let report = store.read(Some(HEREFORDSHIRE)).await.unwrap().verify_chain(HEREFORDSHIRE).await.unwrap();
        assert_eq!((report.events, report.faults), (1, vec![]));
        let mut kept = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        kept.trial().await.unwrap();
        assert!(matches!(kept.commit(Machine::now()).await, Err(StoreError::Fault(_))), "a trial is undone");
    })
    .await;
}

#[tokio::test]
async fn a_task_whose_work_was_dropped_on_its_way_may_ask_for_another_session_at_once() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let mut task = tokio::task::JoinSet::new();
        task.spawn(async move {
            drop(store.begin(HEREFORDSHIRE, moment()).await.unwrap());
            let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
            drop(session);
            store.begin(HEREFORDSHIRE, moment()).await.unwrap().roll_back().await.unwrap();
        });
        task.join_all().await;
    })
    .await;
}

/// With each connection held by a task that waits for a second one, nobody would go on.
#[cfg(debug_assertions)]
#[tokio::test]
async fn a_task_that_asks_for_a_second_session_while_it_holds_one_is_found_at_once() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        two_authorities(&store).await;
        let held = Arc::clone(&store);
        let mut task = tokio::task::JoinSet::new();
        task.spawn(async move {
            let first = held.read(Some(HEREFORDSHIRE)).await.unwrap();
            let second = held.read(Some(HEREFORDSHIRE)).await.unwrap();
            drop((first, second));
        });
        let ended = task.join_next().await.unwrap();
        assert!(ended.is_err_and(|error| error.is_panic()), "it held two");
        drop(store.read(Some(HEREFORDSHIRE)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn events_of_64_clients_make_one_whole_chain_each() {
    both(async |database| {
        let store = Arc::new(database.store().await);
        two_authorities(&store).await;
        let mut clients = tokio::task::JoinSet::new();
        for client in 0..64_i64 {
            let store = Arc::clone(&store);
            let organisation = if client % 2 == 0 { HEREFORDSHIRE } else { SHROPSHIRE };
            clients.spawn(async move {
                for round in 0..5 {
                    let mut work = store.begin(organisation, moment()).await.unwrap();
                    work.by(PersonId(client));
                    work.record(Event::new("test.happened", "test", client, round + 1).with("round", round));
                    work.enqueue(Job::new("test", &serde_json::json!({ "client": client })));
                    work.commit(Machine::now()).await.unwrap();
                }
            });
        }
        clients.join_all().await;
        for organisation in [HEREFORDSHIRE, SHROPSHIRE] {
            let session = store.read(Some(organisation)).await.unwrap();
            let report = session.verify_chain(organisation).await.unwrap();
            assert_eq!((report.events, report.faults), (160, vec![]));
        }
    })
    .await;
}

#[tokio::test]
async fn a_mark_that_many_set_at_once_is_set_by_one_and_by_another_where_that_one_gave_up() {
    both(async |database| {
        let nodes = [Arc::new(database.store().await), Arc::new(database.store().await)];
        two_authorities(&nodes[0]).await;
        let work = nodes[0].begin(HEREFORDSHIRE, moment()).await.unwrap();
        assert!(work.set_mark_once("counted", "monday").await.unwrap());
        work.roll_back().await.unwrap();
        for day in ["monday", "tuesday"] {
            let mut setting = tokio::task::JoinSet::new();
            for number in 0..16 {
                let store = Arc::clone(&nodes[number % 2]);
                setting.spawn(async move {
                    // Two nodes wait for one file by asking again, which one of sixteen may do for long.
                    let work = loop {
                        match store.begin(HEREFORDSHIRE, moment()).await {
                            Err(StoreError::Retry | StoreError::Busy) => {}
                            begun => break begun.unwrap(),
                        }
                    };
                    let set = work.set_mark_once("counted", day).await.unwrap();
                    work.commit(Machine::now()).await.unwrap();
                    set
                });
            }
            let set = setting.join_all().await.into_iter().filter(|set| *set).count();
            assert_eq!(set, 1, "{day}");
            let session = nodes[1].read(None).await.unwrap();
            assert_eq!(session.mark("counted").await.unwrap().as_deref(), Some(day));
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_read_again_is_what_was_committed_last_by_whatever_node() {
    both(async |database| {
        let (store, other) = (database.store().await, database.store().await);
        two_authorities(&store).await;
        let set = async |store: &Store, value: &str| {
            let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
            work.set("test", moment().today(), value).await.unwrap();
            work.record(Event::new("test.set", "test", 1, 1));
            work.commit(Machine::now()).await.unwrap();
        };
        let read = async |store: &Store, reader| {
            let session = store.read(reader).await.unwrap();
            session.setting(HEREFORDSHIRE, "test", moment().today()).await.unwrap()
        };
        for (writes, value) in [(&store, "one"), (&other, "two"), (&store, "three")] {
            set(writes, value).await;
            for reads in [&store, &other, &store] {
                assert_eq!(read(reads, Some(HEREFORDSHIRE)).await.as_deref(), Some(value));
            }
        }
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.set("test", moment().today(), "taken back").await.unwrap();
        work.roll_back().await.unwrap();
        assert_eq!(read(&store, Some(HEREFORDSHIRE)).await.as_deref(), Some("three"));
    })
    .await;
}

#[tokio::test]
async fn another_organisations_rows_are_neither_seen_nor_written() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let key = work.new_child_key(HEREFORDSHIRE, ChildId(7)).await.unwrap();
        let sealed = key.seal(&"Elin".to_owned()).unwrap();
        work.commit(Machine::now()).await.unwrap();

        let own = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        let key = own.child_key(HEREFORDSHIRE, ChildId(7)).await.unwrap();
        assert_eq!(key.open(&sealed).unwrap(), "Elin");
        drop(own);
        for stranger in [Some(SHROPSHIRE), None] {
            let session = store.read(stranger).await.unwrap();
            assert!(matches!(session.child_key(HEREFORDSHIRE, ChildId(7)).await, Err(StoreError::NotFound)));
        }
        let work = store.begin(SHROPSHIRE, moment()).await.unwrap();
        assert!(
            work.new_child_key(HEREFORDSHIRE, ChildId(8)).await.is_err(),
            "a write for another organisation went in"
        );
        work.roll_back().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn old_keys_are_forgotten_and_only_ones_own() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let person = PersonId(5);
        for org in [HEREFORDSHIRE, SHROPSHIRE] {
            let mut work = store.begin(org, moment()).await.unwrap();
            assert_eq!(work.claim_key(person, "k", ("test", "h"), moment().at).await.unwrap(), None);
            work.keep_result(person, "k", Ok("/somewhere")).unwrap();
            work.commit(Machine::now()).await.unwrap();
        }
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        assert_eq!(work.forget_keys(moment().at).await.unwrap(), 0, "as old as the limit is kept");
        let later = moment().at + SignedDuration::from_secs(1);
        assert_eq!(work.forget_keys(later).await.unwrap(), 1);
        work.commit(Machine::now()).await.unwrap();
        for (org, known) in [(HEREFORDSHIRE, false), (SHROPSHIRE, true)] {
            let work = store.begin(org, moment()).await.unwrap();
            assert_eq!(work.claim_key(person, "k", ("test", "h"), moment().at).await.unwrap().is_some(), known);
            work.roll_back().await.unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_key_is_done_once_and_its_result_given_again() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let person = PersonId(5);
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        assert_eq!(work.claim_key(person, "k", ("test", "h"), moment().at).await.unwrap(), None);
        work.keep_result(person, "k", Ok("/somewhere")).unwrap();
        work.commit(Machine::now()).await.unwrap();
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let earlier = work.claim_key(person, "k", ("test", "h"), moment().at).await.unwrap();
        assert_eq!(earlier, Some(Earlier::Done("/somewhere".into())));
        assert_eq!(
            work.claim_key(person, "k", ("test", "other"), moment().at).await.unwrap(),
            Some(Earlier::OtherRequest)
        );
        work.roll_back().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_new_id_that_another_node_gave_too_is_tried_again() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let kind = OrganisationKind::Authority;
        let name = "XXX".to_owned();
        let new = Organisation { id: HEREFORDSHIRE, code: name.clone(), name, kind, area: None, placing_body: None };
        assert!(matches!(work.add_organisation(&new).await, Err(StoreError::Retry)));
        work.roll_back().await.unwrap();
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let new = Organisation { id: OrganisationId(77), code: "HEF".to_owned(), ..new };
        assert!(
            matches!(work.add_organisation(&new).await, Err(StoreError::Constraint(_))),
            "a rule is no clash of ids"
        );
        work.roll_back().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn jobs_are_taken_in_order_and_once() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        for number in 0..3 {
            let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
            work.record(Event::new("test.happened", "test", number, 1));
            work.enqueue(Job::new("test", &serde_json::json!(number)));
            work.commit(Machine::now()).await.unwrap();
        }
        let mut seen = Vec::new();
        while let Some(job) = store.take_job(Machine::now()).await.unwrap() {
            assert!(store.take_job(Machine::now()).await.unwrap().is_none(), "the next job waits for the one before");
            store.job_done(&job, Machine::now()).await.unwrap();
            seen.push(job.payload);
        }
        assert_eq!(seen, ["0", "1", "2"]);
    })
    .await;
}

#[tokio::test]
async fn an_altered_event_is_refused_by_the_database() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.record(Event::new("test.happened", "test", 1, 1));
        work.commit(Machine::now()).await.unwrap();
        let pool = administrator::any_pool(&database.url);
        assert!(pool.execute("UPDATE event SET body = 'another yesterday'").await.is_err());
        assert!(pool.execute("DELETE FROM event").await.is_err());
    })
    .await;
}

#[tokio::test]
async fn names_are_read_of_however_many_people_are_asked_for_and_of_nobody_else() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        for id in [1, 500, 501, 1_100, 1_300] {
            let (email, name) = (format!("p{id}@authority.example"), format!("Person {id}"));
            work.add_person(PersonId(id), &email, &name, None).await.unwrap();
        }
        work.commit(Machine::now()).await.unwrap();
        let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
        let asked: Vec<PersonId> = (1..=1_200).map(PersonId).collect();
        let mut found = session.names_of(&asked).await.unwrap();
        found.sort_unstable();
        let expected = [1, 500, 501, 1_100].map(|id| (PersonId(id), format!("Person {id}")));
        assert_eq!(found, expected);
        assert_eq!(session.names_of(&[]).await.unwrap(), []);
    })
    .await;
}

/// A connection past the store, as the database's own administrator has it.
pub mod administrator {
    use sqlx::{AssertSqlSafe, Connection, Executor, Row};

    pub struct Administrator(String);

    pub fn any_pool(url: &str) -> Administrator {
        Administrator(url.to_owned())
    }

    impl Administrator {
        pub async fn execute(&self, sql: &'static str) -> Result<(), sqlx::Error> {
            if self.0.starts_with("postgres") {
                sqlx::PgConnection::connect(&self.0).await?.execute(sql).await?;
            } else {
                sqlx::SqliteConnection::connect(&self.0).await?.execute(sql).await?;
            }
            Ok(())
        }

        /// Runs several statements on one connection.
        pub async fn script(&self, sql: &str) {
            let script = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
            if self.0.starts_with("postgres") {
                sqlx::PgConnection::connect(&self.0).await.unwrap().execute(script).await.unwrap();
            } else {
                sqlx::SqliteConnection::connect(&self.0).await.unwrap().execute(script).await.unwrap();
            }
        }

        /// The first column of every row, as it is stored.
        pub async fn bytes(&self, sql: &'static str) -> Vec<Vec<u8>> {
            if self.0.starts_with("postgres") {
                let rows = sqlx::PgConnection::connect(&self.0).await.unwrap().fetch_all(sql).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            } else {
                let rows = sqlx::SqliteConnection::connect(&self.0).await.unwrap().fetch_all(sql).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }
}
