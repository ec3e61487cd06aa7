//! Events that the service did not write: whoever has the tables and no key appends what fits the chain and its hashes, and is
//! found by it; so is a record that was brought in and is another now.

use std::fmt::Write as _;

use placewell_app::clock::Machine;
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::placing::child::Child;
use placewell_domain::sealed::Sealed;
use placewell_store::chain::{Position, hash};
use placewell_store::keys::MasterKey;
use placewell_store::verify::{DEPLOYMENT, Verified};
use placewell_store::work::Record as _;
use placewell_store::{Backend, Store};
use placewell_testkit::databases::{MASTER, TestDatabase, both};

use super::{recorded, unguarded};
use crate::foundation::{HEREFORDSHIRE, administrator, moment, two_authorities};

fn told(found: Verified) -> Vec<String> {
    found.faults.into_iter().map(|(code, what)| format!("{code}: {what}")).collect()
}

/// Writes past the service, as this organisation.
async fn past_the_service(database: &TestDatabase, organisation: OrganisationId, script: &str) {
    let mut guards = unguarded(database.backend).replace("DROP TRIGGER", "DROP TRIGGER IF EXISTS");
    guards = guards.replace("DROP CONSTRAINT", "DROP CONSTRAINT IF EXISTS");
    guards += match database.backend {
        Backend::Sqlite => "DROP TRIGGER IF EXISTS child_version; ",
        Backend::Postgres => "ALTER TABLE child DISABLE TRIGGER ALL; ",
    };
    guards = guards.replace("SET org_id = 1", &format!("SET org_id = {}", organisation.0));
    administrator::any_pool(&database.url).script(&format!("{guards}{script}")).await;
}

fn literal(backend: Backend, bytes: &[u8]) -> String {
    match backend {
        Backend::Sqlite => format!("X'{}'", hex::encode(bytes)),
        Backend::Postgres => format!("'\\x{}'::bytea", hex::encode(bytes)),
    }
}

/// Appends an event to Herefordshire's chain that fits it: its hash is right, and the head says so. This many microseconds after
/// the one before.
async fn append(database: &TestDatabase, of: (&str, i64, i64), later: i64) {
    append_saying(database, of, "[]", later).await;
}

/// The same of one with these facts.
async fn append_saying(database: &TestDatabase, (room, record, version): (&str, i64, i64), facts: &str, later: i64) {
    let administrator = administrator::any_pool(&database.url);
    let sql = "SELECT hash FROM event WHERE org_id = 1 ORDER BY seq DESC LIMIT 1";
    let previous = administrator.bytes(sql).await.remove(0);
    let store = database.store().await;
    let events = store.read(Some(HEREFORDSHIRE)).await.unwrap().events_after(HEREFORDSHIRE, -1, 100).await.unwrap();
    store.close().await;
    let last = events.last().unwrap();
    let (sequence, at) = (last.sequence + 1, last.moment.as_microsecond() + later);
    let body = format!(
        r#"{{"by":null,"facts":{facts},"kind":"{room}.changed","record":{record},"room":"{room}","version":{version}}}"#
    );
    let moment = jiff::Timestamp::from_microsecond(at).unwrap();
    let position = Position { previous: &previous, organisation: HEREFORDSHIRE, sequence, moment };
    let (before, anew) = (literal(database.backend, &previous), literal(database.backend, &hash(&position, &body)));
    let script = format!(
        "INSERT INTO event (org_id, seq, prev_seq, prev_hash, moment, room, record, version, kind, body, hash) VALUES \
         (1, {sequence}, {}, {before}, {at}, '{room}', {record}, {version}, '{room}.changed', '{body}', {anew}); \
         UPDATE chain_head SET seq = {sequence}, hash = {anew}, moment = {at} WHERE org_id = 1",
        last.sequence
    );
    past_the_service(database, HEREFORDSHIRE, &script).await;
}

#[tokio::test]
async fn s3_a_changed_record_is_found_also_where_an_event_that_fits_the_chain_says_it_was_changed() {
    both(async |database| {
        recorded(&database.store().await).await;
        past_the_service(&database, HEREFORDSHIRE, "UPDATE child SET number = 8, version = 2 WHERE id = 7").await;
        append(&database, ("child", 7, 2), 1).await;
        let faults = told(database.store().await.verify().await.unwrap());
        assert_eq!(faults[0], "HEF: event 3 was not written by the service", "{faults:?}");
        let report = database.store().await.check_record(HEREFORDSHIRE).await.unwrap();
        assert_eq!(report.faults[0], "event 3 was not written by the service", "and the page of the audit says so");
    })
    .await;
}

