//! The way in a second time, on both databases: a provider that was not admitted applies at the next opening with answers
//! that it has reviewed, and what comes in outside an opening's window is refused with the day or the deadline.

use jiff::civil::date;
use placewell_app::homes::admission::applying::{BeginApplication, SaveApplication};
use placewell_app::homes::admission::evaluating::{
    ConsensusSaid, DeclareInterest, OpenModeration, RecommendOutcome, SaveScores, StartEvaluations,
};
use placewell_app::homes::admission::outcome::{ConfirmOutcome, IssueLetter};
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::homes::admission::application::Part;
use placewell_domain::homes::admission::criteria::Question;
use placewell_domain::homes::admission::evaluation::Evaluation;
use placewell_domain::outcome::Refusal;
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, PRIYA, code, confirmed, filled, marks, perform, sending, waiting};

/// The application that is being scored fails on quality, and its outcome is final.
async fn not_admitted(given: &Given) -> Evaluation {
    let (app, of) = (&given.app, given.evaluation("scoring").await);
    let (id, version) = (of.id, of.version);
    for evaluator in waiting(given, &of).await {
        let declared = DeclareInterest { evaluation: id, conflict: false, words: String::new() };
        perform(app, &evaluator, declared).await.unwrap();
        let save = SaveScores { evaluation: id, version: 0, marks: marks(&of, 1), hand_in: true };
        perform(app, &evaluator, save).await.unwrap();
    }
    perform(app, &given.lead, OpenModeration { evaluation: id, version }).await.unwrap();
    let said = |question: &Question| ConsensusSaid {
        question: question.code.clone(),
        score: 1,
        reason: "No answer names who does what.".into(),
    };
    let consensus = of.criteria.quality.iter().map(said).collect();
    let recommended = RecommendOutcome {
        evaluation: id,
        version: version + 1,
        consensus,
        words: "Do not admit".into(),
        condition: None,
    };
    perform(app, &given.lead, recommended).await.unwrap();
    perform(app, &given.lead, IssueLetter { evaluation: id, version: version + 2 }).await.unwrap();
    given.move_to(date(2021, 9, 24).at(9, 0, 0, 0));
    perform(app, &given.lead, ConfirmOutcome { evaluation: id, version: version + 3 }).await.unwrap();
    given.again(&of).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_was_not_admitted_applies_at_the_next_opening_with_answers_that_it_has_reviewed() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let before = not_admitted(&given).await;
        assert_eq!(before.state.name(), "not_admitted");
        let provider = app.store.read(None).await.unwrap().organisation_by_id(before.provider).await.unwrap().code;
        let actor = given.actor(&format!("placements@{provider}.example")).await;
        let own = async |reference: &str| app.own_application(&actor, reference).await.unwrap();
        let told = own("AR-004").await;
        assert_eq!(told.letters.iter().map(|letter| letter.passes).collect::<Vec<_>>(), [false]);
        let first = told.sent.unwrap();

        let next = own("AR-005").await;
        assert_eq!((next.earlier.as_deref(), next.draft), (Some("AR-004"), None), "it may apply again");
        perform(app, &actor, BeginApplication { reference: "AR-005".into(), reuse: true }).await.unwrap();
        let draft = own("AR-005").await.draft.unwrap();
        assert_eq!(draft.carried.as_ref().unwrap().from, "AR-004");
        assert_eq!(draft.answers.selection, first.answers.selection, "the earlier declaration is taken over");
        let save = |version| SaveApplication {
            reference: "AR-005".into(),
            version,
            part: Part::Selection { answers: Box::new(draft.answers.selection.clone()) },
        };
        let version = draft.version;
        assert_eq!(code(perform(app, &actor, sending(version)).await), "declaration_not_reviewed");
        perform(app, &actor, save(version)).await.unwrap();
        let unread = perform(app, &actor, sending(version + 1)).await;
        assert_eq!(code(unread), "declaration_not_reviewed", "saving it is not reviewing it");
        confirmed(app, &actor).await;
        perform(app, &actor, sending(version + 2)).await.unwrap();
        let second = own("AR-005").await.sent.unwrap();
        assert!(second.counts() && second.id != first.id);
        assert_eq!(second.answers.selection, first.answers.selection);
        assert_eq!(own("AR-004").await.sent.unwrap(), first, "what was sent before stays as it was");

        let closes = own("AR-005").await.public.opening.plan.closes;
        given.move_to(closes.saturating_add(jiff::Span::new().seconds(1)));
        let evaluators = vec![PRIYA.to_owned(), "director@shropshire.example".to_owned()];
        let start = StartEvaluations { reference: "AR-005".into(), evaluators };
        perform(app, &given.lead, start).await.unwrap();
        let all = app.evaluations(&given.lead).await.unwrap();
        let of_it = all.iter().filter(|one| one.provider == before.provider);
        let mut stand: Vec<_> = of_it.map(|one| (one.opening_reference.as_str(), one.state.name())).collect();
        stand.sort_unstable();
        assert_eq!(stand, [("AR-004", "not_admitted"), ("AR-005", "gates")], "each opening has its own record");
    })
    .await;
}

fn refusal(answer: Answer<Receipt>) -> Refusal {
    match answer {
        Err(Outcome::Refused(refusal)) => *refusal,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_outside_the_window_is_refused_with_the_day_it_opens_or_the_deadline_that_has_passed() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (actor, version) = filled(&given).await;
        let begin = BeginApplication { reference: "AR-006".into(), reuse: false };
        let early = refusal(perform(&given.app, &actor, begin).await);
        assert_eq!(
            (early.code.as_str(), early.sentence.as_str()),
            ("opening_not_open", "AR-006 opens on 1 October 2021.")
        );
        perform(&given.app, &actor, sending(version)).await.unwrap();
        given.move_to(date(2021, 9, 24).at(12, 0, 1, 0));
        let late = refusal(perform(&given.app, &actor, sending(version)).await);
        assert_eq!((late.code.as_str(), late.value.as_str()), ("deadline_passed", "deadline 24 September 2021, 12:00"));
    })
    .await;
}
