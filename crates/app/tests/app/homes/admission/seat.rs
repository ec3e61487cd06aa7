//! The seat of an evaluator with a conflict of interest, or of one who is released, is passed on to a colleague of the same
//! authority: who may take it, who may not, and what stays blind and in the record. A conflict that is told later strikes a sheet.

use placewell_app::Outcome;
use placewell_app::homes::admission::evaluating::{
    ConsensusSaid, DeclareInterest, NameEvaluator, OpenModeration, RecommendOutcome, SaveScores,
};
use placewell_app::homes::admission::outcome::{ConfirmOutcome, IssueLetter};
use placewell_app::homes::admission::seat::ReleaseEvaluator;
use placewell_domain::homes::admission::evaluation::{Evaluation, EvaluationState};
use placewell_domain::homes::admission::score::{Evaluator, ReleaseReason, Sheet};
use placewell_domain::id::{OrganisationId, PersonId};
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, LEAD, PRIYA, code, marks, perform, refused, waiting};

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

fn release(of: &Evaluation, person: PersonId) -> ReleaseEvaluator {
    ReleaseEvaluator { evaluation: of.id, version: of.version, person, reason: ReleaseReason::Left }
}

/// The mails that an address got from what an organisation did, as subject and body.
async fn mails_to(given: &Given, org: OrganisationId, email: &str) -> Vec<(String, String)> {
    given.app.do_due_jobs().await.unwrap();
    let mails = given.app.store.read(Some(org)).await.unwrap().mails(org, 10_000).await.unwrap();
    mails.into_iter().filter(|mail| mail.recipient == email).map(|mail| (mail.subject, mail.body)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evaluator_who_left_is_released_told_without_the_reason_and_a_colleague_scores_in_their_place() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let scoring = given.evaluation("scoring").await;
        let (priya, amir) = (given.actor(PRIYA).await, given.actor(COLLEAGUE).await);
        // She says that there is no conflict, begins, and leaves.
        perform(app, &priya, declare(&scoring, false)).await.unwrap();
        let begun = || SaveScores { hand_in: false, ..hand_in(&scoring) };
        perform(app, &priya, begun()).await.unwrap();
        assert_eq!(code(perform(app, lead, name(&scoring, COLLEAGUE)).await), "evaluators_of_one_authority");
        let open = |of: &Evaluation| OpenModeration { evaluation: of.id, version: of.version };
        assert_eq!(code(perform(app, lead, open(&scoring)).await), "scores_waited_for");

        let done = scoring.panel[2].person;
        assert_eq!(code(perform(app, lead, release(&scoring, done)).await), "evaluator_done");
        assert_eq!(code(perform(app, lead, release(&scoring, amir.person)).await), "not_of_the_panel");
        let own = perform(app, &priya, release(&scoring, priya.person)).await;
        assert!(matches!(own, Err(Outcome::Forbidden(_))), "the regional team's to release");
        assert_eq!(given.again(&scoring).await, scoring, "what was refused wrote nothing");
        perform(app, lead, release(&scoring, priya.person)).await.unwrap();
        let released = given.again(&scoring).await;
        assert!(matches!(perform(app, lead, release(&scoring, priya.person)).await, Err(Outcome::Conflict)));
        assert_eq!(code(perform(app, lead, release(&released, priya.person)).await), "seat_given_up");
        let later = SaveScores { version: 1, ..hand_in(&scoring) };
        assert_eq!(code(perform(app, &priya, later).await), "evaluator_released");
        assert_eq!(code(app.evidence_of(&priya, scoring.id).await), "evaluator_released");
        assert_eq!(code(perform(app, lead, name(&released, PRIYA)).await), "evaluator_released");

        let told = mails_to(&given, lead.organisation, PRIYA).await;
        let (_, body) = told.iter().find(|(subject, _)| subject.ends_with("your seat on a panel is released")).unwrap();
        assert!(!body.contains(ReleaseReason::Left.label()), "{body}");
        let session = app.store.read(Some(lead.organisation)).await.unwrap();
        let events = session.timeline(lead.organisation, "evaluation", scoring.id.0).await.unwrap();
        drop(session);
        let event = events.iter().find(|one| one.event.kind == "evaluation.evaluator_released").unwrap();
        let facts = [("person".to_owned(), priya.person.to_string()), ("reason".to_owned(), "left".to_owned())];
        assert_eq!(event.event.facts, facts);

        perform(app, lead, name(&released, COLLEAGUE)).await.unwrap();
        let passed_on = given.again(&scoring).await;
        for who in waiting(&given, &passed_on).await.iter().filter(|who| who.person != priya.person) {
            perform(app, who, declare(&scoring, false)).await.unwrap();
            perform(app, who, hand_in(&scoring)).await.unwrap();
        }
        perform(app, lead, open(&passed_on)).await.unwrap();
        let sheets = app.evaluation_page(lead, scoring.id).await.unwrap().sheets;
        let scored: Vec<_> = sheets.iter().map(|sheet| sheet.person).collect();
        assert_eq!(scored.len(), 4);
        assert!(scored.contains(&amir.person) && !scored.contains(&priya.person), "{scored:?}");
        assert!(app.store.row_faults(lead.organisation).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_passes_a_released_seat_on_and_lets_an_authority_have_one_sheet_that_counts() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let scoring = given.evaluation("scoring").await;
        let (priya, amir) = (given.actor(PRIYA).await, given.actor(COLLEAGUE).await);
        perform(app, &priya, declare(&scoring, false)).await.unwrap();
        perform(app, &priya, SaveScores { hand_in: false, ..hand_in(&scoring) }).await.unwrap();
        let own = app.scoring_page(&priya, scoring.id).await.unwrap().own.unwrap();
        let beside = Sheet { id: 1, version: 1, person: amir.person, ..own };
        let seat = |of: &Evaluation| {
            let mut panel = of.panel.clone();
            panel.push(Evaluator { person: amir.person, ..of.panel[0].clone() });
            Evaluation { version: of.version + 1, panel, ..of.clone() }
        };
        assert_eq!(refused(app, priya.organisation, beside.clone()).await, "one_sheet", "hers counts");
        assert_eq!(refused(app, scoring.region, seat(&scoring)).await, "evaluators_of_one_authority");
        perform(app, &given.lead, release(&scoring, priya.person)).await.unwrap();
        let released = given.again(&scoring).await;
        assert_eq!(refused(app, priya.organisation, beside).await, "taken", "hers counts no more");
        assert_eq!(refused(app, scoring.region, seat(&released)).await, "taken");
    })
    .await;
}

