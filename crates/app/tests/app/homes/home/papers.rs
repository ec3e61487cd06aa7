//! Files of a provider's documents: brought with the document or afterwards, followed by newer ones, and read by those whom the
//! document is shown to, each reading recorded.

use std::sync::Arc;

use jiff::civil::{Date, date};
use placewell_app::homes::home::paper::{AddPaperFile, KeepPaper, WithdrawPaper};
use placewell_app::office::document::Brought;
use placewell_app::{Answer, App, Outcome};
use placewell_domain::homes::home::paper::{Audience, PaperKind, PaperTerms};
use placewell_domain::id::{DocumentId, OrganisationId, PaperId};
use placewell_domain::office::access::{Action, Role};
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both;

use super::keep::{actor, given};

const URN: &str = "SC400001";
const PROVIDER: OrganisationId = OrganisationId(2);

fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7 {words}").into_bytes()
}

fn brought(words: &str) -> Brought {
    Brought::checked("Report of the visit.pdf", pdf(words)).unwrap()
}

fn keep(reference: &str, (until, audience): (Date, Audience), file: Option<&str>) -> KeepPaper {
    KeepPaper {
        urn: Some(URN.into()),
        kind: PaperKind::Regulation44,
        reference: reference.into(),
        terms: PaperTerms { from: date(2021, 4, 1), expires_on: Some(until), audience },
        brought: file.map(brought),
    }
}

async fn id_of(app: &Arc<App>, manager: &Actor, reference: &str) -> i64 {
    let (own, _) = app.own_papers(manager).await.unwrap();
    own.iter().find(|paper| paper.reference == reference).unwrap().id.0
}

/// A document of this number with its newest file.
async fn file_of(app: &Arc<App>, manager: &Actor, reference: &str) -> (i64, i64) {
    let paper = id_of(app, manager, reference).await;
    let files = app.own_paper_files(manager).await.unwrap();
    (paper, files[&PaperId(paper)][0].id.0)
}

fn not_found<T: core::fmt::Debug>(answer: &Answer<T>, who: &str) {
    assert!(matches!(answer, Err(Outcome::NotFound)), "{who}: {answer:?}");
}

