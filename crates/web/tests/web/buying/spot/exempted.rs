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
use placewell_testkit::databases::both;
use placewell_web::{Web, router};
use serde_json::json;

use crate::api::caller::Caller;
use crate::placing::world::{DIRECTOR, HEF, OFFICER, REGION, STATUTORY, World, done};

const PAGE: &str = "/referrals/HEF-R-0042/exemptions";
const HOME: &str = "SC392492";
const SAFE: &str = "Canary words: nights are staffed again, and her sister asks for her.";

#[tokio::test(flavor = "multi_thread")]
async fn the_director_records_an_exemption_for_the_arrangement_and_everybody_else_reads_it_without_its_words() {
    both(async |database| {
        let world = World::new(&database, "E06000019", 3, Pence::pounds(400_000)).await;
        world.referral(42, &[4_150], false, HEF).await;
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
        let service = router(Web::new(Arc::clone(&world.app), "http://localhost").await.unwrap());
        let (mut clients, mut callers) = (Vec::new(), Vec::new());
        for person in [OFFICER, DIRECTOR, STATUTORY] {
            let actor = world.app.actor_by_email(&format!("p{person}@example.com")).await.unwrap();
            clients.push(Client::with_session(service.clone(), &world.app.start_session(&actor).await.unwrap()));
            let token = world.app.create_token(&actor, "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
            callers.push(Caller::new(service.clone(), &token));
        }
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
