//! Sealed things and their keys: what a forgotten child leaves, and another master key, on both databases.

use placewell_app::clock::Machine;
use placewell_domain::id::{ChildId, DocumentId, InvitationId};
use placewell_domain::placing::disclosure::TABLE;
use placewell_domain::sealed::Sealed;
use placewell_store::keys::MasterKey;
use placewell_store::office::document::NewDocument;
use placewell_store::{Backend, Store, StoreError, Work};
use placewell_testkit::databases::both;
use sqlx::{Connection, Executor, Row as _};

use crate::foundation::{HEREFORDSHIRE, SHROPSHIRE, administrator, moment, two_authorities};

/// Every column of bytes that may say something of a child, with the lines of the one table of fields that it holds.
const OF_A_CHILD: &[(&str, &[&str])] = &[
    ("child.identity", &["given_names", "family_name", "born", "home_postcode", "other_names"]),
    ("disclosure.sealed", &["risk_chronology", "given_names", "family_name"]),
    ("disclosure_corrected.sealed", &["given_names", "family_name"]),
    ("document.label", &["document_names", "paper_names"]),
    ("document.sealed", &["document_contents", "paper_contents"]),
    ("exemption_request.words", &["exemption_words"]),
    ("grade_exemption.words", &["exemption_words"]),
    ("invitation.words", &["what_helps", "risk_words", "education_words", "health_words", "other_words"]),
    ("offer.words", &["offer_words"]),
    ("recommendation.words", &["recommendation_words", "other_offer_words"]),
    ("referral.narrative", &["what_helps", "wishes", "risk_words", "risk_chronology"]),
    ("shared_answer.sealed", &["question_words"]),
    ("unregistered_stay.words", &["setting_words"]),
    ("upload.name", &["brought_rows"]),
    ("upload_part.sealed", &["brought_rows"]),
];

/// The other columns of bytes, each with what it holds.
const OF_NO_CHILD: &[(&str, &str)] = &[
    ("ceremony.state", "a challenge of signing in"),
    ("ceremony.token_hash", "a digest"),
    ("chain_head.hash", "a digest"),
    ("checkpoint.hash", "a digest"),
    ("checkpoint.signature", "a signature"),
    ("child_key.wrapped", "a key, wrapped"),
    ("document_key.wrapped", "a key, wrapped"),
    ("event.hash", "a digest"),
    ("event.prev_hash", "a digest"),
    ("identity_provider.secret", "a secret of signing in, sealed"),
    ("invitation_key.wrapped", "a key, wrapped"),
    ("mail.secret", "the token of a mailed link, sealed"),
    ("organisation_key.wrapped", "a key, wrapped"),
    ("passkey.credential", "a public credential of a person"),
    ("recovery_code.digest", "a digest"),
    ("second_step.secret", "a secret of signing in, sealed"),
    ("sign_in.token_hash", "a digest"),
    ("signing_key.secret", "a signing key, sealed"),
    ("terms_text.content", "the published text of terms"),
    ("upload_key.wrapped", "a key, wrapped"),
];

#[tokio::test]
async fn rule_5_6_every_column_of_bytes_has_its_lines_in_the_table_of_fields_or_is_of_no_child() {
    both(async |database| {
        let sql = match database.backend {
            Backend::Sqlite => {
                "SELECT t.name || '.' || c.name FROM sqlite_master t, pragma_table_info(t.name) c \
                 WHERE t.type = 'table' AND c.type = 'BLOB'"
            }
            Backend::Postgres => {
                "SELECT table_name || '.' || column_name FROM information_schema.columns \
                 WHERE table_schema = 'public' AND data_type = 'bytea'"
            }
        };
        let found: Vec<String> = match database.backend {
            Backend::Sqlite => {
                let mut owner = sqlx::SqliteConnection::connect(&database.url).await.unwrap();
                owner.fetch_all(sql).await.unwrap().iter().map(|row| row.get(0)).collect()
            }
            Backend::Postgres => {
                let mut owner = sqlx::PgConnection::connect(&database.url).await.unwrap();
                owner.fetch_all(sql).await.unwrap().iter().map(|row| row.get(0)).collect()
            }
        };
        let of_a_child = OF_A_CHILD.iter().map(|(column, _)| *column);
        let mut known: Vec<&str> = of_a_child.chain(OF_NO_CHILD.iter().map(|(column, _)| *column)).collect();
        known.sort_unstable();
        let mut found: Vec<&str> = found.iter().map(String::as_str).collect();
        found.sort_unstable();
        assert_eq!(found, known, "say what each column of bytes holds");
    })
    .await;
    for field in OF_A_CHILD.iter().flat_map(|(_, fields)| *fields) {
        assert!(TABLE.iter().any(|line| line.field == *field), "{field} is no line of the table of fields");
    }
}

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
