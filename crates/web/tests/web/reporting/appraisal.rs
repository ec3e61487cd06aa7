//! The alternatives through their pages, files and operations, on a small demonstration.

use axum::http::StatusCode;
use placewell_app::demonstration::calendar;
use placewell_domain::office::person::session::TokenScope;
use placewell_store::Backend;
use placewell_testkit::client::Client;
use placewell_testkit::databases::filled;
use placewell_testkit::lint::lint;
use placewell_web::{Web, router};
use serde_json::json;

use crate::api::caller::Caller;

const PATH: &str = "/reports/alternatives";

#[tokio::test(flavor = "multi_thread")]
async fn the_alternatives_are_drawn_changed_saved_and_taken_home() {
    let database = filled(Backend::Sqlite).await;
    let app = database.app(calendar()).await;
    let service = router(Web::new(app.clone(), "http://localhost").await.unwrap());
    let signed = async |email: &str| {
        let actor = app.actor_by_email(email).await.unwrap();
        Client::with_session(service.clone(), &app.start_session(&actor).await.unwrap())
    };
    let helen = signed("helen.garraway@herefordshire.example").await;
    let grace = signed("grace.marchment@west-midlands-team.example").await;

    // Two clicks from the analyst's home: the list of reports, then the alternatives.
    let reports = grace.get("/reports").await;
    assert!(reports.body.contains(PATH), "{}", reports.body);
    let choose = grace.get(PATH).await;
    assert_eq!((choose.status, lint(&choose.body)), (StatusCode::OK, vec![]));
    assert!(choose.body.contains(&format!("{PATH}?authority=HEF")) && choose.body.contains("HEF-RA-001"));
    let page = helen.get(PATH).await;
    assert_eq!((page.status, lint(&page.body)), (StatusCode::OK, vec![]));
    for said in ["The regional arrangement (FCA)", "Do nothing: every placement by spot", "10,000 simulated futures"] {
        assert!(page.body.contains(said), "{said}");
    }
    assert!(page.body.contains("<svg") && page.body.contains("name=\"spot_price\""));
    assert!(page.body.contains("Planned residential care"), "a lot is called as the arrangement calls it");

    let other = helen.get(&format!("{PATH}?spot_price=25&years=2")).await;
    assert!(other.body.contains("Changed; it was") && other.body.contains("Cost over 2 years"));
    assert!(other.body.contains("alternatives.pdf?authority=HEF&#38;years=2&#38;spot_price=25"), "{}", other.body);
    let wrong = helen.get(&format!("{PATH}?spot_price=2500")).await;
    assert_eq!((wrong.status, lint(&wrong.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
    assert!(wrong.body.contains("enter percent from -50 to 100") && wrong.body.contains("value=\"2500\""));
    assert_eq!(helen.get(&format!("{PATH}?authority=BIR")).await.status, StatusCode::NOT_FOUND);

    let form = format!("{PATH}?spot_price=25");
    let bare = helen.submit(&form, &format!("{PATH}/save"), &[("title", "")]).await;
    assert_eq!((bare.status, lint(&bare.body)), (StatusCode::UNPROCESSABLE_ENTITY, vec![]));
    let done = helen.submit(&form, &format!("{PATH}/save"), &[("title", "Scrutiny, 4 October 2021")]).await;
    assert_eq!(done.location.as_deref(), Some("/reports/alternatives/HEF-OA-001"), "{}", done.body);
    let saved = helen.get("/reports/alternatives/HEF-OA-001").await;
    assert_eq!((saved.status, lint(&saved.body)), (StatusCode::OK, vec![]));
    assert!(saved.body.contains("Planned residential care"), "{}", saved.words("main"));
    assert!(saved.body.contains("Scrutiny, 4 October 2021") && saved.body.contains("Every figure comes out the same"));
    assert_eq!(grace.get("/reports/alternatives/HEF-OA-001").await.status, StatusCode::NOT_FOUND);

    for (ending, kind) in
        [("csv", "text/csv"), ("pdf", "application/pdf"), ("json", "application/json"), ("xlsx", "application/vnd")]
    {
        for path in [format!("{PATH}.{ending}?spot_price=25"), format!("{PATH}/HEF-OA-001.{ending}")] {
            let got = helen.get(&path).await;
            let sent = got.headers.get("content-type").unwrap().to_str().unwrap();
            assert!(got.status == StatusCode::OK && sent.starts_with(kind), "{path} {sent}");
        }
    }
    assert_eq!(helen.get(&format!("{PATH}/HEF-OA-001.exe")).await.status, StatusCode::NOT_FOUND);
    api(&app, &service).await;
}

async fn api(app: &std::sync::Arc<placewell_app::App>, service: &axum::Router) {
    let caller = async |email: &str| {
        let actor = app.actor_by_email(email).await.unwrap();
        Caller::new(
            service.clone(),
            &app.create_token(&actor, "test", 1, &TokenScope::EverythingWithProof).await.unwrap(),
        )
    };
    let grace = caller("grace.marchment@west-midlands-team.example").await;
    let drawn = grace.get("/api/v1/alternatives?authority=HEF&spot_price=25").await.is(200);
    assert_eq!(drawn.json["alternatives"].as_array().unwrap().len(), 6);
    assert_eq!(drawn.json["alternatives"][0]["alternative"], "arrangement");
    let spot = drawn.json["assumptions"].as_array().unwrap().iter().find(|one| one["name"] == "spot_price").unwrap();
    assert_eq!((spot["value"].as_str(), spot["origin"].as_str()), (Some("25"), Some("typed")));
    assert!(drawn.json.get("inputs").is_none(), "no child's price leaves it");
    assert_eq!(grace.get("/api/v1/alternatives").await.problem().0, 404);
    assert_eq!(grace.get("/api/v1/alternatives?authority=HEF&years=9").await.problem(), (422, "invalid"));

    let body = json!({"authority": "HEF", "title": "Region", "assumptions": {"years": "1"}});
    let made = grace.post("/api/v1/appraisals", &[], &body).await.is(201);
    assert_eq!(made.json["href"], "/api/v1/appraisals/HEF-RA-002");
    let saved = grace.get("/api/v1/appraisals/HEF-RA-002").await.is(200);
    assert_eq!((saved.json["title"].as_str(), saved.json["same_again"].as_bool()), (Some("Region"), Some(true)));
    let list = grace.get("/api/v1/appraisals").await.is(200);
    assert_eq!(list.json["items"].as_array().unwrap().len(), 2);
    let unknown = json!({"authority": "HEF", "title": "Region", "assumptions": {"colour": "blue"}});
    assert_eq!(grace.post("/api/v1/appraisals", &[], &unknown).await.problem(), (422, "invalid"));
    let priya = caller("priya.shah@herefordshire.example").await;
    assert_eq!(priya.post("/api/v1/appraisals", &[], &json!({"title": "Mine"})).await.problem().0, 403);
}
