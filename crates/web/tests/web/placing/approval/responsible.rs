//! Somebody of the authority responsible for a child whom another body places, who decides for it (rule 1.4): what they read
//! of a request, by page, API and pack.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::placing::approval::{Reasons, Recommend};
use placewell_app::power::delegation::PowerFact;
use placewell_domain::change::Event;
use placewell_domain::homes::home::Grade;
use placewell_domain::homes::home::inspection::{Inspection, InspectionKind};
use placewell_domain::id::{HomeId, PersonId};
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::session::TokenScope;
use placewell_domain::placing::offer::NotChosenReason;
use placewell_domain::power::delegation::{StatutoryAppointment, StatutoryOffice};
use placewell_testkit::client::Client;
use placewell_testkit::databases::both;
use placewell_web::{Web, router};

use super::super::world::{BIR, DIRECTOR, HEF, REGION, World, both_made, done, officer, recommendation, statutory};
use super::NEAR;
use crate::api::caller::Caller;
use crate::api::fields::words_of_pdf;

/// The responsible authority's director of children's services.
const COUNCIL: PersonId = PersonId(21);
/// Its nominated officer, who approves where the home is in an area that adjoins it.
const NOMINATED: PersonId = PersonId(22);
/// An area that adjoins it.
const WORCESTERSHIRE: &str = "E10000034";
/// What is said for and against the offer that is recommended.
const RECOMMENDED: [&str; 2] = ["OWNFORCANARY", "OWNAGAINSTCANARY"];
/// What is said of the other, whose home may be told by its name.
const OTHER: [&str; 3] = ["OTHERFORCANARY", "OTHERAGAINSTCANARY", "OTHERCIRCUMSTANCECANARY"];

fn reasons(number: u32, [for_it, against]: [&str; 2]) -> Reasons {
    let not_chosen = (number != 1).then_some(NotChosenReason::Price);
    Reasons { number, for_it: for_it.into(), against: against.into(), not_chosen }
}

async fn ways(world: &World, person: PersonId) -> (Client, Caller) {
    let router = router(Web::new(Arc::clone(&world.app), "http://localhost").await.unwrap());
    let actor = world.app.actor_by_email(&format!("p{person}@example.com")).await.unwrap();
    let token = world.app.create_token(&actor, "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
    let session = world.app.start_session(&actor).await.unwrap();
    (Client::with_session(router.clone(), &session), Caller::new(router, &token))
}

/// The request as somebody reads it: page, answer of the API, words of the pack.
async fn read(world: &World, person: PersonId) -> [String; 3] {
    let (client, caller) = ways(world, person).await;
    let page = client.get("/approvals/HEF-D-0001").await;
    let shown = caller.get("/api/v1/approvals/HEF-D-0001").await.is(200);
    let pack = client.get("/approvals/HEF-D-0001/pack.pdf").await;
    assert!(pack.bytes.starts_with(b"%PDF"), "{}", pack.status);
    // A narrow column may break a word.
    let pack: String = words_of_pdf(&pack.bytes).split_whitespace().collect();
    [page.body, shown.json.to_string(), pack]
}

#[tokio::test]
async fn rule_1_4_whoever_decides_for_a_child_whom_another_places_reads_the_reasons_of_the_recommended_offer_alone() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        world.home(2, NEAR, 2).await;
        world.person(COUNCIL, BIR, Role::Approver).await;
        let mut work = world.work(BIR).await;
        work.record_power(300, &PowerFact::Statutory(statutory(BIR, COUNCIL))).await.unwrap();
        work.record(Event::new("world.statutory", "delegation", 300, 1));
        done(work).await;
        let reference = world.referral(42, &[4_150, 4_200], false, BIR).await;
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let version = session.referral_by_reference(HEF, &reference).await.unwrap().version;
        drop(session);
        let reasons = vec![reasons(1, RECOMMENDED), reasons(2, [OTHER[0], OTHER[1]])];
        let circumstances = OTHER[2].to_owned();
        let command = Recommend { reasons, circumstances, ..recommendation(&reference, version) };
        let asked = world.app.perform(&officer(), "recommend", command).await.unwrap();
        assert_eq!(asked.location, "/approvals/HEF-D-0001");

        for text in read(&world, DIRECTOR).await {
            for said in RECOMMENDED.iter().chain(&OTHER) {
                assert!(text.contains(said), "the placing body reads {said}: {text}");
            }
        }
        for text in read(&world, COUNCIL).await {
            assert!(RECOMMENDED.iter().all(|said| text.contains(said)), "what they decide on: {text}");
            assert!(OTHER.iter().all(|said| !text.contains(said)), "no other offer: {text}");
        }
        let (client, caller) = ways(&world, COUNCIL).await;
        let page = client.get("/approvals/HEF-D-0001").await;
        assert!(page.body.contains("stays with the body that places the child"), "{}", page.body);
        let shown = caller.get("/api/v1/approvals/HEF-D-0001").await.is(200);
        for list in ["reasons", "points"] {
            assert_eq!(shown.json[list].as_array().unwrap().len(), 1, "{list}: {:#}", shown.json);
        }
        let (own, _) = ways(&world, DIRECTOR).await;
        let page = own.get("/approvals/HEF-D-0001").await;
        assert!(!page.body.contains("stays with the body that places the child"), "{}", page.body);
    })
    .await;
}

