//! Keys: what wraps what, what an old wrapping still opens, and a master key replaced while people go on working.

use std::sync::Arc;

use placewell_app::clock::Machine;
use placewell_domain::change::Event;
use placewell_domain::id::{ChildId, InvitationId, OrganisationId, PersonId, UploadId};
use placewell_domain::office::import::{FileKind, Upload, UploadState};
use placewell_domain::office::organisation::{Organisation, OrganisationKind};
use placewell_domain::office::person::provider::Admits;
use placewell_domain::sealed::Sealed;
use placewell_store::keys::MasterKey;
use placewell_store::keys::rotate::{Drill, Rotated};
use placewell_store::office::document::NewDocument;
use placewell_store::office::person::ceremony::CeremonyKind;
use placewell_store::office::person::provider::IdentityProvider;
use placewell_store::{Backend, Store, StoreError};
use placewell_testkit::databases::{MASTER, TestDatabase, both};

use crate::foundation::{HEREFORDSHIRE, SHROPSHIRE, administrator, moment, two_authorities};

const WREN: &str = "Canary Wren";
/// A key wrapped by the master key alone, as before organisations had keys.
const BEFORE: usize = 72;

fn new_document(child: Option<ChildId>) -> NewDocument<'static> {
    NewDocument {
        provider: Some(SHROPSHIRE),
        child,
        room: "test",
        record: 1,
        name: "document-1.pdf",
        label: None,
        media_type: "application/pdf",
        content: WREN.as_bytes(),
    }
}

/// A child with an invitation and a document about the child; the invitation's words.
async fn child(store: &Store, id: i64) -> Sealed<String> {
    let (child, invitation) = (ChildId(id), InvitationId(id));
    let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
    work.new_child_key(HEREFORDSHIRE, child).await.unwrap();
    let key = work.new_invitation_key(SHROPSHIRE, invitation, child).await.unwrap();
    work.add_document(&new_document(Some(child))).await.unwrap();
    let words = key.seal(&WREN.to_owned()).unwrap();
    work.commit(Machine::now()).await.unwrap();
    words
}

/// Both parties read an invitation's words.
async fn reads(store: &Store, id: i64, words: &Sealed<String>) {
    for party in [HEREFORDSHIRE, SHROPSHIRE] {
        let session = store.read(Some(party)).await.unwrap();
        let key = session.invitation_key(party, InvitationId(id)).await.unwrap();
        assert_eq!(key.open(words).unwrap(), WREN);
    }
}

async fn reads_documents(store: &Store, many: usize) {
    for party in [HEREFORDSHIRE, SHROPSHIRE] {
        let session = store.read(Some(party)).await.unwrap();
        let found = session.documents(party, "test", 1).await.unwrap();
        assert_eq!(found.len(), many);
        for one in found {
            assert_eq!(session.document_content(party, one.id).await.unwrap(), WREN.as_bytes());
        }
    }
}

pub fn literal(backend: Backend, bytes: &[u8]) -> String {
    match backend {
        Backend::Sqlite => format!("X'{}'", hex::encode(bytes)),
        Backend::Postgres => format!("'\\x{}'::bytea", hex::encode(bytes)),
    }
}

/// Keys as they were wrapped before: every one by the master key alone.
async fn wrap_as_before(database: &TestDatabase, store: &Store, id: i64) -> Sealed<String> {
    let old = |key: u8| literal(database.backend, &store.master().seal(id, &[key; 32]).unwrap());
    let own = match database.backend {
        Backend::Sqlite => ("UPDATE writer_org SET org_id = 1;", "UPDATE writer_org SET org_id = NULL;"),
        Backend::Postgres => ("", ""),
    };
    let script = format!(
        "{} INSERT INTO child_key (org_id, child_id, wrapped) VALUES (1, {id}, {}); \
         INSERT INTO invitation_key (org_id, provider_id, invitation_id, child_id, wrapped) VALUES (1, 2, {id}, {id}, {}); {}",
        own.0,
        old(7),
        old(9),
        own.1
    );
    administrator::any_pool(&database.url).script(&script).await;
    let session = store.read(Some(HEREFORDSHIRE)).await.unwrap();
    session.invitation_key(HEREFORDSHIRE, InvitationId(id)).await.unwrap().seal(&WREN.to_owned()).unwrap()
}

const WRAPPED: &str = "SELECT wrapped FROM child_key UNION ALL SELECT wrapped FROM invitation_key \
                       UNION ALL SELECT wrapped FROM document_key";

