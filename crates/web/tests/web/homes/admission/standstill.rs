//! A standstill that is shorter than the law's least, or longer than anybody waits, is named by form and by program.

use axum::http::StatusCode;
use placewell_testkit::databases::both_filled;
use serde_json::{Value, json};

use super::{Given, LEAD};

const SAYS: &str = "Enter the days of standstill, 10 to 60";

fn plan(days: u8) -> Value {
    json!({
        "title": "Homes for the south", "reason": "More homes are needed in the south.",
        "opens": "2021-11-02T09:00:00", "closes": "2021-11-26T12:00:00", "questions_until": "2021-11-19T12:00:00",
        "quality": [{ "text": "How do you keep children safe?", "criteria": "Plans and figures", "weight": 100 }],
        "least": 2, "quality_share": 70, "pass_mark": 55,
        "templates": [{
            "lot": "planned", "includes": "Clothing and activities",
            "bands": [{ "part": "care", "floor_pence": 180_000, "ceiling_pence": 460_000 }]
        }],
        "insurances": [], "standstill_days": days, "validity_months": 48
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_opening_is_planned_with_a_standstill_of_fewer_than_10_or_more_than_60_days() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (lead, program) = (given.app.actor_by_email(LEAD).await.unwrap(), given.caller(LEAD).await);
        let planned = async || given.app.kept_openings(&lead).await.unwrap().len();
        let before = planned().await;
        for days in [0, 9, 61, 255] {
            let reply = program.post("/api/v1/openings", &[], &plan(days)).await;
            assert_eq!(reply.problem(), (422, "invalid"), "{days}");
            assert_eq!(reply.json["errors"], json!([{ "field": "standstill_days", "message": SAYS }]), "{days}");
        }
        let (page, own) = ("/region/admission/new", given.client(LEAD).await);
        for days in ["0", "9", "61", "", "soon"] {
            let sent = own.submit(page, page, &[("title", "Homes for the south"), ("standstill_days", days)]).await;
            assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{days}: {}", sent.h1());
            let named = sent.body.contains("href=\"#standstill_days\"") && sent.body.contains(SAYS);
            assert!(named, "{days}: {}", sent.words("main"));
        }
        assert_eq!(planned().await, before, "nothing is planned");
        program.post("/api/v1/openings", &[], &plan(10)).await.is(201);
        program.post("/api/v1/openings", &[], &plan(60)).await.is(201);
        assert_eq!(planned().await, before + 2);
    })
    .await;
}
