//! Weights that do not sum to 100, a price outside its template's floor and ceiling, and a part that is given twice, by form
//! and by program: the field is named with what to do, and nothing is written.

use axum::http::{Method, StatusCode};
use placewell_domain::homes::admission::application::Draft;
use placewell_testkit::databases::both_filled;
use serde_json::{Value, json};

use super::carried::applicant;
use super::{Given, LEAD};

fn plan(first: i64, second: i64) -> Value {
    let question = |text: &str, weight: i64| json!({ "text": text, "criteria": "Plans and figures", "weight": weight });
    json!({
        "title": "Homes for the west", "reason": "More homes are needed in the west.",
        "opens": "2021-11-02T09:00:00", "closes": "2021-11-26T12:00:00", "questions_until": "2021-11-19T12:00:00",
        "quality": [question("How do you keep children safe?", first), question("How do children learn?", second)],
        "least": 2, "quality_share": 70, "pass_mark": 55,
        "templates": [{
            "lot": "planned", "includes": "Clothing and activities",
            "bands": [{ "part": "care", "floor_pence": 180_000, "ceiling_pence": 460_000 }]
        }],
        "insurances": [], "standstill_days": 10, "validity_months": 48
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn weights_that_do_not_sum_to_100_are_named_by_program_and_nothing_is_planned() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (lead, program) = (given.app.actor_by_email(LEAD).await.unwrap(), given.caller(LEAD).await);
        let planned = async || given.app.kept_openings(&lead).await.unwrap().len();
        let before = planned().await;
        let beyond = |found: &str| {
            format!("Correct quality[1].weight: found {found}, send a whole number of percent, from 0 to 100")
        };
        for (first, second, field, says) in [
            (60, 30, "q1_weight", "The weights sum to 90: change them so that they sum to 100"),
            (60, 50, "q1_weight", "The weights sum to 110: change them so that they sum to 100"),
            (100, 0, "q2_weight", "Enter a weight of 1 or more"),
            (60, 300, "quality[1].weight", &*beyond("300")),
            (60, -40, "quality[1].weight", &*beyond("-40")),
        ] {
            let reply = program.post("/api/v1/openings", &[], &plan(first, second)).await;
            assert_eq!(reply.problem(), (422, "invalid"), "{first} and {second}");
            assert_eq!(reply.json["errors"].as_array().unwrap().len(), 1, "{:#}", reply.json);
            assert_eq!(reply.json["errors"][0]["field"], field, "{first} and {second}");
            assert_eq!(reply.json["errors"][0]["message"], says, "{first} and {second}");
        }
        assert_eq!(planned().await, before, "nothing is planned");
        program.post("/api/v1/openings", &[], &plan(60, 40)).await.is(201);
        assert_eq!(planned().await, before + 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_or_lot_given_twice_and_an_amount_below_nothing_are_named_by_program_and_nothing_is_planned() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (lead, program) = (given.app.actor_by_email(LEAD).await.unwrap(), given.caller(LEAD).await);
        let planned = async || given.app.kept_openings(&lead).await.unwrap().len();
        let before = planned().await;
        let changed = |pointer: &str, value: Value| {
            let mut body = plan(60, 40);
            *body.pointer_mut(pointer).unwrap() = value;
            body
        };
        let band = |floor: i64, ceiling: i64| json!({ "part": "care", "floor_pence": floor, "ceiling_pence": ceiling });
        let template = plan(60, 40)["templates"][0].clone();
        let cover = |least: i64| json!({ "kind": "public", "least_pence": least });
        let bands = "/templates/0/bands";
        for (body, field) in [
            (changed(bands, json!([band(180_000, 460_000), band(180_000, 9_900_000)])), "planned_care_floor"),
            (changed(bands, json!([band(-180_000, 460_000)])), "planned_care_floor"),
            (changed("/templates", json!([template, template])), "lots"),
            (changed("/insurances", json!([cover(-1)])), "insurance_public"),
            (changed("/insurances", json!([cover(500_000_000), cover(1)])), "insurance_public"),
        ] {
            let reply = program.post("/api/v1/openings", &[], &body).await;
            assert_eq!(reply.problem(), (422, "invalid"), "{body:#}");
            assert_eq!(reply.json["errors"].as_array().unwrap().len(), 1, "{:#}", reply.json);
            assert_eq!(reply.json["errors"][0]["field"], field, "{:#}", reply.json);
        }
        assert_eq!(planned().await, before, "nothing is planned");
    })
    .await;
}

/// Weekly prices of care as they are typed, and what is said of each.
const TYPED: &[(&str, &str)] = &[
    ("5200.01", "Enter a price from £2,200 to £5,200"),
    ("99000", "Enter a price from £2,200 to £5,200"),
    ("2199.99", "Enter a price from £2,200 to £5,200"),
    ("", "Enter the weekly price of care"),
    ("much", "Enter the price of a week in pounds, like 4150"),
    ("-3000", "Enter the price of a week in pounds, like 4150"),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_price_outside_floor_and_ceiling_is_named_with_both_and_nothing_is_saved() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let email = applicant(&given, "scoring").await;
        let actor = given.app.actor_by_email(&email).await.unwrap();
        let (own, program) = (given.client(&email).await, given.caller(&email).await);
        program.post("/api/v1/openings/AR-005/application", &[], &json!({ "reuse": true })).await.is(201);
        let draft = async || -> Draft { given.app.own_application(&actor, "AR-005").await.unwrap().draft.unwrap() };
        let begun = draft().await;
        let lot = &begun.answers.lots[0];
        assert_eq!(lot.lot, "disabilities");
        let (page, path) =
            ("/provider/admission/AR-005/lots/disabilities", "/api/v1/openings/AR-005/application/lots/disabilities");
        let homes: Vec<String> = lot.homes.iter().map(ToString::to_string).collect();
        let says = "Enter a price from £2,200 to £5,200: the template's floor and ceiling";
        let typed = |care: &str| {
            let mut fields: Vec<(&str, String)> = homes.iter().map(|urn| ("disabilities_homes", urn.clone())).collect();
            fields.push(("disabilities_accommodation", "1000".to_owned()));
            fields.push(("disabilities_care", care.to_owned()));
            fields.push(("disabilities_health", "100".to_owned()));
            fields
        };
        for (care, said) in TYPED {
            let fields = typed(care);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let sent = own.submit(page, page, &fields).await;
            assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{care}: {}", sent.h1());
            let named = sent.body.contains("href=\"#disabilities_care\"") && sent.body.contains(*said);
            assert!(named, "{care}: {}", sent.words("main"));
        }
        let body = |care: i64| {
            json!({ "homes": homes, "prices": [
                { "part": "accommodation", "weekly_pence": 100_000 }, { "part": "care", "weekly_pence": care },
                { "part": "health", "weekly_pence": 10_000 }
            ]})
        };
        let put = async |version: i64, body: Value| {
            let tag = format!("\"{version}\"");
            let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
            program.send(Method::PUT, path, &headers, body.to_string()).await
        };
        for care in [520_001, 9_900_000, 219_999, -300_000] {
            let reply = put(begun.version, body(care)).await;
            assert_eq!(reply.problem(), (422, "invalid"), "{care}");
            assert_eq!(reply.json["errors"], json!([{ "field": "disabilities_care", "message": says }]), "{care}");
        }
        let twice = "Enter one price for this part: it is here more than once";
        let unpriced = "This part is not priced on this lot: leave it empty";
        for (part, weekly, says) in [
            ("care", 9_900_000, twice),
            ("care", -200_000, twice),
            ("care", 300_000, twice),
            ("education", -200_000, unpriced),
        ] {
            let mut body = body(300_000);
            body["prices"].as_array_mut().unwrap().push(json!({ "part": part, "weekly_pence": weekly }));
            let reply = put(begun.version, body).await;
            assert_eq!(reply.problem(), (422, "invalid"), "{part} {weekly}");
            let field = format!("disabilities_{part}");
            assert_eq!(reply.json["errors"], json!([{ "field": field, "message": says }]), "{part} {weekly}");
        }
        assert_eq!(draft().await, begun, "nothing is saved");
        put(begun.version, body(520_000)).await.is(200);
        put(begun.version + 1, body(220_000)).await.is(200);
        assert_eq!(draft().await.version, begun.version + 2, "floor and ceiling are among them");
    })
    .await;
}
