//! What the answer to a challenge opens again, on both databases: a home that was refused by mistake is judged anew while the
//! scores stand, and the letter that follows admits it.

use placewell_app::Outcome;
use placewell_app::homes::admission::evaluating::{ConsensusSaid, GateVerdict, JudgeHomes, RecommendOutcome};
use placewell_app::homes::admission::outcome::{AnswerChallenge, ConfirmOutcome, IssueLetter};
use placewell_domain::change::{Change, Event};
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState, Reopened, outcome};
use placewell_domain::homes::admission::outcome::ChallengeState;
use placewell_domain::nights::plus_days;
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, PRIYA, code, perform};

/// The challenged evaluation, as though its first home had been refused by mistake.
async fn with_a_refused_home(given: &Given) -> Evaluation {
    let found = given.evaluation("standstill").await;
    let mut work = given.app.store.begin(found.region, given.app.calendar.now()).await.unwrap();
    let mut next = Evaluation { version: found.version + 1, ..found };
    next.homes[0].passed = false;
    "Read as judged Inadequate".clone_into(&mut next.homes[0].words);
    let event = Event::new("evaluation.homes_judged", "evaluation", next.id.0, next.version);
    let kept = work.apply(Change::to(next, event)).await.unwrap();
    work.commit(placewell_app::clock::Machine::now()).await.unwrap();
    kept
}

fn answer(of: &Evaluation, reopens: Reopened) -> AnswerChallenge {
    let words = "The report was read as that of another home.".to_owned();
    AnswerChallenge { evaluation: of.id, version: of.version, reopens: Some(reopens), words }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upheld_challenge_about_one_home_is_judged_anew_told_in_a_new_letter_and_admits_the_home() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let told = with_a_refused_home(&given).await;
        let (id, version) = (told.id, told.version);
        let (urn, lot) = (told.homes[0].finding.urn.clone(), told.homes[0].finding.lot.clone());
        assert!(app.evaluation_page(lead, id).await.unwrap().homes.is_empty(), "nothing is judged in a standstill");
        perform(app, lead, answer(&told, Reopened::Homes)).await.unwrap();
        let again = given.again(&told).await;
        assert_eq!((again.state.name(), again.homes.len()), ("moderating", 0));
        assert_eq!((&again.gates, &again.consensus), (&told.gates, &told.consensus), "gates and scores stand");
        let challenge = app.evaluation_page(lead, id).await.unwrap().challenges.remove(0);
        let ChallengeState::Answered { reopens, upheld, .. } = challenge.state else { panic!("{challenge:?}") };
        assert_eq!((reopens, upheld), (Some(Reopened::Homes), true), "the answer names what is opened");

        let recommend = |version, consensus: Vec<ConsensusSaid>| RecommendOutcome {
            evaluation: id,
            version,
            consensus,
            words: "Admit the home that was refused too".to_owned(),
            condition: None,
        };
        assert_eq!(code(perform(app, lead, recommend(version + 1, Vec::new())).await), "homes_not_judged");
        let found = app.evaluation_page(lead, id).await.unwrap().homes;
        assert!(found.iter().any(|one| one.urn == urn && one.met), "{found:?}");
        let verdict = |one: &placewell_domain::homes::admission::evaluation::HomeFinding| GateVerdict {
            code: format!("{}_{}", one.urn, one.lot),
            passed: one.met,
            words: if one.met { String::new() } else { "As the register shows".to_owned() },
        };
        let verdicts: Vec<_> = found.iter().map(verdict).collect();
        let judge = |version| JudgeHomes { evaluation: id, version, verdicts: verdicts.clone() };
        let priya = given.actor(PRIYA).await;
        assert!(matches!(perform(app, &priya, judge(version + 1)).await, Err(Outcome::Forbidden(_))));
        assert!(matches!(perform(app, lead, judge(version)).await, Err(Outcome::Conflict)), "an older page");
        perform(app, lead, judge(version + 1)).await.unwrap();
        assert_eq!(code(perform(app, lead, judge(version + 2)).await), "evaluation_state", "once");
        let other = ConsensusSaid { question: told.consensus[0].question.clone(), score: 0, reason: "None".to_owned() };
        assert_eq!(code(perform(app, lead, recommend(version + 2, vec![other])).await), "scores_stand");
        perform(app, lead, recommend(version + 2, Vec::new())).await.unwrap();
        perform(app, lead, IssueLetter { evaluation: id, version: version + 3 }).await.unwrap();

        let session = app.store.read(Some(lead.organisation)).await.unwrap();
        let letters = session.letters(id).await.unwrap();
        drop(session);
        assert_eq!(letters.len(), 2, "a new letter beside the first");
        let line = letters[0].lots.iter().find(|one| one.lot == lot).unwrap();
        assert!(line.admitted.iter().any(|one| one.contains(urn.as_str())), "{line:?}");
        assert!(!line.refused.iter().any(|(one, _)| one.contains(urn.as_str())), "{line:?}");
        let EvaluationState::Standstill { until, .. } = given.again(&told).await.state else { panic!("no standstill") };
        assert!(until > letters[1].standstill_until, "with a standstill of its own");
        given.move_to(plus_days(until, 1).at(9, 0, 0, 0));
        perform(app, lead, ConfirmOutcome { evaluation: id, version: version + 4 }).await.unwrap();
        let admitted = given.again(&told).await;
        assert!(outcome(&admitted).lots.iter().any(|one| one.lot == lot && one.admitted.contains(&urn)));
        let session = app.store.read(Some(lead.organisation)).await.unwrap();
        let home = session.home_by_urn(&urn).await.unwrap();
        let held = session.admissions_of(home.id).await.unwrap();
        assert!(held.iter().any(|one| one.lot == lot && one.holds_on(plus_days(until, 1))), "{held:?}");
        drop(session);
        assert!(app.store.row_faults(lead.organisation).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_gate_had_failed_a_challenge_opens_the_gates_and_nothing_else() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let found = given.evaluation("standstill").await;
        let mut work = app.store.begin(found.region, app.calendar.now()).await.unwrap();
        let mut next = Evaluation { version: found.version + 1, ..found };
        next.gates[0].passed = false;
        let event = Event::new("evaluation.gates_judged", "evaluation", next.id.0, next.version);
        let failed = work.apply(Change::to(next, event)).await.unwrap();
        work.commit(placewell_app::clock::Machine::now()).await.unwrap();
        for nothing in [Reopened::Homes, Reopened::Scores] {
            assert_eq!(code(perform(app, lead, answer(&failed, nothing)).await), "gates_first");
        }
        assert_eq!(given.again(&failed).await, failed, "what was refused wrote nothing");
        let open = app.evaluation_page(lead, failed.id).await.unwrap().challenges.remove(0);
        assert_eq!(open.state, ChallengeState::Open);
        perform(app, lead, answer(&failed, Reopened::Gates)).await.unwrap();
        let again = app.evaluation_page(lead, failed.id).await.unwrap();
        assert_eq!(again.evaluation.state.name(), "gates");
        assert!(!again.gates.is_empty() && !again.homes.is_empty(), "both are judged anew");
    })
    .await;
}
