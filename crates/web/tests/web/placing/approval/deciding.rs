//! A question of the approver and its answer, and a refusal, through the browser's eyes: where the request stands, who
//! is told, what each side reads, and what a refusal sets free.

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_domain::money::Pence;
use placewell_domain::placing::approval::{Approval, ApprovalState, RefuseReason};
use placewell_domain::placing::offer::OfferState;
use placewell_domain::placing::referral::Prices;
use placewell_testkit::client::{Client, Page};
use placewell_testkit::databases::both;

use super::super::world::{World, both_made};
use super::{CEILING, FAR, Given, HEF, REFERRAL, answers, given, given_in, recommend};

const FIRST: &str = "HEF-D-0001";
const SECOND: &str = "HEF-D-0002";

async fn send(client: &Client, approval: &str, act: &str, fields: &[(&str, &str)]) -> Page {
    let path = format!("/approvals/{approval}/{act}");
    client.submit(&path, &path, fields).await
}

async fn stored(given: &Given, approval: &str) -> Approval {
    given.world.app.store.read(Some(HEF)).await.unwrap().approval(HEF, approval).await.unwrap()
}

/// Who was told in a mail with this subject; no mail of the authority holds any of these words.
async fn told(given: &Given, subject: &str, never: &[&str]) -> Vec<String> {
    given.world.app.do_due_jobs().await.unwrap();
    let mails = given.world.app.store.read(Some(HEF)).await.unwrap().mails(HEF, 100).await.unwrap();
    for mail in &mails {
        assert!(never.iter().all(|words| !mail.body.contains(words)), "{}", mail.body);
    }
    mails.into_iter().filter(|mail| mail.subject == subject).map(|mail| mail.recipient).collect()
}

#[tokio::test]
async fn an_approvers_question_waits_for_the_officer_and_both_read_it_with_its_answer() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_150], Prices::Open).await;
        recommend(&given, &answers()).await;
        let (question, answer) = ("Can she keep QUESTIONCANARY?", "Yes, until ANSWERCANARY.");
        let empty = send(&given.director, FIRST, "ask", &[("words", " ")]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.body.contains("Enter your question"), "{}", empty.body);
        let asked = send(&given.director, FIRST, "ask", &[("words", question)]).await;
        assert_eq!(asked.location.as_deref(), Some("/approvals/HEF-D-0001"), "{}", asked.h1());
        assert_eq!(stored(&given, FIRST).await.state.name(), "question_open");
        let officers = told(&given, "HEF-D-0001: a question from the approver", &[question]).await;
        assert_eq!(officers, ["p11@example.com"]);

        let own = given.director.get("/approvals/HEF-D-0001").await;
        assert!(own.body.contains("Person 12 asked") && own.body.contains(question), "{}", own.body);
        let again = send(&given.director, FIRST, "ask", &[("words", "And her brother?")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT, "one question at a time");
        let wrong = send(&given.director, FIRST, "answer", &[("words", answer)]).await;
        assert_eq!(wrong.status, StatusCode::FORBIDDEN, "the officer answers");
        let page = given.officer.get("/approvals/HEF-D-0001").await;
        assert!(page.body.contains("Answer the question") && page.body.contains(question), "{}", page.body);
        let empty = send(&given.officer, FIRST, "answer", &[]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = send(&given.officer, FIRST, "answer", &[("words", answer)]).await;
        assert_eq!(done.location.as_deref(), Some("/approvals/HEF-D-0001"), "{}", done.h1());

        let approval = stored(&given, FIRST).await;
        assert_eq!(approval.state.name(), "requested");
        assert!(!serde_json::to_string(&approval.questions).unwrap().contains("CANARY"), "both stand sealed");
        let approvers = told(&given, "HEF-D-0001: your question is answered", &[question, answer]).await;
        assert!(approvers.contains(&"p12@example.com".to_owned()), "{approvers:?}");
        for client in [&given.officer, &given.director] {
            let page = client.get("/approvals/HEF-D-0001").await;
            assert!(page.body.contains(question), "{}", page.body);
            assert!(page.body.contains("Person 11 answered") && page.body.contains(answer), "{}", page.body);
        }
    })
    .await;
}

#[tokio::test]
async fn a_refusal_keeps_its_reason_and_sets_the_offer_free_with_every_other_approval_of_it() {
    both(async |database| {
        let given = given_in(World::new(&database, FAR, 3, CEILING).await, &[4_150], Prices::Open).await;
        recommend(&given, &answers()).await;
        let words = ("words", "Dearer than REASONCANARY nearby.");
        let bare = send(&given.director, SECOND, "refuse", &[words]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bare.body.contains("Choose why you refuse it") && bare.body.contains(words.1), "{}", bare.body);
        let done = send(&given.director, SECOND, "refuse", &[("reason", "price"), words]).await;
        assert_eq!(done.location.as_deref(), Some("/approvals/HEF-D-0002"), "{}", done.h1());

        let refused = stored(&given, SECOND).await.state;
        assert!(matches!(refused, ApprovalState::Refused { reason: RefuseReason::Price, .. }), "{refused:?}");
        assert!(!serde_json::to_string(&refused).unwrap().contains("CANARY"), "its words stand sealed");
        assert_eq!(stored(&given, FIRST).await.state.label(), "Void (another was refused)");
        for client in [&given.officer, &given.director] {
            let page = client.get("/approvals/HEF-D-0002").await;
            let shown = "The price is not justified. Dearer than REASONCANARY nearby.";
            assert!(page.body.contains(shown), "{}", page.body);
            assert!(!page.body.contains("Approve this placement"), "nothing is left to decide");
        }
        assert_eq!(told(&given, "HEF-D-0002: refused", &[words.1]).await, ["p11@example.com"]);

        let session = given.world.app.store.read(Some(HEF)).await.unwrap();
        let referral = session.referral_by_reference(HEF, REFERRAL).await.unwrap();
        let offers = session.offers_of(HEF, referral.id).await.unwrap();
        assert!(matches!(offers[0].state, OfferState::Shortlisted), "{:?}", offers[0].state);
        let year = session.ledger_year(HEF, date(2020, 12, 15)).await.unwrap().unwrap();
        assert_eq!(year.totals.committed, Pence::ZERO);
        assert!(session.agreement_of(HEF, referral.id).await.unwrap().is_none());
        drop(session);
        let anew = recommend(&given, &answers()).await;
        assert_eq!(anew.location.as_deref(), Some("/approvals/HEF-D-0003"), "{}", anew.h1());
    })
    .await;
}