#[tokio::test]
async fn s3_an_event_that_is_dated_before_the_one_before_it_is_found() {
    both(async |database| {
        recorded(&database.store().await).await;
        append(&database, ("test", 1, 2), -1).await;
        let faults = told(database.store().await.verify().await.unwrap());
        let expected =
            ["HEF: event 3 was not written by the service", "HEF: event 3 is dated before the one before it"];
        assert_eq!(faults[..2], expected);
    })
    .await;
}

#[tokio::test]
async fn s3_an_event_that_does_not_read_is_told_and_hides_no_other_fault() {
    both(async |database| {
        recorded(&database.store().await).await;
        past_the_service(&database, HEREFORDSHIRE, "UPDATE child SET number = 8 WHERE id = 7").await;
        append_saying(&database, ("child", 0, 1), "7", 1).await;
        let expected = [
            "HEF: event 3 was not written by the service",
            "HEF: event 3 does not read as an event",
            "HEF: child 7 does not hold what the event of its version 1 says",
        ];
        let faults = told(database.store().await.verify().await.unwrap());
        assert!(expected.iter().all(|fault| faults.iter().any(|one| one == fault)), "{faults:?}");
        let report = database.store().await.check_record(HEREFORDSHIRE).await.unwrap();
        assert!(report.faults.iter().any(|fault| fault == "event 3 does not read as an event"), "{:?}", report.faults);

        let unread =
            "UPDATE event SET body = replace(body, '\"facts\":[', '\"facts\":[7,') WHERE org_id = 0 AND seq = 1";
        past_the_service(&database, DEPLOYMENT, unread).await;
        let forged =
            "deployment: the event that says from where on events are vouched for was not written by the service";
        let faults = told(database.store().await.verify().await.unwrap());
        assert!(faults.iter().any(|fault| fault == forged), "{faults:?}");
    })
    .await;
}

/// Children who come in together, and the event that says so.
async fn brought_in(store: &Store) {
    let mut work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
    for id in [21, 22] {
        let child = Child::record(
            ChildId(id),
            HEREFORDSHIRE,
            HEREFORDSHIRE,
            id.try_into().unwrap(),
            Sealed::from_bytes(vec![1]),
        );
        child.into_parts().0.write(&work).await.unwrap();
    }
    work.record_brought_in("child", &[21, 22]);
    work.commit(Machine::now()).await.unwrap();
}

#[tokio::test]
async fn s3_a_record_that_was_brought_in_is_held_by_what_its_row_held() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        brought_in(&store).await;
        let found = store.verify().await.unwrap();
        assert_eq!((found.rows, found.rows_by_version, found.faults), (2, 0, vec![]));
        store.close().await;
        past_the_service(&database, HEREFORDSHIRE, "UPDATE child SET number = 8 WHERE id = 22").await;
        let expected = "HEF: child 22 does not hold what the event of its version 1 says";
        assert_eq!(told(database.store().await.verify().await.unwrap()), [expected]);
        past_the_service(&database, HEREFORDSHIRE, "DELETE FROM child WHERE id = 22").await;
        let expected = "HEF: child 22 is gone, which its events name";
        assert_eq!(told(database.store().await.verify().await.unwrap()), [expected]);
    })
    .await;
}

