//! Recommending an offer that another beats on points, through the browser's eyes.

use axum::http::StatusCode;
use placewell_domain::placing::referral::Prices;

use super::super::world::both_made;
use super::{CEILING, answers, given, path, recommend};

/// What the page says where another offer has more points.
const BEHIND: &str = "This offer does not have the most points. Say why.";

#[tokio::test]
async fn rule_5_7_the_page_says_that_an_offer_does_not_have_the_most_points_and_asks_why() {
    both_made(3, CEILING, async |database| {
        let given = given(&database, &[4_321, 3_987], Prices::Open).await;
        let dearer = given.officer.get(&path("recommend?offer=1")).await;
        assert!(dearer.body.contains(BEHIND), "{}", dearer.words("main"));
        assert!(dearer.body.contains("The first day is charged, the last is not"), "what the price stands on");
        let cheaper = given.officer.get(&path("recommend?offer=2")).await;
        assert_eq!(cheaper.status, StatusCode::OK);
        assert!(!cheaper.body.contains(BEHIND), "{}", cheaper.words("main"));
        let all: Vec<_> = answers().into_iter().chain([("for_2", "")]).collect();
        let mut silent = all.clone();
        silent.retain(|(name, _)| *name != "circumstances");
        let again = recommend(&given, &silent).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.h1());
        assert!(again.body.contains("href=\"#circumstances\""), "the summary leads to the field: {}", again.body);
        let asked = recommend(&given, &all).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.h1());
        let record = given.director.get("/approvals/HEF-D-0001").await;
        for shown in
            ["Points of each offer", "Price of a week, against the lowest, of 15", "15.00", "All points, of 100"]
        {
            assert!(record.body.contains(shown), "{shown}: {}", record.words("main"));
        }
        let pack = given.director.get("/approvals/HEF-D-0001/pack.pdf").await;
        assert!(pack.bytes.starts_with(b"%PDF"), "{}", pack.status);
    })
    .await;
}
