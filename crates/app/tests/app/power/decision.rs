//! A decision from its pasted text to the public page, and what call-in does to everything that rests on it.

mod call_in;
mod delegated;
mod labels;
mod naming;
mod plan;

use jiff::civil::date;
use placewell_app::Outcome;
use placewell_app::power::decision::{CallIn, CloseCallIn, Confirm, Publish, Record, check_pasted};
use placewell_domain::money::Pence;
use placewell_domain::power::arrangement::{Term, participation};
use placewell_domain::power::decision::{CallInOutcome, CallInRequest, LimbPower, Standing};
use placewell_testkit::databases::both;

use super::{TEXT, given, page};

#[test]
fn the_pasted_text_gives_three_limbs_with_their_powers_and_asks_for_what_it_lacks() {
    let read = check_pasted(TEXT);
    let limb = |letter: char| read.page.limb(letter).unwrap();
    assert!(read.page.adopts());
    assert_eq!(read.page.annual_value(), Some(Pence::pounds(5_500_000)));
    for power in [LimbPower::Operational, LimbPower::AwardPlacements, LimbPower::AwardMiniBlocks] {
        assert!(limb('b').gives(&[power]), "{}", power.label());
        assert!(!limb('c').gives(&[power]), "{}", power.label());
    }
    assert!(limb('c').gives(&[LimbPower::SpotPurchase]) && !limb('b').gives(&[LimbPower::SpotPurchase]));
    let posts: Vec<_> = limb('b').posts_with(LimbPower::ALL).map(|post| post.relevant).collect();
    assert_eq!(posts, [false, true], "the Director, and relevant Assistant Directors");
    let term = read.page.term.unwrap();
    assert_eq!((term.start, term.end, term.option_months), (date(2018, 12, 15), date(2021, 12, 14), Some(36)));
    for field in ["reference", "reasons", "conflicts_of_interest", "dispensations", "source_url", "governing_body"] {
        assert!(read.missing.contains(&field.to_owned()), "{field}");
    }
    assert!(read.sources.contains_key("published_on"));
}

#[tokio::test]
async fn rule_2_1_a_published_decision_takes_effect_on_19_january_and_not_before() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        let term = Term { start: date(2018, 12, 15), end: date(2021, 12, 14), option_months: 36, steps: vec![] };
        let stands = async |day| {
            given.go_to(day);
            let record = given.app.public_decision("HEF-2019-0114").await.unwrap();
            (record.standing.label(), participation(&term, (&[record.decision], None), day).label())
        };
        assert_eq!(stands(date(2019, 1, 18)).await, ("In call-in window", "Cannot award yet"));
        assert_eq!(stands(date(2019, 1, 19)).await, ("Effective", "Can award"));
    })
    .await;
}

#[tokio::test]
async fn rule_2_1_a_called_in_decision_has_no_effect_until_it_is_confirmed() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2019, 1, 16));
        let reference = || "HEF-2019-0114".to_owned();
        let request = CallInRequest { on: date(2019, 1, 16), by: "Three members".into(), grounds: "Cost".into() };
        let call_in = CallIn { reference: reference(), version: 3, request };
        given.app.perform(&given.democratic, "call", call_in).await.unwrap();
        given.go_to(date(2019, 3, 1));
        let close = CloseCallIn {
            reference: reference(),
            version: 4,
            outcome: CallInOutcome::ReferredBack,
            on: date(2019, 2, 1),
        };
        given.app.perform(&given.democratic, "close", close).await.unwrap();
        let record = given.app.public_decision("HEF-2019-0114").await.unwrap();
        assert_eq!(record.standing, Standing::CalledIn);
        let confirm = Confirm { reference: reference(), version: 5, on: date(2019, 3, 1) };
        given.app.perform(&given.democratic, "confirm", confirm).await.unwrap();
        let record = given.app.public_decision("HEF-2019-0114").await.unwrap();
        assert_eq!(record.standing, Standing::InForce { since: date(2019, 3, 1) });
        assert_eq!(record.texts.len(), 4, "published, called in, returned, confirmed");
    })
    .await;
}

#[tokio::test]
async fn a_draft_is_not_public_and_another_authority_cannot_open_it() {
    both(async |database| {
        let given = given(&database).await;
        let other = super::authority(&given.app, "SHR").await.remove(0);
        let record = Record { reference: "HEF-2019-0114".into(), amends: None, page: page() };
        given.app.perform(&given.democratic, "record", record).await.unwrap();
        assert!(matches!(given.app.public_decision("HEF-2019-0114").await, Err(Outcome::NotFound)));
        assert!(matches!(given.app.own_decision(&other, "HEF-2019-0114").await, Err(Outcome::NotFound)));
        let publish = Publish {
            reference: "HEF-2019-0114".into(),
            version: 1,
            decided_on: date(2019, 1, 14),
            published_on: date(2019, 1, 14),
            urgent: false,
            effective_from: None,
            effective_reason: None,
        };
        let answer = given.app.perform(&other, "publish", publish).await;
        assert!(matches!(answer, Err(Outcome::NotFound)));
        assert_eq!(given.app.decision_worklist(&given.democratic).await.unwrap().to_publish.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn who_may_record_a_decision_is_the_permission_tables_answer() {
    both(async |database| {
        let given = given(&database).await;
        for actor in [&given.approver, &given.officer, &given.finance] {
            let record = Record { reference: "HEF-2019-0114".into(), amends: None, page: page() };
            assert!(matches!(given.app.perform(actor, "record", record).await, Err(Outcome::Forbidden(_))));
        }
    })
    .await;
}

#[tokio::test]
async fn a_stale_page_a_foreign_reference_and_a_future_publication_are_told() {
    both(async |database| {
        let given = given(&database).await;
        let record = |reference: &str| Record { reference: reference.into(), amends: None, page: page() };
        let wrong = given.app.perform(&given.democratic, "k1", record("SHR-2019-0114")).await;
        assert!(matches!(wrong, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "reference"));
        given.app.perform(&given.democratic, "k2", record("HEF-2019-0114")).await.unwrap();
        let again = given.app.perform(&given.democratic, "k3", record("HEF-2019-0114")).await;
        assert!(matches!(again, Err(Outcome::Refused(refusal)) if refusal.code == "decision_reference_taken"));
        let publish = |version, published_on| Publish {
            reference: "HEF-2019-0114".into(),
            version,
            decided_on: date(2019, 1, 14),
            published_on,
            urgent: false,
            effective_from: None,
            effective_reason: None,
        };
        let stale = given.app.perform(&given.democratic, "k4", publish(7, date(2019, 1, 14))).await;
        assert!(matches!(stale, Err(Outcome::Conflict)));
        let future = given.app.perform(&given.democratic, "k5", publish(1, date(2019, 1, 15))).await;
        assert!(matches!(future, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "published_on"));
    })
    .await;
}

#[tokio::test]
async fn rule_2_4_the_last_day_to_publish_the_notice_of_an_extension_is_shown() {
    both(async |database| {
        let given = given(&database).await;
        given.adopt().await;
        given.go_to(date(2021, 9, 13));
        let list = given.app.decision_worklist(&given.democratic).await.unwrap();
        let (end, timetable) = list.extension.unwrap();
        assert_eq!((end, timetable.notice_by), (date(2021, 12, 14), Some(date(2021, 11, 9))));
        assert_eq!(list.in_force.len(), 1);
    })
    .await;
}
