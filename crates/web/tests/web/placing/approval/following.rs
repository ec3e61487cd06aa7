//! What follows an emergency, and a recommendation taken back, through the browser's eyes.

use std::sync::Arc;

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_domain::money::Pence;
use placewell_domain::placing::approval::{Gates, Relatives};
use placewell_testkit::client::Client;
use placewell_web::{Web, router};

use super::super::world::{DIRECTOR, HEF, OFFICER, World, both_made, officer, recommendation};

const APPROVAL: &str = "/approvals/HEF-D-0001";

async fn client(world: &World, person: placewell_domain::id::PersonId) -> Client {
    let router = router(Web::new(Arc::clone(&world.app), "http://localhost").await.unwrap());
    let actor = world.app.actor_by_email(&format!("p{person}@example.com")).await.unwrap();
    Client::with_session(router, &world.app.start_session(&actor).await.unwrap())
}

#[tokio::test]
async fn rule_1_5_the_officers_day_lists_what_an_emergency_owes_until_it_is_recorded() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], true, HEF).await;
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let version = session.referral_by_reference(HEF, &referral).await.unwrap().version;
        drop(session);
        let usual = recommendation(&referral, version);
        let gates = Gates { relatives: Relatives::NotYet, ..usual.gates.clone() };
        let command = placewell_app::placing::approval::Recommend { gates, relatives: "At sea".into(), ..usual };
        world.app.perform(&officer(), "r", command).await.unwrap();
        let page = client(&world, OFFICER).await;
        let home = page.get("/home").await;
        assert!(home.body.contains("Consulting the child's relatives") || home.body.contains("child&#39;s relatives"));
        assert!(home.body.contains("By 21 September 2021"), "{}", home.words("main"));
        world.at(date(2021, 9, 22), 9);
        assert!(page.get("/home").await.body.contains("Overdue: by 21 September 2021"));
        let shown = page.get(APPROVAL).await;
        assert!(shown.body.contains("What follows the emergency") && shown.body.contains("Overdue"));
        let form = format!("{APPROVAL}/follow-up");
        let empty = page.submit(&form, &form, &[]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        let done = [("what", "relatives"), ("done_on_day", "20"), ("done_on_month", "9"), ("done_on_year", "2021")];
        let done = page.submit(&form, &form, &done).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        assert!(page.get(APPROVAL).await.body.contains("Done on 20 September 2021"));
        assert!(!page.get("/home").await.body.contains("Overdue: by"));
        assert!(page.get(&form).await.body.contains("Nothing is still to follow here."));
    })
    .await;
}

#[tokio::test]
async fn rule_1_7_an_officer_takes_a_recommendation_back_and_the_approver_sees_that_it_was() {
    both_made(3, Pence::pounds(400_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        world.recommend(&referral, "r").await.unwrap();
        let (asks, decides) = (client(&world, OFFICER).await, client(&world, DIRECTOR).await);
        let act = format!("{APPROVAL}/take-back");
        assert!(asks.get(APPROVAL).await.body.contains(&act));
        assert!(!decides.get(APPROVAL).await.body.contains(&act), "the officer's act");
        let refused = decides.submit(&act, &act, &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let done = asks.submit(&act, &act, &[]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.h1());
        let page = decides.get(APPROVAL).await;
        assert!(page.body.contains("Taken back") && !page.body.contains("Approve this placement"));
        world.recommend(&referral, "again").await.unwrap();
    })
    .await;
}
