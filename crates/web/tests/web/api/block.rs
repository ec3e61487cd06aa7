//! A mini-block over the API, from the proposal to its nights: nothing is needed that an operation does not give.

use jiff::civil::{Date, date};
use placewell_domain::office::access::Role;
use serde_json::{Value, json};

use super::caller::Caller;
use super::world::{World, both_made};

/// Beds of one home for two months, all paid by one authority.
pub(super) fn proposal() -> Value {
    json!({
        "title": "Beds for the west", "lot": "planned", "age_from": 10, "age_to": 15, "sex": "any",
        "spec": {
            "beds": 1, "floating": false, "from": "2021-10-01", "until": "2021-12-01", "guaranteed_beds": 1,
            "guaranteed_percent": 100, "nomination_hours": 72, "permitted_refusals": 2, "refusal_period": "quarter",
            "resale_percent": 50, "credit_suspended_percent": 100, "credit_unstaffed_percent": 100,
            "break_notice_days": 30
        },
        "shares": [{"authority": "HEF", "hundredths": 10_000}]
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mini_block_is_proposed_competed_for_decided_signed_and_settled_over_json() {
    both_made(async |database| {
        let world = World::opened(&database).await;
        let lead = world.region.caller("region", Role::CommissioningLead).await;
        let mut named = proposal();
        named["title"] = json!("Beds at Oak Lane");
        let stopped = lead.post("/api/v1/mini-blocks", &[], &named).await;
        assert_eq!(stopped.problem(), (422, "invalid"), "a home's name goes public with the award");
        let block = live(&world, date(2021, 9, 13)).await;
        let read = lead.get(&block).await.is(200).json;
        assert_eq!(read["needs"][0]["searches"], 0, "{read:#}");
        let none = json!({"searches": 0, "searches_met": 0, "nights": 0, "nights_met": 0});
        assert_eq!((&read["needs"][0]["unmet_in_reach"], &read["unmet"]), (&json!(0), &none));
        settled(&world, &lead, &block).await;
    })
    .await;
}

/// A mini-block that is proposed on a day, competed for, decided and signed by the next; gives its address.
pub(super) async fn live(world: &World, on: Date) -> String {
    let block = recommended(world, on, &proposal()).await;
    awarded(world, &block, 1).await;
    block
}

/// A mini-block that is proposed on a day and evaluated by the next, so that it waits for its decision; gives its address.
pub(super) async fn recommended(world: &World, on: Date, proposal: &Value) -> String {
    let next = on.tomorrow().unwrap();
    let lead = world.region.caller("region", Role::CommissioningLead).await;
    let block = lead.post("/api/v1/mini-blocks", &[], proposal).await.is(201).header("location").to_owned();
    world.region.app.do_due_jobs().await.unwrap();
    let case = json!({"reasons": "Too few homes near.", "alternatives": "Single placements.", "conflicts": "None"});
    let version = lead.get(&block).await.is(200).json["file_version"].as_i64().unwrap();
    lead.post(&format!("{block}/case"), &[("if-match", &format!("\"{version}\""))], &case).await.is(200);
    let scoring = json!({
        "quality": [{"title": "Care", "weight": 60}], "price_weight": 40, "occupancy": 80,
        "deadline": next.at(10, 20, 0, 0)
    });
    lead.change(&block, "compete", &scoring).await.is(200);
    let read = lead.get(&block).await.is(200).json;
    assert_eq!(read["business_case"]["alternatives"], "Single placements.");
    assert_eq!(
        (&read["scoring"]["quality"][0]["title"], &read["scoring"]["price_weight"]),
        (&json!("Care"), &json!(40))
    );

    // The provider reads which beds it can offer, and bids with as many of them as are asked for.
    let own = of_provider(&block);
    let asked = world.elm.get(&own).await.is(200).json;
    let home = &asked["homes"][0];
    let count = usize::try_from(proposal["spec"]["beds"].as_u64().unwrap()).unwrap();
    let beds = home["beds"].as_array().unwrap().iter().take(count);
    let bid = json!({
        "beds": beds.map(|bed| json!({"home": home["home"], "bed": bed["bed"]})).collect::<Vec<_>>(),
        "prices": {"occupied_pence": 50_000, "empty_pence": 40_000},
        "answers": ["We keep the school."], "conflicts": "None"
    });
    world.elm.change(&own, "bid", &bid).await.is(200);
    world.move_to(next, 12);
    let open = lead.get(&block).await.is(200).json;
    let sent = open["bids"].as_array().unwrap().iter().find(|one| one["state"] == "sent").unwrap();
    assert_eq!(sent["answers"][0], "We keep the school.");
    let marks = json!([{"bid": sent["id"], "quality": [4], "reasons": "As the answers show."}]);
    lead.change(&block, "evaluate", &marks).await.is(200);
    block
}

/// A mini-block's address as its provider's own.
fn of_provider(block: &str) -> String {
    format!("/api/v1/provider/mini-blocks/{}", block.rsplit('/').next().unwrap())
}

/// What is recommended, of so many beds, is decided and signed.
pub(super) async fn awarded(world: &World, block: &str, beds: i64) {
    let lead = world.region.caller("region", Role::CommissioningLead).await;
    // Whoever decides reads first what it rests on and what it commits.
    let seen = world.director.get(block).await.is(200).json["deciding"].clone();
    assert_eq!((&seen["no_power"], &seen["lacks"], &seen["stopped"]), (&Value::Null, &Value::Null, &Value::Null));
    assert!(seen["power"].as_str().unwrap().contains("HEF-2019-0114"), "{seen:#}");
    assert_eq!(seen["commits_pence"], beds * 61 * 40_000, "61 nights at £400: {seen:#}");
    assert_eq!(seen["annual_value"][0]["adds_pence"], beds * 61 * 40_000);
    assert_eq!(lead.get(block).await.is(200).json["deciding"], Value::Null, "nothing is asked of the lead");
    world.director.change(block, "decide", &json!({})).await.is(200);
    world.region.app.do_due_jobs().await.unwrap();
    let live = lead.get(block).await.is(200).json;
    assert_eq!(live["state"], "live");
    let signature =
        |content: &Value| json!({"content": content, "name": "J Hughes", "role": "Manager", "has_authority": true});
    let content = &live["signing"]["content"];
    lead.post(&format!("{block}/sign"), &[], &signature(content)).await.is(200);
    world.elm.post(&format!("{}/sign", of_provider(block)), &[], &signature(content)).await.is(200);
}

/// The contract on paper, the nights, and what the authority pays, as data and on paper.
async fn settled(world: &World, lead: &Caller, block: &str) {
    let paper = lead.get(&format!("{block}/pdf")).await.is(200);
    assert_eq!(paper.header("content-type"), "application/pdf");
    world.move_to(date(2021, 11, 3), 10);
    world.region.app.do_due_jobs().await.unwrap();
    let nights = world.officer.get(&format!("{block}/nights?month=2021-10")).await.is(200).json;
    assert_eq!(nights["nights"].as_array().unwrap().len(), 31);
    let filling = &nights["filling"];
    assert_eq!((&filling["vacancies"][0]["since"], &filling["refusals"]), (&json!("2021-10-01"), &json!(0)));
    assert_eq!(filling["weeks"][0]["used"], 0, "{filling:#}");
    let spot = &filling["break_even"]["spot"];
    assert_eq!(
        (&spot["placements_at_least"], &spot["every_area"]),
        (&Value::Null, &json!(false)),
        "spot stands beside it"
    );
    let own_nights = world.elm.get(&format!("{block}/nights?month=2021-10")).await.is(200).json;
    assert_eq!(own_nights["filling"]["break_even"], Value::Null, "nothing of it for a provider");
    assert_eq!(lead.get(block).await.is(200).json["too_empty_percent"], 100);
    let pays = format!("{block}/recharge/HEF");
    let owed = world.officer.get(&format!("{pays}?month=2021-10")).await.is(200).json;
    assert_eq!(owed["total_pence"], 31 * 40_000, "{owed:#}");
    let paper = world.officer.get(&format!("{pays}/pdf?month=2021-10")).await.is(200);
    assert_eq!(paper.header("content-type"), "application/pdf");
    let stranger = world.stranger.get(&format!("{pays}/pdf?month=2021-10")).await;
    assert_eq!(stranger.status, 404, "another authority's statement");
}
