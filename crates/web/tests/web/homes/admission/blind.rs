//! Scores are blind before moderation is open, over every page, operation, record, feed and file that somebody else may ask
//! for: another evaluator of the same authority, another authority's, one of no panel, the lead. What is looked for is found
//! where its author asks, and where the lead asks once moderation is open.

use axum::http::StatusCode;
use placewell_app::homes::admission::evaluating::{DeclareInterest, NameEvaluator, OpenModeration, SaveScores};
use placewell_app::homes::admission::seat::ReleaseEvaluator;
use placewell_domain::homes::admission::evaluation::Evaluation;
use placewell_domain::homes::admission::score::{Mark, ReleaseReason};
use placewell_testkit::databases::both_filled;

use super::{Given, LEAD};

const PRIYA: &str = "priya.shah@herefordshire.example";
const COLLEAGUE: &str = "amir.hallowes@herefordshire.example";
const SHROPSHIRE: &str = "placements1@shropshire.example";
const WALSALL: &str = "director@walsall.example";
const RELEASED: &str = "Qzreleased saw no plan for the night";
const COLLEAGUES: &str = "Qzcolleague saw a plan for the night";

/// Every address that tells of an evaluation, of its sheets, or of what an organisation did.
fn pages(of: &Evaluation, sheet: i64) -> Vec<String> {
    let id = of.id;
    vec![
        "/evaluations".to_owned(),
        format!("/evaluations/{id}"),
        "/region/evaluations".to_owned(),
        "/region/evaluations.csv".to_owned(),
        format!("/region/evaluations/{id}"),
        "/record".to_owned(),
        "/record.csv".to_owned(),
        "/record.jsonl".to_owned(),
        format!("/record/of/evaluation/{id}"),
        format!("/record/of/score_sheet/{sheet}"),
    ]
}

fn operations(of: &Evaluation, sheet: i64) -> Vec<String> {
    let id = of.id;
    vec![
        "/api/v1/evaluations".to_owned(),
        format!("/api/v1/evaluations/{id}"),
        format!("/api/v1/evaluations/{id}/doubts"),
        "/api/v1/events".to_owned(),
        format!("/api/v1/events/evaluation/{id}"),
        format!("/api/v1/events/score_sheet/{sheet}"),
    ]
}

/// The addresses at which somebody reads these words; and at how many they read anything.
async fn found(given: &Given, email: &str, words: &str, (of, sheet): (&Evaluation, i64)) -> (Vec<String>, usize) {
    let (client, caller) = (given.client(email).await, given.caller(email).await);
    let (mut at, mut answered) = (Vec::new(), 0);
    for path in pages(of, sheet) {
        let page = client.get(&path).await;
        answered += usize::from(page.status == StatusCode::OK);
        if String::from_utf8_lossy(&page.bytes).contains(words) || page.body.contains(words) {
            at.push(path);
        }
    }
    for path in operations(of, sheet) {
        let reply = caller.get(&path).await;
        answered += usize::from(reply.status == StatusCode::OK);
        if String::from_utf8_lossy(&reply.bytes).contains(words) || reply.json.to_string().contains(words) {
            at.push(path);
        }
    }
    (at, answered)
}

async fn blind(given: &Given, words: &str, readers: &[&str], of: (&Evaluation, i64)) {
    for email in readers {
        let (at, answered) = found(given, email, words, of).await;
        assert!(at.is_empty(), "{email} reads what {words} at {at:?}");
        assert!(answered >= 5, "{email} was answered at {answered} addresses only");
    }
}

async fn perform<C: placewell_app::Command>(given: &Given, email: &str, command: C) {
    let actor = given.app.actor_by_email(email).await.unwrap();
    let key = placewell_app::office::person::random_text::<16>();
    given.app.perform(&actor, &key, command).await.unwrap();
}

/// Scores with these words beside each.
fn scores(of: &Evaluation, comment: &str, hand_in: bool) -> SaveScores {
    let mark = |code: &str| Mark { question: code.to_owned(), score: Some(4), comment: comment.to_owned() };
    let marks = of.criteria.quality.iter().map(|question| mark(&question.code)).collect();
    SaveScores { evaluation: of.id, version: 0, marks, hand_in }
}

/// The sheet of somebody, by its number.
async fn sheet(given: &Given, email: &str, of: &Evaluation) -> i64 {
    let actor = given.app.actor_by_email(email).await.unwrap();
    given.app.scoring_page(&actor, of.id).await.unwrap().own.unwrap().id
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_operation_record_feed_or_file_shows_scores_to_anybody_but_their_author_before_moderation() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let lead = given.app.actor_by_email(LEAD).await.unwrap();
        let all = given.app.evaluations(&lead).await.unwrap();
        let of = all.into_iter().find(|one| one.state.name() == "scoring").unwrap();
        let (evaluation, own) = (of.id, format!("/evaluations/{}", of.id));
        let declare = || DeclareInterest { evaluation, conflict: false, words: String::new() };
        let priya = given.app.actor_by_email(PRIYA).await.unwrap().person;

        perform(&given, PRIYA, declare()).await;
        perform(&given, PRIYA, scores(&of, RELEASED, false)).await;
        let hers = (&of, sheet(&given, PRIYA, &of).await);
        assert_eq!(found(&given, PRIYA, RELEASED, hers).await.0, std::slice::from_ref(&own), "her own page alone");
        blind(&given, RELEASED, &[COLLEAGUE, SHROPSHIRE, WALSALL, LEAD], hers).await;

        // Her seat is released, and her colleague takes it.
        let (version, reason) = (of.version, ReleaseReason::Left);
        perform(&given, LEAD, ReleaseEvaluator { evaluation, version, person: priya, reason }).await;
        let email = COLLEAGUE.to_owned();
        perform(&given, LEAD, NameEvaluator { evaluation, version: version + 1, email }).await;
        perform(&given, COLLEAGUE, declare()).await;
        blind(&given, RELEASED, &[COLLEAGUE, SHROPSHIRE, WALSALL, LEAD], hers).await;
        perform(&given, COLLEAGUE, scores(&of, COLLEAGUES, true)).await;
        let his = (&of, sheet(&given, COLLEAGUE, &of).await);
        assert_eq!(found(&given, COLLEAGUE, COLLEAGUES, his).await.0, [own], "his own page alone");
        perform(&given, SHROPSHIRE, declare()).await;
        perform(&given, SHROPSHIRE, scores(&of, "As the returns show", true)).await;
        blind(&given, COLLEAGUES, &[PRIYA, SHROPSHIRE, WALSALL, LEAD], his).await;
        assert!(
            !given
                .client(LEAD)
                .await
                .get(&format!("/region/evaluations/{evaluation}"))
                .await
                .body
                .contains("Scores from")
        );

        perform(&given, LEAD, OpenModeration { evaluation, version: version + 2 }).await;
        let (at, _) = found(&given, LEAD, COLLEAGUES, his).await;
        assert_eq!(at, [format!("/region/evaluations/{evaluation}")], "in moderation the lead reads them");
        blind(&given, RELEASED, &[COLLEAGUE, SHROPSHIRE, WALSALL, LEAD], hers).await;
    })
    .await;
}
