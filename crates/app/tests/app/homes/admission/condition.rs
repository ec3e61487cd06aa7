//! C-06: what an admission is recommended under stands on the record that every authority reads, and in the provider's
//! letter; whoever waits for it is told, and what came of it is recorded for all of them.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::homes::admission::applying::OwnApplication;
use placewell_app::homes::admission::evaluating::{
    ConsensusSaid, DeclareInterest, OpenModeration, RecommendOutcome, SaveScores,
};
use placewell_app::homes::admission::outcome::IssueLetter;
use placewell_app::homes::standing::RecordCondition;
use placewell_domain::homes::admission::criteria::Question;
use placewell_domain::homes::admission::evaluation::{Condition, ConditionSaid, ConditionState, Evaluation};
use placewell_domain::homes::standing::measure::MeasureState;
use placewell_domain::homes::standing::{Standing, StandingReason, StandingSubject};
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;
use placewell_testkit::printed::{printed, squeezed};

use super::evaluation::{Given, LEAD, PRIYA, code, marks, perform, waiting};

#[tokio::test(flavor = "multi_thread")]
async fn c_06_a_condition_of_an_admission_is_read_by_every_authority_and_told_to_the_provider() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let scoring = given.evaluation("scoring").await;
        let (evaluation, version) = (scoring.id, scoring.version);
        for evaluator in waiting(&given, &scoring).await {
            let declared = DeclareInterest { evaluation, conflict: false, words: String::new() };
            perform(app, &evaluator, declared).await.unwrap();
            let save = SaveScores { evaluation, version: 0, marks: marks(&scoring, 4), hand_in: true };
            perform(app, &evaluator, save).await.unwrap();
        }
        perform(app, &given.lead, OpenModeration { evaluation, version }).await.unwrap();
        let said = |question: &Question| ConsensusSaid {
            question: question.code.clone(),
            score: 4,
            reason: "The panel agreed on it.".into(),
        };
        let recommend = |words: &str, by: Date| RecommendOutcome {
            evaluation,
            version: version + 1,
            consensus: scoring.criteria.quality.iter().map(said).collect(),
            words: "Admit".into(),
            condition: Some(Condition::asked(words.to_owned(), by)),
        };
        let words = "A second night worker is appointed.";
        let past = recommend(words, date(2021, 9, 12));
        assert_eq!(code(perform(app, &given.lead, past).await), "condition_by");
        let empty = recommend(" ", date(2021, 12, 1));
        assert_eq!(code(perform(app, &given.lead, empty).await), "condition");
        perform(app, &given.lead, recommend(words, date(2021, 12, 1))).await.unwrap();
        perform(app, &given.lead, IssueLetter { evaluation, version: version + 2 }).await.unwrap();

        let officer = given.actor(PRIYA).await;
        let record = app.evaluation_page(&officer, evaluation).await.unwrap().evaluation;
        let condition = record.condition_of_admission().unwrap();
        assert_eq!((condition.words.as_str(), condition.by), (words, date(2021, 12, 1)));
        let reader = Actor {
            organisation: scoring.provider,
            kind: OrganisationKind::Provider,
            role: Role::ProviderManager,
            ..given.lead.clone()
        };
        let letter = app.letter_pdf(&reader, "AR-004", "https://placewell.example").await.unwrap();
        let text = printed(&letter);
        for told in ["On condition, to be met by 1 December 2021:", words] {
            assert!(text.contains(&squeezed(told)), "{told}: {text}");
        }
    })
    .await;
}

/// The placements manager of an evaluation's provider.
async fn manager(given: &Given, of: &Evaluation) -> Actor {
    let session = given.app.store.read(Some(of.provider)).await.unwrap();
    let provider = session.organisation_by_id(of.provider).await.unwrap().code;
    drop(session);
    given.actor(&format!("placements@{provider}.example")).await
}

async fn own(given: &Given, actor: &Actor) -> OwnApplication {
    given.app.own_application(actor, "AR-004").await.unwrap()
}

/// The regional team's mails of a subject, each once: to whom, and what it says.
async fn told(given: &Given, subject: &str) -> Vec<(String, String)> {
    for _ in 0..2 {
        given.app.do_due_jobs().await.unwrap();
    }
    let org = given.lead.organisation;
    let mails = given.app.store.read(Some(org)).await.unwrap().mails(org, 10_000).await.unwrap();
    let of = mails.into_iter().filter(|mail| mail.subject == subject);
    let told: Vec<(String, String)> = of.map(|mail| (mail.recipient.clone(), mail.body.clone())).collect();
    let people: std::collections::BTreeSet<&String> = told.iter().map(|(to, _)| to).collect();
    assert_eq!(people.len(), told.len(), "each is told once: {told:?}");
    told
}

