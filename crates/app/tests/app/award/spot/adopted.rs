//! Words about an adopted child go to further homes, on the arrangement or outside it, from whoever opened its record, on
//! both databases.

use placewell_app::Outcome;
use placewell_app::placing::child::retention::MarkRecord;
use placewell_app::placing::child::sealing::OpenRecord;
use placewell_app::placing::referral::AskMore;
use placewell_domain::placing::child::retention::RecordKind;
use placewell_domain::placing::referral::{Ask, Tier};

use super::*;

/// The search for a child whose record was sealed after it was sent; the home on the lot has declined.
async fn sealed(world: &World, number: u32, emergency: bool) -> String {
    let referral = world.referral(number, &[], emergency, HEF).await;
    declined(world, &referral, DeclineReason::NoStaffedBed).await;
    let mark = MarkRecord { number, kind: RecordKind::Adoption, died: None };
    world.app.perform(&officer(), &format!("adopted {number}"), mark).await.unwrap();
    referral
}

async fn open(world: &World, number: u32) {
    let open = OpenRecord { number, words: "A home is needed".to_owned() };
    world.app.perform(&officer(), &format!("open {number}"), open).await.unwrap();
}

async fn ask_more(world: &World, referral: &str, key: &str) -> Answer<Receipt> {
    let more = AskMore {
        reference: referral.to_owned(),
        version: read(world, referral).await.version,
        homes: vec![Ask { home: HomeId(2), tier: Tier::Spot }],
        skipped: vec![],
        decided_by: None,
    };
    world.app.perform(&officer(), key, more).await
}

/// How many homes were asked.
async fn asked(world: &World, referral: &str) -> usize {
    let id = read(world, referral).await.id;
    world.app.store.read(Some(HEF)).await.unwrap().homes_asked(HEF, id).await.unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn words_about_an_adopted_child_go_to_no_further_home_from_whoever_has_not_opened_its_record() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let referral = sealed(&world, 42, false).await;
        assert_eq!(code(ask_more(&world, &referral, "sealed").await), "record_sealed");
        assert_eq!(asked(&world, &referral).await, 1, "the home that was asked before");
        open(&world, 42).await;
        ask_more(&world, &referral, "opened").await.unwrap();
        assert_eq!(asked(&world, &referral).await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_about_an_adopted_child_go_outside_the_arrangement_in_an_emergency_once_the_record_was_opened() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let referral = sealed(&world, 43, true).await;
        let refused = request(&world, &referral, OUTSIDE, "emergency").await;
        let Err(Outcome::Refused(refusal)) = &refused else { panic!("{refused:?}") };
        assert_eq!((refusal.code.as_str(), refusal.value.as_str()), ("record_sealed", "Child 43: /children/43"));
        assert!(refusal.who_can_change.contains("emergency"), "no way out is said: {refusal:?}");
        assert_eq!(asked(&world, &referral).await, 1);
        open(&world, 43).await;
        let command = asks(&referral, read(&world, &referral).await.version, OUTSIDE, "emergency");
        world.app.perform(&officer(), "opened", command).await.unwrap();
        assert_eq!(asked(&world, &referral).await, 2);
    })
    .await;
}
