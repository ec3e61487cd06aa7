//! C-06: what an admission is recommended under stands on the record that every authority reads, and in the provider's
//! letter.

use jiff::civil::{Date, date};
use placewell_app::homes::admission::evaluating::{
    ConsensusSaid, DeclareInterest, OpenModeration, RecommendOutcome, SaveScores,
};
use placewell_app::homes::admission::outcome::IssueLetter;
use placewell_domain::homes::admission::criteria::Question;
use placewell_domain::homes::admission::evaluation::Condition;
use placewell_domain::office::access::Role;
use placewell_domain::office::organisation::OrganisationKind;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;
use placewell_testkit::printed::{printed, squeezed};

use super::evaluation::{Given, PRIYA, code, marks, perform, waiting};

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
            condition: Some(Condition { words: words.to_owned(), by }),
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
