//! A spot purchase over the API, from homes that declined to the agreement: its reason, its eighteen checks with who has
//! each and on which evidence, and the totals beside which it stands.

use jiff::civil::date;
use placewell_domain::buying::check::CheckItem;
use placewell_domain::office::access::Role;
use placewell_domain::placing::invitation::DeclineReason;
use placewell_testkit::client::{MULTIPART, multipart};
use serde_json::{Value, json};

use super::caller::Caller;
use super::road::{REFERRAL, offer, sent};
use super::world::{World, both_made};

/// Registered, and admitted to no lot.
pub(super) const OUTSIDE: &str = "SC400003";

/// Ofsted's register a quarter later: a third home, of a provider of the arrangement.
pub(super) async fn third_home(lead: &Caller) {
    let head = "URN,Provision type,Registration date,Registration status,Government Office Region,Local authority,\
                Sector,Places,Organisation\n";
    let row = |(urn, provider): (&str, &str)| {
        let place = "Children's home,01/04/2019,Active,West Midlands,Herefordshire,Private,2";
        format!("{urn},{place},{provider} (invented)\n")
    };
    let homes = [("SC400001", "oak-lane-care"), ("SC400002", "ash-care"), (OUTSIDE, "ash-care")];
    let file = [vec![head.to_owned()], homes.map(row).to_vec()].concat().concat();
    let fields = [("region", "West Midlands"), ("as_at", "2021-06-30")];
    let form = multipart(fields.into_iter(), Some(("register.csv", file.as_bytes())));
    let sent = lead.raw("/api/v1/imports/of/register", &[], MULTIPART, form).await.is(201);
    let record = sent.header("location");
    let found = lead.get(record).await.is(200).json;
    assert_eq!((&found["register"]["new"], &found["register"]["closed"]), (&json!(1), &json!(0)), "{found:#}");
    lead.change(record, "confirm", &json!({})).await.is(200);
}

/// The addresses of a provider's invitations that wait for an answer.
async fn waiting(provider: &Caller) -> Vec<String> {
    let list = provider.get("/api/v1/invitations?reference=HEF-R-0001").await.is(200).json;
    let open =
        list["items"].as_array().unwrap().iter().filter(|one| one["state"] == "asked" || one["state"] == "opened");
    open.map(|one| format!("/api/v1/invitations/{}", one["id"].as_str().unwrap())).collect()
}

async fn checks(world: &World) -> Value {
    world.officer.get(&format!("{REFERRAL}/checks/{OUTSIDE}")).await.is(200).json
}

/// Does every check that is open, each with the usual kind of evidence.
async fn check_all(world: &World) {
    for one in checks(world).await["checks"].as_array().unwrap().iter().filter(|one| one["closed"] == false) {
        let item = CheckItem::from_code(one["item"].as_str().unwrap()).unwrap();
        let evidence = json!({"kind": item.evidence()[0].code(), "on": "2021-09-06", "until": "2022-03-31"});
        let act = json!({"act": "do", "version": one["version"], "evidence": evidence, "minutes": 4});
        world.officer.post(&format!("{REFERRAL}/checks/{OUTSIDE}/{}", item.code()), &[], &act).await.is(200);
    }
}

/// From homes that declined to the agreement.
pub(super) async fn bought(world: &World) {
    third_home(&world.region.caller("region", Role::CommissioningLead).await).await;
    sent(world).await;
    let spots = format!("{REFERRAL}/spot-purchases");
    let wants = |reason: &str| json!({"urn": OUTSIDE, "reason": reason, "this_child": true});
    let ceiling = world.officer.change(REFERRAL, "spot-purchases", &wants("ceiling_reached")).await;
    assert_eq!(ceiling.problem().0, 409, "the ceiling is never a reason: {:#}", ceiling.json);
    for provider in [&world.elm, &world.ash] {
        for path in waiting(provider).await {
            let reason = json!({"reason": DeclineReason::NoStaffedBed.code()});
            provider.post(&format!("{path}/decline"), &[], &reason).await.is(200);
        }
    }
    world.officer.change(REFERRAL, "spot-purchases", &wants("none_available")).await.is(201);
    let read = world.officer.get(&spots).await.is(200).json;
    let purchase = &read["purchases"][0]["purchase"];
    assert_eq!((&purchase["reason"], &read["purchases"][0]["urn"]), (&json!("none_available"), &json!(OUTSIDE)));
    assert!(!purchase["evidence"].as_array().unwrap().is_empty(), "{read:#}");

    // The eighteen: fifteen to do by hand, beside what a home of the arrangement has of each.
    let before = checks(world).await;
    assert_eq!((&before["route"], &before["open"], &before["regional"]), (&json!("spot"), &json!(15), &Value::Null));
    assert_eq!(before["checks"].as_array().unwrap().len(), 18);
    check_all(world).await;
    let after = checks(world).await;
    assert_eq!(after["open"], 0, "{after:#}");
    let insurance = after["checks"].as_array().unwrap().iter().find(|one| one["item"] == "insurance").unwrap();
    assert_eq!((&insurance["fca_home"], &insurance["valid_until"]), (&json!("regionally"), &json!("2022-03-31")));
    assert_eq!(insurance["evidence"], json!({"kind": "certificate", "on": "2021-09-06", "number": null}));
    assert_eq!((&insurance["said_minutes"], &insurance["standard_minutes"]), (&json!(4), &json!(20)));
    assert!(insurance["officer"].as_str().is_some_and(|name| !name.is_empty()), "{insurance:#}");

    // The home offers; the officer recommends; the director approves under the limb for spot purchases.
    let asked = waiting(&world.ash).await;
    assert_eq!(asked.len(), 1, "the spot home is asked");
    world.ash.post(&format!("{}/offer", asked[0]), &[], &json!({"offer": offer(520_000), "send": true})).await.is(201);
    world.move_to(date(2021, 9, 16), 17);
    let compared = world.officer.get(&format!("{REFERRAL}/compare")).await.is(200).json;
    let number = compared["offers"][0]["number"].clone();
    let recommend = json!({
        "offer": number, "planned_end": "2022-09-26", "case": "children_looked_after",
        "reasons": [{"offer": number, "for_it": "Keeps the school", "against": "Outside the arrangement"}],
        "wishes": "ascertained", "wishes_words": "To stay near school", "circumstances": "No other home offered.", "most_appropriate": true, "in_care_plan": true, "relatives": "consulted",
        "reviewing_officer": "2021-09-10", "area_authority": "2021-09-10", "care_plan_sent": true
    });
    let asked = world.officer.change(REFERRAL, "recommend", &recommend).await.is(201);
    let approval = asked.header("location").to_owned();
    let seen = world.director.get(&approval).await.is(200);
    assert_eq!(seen.json["may_decide"], true, "{:#}", seen.json);
    let body = json!({"facts_hash": seen.json["facts_hash"]});
    world.director.change(&approval, "approve", &body).await.is(200);
    let agreement = world.director.get(&approval).await.is(200).json["agreement"].clone();
    let bought = world.officer.get(&spots).await.is(200).json;
    assert_eq!(bought["purchases"][0]["purchase"]["agreement"], agreement);
    let value = world.officer.get("/api/v1/annual-value").await.is(200).json;
    assert_eq!(value["planned_pence"], 0, "spot stands beside the ceiling, never inside it: {value:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spot_purchase_is_asked_for_checked_offered_and_approved_over_json() {
    both_made(async |database| bought(&World::opened(&database).await).await).await;
}
