//! What a home no longer reads of a child, through the browser's eyes and over the API: the officer is told, and the home reads
//! why.

use std::sync::Arc;

use axum::http::StatusCode;
use placewell_app::placing::agreement::{CancelAgreement, Decided};
use placewell_app::placing::disclosure::recall::RecallDisclosure;
use placewell_domain::id::PersonId;
use placewell_domain::office::person::session::TokenScope;
use placewell_domain::placing::agreement::CancelReason;
use placewell_domain::placing::disclosure::Stage;
use placewell_domain::placing::disclosure::recall::RecallCause;
use placewell_domain::placing::referral::Prices;
use placewell_testkit::client::{MULTIPART, multipart};
use placewell_web::{Web, router};
use serde_json::{Value, json};

use super::super::world::{MANAGER, OFFICER, both_made, director, officer};
use super::{CEILING, Given, REFERRAL, act, agreed, given};
use crate::api::caller::Caller;

const PDF: &[u8] = b"%PDF-1.7 about a child";

async fn recall(given: &Given) {
    let recall = RecallDisclosure {
        reference: REFERRAL.to_owned(),
        number: 1,
        from: Stage::Chosen,
        cause: RecallCause::WrongHome,
        aware: given.world.app.calendar.now().local,
    };
    given.world.app.perform(&officer(), "recall", recall).await.unwrap();
}

async fn cancel(given: &Given) {
    let reference = "HEF-A-0001".to_owned();
    let (reason, decided_by) = (CancelReason::OtherHome, Decided::SignedIn);
    let cancel = CancelAgreement { reference, version: 1, reason, decided_by };
    given.world.app.perform(&director(), "cancel", cancel).await.unwrap();
}

#[tokio::test]
async fn rule_5_6_whoever_adds_a_paper_while_a_recall_stands_is_told_that_the_home_does_not_read_it() {
    const TOLD: &str = "The home reads none of these, nor what you add now";
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        agreed(&given).await;
        let page = act("documents");
        let read = given.officer.get(&page).await;
        assert!(read.body.contains("Your authority and the home read these."), "{}", read.body);
        assert!(!read.body.contains(TOLD), "{}", read.body);
        recall(&given).await;
        let before = given.officer.get(&page).await;
        assert!(before.body.contains(TOLD), "before: {}", before.body);
        assert!(!before.body.contains("the home read these"), "{}", before.body);
        let added = given.officer.submit_file(&page, &page, &[], Some(("care plan.pdf", PDF))).await;
        assert_eq!((added.status, added.location.as_deref()), (StatusCode::SEE_OTHER, Some(page.as_str())));
        let after = given.officer.get(&page).await;
        assert!(after.body.contains("care plan.pdf") && after.body.contains(TOLD), "after: {}", after.body);
        let home = given.manager.get(&page).await;
        assert_eq!(home.status, StatusCode::OK);
        assert!(home.body.contains("The authority took back what it told you of this child"), "{}", home.body);
        for hidden in ["care plan.pdf", "document-1.pdf", "No document has been added"] {
            assert!(!home.body.contains(hidden), "{hidden}: {}", home.body);
        }
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_the_pages_say_why_papers_of_an_agreement_that_was_cancelled_are_no_longer_there() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        agreed(&given).await;
        let page = act("documents");
        let added = given.officer.submit_file(&page, &page, &[], Some(("care plan.pdf", PDF))).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.h1());
        let read = given.manager.get(&page).await;
        let mut links = read.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let path = links.find(|href| href.starts_with(&format!("{page}/"))).unwrap().to_owned();
        assert_eq!(given.manager.get(&path).await.status, StatusCode::OK);
        let form = given.director.get(&act("cancel")).await;
        assert!(form.body.contains("The home can no longer read what it was told of the child"), "{}", form.body);
        cancel(&given).await;

        let home = given.manager.get(&page).await;
        assert!(home.body.contains("The agreement was cancelled before the child came"), "{}", home.body);
        assert!(!home.body.contains("care plan.pdf") && !home.body.contains("No document has been added"));
        assert_eq!(given.manager.get(&path).await.status, StatusCode::NOT_FOUND);
        let record = given.manager.get("/agreements/HEF-A-0001").await;
        assert!(record.body.contains("What you were told of the child, with its documents, ended with it."));
        let own = given.officer.get(&page).await;
        assert!(own.body.contains("The home reads none of these any more"), "{}", own.body);
        assert!(own.body.contains("care plan.pdf") && !own.body.contains("Add a document"), "{}", own.body);
    })
    .await;
}

const PAPERS: &str = "/api/v1/agreements/HEF-A-0001/papers";

/// A person's program.
async fn program(given: &Given, person: PersonId) -> Caller {
    let app = &given.world.app;
    let actor = app.actor_by_email(&format!("p{person}@example.com")).await.unwrap();
    let token = app.create_token(&actor, "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
    Caller::new(router(Web::new(Arc::clone(app), "http://localhost").await.unwrap()), &token)
}

async fn added(officer: &Caller, name: &str) -> Value {
    officer.raw(PAPERS, &[], MULTIPART, multipart(std::iter::empty(), Some((name, PDF)))).await.is(201).json
}

/// Why the home does not read each of the papers that are listed.
async fn why(caller: &Caller) -> Vec<Value> {
    let listed = caller.get(PAPERS).await.is(200).json;
    listed.as_array().unwrap().iter().map(|one| one["withheld"].clone()).collect()
}

#[tokio::test]
async fn rule_5_6_over_the_api_too_whoever_lists_or_adds_papers_is_told_why_the_home_does_not_read_them() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        agreed(&given).await;
        let (officer, home) = (program(&given, OFFICER).await, program(&given, MANAGER).await);
        let before = added(&officer, "care plan.pdf").await;
        assert!(before["withheld"].is_null() && before["page"].is_string(), "{before:#}");
        assert_eq!((why(&officer).await, why(&home).await), (vec![Value::Null], vec![Value::Null]));
        let listed = home.get(PAPERS).await.is(200).json;
        let one = format!("{PAPERS}/{}", listed[0]["id"].as_str().unwrap());
        home.get(&one).await.is(200);

        recall(&given).await;
        let after = added(&officer, "risk assessment.pdf").await;
        assert_eq!(after["withheld"], "recalled", "{after:#}");
        assert_eq!(why(&officer).await, [json!("recalled"), json!("recalled")]);
        officer.get(&one).await.is(200);
        assert_eq!(why(&home).await, Vec::<Value>::new());
        assert_eq!(home.get(&one).await.problem(), (404, "not_found"));
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_over_the_api_too_papers_of_an_agreement_that_was_cancelled_are_withheld_from_the_home() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        agreed(&given).await;
        let (officer, home) = (program(&given, OFFICER).await, program(&given, MANAGER).await);
        added(&officer, "care plan.pdf").await;
        let listed = home.get(PAPERS).await.is(200).json;
        let one = format!("{PAPERS}/{}", listed[0]["id"].as_str().unwrap());
        cancel(&given).await;
        assert_eq!(why(&officer).await, [json!("cancelled")]);
        assert_eq!(why(&home).await, Vec::<Value>::new());
        assert_eq!(home.get(&one).await.problem(), (404, "not_found"));
    })
    .await;
}
