//! Answers that are carried over from an earlier application, by form and by program: shown with where they come from,
//! confirmed section by section, and named where they were not when the application is sent.

use axum::http::{Method, StatusCode};
use jiff::civil::date;
use placewell_testkit::databases::both_filled;
use serde_json::{Value, json};

use super::Given;
use crate::api::caller::{Caller, Reply};

const PAGE: &str = "/provider/admission/AR-005";
const CONFIRM: &str = "/provider/admission/AR-005/carried";
const SEND: &str = "/provider/admission/AR-005/send";
const SIGNER: [(&str, &str); 3] = [("name", "Jo Bromyard"), ("role", "Director"), ("authority", "yes")];
const CARRIED: &str = "/api/v1/openings/AR-005/application/carried";

/// Who applies for the provider whose application of the summer stands here.
pub(super) async fn applicant(given: &Given, state: &str) -> String {
    let lead = given.app.actor_by_email(super::LEAD).await.unwrap();
    let all = given.app.evaluations(&lead).await.unwrap();
    let of = all.iter().find(|one| one.opening_reference == "AR-004" && one.state.name() == state).unwrap();
    let provider = given.app.store.read(None).await.unwrap().organisation_by_id(of.provider).await.unwrap().code;
    format!("placements@{provider}.example")
}

/// Sends a body from the draft's version as it now is.
async fn post(caller: &Caller, path: &str, body: &Value) -> Reply {
    let tag = caller.get(CARRIED).await.is(200).header("etag").to_owned();
    let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
    caller.send(Method::POST, path, &headers, body.to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn carried_answers_are_shown_with_their_origin_and_confirmed_one_by_one_on_the_page() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let own = given.client(&applicant(&given, "scoring").await).await;
        own.submit(PAGE, "/provider/admission/AR-005/begin", &[("reuse", "yes")]).await;
        let shown = own.get(PAGE).await;
        let waits = |body: &str| body.matches("name=\"sections\"").count();
        assert!(
            shown.body.contains("Carried from your application of AR-004, 5 August 2021"),
            "{}",
            shown.words("main")
        );
        assert!(shown.body.contains("to 31 March 2022, £5,000,000 asked for"), "{}", shown.words("main"));
        assert_eq!(waits(&shown.body), 12);
        let form = own.get("/provider/admission/AR-005/selection").await;
        assert!(form.body.contains("not yet reviewed") && form.body.contains("Insurances, amounts and expiry"));

        let unread = own.submit(PAGE, SEND, &SIGNER).await;
        assert_eq!(unread.status, StatusCode::CONFLICT, "{}", unread.h1());
        for named in ["have not been reviewed", "Insurances, amounts and expiry", "Quality question 4"] {
            assert!(unread.body.contains(named), "{named}: {}", unread.words("main"));
        }
        let nothing = own.submit(PAGE, CONFIRM, &[]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.body.contains("Select each answer that is still true"), "{}", nothing.h1());
        let two = [("sections", "insurance"), ("sections", "quality_q4")];
        assert_eq!(own.submit(PAGE, CONFIRM, &two).await.status, StatusCode::SEE_OTHER);
        let shown = own.get(PAGE).await;
        assert_eq!((waits(&shown.body), shown.body.matches("Still true, ").count()), (10, 2));
        let unread = own.submit(PAGE, SEND, &SIGNER).await;
        assert!(!unread.body.contains("Quality question 4") && unread.body.contains("Quality question 3"));

        given.app.calendar.move_to(date(2022, 4, 1).at(9, 0, 0, 0));
        let late = own.submit(PAGE, CONFIRM, &[("sections", "finance"), ("sections", "exclusion")]).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
        let words = "Financial standing: Accounts to 31 March 2020 are too old. Change it instead of confirming it";
        assert!(late.body.contains(words), "{}", late.words("main"));
        assert_eq!(waits(&own.get(PAGE).await.body), 10, "nothing is kept of it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn carried_answers_are_read_and_confirmed_by_program_before_the_application_is_sent() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let own = given.caller(&applicant(&given, "scoring").await).await;
        let application = "/api/v1/openings/AR-005/application";
        assert_eq!(own.get(CARRIED).await.problem().0, 404, "nothing is begun");
        own.post(application, &[], &json!({ "reuse": true })).await.is(201);
        let read = own.get(CARRIED).await.is(200);
        assert_eq!((&read.json["from"], &read.json["sent"]), (&json!("AR-004"), &json!("2021-08-05")));
        assert_eq!(read.json["not_carried"], json!([]));
        let sections = read.json["sections"].as_array().unwrap();
        assert!(sections.iter().all(|one| one["review"] == "waits" && one["reviewed_at"].is_null()));
        let codes: Vec<&str> = sections.iter().map(|one| one["section"].as_str().unwrap()).collect();
        assert_eq!(codes.len(), 12, "{codes:?}");

        let send = format!("{application}/send");
        let signed = json!({ "name": "Jo Bromyard", "role": "Director", "has_authority": true });
        let unread = post(&own, &send, &signed).await;
        assert_eq!(unread.problem(), (409, "declaration_not_reviewed"));
        assert_eq!(unread.json["value"], "12 of 12 not reviewed");
        assert!(unread.json["detail"].as_str().unwrap().contains("Safer recruitment; Safeguarding policy"));
        let unknown = post(&own, CARRIED, &json!({ "sections": ["insurance", "everything"] })).await;
        assert_eq!(unknown.problem(), (422, "invalid"));
        assert_eq!(unknown.json["errors"][0]["field"], "sections");
        post(&own, CARRIED, &json!({ "sections": codes[1..] })).await.is(200);
        let read = own.get(CARRIED).await.is(200);
        let how = |at: usize| read.json["sections"][at]["review"].as_str().unwrap();
        assert_eq!((how(0), how(1)), ("waits", "confirmed"));
        assert_eq!(post(&own, &send, &signed).await.json["value"], "1 of 12 not reviewed");
        post(&own, CARRIED, &json!({ "sections": codes[..1] })).await.is(200);
        post(&own, &send, &signed).await.is(200);

        given.app.calendar.move_to(date(2022, 4, 1).at(9, 0, 0, 0));
        let later = given.caller(&applicant(&given, "standstill").await).await;
        later.post(application, &[], &json!({ "reuse": true })).await.is(201);
        let read = later.get(CARRIED).await.is(200);
        let left: Vec<&str> =
            read.json["not_carried"].as_array().unwrap().iter().map(|one| one["section"].as_str().unwrap()).collect();
        assert_eq!(left, ["insurance", "insurance", "insurance", "finance"]);
        let why = "Public liability, abuse covered: the cover ran out on 31 March 2022";
        assert_eq!(read.json["not_carried"][0]["why"], why);
        let gone = post(&later, CARRIED, &json!({ "sections": ["insurance"] })).await;
        assert_eq!(gone.problem(), (422, "invalid"));
    })
    .await;
}
