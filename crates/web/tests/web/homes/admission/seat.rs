//! A seat that is released by form and by program with a typed reason that its evaluator does not read, and a conflict that an
//! evaluator tells of after handing in.

use axum::http::StatusCode;
use placewell_domain::homes::admission::evaluation::Evaluation;
use placewell_testkit::databases::both_filled;
use serde_json::json;

use super::{Given, LEAD};

const PRIYA: &str = "priya.shah@herefordshire.example";
const WHY: &str = "Left the authority";

pub(super) async fn evaluation(given: &Given, state: &str) -> Evaluation {
    let lead = given.app.actor_by_email(LEAD).await.unwrap();
    let all = given.app.evaluations(&lead).await.unwrap();
    all.into_iter().find(|one| one.opening_reference == "AR-004" && one.state.name() == state).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_is_released_by_form_and_by_program_and_its_evaluator_reads_that_and_not_why() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let of = evaluation(&given, "scoring").await;
        let (page, record) = (format!("/region/evaluations/{}", of.id), format!("/api/v1/evaluations/{}", of.id));
        let (region, program) = (given.client(LEAD).await, given.caller(LEAD).await);
        let release = format!("{page}/release");
        assert!(region.get(&page).await.body.contains("Release the seat of an evaluator"));
        let silent = region.submit(&page, &release, &[]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        for ask in ["Select whose seat is released", "Select why"] {
            assert!(silent.body.contains(ask), "{ask}: {}", silent.words("main"));
        }
        let panel = program.get(&record).await.is(200).json["panel"].clone();
        assert_eq!((&panel[0]["name"], &panel[0]["released"]), (&json!(of.panel[0].name), &json!(false)));
        let unknown = json!({ "person": panel[0]["person"], "reason": "tired of it" });
        assert_eq!(program.change(&record, "releases", &unknown).await.problem().0, 422);
        let left = json!({ "person": panel[0]["person"], "reason": "left" });
        program.change(&record, "releases", &left).await.is(200);
        assert_eq!(program.change(&record, "releases", &left).await.problem(), (409, "seat_given_up"));
        assert_eq!(program.get(&record).await.json["panel"][0]["released"], json!(true));
        let (name, authority) = (&of.panel[0].name, &of.panel[0].authority_name);
        let asks = format!("The seat of {name} is released: {WHY}. Name a colleague of {authority}");
        assert!(region.get(&page).await.body.contains(&asks), "{asks}");

        let own = given.client(PRIYA).await;
        for path in [format!("/evaluations/{}", of.id), "/evaluations".to_owned(), page.clone()] {
            let read = own.get(&path).await;
            assert_eq!(read.status, StatusCode::OK, "{path}");
            assert!(!read.body.contains(WHY), "{path}");
        }
        assert!(
            own.get(&format!("/evaluations/{}", of.id)).await.body.contains("Your seat on this panel was released")
        );
        let second = of.panel[1].person.to_string();
        let sent = region.submit(&page, &release, &[("person", second.as_str()), ("reason", "silent")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.words("main"));
        let opened = region.submit(&page, &format!("{page}/moderate"), &[]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER, "the evaluation goes on with the others");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_is_told_by_form_after_handing_in_and_the_panel_looks_again() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let of = evaluation(&given, "standstill").await;
        let (own, page) = (format!("/evaluations/{}", of.id), format!("/region/evaluations/{}", of.id));
        assert_eq!(of.panel[0].name, given.app.actor_by_email(PRIYA).await.unwrap().name);
        let priya = given.client(PRIYA).await;
        let shown = priya.get(&own).await;
        assert!(shown.body.contains("You have found a conflict of interest since"), "{}", shown.words("main"));
        let declare = format!("{own}/declare");
        let wordless = priya.submit(&own, &declare, &[("conflict_words", "")]).await;
        assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wordless.h1());
        let told = priya.submit(&own, &declare, &[("conflict_words", "A sister works there now")]).await;
        assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.words("main"));
        assert!(priya.get(&own).await.body.contains("You declared a conflict of interest"));

        let region = given.client(LEAD).await;
        let early =
            region.submit(&page, &format!("{page}/challenge"), &[("upheld", "no"), ("words", "As read.")]).await;
        assert_eq!(early.status, StatusCode::SEE_OTHER, "a challenge is answered meanwhile");
        given.app.do_due_jobs().await.unwrap();
        let again = region.get(&page).await;
        for words in ["Find the consensus", "Conflict declared"] {
            assert!(again.body.contains(words), "{words}: {}", again.words("main"));
        }
        let record = given.caller(LEAD).await.get(&format!("/api/v1/evaluations/{}", of.id)).await.is(200);
        assert_eq!((&record.json["state"], &record.json["panel"][0]["struck"]), (&json!("moderating"), &json!(true)));
    })
    .await;
}
