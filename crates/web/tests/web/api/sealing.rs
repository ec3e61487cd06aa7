//! An adopted child's record is sealed to pages and programs alike, on both databases: neither says who the child is before
//! whoever asks has opened it, and both do within the hour.

use axum::http::StatusCode;
use placewell_domain::office::access::Role;
use placewell_testkit::client::Client;
use serde_json::json;

use super::canary::{REFERRAL, sent_out};
use super::email;
use super::world::{World, both_made};

/// Pages that say who the child is, or something about it in words.
const PAGES: &[&str] = &[
    "/children",
    "/children/1",
    "/referrals/HEF-R-0001",
    "/referrals/HEF-R-0001/child",
    "/referrals/HEF-R-0001/documents",
];
/// What they say of it.
const SAID: &[&str] = &["Qzgivenname", "Qzfamilyname", "17 May", "2008-05-17", "qzhelps", "qzwishes", "qzfilename"];

#[tokio::test(flavor = "multi_thread")]
async fn an_adopted_child_s_record_is_sealed_on_pages_and_in_operations_until_it_is_opened() {
    both_made(async |database| {
        let world = World::opened(&database).await;
        sent_out(&world).await;
        let app = &world.region.app;
        let officer = app.actor_by_email(&email("HEF", Role::PlacementOfficer)).await.unwrap();
        let client = Client::with_session(world.region.router.clone(), &app.start_session(&officer).await.unwrap());
        let child = format!("{REFERRAL}/child");
        assert!(client.get("/referrals/HEF-R-0001").await.body.contains("qzhelps"), "looked for in vain");
        world.officer.post("/api/v1/children/1/mark", &[], &json!({"kind": "adoption"})).await.is(200);

        for path in PAGES {
            let page = client.get(path).await;
            let said: Vec<&str> = SAID.iter().copied().filter(|one| page.body.contains(one)).collect();
            assert!(said.is_empty(), "{path} says {said:?}");
        }
        let refused = client.get("/referrals/HEF-R-0001/child").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        for page in [refused, client.get("/referrals/HEF-R-0001").await] {
            assert!(page.body.contains("href=\"/children/1\""), "it leads to no opening: {}", page.body);
        }
        assert_eq!(world.officer.get(&child).await.problem().1, "record_sealed");
        let export = world.officer.post("/api/v1/children/1/export", &[], &json!({})).await;
        assert_eq!(export.problem().1, "record_sealed");
        let find = json!({"case_number": "QZCASE77"});
        assert_eq!(world.officer.post("/api/v1/children/find", &[], &find).await.is(200).json, json!([]));
        let listed = world.officer.get("/api/v1/children").await.is(200).json;
        let one = &listed["items"][0];
        assert_eq!((&one["number"], &one["sealed"], &one["due"]), (&json!(1), &json!(true), &json!(null)));
        let wordless = world.officer.post("/api/v1/children/1/open", &[], &json!({})).await;
        assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY, "{:#}", wordless.json);

        let shown = client.get("/children/1").await;
        assert!(shown.body.contains("This record is sealed") && !shown.body.contains("HEF-R-0001"), "{}", shown.body);
        let opened = client.submit("/children/1", "/children/1/open", &[("words", "The agency asks")]).await;
        assert_eq!(opened.status, StatusCode::SEE_OTHER);
        let shown = client.get("/children/1").await;
        assert!(shown.body.contains("The agency asks") && shown.body.contains("HEF-R-0001"), "{}", shown.body);
        assert!(client.get("/referrals/HEF-R-0001/child").await.body.contains("Qzgivenname"));
        assert_eq!(world.officer.get(&child).await.is(200).json["given_names"], "Qzgivenname");

        assert_eq!(world.director.get(&child).await.problem().1, "record_sealed", "it is open to one alone");
        world.director.post("/api/v1/children/1/open", &[], &json!({})).await.is(200);
        world.director.get(&child).await.is(200);
    })
    .await;
}
