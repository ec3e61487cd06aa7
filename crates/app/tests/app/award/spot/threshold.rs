//! Rule 4.5 for spot purchases: whole-life value and cumulative spend are watched against the threshold, on both databases.

use jiff::civil::date;
use placewell_app::placing::agreement::{Decided, RecordGround, ReviewPlannedEnd};
use placewell_domain::placing::agreement::LegalGround;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn rule_4_5_a_spot_purchase_that_reaches_the_threshold_by_itself_or_with_others_asks_for_its_ground() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let (referral, number) = offered_outside(&world, 1, "none_available", (4_900, START)).await;
        check(&world, &referral, OUTSIDE, &by_hand()).await;
        let asked = last(&recommend(&world, &referral, number, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let (second, _) = offered_outside(&world, 2, "none_available", (4_900, START)).await;
        let watch = async |of: &str| world.app.spot_page(&officer(), of).await.unwrap().lines[0].watch.unwrap();
        assert!(!watch(&referral).await.reached() && !watch(&second).await.reached(), "a year of each is below it");
        world.at(START, 9);
        let reference = || "HEF-A-0001".to_owned();
        let unsigned = Some(UnsignedReason::SignerAway);
        let start = StartStay { reference: reference(), version: 1, on: START, unsigned };
        world.app.perform(&officer(), "s", start).await.unwrap();
        let ground = |version| RecordGround {
            reference: reference(),
            version,
            ground: LegalGround::NoCompetition,
            notice_on: None,
            notice: String::new(),
        };
        assert_eq!(code(world.app.perform(&officer(), "low", ground(2)).await), "below_threshold");
        let decided_by = Decided::SignedIn;
        let longer =
            ReviewPlannedEnd { reference: reference(), version: 2, planned_end: date(2024, 11, 25), decided_by };
        world.app.perform(&director(), "longer", longer).await.unwrap();
        let one = watch(&referral).await;
        assert_eq!((one.whole_life, one.threshold), (Pence::pounds(166 * 4_900), Pence::pounds(663_540)), "166 weeks");
        assert!(one.alone());
        let next = watch(&second).await;
        assert!(next.reached() && !next.alone(), "with the provider's other placement: {next:?}");
        let view = world.app.agreement_view(&officer(), &reference()).await.unwrap();
        assert_eq!(view.agreement.terms.route, Route::Spot);
        assert!(view.agreement.ground_due(&view.watch.unwrap()), "its ground is asked for");
        world.app.perform(&officer(), "ground", ground(3)).await.unwrap();
        let view = world.app.agreement_view(&officer(), &reference()).await.unwrap();
        assert!(!view.agreement.ground_due(&view.watch.unwrap()));
    })
    .await;
}
