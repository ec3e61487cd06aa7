//! The operator's administrators invite the first person of an organisation that has nobody; nobody else invites elsewhere.

use placewell_app::office::organisation::NewOrganisation;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_testkit::databases::both;
use serde_json::json;

use super::Region;

/// The first person of an organisation that has nobody.
pub(super) async fn invited(region: &Region) {
    for (code, kind) in [("elm-care", OrganisationKind::Provider), ("SHR", OrganisationKind::Authority)] {
        let new = NewOrganisation {
            code: code.to_owned(),
            name: format!("{code} (invented)"),
            kind,
            area: (code == "SHR").then(|| "E06000051".to_owned()),
            placing_body: None,
            people: Vec::new(),
        };
        region.app.make_organisation(&new).await.unwrap();
    }
    let invitation = |to: &str, role: &str| {
        json!({
            "name": "A Khan", "email": "a.khan@beech.example", "role": role, "title": "Manager", "organisation": to
        })
    };
    let path = "/api/v1/people/invitations";
    let operator = region.caller("operator", Role::Administrator).await;
    operator.post(path, &[], &invitation("elm-care", "provider_manager")).await.is(201);
    for (code, role) in [
        ("beech-care", "provider_manager"),
        ("HEF", "administrator"),
        ("HEF", "placement_officer"),
        ("SHR", "placement_officer"),
    ] {
        let refused = operator.post(path, &[], &invitation(code, role)).await;
        assert_eq!(refused.problem(), (409, "invites_its_own"), "{code}, {role}");
    }
    operator.post(path, &[], &invitation("SHR", "administrator")).await.is(201);
    let wrong = operator.post(path, &[], &invitation("beech-care", "placement_officer")).await;
    assert_eq!((wrong.problem(), &wrong.json["errors"][0]["field"]), ((422, "invalid"), &json!("role")));
    let nowhere = operator.post(path, &[], &invitation("nowhere", "provider_manager")).await;
    assert_eq!(nowhere.json["errors"][0]["field"], "organisation");
    for (code, role) in [("HEF", Role::Administrator), ("oak-lane-care", Role::ProviderManager)] {
        let own = region.caller(code, role).await;
        let elsewhere = own.post(path, &[], &invitation("beech-care", "provider_manager")).await;
        assert_eq!(elsewhere.json["errors"][0]["field"], "organisation", "{code}");
    }
    let app = &region.app;
    for (code, invited) in [("elm-care", 1), ("SHR", 1), ("beech-care", 0), ("operator", 0), ("HEF", 0)] {
        let id = app.visit().await.unwrap().organisation_by_code(code).await.unwrap().id;
        let session = app.store.read(Some(id)).await.unwrap();
        assert_eq!(session.welcomes(id).await.unwrap().len(), invited, "{code}");
    }
}

#[tokio::test]
async fn the_operator_invites_the_first_person_of_an_organisation_and_everybody_else_to_their_own() {
    both(async |database| invited(&Region::make(&database).await).await).await;
}
