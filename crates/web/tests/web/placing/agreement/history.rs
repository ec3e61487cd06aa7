//! Bringing in an authority's own record by page and over the API: checked, told cell by cell, brought in whole, shown with
//! its origin.

use axum::http::StatusCode;
use axum::{Router, body::Body, http::Request};
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::client::{MULTIPART, multipart};
use placewell_testkit::databases::both;
use placewell_web::{Web, router};
use tower::ServiceExt;

use crate::placing::referral::{given, goes_live};

const PAGE: &str = "/imports/history";
const HEAD: &str = "source_reference,origin,child_reference,family_name,given_names,date_of_birth,sex,home_urn,start,\
                    planned_end,ended_on,end_reason,weekly_price\n";
const SPOT: &str = "IPA/1,spot,C1,Zelenka,Ottilie,2008-03-01,female,SC400001,2021-02-01,2022-01-31,,,4100.50\n";
const IN_HOUSE: &str =
    "IPA/2,in_house,C2,Zelenka,Marek,2007-03-01,male,SC400002,2019-02-01,2020-01-31,2020-01-20,CARPL,3000\n";

#[tokio::test]
async fn rule_2_5_a_file_is_checked_told_cell_by_cell_and_brought_in_with_its_origins() {
    both(async |database| {
        let given = given(&database).await;
        goes_live(&given).await;
        let list = given.officer.get("/agreements").await;
        assert!(list.body.contains("href=\"/imports/history\""), "it is two clicks from home");
        let send = async |act: &str, file: &str| {
            given.officer.submit_file(PAGE, PAGE, &[("act", act)], Some(("stays.csv", file.as_bytes()))).await
        };
        let wrong = send("bring_in", &format!("{HEAD}{SPOT}{}", IN_HOUSE.replace("2019-02-01", "soon"))).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("Row 3") && wrong.body.contains("expected a date"), "{}", wrong.body);
        assert!(!wrong.body.contains("Marek"), "what the file says of a child is not repeated");
        let file = format!("{HEAD}{SPOT}{IN_HOUSE}");
        let checked = send("check", &file).await;
        assert_eq!(checked.status, StatusCode::OK);
        assert!(checked.body.contains("2 rows read. 2 agreements are new"), "{}", checked.body);
        assert!(
            !given.officer.get("/agreements?tab=live").await.body.contains("HEF-A-0001"),
            "a check changes nothing"
        );
        let done = send("bring_in", &file).await;
        assert_eq!(
            (done.status, done.location.as_deref()),
            (StatusCode::SEE_OTHER, Some("/imports/history?new=2&unchanged=0"))
        );
        let again = send("bring_in", &file).await;
        assert_eq!(again.location.as_deref(), Some("/imports/history?new=0&unchanged=2"));
        let page = given.officer.get("/agreements/HEF-A-0001").await;
        for said in ["Spot purchase, before this system", "Signed before this system", "Brought in: a spot purchase"] {
            assert!(page.body.contains(said), "{said}");
        }
        assert!(!page.body.contains("limb (b)") && !page.body.contains("Ottilie"));
        assert_eq!(given.elm.get(PAGE).await.status, StatusCode::FORBIDDEN);
        let nothing = given.officer.submit_file(PAGE, PAGE, &[("act", "check")], None).await;
        assert_eq!(nothing.words("#file-error"), "Error: Choose the file to bring in");
    })
    .await;
}

async fn call(router: &Router, token: &str, path: &str, file: &str) -> (StatusCode, serde_json::Value) {
    let body = multipart(std::iter::empty(), Some(("stays.csv", file.as_bytes())));
    let request =
        Request::post(path).header("authorization", format!("Bearer {token}")).header("content-type", MULTIPART);
    let response = router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let status = response.status();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap())
}

#[tokio::test]
async fn rule_2_5_a_program_brings_in_the_same_file_and_reads_each_origin() {
    both(async |database| {
        let given = given(&database).await;
        goes_live(&given).await;
        let token =
            given.app.create_token(&given.people[0], "test", 1, &TokenScope::EverythingWithProof).await.unwrap();
        let router = router(Web::new(std::sync::Arc::clone(&given.app), "http://localhost").await.unwrap());
        let file = format!("{HEAD}{SPOT}{IN_HOUSE}");
        let (status, told) = call(&router, &token, "/api/v1/history", &file.replace("3000", "dear")).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(told["errors"][0]["field"], "rows[3].weekly_price", "{told}");
        let (status, checked) = call(&router, &token, "/api/v1/history/check", &file).await;
        assert_eq!(
            (status, &checked["new"], &checked["origins"]["spot"]),
            (StatusCode::OK, &2.into(), &1.into()),
            "{checked}"
        );
        assert_eq!(call(&router, &token, "/api/v1/history", &file).await.0, StatusCode::OK);
        let request = Request::get("/api/v1/agreements/HEF-A-0002").header("authorization", format!("Bearer {token}"));
        let response = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        let agreement: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!((&agreement["origin"], &agreement["state"]), (&"in_house".into(), &"ended".into()), "{agreement}");
    })
    .await;
}