#[tokio::test]
async fn keys_from_before_organisations_had_any_stay_readable_and_are_wrapped_anew() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let words = wrap_as_before(&database, &store, 7).await;
        reads(&store, 7, &words).await;
        let before = administrator::any_pool(&database.url).bytes(WRAPPED).await;
        assert!(before.iter().all(|wrapped| wrapped.len() == BEFORE));

        let done = store.rotate_keys(false, moment()).await.unwrap();
        assert_eq!((done.children, done.records, done.retired), (1, 1, 0));
        reads(&store, 7, &words).await;
        let after = administrator::any_pool(&database.url).bytes(WRAPPED).await;
        assert!(after.iter().all(|wrapped| wrapped.len() > BEFORE));
        assert_eq!(store.rotate_keys(false, moment()).await.unwrap(), Rotated::default(), "nothing is left");
    })
    .await;
}

#[tokio::test]
async fn the_master_key_alone_opens_no_child_s_key_and_no_record_s() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        child(&store, 7).await;
        let opens = |wrapped: &[u8]| (0..wrapped.len()).any(|from| store.master().open(7, &wrapped[from..]).is_ok());
        let kept = administrator::any_pool(&database.url).bytes(WRAPPED).await;
        assert_eq!(kept.len(), 3);
        assert!(!kept.iter().any(|wrapped| opens(wrapped)), "the master key opens it without the keys between");
        // The control: before there were keys between, it did.
        assert!(opens(&store.master().seal(7, &[7; 32]).unwrap()));
    })
    .await;
}

#[tokio::test]
async fn a_record_s_key_that_outlived_the_child_s_in_an_old_copy_opens_nothing() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let words = child(&store, 7).await;
        let copy = administrator::any_pool(&database.url).bytes("SELECT wrapped FROM invitation_key").await.remove(0);
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.destroy_child_key(ChildId(7)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        // Somebody brings the row back out of an old copy, under a new key of the same child.
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.new_child_key(HEREFORDSHIRE, ChildId(7)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        let own = match database.backend {
            Backend::Sqlite => "UPDATE writer_org SET org_id = 1; ",
            Backend::Postgres => "",
        };
        let script = format!(
            "{own}INSERT INTO invitation_key (org_id, provider_id, invitation_id, child_id, wrapped) VALUES (1, 2, 7, 7, {})",
            literal(database.backend, &copy)
        );
        administrator::any_pool(&database.url).script(&script).await;
        for party in [HEREFORDSHIRE, SHROPSHIRE] {
            let session = store.read(Some(party)).await.unwrap();
            let key = session.invitation_key(party, InvitationId(7)).await;
            assert!(key.is_err() || key.is_ok_and(|key| key.open(&words).is_err()), "an old copy was read");
        }
    })
    .await;
}

#[tokio::test]
async fn the_other_party_opens_what_it_was_sent_and_never_the_child_s_own_key() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let words = child(&store, 7).await;
        reads(&store, 7, &words).await;
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.new_child_key(HEREFORDSHIRE, ChildId(8)).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        for reader in [Some(SHROPSHIRE), Some(OrganisationId(4_242)), None] {
            let session = store.read(reader).await.unwrap();
            for child in [ChildId(7), ChildId(8)] {
                assert!(matches!(session.child_key(HEREFORDSHIRE, child).await, Err(StoreError::NotFound)));
            }
        }
        let stranger = store.read(Some(OrganisationId(4_242))).await.unwrap();
        assert!(stranger.invitation_key(HEREFORDSHIRE, InvitationId(7)).await.is_err());
    })
    .await;
}

const WRITERS: i64 = 8;
const EACH: i64 = 10;

/// People go on working on a node with the old key first and on one with the new key first.
async fn write_on(store: Arc<Store>, writer: i64) -> Vec<(i64, Sealed<String>)> {
    let mut written = Vec::new();
    for one in 0..EACH {
        let id = 1_000 + writer * EACH + one;
        let words = child(&store, id).await;
        reads(&store, id, &words).await;
        written.push((id, words));
    }
    written
}