/// Takes from Herefordshire's chain what vouches for its events, each hash right: as a version left it that had no tags.
async fn as_before(database: &TestDatabase) {
    let store = database.store().await;
    let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
    let events = session.events_after(HEREFORDSHIRE, -1, 100).await.unwrap();
    drop(session);
    store.close().await;
    let bodies = match database.backend {
        Backend::Sqlite => "SELECT CAST(body AS BLOB) FROM event WHERE org_id = 1 ORDER BY seq",
        Backend::Postgres => "SELECT convert_to(body, 'UTF8') FROM event WHERE org_id = 1 ORDER BY seq",
    };
    let bodies = administrator::any_pool(&database.url).bytes(bodies).await;
    let (mut script, mut previous) = (String::new(), Vec::new());
    for (event, body) in events.iter().zip(bodies) {
        let body = String::from_utf8(body).unwrap();
        let body = body.split_once(r#","tag":"#).map_or_else(|| body.clone(), |(open, _)| format!("{open}}}"));
        let (sequence, moment) = (event.sequence, event.moment);
        let position = Position { previous: &previous, organisation: HEREFORDSHIRE, sequence, moment };
        let anew = hash(&position, &body);
        let before = if sequence == 0 { "NULL".to_owned() } else { literal(database.backend, &previous) };
        let sealed = literal(database.backend, &anew);
        write!(script, "UPDATE event SET body = '{body}', prev_hash = {before}, hash = {sealed} WHERE org_id = 1 AND seq = {sequence}; ").unwrap();
        previous = anew.to_vec();
    }
    write!(script, "UPDATE chain_head SET hash = {} WHERE org_id = 1", literal(database.backend, &previous)).unwrap();
    past_the_service(database, HEREFORDSHIRE, &script).await;
}

const UNSAID: &str = "DELETE FROM event WHERE org_id = 0 AND seq = 1; UPDATE chain_head SET seq = 0, \
                      hash = (SELECT hash FROM event WHERE org_id = 0 AND seq = 0) WHERE org_id = 0";

#[tokio::test]
async fn events_from_before_stand_without_a_tag_and_every_one_after_the_first_opening_has_one() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        brought_in(&store).await;
        store.close().await;
        as_before(&database).await;
        let faults = told(database.store().await.verify().await.unwrap());
        assert_eq!(faults[0], "HEF: event 0 was not written by the service", "{faults:?}");

        past_the_service(&database, DEPLOYMENT, UNSAID).await;
        let looked = Store::open_as_it_is(&database.url, MasterKey::from_hex(MASTER).unwrap()).await.unwrap();
        let expected = "deployment: the event is gone that says from where on events are vouched for";
        assert_eq!(told(looked.verify().await.unwrap()), [expected], "the deployment's own first event has a tag");
        looked.close().await;
        // The first opening by a version that tags events says from where on.
        let store = database.store().await;
        let found = store.verify().await.unwrap();
        assert_eq!((found.events, found.vouched, found.faults), (3, 2, vec![]));
        store.close().await;
        append(&database, ("test", 1, 1), 1).await;
        let faults = told(database.store().await.verify().await.unwrap());
        assert_eq!(faults, ["HEF: event 1 was not written by the service"]);

        // What stood then is neither written anew nor cut.
        as_before(&database).await;
        let anew = "UPDATE event SET body = replace(body, '\"count', ' \"count') WHERE org_id = 1 AND seq = 0";
        past_the_service(&database, HEREFORDSHIRE, anew).await;
        as_before(&database).await;
        let faults = told(database.store().await.verify().await.unwrap());
        let expected = "HEF: the chain was rewritten: event 0 is another than stood when events came to be vouched for";
        assert!(faults.contains(&expected.to_owned()), "{faults:?}");
        let cut = "DELETE FROM event WHERE org_id = 1; DELETE FROM chain_head WHERE org_id = 1";
        past_the_service(&database, HEREFORDSHIRE, cut).await;
        let faults = told(database.store().await.verify().await.unwrap());
        assert_eq!(faults[0], "HEF: the chain was cut: it ends at -1, and event 0 stood", "{faults:?}");
    })
    .await;
}

/// Whoever takes all tags from one chain and has the next opening say anew from where on there are any.
#[tokio::test]
async fn from_where_on_events_are_vouched_for_is_not_said_anew() {
    both(async |database| {
        recorded(&database.store().await).await;
        as_before(&database).await;
        past_the_service(&database, DEPLOYMENT, UNSAID).await;
        database.store().await.close().await;
        let faults = told(database.store().await.verify().await.unwrap());
        let anew = "SHR: event 0 is vouched for before it was said that events are: that was said anew";
        assert!(faults.contains(&anew.to_owned()), "{faults:?}");

        let longer = "UPDATE event SET body = replace(body, '1:3:', '1:9:') WHERE org_id = 0 AND seq = 1";
        past_the_service(&database, DEPLOYMENT, longer).await;
        let report = database.store().await.check_record(HEREFORDSHIRE).await.unwrap();
        let forged = "the event that says from where on events are vouched for was not written by the service";
        assert!(report.faults.contains(&forged.to_owned()), "{:?}", report.faults);
        let faults = told(database.store().await.verify().await.unwrap());
        assert!(faults.contains(&format!("deployment: {forged}")), "{faults:?}");
    })
    .await;
}