/// The home of every world is judged Inadequate.
async fn judged(world: &World) {
    let work = world.work(REGION).await;
    let home = work.home(HomeId(1)).await.unwrap();
    let seen = Inspection {
        kind: InspectionKind::Full,
        inspected_on: date(2021, 9, 6),
        published_on: Some(date(2021, 9, 6)),
        grade: Some(Grade::Inadequate),
        serious_concerns: true,
        event: String::new(),
        link: None,
    };
    work.add_inspection(&home, &seen).await.unwrap();
    done(work).await;
}

#[tokio::test]
async fn rule_1_4_of_the_responsible_authority_the_director_alone_is_led_to_the_exemptions_of_a_referral() {
    for (area, reader, opens) in [(NEAR, COUNCIL, true), (WORCESTERSHIRE, NOMINATED, false)] {
        both(async |database| {
            let world = World::new(&database, area, 3, Pence::pounds(400_000)).await;
            let nominated =
                StatutoryAppointment { office: StatutoryOffice::NominatedOfficer, ..statutory(BIR, NOMINATED) };
            world.person(COUNCIL, BIR, Role::Approver).await;
            world.person(NOMINATED, BIR, Role::Approver).await;
            let mut work = world.work(BIR).await;
            for (id, held) in (300..).zip([statutory(BIR, COUNCIL), nominated]) {
                work.record_power(id, &PowerFact::Statutory(held)).await.unwrap();
            }
            work.record(Event::new("world.statutory", "delegation", 300, 1));
            done(work).await;
            let reference = world.referral(42, &[4_150], false, BIR).await;
            world.recommend(&reference, "recommend").await.unwrap();
            judged(&world).await;
            let at = format!("/referrals/{reference}/exemptions");
            for (person, opens) in [(DIRECTOR, true), (reader, opens)] {
                let (client, _) = ways(&world, person).await;
                let shown = client.get("/approvals/HEF-D-0001").await;
                assert_eq!(shown.status, StatusCode::OK, "{person} in {area}: {}", shown.h1());
                assert_eq!(shown.body.contains(&format!("href=\"{at}\"")), opens, "{person} in {area}: {}", shown.body);
                let found = if opens { StatusCode::OK } else { StatusCode::NOT_FOUND };
                let read = client.get(&at).await;
                assert_eq!(read.status, found, "{person} in {area}");
                let back = if person == DIRECTOR { format!("/referrals/{reference}") } else { "/spot".to_owned() };
                assert_eq!(read.body.contains(&format!("<a href=\"{back}\" class=\"govuk-back-link\"")), opens);
                assert!(!opens || client.get(&back).await.status == StatusCode::OK, "{person} is led back to {back}");
            }
        })
        .await;
    }
}
