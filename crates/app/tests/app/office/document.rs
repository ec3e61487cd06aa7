//! Documents: sealed under the child's key, scanned before they are kept, read with an event, taken away for good.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::civil::date;
use placewell_app::office::document::Brought;
use placewell_app::office::document::scanning::Scanner;
use placewell_app::placing::agreement::papers::{AddAgreementDocument, GiveDocuments};
use placewell_app::placing::referral::papers::{AddReferralDocument, TakeReferralDocument};
use placewell_app::{App, Outcome};
use placewell_domain::id::DocumentId;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::document::MOST;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::award::world::{BIR, HEF, MANAGER, OFFICER, PROVIDER, World, actor, both_made, director, officer};

const PDF: &[u8] = b"%PDF-1.7 CANARY of a child";

fn brought(content: &[u8]) -> Brought {
    Brought::checked("C:\\papers\\Wren Canary care plan.pdf", content.to_vec()).unwrap()
}

async fn world(database: &placewell_testkit::databases::TestDatabase) -> World {
    let world = World::opened(database).await;
    world.referral(42, &[4_150], false, HEF).await;
    world
}

async fn add(app: &Arc<App>, key: &str, content: &[u8]) -> placewell_app::Answer<placewell_app::Receipt> {
    let command = AddReferralDocument { reference: "HEF-R-0042".to_owned(), brought: brought(content) };
    app.perform(&officer(), key, command).await
}

/// A socket that speaks clamd's protocol: it reads the stream's pieces and finds the word EICAR.
async fn clamd(says: Option<&'static str>) -> (Scanner, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let into = Arc::clone(&seen);
    #[allow(clippy::disallowed_methods)] // another process's part, played here
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut command = Vec::new();
            while let Ok(byte) = socket.read_u8().await {
                if byte == 0 {
                    break;
                }
                command.push(byte);
            }
            if command == b"zPING" {
                socket.write_all(b"PONG\0").await.unwrap();
                continue;
            }
            assert_eq!(command, b"zINSTREAM");
            let mut stream = Vec::new();
            loop {
                let length = socket.read_u32().await.unwrap();
                if length == 0 {
                    break;
                }
                let mut piece = vec![0; length as usize];
                socket.read_exact(&mut piece).await.unwrap();
                stream.extend(piece);
            }
            let infected = stream.windows(5).any(|part| part == b"EICAR");
            into.lock().unwrap().clone_from(&stream);
            let answer = says.unwrap_or(if infected { "stream: Eicar-Test-Signature FOUND" } else { "stream: OK" });
            socket.write_all(format!("{answer}\0").as_bytes()).await.unwrap();
        }
    });
    (Scanner::at(&address).unwrap(), seen)
}

