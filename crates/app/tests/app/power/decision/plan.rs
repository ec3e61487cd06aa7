//! The forward plan and corrections, through the commands: what everybody reads of a decision to come, and of a page that
//! was put right.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::power::decision::{CallIn, Correct, GiveNotice, Publish, Record, WithdrawNotice};
use placewell_domain::power::decision::{
    CallInRequest, DecisionPage, GoverningBody, Notice, NoticeKind, PlanStep, Words, differences, words,
};
use placewell_testkit::databases::both;

use super::super::{Given, given, page};

const ONE: &str = "HEF-2021-1012";

/// A key decision that nobody has taken yet.
fn to_come() -> DecisionPage {
    DecisionPage { published_on: None, decided_on: None, effective_from: None, ..page() }
}

async fn recorded(given: &Given) {
    given.go_to(date(2021, 9, 13));
    let record = Record { reference: ONE.into(), amends: None, page: to_come() };
    given.app.perform(&given.democratic, "record", record).await.unwrap();
}

fn publish(version: i64, day: Date) -> Publish {
    Publish {
        reference: ONE.into(),
        version,
        decided_on: day,
        published_on: day,
        urgent: false,
        effective_from: None,
        effective_reason: None,
    }
}

async fn refused(given: &Given, key: &str, command: impl placewell_app::Command) -> String {
    match given.app.perform(&given.democratic, key, command).await {
        Err(Outcome::Refused(refusal)) => refusal.code.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn rule_2_2_a_key_decision_waits_for_28_clear_days_and_everybody_reads_its_notice() {
    both(async |database| {
        let given = given(&database).await;
        recorded(&given).await;
        assert_eq!(refused(&given, "early", publish(1, date(2021, 9, 13))).await, "notice_too_short");
        let notice = Notice::of_28_days(date(2021, 9, 13));
        let give = GiveNotice { reference: ONE.into(), version: 1, notice };
        given.app.perform(&given.democratic, "notice", give).await.unwrap();
        let plan = given.app.forward_plan().await.unwrap();
        assert_eq!(plan.len(), 1);
        assert_eq!((plan[0].entry.reference.as_str(), plan[0].code.as_str()), (ONE, "HEF"));
        assert_eq!((plan[0].entry.notice.expected, &plan[0].entry.step), (date(2021, 10, 12), &PlanStep::Noticed));
        assert!(
            matches!(given.app.public_decision(ONE).await, Err(Outcome::NotFound)),
            "the decision itself is no one's yet"
        );
        let worklist = given.app.decision_worklist(&given.democratic).await.unwrap();
        assert_eq!(worklist.noticed.iter().map(|(_, day)| *day).collect::<Vec<_>>(), [date(2021, 10, 12)]);
        given.go_to(date(2021, 10, 11));
        assert_eq!(refused(&given, "a day early", publish(2, date(2021, 10, 11))).await, "notice_too_short");
        given.go_to(date(2021, 10, 12));
        given.app.perform(&given.democratic, "in time", publish(2, date(2021, 10, 12))).await.unwrap();
        let plan = given.app.forward_plan().await.unwrap();
        assert_eq!(plan[0].entry.step, PlanStep::Taken { on: date(2021, 10, 12) });
        let record = given.app.public_decision(ONE).await.unwrap();
        let line = record.decision.date_line(date(2021, 10, 12)).unwrap().sentence;
        assert!(line.starts_with("Notice published 13 September 2021."), "{line}");
    })
    .await;
}

#[tokio::test]
async fn rule_2_2_the_two_sooner_ways_are_recorded_with_their_facts_or_refused() {
    both(async |database| {
        let given = given(&database).await;
        recorded(&given).await;
        let day = date(2021, 9, 13);
        let bare = Notice { on: day, kind: NoticeKind::SpecialUrgency, expected: day, why: None, chair_on: None };
        let give = |notice| GiveNotice { reference: ONE.into(), version: 1, notice };
        assert_eq!(refused(&given, "bare", give(bare.clone())).await, "notice_incomplete");
        let reasoned = Notice { why: Some("The home closes tonight.".into()), ..bare };
        assert_eq!(refused(&given, "no chair", give(reasoned.clone())).await, "notice_incomplete");
        let agreed = Notice { chair_on: Some(day), ..reasoned.clone() };
        let soon = Notice { kind: NoticeKind::GeneralException, ..agreed.clone() };
        assert_eq!(refused(&given, "five days", give(soon)).await, "notice_too_short");
        given.app.perform(&given.democratic, "urgent", give(agreed)).await.unwrap();
        given.app.perform(&given.democratic, "taken", publish(2, day)).await.unwrap();
        let kept = given.app.public_decision(ONE).await.unwrap().decision;
        let notice = kept.state.notice().unwrap();
        assert_eq!((notice.kind, notice.chair_on), (NoticeKind::SpecialUrgency, Some(day)));
        assert_eq!(notice.why.as_deref(), Some("The home closes tonight."));
    })
    .await;
}

#[tokio::test]
async fn rule_2_2_a_trust_boards_decision_has_no_notice_and_no_call_in_and_holds_at_once() {
    both(async |database| {
        let given = given(&database).await;
        let day = date(2021, 9, 13);
        given.go_to(day);
        let page = DecisionPage { governing_body: Some(GoverningBody::TrustBoard), ..to_come() };
        assert_eq!((page.key_decision, page.subject_to_call_in), (Some(true), Some(true)), "as its page says");
        let record = Record { reference: ONE.into(), amends: None, page };
        given.app.perform(&given.democratic, "record", record).await.unwrap();
        let give = GiveNotice { reference: ONE.into(), version: 1, notice: Notice::of_28_days(day) };
        assert_eq!(refused(&given, "notice", give).await, "trust_board_has_no_notice");
        given.app.perform(&given.democratic, "publish", publish(1, day)).await.unwrap();
        assert!(given.app.forward_plan().await.unwrap().is_empty());
        let decision = given.app.public_decision(ONE).await.unwrap().decision;
        let publication = decision.state.publication().unwrap();
        assert_eq!((publication.window, publication.effective_on()), (None, day));
        assert!(decision.in_force(day), "at once");
        let request = CallInRequest { on: day, by: "Three members".into(), grounds: "Cost".into() };
        let call_in = CallIn { reference: ONE.into(), version: decision.version, request };
        assert_eq!(refused(&given, "call in", call_in).await, "no_call_in");
    })
    .await;
}

#[tokio::test]
async fn a_notice_is_taken_back_with_a_reason_and_its_words_can_still_be_made_ready() {
    both(async |database| {
        let given = given(&database).await;
        recorded(&given).await;
        let give = GiveNotice { reference: ONE.into(), version: 1, notice: Notice::of_28_days(date(2021, 9, 13)) };
        given.app.perform(&given.democratic, "notice", give).await.unwrap();
        let back = |reason: &str, version| WithdrawNotice {
            reference: ONE.into(),
            version,
            on: date(2021, 9, 13),
            reason: reason.into(),
        };
        let empty = given.app.perform(&given.democratic, "empty", back(" ", 2)).await;
        assert!(matches!(empty, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "reason"));
        given.app.perform(&given.democratic, "back", back("Put off to spring", 2)).await.unwrap();
        let plan = given.app.forward_plan().await.unwrap();
        assert!(matches!(&plan[0].entry.step, PlanStep::Withdrawn { reason, .. } if reason == "Put off to spring"));
        assert_eq!(refused(&given, "twice", back("Again", 3)).await, "decision_state");
    })
    .await;
}

#[tokio::test]
async fn a_correction_is_a_new_version_whose_difference_and_reason_everybody_reads() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        let reference = || "HEF-2019-0114".to_owned();
        let before = given.app.public_decision("HEF-2019-0114").await.unwrap().decision;
        let mut page = before.page.clone();
        page.wards = Some("(All Wards except Ross East);".into());
        page.reasons = Some("Fewer checks".into());
        let correct = |why: &str| Correct {
            reference: reference(),
            version: before.version,
            page: page.clone(),
            why: why.into(),
        };
        let silent = given.app.perform(&given.democratic, "silent", correct("")).await;
        assert!(matches!(silent, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "why"));
        given.app.perform(&given.democratic, "correct", correct("A ward was left out")).await.unwrap();
        let record = given.app.public_decision("HEF-2019-0114").await.unwrap();
        let [now, then] = [&record.texts[0], &record.texts[1]];
        assert_eq!((now.why.as_deref(), then.why.as_deref()), (Some("A ward was left out"), None));
        let changed = differences(&then.page, &now.page);
        let fields: Vec<_> = changed.iter().map(|one| one.field).collect();
        assert_eq!(fields, ["Reasons for the decision", "Wards affected"]);
        let run = words(&changed[1].before, &changed[1].after);
        assert!(run.contains(&Words::Added("Wards except Ross East);".into())), "{run:?}");
        assert_eq!(then.page, before.page, "the earlier version is kept as it was");
        assert_eq!(record.decision.page.limbs, before.page.limbs, "what it allows is not corrected");
    })
    .await;
}
