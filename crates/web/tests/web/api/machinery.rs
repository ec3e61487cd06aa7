//! What holds for every operation: tokens, problems, keys, versions.

use axum::http::Method;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::databases::both;
use serde_json::json;

use super::Region;
use super::decision::page;

#[tokio::test]
async fn a_token_acts_as_its_person_and_without_one_nothing_is_told() {
    both(async |database| {
        let region = Region::make(&database).await;
        let officer = region.caller("HEF", Role::PlacementOfficer).await;
        let me = officer.get("/api/v1/me").await.is(200);
        assert_eq!((&me.json["role"], &me.json["organisation"]["code"]), (&json!("placement_officer"), &json!("HEF")));
        assert_eq!(me.json["today"], "2021-09-13");
        for path in ["/api/v1/me", "/api/v1/decisions"] {
            let reply = region.stranger().get(path).await;
            assert_eq!(reply.problem(), (401, "unauthenticated"));
            assert_eq!(reply.header("www-authenticate"), "Bearer realm=\"placewell\"");
        }
        let wrong = super::caller::Caller::new(region.router.clone(), "0123").get("/api/v1/me").await;
        assert_eq!(wrong.problem(), (401, "unauthenticated"));
        assert!(wrong.header("www-authenticate").contains("invalid_token"));
    })
    .await;
}

