//! An empty bed offered to the authorities in the contract's order: passed on a page, taken over the API, told by mail and
//! shown to each party (C-09).

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_domain::buying::block::{BlockSpec, VoidOrder};
use placewell_domain::office::person::session::TokenScope;
use placewell_web::{Web, router};
use serde_json::json;

use super::super::world::{HEF, SHR, both_made, spec};
use super::{BLOCK, CEILING, NIGHTS, given_of, signed};
use crate::api::caller::Caller;

#[tokio::test(flavor = "multi_thread")]
async fn c_09_an_empty_bed_is_passed_on_a_page_taken_over_the_api_and_not_sold_meanwhile() {
    both_made(CEILING, async |database| {
        let term = VoidOrder { order: vec![SHR, HEF], hours: 24 };
        let given = given_of(&database, BlockSpec { void_order: Some(term), ..spec(1) }).await;
        signed(&given).await;
        let contract = given.lead.get(BLOCK).await.body;
        assert!(contract.contains("Organisation SHR, then Organisation HEF"), "{contract}");
        given.world.at(date(2021, 12, 30), 9);
        given.world.jobs().await;
        let (take, pass) = (format!("{NIGHTS}/take"), format!("{NIGHTS}/pass"));
        let mine = given.neighbour.get(NIGHTS).await.body;
        assert!(mine.contains("Take this bed for a child") && mine.contains("Offered until"), "{mine}");
        let theirs = given.officer.get(NIGHTS).await.body;
        assert!(theirs.contains("Offered until") && !theirs.contains("Take this bed for a child"), "{theirs}");
        let nobody = given.officer.get(&format!("{NIGHTS}/nominate")).await.body;
        assert!(nobody.contains("Every bed is used or has a child nominated"), "{nobody}");
        let provider = given.provider.get(NIGHTS).await.body;
        assert!(provider.contains("1. Organisation SHR") && !provider.contains("Take this bed"), "{provider}");
        let passed = given.neighbour.submit(NIGHTS, &pass, &[]).await;
        assert_eq!(passed.location.as_deref(), Some(NIGHTS), "{}", passed.body);
        given.world.jobs().await;
        let app = &given.world.app;
        let officer = app.actor_by_email("p25@example.com").await.unwrap();
        let token = app.create_token(&officer, "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
        let api = Caller::new(router(Web::new(std::sync::Arc::clone(app), "http://localhost").await.unwrap()), &token);
        let read = format!("/api/v1{BLOCK}/nights?month=2022-01");
        let offers = api.get(&read).await.is(200).json["filling"]["void_offers"].clone();
        assert_eq!(
            (&offers[0]["own"], &offers[0]["state"], &offers[0]["turn"]),
            (&json!(true), &json!("offered"), &json!(2)),
            "{offers:#}"
        );
        assert_eq!((&offers[1]["state"], &offers[1]["until"]), (&json!("passed"), &json!(null)));
        let path = format!("/api/v1/void-offers/{}/take", offers[0]["id"].as_str().unwrap());
        let blind = api.post(&path, &[], &json!({})).await;
        assert_ne!(blind.status, StatusCode::OK, "without the version that was read");
        api.post(&path, &[("if-match", "\"1\"")], &json!({})).await.is(200);
        assert_ne!(api.post(&path, &[("if-match", "\"1\"")], &json!({})).await.status, StatusCode::OK, "once");
        given.world.at(date(2022, 1, 4), 13);
        let offer = format!("{NIGHTS}/offer");
        let nights = [("slot", "1"), ("from", "2022-01-10"), ("to", "2022-01-24"), ("buyer", "SHR"), ("night", "450")];
        let early = given.lead.submit(&offer, &offer, &nights).await;
        assert_eq!(early.status, StatusCode::CONFLICT, "{}", early.body);
        assert!(early.body.contains("have not all been offered this bed yet"), "{}", early.body);
        given.world.jobs().await;
        let sold = given.lead.submit(&offer, &offer, &nights).await;
        assert_eq!(sold.location.as_deref(), Some(NIGHTS), "{}", sold.body);
        assert!(given.officer.get(NIGHTS).await.body.contains("Lapsed"));
        let stale = given.officer.post(&take, &[("id", "1"), ("version", "1")]).await;
        assert_ne!(stale.status, StatusCode::SEE_OTHER, "a form without its token does nothing");
    })
    .await;
}
