//! S3 as whoever runs `verify` sees it: what was done to the record past the service ends the command badly and is said
//! with whose record it is and which event; an untouched one ends it well.

use std::fmt::Write as _;

use jiff::Timestamp;
use placewell_app::clock::{Calendar, Machine};
use placewell_domain::change::Event;
use placewell_domain::id::{ChildId, OrganisationId};
use placewell_domain::placing::child::Child;
use placewell_domain::sealed::Sealed;
use placewell_store::chain::{Position, hash};
use placewell_store::keys::MasterKey;
use placewell_store::{Backend, Store};

use super::program::{BOTH, Place};

const DAY: i64 = 86_400_000_000;
const WITH_CHECKPOINT: [&str; 2] = ["--checkpoint", "kept.json"];

/// A region whose authority has three events: that it was made, a child's row, and something that happened. What
/// another authority keeps of it is in `kept.json`.
struct Recorded {
    place: Place,
    backend: Backend,
    authority: OrganisationId,
}

async fn recorded(backend: Backend) -> Recorded {
    let place = Place::new(backend).await;
    place.make_region().well();
    let key = std::fs::read_to_string(place.folder.join("master.key")).unwrap();
    let store = Store::open(&place.database, MasterKey::from_hex(&key).unwrap()).await.unwrap();
    let organisations = store.read(None).await.unwrap().organisations().await.unwrap();
    let authority = organisations.iter().find(|one| one.code == "HEF").unwrap().id;
    let mut work = store.begin(authority, Calendar::running().now()).await.unwrap();
    let identity = Sealed::from_bytes(vec![1, 2, 3]);
    work.apply(Child::record(ChildId(7), authority, authority, 7, identity)).await.unwrap();
    work.record(Event::new("test.happened", "test", 1, 1).with("answer", "accepted"));
    work.commit(Machine::now()).await.unwrap();
    store.close().await;
    std::fs::write(place.folder.join("kept.json"), place.run(&["checkpoint"]).well()).unwrap();
    Recorded { place, backend, authority }
}

impl Recorded {
    /// Does something to the database as its administrator can, past everything that guards it.
    async fn tampered(&self, script: &str) {
        let org = self.authority.0;
        let unguarded = match self.backend {
            Backend::Sqlite => {
                "PRAGMA foreign_keys = off; DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete; \
                 DROP TRIGGER child_version; DROP TRIGGER checkpoint_no_delete; UPDATE writer_org SET org_id = :org; "
            }
            Backend::Postgres => {
                "ALTER TABLE event DISABLE TRIGGER ALL; ALTER TABLE event DROP CONSTRAINT links; \
                 ALTER TABLE event DROP CONSTRAINT sealed; ALTER TABLE child DISABLE TRIGGER ALL; \
                 ALTER TABLE checkpoint DISABLE TRIGGER ALL; "
            }
        };
        self.place.sql(&format!("{unguarded}{script}").replace(":org", &org.to_string())).await;
    }

    /// How `verify` ended, and the faults that it told, one a line.
    fn verified(&self, more: &[&str]) -> (Option<i32>, Vec<String>) {
        let (code, said, complained) = self.place.run(&[&["verify"][..], more].concat()).whole();
        let mut lines: Vec<String> = said.lines().map(str::to_owned).collect();
        // Three lines of counts follow the faults.
        let counted = lines.pop().unwrap_or_default();
        lines.truncate(lines.len().saturating_sub(2));
        assert!(counted.ends_with(&format!(", {} faults", lines.len())), "{said}{complained}");
        (code, lines)
    }

    fn is_whole(&self, more: &[&str]) {
        assert_eq!(self.verified(more), (Some(0), vec![]), "{more:?} on {:?}", self.backend);
    }

    fn has(&self, fault: &str, more: &[&str]) {
        self.has_all(&[fault], more);
    }

    fn has_all(&self, faults: &[&str], more: &[&str]) {
        let faults: Vec<String> = faults.iter().map(|fault| (*fault).to_owned()).collect();
        assert_eq!(self.verified(more), (Some(1), faults), "{more:?} on {:?}", self.backend);
    }

