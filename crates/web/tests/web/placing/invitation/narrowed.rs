//! A provider's token that is narrowed to one of its homes: it reaches what that home is asked and nothing of the others.

use std::sync::Arc;

use placewell_app::Outcome;
use placewell_domain::office::person::session::TokenScope;
use placewell_testkit::databases::both;
use placewell_web::{Web, router};
use serde_json::json;

use super::super::referral::{Given, given, home, invitation_of};
use crate::api::caller::Caller;

async fn caller(given: &Given, scope: &str) -> Caller {
    let scope = TokenScope::read(scope).unwrap();
    let token = given.app.create_token(&given.people[1], "one home", 1, &scope).await.unwrap();
    Caller::new(router(Web::new(Arc::clone(&given.app), "http://localhost").await.unwrap()), &token)
}

#[tokio::test]
async fn a_token_for_one_home_reaches_that_home_alone_and_no_further_than_its_scope() {
    both(async |database| {
        let given = given(&database).await;
        let region = given.app.actor_by_email("region@example.org").await.unwrap();
        home(&given.app, region.organisation, given.people[1].organisation, 3, true).await;
        let asked = format!("/api/v1/invitations/{}", invitation_of(&given, 1).await);
        let (own, other) =
            (caller(&given, "everything at SC400001").await, caller(&given, "everything at SC400003").await);
        own.get(&asked).await.is(200);
        let all = own.get("/api/v1/invitations").await.is(200);
        assert_eq!(all.json["items"].as_array().unwrap().len(), 1, "{}", all.json);
        own.get("/api/v1/provider/homes/SC400001/why").await.is(200);
        assert_eq!(own.get("/api/v1/provider/homes/SC400003/why").await.problem(), (404, "not_found"));
        for path in ["/api/v1/own-homes", "/api/v1/agreements"] {
            assert_eq!(own.get(path).await.problem(), (409, "token_of_one_home"), "{path}");
        }

        assert_eq!(other.get(&asked).await.problem(), (404, "not_found"), "what another home was asked");
        let none = other.get("/api/v1/invitations").await.is(200);
        assert_eq!(none.json["items"], json!([]));
        let decline = json!({"reason": "no_staffed_bed"});
        assert_eq!(other.post(&format!("{asked}/decline"), &[], &decline).await.problem(), (404, "not_found"));

        let reading = caller(&given, "reading at SC400001").await;
        reading.get(&asked).await.is(200);
        assert_eq!(reading.post(&format!("{asked}/decline"), &[], &decline).await.problem().0, 403);
        own.post(&format!("{asked}/decline"), &[], &decline).await.is(200);

        let rival = TokenScope::read("reading at SC400002").unwrap();
        for (actor, scope) in [(&given.people[1], &rival), (&given.people[0], &rival)] {
            let refused = given.app.create_token(actor, "another's", 1, scope).await;
            assert!(matches!(refused, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "home"));
        }
    })
    .await;
}
