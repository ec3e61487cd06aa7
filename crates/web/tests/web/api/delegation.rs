//! A power passed on, an urgency power and a statutory appointment over the API: recorded, read back with their
//! instruments, and used by who has them.

use placewell_domain::office::access::Role;
use serde_json::{Value, json};

use super::world::{World, both_made};

const DELEGATIONS: &str = "/api/v1/delegations";

/// The id of the one in a list of the powers whose value of a key ends so.
fn found(held: &Value, list: &str, key: &str, value: &str, wanted: &str) -> Value {
    let one = held[list].as_array().unwrap().iter().find(|one| one[key].as_str().unwrap().ends_with(value));
    one.unwrap_or_else(|| panic!("{value} among {list}: {held:#}"))[wanted].clone()
}

/// Each instrument, and what it gives.
pub(super) async fn instruments(world: &World) {
    let clerk = world.region.caller("HEF", Role::DemocraticServices).await;
    let officer = world.region.caller("HEF", Role::FinanceOfficer).await;
    let record = async |what: &str, body: Value| clerk.post(&format!("{DELEGATIONS}/{what}"), &[], &body).await;
    let award = async || {
        let mine = officer.get(&format!("{DELEGATIONS}/mine")).await.is(200).json;
        mine.as_array().unwrap().iter().find(|one| one["act"] == "award_placement").unwrap().clone()
    };
    let held = clerk.get(DELEGATIONS).await.is(200).json;
    let post = found(&held, "posts", "title", "families", "id");
    let limb = found(&held, "limbs", "limb", "/b", "limb");
    let person = found(&held, "people", "title", Role::FinanceOfficer.label(), "id");
    assert_eq!(award().await["held"], json!(false));

    let mut passed = json!({
        "letter": limb, "post": post, "person": person, "title": "Head of Placements", "acts": [],
        "instrument": "Scheme of 1 April 2021", "permitted_by": "Constitution 3.4", "from": "2021-04-01"
    });
    let nothing = record("sub-delegation", passed.clone()).await.is(422);
    assert_eq!(nothing.json["errors"][0]["field"], "acts", "{}", nothing.json);
    passed["acts"] = json!(["award_placement"]);
    record("sub-delegation", passed).await.is(201);
    let nobody = json!({"clause": "Constitution 3.7", "posts": [], "from": "2019-01-01"});
    assert_eq!(record("urgency-power", nobody).await.is(422).json["errors"][0]["field"], "posts");
    let clause = json!({"clause": "Constitution 3.7", "posts": [post], "from": "2019-01-01"});
    record("urgency-power", clause).await.is(201);
    let mut office = json!({
        "office": "director_of_childrens_services", "basis": "interim", "person": person, "from": "2021-09-03"
    });
    let unfounded = record("statutory", office.clone()).await.is(422);
    assert_eq!(unfounded.json["errors"][0]["field"], "instrument", "{}", unfounded.json);
    office["instrument"] = json!("Full council, 3 September 2021");
    let refused = world.officer.post(&format!("{DELEGATIONS}/statutory"), &[], &office).await;
    assert_eq!(refused.problem(), (403, "forbidden"));
    record("statutory", office).await.is(201);

    let held = clerk.get(DELEGATIONS).await.is(200).json;
    let by = |list: &str| held[list][0]["by"].as_str().unwrap().to_owned();
    assert_eq!(
        by("sub_delegations"),
        "Scheme of 1 April 2021; Constitution 3.4; from Director for children and families"
    );
    assert_eq!(by("urgency_powers"), "Constitution 3.7");
    assert_eq!(by("statutory"), "Interim: Full council, 3 September 2021");
    let now = award().await;
    assert_eq!(now["held"], json!(true), "{now}");
    assert!(now["sentence"].as_str().unwrap().contains("officer under a sub-delegation"), "{now}");
}

#[tokio::test]
async fn rules_1_1_to_1_4_each_instrument_is_recorded_over_the_api_and_read_back() {
    both_made(async |database| instruments(&World::opened(&database).await).await).await;
}
