//! The director's exemption for a placement through the arrangement, by page and over the API: its form, what it refuses,
//! and that the words which were sealed stand on no page.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_domain::homes::home::Grade;
use placewell_domain::homes::home::inspection::{Inspection, InspectionKind};
use placewell_domain::id::HomeId;
use placewell_domain::money::Pence;
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::client::Client;
use placewell_web::{Web, router};
use serde_json::json;

use crate::api::caller::Caller;
use crate::placing::world::{DIRECTOR, HEF, OFFICER, REGION, STATUTORY, World, both_made, done};

const PAGE: &str = "/referrals/HEF-R-0042/exemptions";
const HOME: &str = "SC392492";
const SAFE: &str = "Canary words: nights are staffed again, and her sister asks for her.";

/// The home of every world is judged Inadequate.
async fn judged(world: &World) {
    let work = world.work(REGION).await;
    let home = work.home(HomeId(1)).await.unwrap();
    let seen = Inspection {
        kind: InspectionKind::Full,
        inspected_on: date(2021, 7, 6),
        published_on: Some(date(2021, 7, 6)),
        grade: Some(Grade::Inadequate),
        serious_concerns: true,
        event: String::new(),
        link: None,
    };
    work.add_inspection(&home, &seen).await.unwrap();
    done(work).await;
}

