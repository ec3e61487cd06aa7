//! Rule 3.6: a home that has lost its standing in the arrangement is bought outside it, from the request to the child's first
//! night; Ofsted's notice and a lost registration stop it to the last, on both databases.

use placewell_domain::homes::home::HomeState;
use placewell_store::homes::standing::LotFact;

use super::exemption::{SAFE, dcs, exempts, judged};
use super::*;

/// How home 1 stands from a day on, by whom and why.
async fn stands(world: &World, from: Date, (source, standing, reason): (StandingSource, Standing, StandingReason)) {
    let mut work = world.work(REGION).await;
    let subject = StandingSubject::Home(HomeId(1));
    let fact = StandingFact { subject, source, standing, from, until: OPEN_END, reason };
    work.record_standing(&fact).await.unwrap();
    done(work).await;
}

/// Home 1 is suspended on one lot, and stands well as a whole.
async fn suspended_on(world: &World, lot: &str) {
    let mut work = world.work(REGION).await;
    let (standing, reason) = (Standing::Suspended, StandingReason::Safeguarding);
    let (from, until) = (date(2021, 9, 1), OPEN_END);
    let fact = LotFact { home: HomeId(1), lot: lot.to_owned(), standing, reason, from, until };
    work.record_lot_standing(&fact).await.unwrap();
    done(work).await;
}

/// A child who needs a home tomorrow, and home 1, which the region has stopped, bought as spot: what was agreed.
async fn awarded(world: &World) -> Agreement {
    let referral = world.referral(1, &[], true, HEF).await;
    request(world, &referral, ON_THE_LOT, "emergency").await.unwrap();
    let spot = world.app.spot_page(&officer(), &referral).await.unwrap().lines[0].row.spot.clone();
    assert_eq!(spot.ground.code(), "suspended");
    let number = offered(world, &referral, 1, (4_900, TOMORROW)).await;
    check(world, &referral, ON_THE_LOT, &minimum()).await;
    let asked = last(&recommend(world, &referral, number, "r").await.unwrap().location);
    world.approve(&director(), &asked, "a", false).await.unwrap();
    let made = agreement(world).await;
    assert_eq!((made.terms.route, made.terms.home), (Route::Spot, HomeId(1)));
    made
}

/// The child comes today, before both have signed.
async fn start(world: &World, of: &Agreement, key: &str) -> Answer<Receipt> {
    let (reference, version, on) = (of.reference.to_string(), of.version, world.app.calendar.now().today());
    let command = StartStay { reference, version, on, unsigned: Some(UnsignedReason::Emergency) };
    world.app.perform(&officer(), key, command).await
}

/// The list says that the child lives there.
async fn is_live(world: &World) {
    let list = world.app.spots(&director(), false, 1, 10).await.unwrap();
    let said = label(&list.lines[0].0);
    assert!(said.starts_with("Live"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_6_a_child_starts_at_a_suspended_home_bought_outside_the_arrangement_unless_ofsted_stops_it() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let suspended = (StandingSource::Region, Standing::Suspended, StandingReason::Responses);
        stands(&world, date(2021, 9, 1), suspended).await;
        let made = awarded(&world).await;
        world.at(TOMORROW, 9);
        let notice = |standing| (StandingSource::Regulator, standing, StandingReason::RestrictionNotice);
        stands(&world, TOMORROW, notice(Standing::Suspended)).await;
        assert_eq!(code(start(&world, &made, "restricted").await), "restriction_notice");
        stands(&world, TOMORROW, notice(Standing::Good)).await;
        start(&world, &made, "lifted").await.unwrap();
        is_live(&world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_7_no_child_starts_at_a_spot_home_judged_inadequate_since_the_award_without_the_directors_exemption() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let suspended = (StandingSource::Region, Standing::Suspended, StandingReason::Responses);
        stands(&world, date(2021, 9, 1), suspended).await;
        let made = awarded(&world).await;
        world.at(TOMORROW, 9);
        judged(&world, 1, TOMORROW).await;
        assert_eq!(code(start(&world, &made, "judged").await), "inadequate_needs_exemption");
        let spot = world.app.spot_page(&dcs(), "HEF-R-0001").await.unwrap().lines[0].row.spot.clone();
        world.app.perform(&dcs(), "exempt", exempts(spot.id, spot.version, SAFE)).await.unwrap();
        start(&world, &made, "exempted").await.unwrap();
        is_live(&world).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_5_no_child_starts_at_a_spot_home_that_has_left_the_register() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        let suspended = (StandingSource::Region, Standing::Suspended, StandingReason::Responses);
        stands(&world, date(2021, 9, 1), suspended).await;
        let made = awarded(&world).await;
        world.at(TOMORROW, 9);
        let mut work = world.work(REGION).await;
        let home = work.home(HomeId(1)).await.unwrap();
        let gone = work.apply(home.leave_register(TODAY).unwrap()).await.unwrap();
        assert!(matches!(gone.state, HomeState::Closed { .. }));
        done(work).await;
        assert_eq!(code(start(&world, &made, "gone").await), "not_registered");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_3_6_a_home_suspended_on_the_childs_lot_alone_is_bought_outside_the_arrangement_and_the_child_starts() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = world(&database).await;
        suspended_on(&world, "crisis").await;
        let other = world.referral(2, &[], true, HEF).await;
        let refused = request(&world, &other, ON_THE_LOT, "emergency").await;
        assert_eq!(code(refused), "home_is_on_the_lot", "what stops another lot leaves this one to the arrangement");
        suspended_on(&world, "planned").await;
        let made = awarded(&world).await;
        world.at(TOMORROW, 9);
        start(&world, &made, "start").await.unwrap();
        is_live(&world).await;
    })
    .await;
}
