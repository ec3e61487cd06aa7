//! Everything held about a child who was placed, given out as a page and as JSON, on both databases: nothing of it is another
//! person's, a home's or a rival's, and what the child may have stands in it.

use placewell_domain::office::access::Role;
use placewell_testkit::client::Client;
use serde_json::json;

use super::super::email;
use super::super::world::{World, both_made};
use super::planted;

/// What is somebody else's: of relatives, of a sister, of whom a home asked about, of who answered, signed and approved; what
/// homes said of their residents; a rival's price, as a page, as JSON in one line and in many, and in words.
const NOT_GIVEN: &[&str] = &[
    "Qzbrother",
    "Qzsister",
    "QZCASE78",
    "qzassociate",
    "Qzcaller",
    "P Shah",
    "J Hughes",
    "Chair of the panel",
    "p.shah@example.org",
    "qzimpactelm",
    "qzimpactash",
    ">432200",
    ":432200",
    " 432200",
    "4,322",
];

/// What is the child's own, and what its place costs.
const GIVEN: &[&str] = &[
    "Qzgivenname",
    "Qzfamilyname",
    "Qzknownas",
    "QZCASE77",
    "QzSchool",
    "qzhelps",
    "qzwishes",
    "qzmissing",
    "qzothersrisk",
    "qzchronology",
    "qzeducation",
    "qzhealth",
    "qzquestion",
    "qzanswer",
    "qzevidence",
    "qzclosing",
    "qzhowelm",
    "qzconditionselm",
    "qzforit",
    "qzwisheswords",
    "qzoutcome",
    "qzgroundwords",
    "qzfilename",
    "432100",
    "[another person] and [another person] rang [another person] about it",
];

/// The child was placed, a sister's search is linked, and a hold speaks of others.
async fn lived(world: &World) {
    let mut known = planted::asked(world).await;
    planted::closed_early(world, &mut known).await;
    planted::shortlisted(world, &known).await;
    planted::placed(world, &mut known).await;
    let sister = json!({
        "which": "new", "given_names": "Qzsister", "family_name": "Qzfamilyname", "born": "2010-05-17",
        "sex": "female", "case_number": "QZCASE78", "sibling_of": "HEF-R-0001"
    });
    world.officer.post("/api/v1/referrals", &[], &sister).await.is(201);
    let words = json!({"words": "Qzsister and Qzcaller rang p.shah@example.org about it"});
    world.officer.post("/api/v1/children/1/hold", &[], &words).await.is(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_out_about_a_child_holds_nobody_else_s_data_and_all_that_is_the_child_s() {
    both_made(async |database| {
        let world = World::opened(&database).await;
        lived(&world).await;
        let app = &world.region.app;
        let mut people = Vec::new();
        for (code, role) in [
            ("HEF", Role::PlacementOfficer),
            ("HEF", Role::Approver),
            ("oak-lane-care", Role::ProviderManager),
            ("ash-care", Role::ProviderManager),
        ] {
            people.push(app.actor_by_email(&email(code, role)).await.unwrap().person.to_string());
        }
        let officer = app.actor_by_email(&email("HEF", Role::PlacementOfficer)).await.unwrap();
        let client = Client::with_session(world.region.router.clone(), &app.start_session(&officer).await.unwrap());
        let mut given = Vec::new();
        for how in ["html", "json"] {
            let page = client.submit("/children/1", "/children/1/export", &[("as", how)]).await;
            assert!(page.status.is_success(), "{how}: {}", page.status);
            given.push((how, page.body));
        }
        let reply = world.officer.post("/api/v1/children/1/export", &[], &json!({})).await.is(200);
        given.push(("the API", String::from_utf8(reply.bytes).unwrap()));
        for (how, text) in &given {
            let leaked: Vec<&str> = NOT_GIVEN.iter().copied().filter(|one| text.contains(one)).collect();
            assert!(leaked.is_empty(), "{how} gives out {leaked:?}");
            let staff = people.iter().filter(|one| text.contains(one.as_str())).count();
            assert_eq!(staff, 0, "{how} gives out numbers of people");
            let missing: Vec<&str> = GIVEN.iter().copied().filter(|one| !text.contains(one)).collect();
            assert!(missing.is_empty(), "{how} keeps back {missing:?}");
        }
        let events = reply.json["events"].as_array().unwrap();
        let facts = |kind: &str| &events.iter().find(|one| one["kind"] == kind).unwrap()["facts"];
        assert!(facts("offer.sent").get("weekly_pence").is_none(), "{:#}", facts("offer.sent"));
        assert_eq!(facts("referral.started")["reference"], "HEF-R-0001");
        assert!(events.iter().all(|one| one["facts"].get("by").is_none() && one["facts"].get("decided_by").is_none()));
    })
    .await;
}
