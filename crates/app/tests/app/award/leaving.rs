//! A home that comes off a lot, on both databases: what was asked of it from that day on ends, and no child is placed there
//! through the arrangement.

use jiff::civil::{Date, date};
use placewell_app::homes::admission::LeaveLot;
use placewell_app::{Answer, Receipt};
use placewell_domain::homes::admission::AdmissionEnd;
use placewell_domain::id::ReferralId;
use placewell_domain::money::Pence;
use placewell_domain::placing::offer::{NotChosenReason, OfferState};
use placewell_testkit::databases::both;

use super::outliving::{awarded, lead, with_arrangement};
use super::world::{HEF, World, director};
use super::{HEREFORDSHIRE, code, last};

const TODAY: Date = date(2021, 9, 13);

async fn leaves(world: &World, key: &str, until: Date, why: AdmissionEnd) -> Answer<Receipt> {
    let command = LeaveLot { urn: "SC392492".into(), lot: "planned".into(), until, why };
    world.app.perform(&lead(), key, command).await
}

/// How the one offer and the one invitation of a search stand.
async fn stand(world: &World, reference: &str) -> (OfferState, String) {
    let session = world.app.store.read(Some(HEF)).await.unwrap();
    let referral = session.referral_by_reference(HEF, reference).await.unwrap();
    let offer = session.offers_of(HEF, referral.id).await.unwrap().remove(0);
    let invitation = session.invitations_of(HEF, referral.id).await.unwrap().remove(0);
    (offer.state, invitation.state.name().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_is_withdrawn_from_the_lot_is_asked_no_longer_and_both_sides_are_told() {
    both(async |database| {
        let world = with_arrangement(&database, 6).await;
        let open = world.referral(1, &[4_150], false, HEF).await;
        let waiting = world.referral(2, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&waiting, "r2").await.unwrap().location);
        let agreed = awarded(&world, 3).await;
        for why in [AdmissionEnd::Removed, AdmissionEnd::NotRegistered] {
            let by_hand = leaves(&world, why.code(), TODAY, why).await;
            assert_eq!(code(by_hand), "leaves_by_measure", "what the region does to a home is a measure");
        }
        leaves(&world, "withdrawn", TODAY, AdmissionEnd::Withdrawn).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        for reference in [&open, &waiting] {
            let (offer, invitation) = stand(&world, reference).await;
            let closed = NotChosenReason::HomeSuspended;
            assert!(
                matches!(offer, OfferState::NotChosen { reason, .. } if reason == closed),
                "{reference}: {offer:?}"
            );
            assert_eq!(invitation, "withdrawn", "{reference}");
        }
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.approval(HEF, &asked).await.unwrap().state.name(), "void");
        let kept = session.agreement(HEF, &agreed.reference.to_string()).await.unwrap();
        assert_eq!((kept.state.name(), kept.version), (agreed.state.name(), agreed.version), "what is agreed goes on");
        assert!(session.placement_reviews(HEF).await.unwrap().is_empty(), "no measure, no review");
        let mails = session.mails(HEF, 100).await.unwrap();
        let told = |words: &str| mails.iter().filter(|mail| mail.subject.contains(words)).count();
        assert_eq!((told("off lot planned from 13 September 2021"), told("asked no longer")), (1, 1));
        drop(session);
        assert_eq!(world.app.store.verify().await.unwrap().faults, []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_home_that_leaves_the_lot_later_takes_the_children_who_come_before_that_day() {
    both(async |database| {
        let world = with_arrangement(&database, 6).await;
        let before = world.referral(1, &[4_150], false, HEF).await;
        let after = world.referral_from(2, 4_150, date(2021, 9, 27)).await;
        leaves(&world, "later", date(2021, 9, 25), AdmissionEnd::Withdrawn).await.unwrap();
        world.app.do_due_jobs().await.unwrap();
        let (offer, invitation) = stand(&world, &before).await;
        assert_eq!((offer.name(), invitation.as_str()), ("sent", "offered"));
        let (offer, invitation) = stand(&world, &after).await;
        assert_eq!((offer.name(), invitation.as_str()), ("not_chosen", "withdrawn"));
        let asked = last(&world.recommend(&before, "r").await.unwrap().location);
        world.approve(&director(), &asked, "a", false).await.unwrap();
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert_eq!(session.referral_by_reference(HEF, &before).await.unwrap().state.name(), "agreed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_award_is_made_through_the_arrangement_at_a_home_that_is_not_on_the_lot_on_the_start() {
    both(async |database| {
        let world = with_arrangement(&database, 6).await;
        let first = world.referral(1, &[4_150], false, HEF).await;
        let asked = last(&world.recommend(&first, "r1").await.unwrap().location);
        leaves(&world, "withdrawn", TODAY, AdmissionEnd::Withdrawn).await.unwrap();
        // Before the authority's own job has closed anything.
        assert_eq!(code(world.approve(&director(), &asked, "a", false).await), "not_on_the_lot");
        let second = world.referral(2, &[4_150], false, HEF).await;
        assert_eq!(code(world.recommend(&second, "r2").await), "not_on_the_lot");
        let session = world.app.store.read(Some(HEF)).await.unwrap();
        assert!(session.agreement_of(HEF, ReferralId(1_000)).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn before_an_arrangement_is_recorded_there_are_no_lots_to_be_off() {
    both(async |database| {
        let world = World::new(&database, HEREFORDSHIRE, 3, Pence::pounds(100_000)).await;
        let referral = world.referral(1, &[4_150], false, HEF).await;
        world.recommend(&referral, "r").await.unwrap();
    })
    .await;
}
