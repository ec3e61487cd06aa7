//! What `verify` finds: each way of tampering with the record, past every trigger, is found by its name on both databases.

mod checkpoint;
mod facts;
mod vouched;

use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_domain::id::ChildId;
use placewell_domain::placing::child::Child;
use placewell_domain::sealed::Sealed;
use placewell_store::{Backend, Store};
use placewell_testkit::databases::{TestDatabase, both};

use crate::foundation::{HEREFORDSHIRE, SHROPSHIRE, administrator, moment, two_authorities};

/// What lets the owner of the tables past what guards them.
fn unguarded(backend: Backend) -> &'static str {
    match backend {
        Backend::Sqlite => {
            "PRAGMA foreign_keys = off; PRAGMA ignore_check_constraints = on; UPDATE writer_org SET org_id = 1; \
             DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; "
        }
        Backend::Postgres => {
            "ALTER TABLE event DISABLE TRIGGER ALL; ALTER TABLE event DROP CONSTRAINT links; \
             ALTER TABLE event DROP CONSTRAINT sealed; ALTER TABLE event DROP CONSTRAINT event_follows; \
             ALTER TABLE associate_question DISABLE TRIGGER ALL; ALTER TABLE annual_value DISABLE TRIGGER ALL; "
        }
    }
}

/// Three events of one authority, the first of a child's row; and a question of two parties with an event of each.
async fn recorded(store: &Store) {
    two_authorities(store).await;
    let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
    let sealed = Sealed::from_bytes(vec![1, 2, 3]);
    work.apply(Child::record(ChildId(7), HEREFORDSHIRE, HEREFORDSHIRE, 7, sealed)).await.unwrap();
    work.record(Event::new("test.happened", "test", 1, 1));
    work.record(Event::new("associate_question.asked", "associate_question", 9, 1));
    work.commit(Machine::now()).await.unwrap();
    let mut work = store.begin(SHROPSHIRE, moment()).await.unwrap();
    work.record(Event::new("associate_question.answered", "associate_question", 9, 2));
    work.commit(Machine::now()).await.unwrap();
}

const QUESTION: &str = "INSERT INTO associate_question (id, org_id, provider_id, version, invitation_id, state, body) \
                        VALUES (9, 1, 2, 2, 1, 'answered', '{}'); ";

async fn faults_after(database: &TestDatabase, tampering: &str) -> Vec<String> {
    recorded(&database.store().await).await;
    let script = format!("{}{QUESTION}", unguarded(database.backend));
    administrator::any_pool(&database.url).script(&script).await;
    let found = database.store().await.verify().await.unwrap();
    assert_eq!(found.faults, Vec::new(), "before anything was tampered with");
    assert_eq!((found.events, found.vouched, found.chains), (6, 6, 3), "with those of what stood before");
    let again = unguarded(database.backend).split("DROP TRIGGER").next().unwrap().split("ALTER").next().unwrap();
    administrator::any_pool(&database.url).script(&format!("{again}{tampering}")).await;
    let found = database.store().await.verify().await.unwrap();
    found.faults.into_iter().map(|(code, what)| format!("{code}: {what}")).collect()
}

async fn found(tampering: &'static str, expected: &'static str) {
    both(async |database| {
        let faults = faults_after(&database, tampering).await;
        assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{expected} not in {faults:?}");
    })
    .await;
}

#[tokio::test]
async fn verify_finds_an_altered_body() {
    found(
        "UPDATE event SET body = replace(body, 'test', 'text') WHERE org_id = 1 AND seq = 1",
        "HEF: event 1 was altered",
    )
    .await;
}

#[tokio::test]
async fn verify_finds_an_altered_column() {
    for (tampering, expected) in [
        ("UPDATE event SET version = 9 WHERE org_id = 1 AND seq = 1", "HEF: event 1 has another version in its column"),
        ("UPDATE event SET record = 9 WHERE org_id = 1 AND seq = 1", "HEF: event 1 has another record in its column"),
        ("UPDATE event SET room = 'x' WHERE org_id = 1 AND seq = 1", "HEF: event 1 has another room in its column"),
        ("UPDATE event SET kind = 'x' WHERE org_id = 1 AND seq = 1", "HEF: event 1 has another kind in its column"),
    ] {
        found(tampering, expected).await;
    }
}

#[tokio::test]
async fn verify_finds_a_gap() {
    found("DELETE FROM event WHERE org_id = 1 AND seq = 1", "HEF: event 1 is missing").await;
}

#[tokio::test]
async fn verify_finds_a_changed_moment() {
    found("UPDATE event SET moment = moment - 1 WHERE org_id = 1 AND seq = 1", "HEF: event 1 was altered").await;
}

