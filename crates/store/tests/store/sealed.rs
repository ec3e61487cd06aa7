//! Sealed things and their keys: what a forgotten child leaves, and another master key, on both databases.

use placewell_app::clock::Machine;
use placewell_domain::id::{ChildId, DocumentId, InvitationId};
use placewell_domain::sealed::Sealed;
use placewell_store::keys::MasterKey;
use placewell_store::office::document::NewDocument;
use placewell_store::{Store, StoreError, Work};
use placewell_testkit::databases::both;

use crate::foundation::{HEREFORDSHIRE, SHROPSHIRE, administrator, moment, two_authorities};

async fn document(work: &Work, child: Option<ChildId>) -> DocumentId {
    let new = NewDocument {
        provider: Some(SHROPSHIRE),
        child,
        room: "test",
        record: 1,
        name: "document-1.pdf",
        label: Some("Canary Wren.pdf"),
        media_type: "application/pdf",
        content: b"%PDF-1.7 Canary",
    };
    work.add_document(&new).await.unwrap()
}

#[tokio::test]
async fn a_destroyed_child_key_leaves_nothing_readable() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let (child, invitation) = (ChildId(7), InvitationId(70));
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.new_child_key(HEREFORDSHIRE, child).await.unwrap();
        let key = work.new_invitation_key(SHROPSHIRE, invitation, child).await.unwrap();
        let words: Sealed<String> = key.seal(&"Canary".to_owned()).unwrap();
        let (about, other) = (document(&work, Some(child)).await, document(&work, None).await);
        work.commit(Machine::now()).await.unwrap();

        for party in [HEREFORDSHIRE, SHROPSHIRE] {
            let session = store.read(Some(party)).await.unwrap();
            assert_eq!(session.invitation_key(party, invitation).await.unwrap().open(&words).unwrap(), "Canary");
            assert_eq!(session.document_content(party, about).await.unwrap(), b"%PDF-1.7 Canary");
            assert_eq!(session.document_label(party, about).await.unwrap().as_deref(), Some("Canary Wren.pdf"));
        }
        let work = store.begin(SHROPSHIRE, moment()).await.unwrap();
        assert!(matches!(work.destroy_child_key(child).await, Err(StoreError::NotFound)), "another's child");
        work.roll_back().await.unwrap();

        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        work.destroy_child_key(child).await.unwrap();
        work.commit(Machine::now()).await.unwrap();
        for party in [HEREFORDSHIRE, SHROPSHIRE] {
            let session = store.read(Some(party)).await.unwrap();
            assert!(matches!(session.child_key(party, child).await, Err(StoreError::NotFound)));
            assert!(matches!(session.invitation_key(party, invitation).await, Err(StoreError::NotFound)));
            assert!(matches!(session.document_content(party, about).await, Err(StoreError::NotFound)));
            assert_eq!(session.document_label(party, about).await.unwrap(), None);
            assert_eq!(session.documents(party, "test", 1).await.unwrap().len(), 2, "the record of it stays");
            assert_eq!(session.document_content(party, other).await.unwrap(), b"%PDF-1.7 Canary");
        }
    })
    .await;
}

#[tokio::test]
async fn a_document_is_sealed_and_so_is_the_name_it_came_with() {
    both(async |database| {
        let store = database.store().await;
        two_authorities(&store).await;
        let work = store.begin(HEREFORDSHIRE, moment()).await.unwrap();
        document(&work, None).await;
        work.commit(Machine::now()).await.unwrap();
        let found = administrator::any_pool(&database.url)
            .bytes("SELECT sealed FROM document UNION ALL SELECT label FROM document")
            .await;
        assert_eq!(found.len(), 2);
        for sealed in found {
            assert!(!sealed.windows(6).any(|part| part == b"Canary"));
        }
    })
    .await;
}

#[tokio::test]
async fn another_master_key_does_not_open_the_database() {
    both(async |database| {
        database.store().await.close().await;
        let other = MasterKey::from_hex(&MasterKey::generate_hex()).unwrap();
        for opened in [
            Store::open(&database.url, other.clone()).await.err(),
            Store::open_as_it_is(&database.url, other.clone()).await.err(),
        ] {
            let error = opened.expect("another key opened it").to_string();
            assert!(error.contains("the master key is not the one"), "{error}");
        }
        let administrator = administrator::any_pool(&database.url);
        assert!(administrator.execute("UPDATE meta SET value = 'x' WHERE key = 'key_check'").await.is_err());
        assert!(administrator.execute("DELETE FROM meta WHERE key = 'key_check'").await.is_err());
        database.store().await.close().await;
    })
    .await;
}