#[tokio::test(flavor = "multi_thread")]
async fn the_master_key_is_replaced_while_people_write_and_both_are_read_meanwhile() {
    both(async |database| {
        let new = MasterKey::generate_hex();
        let (old_first, new_first) = (format!("{MASTER}\n{new}"), format!("# new\n{new}\n{MASTER}\n"));
        let before = Arc::new(database.store_with(&old_first).await.unwrap());
        two_authorities(&before).await;
        let legacy = wrap_as_before(&database, &before, 7).await;
        let after = Arc::new(database.store_with(&new_first).await.unwrap());
        let mut writers = tokio::task::JoinSet::new();
        for writer in 0..WRITERS {
            let store = if writer % 2 == 0 { &before } else { &after };
            writers.spawn(write_on(Arc::clone(store), writer));
        }
        let rotating = Arc::clone(&after);
        // A run that is cut at any point is begun again.
        let mut cut = tokio::task::JoinSet::new();
        cut.spawn(async move { rotating.rotate_keys(true, moment()).await.map(|_| ()) });
        tokio::task::yield_now().await;
        cut.abort_all();
        while cut.join_next().await.is_some() {}
        after.rotate_keys(true, moment()).await.unwrap();
        let written: Vec<_> = writers.join_all().await.into_iter().flatten().collect();
        reads(&before, 7, &legacy).await;

        before.close().await;
        after.rotate_keys(false, moment()).await.unwrap();
        assert_eq!(after.rotate_keys(false, moment()).await.unwrap(), Rotated::default());
        after.close().await;
        let alone = database.store_with(&new).await.unwrap();
        reads(&alone, 7, &legacy).await;
        for (id, words) in &written {
            reads(&alone, *id, words).await;
        }
        assert_eq!(i64::try_from(written.len()).unwrap(), WRITERS * EACH);
        reads_documents(&alone, written.len()).await;
        alone.close().await;
        let refused = database.store_with(MASTER).await.err().expect("the retired key opened it").to_string();
        assert!(refused.contains("the master key is not the one"), "{refused}");
    })
    .await;
}

/// A child's record of an organisation is erased.
async fn erase(store: &Store, organisation: OrganisationId, child: i64) {
    let mut work = store.begin(organisation, moment()).await.unwrap();
    work.destroy_child_key(ChildId(child)).await.unwrap();
    work.record(Event::new("retention.erased", "retention", child, 1));
    work.commit(Machine::now()).await.unwrap();
}

/// A record was erased, and the new master key put first; then another organisation is made and has children, and its own
/// record is erased or not before the run. What the run is, and how many erasures are not final after it.
async fn drill_beside_a_new_organisation(database: &TestDatabase, erased_there: bool) -> (Drill, u32) {
    const TELFORD: OrganisationId = OrganisationId(3);
    let store = database.store().await;
    two_authorities(&store).await;
    child(&store, 7).await;
    erase(&store, HEREFORDSHIRE, 7).await;
    store.close().await;
    let store = database.store_with(&format!("{}\n{MASTER}", MasterKey::generate_hex())).await.unwrap();
    let (kind, code) = (OrganisationKind::Authority, "TEF".to_owned());
    let new = Organisation { id: TELFORD, name: code.clone(), code, kind, area: None, placing_body: None };
    let work = store.begin(TELFORD, moment()).await.unwrap();
    work.add_organisation(&new).await.unwrap();
    for child in [8, 9] {
        work.new_child_key(TELFORD, ChildId(child)).await.unwrap();
    }
    work.commit(Machine::now()).await.unwrap();
    if erased_there {
        erase(&store, TELFORD, 8).await;
    }
    let done = store.rotate_keys(true, moment()).await.unwrap();
    let left = store.erased_since_keys().await.unwrap().0;
    store.close().await;
    (done.drill, left)
}

#[tokio::test]
async fn an_organisation_that_was_made_under_the_new_master_key_keeps_no_erasure_of_another_from_being_final() {
    both(async |database| {
        assert_eq!(drill_beside_a_new_organisation(&database, false).await, (Drill::Counts, 0));
    })
    .await;
}

#[tokio::test]
async fn a_record_that_was_erased_under_the_new_master_key_is_not_final_by_the_run_that_brings_the_key_in() {
    both(async |database| {
        assert_eq!(drill_beside_a_new_organisation(&database, true).await, (Drill::LedThere, 2));
    })
    .await;
}

