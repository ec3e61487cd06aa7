//! The seat of an evaluator with a conflict of interest is passed on to a colleague of the same authority: who may take it, who
//! may not, and what stays blind and in the record.

use placewell_app::Outcome;
use placewell_app::homes::admission::evaluating::{DeclareInterest, NameEvaluator, OpenModeration, SaveScores};
use placewell_domain::homes::admission::evaluation::Evaluation;
use placewell_domain::homes::admission::score::Evaluator;
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, PRIYA, code, marks, perform, refused, waiting};

const COLLEAGUE: &str = "amir.hallowes@herefordshire.example";
const ANOTHER: &str = "helen.garraway@herefordshire.example";

fn declare(of: &Evaluation, conflict: bool) -> DeclareInterest {
    let words = if conflict { "A sister works there" } else { "" };
    DeclareInterest { evaluation: of.id, conflict, words: words.into() }
}

fn name(of: &Evaluation, email: &str) -> NameEvaluator {
    NameEvaluator { evaluation: of.id, version: of.version, email: email.into() }
}

fn hand_in(of: &Evaluation) -> SaveScores {
    SaveScores { evaluation: of.id, version: 0, marks: marks(of, 4), hand_in: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_of_the_same_authority_takes_the_seat_of_an_evaluator_with_a_conflict_and_scores_blind() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let scoring = given.evaluation("scoring").await;
        let priya = given.actor(PRIYA).await;
        let amir = given.actor(COLLEAGUE).await;
        assert_eq!(scoring.panel[0].person, priya.person);
        let named = async |of: &Evaluation, email: &str| perform(app, lead, name(of, email)).await;
        assert_eq!(code(named(&scoring, COLLEAGUE).await), "evaluators_of_one_authority", "she has declared nothing");
        perform(app, &priya, declare(&scoring, true)).await.unwrap();

        let session = app.store.read(None).await.unwrap();
        let scored = session.person_email(scoring.panel[2].person).await.unwrap();
        drop(session);
        assert_eq!(code(named(&scoring, PRIYA).await), "evaluator_conflict");
        assert_eq!(code(named(&scoring, &scored).await), "evaluator_named", "who has scored already");
        assert_eq!(code(named(&scoring, "nobody@herefordshire.example").await), "email");
        assert!(matches!(perform(app, &priya, name(&scoring, COLLEAGUE)).await, Err(Outcome::Forbidden(_))));
        assert!(matches!(perform(app, &amir, declare(&scoring, false)).await, Err(Outcome::NotFound)), "not named yet");
        assert_eq!(given.again(&scoring).await, scoring, "what was refused wrote nothing");

        named(&scoring, COLLEAGUE).await.unwrap();
        let passed_on = given.again(&scoring).await;
        assert!(matches!(named(&scoring, ANOTHER).await, Err(Outcome::Conflict)), "an older page");
        assert_eq!(code(named(&passed_on, ANOTHER).await), "evaluators_of_one_authority", "the seat is taken");
        for who in [&priya, &amir] {
            let own = app.own_evaluations(who).await.unwrap();
            assert!(own.iter().any(|(one, _)| one.id == scoring.id), "{} finds it in the list", who.name);
        }
        assert_eq!(code(perform(app, &priya, hand_in(&scoring)).await), "evaluator_conflict");
        assert_eq!(code(app.evidence_of(&priya, scoring.id).await), "evaluator_conflict");
        assert_eq!(code(perform(app, &amir, hand_in(&scoring)).await), "conflict_not_declared");
        let open = || OpenModeration { evaluation: scoring.id, version: passed_on.version };
        for who in waiting(&given, &passed_on).await.iter().filter(|who| who.person != priya.person) {
            assert_eq!(code(perform(app, lead, open()).await), "scores_waited_for", "those of {}", who.name);
            perform(app, who, declare(&scoring, false)).await.unwrap();
            perform(app, who, hand_in(&scoring)).await.unwrap();
        }
        let page = app.scoring_page(&priya, scoring.id).await.unwrap();
        assert!(page.own.is_none() && page.sheets.is_empty(), "her colleague's scores are blind to her");
        assert!(app.evaluation_page(lead, scoring.id).await.unwrap().sheets.is_empty(), "and to the regional team");

        perform(app, lead, open()).await.unwrap();
        let opened = app.evaluation_page(lead, scoring.id).await.unwrap();
        let scored: Vec<_> = opened.sheets.iter().map(|sheet| sheet.person).collect();
        assert_eq!((scored.len(), opened.evaluation.panel.len()), (4, 5), "both stand in the record");
        assert!(scored.contains(&amir.person) && !scored.contains(&priya.person), "{scored:?}");
        let took = opened.evaluation.panel.iter().find(|one| one.person == amir.person).unwrap();
        assert_eq!(opened.evaluation.in_place_of(took).map(|one| one.person), Some(priya.person));
        app.do_due_jobs().await.unwrap();
        let session = app.store.read(Some(lead.organisation)).await.unwrap();
        let mails = session.mails(lead.organisation, 1_000).await.unwrap();
        let asked = mails.iter().filter(|mail| mail.recipient == COLLEAGUE);
        let subjects: Vec<_> = asked.map(|mail| mail.subject.as_str()).collect();
        assert!(subjects.iter().any(|subject| subject.ends_with("an application to score")), "{subjects:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_passes_a_seat_on_once_and_only_after_a_conflict() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let scoring = given.evaluation("scoring").await;
        let (priya, amir) = (given.actor(PRIYA).await, given.actor(COLLEAGUE).await);
        let another = given.actor(ANOTHER).await;
        let beside = |of: &Evaluation, person| {
            let mut panel = scoring.panel.clone();
            panel.push(Evaluator { person, ..scoring.panel[0].clone() });
            Evaluation { version: of.version + 1, panel, ..of.clone() }
        };
        let write = async |row: Evaluation| refused(app, scoring.region, row).await;
        let held = "evaluators_of_one_authority";
        assert_eq!(write(beside(&scoring, amir.person)).await, held, "no conflict is declared");
        perform(app, &priya, declare(&scoring, true)).await.unwrap();
        assert_eq!(write(beside(&scoring, amir.person)).await, "taken", "the first of that seat");
        perform(app, &given.lead, name(&scoring, COLLEAGUE)).await.unwrap();
        let passed_on = given.again(&scoring).await;
        assert_eq!(write(beside(&passed_on, another.person)).await, held, "the seat is passed on already");
    })
    .await;
}
