//! Rule 3.2 end to end: what cannot be refused above the ceiling is an exception, and only as far as it cannot be refused.
//! Nights ahead are refused there, by whichever road they come.

use jiff::civil::{Date, date};
use placewell_app::Outcome;
use placewell_app::placing::agreement::{AddSupport, ChangePrice, Decided, ReviewPlannedEnd, StartStay};
use placewell_domain::change::Event;
use placewell_domain::id::DecisionId;
use placewell_domain::money::Pence;
use placewell_domain::nights::plus_days;
use placewell_domain::placing::agreement::{PriceCause, UnsignedReason};
use placewell_testkit::databases::TestDatabase;

use super::world::{DIRECTOR, END, HEF, START, World, both_made, director, done, officer};
use super::{WHOLE, code, committed, last};

const AGREEMENT: &str = "HEF-A-0001";

async fn prepared(database: &TestDatabase) -> World {
    let world = World::opened(database).await;
    let referral = world.referral(42, &[4_150], false, HEF).await;
    let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
    world.approve(&director(), &asked, "a", false).await.unwrap();
    world
}

async fn started(database: &TestDatabase) -> World {
    let world = prepared(database).await;
    world.at(START, 9);
    let unsigned = Some(UnsignedReason::Emergency);
    let start = StartStay { reference: AGREEMENT.into(), version: 1, on: START, unsigned };
    world.app.perform(&officer(), "start", start).await.unwrap();
    world
}

fn review(version: i64, planned_end: Date) -> ReviewPlannedEnd {
    ReviewPlannedEnd { reference: AGREEMENT.into(), version, planned_end, decided_by: by_word() }
}

/// What the Director said before the day of the award.
fn by_word() -> Decided {
    Decided::ByWord { by: DIRECTOR, at: date(2021, 9, 13).at(9, 0, 0, 0) }
}

/// Another ceiling for the year.
async fn ceiling(world: &World, ceiling: Pence) {
    let mut work = world.work(HEF).await;
    work.set_ceiling(date(2020, 12, 15), ceiling, DecisionId(1), false).await.unwrap();
    work.record(Event::new("world.ceiling", "annual_value", 1, 1));
    done(work).await;
}