#[tokio::test]
async fn a_documents_file_is_read_by_those_who_see_it_and_never_by_a_rival() {
    both(async |database| {
        let app = given(&database).await;
        let (manager, rival) = (actor(2, Role::ProviderManager), actor(3, Role::ProviderManager));
        let (lead, officer) = (actor(1, Role::CommissioningLead), actor(9, Role::PlacementOfficer));
        let until = date(2021, 11, 12);
        app.perform(&manager, "all", keep("R44-1", (until, Audience::Members), Some("first"))).await.unwrap();
        app.perform(&manager, "region", keep("R44-2", (until, Audience::Region), Some("second"))).await.unwrap();
        let (all, region) = (file_of(&app, &manager, "R44-1").await, file_of(&app, &manager, "R44-2").await);

        assert_eq!(app.own_paper_file(&manager, all).await.unwrap().1, pdf("first"));
        for (reader, name) in [(&lead, "the regional team"), (&officer, "an authority")] {
            let (entry, content) = app.home_paper_file(reader, URN, all).await.unwrap();
            assert_eq!((entry.media_type.as_str(), content), ("application/pdf", pdf("first")), "{name}");
        }
        assert_eq!(app.home_paper_file(&lead, URN, region).await.unwrap().1, pdf("second"));
        not_found(&app.home_paper_file(&officer, URN, region).await, "an authority, of what only the region sees");
        not_found(&app.home_paper_file(&officer, URN, (all.0, region.1)).await, "a file under another document");
        let (_, papers, files) = app.home_papers(&officer, URN).await.unwrap();
        assert_eq!((papers.len(), files.len(), files[&PaperId(all.0)].len()), (1, 1, 1), "what an authority lists");

        not_found(&app.own_paper_file(&rival, all).await, "a rival");
        not_found(&app.own_paper(&rival, all.0).await, "a rival, of the document");
        not_found(&app.own_paper_file(&rival, (0, 0)).await, "a rival, of what is not there");
        let asked = app.home_paper_file(&rival, URN, all).await;
        assert!(matches!(asked, Err(Outcome::Forbidden(Action::SeeHomeFiles))), "{asked:?}");
        let guest = actor(9, Role::Guest);
        let (_, listed, _) = app.home_papers(&guest, URN).await.unwrap();
        assert_eq!(listed.len(), 1, "a guest looks round");
        let asked = app.home_paper_file(&guest, URN, all).await;
        assert!(matches!(asked, Err(Outcome::Forbidden(Action::SeeHomeFiles))), "and opens nothing: {asked:?}");
        assert!(app.own_paper_files(&rival).await.unwrap().is_empty());
        // The database itself shows content to its keeper alone.
        for reader in [rival.organisation, officer.organisation] {
            let session = app.store.read(Some(reader)).await.unwrap();
            assert!(session.documents(PROVIDER, "paper", all.0).await.unwrap().is_empty());
            assert!(session.document_content(PROVIDER, DocumentId(all.1)).await.is_err());
        }
        let visitor = app.store.read(None).await.unwrap();
        assert!(visitor.documents(PROVIDER, "paper", all.0).await.unwrap().is_empty());
        drop(visitor);
        readings(&app, &officer, all.0).await;

        app.perform(&manager, "back", WithdrawPaper { paper: all.0, version: 1 }).await.unwrap();
        not_found(&app.home_paper_file(&officer, URN, all).await, "an authority, of what was withdrawn");
        not_found(&app.home_paper_file(&lead, URN, all).await, "the regional team, of what was withdrawn");
        assert!(app.own_paper_file(&manager, all).await.is_ok(), "the provider's own");
        let late = AddPaperFile { paper: all.0, brought: brought("late") };
        let late = app.perform(&manager, "late", late).await;
        let Err(Outcome::Refused(refusal)) = late else { panic!("{late:?}") };
        assert_eq!(refusal.code, "paper_withdrawn");
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

/// What an authority has read is on its own record, once for each time.
async fn readings(app: &Arc<App>, officer: &Actor, paper: i64) {
    let session = app.store.read(Some(officer.organisation)).await.unwrap();
    let events = session.timeline(officer.organisation, "paper", paper).await.unwrap();
    let kinds: Vec<&str> = events.iter().map(|event| event.event.kind.as_str()).collect();
    assert_eq!(kinds, ["document.read"]);
}

#[tokio::test]
async fn a_newer_file_follows_the_older_which_stays_and_the_same_again_changes_nothing() {
    both(async |database| {
        let app = given(&database).await;
        let (manager, officer) = (actor(2, Role::ProviderManager), actor(9, Role::PlacementOfficer));
        let days = |until| (until, Audience::Members);
        app.perform(&manager, "k1", keep("R44-1", days(date(2021, 11, 12)), None)).await.unwrap();
        let paper = id_of(&app, &manager, "R44-1").await;
        assert!(app.own_paper_files(&manager).await.unwrap().is_empty(), "recorded without a file");
        for (key, words) in [("k2", "one"), ("k3", "two"), ("k4", "two")] {
            let add = AddPaperFile { paper, brought: brought(words) };
            let done = app.perform(&manager, key, add).await.unwrap();
            assert_eq!(done.location, format!("/provider/documents/{paper}/files"));
        }
        app.perform(&manager, "k5", keep("R44-1", days(date(2022, 11, 12)), Some("three"))).await.unwrap();
        app.perform(&manager, "k6", keep("R44-1", days(date(2023, 11, 12)), None)).await.unwrap();
        let (held, files) = app.own_paper(&manager, paper).await.unwrap();
        assert_eq!((held.version, held.expires_on), (3, Some(date(2023, 11, 12))));
        let names: Vec<(&str, &str)> = files.iter().map(|(entry, name)| (entry.name.as_str(), name.as_str())).collect();
        let came_as = "Report of the visit.pdf";
        let newest_first = ["document-3.pdf", "document-2.pdf", "document-1.pdf"].map(|name| (name, came_as));
        assert_eq!(names, newest_first, "the same once more is no further file, and other days keep what is there");
        for ((entry, _), words) in files.iter().zip(["three", "two", "one"]) {
            let read = app.home_paper_file(&officer, URN, (paper, entry.id.0)).await.unwrap();
            assert_eq!(read.1, pdf(words), "the older stays as history");
        }

        let add = |key: &'static str, by: Actor| {
            let (app, command) = (Arc::clone(&app), AddPaperFile { paper, brought: brought("another's") });
            async move { app.perform(&by, key, command).await }
        };
        not_found(&add("k7", actor(3, Role::ProviderManager)).await, "a rival");
        let told = add("k8", officer.clone()).await;
        assert!(matches!(told, Err(Outcome::Forbidden(Action::KeepOwnHomes))), "{told:?}");
        assert_eq!(app.own_paper(&manager, paper).await.unwrap().1.len(), 3);
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}
