//! What only a checkpoint that others hold can show: a cut chain, and one that was written anew with right hashes.

use std::fmt::Write as _;

use placewell_app::clock::Machine;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::record::Checkpoint;
use placewell_store::chain::{Position, hash};
use placewell_store::{Backend, Store};
use placewell_testkit::databases::{TestDatabase, both};

use super::{QUESTION, recorded, unguarded};
use crate::foundation::{HEREFORDSHIRE, SHROPSHIRE, administrator, moment};

/// The checkpoints of both authorities, as another organisation fetched them and kept them.
async fn published(store: &Store) -> Vec<Checkpoint> {
    for organisation in [HEREFORDSHIRE, SHROPSHIRE] {
        let work = store.begin(organisation, moment()).await.unwrap();
        assert!(work.publish_checkpoint(moment().at).await.unwrap().is_some());
        assert!(work.publish_checkpoint(moment().at).await.unwrap().is_none(), "nothing went on since");
        work.commit(Machine::now()).await.unwrap();
    }
    let held = store.read(Some(SHROPSHIRE)).await.unwrap().newest_checkpoints().await.unwrap();
    assert_eq!(held.len(), 2, "each authority reads every authority's");
    held
}

fn guards_off(backend: Backend) -> String {
    let checkpoints = match backend {
        Backend::Sqlite => "DROP TRIGGER checkpoint_no_delete; DROP TRIGGER checkpoint_no_update; ",
        Backend::Postgres => "ALTER TABLE checkpoint DISABLE TRIGGER ALL; ",
    };
    format!("{}{checkpoints}", unguarded(backend))
}

/// Tampers as the database's own administrator would who also takes away the checkpoints it keeps itself; what is found by
/// the database alone, and with what others hold.
async fn tampered(database: &TestDatabase, tampering: &str) -> (Vec<String>, Vec<String>) {
    let store = database.store().await;
    recorded(&store).await;
    let held = published(&store).await;
    let administrator = administrator::any_pool(&database.url);
    administrator.script(&format!("{}{QUESTION}{tampering}", guards_off(database.backend))).await;
    let told = |found: placewell_store::verify::Verified| {
        found.faults.into_iter().map(|(code, what)| format!("{code}: {what}")).collect::<Vec<_>>()
    };
    let alone = told(store.verify().await.unwrap());
    (alone, told(store.verify_against(&held).await.unwrap()))
}

fn bytes(backend: Backend, bytes: &[u8]) -> String {
    match backend {
        Backend::Sqlite => format!("X'{}'", hex::encode(bytes)),
        Backend::Postgres => format!("'\\x{}'::bytea", hex::encode(bytes)),
    }
}

const FORGET: &str = "DELETE FROM checkpoint WHERE org_id = 1; ";

/// What is found without any checkpoint where somebody writes a chain anew: nobody else vouches for its events.
const NOT_OURS: [&str; 2] =
    ["HEF: event 1 was not written by the service", "HEF: event 2 was not written by the service"];

#[tokio::test]
async fn s3_a_whole_record_holds_against_its_checkpoints() {
    both(async |database| {
        let (alone, held) = tampered(&database, "").await;
        assert_eq!((alone, held), (Vec::new(), Vec::new()));
        let store = database.store().await;
        let brought = store.read(Some(HEREFORDSHIRE)).await.unwrap().newest_checkpoints().await.unwrap();
        assert_eq!(store.verify_against(&brought).await.unwrap().checkpoints, 4, "two kept here and two brought");
    })
    .await;
}

#[tokio::test]
async fn s3_a_cut_tail_is_found_by_whoever_holds_a_checkpoint() {
    both(async |database| {
        // The administrator cuts the last event, and makes head and checkpoints fit.
        let cut = format!(
            "{FORGET}DELETE FROM event WHERE org_id = 1 AND seq = 2; UPDATE chain_head SET seq = 1, \
             hash = (SELECT hash FROM event WHERE org_id = 1 AND seq = 1) WHERE org_id = 1"
        );
        let (alone, held) = tampered(&database, &cut).await;
        assert_eq!(alone, Vec::<String>::new(), "the chain by itself shows nothing");
        assert_eq!(held, ["HEF: the chain was cut: it ends at 1, the checkpoint that was brought names event 2"]);
    })
    .await;
}

