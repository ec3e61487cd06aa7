//! Files of a provider's documents as people bring and open them; a rival is told what it is told of nothing.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::clock::Machine;
use placewell_app::homes::home::paper::PaperFiles;
use placewell_domain::homes::home::paper::Paper;
use placewell_domain::nights::OPEN_END;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::Actor;
use placewell_testkit::client::Client;
use placewell_testkit::databases::both;
use placewell_web::{Web, router};

use super::super::{Given, given};

const LIST: &str = "/provider/documents";
const FIRST: &[u8] = b"%PDF-1.7 the first certificate";
const SECOND: &[u8] = b"%PDF-1.7 the second certificate";
const FIELDS: [(&str, &str); 10] = [
    ("document", "insurance_public"),
    ("urn", ""),
    ("reference", "PL-1"),
    ("from_day", "1"),
    ("from_month", "4"),
    ("from_year", "2021"),
    ("expires_on_day", "31"),
    ("expires_on_month", "3"),
    ("expires_on_year", "2022"),
    ("seen_by", "members"),
];

/// What the provider holds, with its files.
async fn held(given: &Given) -> (Vec<Paper>, PaperFiles) {
    let elm = given.app.actor_by_email("elm@example.org").await.unwrap();
    (given.app.own_papers(&elm).await.unwrap().0, given.app.own_paper_files(&elm).await.unwrap())
}

