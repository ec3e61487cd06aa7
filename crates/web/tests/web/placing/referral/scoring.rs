//! Rule 5.7: how offers are scored is chosen before a referral goes out, read by every home that is asked, and used by the
//! comparison as it was fixed.

use axum::http::StatusCode;
use jiff::civil::date;
use placewell_app::placing::referral::UndoSending;
use placewell_testkit::databases::both;

use super::{given, invitation_of, send_offer};

const OWN: &[(&str, &str)] = &[
    ("homes_fca", "fca:1"),
    ("homes_fca", "fca:2"),
    ("deadline", "three_working_days"),
    ("scoring_needs", "50"),
    ("scoring_residents", ""),
    ("scoring_school", "20"),
    ("scoring_price", "30"),
];

#[tokio::test]
async fn rule_5_7_weights_are_chosen_before_sending_shown_to_homes_and_fixed_from_then_on() {
    both(async |database| {
        let given = given(&database).await;
        let record = format!("/referrals/{}", given.reference);
        let (who, check) = (format!("{record}/recipients"), format!("{record}/check"));
        assert!(given.officer.get(&record).await.body.contains("Offers are scored by"), "the region's, as it was sent");
        let version = given.app.referral_record(&given.people[0], &given.reference).await.unwrap().referral.version;
        let undo = UndoSending { reference: given.reference.clone(), version };
        given.app.perform(&given.people[0], "undo", undo).await.unwrap();
        for (name, weight, said) in [
            ("scoring_needs", "40", "The weights must sum to 100; these sum to 90"),
            ("scoring_needs", "many", "Enter a whole number of percent"),
        ] {
            let wrong: Vec<_> =
                OWN.iter().map(|(of, was)| if *of == name { (*of, weight) } else { (*of, *was) }).collect();
            let page = given.officer.submit(&who, &who, &wrong).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.h1());
            assert!(page.body.contains(said), "{said}");
        }
        let saved = given.officer.submit(&who, &who, OWN).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.h1());
        let shown = given.officer.get(&check).await;
        assert!(shown.body.contains("Must-haves that the home meets: 50%"), "{}", shown.h1());
        let sent = given.officer.submit(&check, &check, &[("accept_few", "yes")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.h1());
        for home in [&given.elm, &given.ash] {
            let page = home.get(&format!("/provider/referrals/{}", given.reference)).await;
            assert!(page.body.contains("How offers are scored"), "{}", page.h1());
            assert!(page.body.contains("Price of a week, against the lowest: 30%"));
            assert!(!page.body.contains("Ofsted’s grade:"), "what has no weight is not named");
        }
        let more = given.officer.get(&who).await;
        assert!(
            more.body.contains("as it was fixed when the referral was sent") && !more.body.contains("scoring_needs")
        );
        given.officer.submit(&who, &who, &[("homes_fca", "fca:1"), ("scoring_needs", "100")]).await;
        let held = given.app.referral_record(&given.people[0], &given.reference).await.unwrap().referral;
        assert_eq!(
            held.state.out().unwrap().scoring.as_ref().unwrap().lines().len(),
            3,
            "a form sent late changes nothing"
        );
    })
    .await;
}

#[tokio::test]
async fn rule_5_7_the_comparison_shows_points_by_the_fixed_scoring_and_none_that_opens_a_sealed_price() {
    both(async |database| {
        let given = given(&database).await;
        let elm = invitation_of(&given, 1).await;
        assert_eq!(send_offer(&given.elm, elm, "4,321").await.status, StatusCode::SEE_OTHER);
        let compare = format!("/referrals/{}/offers/compare", given.reference);
        let sealed = given.officer.get(&compare).await;
        assert!(sealed.body.contains("Points, by the scoring fixed before homes were asked"), "{}", sealed.h1());
        assert!(sealed.body.contains("All points, of 100") && !sealed.body.contains("15.00"));
        given.app.calendar.move_to(date(2021, 9, 16).at(17, 0, 0, 0));
        let open = given.officer.get(&compare).await;
        assert!(open.body.contains("15.00"), "the lowest price has all points of its weight");
    })
    .await;
}
