//! Whoever works as the lead by a cover alone reads what waits for a decision, and is shown no form of one.

use axum::http::StatusCode;
use placewell_app::homes::admission::outcome::AnswerChallenge;
use placewell_app::office::access::cover::ArrangeCover;
use placewell_domain::office::access::Role;
use placewell_domain::office::access::cover::CoverReason;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;

use super::Given;

const ANALYST: &str = "grace.marchment@west-midlands-team.example";
const ADMITS: &str = "Somebody who has the role without a cover admits without one.";
const PRICES: &str = "Somebody who has the role without a cover changes a price that stands.";
const SAYS: &str = "You cover this role. Somebody who has it without a cover decides.";

/// A colleague who covers the lead today.
async fn covering(given: &Given) -> Actor {
    let (app, lead) = (&given.app, &given.lead);
    let covering = app.actor_by_email(ANALYST).await.unwrap().person;
    let (role, from, reason) = (Role::CommissioningLead, app.calendar.now().today(), CoverReason::Leave);
    let cover = ArrangeCover { absent: lead.person.0, covering: covering.0, role, from, last: from, reason };
    app.perform(lead, "cover", cover).await.unwrap();
    let roles = app.roles_of(covering).await.unwrap();
    roles.into_iter().find(|one| one.actor.role == role).unwrap().actor
}

/// The address of an outcome that waits for nothing but to be made final.
async fn outcome(given: &Given) -> String {
    let all = given.app.evaluations(&given.lead).await.unwrap();
    let of = all.into_iter().find(|one| one.opening_reference == "AR-004" && one.state.name() == "standstill").unwrap();
    let words = "The panel read the right template.".to_owned();
    let answer = AnswerChallenge { evaluation: of.id, version: of.version, reopens: None, words };
    given.app.perform(&given.lead, "answer", answer).await.unwrap();
    format!("/region/evaluations/{}", of.id)
}

/// The address of a rise that waits to be decided.
async fn rise(given: &Given) -> String {
    let (manager, new) = (given.client(&given.manager).await, "/provider/uplifts/new");
    let page = manager.get(new).await;
    let price = page.body.split("value=\"SC").last().and_then(|rest| rest.split('"').next()).unwrap();
    let price = format!("SC{price}");
    let fields = [("price", price.as_str()), ("basis", "formula"), ("percent", "0.5"), ("from", "2021-12-01")];
    let sent = manager.submit(new, new, &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{price}: {}", sent.words("main"));
    let rises = given.app.uplifts(&given.lead).await.unwrap();
    format!("/region/uplifts/{}", rises.iter().find(|(one, _)| one.waits()).unwrap().0.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_covers_the_lead_is_shown_which_part_of_a_form_another_decides() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let all = app.evaluations(lead).await.unwrap();
        let waits = all.iter().find(|one| one.opening_reference == "AR-004" && one.state.name() == "standstill");
        let providers = app.region_providers(lead).await.unwrap();
        let provider = providers.iter().find(|one| one.open_homes() > 0).unwrap();
        let challenge = format!("/region/evaluations/{}", waits.unwrap().id);
        let price = format!("/region/homes/{}/price", provider.homes[0].urn);
        let pages = [
            (challenge.clone(), format!("\"{challenge}/challenge\""), SAYS),
            (format!("/region/providers/{}/admit", provider.provider.code), "name=\"exception\"".to_owned(), ADMITS),
            (price, String::new(), PRICES),
        ];
        let lent = covering(&given).await;
        let (own, lent) = (given.client(lead).await, given.client(&lent).await);
        for (page, part, says) in pages {
            let (shown, read) = (own.get(&page).await, lent.get(&page).await);
            assert_eq!(read.status, StatusCode::OK, "{page}: {}", read.h1());
            assert!(read.body.contains(says) && !shown.body.contains(says), "{page}: {}", read.words("main"));
            if !part.is_empty() {
                assert!(shown.body.contains(&part) && !read.body.contains(&part), "{page}: {}", read.words("main"));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_covers_the_lead_is_shown_no_form_of_what_they_may_not_decide() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let measures = given.app.region_measures(&given.lead).await.unwrap();
        let measure = |state: &str| {
            let id = measures.iter().find(|one| one.state.name() == state).unwrap().id;
            format!("/region/standing/{id}")
        };
        let decided = [
            (measure("proposed"), vec!["confirm", "drop"]),
            (measure("confirmed"), vec!["reinstate"]),
            (rise(&given).await, vec!["decide"]),
            (outcome(&given).await, vec!["confirm"]),
        ];
        let lent = covering(&given).await;
        let (own, lent) = (given.client(&given.lead).await, given.client(&lent).await);
        for (page, acts) in decided {
            let (shown, read) = (own.get(&page).await, lent.get(&page).await);
            assert_eq!(read.status, StatusCode::OK, "{page}: {}", read.h1());
            assert!(read.body.contains(SAYS), "{page}: {}", read.words("main"));
            assert!(!shown.body.contains(SAYS), "{page}: {}", shown.words("main"));
            for act in acts {
                let form = format!("\"{page}/{act}\"");
                assert!(shown.body.contains(&form), "{form}: {}", shown.words("main"));
                assert!(!read.body.contains(&form), "{form}: {}", read.words("main"));
            }
        }
    })
    .await;
}