#[tokio::test]
async fn an_erasure_is_final_once_the_organisations_keys_go_together_with_the_master_key() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        child(&store, 7).await;
        erase(&store, HEREFORDSHIRE, 7).await;
        assert_eq!(store.erased_since_keys().await.unwrap().0, 1);
        store.close().await;
        let (yearly, new) = (MasterKey::generate_hex(), MasterKey::generate_hex());
        for (keys, organisations, retired, drill, erased) in [
            // The master key alone: the organisation's key is sealed anew, and is the same.
            (format!("{yearly}\n{MASTER}"), false, 1, Drill::None, 1),
            // Organisations' keys alone: a copy from between holds the one before, under the master key in force.
            (yearly.clone(), true, 0, Drill::SameMaster, 1),
            (format!("{new}\n{yearly}"), true, 1, Drill::Counts, 0),
        ] {
            let store = database.store_with(&keys).await.unwrap();
            let done = store.rotate_keys(organisations, moment()).await.unwrap();
            assert_eq!((done.retired, done.drill), (retired, drill));
            assert_eq!(store.erased_since_keys().await.unwrap().0, erased);
            store.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_new_master_key_never_seals_an_organisation_s_key_that_is_destroyed() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        child(&store, 7).await;
        store.close().await;
        let new = MasterKey::generate_hex();
        let store = database.store_with(&format!("{new}\n{MASTER}")).await.unwrap();
        let done = store.rotate_keys(true, moment()).await.unwrap();
        assert_eq!(done.destroyed, 1);
        assert_eq!(done.resealed, 1, "the key of the indexes, and not what was destroyed then");
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_node_without_the_new_key_is_refused_once_something_may_be_sealed_under_it() {
    both(async |database| {
        let new = MasterKey::generate_hex();
        database.store().await.close().await;
        database.store_with(&format!("{new}\n{MASTER}")).await.unwrap().close().await;
        for (keys, opens) in [(MASTER, false), (new.as_str(), false)] {
            assert_eq!(database.store_with(keys).await.is_ok(), opens, "half of what is sealed would not open");
        }
        let both_keys = database.store_with(&format!("{MASTER}\n{new}")).await.unwrap();
        both_keys.close().await;
    })
    .await;
}

#[tokio::test]
async fn every_secret_that_the_master_key_seals_opens_under_the_new_one_alone() {
    both(async |database| {
        let (new, person, token) = (MasterKey::generate_hex(), PersonId(70), [7_u8; 32]);
        let before = database.store().await;
        two_authorities(&before).await;
        let provider = IdentityProvider {
            organisation: HEREFORDSHIRE,
            version: 1,
            issuer: "https://id.authority.example".to_owned(),
            client_id: "placewell".to_owned(),
            secret: Some("a secret of theirs".to_owned()),
            claim: "groups".to_owned(),
            rules: Vec::new(),
            admits: Admits::Invited,
            only_way: false,
        };
        let work = before.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.add_person(person, "p.shah@authority.example", "Priya Shah", None).await.unwrap();
        work.begin_second_step(person, b"a shared secret", Machine::now()).await.unwrap();
        work.set_identity_provider(&provider).await.unwrap();
        let later = Machine::now() + jiff::SignedDuration::from_hours(1);
        work.begin_ceremony(&token, CeremonyKind::PasswordNew, b"half-way", later).await.unwrap();
        work.add_document(&new_document(None)).await.unwrap();
        let upload = Upload {
            id: UploadId(7),
            version: 1,
            organisation: HEREFORDSHIRE,
            number: 1,
            kind: FileKind::Prices,
            by: person,
            at: moment().local,
            digest: "ab".to_owned(),
            rows: 1,
            unread: 0,
            bared: 0,
            state: UploadState::Checking,
        };
        work.stage_upload(&upload, "prices.csv").await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        before.close().await;

        let both_keys = database.store_with(&format!("{new}\n{MASTER}")).await.unwrap();
        let done = both_keys.rotate_keys(true, moment()).await.unwrap();
        assert!(done.resealed >= 3 && done.destroyed >= 1, "{done:?}");
        both_keys.close().await;

        let alone = database.store_with(&new).await.unwrap();
        let session = alone.read(Some(HEREFORDSHIRE)).await.unwrap();
        assert_eq!(session.second_step(person).await.unwrap().unwrap().secret, b"a shared secret");
        let kept = session.identity_provider(HEREFORDSHIRE).await.unwrap().unwrap();
        assert_eq!(kept.secret.as_deref(), Some("a secret of theirs"));
        let papers = session.documents(HEREFORDSHIRE, "test", 1).await.unwrap();
        assert_eq!(session.document_content(HEREFORDSHIRE, papers[0].id).await.unwrap(), WREN.as_bytes());
        let named = session.upload_name(HEREFORDSHIRE, upload.id).await.unwrap();
        assert_eq!(named.as_deref(), Some("prices.csv"), "a file that is being brought in stays readable");
        drop(session);
        let work = alone.begin(HEREFORDSHIRE, moment()).await.unwrap();
        let taken = work.take_ceremony(&token, CeremonyKind::PasswordNew, Machine::now()).await.unwrap();
        assert_eq!(taken.as_deref(), Some(b"half-way".as_slice()));
        work.roll_back().await.unwrap();
        // One key of each organisation is left, and the one before opens nothing that is here.
        let left =
            administrator::any_pool(&database.url).bytes("SELECT wrapped FROM organisation_key WHERE org_id = 1").await;
        assert_eq!(left.len(), 1);
    })
    .await;
}