fn refused(answer: placewell_app::Answer<placewell_app::Receipt>) -> String {
    match answer {
        Err(Outcome::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_document_is_kept_sealed_read_with_an_event_and_only_by_its_authority() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let app = &world.app;
        add(app, "k1", PDF).await.unwrap();
        let again = add(app, "k1", PDF).await.unwrap();
        assert!(again.repeated, "the same form twice is one document");
        let papers = app.referral_papers(&officer(), "HEF-R-0042").await.unwrap();
        let [(entry, came_as)] = papers.documents.as_slice() else { panic!("{:?}", papers.documents) };
        assert_eq!((entry.name.as_str(), came_as.as_str()), ("document-1.pdf", "Wren Canary care plan.pdf"));
        let guest = actor(OFFICER, HEF, Role::Guest);
        let seen_by_guest = app.referral_papers(&guest, "HEF-R-0042").await.unwrap();
        assert_eq!(seen_by_guest.documents[0].1, "", "the name may name the child");
        assert!(matches!(app.referral_document(&guest, "HEF-R-0042", entry.id).await, Err(Outcome::Forbidden(_))));
        let (_, content) = app.referral_document(&officer(), "HEF-R-0042", entry.id).await.unwrap();
        assert_eq!(content, PDF);
        let stranger = actor(OFFICER, BIR, Role::PlacementOfficer);
        assert!(matches!(app.referral_papers(&stranger, "HEF-R-0042").await, Err(Outcome::NotFound)));
        let session = app.store.read(Some(HEF)).await.unwrap();
        let kinds: Vec<String> = session
            .timeline(HEF, "referral", papers.referral.id.0)
            .await
            .unwrap()
            .into_iter()
            .map(|recorded| {
                assert!(!format!("{:?}", recorded.event.facts).contains("Wren"));
                recorded.event.kind
            })
            .collect();
        assert!(
            kinds.contains(&"document.added".to_owned()) && kinds.contains(&"document.read".to_owned()),
            "{kinds:?}"
        );
        drop(session);
        assert!(app.store.verify().await.unwrap().faults.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_document_that_is_taken_away_can_never_be_read_again() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let app = &world.app;
        add(app, "k1", PDF).await.unwrap();
        let id = app.referral_papers(&officer(), "HEF-R-0042").await.unwrap().documents[0].0.id;
        let take = TakeReferralDocument { reference: "HEF-R-0042".to_owned(), document: id.0 };
        let stranger = actor(OFFICER, BIR, Role::PlacementOfficer);
        assert!(matches!(app.perform(&stranger, "s1", take.clone()).await, Err(Outcome::NotFound)));
        app.perform(&officer(), "t1", take.clone()).await.unwrap();
        let papers = app.referral_papers(&officer(), "HEF-R-0042").await.unwrap();
        assert!(papers.documents[0].0.gone);
        assert!(matches!(app.referral_document(&officer(), "HEF-R-0042", id).await, Err(Outcome::NotFound)));
        assert!(matches!(app.perform(&officer(), "t2", take).await, Err(Outcome::NotFound)));
        assert!(app.store.verify().await.unwrap().faults.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_home_reads_what_it_is_given_with_the_agreement_and_nothing_else_of_the_referral() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let app = &world.app;
        add(app, "k1", PDF).await.unwrap();
        add(app, "k2", b"%PDF-1.7 not for the home").await.unwrap();
        let approval = world.recommend("HEF-R-0042", "r1").await.unwrap().location;
        let approval = approval.rsplit('/').next().unwrap().to_owned();
        world.approve(&director(), &approval, "a1", false).await.unwrap();
        let list =
            app.agreement_list(&officer(), placewell_app::placing::agreement::AgreementTab::Coming, (0, 10)).await;
        let reference = list.unwrap().lines[0].agreement.reference.to_string();
        let to_give = app.agreement_papers(&officer(), &reference).await.unwrap().to_give;
        assert_eq!(to_give.len(), 2);
        let first = to_give.iter().find(|(entry, _)| entry.name == "document-1.pdf").unwrap().0.id;
        let give = |document: DocumentId| GiveDocuments { reference: reference.clone(), documents: vec![document.0] };
        assert!(matches!(app.perform(&officer(), "g0", give(DocumentId(1))).await, Err(Outcome::NotFound)));
        app.perform(&officer(), "g1", give(first)).await.unwrap();
        let add = AddAgreementDocument { reference: reference.clone(), brought: brought(b"%PDF-1.7 house rules") };
        app.perform(&officer(), "g2", add).await.unwrap();
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let papers = app.agreement_papers(&manager, &reference).await.unwrap();
        assert_eq!((papers.documents.len(), papers.to_give.len()), (2, 0));
        let given = papers.documents.iter().find(|(entry, _)| entry.name == "document-1.pdf").unwrap();
        let (_, content) = app.agreement_document(&manager, &reference, given.0.id).await.unwrap();
        assert_eq!(content, PDF);
        assert!(matches!(app.agreement_document(&manager, &reference, first).await, Err(Outcome::NotFound)));
        let finance = actor(OFFICER, HEF, Role::FinanceOfficer);
        assert!(matches!(app.agreement_papers(&finance, &reference).await, Err(Outcome::Forbidden(_))));
        assert_eq!(app.agreement_papers(&officer(), &reference).await.unwrap().to_give.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_the_authority_sees_who_of_the_home_opened_which_document_and_when() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let app = &world.app;
        let approval = world.recommend("HEF-R-0042", "r1").await.unwrap().location;
        let approval = approval.rsplit('/').next().unwrap().to_owned();
        world.approve(&director(), &approval, "a1", false).await.unwrap();
        app.do_due_jobs().await.unwrap();
        let reference = "HEF-A-0001".to_owned();
        let add = AddAgreementDocument { reference: reference.clone(), brought: brought(b"%PDF-1.7 house rules") };
        app.perform(&officer(), "g2", add).await.unwrap();
        let manager = actor(MANAGER, PROVIDER, Role::ProviderManager);
        let given = app.agreement_papers(&officer(), &reference).await.unwrap().documents[0].0.id;
        app.agreement_document(&officer(), &reference, given).await.unwrap();
        let opened = app.agreement_papers(&officer(), &reference).await.unwrap().opened;
        assert_eq!(opened, [], "the authority's own reading is an event of its own");
        app.agreement_document(&manager, &reference, given).await.unwrap();
        app.agreement_copy(&manager, &reference, None).await.unwrap();
        let guest = actor(OFFICER, HEF, Role::Guest);
        assert!(app.agreement_view(&guest, &reference).await.is_ok(), "a guest looks round");
        let told = async || app.store.read(Some(HEF)).await.unwrap().events_after(HEF, 0, 10_000).await.unwrap().len();
        let before = told().await;
        assert!(app.agreement_copy(&guest, &reference, None).await.unwrap().1.starts_with(b"%PDF"), "reads it printed");
        assert_eq!(told().await, before, "and leaves nothing in the authority's record");
        let mut opened = app.agreement_papers(&officer(), &reference).await.unwrap().opened;
        opened.sort();
        let now = app.calendar.now().local;
        let what: Vec<&str> = opened.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(what.len(), 2, "{opened:?}");
        assert!(what[0].starts_with("HEF-A-0001") && what[1] == "document-1.pdf", "{what:?}");
        assert!(opened.iter().all(|(_, who, at)| !who.is_empty() && *at == now), "{opened:?}");
        assert_eq!(app.agreement_papers(&manager, &reference).await.unwrap().opened, [], "the home is told of nobody");
        let stranger = actor(OFFICER, BIR, Role::PlacementOfficer);
        assert!(matches!(app.agreement_papers(&stranger, &reference).await, Err(Outcome::NotFound)));
    })
    .await;
}

#[tokio::test]
async fn nothing_is_kept_that_the_scanner_did_not_find_clean() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        let app = &world.app;
        let (scanner, seen) = clamd(None).await;
        assert!(scanner.answers().await);
        app.scan_with(scanner);
        let mut large = PDF.to_vec();
        large.resize(200_000, b'x');
        add(app, "k1", &large).await.unwrap();
        assert_eq!(*seen.lock().unwrap(), large, "the scanner has seen every byte in order");
        assert_eq!(refused(add(app, "k2", b"%PDF-1.7 EICAR").await), "document_infected");
        assert_eq!(app.referral_papers(&officer(), "HEF-R-0042").await.unwrap().documents.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_scanner_that_does_not_answer_or_does_not_look_keeps_nothing() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        world.at(date(2021, 9, 13), 11);
        let (unwilling, _) = clamd(Some("INSTREAM size limit exceeded. ERROR")).await;
        world.app.scan_with(unwilling);
        assert_eq!(refused(add(&world.app, "k1", PDF).await), "document_not_scanned");
        assert!(world.app.referral_papers(&officer(), "HEF-R-0042").await.unwrap().documents.is_empty());
    })
    .await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let patient = Scanner::at(&address).unwrap().within(Duration::from_millis(50));
    assert_eq!(patient.pass(PDF).await.unwrap_err().code, "document_not_scanned");
    drop(silent);
    assert_eq!(patient.pass(PDF).await.unwrap_err().code, "document_not_scanned");
}

#[tokio::test]
async fn a_record_holds_so_many_documents_and_no_more() {
    both_made(2, Pence::pounds(400_000), async |database| {
        let world = world(&database).await;
        for number in 0..MOST {
            add(&world.app, &format!("document {number}"), PDF).await.unwrap();
        }
        assert_eq!(refused(add(&world.app, "one more", PDF).await), "documents_too_many");
    })
    .await;
}
