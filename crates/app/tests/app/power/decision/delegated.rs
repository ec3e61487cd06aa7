//! Officers' decisions, through the commands: under a limb in force, never of a child, public when published, gone with a
//! reason when withdrawn.

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::power::decision::{
    DelegatedRecord, PublishDelegated, RecordDelegated, ReviseDelegated, WithdrawDelegated,
};
use placewell_domain::money::Pence;
use placewell_domain::power::decision::{DelegatedKind, DelegatedPage};
use placewell_testkit::databases::both;

use super::super::{Given, authority, given};

const ONE: &str = "HEF-OD-0001";

fn page(kind: DelegatedKind) -> DelegatedPage {
    DelegatedPage {
        title: "Scheduled prices from April".into(),
        kind,
        decided: "To pay the scheduled prices as uplifted.".into(),
        post: "Assistant Director".into(),
        taken_on: date(2019, 4, 1),
        reasons: "The formula of the terms.".into(),
        alternatives: "To refuse the uplift.".into(),
        conflicts: "None declared.".into(),
        supplier: None,
        contract: None,
        value: Some(Pence::pounds(412_345)),
        exempt: None,
    }
}

fn record(limb: char, kind: DelegatedKind) -> RecordDelegated {
    RecordDelegated { under: "HEF-2019-0114".into(), limb: limb.into(), page: page(kind) }
}

async fn refused(given: &Given, key: &str, command: impl placewell_app::Command) -> String {
    match given.app.perform(&given.democratic, key, command).await {
        Err(Outcome::Refused(refusal)) => refusal.code.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn rule_9_1_an_officers_decision_is_published_under_its_limb_and_a_placement_never() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2019, 4, 8));
        assert_eq!(refused(&given, "child", record('b', DelegatedKind::Placement)).await, "placements_not_published");
        assert_eq!(refused(&given, "limb", record('c', DelegatedKind::Prices)).await, "limb_gives_no_power");
        let mut early = record('b', DelegatedKind::Prices);
        early.page.taken_on = date(2019, 1, 15);
        assert_eq!(refused(&given, "early", early).await, "decision_not_in_force");
        given.app.perform(&given.democratic, "keep", record('b', DelegatedKind::Prices)).await.unwrap();
        assert!(given.app.public_delegated().await.unwrap().is_empty(), "a draft is not public");
        assert!(matches!(given.app.public_delegated_decision(ONE).await, Err(Outcome::NotFound)));
        let mut words = page(DelegatedKind::Prices);
        words.reasons = "The formula of the terms, as published.".into();
        let revise = ReviseDelegated { reference: ONE.into(), version: 1, page: words };
        given.app.perform(&given.democratic, "revise", revise).await.unwrap();
        let publish = PublishDelegated { reference: ONE.into(), version: 2, on: date(2019, 4, 8) };
        given.app.perform(&given.democratic, "publish record", publish).await.unwrap();
        let found = given.app.public_delegated_decision(ONE).await.unwrap();
        let DelegatedRecord::Published(found) = found else { panic!("{found:?}") };
        assert_eq!(found.decision.page.reasons, "The formula of the terms, as published.");
        let withdraw = |reason: &str| WithdrawDelegated {
            reference: ONE.into(),
            version: 3,
            on: date(2019, 4, 8),
            reason: reason.into(),
        };
        let silent = given.app.perform(&given.democratic, "silent", withdraw("")).await;
        assert!(matches!(silent, Err(Outcome::Invalid(_))));
        given.app.perform(&given.democratic, "withdraw", withdraw("It named a person.")).await.unwrap();
        let gone = given.app.public_delegated_decision(ONE).await.unwrap();
        assert!(matches!(gone, DelegatedRecord::Withdrawn { reason, .. } if reason == "It named a person."));
        assert!(given.app.public_delegated().await.unwrap().is_empty());
        assert!(given.app.store.verify().await.unwrap().faults.is_empty());
    })
    .await;
}

#[tokio::test]
async fn another_authority_and_another_role_keep_no_record_of_an_officers_decision() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2019, 4, 8));
        let other = authority(&given.app, "SHR").await.remove(0);
        given.app.perform(&given.democratic, "keep", record('b', DelegatedKind::Prices)).await.unwrap();
        let publish = PublishDelegated { reference: ONE.into(), version: 1, on: date(2019, 4, 8) };
        assert!(matches!(given.app.perform(&other, "other", publish).await, Err(Outcome::NotFound)));
        let role = given.app.perform(&given.approver, "role", record('b', DelegatedKind::Prices)).await;
        assert!(matches!(role, Err(Outcome::Forbidden(_))));
        let unknown = RecordDelegated { under: "HEF-2018-0001".into(), ..record('b', DelegatedKind::Prices) };
        let told = given.app.perform(&given.democratic, "unknown", unknown).await;
        assert!(matches!(told, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "under"));
    })
    .await;
}
