//! A score outside its scale, by form and by program, of an evaluator and of the panel's consensus: the answer names the
//! question and the scale, and nothing is written.

use axum::http::{Method, StatusCode};
use placewell_app::homes::admission::evaluating::{DeclareInterest, OpenModeration, SaveScores};
use placewell_domain::homes::admission::criteria::Question;
use placewell_domain::homes::admission::evaluation::Evaluation;
use placewell_domain::homes::admission::score::{Mark, Sheet};
use placewell_testkit::databases::both_filled;
use serde_json::{Value, json};

use super::seat::evaluation;
use super::{Given, LEAD};
use crate::api::caller::{Caller, Reply};

const PRIYA: &str = "priya.shah@herefordshire.example";
/// What a form can hold that is no score from 0 to 5.
const TYPED: [&str; 6] = ["6", "-1", "abc", "3.5", "256", "5 of 5"];
const SAYS: &str = "Give a score from 0 to 5";

/// The one that waits for scores, once all four have handed theirs in and they are open to the panel.
async fn moderated(given: &Given) -> Evaluation {
    let (app, of) = (&given.app, evaluation(given, "scoring").await);
    for (at, member) in of.panel.iter().enumerate() {
        let session = app.store.read(None).await.unwrap();
        let email = session.person_email(member.person).await.unwrap();
        drop(session);
        let actor = app.actor_by_email(&email).await.unwrap();
        if app.scoring_page(&actor, of.id).await.unwrap().own.is_some_and(|sheet| sheet.handed_in.is_some()) {
            continue;
        }
        let declare = DeclareInterest { evaluation: of.id, conflict: false, words: String::new() };
        app.perform(&actor, &format!("declare {at}"), declare).await.unwrap();
        let mark = |question: &Question| Mark {
            question: question.code.clone(),
            score: Some(4),
            comment: "As the returns show".to_owned(),
        };
        let marks = of.criteria.quality.iter().map(mark).collect();
        let scores = SaveScores { evaluation: of.id, version: 0, marks, hand_in: true };
        app.perform(&actor, &format!("scores {at}"), scores).await.unwrap();
    }
    let lead = app.actor_by_email(LEAD).await.unwrap();
    let open = OpenModeration { evaluation: of.id, version: of.version };
    app.perform(&lead, "open", open).await.unwrap();
    evaluation(given, "moderating").await
}

/// Priya's own scores of an application.
async fn own_sheet(given: &Given, of: &Evaluation) -> Option<Sheet> {
    let priya = given.app.actor_by_email(PRIYA).await.unwrap();
    given.app.scoring_page(&priya, of.id).await.unwrap().own
}

/// A form with a 4 for each question but the first.
fn form(of: &Evaluation, first: &str, word: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    for (at, question) in of.criteria.quality.iter().enumerate() {
        let score = if at == 0 { first } else { "4" };
        fields.push((format!("{}_score", question.code), score.to_owned()));
        fields.push((format!("{}_{word}", question.code), "Names who does what.".to_owned()));
    }
    fields
}

fn borrowed<'a>(fields: &'a [(String, String)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more.iter().copied()).collect()
}

/// The same as a list of a body.
fn list(of: &Evaluation, first: &Value, word: &str) -> Value {
    let one = |(at, question): (usize, &Question)| {
        let score = if at == 0 { first.clone() } else { json!(4) };
        json!({ "question": question.code, "score": score, word: "Names who does what." })
    };
    of.criteria.quality.iter().enumerate().map(one).collect()
}

async fn send(caller: &Caller, (method, path): (Method, &str), version: i64, body: &Value) -> Reply {
    let tag = format!("\"{version}\"");
    let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
    caller.send(method, path, &headers, body.to_string()).await
}

