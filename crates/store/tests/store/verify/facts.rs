//! What is only added to, changed past the service: a fact that says something else, one that is gone and one that nobody added
//! are each found, and what stood in a database from before is held from its first opening on.

use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_store::keys::MasterKey;
use placewell_store::verify::{DEPLOYMENT, Verified};
use placewell_store::{Backend, Store};
use placewell_testkit::databases::{MASTER, TestDatabase, both};

use crate::foundation::{HEREFORDSHIRE, administrator, moment, two_authorities};

const PLANT: &str =
    "INSERT INTO setting_fact (org_id, key, from_date, known_from, value) VALUES (1, 'rate', '2021-11-01', 0, '3')";
const PLANTED: &str =
    "HEF: setting_fact rate 2021-11-01 0 is not what an event says: added or changed past the service";
const CHANGED: &str =
    "HEF: setting_fact rate 2021-10-01 0 is not what an event says: added or changed past the service";
const GONE: &str = "HEF: a row of setting_fact is gone or was changed, which event 0 names";

/// Does something as the database's own administrator, past what guards facts and the deployment's chain; as this organisation.
async fn past_the_service(database: &TestDatabase, organisation: i64, tampering: &str) {
    let unguarded = match database.backend {
        Backend::Sqlite => format!(
            "PRAGMA foreign_keys = off; PRAGMA ignore_check_constraints = on; \
             UPDATE writer_org SET org_id = {organisation}; DROP TRIGGER IF EXISTS setting_fact_no_update; \
             DROP TRIGGER IF EXISTS setting_fact_no_delete; DROP TRIGGER IF EXISTS event_no_update; \
             DROP TRIGGER IF EXISTS event_no_delete; "
        ),
        Backend::Postgres => {
            "ALTER TABLE event DISABLE TRIGGER ALL; ALTER TABLE setting_fact DISABLE TRIGGER ALL; ".to_owned()
        }
    };
    administrator::any_pool(&database.url).script(&format!("{unguarded}{tampering}")).await;
}

/// Two settings with an event, and one without.
async fn set(database: &TestDatabase) {
    let store = database.store().await;
    two_authorities(&store).await;
    let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
    for (month, value) in [(9, "1"), (10, "2")] {
        work.set("rate", date(2021, month, 1), value).await.unwrap();
    }
    work.record(Event::new("setting.changed", "setting", 1, 1));
    work.commit(Machine::now()).await.unwrap();
    let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
    work.warn_of_term(placewell_domain::id::ArrangementId(7), (date(2023, 9, 1), 12)).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    let found = store.verify().await.unwrap();
    assert_eq!((found.rows, found.rows_by_version, found.faults), (3, 0, vec![]));
    assert_eq!(found.events, 4, "what stood, from where on, the settings, and that something was added");
    store.close().await;
}

async fn verified(store: &Store) -> Verified {
    store.verify().await.unwrap()
}

fn told(found: Verified) -> Vec<String> {
    found.faults.into_iter().map(|(code, what)| format!("{code}: {what}")).collect()
}

#[tokio::test]
async fn verify_finds_a_fact_that_was_changed_removed_or_planted() {
    for (tampering, expected) in [
        ("UPDATE setting_fact SET value = '9' WHERE from_date = '2021-10-01'", &[CHANGED, GONE][..]),
        ("DELETE FROM setting_fact WHERE from_date = '2021-10-01'", &[GONE][..]),
        (PLANT, &[PLANTED][..]),
    ] {
        both(async |database| {
            set(&database).await;
            past_the_service(&database, HEREFORDSHIRE.0, tampering).await;
            // Another opening takes nothing for true that was planted before it.
            assert_eq!(told(verified(&database.store().await).await), expected, "{tampering}");
        })
        .await;
    }
}

#[tokio::test]
async fn what_was_taken_back_names_no_fact() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.savepoint().await.unwrap();
        work.set("rate", date(2021, 9, 1), "1").await.unwrap();
        work.undo().await.unwrap();
        work.record(Event::new("test.happened", "test", 1, 1));
        work.commit(Machine::now()).await.unwrap();
        let found = verified(&store).await;
        assert_eq!((found.rows, found.faults), (0, vec![]));
    })
    .await;
}

#[tokio::test]
async fn facts_from_before_are_held_once_by_the_first_opening_and_what_is_planted_later_is_found() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        store.close().await;
        // As an earlier version left it: no event says what stands.
        let forget = "DELETE FROM event WHERE org_id = 0; DELETE FROM chain_head WHERE org_id = 0; ";
        past_the_service(&database, DEPLOYMENT.0, forget).await;
        let before = "INSERT INTO setting_fact (org_id, key, from_date, known_from, value) VALUES (1, 'rate', '2021-09-01', 0, '1')";
        past_the_service(&database, HEREFORDSHIRE.0, before).await;
        let looked = Store::open_as_it_is(&database.url, MasterKey::from_hex(MASTER).unwrap()).await.unwrap();
        let found = verified(&looked).await;
        assert_eq!((found.events, found.rows, found.rows_by_version, found.faults), (0, 0, 1, vec![]));
        looked.close().await;

        // SQLite would wait for the other on the one thread that both have.
        let (one, other) = match database.backend {
            Backend::Sqlite => (database.store().await, database.store().await),
            Backend::Postgres => tokio::join!(database.store(), database.store()),
        };
        let found = verified(&other).await;
        assert_eq!((found.events, found.rows, found.rows_by_version, found.faults), (2, 1, 0, vec![]));
        one.close().await;
        other.close().await;
        past_the_service(&database, HEREFORDSHIRE.0, PLANT).await;
        let found = verified(&database.store().await).await;
        assert_eq!((found.events, found.rows), (2, 1));
        assert_eq!(told(found), [PLANTED]);
    })
    .await;
}

/// Whoever plants a row may make an opening believe that nothing was said yet, and put back what made it believe so.
#[tokio::test]
async fn what_stood_is_not_said_anew_for_a_row_that_was_planted() {
    both(async |database| {
        set(&database).await;
        past_the_service(&database, HEREFORDSHIRE.0, PLANT).await;
        past_the_service(&database, DEPLOYMENT.0, "UPDATE event SET kind = 'x' WHERE kind = 'facts.held'").await;
        database.store().await.close().await;
        past_the_service(&database, DEPLOYMENT.0, "UPDATE event SET kind = 'facts.held' WHERE kind = 'x'").await;
        let faults = told(verified(&database.store().await).await);
        assert_eq!(faults, ["deployment: event 2 says anew which facts stood", PLANTED]);

        let forget = "DELETE FROM event WHERE org_id = 0; DELETE FROM chain_head WHERE org_id = 0";
        past_the_service(&database, DEPLOYMENT.0, forget).await;
        let looked = Store::open_as_it_is(&database.url, MasterKey::from_hex(MASTER).unwrap()).await.unwrap();
        let expected = [
            "deployment: the event is gone that says from where on events are vouched for",
            "deployment: the event is gone that says which facts stood before events named them",
        ];
        assert_eq!(told(verified(&looked).await), expected);
        looked.close().await;
        // The service's own opening then begins the chain anew, and names what other events had named.
        let expected = [
            "HEF: event 0 is vouched for before it was said that events are: that was said anew",
            "deployment: two events name the same fact: which facts stood was said anew",
        ];
        assert_eq!(told(verified(&database.store().await).await), expected);
    })
    .await;
}