/// All events of Herefordshire from the second on written anew, each hash right.
async fn rewriting(database: &TestDatabase) -> String {
    let scratch = database.store().await;
    recorded(&scratch).await;
    let session = scratch.read(Some(HEREFORDSHIRE)).await.unwrap();
    let events = session.events_after(HEREFORDSHIRE, -1, 10).await.unwrap();
    drop(session);
    let first = "SELECT hash FROM event WHERE org_id = 1 AND seq = 0";
    let mut previous = administrator::any_pool(&database.url).bytes(first).await.remove(0);
    let mut script = FORGET.to_owned();
    for event in &events[1..] {
        let (kind, seq) = (event.event.kind.replace("happened", "never_was"), event.sequence);
        let body = serde_json::json!({
            "kind": kind, "room": event.event.room, "record": event.event.record, "version": event.event.version,
            "by": null, "facts": event.event.facts,
        })
        .to_string();
        let position =
            Position { previous: &previous, organisation: HEREFORDSHIRE, sequence: seq, moment: event.moment };
        let anew = hash(&position, &body);
        write!(
            script,
            "UPDATE event SET kind = '{kind}', body = '{body}', prev_hash = {}, hash = {} WHERE org_id = 1 AND seq = {seq}; ",
            bytes(database.backend, &previous),
            bytes(database.backend, &anew)
        )
        .unwrap();
        previous = anew.to_vec();
    }
    let last = bytes(database.backend, &previous);
    write!(script, "UPDATE chain_head SET hash = {last} WHERE org_id = 1").unwrap();
    script
}

#[tokio::test]
async fn s3_a_full_rewrite_is_found_by_whoever_holds_a_checkpoint() {
    both(async |database| {
        let other = placewell_testkit::databases::fresh(database.backend).await;
        let script = rewriting(&other).await;
        let (alone, held) = tampered(&database, &script).await;
        assert_eq!(alone, NOT_OURS, "every hash is right");
        let expected = "HEF: the chain was rewritten: event 2 is another than the checkpoint that was brought says";
        assert_eq!(held, [&NOT_OURS[..], &[expected]].concat());
    })
    .await;
}

#[tokio::test]
async fn s3_a_checkpoint_that_was_kept_here_finds_the_same_where_it_was_left() {
    both(async |database| {
        let other = placewell_testkit::databases::fresh(database.backend).await;
        let script = rewriting(&other).await.replace(FORGET, "");
        let (alone, _) = tampered(&database, &script).await;
        let expected = "HEF: the chain was rewritten: event 2 is another than the checkpoint kept here says";
        assert_eq!(alone, [&NOT_OURS[..], &[expected]].concat());
    })
    .await;
}

#[tokio::test]
async fn s3_a_forged_checkpoint_is_told_from_a_signed_one() {
    both(async |database| {
        let store = database.store().await;
        recorded(&store).await;
        let held = published(&store).await;
        let herefordshire = held.iter().find(|one| one.chain == HEREFORDSHIRE).unwrap();
        let found = async |forged: Checkpoint| {
            let found = store.verify_against(&[forged]).await.unwrap();
            found.faults.into_iter().map(|(_, what)| what).collect::<Vec<_>>().join("; ")
        };
        let earlier = Checkpoint { sequence: 1, ..herefordshire.clone() };
        assert!(found(earlier).await.contains("its signature is not of what it says"));
        let unread = Checkpoint { signature: "zz".to_owned(), ..herefordshire.clone() };
        assert!(found(unread).await.contains("does not read"));
        let nobody = Checkpoint { chain: OrganisationId(99), ..herefordshire.clone() };
        assert!(found(nobody).await.contains("is of no chain here"));

        // A deployment of another's signs another chain of the same organisation, by its own key.
        let other = placewell_testkit::databases::fresh(database.backend).await;
        let stranger = other.store().await;
        recorded(&stranger).await;
        let theirs = published(&stranger).await;
        let theirs = theirs.into_iter().find(|one| one.chain == HEREFORDSHIRE).unwrap();
        assert!(found(theirs).await.contains("signed by a key that this database has not"));
    })
    .await;
}
