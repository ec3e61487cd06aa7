//! What a home was told is put right where it was wrong: for the home that may still read it, and nobody else.

use jiff::civil::date;
use placewell_domain::office::access::Role;
use serde_json::json;

use super::canary::{REFERRAL, asked, awarded};
use super::email;
use super::world::{World, both_made};

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_6_who_the_child_is_corrected_reaches_the_chosen_home_and_no_other() {
    both_made(async |database| {
        let world = World::opened(&database).await;
        asked(&world).await;
        world.move_to(date(2021, 9, 16), 17);
        let director = world.region.app.actor_by_email(&email("HEF", Role::Approver)).await.unwrap();
        let ground = json!({
            "basis": "public_task", "condition": "social_care", "override_reason": "not_reached",
            "decided_by": director.person.to_string(), "words": "Nobody could be reached"
        });
        world.officer.post(&format!("{REFERRAL}/grounds"), &[], &ground).await.is(201);
        awarded(&world).await;
        let mut own = Vec::new();
        for provider in [&world.elm, &world.ash] {
            let list = provider.get("/api/v1/invitations?reference=HEF-R-0001").await.is(200);
            own.push(format!("/api/v1/invitations/{}/child", list.json["items"][0]["id"].as_str().unwrap()));
        }
        let told = world.elm.get(&own[0]).await.is(200);
        assert_eq!(told.json["family_name"], "Qzfamilyname");

        let corrected = json!({
            "given_names": "Qzgivenname", "family_name": "Qzrightname", "born": "2008-05-17", "sex": "female",
            "case_number": "QZCASE77", "home_postcode": "SY8 4QJ", "school": "QzSchool Academy", "other_names": "Qzbrother"
        });
        world.officer.change(&format!("{REFERRAL}/child"), "correct", &corrected).await.is(200);
        let told = world.elm.get(&own[0]).await.is(200);
        assert_eq!(told.json["family_name"], "Qzrightname");
        assert!(told.json.get("home_postcode").is_none() && told.json.get("other_names").is_none());
        world.ash.get(&own[1]).await.is(404);

        // Where the family lives is none of the home's: nothing that it reads has changed, and it is told nothing.
        let moved = json!({"home_postcode": "HR1 2PX"});
        let mut moved_child = corrected.as_object().unwrap().clone();
        moved_child.extend(moved.as_object().unwrap().clone());
        world.officer.change(&format!("{REFERRAL}/child"), "correct", &moved_child.into()).await.is(200);
        let app = &world.region.app;
        let authority = app.visit().await.unwrap().organisation_by_code("HEF").await.unwrap().id;
        let session = app.store.read(Some(authority)).await.unwrap();
        let invitation = own[0].split('/').nth(4).unwrap().parse().unwrap();
        let events = session.timeline(authority, "disclosure", invitation).await.unwrap();
        assert_eq!(events.iter().filter(|one| one.event.kind == "disclosure.corrected").count(), 1);
    })
    .await;
}