/// Each body that holds no score from 0 to 5 is refused: one of another kind by its field, one beyond the scale by the rule.
async fn refused(caller: &Caller, at: (Method, &str), version: i64, (field, body): (&str, impl Fn(&Value) -> Value)) {
    for wrong in [json!(-1), json!("abc"), json!("4"), json!(3.5), json!(256), json!([4])] {
        let reply = send(caller, (at.0.clone(), at.1), version, &body(&wrong)).await;
        assert_eq!(reply.problem(), (422, "invalid"), "{wrong}");
        assert_eq!(reply.json["errors"][0]["field"], field, "{wrong}");
        let words = format!("found {wrong}, send a whole number of the scale, from 0 to 5");
        assert!(reply.json["errors"][0]["message"].as_str().unwrap().ends_with(&words), "{:#}", reply.json);
    }
    let beyond = send(caller, at, version, &body(&json!(6))).await;
    assert_eq!(beyond.problem(), (409, "score_outside_scale"));
    assert_eq!((&beyond.json["detail"], &beyond.json["value"]), (&json!("A score goes from 0 to 5."), &json!("q1: 6")));
    assert_eq!(beyond.json["who_can_change"], "You, by giving a score of the scale");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evaluator_s_score_outside_its_scale_is_named_and_nothing_is_written() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let of = evaluation(&given, "scoring").await;
        let (own, scores) = (format!("/evaluations/{}", of.id), format!("/evaluations/{}/scores", of.id));
        let priya = given.client(PRIYA).await;
        let declared = priya.submit(&own, &format!("{own}/declare"), &[("conflict", "no")]).await;
        assert_eq!(declared.status, StatusCode::SEE_OTHER, "{}", declared.h1());
        for wrong in TYPED {
            for hand_in in ["yes", "no"] {
                let fields = form(&of, wrong, "comment");
                let sent = priya.submit(&own, &scores, &borrowed(&fields, &[("hand_in", hand_in)])).await;
                assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {}", sent.h1());
                assert!(sent.body.contains("href=\"#q1_score"), "{wrong}: {}", sent.words("main"));
                assert!(sent.body.contains(SAYS), "{wrong}: {}", sent.words("main"));
                assert!(sent.body.contains("Names who does what."), "what was typed is kept");
                assert_eq!(own_sheet(&given, &of).await, None, "{wrong}");
            }
        }
        let program = given.caller(PRIYA).await;
        let path = format!("/api/v1{scores}");
        let body = |first: &Value| json!({ "marks": list(&of, first, "comment"), "hand_in": true });
        refused(&program, (Method::PUT, &path), 0, ("marks[0].score", body)).await;
        assert_eq!(own_sheet(&given, &of).await, None);

        let unfinished = json!({ "marks": list(&of, &Value::Null, "comment"), "hand_in": false });
        send(&program, (Method::PUT, &path), 0, &unfinished).await.is(200);
        let kept = own_sheet(&given, &of).await.unwrap();
        assert_eq!((kept.version, kept.marks[0].score, kept.marks[1].score), (1, None, Some(4)));
        let fields = form(&of, "6", "comment");
        priya.submit(&own, &scores, &borrowed(&fields, &[("hand_in", "yes")])).await;
        refused(&program, (Method::PUT, &path), 1, ("marks[0].score", body)).await;
        assert_eq!(own_sheet(&given, &of).await, Some(kept), "what was kept before stays");
        for (version, end) in [(1, "0"), (2, "5")] {
            let fields = form(&of, end, "comment");
            let sent = priya.submit(&own, &scores, &borrowed(&fields, &[("hand_in", "no")])).await;
            assert_eq!(sent.status, StatusCode::SEE_OTHER, "{end}: {}", sent.h1());
            assert_eq!(own_sheet(&given, &of).await.unwrap().version, version + 1, "{end} is on the scale");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consensus_outside_its_scale_is_named_and_nothing_is_recommended() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let of = moderated(&given).await;
        let record = format!("/region/evaluations/{}", of.id);
        let (lead, program) = (given.client(LEAD).await, given.caller(LEAD).await);
        for wrong in TYPED {
            let fields = form(&of, wrong, "reason");
            let fields = borrowed(&fields, &[("words", "Admit")]);
            let sent = lead.submit(&record, &format!("{record}/recommend"), &fields).await;
            assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}: {}", sent.h1());
            assert!(sent.body.contains("href=\"#q1_score"), "{wrong}: {}", sent.words("main"));
            assert!(sent.body.contains(SAYS), "{wrong}: {}", sent.words("main"));
        }
        let path = format!("/api/v1/evaluations/{}/recommendation", of.id);
        let body =
            |first: &Value| json!({ "consensus": list(&of, first, "reason"), "words": "Admit", "condition": null });
        refused(&program, (Method::POST, &path), of.version, ("consensus[0].score", body)).await;
        assert_eq!(evaluation(&given, "moderating").await, of, "nothing is recommended");
    })
    .await;
}