/// The reasons and sums that were excepted.
async fn excepted(world: &World) -> Vec<(String, Pence)> {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let grants = session.over_grants(HEF).await.unwrap();
    grants.iter().map(|grant| (grant.reason.code().to_owned(), grant.pence())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_a_later_planned_end_is_no_way_round_the_ceiling_while_it_lies_ahead() {
    both_made(3, WHOLE, async |database| {
        let world = started(&database).await;
        let later = review(2, plus_days(END, 7));
        assert_eq!(code(world.app.perform(&officer(), "later", later).await), "ceiling_reached");
        assert_eq!((committed(&world).await, excepted(&world).await), (WHOLE, vec![]));
        world.app.perform(&officer(), "earlier", review(2, plus_days(END, -7))).await.unwrap();
        let back = review(3, END);
        world.app.perform(&officer(), "back", back).await.unwrap();
        assert_eq!((committed(&world).await, excepted(&world).await), (WHOLE, vec![]), "what fits is no exception");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_at_the_planned_end_an_overstay_of_28_days_is_an_exception_and_no_more() {
    both_made(3, WHOLE, async |database| {
        let world = started(&database).await;
        world.at(END, 9);
        // 14 December is the term's last day: the overstay's nights from the 15th on stand after the term.
        let within = Pence(948_571);
        world.app.perform(&officer(), "overstay", review(2, plus_days(END, 28))).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE + within, "16 nights of the term");
        assert_eq!(excepted(&world).await, [("overstay".to_owned(), within)]);
        let longer = review(3, plus_days(END, 300));
        assert!(world.app.perform(&officer(), "longer", longer).await.is_ok(), "all of it stands after the term");
        assert_eq!(committed(&world).await, WHOLE + within);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_an_overstay_of_more_than_28_days_is_held_by_the_ceiling() {
    both_made(3, WHOLE, async |database| {
        let world = started(&database).await;
        let short = date(2021, 10, 18);
        world.app.perform(&officer(), "short", review(2, short)).await.unwrap();
        world.at(short, 9);
        ceiling(&world, Pence::pounds(4 * 4_150)).await;
        let long = review(3, plus_days(short, 35));
        assert_eq!(code(world.app.perform(&officer(), "long", long).await), "ceiling_reached");
        world.app.perform(&officer(), "month", review(3, plus_days(short, 28))).await.unwrap();
        assert_eq!(excepted(&world).await, [("overstay".to_owned(), Pence::pounds(4 * 4_150))]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_before_the_start_a_later_end_goes_back_to_approval_also_below_the_ceiling() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = prepared(&database).await;
        let later = review(1, plus_days(END, 1));
        assert_eq!(code(world.app.perform(&officer(), "later", later).await), "later_end_not_approved");
        assert_eq!(committed(&world).await, WHOLE);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_support_that_began_yesterday_excepts_its_past_nights_and_is_held_for_those_ahead() {
    let (six_weeks, two_nights) = (Pence::pounds(6 * 518), Pence::pounds(148));
    both_made(3, WHOLE + six_weeks - two_nights - Pence(1), async |database| {
        let support = || AddSupport {
            reference: AGREEMENT.into(),
            version: 2,
            label: "Evenings, one to one".into(),
            quarter_hours: 4 * 28,
            rate: Pence(1_850),
            staff: 1,
            from: START,
            to: date(2021, 11, 1),
            review_on: date(2021, 10, 18),
            reason: String::new(),
            decided_by: by_word(),
        };
        let world = started(&database).await;
        world.at(plus_days(START, 2), 9);
        assert_eq!(code(world.app.perform(&officer(), "s", support()).await), "ceiling_reached");
        assert_eq!((committed(&world).await, excepted(&world).await), (WHOLE, vec![]), "a refusal leaves nothing");
        ceiling(&world, WHOLE + six_weeks - two_nights).await;
        world.app.perform(&officer(), "s2", support()).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE + six_weeks);
        assert_eq!(excepted(&world).await, [("back_dated".to_owned(), two_nights)]);
    })
    .await;
}

fn price(cause: PriceCause, from: Date, decided: &str) -> ChangePrice {
    ChangePrice {
        reference: AGREEMENT.into(),
        version: 2,
        line: 0,
        from,
        weekly: Pence::pounds(4_220),
        cause,
        decided: decided.into(),
        reason: String::new(),
        decided_by: by_word(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_a_correction_of_the_past_excepts_past_nights_only_and_a_decided_uplift_names_what_decided_it() {
    both_made(3, WHOLE, async |database| {
        let world = started(&database).await;
        let today = plus_days(START, 14);
        world.at(today, 9);
        let back = price(PriceCause::BackDated, START, "");
        assert_eq!(code(world.app.perform(&officer(), "b", back).await), "ceiling_reached", "eight weeks lie ahead");
        let ahead = price(PriceCause::BackDated, today, "");
        assert_eq!(code(world.app.perform(&officer(), "f", ahead).await), "correction_of_the_future");
        let bare = world.app.perform(&officer(), "u", price(PriceCause::UpliftDecided, today, " ")).await;
        assert!(matches!(bare, Err(Outcome::Invalid(invalid)) if invalid.errors[0].field == "decided"));
        assert_eq!((committed(&world).await, excepted(&world).await), (WHOLE, vec![]));
        let decided = price(PriceCause::UpliftDecided, today, "Region's letter of 1 April 2021");
        world.app.perform(&officer(), "d", decided).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE + Pence::pounds(8 * 70));
        assert_eq!(excepted(&world).await, [("uplift_decided".to_owned(), Pence::pounds(8 * 70))]);
        let view = world.app.agreement_view(&officer(), AGREEMENT).await.unwrap();
        assert_eq!(view.exceptions[0].0.words, "Region's letter of 1 April 2021");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_2_a_correction_is_excepted_for_the_weeks_that_have_passed() {
    both_made(3, WHOLE + Pence::pounds(8 * 70), async |database| {
        let world = started(&database).await;
        world.at(plus_days(START, 14), 9);
        world.app.perform(&officer(), "b", price(PriceCause::BackDated, START, "")).await.unwrap();
        assert_eq!(committed(&world).await, WHOLE + Pence::pounds(10 * 70));
        assert_eq!(excepted(&world).await, [("back_dated".to_owned(), Pence::pounds(2 * 70))]);
    })
    .await;
}
