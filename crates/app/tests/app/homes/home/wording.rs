//! Wording that a provider saves for the offers of a home: about the home alone, its own people's alone, and gone once it is
//! taken out.

use placewell_app::placing::offer::wording::SaveWording;
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::homes::home::Need;
use placewell_domain::id::OrganisationId;
use placewell_domain::office::access::Role;
use placewell_testkit::databases::both;

use super::keep::{actor, given};

const WORDS: &str = "Staff know whom to ring, and look for the child themselves.";

fn save(words: &str) -> SaveWording {
    SaveWording { urn: "SC400001".into(), need: Need::GoingMissing, words: words.into(), confirmed: true }
}

fn fields(answer: Answer<Receipt>) -> Vec<String> {
    match answer {
        Err(Outcome::Invalid(invalid)) => invalid.errors.into_iter().map(|error| error.field).collect(),
        other => panic!("not invalid: {other:?}"),
    }
}

#[tokio::test]
async fn v_04_wording_of_a_home_is_saved_replaced_and_taken_out_for_good() {
    both(async |database| {
        let app = given(&database).await;
        let own = actor(2, Role::ProviderManager);
        let unread = SaveWording { confirmed: false, ..save(WORDS) };
        assert_eq!(fields(app.perform(&own, "w1", unread).await), ["confirmed"]);
        let postcode = app.perform(&own, "w2", save("We fetch the child from HR9 5AB.")).await;
        assert_eq!(fields(postcode), ["words"], "nobody confirms it away");
        assert_eq!(fields(app.perform(&own, "w3", save(" ")).await), ["words"], "there is nothing to take out");
        let foreign = app.perform(&actor(3, Role::ProviderManager), "w4", save(WORDS)).await;
        assert!(matches!(foreign, Err(Outcome::NotFound)), "{foreign:?}");

        app.perform(&own, "w5", save("Staff wait for the child.")).await.unwrap();
        app.perform(&own, "w6", save(WORDS)).await.unwrap();
        let (_, saved) = app.own_wordings(&own, "SC400001").await.unwrap();
        assert_eq!(
            saved.iter().map(|one| (one.need, one.words.as_str())).collect::<Vec<_>>(),
            [(Need::GoingMissing, WORDS)]
        );
        let rows = database.rows().await.into_iter().find(|(table, _)| table == "home_wording").unwrap().1;
        let rows = String::from_utf8_lossy(&rows);
        assert!(rows.contains(WORDS) && !rows.contains("Staff wait"), "no earlier version stays: {rows}");
        let session = app.store.read(Some(OrganisationId(2))).await.unwrap();
        let events = format!("{:?}", session.events_after(OrganisationId(2), 0, 100).await.unwrap());
        assert!(events.contains("offer.wording_saved") && !events.contains("Staff"), "{events}");
        drop(session);

        app.perform(&own, "w7", save("")).await.unwrap();
        let (_, none) = app.own_wordings(&own, "SC400001").await.unwrap();
        assert!(none.is_empty(), "{none:?}");
        let other = app.own_wordings(&actor(3, Role::ProviderManager), "SC400001").await;
        assert!(matches!(other, Err(Outcome::NotFound)), "{other:?}");
        assert_eq!(app.store.verify().await.unwrap().faults, []);
    })
    .await;
}