/// Who sits on a panel.
async fn seated(given: &Given, of: &Evaluation, at: usize) -> Actor {
    let session = given.app.store.read(None).await.unwrap();
    let email = session.person_email(of.panel[at].person).await.unwrap();
    drop(session);
    given.actor(&email).await
}

fn consensus(of: &Evaluation) -> Vec<ConsensusSaid> {
    let said = |question: &placewell_domain::homes::admission::criteria::Question| ConsensusSaid {
        question: question.code.clone(),
        score: 4,
        reason: "The panel agreed on what the figures of two years show.".to_owned(),
    };
    of.criteria.quality.iter().map(said).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_that_is_told_in_the_standstill_strikes_the_sheet_and_opens_moderation_again() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let told = given.evaluation("standstill").await;
        let id = told.id;
        let late = seated(&given, &told, 3).await;
        assert!(told.consensus[0].spread.scores.iter().any(|(person, _)| *person == late.person));
        perform(app, &late, declare(&told, true)).await.unwrap();
        assert_eq!(code(perform(app, &late, declare(&told, true)).await), "declared_already");
        let confirm = ConfirmOutcome { evaluation: id, version: told.version };
        assert_eq!(code(perform(app, lead, confirm).await), "consensus_struck", "before the job has run too");
        for _ in 0..2 {
            app.do_due_jobs().await.unwrap();
        }
        let again = given.again(&told).await;
        assert_eq!((again.state.name(), again.version), ("moderating", told.version + 1), "once");
        assert_eq!((again.consensus.len(), again.struck.as_slice()), (0, [late.person].as_slice()));
        assert_eq!((&again.gates, &again.homes), (&told.gates, &told.homes), "gates and homes stand");
        let sheets = app.evaluation_page(lead, id).await.unwrap().sheets;
        assert_eq!(sheets.len(), 3);
        assert!(sheets.iter().all(|sheet| sheet.person != late.person), "it is struck");

        let (consensus, words, version) = (consensus(&told), "Admit".to_owned(), again.version);
        let recommend = RecommendOutcome { evaluation: id, version, consensus, words, condition: None };
        perform(app, lead, recommend).await.unwrap();
        let found = given.again(&told).await;
        for one in &found.consensus {
            assert!(one.spread.scores.iter().all(|(person, _)| *person != late.person), "{one:?}");
            assert_eq!(one.spread.scores.len(), 3);
        }
        perform(app, lead, IssueLetter { evaluation: id, version: found.version }).await.unwrap();
        let session = app.store.read(Some(lead.organisation)).await.unwrap();
        assert_eq!(session.letters(id).await.unwrap().len(), 2, "a new letter follows");
        let provider = session.organisation_by_id(told.provider).await.unwrap().code;
        drop(session);
        let heard = mails_to(&given, lead.organisation, &format!("placements@{provider}.example")).await;
        assert!(heard.iter().any(|(subject, _)| subject.ends_with("your outcome is looked at again")), "{heard:?}");
        let asked = mails_to(&given, late.organisation, LEAD).await;
        let (_, body) =
            asked.iter().find(|(subject, _)| subject.ends_with("an evaluator declares a conflict")).unwrap();
        assert!(body.contains("Their scores count no more") && !body.contains("A sister"), "{body}");
        assert!(app.store.row_faults(lead.organisation).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_too_few_are_left_the_scores_close_again_until_a_colleague_has_scored_and_after_the_end_nothing_is_told()
{
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (app, lead) = (&given.app, &given.lead);
        let open = given.moderated().await;
        for at in 1..4 {
            perform(app, &seated(&given, &open, at).await, declare(&open, true)).await.unwrap();
        }
        app.do_due_jobs().await.unwrap();
        let closed = given.again(&open).await;
        assert_eq!((&closed.state, closed.panel.len()), (&EvaluationState::Scoring, 4));
        assert!(app.evaluation_page(lead, open.id).await.unwrap().sheets.is_empty(), "blind again");
        let moderate = |of: &Evaluation| OpenModeration { evaluation: of.id, version: of.version };
        assert_eq!(code(perform(app, lead, moderate(&closed)).await), "too_few_evaluators");
        let colleague = "director@walsall.example";
        perform(app, lead, name(&closed, colleague)).await.unwrap();
        let walsall = given.actor(colleague).await;
        perform(app, &walsall, declare(&open, false)).await.unwrap();
        perform(app, &walsall, hand_in(&open)).await.unwrap();
        perform(app, lead, moderate(&given.again(&open).await)).await.unwrap();
        let sheets = app.evaluation_page(lead, open.id).await.unwrap().sheets;
        assert_eq!(sheets.len(), 2, "the first's and the new one's");

        let admitted = given.evaluation("admitted").await;
        let after = perform(app, &seated(&given, &admitted, 1).await, declare(&admitted, true)).await;
        assert_eq!(code(after), "evaluation_state", "the outcome is final");
    })
    .await;
}