#[tokio::test]
async fn a_browsers_session_is_no_token_and_a_token_no_session() {
    both(async |database| {
        let region = Region::make(&database).await;
        let actor = region.app.actor_by_email(&super::email("HEF", Role::PlacementOfficer)).await.unwrap();
        let session = region.app.start_session(&actor).await.unwrap();
        let token = region.app.create_token(&actor, "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
        let call = async |value: &str| {
            super::caller::Caller::new(region.router.clone(), value).get("/api/v1/me").await.status.as_u16()
        };
        let visit = async |value: &str| {
            let client = placewell_testkit::client::Client::with_session(region.router.clone(), value);
            client.get("/referrals").await.status.as_u16()
        };
        assert_eq!((call(&token).await, call(&session).await), (200, 401));
        assert_eq!((visit(&session).await, visit(&token).await), (200, 303));
    })
    .await;
}

#[tokio::test]
async fn whatever_does_not_end_well_is_a_problem_with_its_own_status() {
    both(async |database| {
        let region = Region::make(&database).await;
        let officer = region.caller("HEF", Role::DemocraticServices).await;
        let nothing = officer.get("/api/v1/no-such-thing").await;
        assert_eq!(
            (nothing.problem(), &nothing.json["instance"]),
            ((404, "not_found"), &json!("/api/v1/no-such-thing"))
        );
        assert_eq!(officer.get("/api/v1/decisions/HEF-%00").await.problem(), (404, "not_found"));
        assert_eq!(officer.get("/api/v1/decisions/%FF").await.problem(), (400, "malformed"));
        assert_eq!(officer.get("/api/v1/decisions?after=%00").await.problem(), (400, "malformed"));
        assert_eq!(officer.get("/api/v1/decisions?limit=101").await.problem(), (422, "invalid"));
        let method = officer.send(Method::DELETE, "/api/v1/decisions", &[], "").await;
        assert_eq!(method.problem(), (405, "wrong_method"));
        assert!(method.header("allow").contains("POST"), "{method:?}");
        let kind = officer.raw("/api/v1/decisions", &[], "text/csv", "a,b").await;
        assert_eq!(kind.problem(), (415, "wrong_type"));
        let large = officer.raw("/api/v1/decisions", &[], "application/json", vec![b' '; 1024 * 1024 + 1]).await;
        assert_eq!(large.problem(), (413, "too_large"));
        let broken = officer.raw("/api/v1/decisions", &[], "application/json", "{\n\"a\": }").await;
        assert_eq!(broken.problem(), (400, "malformed"));
        assert!(broken.json["detail"].as_str().unwrap().contains("line 2, column 6"), "{}", broken.json);
        let unknown = officer.post("/api/v1/decisions", &[], &json!({"refrence": "HEF-1"})).await;
        assert_eq!(unknown.problem(), (422, "invalid"));
        assert_eq!(unknown.json["errors"][0]["field"], "refrence", "{}", unknown.json);
    })
    .await;
}

#[tokio::test]
async fn a_repeated_key_is_answered_alike_and_done_once_and_never_serves_another_request() {
    both(async |database| {
        let region = Region::make(&database).await;
        let officer = region.caller("HEF", Role::DemocraticServices).await;
        let body = json!({"reference": "HEF-2021-0901", "page": page()});
        let key = [("idempotency-key", "8e03978e-40d5-43e8-bc93-6894a57f9324")];
        let first = officer.post("/api/v1/decisions", &key, &body).await.is(201);
        assert_eq!(first.header("location"), "/api/v1/decisions/HEF-2021-0901");
        let again = officer.post("/api/v1/decisions", &key, &body).await.is(201);
        assert_eq!((&again.json["repeated"], again.header("idempotent-replayed")), (&json!(true), "true"));
        assert_eq!(again.header("location"), first.header("location"));
        let other = json!({"reference": "HEF-2021-0902", "page": page()});
        assert_eq!(officer.post("/api/v1/decisions", &key, &other).await.problem(), (422, "key_reused"));
        assert_eq!(officer.get("/api/v1/decisions/HEF-2021-0902").await.problem(), (404, "not_found"));
        let own = officer.get("/api/v1/decisions?of=own").await.is(200);
        assert_eq!(own.json["items"].as_array().unwrap().len(), 1);
        let bad = officer.post("/api/v1/decisions", &[("idempotency-key", "")], &body).await;
        assert_eq!(bad.problem(), (400, "malformed"));
    })
    .await;
}

#[tokio::test]
async fn a_change_names_the_version_it_was_made_from() {
    both(async |database| {
        let region = Region::make(&database).await;
        let officer = region.caller("HEF", Role::DemocraticServices).await;
        let body = json!({"reference": "HEF-2021-0901", "page": page()});
        officer.post("/api/v1/decisions", &[], &body).await.is(201);
        let path = "/api/v1/decisions/HEF-2021-0901/revise";
        let change = json!({"page": page()});
        assert_eq!(officer.post(path, &[], &change).await.problem(), (428, "version_needed"));
        for tag in ["7", "*", "\"x\"", "\"1\", \"2\""] {
            assert_eq!(officer.post(path, &[("if-match", tag)], &change).await.problem(), (400, "malformed"), "{tag}");
        }
        let read = officer.get("/api/v1/decisions/HEF-2021-0901").await.is(200);
        assert_eq!(read.header("etag"), "\"1\"");
        officer.post(path, &[("if-match", "\"1\"")], &change).await.is(200);
        assert_eq!(officer.post(path, &[("if-match", "\"1\"")], &change).await.problem(), (412, "stale"));
        officer.post(path, &[("if-match", "W/\"2\"")], &change).await.is(200);
    })
    .await;
}

#[tokio::test]
async fn a_token_breaks_the_glass_only_where_its_scope_names_that_act() {
    both(async |database| {
        let region = Region::make(&database).await;
        let actor = region.app.actor_by_email(&super::email("HEF", Role::Administrator)).await.unwrap();
        let wide = region.caller("HEF", Role::Administrator).await;
        let scope = TokenScope::read("BreakGlass SeeBrokenGlass").unwrap();
        let token = region.app.create_token(&actor, "test", 1, &scope).await.unwrap();
        let named = super::caller::Caller::new(region.router.clone(), &token);
        let body = json!({"reference": "HEF-R-9999", "reason": "court_order", "ticket": "T-1", "minutes": 15});
        let key = [("idempotency-key", "glass-1")];
        assert_eq!(wide.post("/api/v1/broken-glass", &key, &body).await.problem(), (403, "out_of_scope"));
        // The act is reached, and says of the reference what a page would.
        let reply = named.post("/api/v1/broken-glass", &key, &body).await;
        assert_eq!(reply.problem().0, 422);
        assert_eq!(reply.json["errors"][0]["field"], "reference");
        assert_eq!(named.get("/api/v1/broken-glass").await.is(200).json["items"], json!([]));
        assert_eq!(named.get("/api/v1/broken-glass/7").await.problem().0, 404);
        let officer = region.caller("HEF", Role::FinanceOfficer).await;
        assert_eq!(officer.get("/api/v1/broken-glass").await.problem().0, 403);
    })
    .await;
}