/// The officer, the director and the statutory director, by a browser and by a program.
async fn ways(world: &World) -> (Vec<Client>, Vec<Caller>) {
    let service = router(Web::new(Arc::clone(&world.app), "http://localhost").await.unwrap());
    let (mut clients, mut callers) = (Vec::new(), Vec::new());
    for person in [OFFICER, DIRECTOR, STATUTORY] {
        let actor = world.app.actor_by_email(&format!("p{person}@example.com")).await.unwrap();
        clients.push(Client::with_session(service.clone(), &world.app.start_session(&actor).await.unwrap()));
        let token = world.app.create_token(&actor, "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
        callers.push(Caller::new(service.clone(), &token));
    }
    (clients, callers)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_director_records_an_exemption_for_the_arrangement_and_everybody_else_reads_it_without_its_words() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        world.referral(42, &[4_150], false, HEF).await;
        judged(&world).await;
        let (clients, callers) = ways(&world).await;
        let [officer, director, statutory] = clients.as_slice() else { unreachable!() };
        let record = statutory.get("/referrals/HEF-R-0042").await;
        assert!(record.body.contains(&format!("href=\"{PAGE}\"")), "who records it is led there: {}", record.body);
        for reader in [officer, director] {
            let page = reader.get(PAGE).await;
            assert_eq!(page.status, StatusCode::OK, "{}", page.h1());
            assert!(page.body.contains("No exemption is recorded for this referral."), "{}", page.body);
            assert!(!page.body.contains("Record the exemption"), "the form is the statutory director's");
        }
        let nothing = statutory.submit(PAGE, PAGE, &[]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        for asked in ["Enter the home&#39;s Ofsted number", "Choose why this child is exempted", "by which day"] {
            assert!(nothing.body.contains(asked), "{asked}: {}", nothing.body);
        }
        let unknown = [("urn", "SC999999"), ("reason", "sibling"), ("words", SAFE), ("until", "2021-09-20")];
        let unknown = statutory.submit(PAGE, PAGE, &unknown).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unknown.body.contains("a home on the register, like SC392491"), "{}", unknown.body);
        assert_eq!(placewell_testkit::lint::lint(&unknown.body), Vec::<String>::new());
        let [by_officer, by_director, by_statutory] = callers.as_slice() else { unreachable!() };
        let at = format!("/api/v1{PAGE}");
        let body = json!({"urn": HOME, "reason": "sibling", "words": SAFE, "until": "2021-09-19"});
        by_officer.post(&at, &[], &body).await.is(403);
        assert_eq!(by_director.post(&at, &[], &body).await.problem().0, 409, "not the statutory director");
        let far = json!({"urn": HOME, "reason": "sibling", "words": SAFE, "until": "2031-09-20"});
        by_statutory.post(&at, &[], &far).await.is(422);
        assert_eq!(by_officer.get(&at).await.is(200).json["exemptions"], json!([]), "nothing of it was written");
        by_statutory.post(&at, &[], &body).await.is(201);
        let longer = [("urn", HOME), ("reason", "sibling"), ("words", SAFE), ("until", "2021-09-20")];
        let recorded = statutory.submit(PAGE, PAGE, &longer).await;
        assert_eq!(recorded.location.as_deref(), Some(PAGE), "{}", recorded.body);
        let read = by_officer.get(&at).await.is(200).json;
        let days: Vec<_> = read["exemptions"].as_array().unwrap().iter().map(|one| one["until"].clone()).collect();
        assert_eq!((days, &read["may_exempt"]), (vec![json!("2021-09-20"), json!("2021-09-19")], &json!(false)));
        for page in [officer.get(PAGE).await, statutory.get(PAGE).await] {
            assert!(page.body.contains("A sibling lives there") && page.body.contains("20 September 2021"));
            assert!(!page.body.contains("Canary"), "the sealed words stand on no page");
            assert_eq!(placewell_testkit::lint::lint(&page.body), Vec::<String>::new());
        }
        assert!(!read.to_string().contains("Canary"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_asks_on_the_page_and_the_director_finds_it_on_the_list_and_grants_or_declines_it() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        world.referral(42, &[4_150], false, HEF).await;
        judged(&world).await;
        let (clients, _) = ways(&world).await;
        let [officer, director, statutory] = clients.as_slice() else { unreachable!() };
        let (ask, decline) = (format!("{PAGE}/ask"), format!("{PAGE}/decline"));
        let nothing = officer.submit(PAGE, &ask, &[]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.body.contains("Choose why this child is exempted"), "{}", nothing.body);
        assert_eq!(placewell_testkit::lint::lint(&nothing.body), Vec::<String>::new());
        let wanted = [("urn", HOME), ("reason", "sibling"), ("words", SAFE), ("until", "2021-09-20")];
        for _ in 0..2 {
            let asked = officer.submit(PAGE, &ask, &wanted).await;
            assert_eq!(asked.location.as_deref(), Some(PAGE), "{}", asked.body);
        }
        let list = statutory.get("/approvals").await;
        assert!(list.body.contains("Exemptions asked for") && list.body.contains(&format!("href=\"{PAGE}\"")));
        assert!(!list.body.contains("Canary"), "the list says nothing of the child");
        for other in [officer, director] {
            assert!(!other.get("/approvals").await.body.contains("Exemptions asked for"), "the statutory director's");
        }
        let page = statutory.get(PAGE).await;
        assert!(page.body.contains("Waits for the director") && page.body.contains("Canary words"), "{}", page.body);
        assert_eq!(page.body.matches("Waits for the director").count(), 1, "asked twice, it is asked once");
        assert_eq!(placewell_testkit::lint::lint(&page.body), Vec::<String>::new());
        assert!(!director.get(PAGE).await.body.contains("Decline it"), "the forms are the statutory director's");
        let take_back = format!("{PAGE}/take-back");
        for other in [director, statutory] {
            assert!(!other.get(PAGE).await.body.contains("Take back"), "the officer's");
        }
        let back = officer.submit(PAGE, &take_back, &[]).await;
        assert_eq!(back.location.as_deref(), Some(PAGE), "{}", back.body);
        let page = officer.get(PAGE).await;
        assert!(page.body.contains("Taken back by") && !page.body.contains("Waits for the director"), "{}", page.body);
        assert_eq!(placewell_testkit::lint::lint(&page.body), Vec::<String>::new());
        assert!(!statutory.get("/approvals").await.body.contains("Exemptions asked for"), "nothing waits");
        officer.submit(PAGE, &ask, &wanted).await;
        let page = statutory.get(PAGE).await;
        let unsaid = statutory.submit(PAGE, &decline, &[]).await;
        assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unsaid.body.contains("Choose why you decline it"), "{}", unsaid.body);
        assert_eq!(placewell_testkit::lint::lint(&unsaid.body), Vec::<String>::new());
        let form = page.form(&decline);
        let id = form.iter().find(|(name, _)| name == "request").map(|(_, id)| id.clone()).unwrap();
        let (why, more) = (format!("declined_{id}"), format!("declined_words_{id}"));
        let said = [(why.as_str(), "other_home"), (more.as_str(), "Ask Elm House first.")];
        let declined = statutory.submit(PAGE, &decline, &said).await;
        assert_eq!(declined.location.as_deref(), Some(PAGE), "{}", declined.body);
        let page = officer.get(PAGE).await;
        assert!(page.body.contains("Ask Elm House first.") && page.body.contains("Declined"), "{}", page.body);
        assert!(!statutory.get("/approvals").await.body.contains("Exemptions asked for"), "answered");
        officer.submit(PAGE, &ask, &wanted).await;
        let page = statutory.get(PAGE).await;
        let granting = page.body.split("href=\"").find(|rest| rest.contains("exemptions?grant="));
        let granting = granting.and_then(|rest| rest.split('"').next()).unwrap().to_owned();
        let begun = statutory.get(&granting).await;
        for filled in [HOME, "Canary words", "value=\"2021\""] {
            assert!(begun.body.contains(filled), "{filled}: {}", begun.body);
        }
        let recorded = statutory.submit(&granting, PAGE, &wanted).await;
        assert_eq!(recorded.location.as_deref(), Some(PAGE), "{}", recorded.body);
        assert!(officer.get(PAGE).await.body.contains("Granted"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exemption_is_asked_for_listed_and_declined_over_the_api() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        world.referral(42, &[4_150], false, HEF).await;
        judged(&world).await;
        let (_, callers) = ways(&world).await;
        let [officer, director, statutory] = callers.as_slice() else { unreachable!() };
        let (at, list) = (format!("/api/v1{PAGE}"), "/api/v1/exemption-requests");
        let wanted = json!({"urn": HOME, "reason": "sibling", "words": SAFE, "until": "2021-09-20"});
        let short = json!({"urn": HOME, "reason": "sibling", "words": "Safe.", "until": "2021-09-20"});
        assert_eq!(officer.post(&format!("{at}/ask"), &[], &short).await.is(422).json["errors"][0]["field"], "words");
        statutory.post(&format!("{at}/ask"), &[], &wanted).await.is(403);
        officer.post(&format!("{at}/ask"), &[], &wanted).await.is(201);
        officer.post(&format!("{at}/ask"), &[], &wanted).await.is(201);
        let read = statutory.get(&at).await.is(200).json;
        let requests = read["requests"].as_array().unwrap();
        assert_eq!((requests.len(), &requests[0]["stands"], &read["may_ask"]), (1, &json!("waits"), &json!(false)));
        assert_eq!((&requests[0]["words"], &requests[0]["urn"]), (&json!(SAFE), &json!(HOME)));
        assert_eq!(statutory.get(list).await.is(200).json[0]["referral"], "HEF-R-0042");
        for other in [officer, director] {
            assert_eq!(other.get(list).await.is(200).json, json!([]), "the statutory director's");
        }
        let (tag, stale) = ([("if-match", "\"1\"")], [("if-match", "\"7\"")]);
        let take_back = format!("{at}/{}/take-back", requests[0]["id"].as_str().unwrap());
        statutory.post(&take_back, &tag, &json!({})).await.is(403);
        officer.post(&format!("{at}/none/take-back"), &tag, &json!({})).await.is(404);
        officer.post(&take_back, &tag, &json!({})).await.is(200);
        let read = officer.get(&at).await.is(200).json["requests"][0].clone();
        assert_eq!((&read["stands"], &read["answer"]), (&json!("taken_back"), &json!(null)));
        assert!(read["taken_back"]["by"].is_string(), "{read}");
        let twice = officer.post(&take_back, &tag, &json!({})).await;
        assert_eq!(twice.problem(), (409, "exemption_taken_back"));
        officer.post(&format!("{at}/ask"), &[], &wanted).await.is(201);
        let requests = statutory.get(&at).await.is(200).json["requests"].clone();
        let decline = format!("{at}/{}/decline", requests[0]["id"].as_str().unwrap());
        let no = json!({"reason": "not_safe"});
        officer.post(&decline, &tag, &no).await.is(403);
        assert_eq!(director.post(&decline, &tag, &no).await.problem().0, 409, "not the statutory director");
        statutory.post(&decline, &tag, &json!({"reason": "no"})).await.is(422);
        statutory.post(&format!("{at}/none/decline"), &tag, &no).await.is(404);
        assert!(statutory.post(&decline, &stale, &no).await.status.is_client_error(), "another version");
        statutory.post(&decline, &tag, &no).await.is(200);
        let answer = officer.get(&at).await.is(200).json["requests"][0].clone();
        assert_eq!((&answer["stands"], &answer["answer"]["reason"]), (&json!("declined"), &json!("not_safe")));
        assert_eq!(statutory.get(list).await.is(200).json, json!([]));
    })
    .await;
}
