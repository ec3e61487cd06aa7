//! What homes will read names nobody: a referral is not sent before each finding is confirmed, nor one that few children fit
//! before that is accepted.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::placing::referral::{AnswerTask, ForChild, SendReferral, StartReferral};
use placewell_domain::homes::home::Sex;
use placewell_domain::id::HomeId;
use placewell_domain::placing::child::ChildIdentity;
use placewell_domain::placing::referral::redaction::Finding;
use placewell_domain::placing::referral::{Ask, DeadlineChoice, Narrative, Plan, Task, Tier};
use placewell_testkit::databases::both;

use super::{Given, given, narrative, profile};

/// A whole draft whose words name the child and where they lived; its reference.
async fn telling(given: &Given) -> String {
    let officer = &given.people[0];
    let identity = ChildIdentity {
        family_name: "Zelenka".to_owned(),
        given_names: "Quillon".to_owned(),
        known_as: None,
        born: date(2008, 5, 1),
        sex: Sex::Female,
        case_number: "TELLING-1".to_owned(),
        home_postcode: Some("HR9 5AB".to_owned()),
        school: None,
        other_names: Vec::new(),
    };
    let start = StartReferral { child: ForChild::New(identity), sibling_of: None, emergency: None, beside_open: false };
    let receipt = given.app.perform(officer, "start telling", start).await.unwrap();
    let reference = receipt.location.split('/').nth(2).unwrap().to_owned();
    let answers = AnswerTask {
        reference: reference.clone(),
        version: 1,
        task: Task::Recipients,
        profile: profile(),
        narrative: Narrative { what_helps: "Zelenka swims on Sundays near HR9 5AB.".to_owned(), ..narrative() },
        plan: Plan {
            homes: vec![Ask { home: HomeId(1), tier: Tier::Fca }],
            deadline: Some(DeadlineChoice::ThreeWorkingDays),
            ..Plan::default()
        },
    };
    given.app.perform(officer, "answer telling", answers).await.unwrap();
    reference
}

#[tokio::test]
async fn rule_5_6_a_referral_is_not_sent_before_each_finding_is_confirmed_and_that_few_fit_is_accepted() {
    both(async |database| {
        let given = given(&database).await;
        let (app, officer, elm) = (&given.app, &given.people[0], &given.people[1]);
        let reference = telling(&given).await;
        let checked = app.checked_referral(officer, &reference).await.unwrap();
        let keys: Vec<String> = checked.findings.iter().map(Finding::key).collect();
        assert_eq!(keys, ["what_helps:name:0-7", "what_helps:postcode:30-37"]);
        let send = |confirmed: &[String], accept_few: bool| SendReferral {
            reference: reference.clone(),
            version: 2,
            confirmed: confirmed.to_vec(),
            accept_few,
        };
        for (key, confirmed, accept_few, refused) in [
            ("none", &keys[..0], true, "not_redacted"),
            ("one", &keys[..1], true, "not_redacted"),
            ("few", &keys[..], false, "too_identifying"),
        ] {
            match app.perform(officer, key, send(confirmed, accept_few)).await {
                Err(Outcome::Refused(refusal)) => assert_eq!(refusal.code, refused),
                other => panic!("{key}: {other:?}"),
            }
            let session = app.store.read(Some(elm.organisation)).await.unwrap();
            let received = session.received_by_reference(elm.organisation, &reference).await.unwrap();
            assert!(received.is_empty(), "{key}: something was sent");
        }
        app.perform(officer, "all", send(&keys, true)).await.unwrap();
        let session = app.store.read(Some(elm.organisation)).await.unwrap();
        assert_eq!(session.received_by_reference(elm.organisation, &reference).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn rule_5_6_the_names_and_the_school_of_a_brother_whose_search_is_linked_are_found_and_no_other_child_s() {
    both(async |database| {
        let given = given(&database).await;
        let (app, officer) = (&given.app, &given.people[0]);
        let reference = telling(&given).await;
        let another = |given_names: &str, sibling_of: Option<&str>| StartReferral {
            child: ForChild::New(ChildIdentity {
                family_name: "Otterbourne".to_owned(),
                given_names: given_names.to_owned(),
                known_as: None,
                born: date(2011, 1, 1),
                sex: Sex::Male,
                case_number: given_names.to_owned(),
                home_postcode: None,
                school: Some("Brackenfield".to_owned()),
                other_names: Vec::new(),
            }),
            sibling_of: sibling_of.map(str::to_owned),
            emergency: None,
            beside_open: false,
        };
        app.perform(officer, "brother", another("Tarn", Some(&reference))).await.unwrap();
        app.perform(officer, "stranger", another("Corvin", None)).await.unwrap();
        let answers = AnswerTask {
            reference: reference.clone(),
            version: 3,
            task: Task::Recipients,
            profile: profile(),
            narrative: Narrative {
                what_helps: "Tarn rings on Sundays, from Brackenfield. Corvin does not.".to_owned(),
                ..narrative()
            },
            plan: Plan {
                homes: vec![Ask { home: HomeId(1), tier: Tier::Fca }],
                deadline: Some(DeadlineChoice::ThreeWorkingDays),
                ..Plan::default()
            },
        };
        app.perform(officer, "answer", answers).await.unwrap();
        let checked = app.checked_referral(officer, &reference).await.unwrap();
        let keys: Vec<String> = checked.findings.iter().map(Finding::key).collect();
        assert_eq!(keys, ["what_helps:name:0-4", "what_helps:school:28-40"]);
        let send = |confirmed: &[String]| SendReferral {
            reference: reference.clone(),
            version: 4,
            confirmed: confirmed.to_vec(),
            accept_few: true,
        };
        match app.perform(officer, "unread", send(&keys[..1])).await {
            Err(Outcome::Refused(refusal)) => assert_eq!(refusal.code, "not_redacted"),
            other => panic!("{other:?}"),
        }
        app.perform(officer, "read", send(&keys)).await.unwrap();
    })
    .await;
}
