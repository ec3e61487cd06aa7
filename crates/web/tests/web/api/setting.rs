//! Settings over JSON: read by those who may, changed by those who keep them, from a date on and from what was read.

use placewell_app::Outcome;
use placewell_domain::office::access::Role;
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::databases::both;
use serde_json::json;

use super::Region;

const PATH: &str = "/api/v1/settings/call_in.working_days";

/// A setting of an authority, by its keeper.
pub(super) async fn changed(region: &Region) {
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
}

#[tokio::test]
async fn a_setting_is_changed_by_its_keeper_from_a_date_on() {
    both(async |database| changed(&Region::make(&database).await).await).await;
}

#[tokio::test]
async fn a_setting_of_the_whole_system_is_the_operator_s_to_change_and_holds_for_everybody() {
    both(async |database| {
        let region = Region::make(&database).await;
        let path = "/api/v1/settings/token.longest";
        let operator = region.caller("operator", Role::Administrator).await;
        let officer = region.caller("HEF", Role::PlacementOfficer).await;
        let read = operator.get(path).await.is(200);
        assert_eq!((&read.json["yours_to_change"], &read.json["today"]), (&json!(true), &json!("366 days")));
        assert_eq!(read.json["scope"], "The whole system, by its operator");

        let (change, tag) = (format!("{path}/change"), [("if-match", "\"0\"")]);
        let new = json!({"value": "30", "from": "2021-09-13"});
        for (code, role) in
            [("HEF", Role::Administrator), ("region", Role::Administrator), ("region", Role::CommissioningLead)]
        {
            let other = region.caller(code, role).await;
            assert_eq!(other.get(path).await.is(200).json["yours_to_change"], false, "{code}");
            assert_eq!(other.post(&change, &tag, &new).await.problem(), (403, "forbidden"), "{code}");
        }
        let wrong = json!({"value": "0", "from": "2021-09-13"});
        assert_eq!(operator.post(&change, &tag, &wrong).await.problem(), (422, "invalid"));
        operator.post(&change, &tag, &new).await.is(200);
        assert_eq!(officer.get(path).await.is(200).json["today"], "30 days", "an authority's people read it too");

        let actor = region.app.actor_by_email("placement_officer@HEF.example").await.unwrap();
        let scope = TokenScope::Reading;
        let refused = region.app.create_token(&actor, "long", 31, &scope).await.unwrap_err();
        let Outcome::Invalid(invalid) = refused else { panic!("{refused:?}") };
        assert_eq!(invalid.errors[0].message, "Enter for how many days it holds, from 1 to 30");
        region.app.create_token(&actor, "short", 30, &scope).await.unwrap();
        // An authority's administrator keeps no setting of an authority's own by that.
        let administrator = region.caller("HEF", Role::Administrator).await;
        assert_eq!(
            administrator.post(&format!("{PATH}/change"), &tag, &new).await.problem(),
            (403, "forbidden"),
            "call-in is democratic services' to keep"
        );
    })
    .await;
}
