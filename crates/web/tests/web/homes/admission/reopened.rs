//! What an upheld challenge opens again, by form and by program: the answer names it, homes are judged anew while the scores
//! stand, and the provider reads what is opened.

use axum::http::StatusCode;
use placewell_testkit::databases::both_filled;
use serde_json::json;

use super::{Given, LEAD};

const ANSWER: &str = "The report was read as that of another home.";

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_to_a_challenge_names_what_is_opened_and_homes_are_judged_anew_while_the_scores_stand() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let lead = given.app.actor_by_email(LEAD).await.unwrap();
        let all = given.app.evaluations(&lead).await.unwrap();
        let told = all.into_iter().find(|one| one.state.name() == "standstill").unwrap();
        let (page, record) = (format!("/region/evaluations/{}", told.id), format!("/api/v1/evaluations/{}", told.id));
        let (region, program) = (given.client(LEAD).await, given.caller(LEAD).await);

        let shown = region.get(&page).await;
        for choice in ["Not upheld", "Upheld. The gates:", "Upheld. The homes:", "Upheld. The scores:"] {
            assert!(shown.body.contains(choice), "{choice}: {}", shown.words("main"));
        }
        let answer = format!("{page}/challenge");
        let silent = region.submit(&page, &answer, &[("words", ANSWER)]).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            silent.body.contains("Select whether it is upheld, and what is opened again"),
            "{}",
            silent.words("main")
        );
        for unclear in [
            json!({ "upheld": true, "words": ANSWER }),
            json!({ "upheld": false, "reopens": "homes", "words": ANSWER }),
        ] {
            let reply = program.change(&record, "challenge/answer", &unclear).await;
            assert_eq!((reply.problem().0, &reply.json["errors"][0]["field"]), (422, &json!("reopens")), "{unclear}");
        }
        let upheld = region.submit(&page, &answer, &[("upheld", "homes"), ("words", ANSWER)]).await;
        assert_eq!(upheld.status, StatusCode::SEE_OTHER, "{}", upheld.words("main"));

        let asks = region.get(&page).await;
        assert!(asks.body.contains("Judge the homes anew"), "{}", asks.words("main"));
        assert!(!asks.body.contains("Judge the gates") && !asks.body.contains("q1_score"), "all else stands");
        let early = json!({ "consensus": [], "words": "Admit", "condition": null });
        assert_eq!(program.change(&record, "recommendation", &early).await.problem(), (409, "homes_not_judged"));
        let found = given.app.evaluation_page(&lead, told.id).await.unwrap().homes;
        let verdicts: Vec<_> = found
            .iter()
            .map(|one| json!({ "code": format!("{}_{}", one.urn, one.lot), "passed": one.met, "words": "As found" }))
            .collect();
        program.change(&record, "homes", &json!({ "verdicts": verdicts })).await.is(200);

        let stands = region.get(&page).await;
        assert!(stands.body.contains("Recommend anew: the consensus stands"), "{}", stands.words("main"));
        assert!(!stands.body.contains("q1_score"), "no score is asked for");
        let recommended = region.submit(&page, &format!("{page}/recommend"), &[("words", "Admit")]).await;
        assert_eq!(recommended.status, StatusCode::SEE_OTHER, "{}", recommended.words("main"));
        program.change(&record, "letter", &json!({})).await.is(200);

        let session = given.app.store.read(None).await.unwrap();
        let provider = session.organisation_by_id(told.provider).await.unwrap().code;
        drop(session);
        let own = given.client(&format!("placements@{provider}.example")).await;
        let read = own.get(&format!("/provider/admission/{}", told.opening_reference)).await;
        assert!(read.body.contains("Upheld. Opened again: The homes"), "{}", read.words("main"));
    })
    .await;
}
