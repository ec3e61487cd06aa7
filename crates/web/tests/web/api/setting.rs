//! Settings over JSON: read by those who may, changed by those who keep them, from a date on and from what was read.

use placewell_domain::office::access::Role;
use placewell_testkit::databases::both;
use serde_json::json;

use super::Region;

const PATH: &str = "/api/v1/settings/call_in.working_days";

#[tokio::test]
async fn a_setting_is_changed_by_its_keeper_from_a_date_on() {
    both(async |database| {
        let region = Region::make(&database).await;
        let keeper = region.caller("HEF", Role::DemocraticServices).await;
        let list = keeper.get("/api/v1/settings").await.is(200);
        let names: Vec<_> = list.json["items"].as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        assert!(names.contains(&json!("call_in.working_days")), "{names:?}");
        let read = keeper.get(PATH).await.is(200);
        assert_eq!((read.header("etag"), &read.json["by_default"]), ("\"0\"", &json!(true)));

        let change = json!({"value": "6", "from": "2021-10-01"});
        let path = format!("{PATH}/change");
        assert_eq!(keeper.post(&path, &[], &change).await.problem(), (428, "version_needed"));
        let officer = region.caller("HEF", Role::PlacementOfficer).await;
        assert_eq!(officer.post(&path, &[("if-match", "\"0\"")], &change).await.problem(), (403, "forbidden"));
        let past = json!({"value": "6", "from": "2021-09-01"});
        assert_eq!(keeper.post(&path, &[("if-match", "\"0\"")], &past).await.problem(), (422, "invalid"));
        keeper.post(&path, &[("if-match", "\"0\"")], &change).await.is(200);

        let again = keeper.get(PATH).await.is(200);
        assert_eq!((again.header("etag"), &again.json["facts"][0]["from"]), ("\"1\"", &json!("2021-10-01")));
        assert_eq!(again.json["today"], read.json["today"], "a later value holds from its day");
        assert_eq!(keeper.post(&path, &[("if-match", "\"0\"")], &change).await.problem(), (412, "stale"));
    })
    .await;
}

#[tokio::test]
async fn an_administrator_sees_the_jobs_and_nobody_else_does() {
    both(async |database| {
        let region = Region::make(&database).await;
        let administrator = region.caller("HEF", Role::Administrator).await;
        assert!(administrator.get("/api/v1/jobs").await.is(200).json["items"].is_array());
        assert_eq!(
            administrator.post("/api/v1/jobs/999999/retry", &[], &json!({})).await.problem(),
            (404, "not_found")
        );
        let officer = region.caller("HEF", Role::PlacementOfficer).await;
        assert_eq!(officer.get("/api/v1/jobs").await.problem(), (403, "forbidden"));
    })
    .await;
}
