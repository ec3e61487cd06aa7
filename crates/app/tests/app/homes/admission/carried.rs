//! Answers that are carried over, on both databases: each section is confirmed or changed by itself, what has run out is not
//! carried and not confirmed, and sending names what is left.

use jiff::civil::date;
use placewell_app::homes::admission::applying::{BeginApplication, SaveApplication};
use placewell_app::homes::admission::carried::ConfirmCarried;
use placewell_app::{Answer, Outcome, Receipt};
use placewell_domain::homes::admission::application::{Draft, Part};
use placewell_domain::homes::admission::carried::Review;
use placewell_domain::office::person::Actor;
use placewell_testkit::databases::both_filled;

use super::evaluation::{Given, code, perform, sending, waiting_sections};

/// Who applies for the provider whose application of the summer stands here.
async fn applicant(given: &Given, state: &str) -> Actor {
    let provider = given.evaluation(state).await.provider;
    let provider = given.app.store.read(None).await.unwrap().organisation_by_id(provider).await.unwrap().code;
    given.actor(&format!("placements@{provider}.example")).await
}

async fn begun(given: &Given, actor: &Actor) -> Draft {
    perform(&given.app, actor, BeginApplication { reference: "AR-005".into(), reuse: true }).await.unwrap();
    draft(given, actor).await
}

async fn draft(given: &Given, actor: &Actor) -> Draft {
    given.app.own_application(actor, "AR-005").await.unwrap().draft.unwrap()
}

async fn confirm(given: &Given, actor: &Actor, sections: &[&str]) -> Answer<Receipt> {
    let version = draft(given, actor).await.version;
    let sections = sections.iter().map(|code| (*code).to_owned()).collect();
    perform(&given.app, actor, ConfirmCarried { reference: "AR-005".into(), version, sections }).await
}

fn messages(answer: Answer<Receipt>) -> Vec<String> {
    match answer {
        Err(Outcome::Invalid(invalid)) => invalid.errors.into_iter().map(|error| error.message).collect(),
        other => panic!("no answer is wrong: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_section_is_confirmed_or_changed_by_itself_and_sending_names_the_others() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let actor = applicant(&given, "scoring").await;
        let begun = begun(&given, &actor).await;
        let carried = begun.carried.clone().unwrap();
        assert_eq!((carried.from.as_str(), carried.sent), ("AR-004", Some(date(2021, 8, 5))));
        assert!(carried.left.is_empty(), "{:?}", carried.left);
        let all = waiting_sections(&given.app, &actor).await;
        assert_eq!(all.len(), 12, "seven gates, four questions, one lot: {all:?}");

        confirm(&given, &actor, &["legal_entity", "insurance", "quality_q1"]).await.unwrap();
        let mut selection = begun.answers.selection.clone();
        selection.excluded = Some(true);
        let part = Part::Selection { answers: Box::new(selection) };
        let version = draft(&given, &actor).await.version;
        perform(&given.app, &actor, SaveApplication { reference: "AR-005".into(), version, part }).await.unwrap();
        let now = draft(&given, &actor).await.carried.unwrap();
        let how = |code: &str| {
            let one = now.sections.iter().find(|one| one.section.code() == code).unwrap();
            one.review.clone()
        };
        let at = given.app.calendar.now().local;
        assert_eq!(how("insurance"), Review::Confirmed { by: actor.person, at });
        assert_eq!((how("exclusion"), how("recruitment")), (Review::Changed { at }, Review::Waits));

        let left = waiting_sections(&given.app, &actor).await;
        assert_eq!(left.len(), 8, "{left:?}");
        let version = draft(&given, &actor).await.version;
        let Err(Outcome::Refused(refusal)) = perform(&given.app, &actor, sending(version)).await else {
            panic!("it was sent unreviewed")
        };
        assert_eq!(
            (refusal.code.as_str(), refusal.value.as_str()),
            ("declaration_not_reviewed", "8 of 12 not reviewed")
        );
        for named in ["AR-004, 5 August 2021", "Financial standing; Safer recruitment", "Quality question 2", "Lot "] {
            assert!(refusal.sentence.contains(named), "{named}: {}", refusal.sentence);
        }
        assert!(!refusal.sentence.contains("Insurances"), "{}", refusal.sentence);
        let left: Vec<&str> = left.iter().map(String::as_str).collect();
        confirm(&given, &actor, &left).await.unwrap();
        perform(&given.app, &actor, sending(version + 1)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_run_out_on_the_day_is_not_confirmed_and_is_not_carried_any_more() {
    both_filled(async |database| {
        let given = Given::new(&database).await;
        let (early, later) = (applicant(&given, "scoring").await, applicant(&given, "standstill").await);
        let before = begun(&given, &early).await;
        assert_eq!(before.answers.selection.insurances.len(), 3);
        given.move_to(date(2022, 4, 1).at(9, 0, 0, 0));
        let refused = messages(confirm(&given, &early, &["recruitment", "insurance"]).await);
        assert_eq!(refused.len(), 3, "{refused:?}");
        let words = "Insurances, amounts and expiry: Public liability, abuse covered: the cover ran out on 31 March 2022. \
                     Change it instead of confirming it";
        assert_eq!(refused[0], words);
        assert_eq!(draft(&given, &early).await, before, "nothing is kept of it");
        assert_eq!(code(confirm(&given, &early, &["everything"]).await), "sections");
        let old = ConfirmCarried { reference: "AR-005".into(), version: 9, sections: vec!["recruitment".into()] };
        assert!(matches!(perform(&given.app, &early, old).await, Err(Outcome::Conflict)));
        confirm(&given, &early, &["recruitment"]).await.unwrap();

        let after = begun(&given, &later).await;
        assert!(after.answers.selection.insurances.is_empty());
        let carried = after.carried.unwrap();
        let left: Vec<String> = carried.left.iter().map(|one| one.section.code()).collect();
        assert_eq!(left, ["insurance", "insurance", "insurance", "finance"]);
        assert!(carried.waiting().all(|section| section.code() != "insurance"));
    })
    .await;
}
