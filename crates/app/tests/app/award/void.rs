//! Rule 1.7 where the offer itself goes, and where the officer takes the recommendation back: nothing stands open, and
//! nothing stands in the way of the next recommendation.

use jiff::civil::date;
use placewell_app::placing::approval::{Recommend, TakeBack};
use placewell_app::placing::invitation::Answering;
use placewell_app::placing::offer::WithdrawOffer;
use placewell_app::placing::referral::WithdrawReferral;
use placewell_domain::money::Pence;
use placewell_domain::office::access::Role;
use placewell_domain::placing::approval::Approval;
use placewell_domain::placing::offer::OfferState;
use placewell_domain::placing::referral::WithdrawReason;
use placewell_testkit::databases::both;

use super::world::{HEF, MANAGER, PROVIDER, World, actor, both_made, director, officer, recommendation};
use super::{BIRMINGHAM, HEREFORDSHIRE, code, committed, last};

async fn approvals(world: &World, asked: &str) -> Vec<Approval> {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let one = session.approval(HEF, asked).await.unwrap();
    session.approvals_of(HEF, one.recommendation).await.unwrap()
}

async fn labels(world: &World, asked: &str) -> Vec<&'static str> {
    approvals(world, asked).await.iter().map(|approval| approval.state.label()).collect()
}

async fn withdraw(world: &World, referral: &str) {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let id = session.referral_by_reference(HEF, referral).await.unwrap().id;
    let offer = session.offers_of(HEF, id).await.unwrap().remove(0);
    drop(session);
    let to = Answering { invitation: offer.invitation.0, link: None };
    let command = WithdrawOffer { to, version: offer.version };
    world.app.perform(&actor(MANAGER, PROVIDER, Role::ProviderManager), "w", command).await.unwrap();
}

/// Recommends the second offer instead.
async fn the_other(world: &World, referral: &str, key: &str) -> Result<String, placewell_app::Outcome> {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let version = session.referral_by_reference(HEF, referral).await.unwrap().version;
    drop(session);
    let command = Recommend { number: 2, ..recommendation(referral, version) };
    world.app.perform(&officer(), key, command).await.map(|receipt| last(&receipt.location))
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_an_offer_that_is_withdrawn_voids_its_approvals_and_another_is_recommended() {
    both(async |database| {
        let world = World::new(&database, BIRMINGHAM, 3, Pence::pounds(100_000)).await;
        world.home(2, HEREFORDSHIRE, 2).await;
        let referral = world.referral(42, &[4_150, 3_900], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let power = approvals(&world, &asked).await[1].reference.to_string();
        world.approve(&director(), &power, "p", false).await.unwrap();
        let old = world.approval_command(&asked, false).await;
        withdraw(&world, &referral).await;
        let statutory = actor(super::world::STATUTORY, HEF, Role::Approver);
        assert_eq!(code(world.app.perform(&statutory, "late", old).await), "offer_gone", "also before the job has run");
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(labels(&world, &asked).await, ["Void (offer withdrawn)"; 2], "the open one and the given one");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let mails = session.mails(HEF, 90).await.unwrap();
        assert!(mails.iter().any(|mail| mail.subject.ends_with("void, because the offer was withdrawn")));
        drop(session);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
        let next = the_other(&world, &referral, "n").await.unwrap();
        world.approve(&director(), &next, "a", false).await.unwrap();
        assert_eq!(committed(&world).await, Pence::pounds(39_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_the_next_recommendation_does_not_wait_for_the_job_that_voids_the_last() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        world.home(2, HEREFORDSHIRE, 2).await;
        let referral = world.referral(42, &[4_150, 3_900], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        withdraw(&world, &referral).await;
        the_other(&world, &referral, "n").await.unwrap();
        assert_eq!(labels(&world, &asked).await, ["Void (offer withdrawn)"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_an_offer_whose_validity_ran_out_voids_its_approvals() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.at(date(2021, 10, 1), 9);
        world.app.do_due_jobs().await.unwrap();
        assert_eq!(labels(&world, &asked).await, ["Void (offer expired)"]);
        let withdraw =
            |version| WithdrawReferral { reference: referral.clone(), version, reason: WithdrawReason::ALL[0] };
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let version = session.referral_by_reference(HEF, &referral).await.unwrap().version;
        drop(session);
        world.app.perform(&officer(), "w", withdraw(version)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_the_officer_takes_the_recommendation_back_and_recommends_again() {
    both(async |database| {
        let world = World::new(&database, BIRMINGHAM, 3, Pence::pounds(100_000)).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        let power = approvals(&world, &asked).await[1].reference.to_string();
        world.approve(&director(), &power, "p", false).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        let found = session.referral_by_reference(HEF, &referral).await.unwrap();
        drop(session);
        let end =
            WithdrawReferral { reference: referral.clone(), version: found.version, reason: WithdrawReason::ALL[0] };
        assert_eq!(code(world.app.perform(&officer(), "end", end.clone()).await), "waiting_for_approval");
        let back = TakeBack { reference: asked.clone(), version: 1 };
        let answer = world.app.perform(&director(), "d", back.clone()).await;
        assert!(matches!(answer, Err(placewell_app::Outcome::Forbidden(_))), "the officer's act: {answer:?}");
        assert!(world.app.approval_view(&officer(), &asked).await.unwrap().can_take_back);
        world.app.perform(&officer(), "b", back).await.unwrap();
        assert_eq!(labels(&world, &asked).await, ["Taken back"; 2]);
        assert!(!world.app.approval_view(&officer(), &asked).await.unwrap().can_take_back);
        let again = TakeBack { reference: asked.clone(), version: 2 };
        assert_eq!(code(world.app.perform(&officer(), "c", again).await), "approval_state");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.offers_of(HEF, found.id).await.unwrap()[0].state, OfferState::Shortlisted);
        drop(session);
        world.recommend(&referral, "again").await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_1_7_what_is_awarded_is_not_taken_back() {
    both_made(3, Pence::pounds(100_000), async |database| {
        let world = World::opened(&database).await;
        let referral = world.referral(42, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&referral, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let back = TakeBack { reference: asked.clone(), version: 2 };
        assert_eq!(code(world.app.perform(&officer(), "b", back).await), "already_awarded");
        assert_eq!(committed(&world).await, Pence::pounds(41_500));
    })
    .await;
}