/// Whether this waits for somebody, and since or until which day.
async fn waits(given: &Given, actor: &Actor, what: &str) -> Vec<Date> {
    let owed = given.app.owed(actor).await.unwrap();
    owed.into_iter().filter(|one| one.what == what).map(|one| one.due).collect()
}

const TO_MEET: &str = "A condition of your admission to meet";
const PASSED: &str = "The day of a condition has passed";

#[tokio::test(flavor = "multi_thread")]
async fn c_06_provider_and_lead_are_told_of_the_day_of_a_condition_and_what_came_of_it_is_recorded_for_all() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let app = &given.app;
        let admitted = given.evaluation("admitted").await;
        let (evaluation, version) = (admitted.id, admitted.version);
        let (last, after) = (date(2021, 10, 31), date(2021, 11, 1));
        let (provider, officer) = (manager(&given, &admitted).await, given.actor(PRIYA).await);
        let asked = own(&given, &provider).await.condition.unwrap();
        assert_eq!((asked.by, asked.is_open()), (last, true), "its provider reads what is asked, and by when");
        let rival = manager(&given, &given.evaluation("standstill").await).await;
        assert_eq!(own(&given, &rival).await.condition, None, "and no rival");
        assert_eq!(waits(&given, &provider, TO_MEET).await, [last]);
        assert!(waits(&given, &given.lead, PASSED).await.is_empty());

        let soon = "AR-004: a condition of your admission is to be met";
        assert!(told(&given, soon).await.is_empty());
        given.move_to(date(2021, 10, 18).at(9, 0, 0, 0));
        let mails = told(&given, soon).await;
        let email = |mails: &[(String, String)], to: &str| mails.iter().any(|(recipient, _)| recipient.as_str() == to);
        let address = app.store.read(None).await.unwrap().person_email(provider.person).await.unwrap();
        assert!(email(&mails, &address) && !email(&mails, LEAD), "{mails:?}");
        assert!(mails.iter().all(|(_, body)| !body.contains(&asked.words)), "{mails:?}");

        let say = |version, said| RecordCondition { evaluation, version, said };
        let not_met = || ConditionSaid::NotMet { reason: "The policy of 2019 is still in use.".into() };
        assert_eq!(code(perform(app, &given.lead, say(version, not_met())).await), "condition_not_due");
        given.move_to(after.at(9, 0, 0, 0));
        let mails = told(&given, "AR-004: the day of a condition has passed").await;
        assert!(email(&mails, &address) && email(&mails, LEAD), "{mails:?}");
        assert_eq!(waits(&given, &given.lead, PASSED).await, [after]);
        assert!(matches!(perform(app, &officer, say(version, not_met())).await, Err(Outcome::Forbidden(_))));
        perform(app, &given.lead, say(version, not_met())).await.unwrap();
        assert!(
            waits(&given, &given.lead, PASSED).await.is_empty() && waits(&given, &provider, TO_MEET).await.is_empty()
        );
        let record = app.evaluation_page(&officer, evaluation).await.unwrap().evaluation;
        assert_eq!(record.condition_in_force().unwrap().state.name(), "not_met", "every authority reads it");
        assert_eq!(own(&given, &provider).await.condition.unwrap().state.name(), "not_met");

        let measures = app.region_measures(&given.lead).await.unwrap();
        let watches: Vec<_> = measures.iter().filter(|one| one.reason == StandingReason::ConditionNotMet).collect();
        assert_eq!(watches.len(), 1, "{watches:?}");
        assert_eq!(watches[0].subject, StandingSubject::Provider(admitted.provider));
        assert_eq!((watches[0].standing, &watches[0].state), (Standing::OnWatch, &MeasureState::Proposed));

        let met = ConditionSaid::Met { on: after, evidence: "The policy of November was sent and read.".into() };
        assert_eq!(code(perform(app, &given.lead, say(version + 1, not_met())).await), "condition_recorded");
        perform(app, &given.lead, say(version + 1, met)).await.unwrap();
        let ConditionState::Met { on, missed, .. } = own(&given, &provider).await.condition.unwrap().state else {
            panic!("it is met")
        };
        assert_eq!((on, missed.as_deref()), (after, Some("The policy of 2019 is still in use.")));
        assert!(app.store.row_faults(given.lead.organisation).await.unwrap().is_empty());
    })
    .await;
}