#[tokio::test]
async fn v_07_a_document_comes_with_a_file_which_a_newer_one_follows_and_a_bad_one_writes_nothing() {
    both(async |database| {
        let given = given(&database).await;
        let own = &given.manager;
        let mut large = FIRST.to_vec();
        large.resize(25 * 1024 * 1024 + 1, b'x');
        let bad = [
            (b"MZ executable".as_slice(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "of no kind that can be taken"),
            (b"", StatusCode::UNSUPPORTED_MEDIA_TYPE, "The file is empty"),
            (b"%PDF-1.7 /JavaScript", StatusCode::UNSUPPORTED_MEDIA_TYPE, "macros or scripts"),
            (large.as_slice(), StatusCode::PAYLOAD_TOO_LARGE, "larger than 25 MB"),
        ];
        for (content, status, says) in bad {
            let refused = own.submit_file(LIST, LIST, &FIELDS, Some(("certificate.pdf", content))).await;
            assert_eq!(refused.status, status, "{}", refused.h1());
            assert!(refused.words("#file-error").contains(says), "{}", refused.body);
            assert!(refused.body.contains("value=\"PL-1\""), "what was typed is kept");
        }
        assert!(held(&given).await.0.is_empty(), "nothing is written");

        let saved = own.submit_file(LIST, LIST, &FIELDS, Some(("Certificate & more.pdf", FIRST))).await;
        assert_eq!((saved.status, saved.location.as_deref()), (StatusCode::SEE_OTHER, Some(LIST)), "{}", saved.body);
        let id = held(&given).await.0[0].id;
        let files = format!("{LIST}/{id}/files");
        let listed = own.get(LIST).await;
        assert!(listed.body.contains("Public liability insurance PL-1 (PDF, 1 KB)"), "{}", listed.body);
        assert!(listed.body.contains("add none that names a child"), "{}", listed.body);
        let shown = own.get(&files).await;
        assert!(shown.body.contains("Add none that names a child."), "{}", shown.body);
        assert!(shown.body.contains("Certificate &#38; more.pdf (PDF, 1 KB)"), "{}", shown.body);
        let nothing = own.submit_file(&files, &files, &[], None).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.words("#file-error").contains("Choose the document to add"));
        let wrong = own.submit_file(&files, &files, &[], Some(("a.pdf", b"MZ executable"))).await;
        assert_eq!(wrong.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(held(&given).await.1[&id].len(), 1, "nothing is written");
        let newer = own.submit_file(&files, &files, &[], Some(("Certificate.pdf", SECOND))).await;
        assert_eq!((newer.status, newer.location.as_deref()), (StatusCode::SEE_OTHER, Some(files.as_str())));
        let listed = own.get(LIST).await;
        assert!(listed.body.contains("Earlier file of PL-1, added 13 September 2021"), "{}", listed.body);
        for (entry, content) in held(&given).await.1[&id].iter().zip([SECOND, FIRST]) {
            let read = own.get(&format!("{files}/{}", entry.id)).await;
            assert_eq!(read.bytes, content);
            let header = |name: &str| read.headers.get(name).unwrap().to_str().unwrap();
            assert!(header("content-disposition").starts_with("attachment; filename=\"provider-document-"));
            assert_eq!(header("content-type"), "application/pdf");
            assert_eq!(header("cache-control"), "no-store");
            assert_eq!(header("x-content-type-options"), "nosniff");
        }
    })
    .await;
}

/// A guest of the officer's authority.
async fn guest(given: &Given) -> Client {
    let officer = given.app.actor_by_email("HEF@example.org").await.unwrap();
    let work = given.app.store.begin(officer.organisation, given.app.calendar.now()).await.unwrap();
    work.add_membership(officer.person, Role::Guest, "Guest", date(2019, 1, 1), OPEN_END).await.unwrap();
    work.commit(Machine::now()).await.unwrap();
    let guest = Actor { role: Role::Guest, ..officer };
    let service = router(Web::new(Arc::clone(&given.app), "http://localhost").await.unwrap());
    Client::with_session(service, &given.app.start_session(&guest).await.unwrap())
}

/// How many events stand in the record of the officer's authority.
async fn told(given: &Given) -> usize {
    let org = given.app.actor_by_email("HEF@example.org").await.unwrap().organisation;
    let session = given.app.store.read(Some(org)).await.unwrap();
    session.events_after(org, 0, 10_000).await.unwrap().len()
}

#[tokio::test]
async fn v_07_a_file_is_opened_by_those_who_see_its_document_and_is_not_there_for_a_rival() {
    both(async |database| {
        let given = given(&database).await;
        let without = given.manager.submit(LIST, LIST, &FIELDS).await;
        assert_eq!(without.status, StatusCode::SEE_OTHER, "a document is recorded without a file too");
        let seen = "/homes/SC400001/documents";
        assert!(given.officer.get(seen).await.body.contains("No file"));
        let (papers, _) = held(&given).await;
        let files = format!("{LIST}/{}/files", papers[0].id);
        given.manager.submit_file(&files, &files, &[], Some(("Certificate.pdf", FIRST))).await;
        let entry = held(&given).await.1[&papers[0].id][0].id;
        let (own, shown) = (format!("{files}/{entry}"), format!("{seen}/{}/files/{entry}", papers[0].id));
        for reader in [&given.officer, &given.lead] {
            assert!(reader.get(seen).await.body.contains(&format!("href=\"{shown}\"")));
            let read = reader.get(&shown).await;
            assert_eq!((read.status, read.bytes.as_slice()), (StatusCode::OK, FIRST));
            assert_eq!(reader.get(&own).await.status, StatusCode::FORBIDDEN, "the provider's own page");
            let nothing = format!("{seen}/{}/files/0", papers[0].id);
            assert_eq!(reader.get(&nothing).await.status, StatusCode::NOT_FOUND);
        }
        let guest = guest(&given).await;
        let listed = guest.get(seen).await;
        assert!(listed.body.contains("Public liability insurance PL-1"), "{}", listed.body);
        assert!(!listed.body.contains("/files/"), "a guest is led to no file");
        let before = told(&given).await;
        assert_eq!(guest.get(&shown).await.status, StatusCode::FORBIDDEN);
        assert_eq!(told(&given).await, before, "and leaves nothing in the authority's record");
        let rival: &Client = &given.stranger;
        let (asked, absent) = (rival.get(&own).await, rival.get("/provider/documents/0/files/0").await);
        assert_eq!((asked.status, asked.h1()), (StatusCode::NOT_FOUND, absent.h1()), "as what is not there");
        assert_eq!(rival.get(&files).await.status, StatusCode::NOT_FOUND);
        assert_eq!(rival.get(&shown).await.status, StatusCode::FORBIDDEN);
        let token = rival.get(LIST).await.csrf();
        let sent = rival.post(&files, &[("_csrf", token.as_str()), ("_key", "rival")]).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND);
        for path in [&own, &shown, &files] {
            let visited = given.visitor.get(path).await;
            assert_eq!(visited.status, StatusCode::SEE_OTHER, "{path}");
            assert!(visited.location.unwrap().starts_with("/sign-in"));
        }
    })
    .await;
}