#[tokio::test]
async fn verify_finds_an_inserted_row() {
    found(
        "INSERT INTO event SELECT org_id, 3, 2, hash, moment, room, record, version, kind, body, hash FROM event \
         WHERE org_id = 1 AND seq = 2; UPDATE chain_head SET seq = 3 WHERE org_id = 1",
        "HEF: event 3 was altered",
    )
    .await;
}

#[tokio::test]
async fn verify_finds_a_moved_head_and_one_that_is_gone() {
    found("UPDATE chain_head SET seq = 1 WHERE org_id = 1", "HEF: the chain ends at 2, its head says 1").await;
    found("DELETE FROM chain_head WHERE org_id = 1", "HEF: the chain ends at 2 and has no head").await;
}

#[tokio::test]
async fn verify_finds_a_cut_tail_by_its_head() {
    found("DELETE FROM event WHERE org_id = 1 AND seq = 2", "HEF: the chain ends at 1, its head says 2").await;
}

#[tokio::test]
async fn verify_finds_a_row_changed_or_made_without_an_event() {
    found("UPDATE child SET version = version + 1", "HEF: child 7 is at version 2, its events at 1").await;
    found(
        "INSERT INTO child (id, org_id, version, number, responsible_id, state, identity) \
         SELECT 8, org_id, 1, 8, responsible_id, state, identity FROM child",
        "HEF: child 8 is at version 1 and has no event",
    )
    .await;
}

/// The same, past what guards the versions of a child's row.
async fn found_of_child(tampering: &str, expected: &str) {
    both(async |database| {
        let past = match database.backend {
            Backend::Sqlite => "DROP TRIGGER child_version; ",
            Backend::Postgres => "ALTER TABLE child DISABLE TRIGGER ALL; ",
        };
        let faults = faults_after(&database, &format!("{past}{tampering}")).await;
        assert_eq!(faults, [expected], "{tampering}");
    })
    .await;
}

#[tokio::test]
async fn verify_finds_a_row_whose_contents_were_changed_under_its_version() {
    let expected = "HEF: child 7 does not hold what the event of its version 1 says";
    for tampering in [
        "UPDATE child SET number = 8",
        "UPDATE child SET responsible_id = 2",
        "UPDATE child SET state = 'forgotten'",
        "UPDATE child SET identity = (SELECT hash FROM event WHERE org_id = 1 AND seq = 0)",
    ] {
        found_of_child(tampering, expected).await;
    }
}

#[tokio::test]
async fn verify_finds_a_row_that_is_gone() {
    found_of_child("DELETE FROM child", "HEF: child 7 is gone, which its events name").await;
}

#[tokio::test]
async fn verify_says_how_many_rows_it_held_by_their_contents_and_how_many_by_their_version() {
    both(async |database| {
        recorded(&database.store().await).await;
        let script = format!("{}{QUESTION}", unguarded(database.backend));
        administrator::any_pool(&database.url).script(&script).await;
        let found = database.store().await.verify().await.unwrap();
        assert_eq!((found.rows, found.rows_by_version, found.faults), (1, 1, vec![]), "the child, and the question");
    })
    .await;
}

#[tokio::test]
async fn a_column_that_a_migration_adds_is_no_change_of_the_rows_before_it() {
    both(async |database| {
        let store = database.store().await;
        recorded(&store).await;
        store.close().await;
        let kind = if database.backend == Backend::Sqlite { "INTEGER" } else { "BIGINT" };
        let script = format!("ALTER TABLE child ADD COLUMN later {kind} NOT NULL DEFAULT 5");
        administrator::any_pool(&database.url).script(&script).await;
        let store = database.store().await;
        assert_eq!(store.verify().await.unwrap().faults, vec![]);
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let sealed = Sealed::from_bytes(vec![4, 5, 6]);
        work.apply(Child::record(ChildId(8), HEREFORDSHIRE, HEREFORDSHIRE, 8, sealed)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let found = store.verify().await.unwrap();
        assert_eq!((found.rows, found.faults), (2, vec![]), "one of seven columns, one of eight");
    })
    .await;
}

#[tokio::test]
async fn verify_finds_a_row_of_two_parties_that_is_ahead_of_both_chains() {
    found(
        "UPDATE associate_question SET version = 3 WHERE id = 9",
        "HEF: associate_question 9 is at version 3, its events at 2",
    )
    .await;
}

#[tokio::test]
async fn verify_finds_a_total_that_is_not_the_sum_of_its_entries() {
    found(
        "INSERT INTO annual_value (org_id, year_start, ceiling_pence, committed_pence, over_pence) \
         VALUES (1, '2020-12-15', 100, 5, 0)",
        "HEF: annual value from 2020-12-15: committed",
    )
    .await;
}