    /// Bytes as the database reads them in a statement.
    fn literal(&self, bytes: &[u8]) -> String {
        let mut digits = String::new();
        for byte in bytes {
            write!(digits, "{byte:02x}").unwrap();
        }
        match self.backend {
            Backend::Sqlite => format!("X'{digits}'"),
            Backend::Postgres => format!("'\\x{digits}'::bytea"),
        }
    }

    /// What writes every event of the chain as of a day earlier, each hash right, and the head with them.
    async fn a_day_earlier(&self) -> String {
        let org = self.authority;
        let sql =
            format!("SELECT CAST(moment AS TEXT) || ' ' || body FROM event WHERE org_id = {} ORDER BY seq", org.0);
        let events = self.place.texts(&sql).await;
        assert_eq!(events.len(), 3);
        let (mut script, mut previous) = (String::new(), Vec::<u8>::new());
        for (sequence, event) in (0_i64..).zip(events) {
            let (moment, body) = event.split_once(' ').unwrap();
            let moment = Timestamp::from_microsecond(moment.parse::<i64>().unwrap() - DAY).unwrap();
            let before = if sequence == 0 { "NULL".to_owned() } else { self.literal(&previous) };
            let position = Position { previous: &previous, organisation: org, sequence, moment };
            let anew = hash(&position, body);
            let (at, sealed) = (moment.as_microsecond(), self.literal(&anew));
            let set = format!("moment = {at}, prev_hash = {before}, hash = {sealed}");
            write!(script, "UPDATE event SET {set} WHERE org_id = :org AND seq = {sequence}; ").unwrap();
            previous = anew.to_vec();
        }
        let last = self.literal(&previous);
        write!(script, "UPDATE chain_head SET hash = {last} WHERE org_id = :org").unwrap();
        script
    }
}

/// The checkpoints that the database keeps itself go first: whoever administers it can take them away.
const FORGET: &str = "DELETE FROM checkpoint WHERE org_id = :org; ";

#[tokio::test]
async fn s3_a_record_that_nobody_touched_ends_verify_well() {
    for backend in BOTH {
        let of = recorded(backend).await;
        of.is_whole(&[]);
        of.is_whole(&WITH_CHECKPOINT);
    }
}

#[tokio::test]
async fn s3_an_event_that_was_altered_is_said_with_its_organisation_and_its_number() {
    for backend in BOTH {
        let of = recorded(backend).await;
        let altered = "UPDATE event SET body = replace(body, 'accepted', 'declined') WHERE org_id = :org AND seq = 2";
        of.tampered(altered).await;
        of.has("HEF: event 2 was altered", &[]);
    }
}

#[tokio::test]
async fn s3_a_chain_that_was_cut_is_found_by_a_checkpoint_that_another_kept() {
    for backend in BOTH {
        let of = recorded(backend).await;
        let cut = "DELETE FROM event WHERE org_id = :org AND seq = 2; UPDATE chain_head SET seq = 1, \
                   hash = (SELECT hash FROM event WHERE org_id = :org AND seq = 1) WHERE org_id = :org";
        of.tampered(&format!("{FORGET}{cut}")).await;
        of.is_whole(&[]);
        let fault = "HEF: the chain was cut: it ends at 1, the checkpoint that was brought names event 2";
        of.has(fault, &WITH_CHECKPOINT);
    }
}

#[tokio::test]
async fn s3_a_chain_that_was_wholly_written_anew_is_found_by_a_checkpoint_that_another_kept() {
    for backend in BOTH {
        let of = recorded(backend).await;
        let rewritten = of.a_day_earlier().await;
        of.tampered(&format!("{FORGET}{rewritten}")).await;
        let ours = [0, 1, 2].map(|event| format!("HEF: event {event} was not written by the service"));
        let mut faults: Vec<&str> = ours.iter().map(String::as_str).collect();
        of.has_all(&faults, &[]);
        faults.push("HEF: the chain was rewritten: event 2 is another than the checkpoint that was brought says");
        of.has_all(&faults, &WITH_CHECKPOINT);
    }
}

#[tokio::test]
async fn s3_a_row_that_is_not_what_its_event_says_is_said_with_its_organisation_and_its_version() {
    for backend in BOTH {
        let of = recorded(backend).await;
        of.tampered("UPDATE child SET number = 8 WHERE org_id = :org AND id = 7").await;
        of.has("HEF: child 7 does not hold what the event of its version 1 says", &[]);
    }
}
